import type { AllowedKeys } from '../../src/engine/embedded/filter.ts';
import { seeded } from '../../src/domain/seeded.ts';

/** Vectors of unit length around some centres, as embeddings of papers lie around topics; the same seed, the same vectors. */
export function clusteredVectors(count: number, dimensions: number, seed: number, centres = 40): Float32Array[] {
  const next = seeded(seed);
  // Sum of uniforms: near enough to a normal distribution.
  const normal = (): number => next() + next() + next() + next() - 2;
  const draw = (): number[] => Array.from({ length: dimensions }, normal);
  const middles = Array.from({ length: centres }, draw);
  return Array.from({ length: count }, () => {
    const middle = middles[Math.floor(next() * centres)] ?? [];
    return unit(draw().map((value, i) => 0.7 * value + (middle[i] ?? 0)));
  });
}

export function unit(values: readonly number[]): Float32Array {
  const length = Math.hypot(...values) || 1;
  return Float32Array.from(values, (value) => value / length);
}

export function cosine(a: Float32Array, b: Float32Array): number {
  return a.reduce((sum, value, i) => sum + value * (b[i] ?? NaN), 0);
}

/** The k nearest of all, nearest first, ties to the smaller key. */
export function nearest(query: Float32Array, vectors: ReadonlyMap<number, Float32Array>, k: number): number[] {
  return [...vectors]
    .map(([key, vector]) => ({ key, score: cosine(query, vector) }))
    .sort((a, b) => b.score - a.score || a.key - b.key)
    .slice(0, k)
    .map(({ key }) => key);
}

export function allowing(keys: readonly number[]): AllowedKeys {
  const bitmap = new Uint8Array(Math.max(-1, ...keys) + 1);
  for (const key of keys) bitmap[key] = 1;
  return { keys, bitmap };
}

/** The share of the wanted keys that were found. */
export function recall(found: Int32Array, wanted: readonly number[]): number {
  const held = new Set(found);
  return wanted.length === 0 ? 1 : wanted.filter((key) => held.has(key)).length / wanted.length;
}
