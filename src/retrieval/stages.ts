import type { Addition, Explanation, PaperKey, QueryForm, Stage } from '../domain/mod.ts';
import type { Engine } from '../engine/contract.ts';
import type { Fused } from './fuse.ts';

/** What each part counts for in a score; they are scaled so that those that take part sum to 1. */
export type Weights = { readonly [part in 'lexical' | 'dense' | Stage]: number };

/*
 * Near what evolution (CMA-ES) found best for the mean of nDCG@10 and MAP over all visible sets, each counting alike, by what
 * their queries are read as; rounded by hand. Found twice, on one half of the queries and on the other, what was found gained
 * on the half it had not seen 0 to .002 (question), .007 to .009 (keywords) and .002 to .010 (statement). The weights as they
 * stand here were chosen with all queries in view, reranking the candidates of both sides outside of the program.
 */
const QUESTION: Weights = {
  ...{ lexical: 0.55, dense: 0.45 },
  ...{ rest: 0.2, coverage: 0.35, nearness: 0.1, feedback: 0.25, neighbours: 0.25 },
};
// A list of keywords is no wording to be near to, and names one paper rather than a topic.
const KEYWORDS: Weights = {
  ...{ lexical: 0.5, dense: 0.5 },
  ...{ rest: 0.2, coverage: 0.4, nearness: 0.05, feedback: 0, neighbours: 0.1 },
};
const STATEMENT: Weights = {
  ...{ lexical: 0.55, dense: 0.45 },
  ...{ rest: 0.15, coverage: 0.4, nearness: 0.3, feedback: 0.2, neighbours: 0.3 },
};

/** What the parts of a score count for, by what the query is. */
export const WEIGHTS: { readonly [form in QueryForm]: Weights } = {
  question: QUESTION,
  keywords: KEYWORDS,
  statement: STATEMENT,
  title: STATEMENT,
  abstract: STATEMENT,
  id: STATEMENT,
};

/** Which of the two sides took part. */
interface Sides {
  readonly lexical: boolean;
  readonly dense: boolean;
}

/**
 * The weights of the parts that take part, scaled to sum to 1; all others are 0. What neighbours weigh is meant relative to
 * all other parts together.
 */
export function sharesOf(weights: Weights, { lexical, dense }: Sides, without: readonly Stage[]): Weights {
  const both = lexical && dense;
  // By words alone BM25 does better by itself: with coverage and nearness cranfield's nDCG@10 falls from .428 to .421.
  const has = { lexical, dense, rest: dense, coverage: both, nearness: both, feedback: dense, neighbours: dense };
  const share = (part: keyof Weights): number =>
    has[part] && !without.some((stage) => stage === part) ? weights[part] : 0;
  const [l, d, rest, coverage] = [share('lexical'), share('dense'), share('rest'), share('coverage')];
  const [nearness, feedback, neighbours] = [share('nearness'), share('feedback'), share('neighbours')];
  const sum = (l + d + rest + coverage + nearness + feedback) * (1 + neighbours) || 1;
  return {
    lexical: l / sum,
    dense: d / sum,
    rest: rest / sum,
    coverage: coverage / sum,
    nearness: nearness / sum,
    feedback: feedback / sum,
    neighbours: neighbours / (1 + neighbours),
  };
}

/** So many of the best are looked at more closely; all others keep the sum of their two sides and come after most of them. */
const POOL = 150;
/** The query is moved towards the mean of so many of the best, by so much (Rocchio's positive feedback, on embeddings). */
const FEEDBACK_PAPERS = 5;
const FEEDBACK_SHARE = 1;
/** A paper shares what its nearest so many among the best so many score: what is relevant lies close together. */
const NEIGHBOURS = 10;
const NEIGHBOURHOOD = 50;

/** What the stages ask of an engine. */
export type Pool = Pick<Engine, 'vectors' | 'match' | 'cosines'>;

export interface Pooled {
  /** What the query is in words. */
  readonly text: string;
  /** `[dimensions]`, unit length; absent in a search by words alone. */
  readonly embedding: Float32Array | undefined;
  /** By falling score. */
  readonly fused: readonly Fused[];
  /** Cosines of the best and the last of the dense candidates: between them the scores of that side are scaled. */
  readonly cosines: { readonly best: number; readonly last: number } | undefined;
  /** Of all parts, those that are left out weighing nothing. */
  readonly weights: Weights;
}

interface Entry {
  readonly key: PaperKey;
  score: number;
  readonly explanation: Explanation;
  readonly added: { [stage in Stage]?: Addition };
}

function dot(a: Float32Array, b: Float32Array): number {
  let sum = 0;
  for (let i = 0; i < a.length; i += 1) sum += (a[i] ?? 0) * (b[i] ?? 0);
  return sum;
}

const within = (value: number): number => Math.max(0, Math.min(1, value));

/** Adds a stage to the score and to what explains it, in one. */
function add(entry: Entry, stage: Stage, value: number, weight: number): void {
  entry.score += weight * value;
  entry.added[stage] = { value, weight };
}

