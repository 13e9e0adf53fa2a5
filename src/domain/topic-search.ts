import { type Filter, type FilterClause, formatFilter } from './filter.ts';
import type { TopicText } from './person.ts';

/** A search as a topic, and what of its filter a topic cannot say. */
export interface FollowedSearch {
  readonly topic: Omit<TopicText, 'name'>;
  /** As filters are written; `''` where nothing is lost. */
  readonly lost: string;
}

/** What a search with this text and filter looks for, as a topic that brings its new papers. */
export function topicOfSearch(text: string, { clauses }: Filter): FollowedSearch {
  const require: string[] = [];
  const exclude: string[] = [];
  const authors: string[] = [];
  const categories: string[] = [];
  const lost: FilterClause[] = [];
  for (const clause of clauses) {
    if (clause.kind === 'category') categories.push(...clause.values);
    else if (clause.kind === 'author') authors.push(...clause.values);
    else if (clause.kind === 'text' || clause.kind === 'title') require.push(clause.value);
    else if (clause.kind === 'not' && clause.clause.kind === 'text') exclude.push(clause.clause.value);
    else lost.push(clause);
  }
  return { topic: { text, require, exclude, authors, categories }, lost: formatFilter({ clauses: lost }) };
}

/** The search that finds what a topic is about among all papers. */
export function searchOfTopic({ text, require, exclude, authors, categories }: Omit<TopicText, 'name'>): {
  readonly query: string;
  readonly filter: string;
} {
  const clauses: FilterClause[] = [
    ...(categories.length > 0 ? [{ kind: 'category', values: categories } as const] : []),
    ...(authors.length > 0 ? [{ kind: 'author', values: authors } as const] : []),
    ...require.map((value) => ({ kind: 'text', value }) as const),
    ...exclude.map((value) => ({ kind: 'not', clause: { kind: 'text', value } }) as const),
  ];
  const query = text !== '' ? text : [...require, ...authors].join(' ');
  return { query, filter: formatFilter({ clauses }) };
}
