import type { Degradation, Filter, PaperKey, QueryForm, SearchMode, Stage } from '../domain/mod.ts';
import type { Candidates, Engine } from '../engine/contract.ts';
import { AppError } from '../errors.ts';
import type { StageTimes } from './contract.ts';
import { type Fused, fuse } from './fuse.ts';
import { refine, sharesOf, type Weights, WEIGHTS } from './stages.ts';

// Scores are scaled over a side's candidates, so how many there are is part of the method. More dense ones (1,000 and equal
// weights: cacm nDCG@10 .578 instead of .570, cranfield .475 of .481, questions MRR .687 of .683) take four times the graph
// search (0.6 ms, 2.5 ms).
const LEXICAL_CANDIDATES = 1000;
const DENSE_CANDIDATES = 200;

export interface Ranked {
  readonly fused: readonly Fused[];
  readonly total: number | null;
  readonly degraded: readonly Degradation[];
}

export interface RankRequest {
  readonly text: string;
  readonly embed: () => Promise<Float32Array>;
  readonly mode: SearchMode;
  /** What the text is; its parts then weigh what is best for such. Or the weights themselves. */
  readonly weights: QueryForm | Weights;
  readonly lastWord: 'whole' | 'prefix';
  readonly filter: Filter;
  readonly k: number;
  /** Papers that take no part: the ones that kin are asked of would else be the measure of all others. */
  readonly exclude: ReadonlySet<PaperKey>;
  /** Stages to leave out, to see what each is worth. */
  readonly without: readonly Stage[];
}

interface FoundDense {
  readonly candidates: Candidates;
  readonly embedding: Float32Array;
  readonly cosines: { readonly best: number; readonly last: number };
}

export type Rank = (request: RankRequest, times: StageTimes) => Promise<Ranked>;

function leavingOut({ keys, scores, total }: Candidates, exclude: ReadonlySet<PaperKey>): Candidates {
  if (exclude.size === 0) return { keys, scores, total };
  const kept = [...keys.keys()].filter((i) => !exclude.has(keys[i] ?? -1));
  return {
    keys: Int32Array.from(kept, (i) => keys[i] ?? 0),
    scores: Float32Array.from(kept, (i) => scores[i] ?? 0),
    total: total - (keys.length - kept.length),
  };
}

/** Ranks papers by words and by meaning at once, then looks more closely at the best of them. */
export function createRank(engine: Engine): Rank {
  /** Both sides at once: the encoder works in another thread while this one goes through the postings. */
  return async function rank(request, times) {
    const { mode } = request;
    const started = performance.now();
    const embedding = mode === 'lexical' ? undefined : request.embed();
    embedding?.catch(() => undefined);
    const lexical = mode === 'dense' ? undefined : await searchLexical(request, times);
    const dense = embedding && (await searchDense(embedding, request, times, started));
    if (dense?.failure && !lexical) throw dense.failure;
    const fuseStarted = performance.now();
    const found = dense?.found;
    const raw = typeof request.weights === 'string' ? WEIGHTS[request.weights] : request.weights;
    const weights = sharesOf(raw, { lexical: lexical !== undefined, dense: found !== undefined }, request.without);
    const fused = fuse({
      ...(lexical ? { lexical: { candidates: lexical, weight: weights.lexical, depth: LEXICAL_CANDIDATES } } : {}),
      ...(found ? { dense: { candidates: found.candidates, weight: weights.dense, depth: DENSE_CANDIDATES } } : {}),
    });
    times.fuse = performance.now() - fuseStarted;
    const refineStarted = performance.now();
    const { text } = request;
    const refined = await refine(
      { text, fused, weights, embedding: found?.embedding, cosines: found?.cosines },
      engine,
    );
    times.refine = performance.now() - refineStarted;
    return {
      fused: refined,
      total: mode === 'lexical' ? (lexical?.total ?? null) : (found?.candidates.total ?? null),
      degraded: degradations(mode, dense?.failure?.message),
    };
  };

  function degradations(mode: SearchMode, reason: string | undefined): Degradation[] {
    if (reason !== undefined) return [{ part: 'dense', reason }];
    const { documents, embeddings } = engine.counts();
    if (mode === 'lexical' || embeddings >= documents) return [];
    const waiting = `${documents - embeddings} of ${documents} papers are not embedded yet and are found by their words only`;
    return [{ part: 'dense', reason: waiting }];
  }

  async function searchLexical(request: RankRequest, times: StageTimes): Promise<Candidates> {
    const started = performance.now();
    const { text, lastWord, filter, k, exclude } = request;
    const found = await engine.lexical({ query: text, lastWord, filter, k: Math.max(k, LEXICAL_CANDIDATES) });
    times.lexical = performance.now() - started;
    return leavingOut(found, exclude);
  }

  async function searchDense(
    pending: Promise<Float32Array>,
    { filter, k, exclude }: RankRequest,
    times: StageTimes,
    started: number,
  ): Promise<{ readonly found?: FoundDense; readonly failure?: AppError }> {
    try {
      const embedding = await pending;
      times.encode = performance.now() - started;
      const searchStarted = performance.now();
      const found = await engine.dense({ embedding, filter, k: Math.max(k, DENSE_CANDIDATES) });
      const candidates = leavingOut(found, exclude);
      times.dense = performance.now() - searchStarted;
      const { scores } = candidates;
      const last = scores[Math.min(DENSE_CANDIDATES, scores.length) - 1] ?? 0;
      return { found: { candidates, embedding, cosines: { best: scores[0] ?? 0, last } } };
    } catch (error) {
      // What is no AppError is a bug, and is not to be lived with.
      if (!(error instanceof AppError)) throw error;
      return { failure: error };
    }
  }
}
