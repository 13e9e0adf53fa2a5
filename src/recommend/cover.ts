import { dot } from '../domain/dot.ts';

/** A paper that could be asked about, and how much one wants to know of it. */
export interface Coverable {
  /** Unit length. */
  readonly vector: Float32Array;
  /** What it counts for, at least 0: how many like it there are, or how unsure one is of it. */
  readonly weight: number;
}

/**
 * The few whose answers tell most about all: each next one is the one that brings the others nearest to any chosen
 * (facility location, by the greedy choice, which is within 1 − 1/e of the best; Nemhauser, Wolsey and Fisher 1978). Returns
 * places, the most telling first, and for each how much of the weight lies nearest to it, in [0, 1].
 */
export function cover(all: readonly Coverable[], k: number): { readonly at: number; readonly share: number }[] {
  const nearness = all.map(() => 0);
  const chosen: number[] = [];
  const cosines = all.map(({ vector }) => Float32Array.from(all, (other) => Math.max(0, dot(vector, other.vector))));
  const weightOf = (i: number): number => all[i]?.weight ?? 0;
  while (chosen.length < Math.min(k, all.length)) {
    let best = -1;
    let most = -Infinity;
    cosines.forEach((row, at) => {
      if (chosen.includes(at)) return;
      let gain = 0;
      for (let i = 0; i < row.length; i += 1) gain += weightOf(i) * Math.max(0, (row[i] ?? 0) - (nearness[i] ?? 0));
      if (gain > most) [best, most] = [at, gain];
    });
    chosen.push(best);
    cosines[best]?.forEach((value, i) => (nearness[i] = Math.max(nearness[i] ?? 0, value)));
  }
  const total = all.reduce((sum, { weight }) => sum + weight, 0) || 1;
  const shares = new Map(chosen.map((at) => [at, 0]));
  all.forEach(({ weight }, i) => {
    const nearest = chosen.reduce((a, b) => ((cosines[b]?.[i] ?? 0) > (cosines[a]?.[i] ?? 0) ? b : a), chosen[0] ?? 0);
    shares.set(nearest, (shares.get(nearest) ?? 0) + weight / total);
  });
  return chosen.map((at) => ({ at, share: shares.get(at) ?? 0 }));
}
