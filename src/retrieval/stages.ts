import { type Addition, type PaperKey, type QueryForm, type SideScore, type Stage, STAGES } from '../domain/mod.ts';
import type { QueryEmbedding } from '../encoder/contract.ts';
import type { Engine } from '../engine/contract.ts';
import { alignment } from './alignment.ts';
import { dot } from '../domain/dot.ts';
import type { Fused } from './fuse.ts';
import { wordsOf } from './query-form.ts';

/** A part of a score: one of the two sides, or a stage. */
export type Part = 'lexical' | 'dense' | Stage;

/** What a standard deviation of each part counts for, among the candidates that are looked at. */
export type Weights = { readonly [part in Part]: number };

/*
 * As `npm run tune` finds them: the weights under which the relevant papers of all visible sets are likeliest to pass the others
 * (pairwise logistic regression), each set counting alike; docs/relevance.md has what they give on topics, and on whole sets,
 * that they were not fitted to.
 */
const REQUEST: Weights = {
  ...{ lexical: 0.47, dense: 1.18, rest: 0.38, coverage: 0.41, nearness: 0.13 },
  ...{ alignment: 0.76, feedback: 0.68, neighbours: 0.44 },
};
// A list of keywords names one paper rather than a topic: what has all of them counts, and not what is like the best hits.
const KEYWORDS: Weights = {
  ...{ lexical: 0.36, dense: 0.91, rest: 0.68, coverage: 1.04, nearness: 0.13 },
  ...{ alignment: 0.3, feedback: 0, neighbours: 0.06 },
};
// A list with a word that hardly any paper has asks for these papers: for a name, a number, a code that means nothing to a model.
const RARE: Weights = {
  ...{ lexical: 1.08, dense: 0.43, rest: 0.31, coverage: 0.93, nearness: 0.09 },
  ...{ alignment: 0.1, feedback: 0, neighbours: 0.15 },
};

export const WEIGHTS = { request: REQUEST, keywords: KEYWORDS, rare: RARE } as const;

/**
 * What so many papers have at most is rare. Of 200 queries for the one paper with a word, alone or beside a common one, MRR is .93
 * on topics held out, and .75 by weights fitted without them; the lists of papers20k have .603 so and .588 when both share
 * their weights. With 2 instead of 5 papers both are the same within .001.
 */
const RARE_PAPERS = 5;

/** The weights for a query; `engine` tells how many papers have each of its words. */
export async function weightsFor(form: QueryForm, text: string, engine: Pick<Engine, 'papersWith'>): Promise<Weights> {
  if (form !== 'keywords') return REQUEST;
  const papers = await engine.papersWith(wordsOf(text));
  return papers.some((count) => count > 0 && count <= RARE_PAPERS) ? RARE : KEYWORDS;
}

/** So many of the best are looked at more closely; others come after most of them. */
export const POOL = 150;
/** So many of these are compared with each other, and word by word with the query (1 ms). */
const CLOSE = 32;
/** What is like so many of the best is lifted (Rocchio's positive feedback, on embeddings). */
const FEEDBACK_PAPERS = 5;
/** A paper shares what its nearest so many score: what is relevant lies close together. */
const NEIGHBOURS = 10;

/** What the stages ask of papers. */
export interface Pool extends Pick<Engine, 'vectors' | 'match' | 'cosines'> {
  /** Vectors of the words of each paper, as the encoder packs them; `undefined` where it has none. */
  tokenVectors(keys: readonly PaperKey[]): readonly (Int8Array | undefined)[];
}

export interface RefineRequest {
  /** What the query is in words. */
  readonly text: string;
  readonly query: QueryEmbedding;
  /** The candidates of the sides by falling score. */
  readonly fused: readonly Fused[];
  readonly mode: 'hybrid' | 'dense';
  readonly weights: Weights;
  /** Stages to leave out, to see what each is worth. */
  readonly without: readonly Stage[];
}

/** A part's values among papers: 0 for the least, 1 for the most. */
interface Scaled {
  readonly raw: ArrayLike<number>;
  readonly values: Float64Array;
  readonly least: number;
  readonly range: number;
  /** The range in standard deviations: how far the part tells the papers apart. */
  readonly spread: number;
}

/**
 * How far below the mean a value may lie, in standard deviations. A paper that has the one rare word of the query may be the
 * farthest of all by its meaning, and what makes it so far says no more than that it is not near.
 */
const LOWEST = 2;

function meanAndDeviation(values: Float64Array): { readonly mean: number; readonly deviation: number } {
  const mean = values.reduce((sum, value) => sum + value, 0) / values.length;
  return { mean, deviation: Math.sqrt(values.reduce((sum, value) => sum + (value - mean) ** 2, 0) / values.length) };
}

