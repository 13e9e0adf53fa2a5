import { dot } from '../domain/dot.ts';
import { seeded } from '../domain/seeded.ts';

/** Passes over all vectors; each brings an axis nearer by the ratio of the variances. It only has to be a fair start. */
const PASSES = 12;

/**
 * Ranks along the two axes of greatest variance (principal components, by power iteration): `[vectors, 2]`, evenly from
 * -1 to 1 along each. Ranks, since a field far from all others would begin, and stay, at the end of an empty stretch.
 */
export function principalRanks(vectors: readonly Float32Array[], seed: number): Float32Array {
  const dimensions = vectors[0]?.length ?? 0;
  const mean = new Float32Array(dimensions);
  for (const vector of vectors) vector.forEach((value, i) => (mean[i] = (mean[i] ?? 0) + value / vectors.length));
  const places = new Float32Array(vectors.length * 2);
  const first = axis(vectors, mean, undefined, seed);
  const second = axis(vectors, mean, first, seed + 1);
  for (const [side, direction] of [first, second].entries()) {
    const along = vectors.map((vector) => dot(vector, direction));
    const order = [...along.keys()].sort((a, b) => (along[a] ?? 0) - (along[b] ?? 0) || a - b);
    for (const [rank, i] of order.entries()) places[2 * i + side] = (2 * (rank + 0.5)) / vectors.length - 1;
  }
  return places;
}

/** A unit vector along which the vectors vary most, at a right angle to `other`. */
function axis(
  vectors: readonly Float32Array[],
  mean: Float32Array,
  other: Float32Array | undefined,
  seed: number,
): Float32Array {
  const next = seeded(seed);
  let found = unit(
    mean.map(() => next() - 0.5),
    other,
  );
  for (let pass = 0; pass < PASSES; pass += 1) {
    const sum = new Float32Array(mean.length);
    const middle = dot(mean, found);
    for (const vector of vectors) {
      const along = dot(vector, found) - middle;
      for (let i = 0; i < sum.length; i += 1) sum[i] = (sum[i] ?? 0) + along * ((vector[i] ?? 0) - (mean[i] ?? 0));
    }
    found = unit(sum, other);
  }
  return found;
}

function unit(vector: Float32Array, other: Float32Array | undefined): Float32Array {
  const along = other ? dot(vector, other) : 0;
  const straight = vector.map((value, i) => value - along * (other?.[i] ?? 0));
  const length = Math.sqrt(dot(straight, straight));
  return length > 0 ? straight.map((value) => value / length) : straight;
}
