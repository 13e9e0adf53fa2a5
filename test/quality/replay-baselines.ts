import { dot } from '../../src/domain/dot.ts';
import { seeded } from '../../src/domain/seeded.ts';
import type { PaperKey } from '../../src/domain/mod.ts';
import type { Engine } from '../../src/engine/mod.ts';
import { type Profile, rankForProfile, type Ranking, WEIGHTS } from '../../src/recommend/mod.ts';
import { standardised } from '../../src/recommend/score.ts';
import { type Example, fitLogistic } from './fit.ts';

/** Rankings that feeds do not use, to be compared with the one they do. */

export type Rank = (profile: Profile, pool: Int32Array) => Promise<Ranking>;

function ranked(pool: Int32Array, scores: Float32Array): Ranking {
  const places = [...pool.keys()].sort((a, b) => (scores[b] ?? 0) - (scores[a] ?? 0) || a - b);
  return {
    keys: Int32Array.from(places, (place) => pool[place] ?? 0),
    scores: Float32Array.from(places, (place) => scores[place] ?? 0),
  };
}

/** By the cosine with the nearest of the liked papers. */
export function nearestLiked(engine: Engine): Rank {
  return async ({ signals }, pool) => {
    const liked = await engine.vectors(signals.map(({ key }) => key));
    const scores = new Float32Array(pool.length).fill(-1);
    for (const vector of liked) {
      if (!vector) continue;
      const { whole } = await engine.cosines(vector, pool);
      whole.forEach((cosine, at) => (scores[at] = Math.max(scores[at] ?? -1, cosine)));
    }
    return ranked(pool, scores);
  };
}

/** Random papers that stand for what is not liked. On every fifth reader nDCG@20 is .369 with so many, .362 with 400. */
const NEGATIVES = 2000;
const SEED = 11;
/** nDCG@20 / AUC on every fifth reader, 400 negatives: .357 / .862 for 1, .362 / .849 for .1, .356 / .834 for .01. */
const STRENGTH = 0.1;

/**
 * Logistic regression on embeddings, liked papers against random ones that are no candidates, both sides weighing the same.
 * Fitted once a profile.
 */
export function logistic(engine: Engine, papers: Int32Array): Rank {
  const fitted = new Map<string, Promise<Float32Array>>();
  const fit = async ({ signals }: Profile, pool: Int32Array): Promise<Float32Array> => {
    const taken = new Set<PaperKey>([...pool, ...signals.map(({ key }) => key)]);
    const others = papers.filter((key) => !taken.has(key));
    const next = seeded(SEED);
    const negatives = Array.from({ length: NEGATIVES }, () => others[Math.floor(next() * others.length)] ?? 0);
    const examplesOf = async (keys: readonly PaperKey[], isRelevant: boolean): Promise<Example[]> =>
      (await engine.vectors(keys)).flatMap((vector) =>
        vector ? [{ inputs: [...vector], isRelevant, weight: 1 / keys.length }] : [],
      );
    const liked = signals.map(({ key }) => key);
    const examples = [...(await examplesOf(liked, true)), ...(await examplesOf(negatives, false))];
    return Float32Array.from(fitLogistic(examples, STRENGTH).weights);
  };
  return async (profile, pool) => {
    const name = profile.signals.map(({ key }) => key).join(' ');
    const weights = fitted.get(name) ?? fit(profile, pool);
    fitted.set(name, weights);
    const direction = await weights;
    const vectors = await engine.vectors([...pool]);
    return ranked(
      pool,
      Float32Array.from(vectors, (vector) => (vector ? dot(direction, vector) : NaN)),
    );
  };
}

/** The feed's ranking before smoothing, with another one as a part of it, as heavy as the mean. */
export function beside(engine: Engine, other: Rank): Rank {
  return async (profile, pool) => {
    const own = await rankForProfile(engine, profile, pool, { ...WEIGHTS, smoothing: 0 });
    const { keys, scores } = await other(profile, pool);
    const added = standardised(scores);
    const more = new Map(Array.from(keys, (key, at) => [key, added[at] ?? 0]));
    const sums = own.scores.map((score, at) => score + WEIGHTS.mean * (more.get(own.keys[at] ?? -1) ?? 0));
    return ranked(own.keys, sums);
  };
}
