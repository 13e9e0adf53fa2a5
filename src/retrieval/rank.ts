import type { Degradation, Filter, PaperKey, QueryForm, SearchMode, Stage } from '../domain/mod.ts';
import type { QueryEmbedding } from '../encoder/contract.ts';
import type { Candidates, Engine } from '../engine/contract.ts';
import { AppError } from '../errors.ts';
import type { Store } from '../store/mod.ts';
import type { StageTimes } from './contract.ts';
import { type Fused, fuse } from './fuse.ts';
import { type Pool, refine, weightsFor } from './stages.ts';

// Scores are scaled over a side's candidates, so how many there are is part of the method. More dense ones (1,000 and equal
// weights, by the sum alone: cacm nDCG@10 .578 instead of .570, cranfield .475 of .481, questions MRR .687 of .683) take four
// times the graph search (0.6 ms, 2.5 ms).
const LEXICAL_CANDIDATES = 1000;
const DENSE_CANDIDATES = 200;
// What the sides count for in finding the best candidates; then these are looked at (see stages.ts).
const FIRST_LOOK = { lexical: 0.55, dense: 0.45 };
// A whole paper says more than a query does, which serves both sides alike. The stages were measured for queries only.
const PAPER = { lexical: 0.5, dense: 0.5 };

export interface Ranked {
  readonly fused: readonly Fused[];
  /** What they were ranked by: words alone where the dense side of a hybrid search failed. */
  readonly by: SearchMode;
  readonly total: number | null;
  readonly degraded: readonly Degradation[];
}

export interface RankRequest {
  readonly text: string;
  readonly embed: () => Promise<QueryEmbedding>;
  readonly mode: SearchMode;
  /** What the text is: candidates for a query are looked at more closely. */
  readonly form: QueryForm | 'paper';
  readonly lastWord: 'whole' | 'prefix';
  readonly filter: Filter;
  readonly k: number;
  /** Papers that take no part: the ones that kin are asked of would else be the measure of all others. */
  readonly exclude: ReadonlySet<PaperKey>;
  /** Stages to leave out, to see what each is worth. */
  readonly without: readonly Stage[];
  readonly signal?: AbortSignal | undefined;
}

interface FoundDense {
  readonly candidates: Candidates;
  readonly query: QueryEmbedding;
}

/** What each side counts for where both, or only one of them, took part. */
function sharesOf(
  weights: typeof FIRST_LOOK,
  { lexical, dense }: { readonly lexical: unknown; readonly dense: unknown },
): readonly [number, number] {
  if (!lexical) return [0, 1];
  return dense ? [weights.lexical, weights.dense] : [1, 0];
}

export type Rank = (request: RankRequest, times: StageTimes) => Promise<Ranked>;

/** Both sides' candidates in the order of their sum. */
interface Looked {
  readonly fused: readonly Fused[];
  readonly lexical: Candidates | undefined;
  readonly dense: FoundDense | undefined;
  /** Why there is no dense side although the mode asks for it. */
  readonly failure: AppError | undefined;
}

export type FirstLook = (request: Omit<RankRequest, 'without'>, times: StageTimes) => Promise<Looked>;

function leavingOut({ keys, scores, total }: Candidates, exclude: ReadonlySet<PaperKey>): Candidates {
  if (exclude.size === 0) return { keys, scores, total };
  const kept = [...keys.keys()].filter((i) => !exclude.has(keys[i] ?? -1));
  return {
    keys: Int32Array.from(kept, (i) => keys[i] ?? 0),
    scores: Float32Array.from(kept, (i) => scores[i] ?? 0),
    total: total - (keys.length - kept.length),
  };
}

