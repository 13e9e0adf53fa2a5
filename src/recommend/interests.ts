import { dot } from '../domain/dot.ts';

/** Centres at most, as many as the readers measured have papers: each is compared with every candidate looked at closely. */
export const MAX_INTERESTS = 8;
/** Rounds of k-means: a bound, chosen by sense; the papers of the readers measured are too few to be clustered. */
const ROUNDS = 10;

/** What a person reads about: a unit vector, and its share of all that the person likes. */
export interface Interest {
  readonly centre: Float32Array;
  readonly share: number;
}

export interface Weighted {
  /** `[dimensions]`, unit length. */
  readonly vector: Float32Array;
  readonly weight: number;
}

/** The weighted sum at unit length; all zeros where the sum has none. */
export function unitSum(papers: readonly Weighted[]): Float32Array {
  const sum = new Float32Array(papers[0]?.vector.length ?? 0);
  for (const { vector, weight } of papers) {
    for (let i = 0; i < sum.length; i += 1) sum[i] = (sum[i] ?? 0) + weight * (vector[i] ?? 0);
  }
  const length = Math.sqrt(dot(sum, sum));
  return length > 0 ? sum.map((value) => value / length) : sum;
}

function nearest(vector: Float32Array, centres: readonly Float32Array[]): { at: number; cosine: number } {
  let best = { at: 0, cosine: -Infinity };
  for (const [at, centre] of centres.entries()) {
    const cosine = dot(vector, centre);
    if (cosine > best.cosine) best = { at, cosine };
  }
  return best;
}

/**
 * The interests behind a person's papers: the papers themselves while they are few, else clusters by spherical k-means
 * (Dhillon and Modha 2001) that starts from papers far from one another. The same papers always give the same interests.
 */
export function interestsOf(papers: readonly Weighted[]): Interest[] {
  const total = papers.reduce((sum, { weight }) => sum + weight, 0);
  if (papers.length <= MAX_INTERESTS) {
    return papers.map(({ vector, weight }) => ({ centre: vector, share: weight / total }));
  }
  let centres: Float32Array[] = [];
  while (centres.length < MAX_INTERESTS) {
    const distances = papers.map(({ vector }) => (centres.length === 0 ? 0 : 1 - nearest(vector, centres).cosine));
    const farthest = distances.indexOf(Math.max(...distances));
    centres.push(papers[farthest]?.vector ?? new Float32Array(0));
  }
  let clusters: Weighted[][] = [];
  for (let round = 0; round < ROUNDS; round += 1) {
    const near = papers.map(({ vector }) => nearest(vector, centres).at);
    clusters = centres.map((_, at) => papers.filter((__, paper) => near[paper] === at));
    centres = clusters.flatMap((cluster) => (cluster.length > 0 ? [unitSum(cluster)] : []));
    clusters = clusters.filter(({ length }) => length > 0);
  }
  return centres.map((centre, at) => ({
    centre,
    share: (clusters[at] ?? []).reduce((sum, { weight }) => sum + weight, 0) / total,
  }));
}