/** What is not known (NaN), as of a paper that is not embedded yet, speaks neither for a paper nor against it: it is the mean. */
function scaled(raw: ArrayLike<number>): Scaled {
  const known = Float64Array.from(raw).filter((value) => !Number.isNaN(value));
  const { mean: middle, deviation } = meanAndDeviation(known);
  const lowest = middle - LOWEST * deviation;
  const least = known.reduce((least, value) => Math.min(least, Math.max(value, lowest)), Infinity);
  const range = known.reduce((most, value) => Math.max(most, value), -Infinity) - least;
  if (!(range > 0)) return { raw, values: new Float64Array(raw.length), least, range: 0, spread: 0 };
  const within = (value: number): number => (Math.max(value, least) - least) / range;
  const mean = known.reduce((sum, value) => sum + within(value), 0) / known.length;
  const values = Float64Array.from(raw, (value) => (Number.isNaN(value) ? mean : within(value)));
  return { raw, values, least, range, spread: 1 / meanAndDeviation(values).deviation };
}

export type Parts = ReadonlyMap<Part, Scaled>;

/** What each of the candidates is worth by itself, part by part. */
export async function examine(
  { text, query, mode }: RefineRequest,
  pool: readonly Fused[],
  papers: Pool,
): Promise<Parts> {
  const keys = pool.map(({ key }) => key);
  const { whole, rest } = await papers.cosines(query.embedding, keys);
  const parts = new Map<Part, Scaled>([
    ['dense', scaled(whole)],
    // Where nothing lies past the cut, the whole is all there is.
    ['rest', scaled(rest.map((cosine, i) => (Number.isNaN(cosine) ? (whole[i] ?? NaN) : cosine)))],
  ]);
  if (mode === 'dense') return parts;
  const { coverage, nearness } = await papers.match(text, keys);
  return parts
    .set('lexical', scaled(pool.map(({ explanation: { lexical } }) => lexical?.score ?? 0)))
    .set('coverage', scaled(coverage))
    .set('nearness', scaled(nearness));
}

/** Sum of the parts by their weights, in standard deviations; `[papers]`. */
export function weighed(parts: Parts, weightOf: (part: Part) => number, papers: number): Float64Array {
  const sums = new Float64Array(papers);
  for (const [part, { values, spread }] of parts) {
    const weight = weightOf(part) * spread;
    for (let i = 0; i < papers; i += 1) sums[i] = (sums[i] ?? 0) + weight * (values[i] ?? 0);
  }
  return sums;
}

/** Cosine-like nearness of each to the mean of the first few, which weigh the more the more they stand out; NaN without vector. */
function nearnessToBest(vectors: readonly (Float32Array | undefined)[], sums: readonly number[]): number[] {
  const best = Math.max(...sums);
  const mean = new Float32Array(vectors.find((vector) => vector)?.length ?? 0);
  for (let at = 0; at < FEEDBACK_PAPERS; at += 1) {
    const share = Math.exp((sums[at] ?? -Infinity) - best);
    vectors[at]?.forEach((value, i) => (mean[i] = (mean[i] ?? 0) + share * value));
  }
  return vectors.map((vector) => (vector ? dot(mean, vector) : NaN));
}

/** Mean of what the nearest of each score; NaN without vector, or where nothing is near. */
function neighboursScores(vectors: readonly (Float32Array | undefined)[], sums: readonly number[]): number[] {
  const known = vectors.flatMap((vector, i) => (vector ? [{ vector, i, score: sums[i] ?? 0 }] : []));
  const count = Math.min(NEIGHBOURS, known.length - 1);
  const cosines = known.map(({ vector }, i) => known.map((other, j) => (i < j ? dot(vector, other.vector) : 0)));
  const means: number[] = vectors.map(() => NaN);
  known.forEach(({ i: at }, i) => {
    const nearest = known
      .map(({ score }, j) => ({ score, cosine: (i < j ? cosines[i]?.[j] : cosines[j]?.[i]) ?? 0, self: i === j }))
      .filter(({ self }) => !self)
      .toSorted((a, b) => b.cosine - a.cosine)
      .slice(0, count);
    if (count > 0) means[at] = nearest.reduce((sum, { score }) => sum + score, 0) / count;
  });
  return means;
}