/** Asks both sides at once: the encoder works in another thread while this one goes through the postings. */
export function createFirstLook(engine: Engine): FirstLook {
  return async function firstLook(request, times) {
    const { mode, form } = request;
    const started = performance.now();
    const embedding = mode === 'lexical' ? undefined : request.embed();
    embedding?.catch(() => undefined);
    const lexical = mode === 'dense' ? undefined : await searchLexical(request, times);
    const side = embedding && (await searchDense(embedding, request, times, started));
    if (side?.failure && !lexical) throw side.failure;
    const fuseStarted = performance.now();
    const dense = side?.found;
    const [toWords, toMeaning] = sharesOf(form === 'paper' ? PAPER : FIRST_LOOK, { lexical, dense });
    const fused = fuse({
      ...(lexical ? { lexical: { candidates: lexical, weight: toWords, depth: LEXICAL_CANDIDATES } } : {}),
      ...(dense ? { dense: { candidates: dense.candidates, weight: toMeaning, depth: DENSE_CANDIDATES } } : {}),
    });
    times.fuse = performance.now() - fuseStarted;
    return { fused, lexical, dense, failure: side?.failure };
  };

  async function searchLexical(request: Omit<RankRequest, 'without'>, times: StageTimes): Promise<Candidates> {
    const started = performance.now();
    const { text, lastWord, filter, k, exclude } = request;
    const found = await engine.lexical({ query: text, lastWord, filter, k: Math.max(k, LEXICAL_CANDIDATES) });
    times.lexical = performance.now() - started;
    return leavingOut(found, exclude);
  }

  async function searchDense(
    pending: Promise<QueryEmbedding>,
    { filter, k, exclude, signal }: Omit<RankRequest, 'without'>,
    times: StageTimes,
    started: number,
  ): Promise<{ readonly found?: FoundDense; readonly failure?: AppError }> {
    try {
      const query = await pending;
      // Where a search waits, and the server hears whether anybody still waits for it.
      signal?.throwIfAborted();
      times.encode = performance.now() - started;
      const searchStarted = performance.now();
      const found = await engine.dense({ embedding: query.embedding, filter, k: Math.max(k, DENSE_CANDIDATES) });
      const candidates = leavingOut(found, exclude);
      times.dense = performance.now() - searchStarted;
      return { found: { candidates, query } };
    } catch (error) {
      // What is no AppError is a bug, and is not to be lived with.
      if (!(error instanceof AppError)) throw error;
      return { failure: error };
    }
  }
}

/** Ranks papers by words and by meaning at once, then looks more closely at the best of them: `closer` does. */
export function createRank(engine: Engine, store: Store, closer: typeof refine = refine): Rank {
  const firstLook = createFirstLook(engine);
  const pool: Pool = {
    match: (query, keys) => engine.match(query, keys),
    cosines: (embedding, keys) => engine.cosines(embedding, keys),
    vectors: (keys) => engine.vectors(keys),
    tokenVectors: (keys) => store.tokenVectors(keys, engine.fingerprint),
  };

  return async function rank(request, times) {
    const { mode, form, text, without } = request;
    const { fused, lexical, dense, failure } = await firstLook(request, times);
    const refineStarted = performance.now();
    // By words alone BM25 does better by itself: with coverage and nearness cranfield's nDCG@10 falls from .428 to .421.
    const refined =
      form === 'paper' || !dense
        ? fused
        : await closer(
            {
              ...{ text, query: dense.query, fused, mode: lexical ? 'hybrid' : 'dense' },
              ...{ weights: await weightsFor(form, text, engine), without },
            },
            pool,
          );
    times.refine = performance.now() - refineStarted;
    return {
      fused: refined,
      by: lexical ? (dense ? 'hybrid' : 'lexical') : 'dense',
      total: mode === 'lexical' ? (lexical?.total ?? null) : (dense?.candidates.total ?? null),
      degraded: degradations(mode, failure?.message),
    };
  };

  function degradations(mode: SearchMode, reason: string | undefined): Degradation[] {
    if (reason !== undefined) return [{ part: 'dense', reason }];
    const { documents, embeddings } = engine.counts();
    if (mode === 'lexical' || embeddings >= documents) return [];
    const waiting = `${documents - embeddings} of ${documents} papers are not embedded yet and are found by their words only`;
    return [{ part: 'embeddings', reason: waiting }];
  }
}
