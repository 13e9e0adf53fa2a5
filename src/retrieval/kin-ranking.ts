import type { Degradation, Evidence, Filter, Hit, PaperJson, PaperKey, RerankScore } from '../domain/mod.ts';
import type { Engine } from '../engine/contract.ts';
import type { Store } from '../store/mod.ts';
import { AppError } from '../errors.ts';
import type { StageTimes } from './contract.ts';
import { once } from './embedding-cache.ts';
import type { Fused } from './fuse.ts';
import type { Rank } from './rank.ts';

/** A ranked paper as it was fetched. */
export interface Fetched {
  readonly fused: Fused;
  readonly paper: PaperJson;
  readonly rerank?: RerankScore;
}

export interface KinParts {
  readonly engine: Engine;
  readonly store: Store;
  readonly rank: Rank;
  /** The embedding of a text that stands for a paper; throws SEARCH_UNAVAILABLE where there is no encoder. */
  readonly encodePaper: (text: string) => Promise<Float32Array>;
  /** The same for a few sentences. */
  readonly encodeQuery: (text: string) => Promise<Float32Array>;
  readonly fetchPage: (fused: readonly Fused[], k: number, times: StageTimes) => Fetched[];
  readonly evidenceFor: (
    query: string,
    embed: (() => Promise<Float32Array>) | undefined,
    page: readonly { readonly key: PaperKey; readonly paper: PaperJson }[],
    times: StageTimes,
  ) => Promise<(Evidence | null)[]>;
  readonly hitOf: (entry: Fetched, i: number, evidence: Evidence | null, explain: boolean) => Hit;
}

/** What kin are asked of, looked up. */
export interface Given {
  readonly positive: readonly PaperKey[];
  readonly negative: readonly PaperKey[];
  readonly text: string | undefined;
  /** Papers that are no answer. */
  readonly exclude: ReadonlySet<PaperKey>;
}

/** Kin, best first, before near-duplicates are folded. */
export interface RankedKin {
  readonly ranking: readonly (Fetched & { readonly evidence?: Evidence })[];
  /** What was searched for, in words. */
  readonly query: string;
  /** The same as an embedding; rejects with an AppError where there is none. */
  readonly embed: () => Promise<Float32Array>;
  readonly total: number | null;
  readonly degraded: readonly Degradation[];
}

// What is not wanted steers away less than what is wanted steers to, as Rocchio's formula is commonly set.
export const NEGATIVE_WEIGHT = 0.5;
// The lexical side keeps the weightiest 128 terms of a query: the texts of more papers would only be read to be dropped.
const LEXICAL_SEEDS = 20;
function addScaled(into: Float32Array, vectors: readonly Float32Array[], weight: number): void {
  for (const vector of vectors) {
    for (let i = 0; i < into.length; i += 1) into[i] = (into[i] ?? 0) + ((vector[i] ?? 0) * weight) / vectors.length;
  }
}

/** Rocchio: the mean of what is wanted less half the mean of what is not (Rocchio 1971). At least one must be wanted. */
export function rocchio(wanted: readonly Float32Array[], unwanted: readonly Float32Array[]): Float32Array {
  const sum = new Float32Array(wanted[0]?.length ?? 0);
  addScaled(sum, wanted, 1);
  addScaled(sum, unwanted, -NEGATIVE_WEIGHT);
  const norm = Math.hypot(...sum);
  return norm > 0 ? sum.map((x) => x / norm) : sum;
}

/** Asks for the kin of what was given. `wanted`: how many, near-duplicates not yet folded. */
export interface KinRequest {
  readonly given: Given;
  readonly filter: Filter;
  readonly wanted: number;
}

/** Ranks by everything that papers say. Throws SEARCH_UNAVAILABLE where there is nothing to compare by. */
export function createWholeRanking({
  engine,
  store,
  rank,
  encodePaper,
  fetchPage,
}: KinParts): (request: KinRequest, times: StageTimes) => Promise<RankedKin> {
  async function embeddingOf({ positive, negative, text }: Given): Promise<Float32Array> {
    const present = (vectors: (Float32Array | undefined)[]): Float32Array[] => vectors.filter((v) => v !== undefined);
    const wanted = present(await engine.vectors(positive));
    if (text !== undefined) wanted.push(await encodePaper(text));
    if (wanted.length === 0)
      throw new AppError('SEARCH_UNAVAILABLE', { reasons: 'the given papers are not embedded yet' });
    return rocchio(wanted, present(await engine.vectors(negative)));
  }

  return async function rankAsWhole({ given, filter, wanted }, times) {
    const { exclude, text } = given;
    const words = store
      .papers(given.positive.slice(0, LEXICAL_SEEDS))
      .flatMap((paper) => (paper ? [`${paper.title}. ${paper.abstract}`] : []));
    const query = [...words, text ?? ''].join(' ').trim();
    const embed = once(() => embeddingOf(given));
    const { fused, total, degraded } = await rank(
      {
        ...{
          text: query,
          embed: async () => ({ embedding: await embed(), tokens: undefined }),
          mode: 'hybrid',
          form: 'paper',
          lastWord: 'whole',
        },
        ...{ filter, k: wanted + exclude.size, exclude, without: [] },
      },
      times,
    );
    return { ranking: fetchPage(fused, wanted, times), query, embed, total, degraded };
  };
}
