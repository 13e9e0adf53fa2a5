import type {
  Breakdown,
  BreakdownField,
  Filter,
  FilterClause,
  PaperKey,
  ValueCount,
  YearCount,
} from '../domain/mod.ts';
import type { QueryEmbedding } from '../encoder/contract.ts';
import type { Store, Traits } from '../store/mod.ts';
import type { BreakdownRequest, Retrieval } from './contract.ts';
import { noTimes } from './contract.ts';
import { once } from './embedding-cache.ts';
import { withAuthors } from './order.ts';
import type { FirstLook } from './rank.ts';
import type { Meant } from './understanding.ts';

/** Values of each field; a sidebar shows some ten. */
const VALUES = 20;

export interface BreakdownParts {
  readonly store: Store;
  readonly firstLook: FirstLook;
  readonly understand: (request: BreakdownRequest) => Promise<Meant>;
  readonly embedQuery: (text: string) => Promise<QueryEmbedding>;
}

/** How names are told apart: as filters do, which know neither case nor accents nor which part of a name comes first. */
function spellingOf(name: string): string {
  const [last = '', first] = name.split(',', 2);
  const inOrder = first === undefined ? name : `${first} ${last}`;
  return inOrder
    .normalize('NFD')
    .replace(/\p{M}/gu, '')
    .toLowerCase()
    .split(/[^\p{L}\p{N}]+/u)
    .filter((word) => word !== '')
    .join(' ');
}

/** Papers by value, the most first; then those asked for by name, however few they have. */
function countValues(papers: Iterable<readonly string[]>, asked: readonly string[], keyOf: (value: string) => string) {
  const counts = new Map<string, { value: string; papers: number }>();
  for (const values of papers) {
    for (const [key, value] of new Map(values.map((each) => [keyOf(each), each]))) {
      const count = counts.get(key);
      if (count) count.papers += 1;
      else counts.set(key, { value, papers: 1 });
    }
  }
  const sorted = [...counts.values()].sort((a, b) => b.papers - a.papers || (a.value < b.value ? -1 : 1));
  const shown = sorted.slice(0, VALUES);
  const isShown = new Set(shown.map(({ value }) => keyOf(value)));
  const named = asked.filter((value) => !isShown.has(keyOf(value)));
  return [...shown, ...named.map((value): ValueCount => counts.get(keyOf(value)) ?? { value, papers: 0 })];
}

function countYears(traits: readonly Traits[]): YearCount[] {
  const counts = new Map<number, number>();
  for (const { year } of traits) if (year !== null) counts.set(year, (counts.get(year) ?? 0) + 1);
  return [...counts].sort(([a], [b]) => a - b).map(([year, papers]) => ({ year, papers }));
}

const askedBy = ({ clauses }: Filter, field: BreakdownField): string[] =>
  clauses.flatMap((clause) => (clause.kind === field && 'values' in clause ? clause.values : []));

/**
 * Counts a search's candidates, which are what it chooses its hits from: the best 1,000 by words and the best 200 by meaning.
 * With words ORed nearly every paper matches a long query somehow, and counts over all of those would be the library's.
 */
export function createBreakdown({ store, firstLook, understand, embedQuery }: BreakdownParts): Retrieval['breakdown'] {
  async function found(request: BreakdownRequest): Promise<Traits[]> {
    const { form, text, filter, lastWord, exact, named } = await understand(request);
    const { mode, signal } = request;
    const embed = once(() => embedQuery(text));
    const asked = { form, text, filter, lastWord, mode, signal, embed, k: 1, exclude: new Set<PaperKey>() };
    const { fused } = await firstLook(asked, noTimes());
    const candidates = named ? withAuthors(fused, named.candidates) : fused;
    const keys = new Set([...exact.keys(), ...candidates.map(({ key }) => key)]);
    return store.traits(keys).filter((traits) => traits !== undefined);
  }

  return async function breakdown(request) {
    const started = performance.now();
    const { query, mode, filter } = request;
    const all = await found(request);
    const isOn = (field: BreakdownField) => (clause: FilterClause) => clause.kind === field;
    /** Papers that pass but for the conditions on this field; the same ones where there is none. */
    const without = async (field: BreakdownField): Promise<Traits[]> => {
      const others = filter.clauses.filter((clause) => !isOn(field)(clause));
      return others.length === filter.clauses.length ? all : found({ ...request, filter: { clauses: others } });
    };
    const values = async (field: BreakdownField, of: (traits: Traits) => readonly string[], keyOf = lowerCase) =>
      countValues((await without(field)).map(of), askedBy(filter, field), keyOf);
    return {
      ...{ query, mode, counted: all.length, years: countYears(await without('year')) },
      categories: await values('category', ({ categories }) => categories),
      venues: await values('venue', ({ venue }) => (venue === null ? [] : [venue])),
      sources: await values('source', ({ sources }) => sources),
      authors: await values('author', ({ authors }) => authors, spellingOf),
      tookMs: performance.now() - started,
    } satisfies Breakdown;
  };
}

const lowerCase = (value: string): string => value.toLowerCase();
