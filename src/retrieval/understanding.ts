import type { ExactMatch, Filter, PaperKey, Understood } from '../domain/mod.ts';
import type { Engine } from '../engine/contract.ts';
import type { Store } from '../store/mod.ts';
import { createAuthors, type ReadAuthors } from './authors.ts';
import type { SearchRequest } from './contract.ts';
import { createCorrections, type Corrected } from './corrections.ts';
import { findExact, readStored, understoodAs } from './exact.ts';
import type { ReadQuery } from './query.ts';

/** A query with this collection in view. */
export interface Meant {
  readonly form: ReadQuery['form'];
  /** What is searched for by words and meaning. */
  readonly text: string;
  /** The request's conditions and the query's own. */
  readonly filter: Filter;
  readonly lastWord: SearchRequest['lastWord'];
  /** Papers whose id or title the query is, of those that pass the filter. */
  readonly exact: ReadonlyMap<PaperKey, ExactMatch>;
  /** Authors that the query names, and their papers. */
  readonly named: ReadAuthors | undefined;
  readonly understood: Understood;
}

export interface UnderstandingParts {
  readonly engine: Engine;
  readonly store: Store;
  readonly vocabulary?: () => Promise<ReadonlySet<string>>;
}

/** Tells what a query means in this collection. Throws USAGE where it leaves nothing to search for. */
export function createUnderstanding({
  engine,
  store,
  vocabulary,
}: UnderstandingParts): (request: Pick<SearchRequest, 'query' | 'filter' | 'lastWord' | 'signs'>) => Promise<Meant> {
  const authors = createAuthors({ engine });
  const corrections = createCorrections({ engine, ...(vocabulary ? { vocabulary } : {}) });

  async function exactHits(typed: string, read: ReadQuery, filter: Filter): Promise<Meant['exact']> {
    const found = findExact(typed, read, store);
    const passing = new Set(await engine.passing(filter, [...found.keys()]));
    return new Map([...found].filter(([key]) => passing.has(key)));
  }

  /**
   * An id says nothing of what its paper is about: papers like the one it names are found by the title. Of other queries
   * the authors they name are taken out, and words that no paper has are corrected; a title is as it should be.
   */
  async function searchedText(
    { exactId, text, phrases }: ReadQuery,
    exact: Meant['exact'],
    { filter, lastWord }: Pick<SearchRequest, 'filter' | 'lastWord'>,
  ): Promise<{ readonly text: string; readonly named?: ReadAuthors; readonly corrected?: Corrected }> {
    const byId = exactId === undefined ? undefined : [...exact].find(([, by]) => by === 'id')?.[0];
    if (byId !== undefined) return { text: store.paper(byId)?.title || text };
    if (exactId !== undefined || exact.size > 0) return { text };
    const named = await authors.read(text, filter);
    const known = [...phrases, ...(named?.authors.map(({ name }) => name) ?? [])];
    const keep = new Set(known.flatMap((words) => words.toLowerCase().split(/[^\p{L}\p{M}]+/u)));
    const corrected = await corrections.correct(named?.rest || text, { keep, lastWord });
    return { text: corrected.text, ...(named ? { named } : {}), corrected };
  }

  return async function understand(request) {
    const read = readStored(request.query, store, request.signs);
    const filter = { clauses: [...request.filter.clauses, ...read.filter.clauses] };
    const lastWord = read.isFinished ? 'whole' : request.lastWord;
    const exact = await exactHits(request.query, read, filter);
    const { text, named, corrected } = await searchedText(read, exact, { filter, lastWord });
    const understood: Understood = {
      ...understoodAs({ ...read, text }),
      corrections: corrected?.corrections ?? [],
      authors: named?.authors.map(({ name }) => name) ?? [],
    };
    return { form: read.form, text, filter, lastWord, exact, named, understood };
  };
}