/** What lies past the cut of the paper's text, on the scale of the dense side; the whole's where nothing does. */
async function addRest(pool: readonly Entry[], { embedding, cosines, weights }: Pooled, engine: Pool): Promise<void> {
  if (!embedding || !cosines || weights.rest === 0) return;
  const keys = pool.map(({ key }) => key);
  const { whole, rest } = await engine.cosines(embedding, keys);
  const span = cosines.best - cosines.last;
  pool.forEach((entry, i) => {
    const cosine = Number.isNaN(rest[i] ?? NaN) ? (whole[i] ?? NaN) : (rest[i] ?? NaN);
    if (!Number.isNaN(cosine) && span > 0) add(entry, 'rest', within((cosine - cosines.last) / span), weights.rest);
  });
}

async function addMatches(pool: readonly Entry[], { text, weights }: Pooled, engine: Pool): Promise<void> {
  if (weights.coverage + weights.nearness === 0) return;
  const { coverage, nearness } = await engine.match(
    text,
    pool.map(({ key }) => key),
  );
  pool.forEach((entry, i) => {
    if (weights.coverage > 0) add(entry, 'coverage', coverage[i] ?? 0, weights.coverage);
    if (weights.nearness > 0) add(entry, 'nearness', nearness[i] ?? 0, weights.nearness);
  });
}

const byScore = (a: Entry, b: Entry): number => b.score - a.score || a.key - b.key;

function addFeedback(pool: readonly Entry[], vectors: ReadonlyMap<PaperKey, Float32Array>, request: Pooled): void {
  const { embedding, weights } = request;
  if (!embedding || weights.feedback === 0) return;
  const best = pool
    .toSorted(byScore)
    .slice(0, FEEDBACK_PAPERS)
    .flatMap(({ key, score }) => {
      const vector = vectors.get(key);
      return vector ? [{ vector, score }] : [];
    });
  const total = best.reduce((sum, { score }) => sum + score, 0);
  if (total <= 0) return;
  const moved = Float32Array.from(embedding);
  for (const { vector, score } of best) {
    const share = (FEEDBACK_SHARE * score) / total;
    for (let i = 0; i < moved.length; i += 1) moved[i] = (moved[i] ?? 0) + share * (vector[i] ?? 0);
  }
  const near = pool.flatMap((entry) => {
    const vector = vectors.get(entry.key);
    return vector ? [{ entry, cosine: dot(moved, vector) }] : [];
  });
  const cosines = near.map(({ cosine }) => cosine);
  const [last, top] = [Math.min(...cosines), Math.max(...cosines)];
  for (const { entry, cosine } of near) {
    add(entry, 'feedback', top > last ? (cosine - last) / (top - last) : 1, weights.feedback);
  }
}

/** The mean score of a paper's nearest, as a share of the best that the parts before could give. */
function addNeighbours(pool: readonly Entry[], vectors: ReadonlyMap<PaperKey, Float32Array>, request: Pooled): void {
  const { weights } = request;
  if (weights.neighbours === 0) return;
  const near = pool
    .toSorted(byScore)
    .slice(0, NEIGHBOURHOOD)
    .flatMap((entry) => {
      const vector = vectors.get(entry.key);
      return vector ? [{ entry, vector, score: entry.score }] : [];
    });
  const count = Math.min(NEIGHBOURS, near.length - 1);
  if (count < 1) return;
  const parts = 1 - weights.neighbours;
  const cosines = near.map(({ vector }, i) => near.map((other, j) => (i < j ? dot(vector, other.vector) : 0)));
  near.forEach(({ entry }, i) => {
    const nearest = near
      .map(({ score }, j) => ({ score, cosine: (i < j ? cosines[i]?.[j] : cosines[j]?.[i]) ?? 0, self: i === j }))
      .filter(({ self }) => !self)
      .toSorted((a, b) => b.cosine - a.cosine)
      .slice(0, count);
    const mean = nearest.reduce((sum, { score }) => sum + score, 0) / count;
    add(entry, 'neighbours', within(mean / parts), weights.neighbours);
  });
}

/**
 * Looks more closely at the best of a fused ranking and ranks it anew: how much of the query each paper holds, what lies past
 * the cut of its text, whether it is like the best ones, and whether those like it are good. What is added to a score is
 * what its explanation says.
 */
export async function refine(request: Pooled, engine: Pool): Promise<Fused[]> {
  const { fused, weights } = request;
  const pool = fused
    .slice(0, POOL)
    .map(({ key, score, explanation }): Entry => ({ key, score, explanation, added: {} }));
  await addRest(pool, request, engine);
  await addMatches(pool, request, engine);
  if (request.embedding && weights.feedback + weights.neighbours > 0) {
    const keys = pool.map(({ key }) => key);
    const found = await engine.vectors(keys);
    const vectors = new Map(
      keys.flatMap((key, i): [PaperKey, Float32Array][] => {
        const vector = found[i];
        return vector ? [[key, vector]] : [];
      }),
    );
    addFeedback(pool, vectors, request);
    addNeighbours(pool, vectors, request);
  }
  const refined = pool.map(({ key, score, explanation, added }): Fused => ({
    key,
    score,
    explanation: { ...explanation, ...added },
  }));
  return [...refined, ...fused.slice(POOL)].sort((a, b) => b.score - a.score || a.key - b.key);
}
