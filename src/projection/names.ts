import { setImmediate as breathe } from 'node:timers/promises';
import type { MapRegion, PaperKey } from '../domain/mod.ts';
import { tellingTerms } from '../domain/terms.ts';
import type { Engine } from '../engine/contract.ts';
import type { Store } from '../store/mod.ts';
import type { Layout } from './layout.ts';
import type { Region } from './regions.ts';

/** So many papers speak for a region: 15 ms of reading, in which a query waits (0.37 ms a paper, two busy cores). */
const SPEAKERS = 40;
/** Terms of a region; a map has room for two or three. */
const TERMS = 4;
/** Found before those are left out that the regions around say already. */
const FOUND_TERMS = 12;

interface NamingParts {
  readonly store: Pick<Store, 'papers'>;
  readonly engine: Pick<Engine, 'papersWith' | 'counts'>;
}

const wordsOf = (term: string): string[] => term.toLowerCase().split(' ');

/**
 * Names the regions of a layout by their telling terms, between queries. What a region says its parts say no more: they are
 * told from each other by the rest. Stops with the signal's reason.
 */
export async function nameRegions(
  { store, engine }: NamingParts,
  layout: Pick<Layout, 'list' | 'finest' | 'keys'>,
  { report, signal }: { readonly report: (share: number) => void; readonly signal: AbortSignal },
): Promise<MapRegion[]> {
  const members = membersOf(layout);
  const named: MapRegion[] = [];
  for (const [id, region] of layout.list.entries()) {
    signal.throwIfAborted();
    const keys = evenly(members[id] ?? [], SPEAKERS);
    const papers = store.papers(keys).flatMap((paper) => (paper ? [paper] : []));
    const papersWith = (words: readonly string[]): Promise<readonly number[]> => engine.papersWith(words);
    const found = await tellingTerms({ papers, papersWith, documents: engine.counts().documents, k: FOUND_TERMS });
    const above = new Set(ancestors(region, named).flatMap(({ terms }) => terms.flatMap(wordsOf)));
    const own = found.map(({ term }) => term).filter((term) => !wordsOf(term).every((word) => above.has(word)));
    named.push({ id, ...region, terms: (own.length > 0 ? own : found.map(({ term }) => term)).slice(0, TERMS) });
    report((id + 1) / layout.list.length);
    await breathe();
  }
  return named;
}

/** A region's ancestors, the nearest first; they come before it in the list. */
function ancestors({ parent }: Region, named: readonly MapRegion[]): MapRegion[] {
  const above = parent === null ? undefined : named[parent];
  return above ? [above, ...ancestors(above, named)] : [];
}

/** The papers of each region. */
function membersOf({ list, finest, keys }: Pick<Layout, 'list' | 'finest' | 'keys'>): PaperKey[][] {
  const members = list.map((): PaperKey[] => []);
  finest.forEach((region, row) => {
    const key = keys[row];
    for (let at: number | null | undefined = region; typeof at === 'number'; at = list[at]?.parent) {
      if (key !== undefined) members[at]?.push(key);
    }
  });
  return members;
}

/** At most `count`, spread over all. */
function evenly<T>(all: readonly T[], count: number): T[] {
  if (all.length <= count) return [...all];
  return Array.from({ length: count }, (_, i) => all[Math.floor((i * all.length) / count)]).flatMap((one) =>
    one === undefined ? [] : [one],
  );
}
