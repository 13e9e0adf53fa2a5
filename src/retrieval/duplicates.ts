import { setImmediate as otherWork } from 'node:timers/promises';
import { distance } from 'fastest-levenshtein';
import { type PaperJson, type PaperKey, titleKey } from '../domain/mod.ts';
import type { Engine } from '../engine/contract.ts';
import type { Store } from '../store/mod.ts';
import { dot } from '../domain/dot.ts';
import { SAME_TEXT_COSINE } from './near-duplicates.ts';
import { nearPairs } from './near-pairs.ts';

/** Two papers that may be one. */
export interface SuspectedPair {
  readonly a: PaperJson;
  readonly b: PaperJson;
  readonly keys: readonly [a: PaperKey, b: PaperKey];
  /** Of their embeddings; `null` where one has none. */
  readonly cosine: number | null;
  /** 0 to 1: the share of their titles' characters that is the same. */
  readonly title: number;
}

export interface DuplicatesRequest {
  /** Pairs wanted. */
  readonly k: number;
  /** Only pairs of these papers, some 100,000 at most; absent for any. */
  readonly among?: ReadonlySet<PaperKey>;
  readonly signal?: AbortSignal;
  readonly onProgress?: (done: number, total: number) => void;
}

const NEIGHBOURS = 5;
// Looked through by hand in papers20k, whose 20,000 papers have some 40 twins: each of the 30 pairs at SAME_TEXT_COSINE or more was one paper.
// From .9 on, pairs with titles alike by .7 were one paper in a third of the 13 cases, parts I and II and the like in the
// others, which is worth a question; with titles less alike, and below .9 with any but the same title, none of 170 was.
const LIKE_TEXT_COSINE = 0.9;
const LIKE_TITLE = 0.7;
const PROGRESS_EVERY = 256;
/** Searches in a row, some 10 ms of them: a server answers others in between. */
const SEARCHES_AT_ONCE = 16;

function titleSimilarity(a: string, b: string): number {
  const [one, other] = [titleKey(a), titleKey(b)];
  const longest = Math.max(one.length, other.length);
  return longest === 0 ? 0 : 1 - distance(one, other) / longest;
}

const suspicious = (score: number, title: number): boolean =>
  score >= SAME_TEXT_COSINE || (score >= LIKE_TEXT_COSINE && title >= LIKE_TITLE);

const certainty = (pair: SuspectedPair): number => (pair.cosine ?? pair.title) + pair.title;

async function cosineOf(engine: Engine, a: PaperKey, b: PaperKey): Promise<number | null> {
  const [one, other] = await engine.vectors([a, b]);
  return one && other ? dot(one, other) : null;
}

/** Pairs of keys, each once whichever comes first. */
class Pairs {
  readonly #cosines = new Map<string, { readonly a: PaperKey; readonly b: PaperKey; readonly cosine: number | null }>();

  add(one: PaperKey, other: PaperKey, cosine: number | null): void {
    const [a, b] = one < other ? [one, other] : [other, one];
    const name = `${a} ${b}`;
    if (cosine !== null || !this.#cosines.has(name)) this.#cosines.set(name, { a, b, cosine });
  }

  values() {
    return this.#cosines.values();
  }
}

interface Library {
  readonly engine: Engine;
  readonly store: Store;
}

/** Near pairs of the whole collection: one search among the embeddings for each paper. */
async function addNeighbours(
  { engine, store }: Library,
  pairs: Pairs,
  { signal, onProgress }: Omit<DuplicatesRequest, 'k' | 'among'>,
): Promise<void> {
  const titles = new Map(store.titles());
  let done = 0;
  for (const [key, title] of titles) {
    if (signal?.aborted) break;
    const [embedding] = await engine.vectors([key]);
    if (embedding) {
      const { keys, scores } = await engine.dense({ embedding, filter: { clauses: [] }, k: NEIGHBOURS + 1 });
      keys.forEach((neighbour, at) => {
        const score = scores[at] ?? 0;
        if (neighbour === key || score < LIKE_TEXT_COSINE) return;
        const same = titleSimilarity(title, titles.get(neighbour) ?? '');
        if (suspicious(score, same)) pairs.add(key, neighbour, score);
      });
    }
    done += 1;
    if (done % PROGRESS_EVERY === 0) onProgress?.(done, titles.size);
    if (done % SEARCHES_AT_ONCE === 0) await otherWork();
  }
}

/** Near pairs of some papers: a search for each would find its neighbours among all others, most of them not wanted. */
async function addNearAmong(
  { engine, store }: Library,
  pairs: Pairs,
  among: readonly PaperKey[],
  signal?: AbortSignal,
): Promise<void> {
  const keys: PaperKey[] = [];
  const embeddings: Float32Array[] = [];
  for (const [at, embedding] of (await engine.vectors(among)).entries()) {
    const key = among[at];
    if (!embedding || key === undefined) continue;
    keys.push(key);
    embeddings.push(embedding);
  }
  for (const { a, b, cosine } of await nearPairs(embeddings, LIKE_TEXT_COSINE, signal)) {
    const [one, other] = store.papers([keys[a] ?? 0, keys[b] ?? 0]);
    if (one && other && suspicious(cosine, titleSimilarity(one.title, other.title))) {
      pairs.add(keys[a] ?? 0, keys[b] ?? 0, cosine);
    }
  }
}

/**
 * Papers that may be one and were neither merged nor settled by the user, the likeliest first: those with the same title
 * (by other authors, or years apart, else they would be one already), and those whose embeddings are next to each other
 * and whose titles are alike. Stops early, with what it has, when the signal aborts.
 */
export async function suspectedPairs(
  library: Library,
  { k, among, ...asked }: DuplicatesRequest,
): Promise<SuspectedPair[]> {
  const { engine, store } = library;
  const pairs = new Pairs();
  const wanted = among && [...among];
  for (const [a, b] of store.sameTitles(wanted)) pairs.add(a, b, null);
  if (wanted) await addNearAmong(library, pairs, wanted, asked.signal);
  else await addNeighbours(library, pairs, asked);
  const found: SuspectedPair[] = [];
  for (const { a, b, cosine: known } of pairs.values()) {
    if (store.decisionBetween(a, b) !== undefined) continue;
    const [one, other] = store.papers([a, b]);
    if (!one || !other) continue;
    const title = titleSimilarity(one.title, other.title);
    found.push({ a: one, b: other, keys: [a, b], cosine: known ?? (await cosineOf(engine, a, b)), title });
  }
  return found.sort((one, other) => certainty(other) - certainty(one)).slice(0, k);
}
