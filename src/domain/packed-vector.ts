/**
 * The direction of a vector in a quarter of the memory: each component in 127ths of the largest one. Its length is not
 * kept, all vectors here being unit vectors. Cosines move by less than .002 (384 dimensions, paperkin-minilm).
 */
export type PackedVector = Int8Array;

const LARGEST = 127;

export function packVector(vector: Float32Array): PackedVector {
  const peak = vector.reduce((most, value) => Math.max(most, Math.abs(value)), 0);
  const scale = peak > 0 ? LARGEST / peak : 0;
  return Int8Array.from(vector, (value) => Math.round(value * scale));
}

/** The unit vector of that direction; all zeros where there is none. */
export function unpackVector(packed: PackedVector): Float32Array {
  let squares = 0;
  for (const value of packed) squares += value * value;
  const scale = squares > 0 ? 1 / Math.sqrt(squares) : 0;
  return Float32Array.from(packed, (value) => value * scale);
}
