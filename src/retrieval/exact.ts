import { type ExactMatch, formatFilter, type PaperKey, type Understood } from '../domain/mod.ts';
import { AppError } from '../errors.ts';
import type { Store } from '../store/mod.ts';
import type { SearchRequest } from './contract.ts';
import type { Fused } from './fuse.ts';
import { HAS_WORD, MAX_ID_LENGTH, plainQuery, type ReadQuery, readQuery } from './query.ts';

/** A title but for case, blanks and the kind of its quotation marks. */
function asTitle(text: string): string {
  return text
    .toLowerCase()
    .replace(/[“”„«»]/gu, '"')
    .replace(/\s+/gu, ' ')
    .trim();
}

/**
 * Reads a query with what is stored in view: signs in the very title of a paper are the title's. `signs`: as in a search. Throws
 * USAGE where nothing is left to search for.
 */
export function readStored(typed: string, store: Store, signs?: SearchRequest['signs']): ReadQuery {
  let read = signs === 'text' ? plainQuery(typed) : readQuery(typed);
  if (read.filter.clauses.length > 0) {
    const titles = store.findByTitle(typed).map((key) => store.paper(key)?.title ?? '');
    if (titles.some((title) => asTitle(title) === asTitle(typed))) read = plainQuery(typed);
  }
  if (read.filter.clauses.length > 0 && !HAS_WORD.test(read.text)) {
    const message =
      'the query only says which papers may be found; add words to look for, for example: graph networks -survey';
    throw new AppError('USAGE', { message });
  }
  if (read.text === '') throw new AppError('USAGE', { message: 'the query is empty' });
  // To the model even `???` means something, to which some papers are nearest.
  if (!HAS_WORD.test(read.text)) {
    const message = 'the query has no word, only signs; say in words what to look for, for example: graph networks';
    throw new AppError('USAGE', { message });
  }
  return read;
}

/** The papers whose id or title the query is, at most a few. An id that is stored just as it was typed is meant before all. */
export function findExact(typed: string, read: ReadQuery, store: Store): ReadonlyMap<PaperKey, ExactMatch> {
  const spellings = [typed.trim(), read.exactId ?? read.text].filter((text) => text.length <= MAX_ID_LENGTH);
  const named = spellings.map((text) => store.findKey(text)).find((key) => key !== undefined);
  const found = new Map<PaperKey, ExactMatch>(named === undefined ? [] : [[named, 'id']]);
  for (const key of store.findByTitle(read.text)) if (!found.has(key)) found.set(key, 'title');
  return found;
}

/** Puts the exact matches before all others, with a score that none of those exceeds. */
export function lead(fused: readonly Fused[], exact: ReadonlyMap<PaperKey, ExactMatch>): readonly Fused[] {
  if (exact.size === 0) return fused;
  const score = fused.reduce((best, entry) => Math.max(best, entry.score), 1);
  const ranked = new Map(fused.map((entry, rank) => [entry.key, { entry, rank }]));
  const first = [...exact].map(([key, by]) => {
    const { entry, rank } = ranked.get(key) ?? { entry: undefined, rank: Infinity };
    const sides = entry?.explanation ?? { lexical: null, dense: null };
    return { key, score, explanation: { ...sides, exact: by }, by, rank };
  });
  first.sort((a, b) => Number(a.by === 'title') - Number(b.by === 'title') || a.rank - b.rank || a.key - b.key);
  const leading = first.map(({ key, explanation }): Fused => ({ key, score, explanation, relevance: 1 }));
  return [...leading, ...fused.filter(({ key }) => !exact.has(key))];
}

export function understoodAs({ form, text, filter }: ReadQuery): Understood {
  const conditions = formatFilter(filter);
  return { form, text, filter: conditions === '' ? null : conditions, corrections: [], authors: [] };
}
