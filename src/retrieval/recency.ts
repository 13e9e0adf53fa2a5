import { UNDATED } from '../engine/contract.ts';

/*
 * Scores of candidates that were looked at closely lie near each other, and age must not outweigh what is between a good paper and
 * a bad one. Of 60 requests on papers20k and 60 questions on the sample library, with the decay itself as the factor 12 and 36 have a
 * first hit that is hardly relevant (less than .05); with its square root 1 and 9, with its cube root none and 1, the ten
 * best of the requests being as new (2025 at the median; 2022 by relevance alone) and as relevant but for .012 of .144.
 */

/** After so long half of what age can take away is gone. */
const HALF_LIFE_DAYS = 730;
/**
 * What age never takes away from the decay: its cube root, by which scores are multiplied, is .63 at least. Without it anything
 * new would come before anything old.
 */
const LEFT_TO_ALL = 0.25;
/** Share of the dated papers that may be dated wrong, in the future or in this year, and still not make all others old. */
const NEWEST_SHARE = 0.01;

/** The day that ages are counted from: when the newest of these papers came out, a few aside, and never after `today`. */
function newestDay(dated: Int32Array, today: number): number {
  const newest = dated.slice().sort();
  const at = newest.length - 1 - Math.floor(NEWEST_SHARE * newest.length);
  return Math.min(today, newest[at] ?? today);
}

function decayed(ageDays: number): number {
  return Math.cbrt(LEFT_TO_ALL + (1 - LEFT_TO_ALL) * 2 ** (-Math.max(0, ageDays) / HALF_LIFE_DAYS));
}

/**
 * What each paper's score is multiplied with when the recent ones are asked for, in (0, 1]: the cube root of an exponential decay
 * with a floor. Ages are counted from the newest of the papers at hand, not from today: in an archive that ends in 1979 the papers of
 * 1979 are the recent ones. A paper without a date counts as one of middling age among them.
 *
 * `days`: since 1970, as the engine's `days` gives them. `today`: the same, of now.
 */
export function recencyPrior(days: Int32Array, today: number): Float32Array {
  const dated = days.filter((day) => day !== UNDATED);
  const newest = newestDay(dated, today);
  const priors = Float32Array.from(days, (day) => (day === UNDATED ? NaN : decayed(newest - day)));
  const known = priors.filter((prior) => !Number.isNaN(prior)).sort();
  const middling = known[Math.floor(known.length / 2)] ?? 1;
  return priors.map((prior) => (Number.isNaN(prior) ? middling : prior));
}
