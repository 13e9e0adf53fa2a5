import type { Neighbours } from '../engine/mod.ts';

/** What a ranking is made of; each can be left out, to see what it is worth. */
export const RANKING_PARTS = ['words', 'mean', 'nearness', 'recency', 'smoothing'] as const;
export type RankingPart = (typeof RANKING_PARTS)[number];

/**
 * Of the first three in standard deviations over the pool. Chosen on 300 readers of papers20k (8 liked papers, about 2,000 later
 * ones each; the standard error of nDCG@20 is .018); nDCG@20 / AUC before smoothing: words alone .401 / .856, with `mean` .413 / .888, with
 * `nearness` .417 / .887, with both .418 / .890. Words for .5 or .7 instead: .417 / .890, .417 / .889.
 *
 * `recency`: what a paper loses for each year that it came out after the newest signal, past `SETTLED_YEARS`.
 *
 * `smoothing`: a paper takes this much of its score from its neighbours by words, each weighing a power of its cosine, several
 * times over, so that it spreads. nDCG@20 / recall@100 / AUC without: .418 / .591 / .890; .5, squared, 3 rounds, among the best 1,000:
 * .429 / .599 / .892; .65: .427, .8: .414. Neighbours by embeddings instead: .419.
 */
export const WEIGHTS: Readonly<Record<RankingPart, number>> = {
  words: 0.6,
  mean: 0.5,
  nearness: 0.5,
  recency: 0.26,
  smoothing: 0.5,
};
/** A paper that came out years after the newest signal is less likely the person's: interests move on (+.004 nDCG@20). */
const SETTLED_YEARS = 5;
const DAYS_PER_YEAR = 365.25;
/** Cosines apart by a tenth differ e-fold. By itself nDCG@20 .346; their mean .320, that of the three largest .338. */
export const SHARPNESS = 10;
/** The power, and how many times over; see `smoothing` above. */
const SHARPENING = 2;
const ROUNDS = 3;

/** What is known of each candidate, `[candidates]`; NaN where it has no embedding. */
export interface Parts {
  /** Likeness of its words to those of the person's papers. */
  readonly words: Float32Array;
  /** Cosine with the mean of the person's papers. */
  readonly mean: Float32Array;
  /** Nearness to the interests, `nearnessOf`. */
  readonly nearness: Float32Array;
  /** Days since 1970. */
  readonly days: Int32Array;
}

/** `[candidates]`: in standard deviations from the mean of those that are numbers; 0 for the others and where all are equal. */
export function standardised(values: Float32Array): Float32Array {
  let count = 0;
  let sum = 0;
  let squares = 0;
  for (const value of values) {
    if (Number.isNaN(value)) continue;
    count += 1;
    sum += value;
    squares += value * value;
  }
  const mean = count > 0 ? sum / count : 0;
  const deviation = Math.sqrt(Math.max(0, squares / Math.max(1, count) - mean * mean));
  return values.map((value) => (Number.isNaN(value) || deviation < 1e-9 ? 0 : (value - mean) / deviation));
}

/** `[interests][candidates]` of cosines → a soft maximum over the interests by their shares, `[candidates]`. */
export function nearnessOf(cosines: readonly Float32Array[], shares: readonly number[]): Float32Array {
  const nearness = new Float32Array(cosines[0]?.length ?? 0);
  for (const [i, share] of shares.entries()) {
    const row = cosines[i] ?? nearness;
    for (let at = 0; at < nearness.length; at += 1) {
      nearness[at] = (nearness[at] ?? 0) + share * Math.exp(SHARPNESS * (row[at] ?? 0));
    }
  }
  return nearness.map(Math.log);
}

/** The sum of the parts, `[candidates]`. `newest`: day of the person's newest paper. */
export function scoresOf({ words, mean, nearness, days }: Parts, newest: number, weights = WEIGHTS): Float32Array {
  const [w, m, n] = [standardised(words), standardised(mean), standardised(nearness)];
  return w.map((value, at) => {
    const years = ((days[at] ?? newest) - newest) / DAYS_PER_YEAR;
    const stale = weights.recency * Math.max(0, years - SETTLED_YEARS);
    return weights.words * value + weights.mean * (m[at] ?? 0) + weights.nearness * (n[at] ?? 0) - stale;
  });
}

/**
 * Scores of the best candidates, moved towards those of their neighbours (score regularisation; Diaz 2005): what resembles papers
 * that fit well fits better than its own words tell. None falls below the worst of them, so that all others keep their
 * places behind.
 */
export function smoothed(
  scores: Float32Array,
  { places, cosines }: Neighbours,
  smoothing = WEIGHTS.smoothing,
): Float32Array {
  const k = scores.length > 0 ? places.length / scores.length : 0;
  const floor = scores.reduce((least, score) => Math.min(least, score), Infinity);
  const weights = cosines.map((cosine) => Math.max(0, cosine) ** SHARPENING);
  let spread = scores;
  for (let round = 0; round < ROUNDS; round += 1) {
    const before = spread;
    spread = scores.map((score, at) => {
      let total = 0;
      let around = 0;
      for (let i = at * k; i < (at + 1) * k; i += 1) {
        const place = places[i] ?? -1;
        if (place < 0) break;
        total += weights[i] ?? 0;
        around += (weights[i] ?? 0) * (before[place] ?? 0);
      }
      return total > 0 ? (1 - smoothing) * score + (smoothing * around) / total : score;
    });
  }
  return spread.map((score) => Math.max(floor, score));
}