/** What the best gain by their words and from each other; `[best]`, in the order given. */
async function compare(
  best: readonly PaperKey[],
  sums: readonly number[],
  { query: { tokens }, weights }: RefineRequest,
  papers: Pool,
): Promise<Parts> {
  const vectors = await papers.vectors(best);
  const parts = new Map<Part, Scaled>([
    ['feedback', scaled(nearnessToBest(vectors, sums))],
    ['neighbours', scaled(neighboursScores(vectors, sums))],
  ]);
  if (!tokens || weights.alignment === 0) return parts;
  const words = papers.tokenVectors(best);
  const aligned = words.map((each) => (each ? alignment(tokens.vectors, each, tokens.dimensions) : NaN));
  return parts.set('alignment', scaled(aligned));
}

function byFalling<T>(items: readonly T[], scoreOf: (item: T) => number, keyOf: (item: T) => PaperKey): T[] {
  return items.toSorted((a, b) => scoreOf(b) - scoreOf(a) || keyOf(a) - keyOf(b));
}

/** The places in the pool of the best by their sums, best first, and what these papers gain from each other; `[places]`. */
export async function compareBest(
  request: RefineRequest,
  sums: ArrayLike<number>,
  papers: Pool,
): Promise<{ readonly places: readonly number[]; readonly compared: Parts }> {
  const keyOf = (i: number): PaperKey => request.fused[i]?.key ?? -1;
  const places = byFalling([...Array(sums.length).keys()], (i) => sums[i] ?? 0, keyOf).slice(0, CLOSE);
  const compared = await compare(
    places.map(keyOf),
    places.map((i) => sums[i] ?? 0),
    request,
    papers,
  );
  return { places, compared };
}

/**
 * Looks more closely at the best of a fused ranking and ranks it anew: how much of the query each paper holds, what lies past
 * the cut of its text, whether it is like the best ones, and whether those like it are good.
 *
 * The score is a linear model over the parts, each measured in standard deviations among the papers looked at. It is laid
 * out as an explanation in which each part's value runs from 0 for the least of them to 1 for the most, and the weights
 * sum to 1: a part weighs what the model gives it times how far it tells these papers apart.
 */
export async function refine(request: RefineRequest, papers: Pool): Promise<Fused[]> {
  const { fused, weights, without } = request;
  const weightOf = (part: Part): number => (without.some((stage) => stage === part) ? 0 : weights[part]);
  const pool = fused.slice(0, POOL);
  const parts = await examine(request, pool, papers);
  const sums = weighed(parts, weightOf, pool.length);
  const { places, compared } = await compareBest(request, sums, papers);
  const placeOf = new Map(places.map((i, at) => [i, at]));

  const all = new Map([...parts, ...compared]);
  const total = [...all].reduce((sum, [part, { spread }]) => sum + weightOf(part) * spread, 0);
  // A single paper, or several alike, stand out in nothing.
  if (total === 0) return [...fused];
  const shares = new Map([...all].map(([part, { spread }]) => [part, (weightOf(part) * spread) / total]));
  const share = (part: Part): number => shares.get(part) ?? 0;

  /** A side of a paper. Words that it lacks add nothing; what it means is known although it is no candidate, or is not. */
  const side = (part: 'lexical' | 'dense', found: SideScore | null, i?: number): SideScore | null => {
    const scale = parts.get(part);
    if (!scale || (!found && (part === 'lexical' || i === undefined))) return null;
    const score = found?.score ?? scale.raw[i ?? -1] ?? NaN;
    const value = i === undefined ? (score - scale.least) / (scale.range || Infinity) : (scale.values[i] ?? 0);
    const [rank, known] = [found?.rank ?? null, Number.isNaN(score) ? null : score];
    return { rank, score: known, scaled: value, weight: share(part) };
  };
  const counted = STAGES.filter((stage) => share(stage) > 0);
  const additions = (i: number): readonly [Stage, Addition][] =>
    counted.flatMap((stage): [Stage, Addition][] => {
      const value = all.get(stage)?.values[(compared.has(stage) ? placeOf.get(i) : i) ?? -1];
      return value === undefined ? [] : [[stage, { value, weight: share(stage) }]];
    });

  const refined = fused.map(({ key, explanation }, i): Fused => {
    const inPool = i < pool.length ? i : undefined;
    const lexical = side('lexical', explanation.lexical, inPool);
    const dense = side('dense', explanation.dense, inPool);
    const sides = (lexical ? lexical.weight * lexical.scaled : 0) + (dense ? dense.weight * dense.scaled : 0);
    if (inPool === undefined) return { key, score: sides, explanation: { lexical, dense } };
    const added = additions(i);
    const score = added.reduce((sum, [, { value, weight }]) => sum + value * weight, sides);
    return { key, score, explanation: { lexical, dense, ...Object.fromEntries(added) } };
  });
  return byFalling(
    refined,
    ({ score }) => score,
    ({ key }) => key,
  );
}
