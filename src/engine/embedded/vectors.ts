import type { PackedVector } from '../../domain/packed-vector.ts';

// 4,096 vectors a block: growing never copies what is there, and a 384-dimensional block is 6 MiB.
const BLOCK_BITS = 12;
const BLOCK_SIZE = 1 << BLOCK_BITS;

/** Dot product of two `[dimensions]`. Four sums let the CPU overlap them. */
export function dot(a: Float64Array, b: Float64Array): number {
  let s0 = 0;
  let s1 = 0;
  let s2 = 0;
  let s3 = 0;
  const n = a.length - (a.length & 3);
  let i = 0;
  for (; i < n; i += 4) {
    s0 += (a[i] ?? 0) * (b[i] ?? 0);
    s1 += (a[i + 1] ?? 0) * (b[i + 1] ?? 0);
    s2 += (a[i + 2] ?? 0) * (b[i + 2] ?? 0);
    s3 += (a[i + 3] ?? 0) * (b[i + 3] ?? 0);
  }
  for (; i < a.length; i += 1) s0 += (a[i] ?? 0) * (b[i] ?? 0);
  return s0 + s1 + s2 + s3;
}

/** As `dot`, with the vector at `offset`; the cosine, for unit vectors. */
function dotAt(a: Float32Array, block: Float32Array, offset: number): number {
  let s0 = 0;
  let s1 = 0;
  let s2 = 0;
  let s3 = 0;
  const n = a.length - (a.length & 3);
  let i = 0;
  for (; i < n; i += 4) {
    s0 += (a[i] ?? 0) * (block[offset + i] ?? 0);
    s1 += (a[i + 1] ?? 0) * (block[offset + i + 1] ?? 0);
    s2 += (a[i + 2] ?? 0) * (block[offset + i + 2] ?? 0);
    s3 += (a[i + 3] ?? 0) * (block[offset + i + 3] ?? 0);
  }
  for (; i < a.length; i += 1) s0 += (a[i] ?? 0) * (block[offset + i] ?? 0);
  return s0 + s1 + s2 + s3;
}

/** Unit vectors in memory, each in a numbered slot; slots of removed vectors are used again. */
export class VectorTable {
  readonly dimensions: number;
  readonly #blocks: Float32Array[] = [];
  readonly #free: number[] = [];
  #end = 0;

  constructor(dimensions: number) {
    this.dimensions = dimensions;
  }

  /** Throws RangeError for a vector of other dimensions: it would reach into its neighbour. */
  add(vector: Float32Array): number {
    if (vector.length !== this.dimensions) {
      throw new RangeError(`an embedding has ${vector.length} dimensions instead of ${this.dimensions}`);
    }
    const slot = this.#free.pop() ?? this.#end++;
    const block = (this.#blocks[slot >> BLOCK_BITS] ??= new Float32Array(BLOCK_SIZE * this.dimensions));
    block.set(vector, (slot & (BLOCK_SIZE - 1)) * this.dimensions);
    return slot;
  }

  remove(slot: number): void {
    this.#free.push(slot);
  }

  /** A view of `[dimensions]`; valid until the slot is removed. */
  get(slot: number): Float32Array {
    const offset = (slot & (BLOCK_SIZE - 1)) * this.dimensions;
    return this.#block(slot).subarray(offset, offset + this.dimensions);
  }

  cosine(query: Float32Array, slot: number): number {
    return dotAt(query, this.#block(slot), (slot & (BLOCK_SIZE - 1)) * this.dimensions);
  }

  #block(slot: number): Float32Array {
    const block = this.#blocks[slot >> BLOCK_BITS];
    if (!block) throw new RangeError(`no vector in slot ${slot}`);
    return block;
  }
}

/** As `dotAt`; `a` in float64, since the products with bytes are then made without conversions on the way. */
function dotPacked(a: Float64Array, block: Int8Array, offset: number): number {
  let s0 = 0;
  let s1 = 0;
  let s2 = 0;
  let s3 = 0;
  const n = a.length - (a.length & 3);
  let i = 0;
  for (; i < n; i += 4) {
    s0 += (a[i] ?? 0) * (block[offset + i] ?? 0);
    s1 += (a[i + 1] ?? 0) * (block[offset + i + 1] ?? 0);
    s2 += (a[i + 2] ?? 0) * (block[offset + i + 2] ?? 0);
    s3 += (a[i + 3] ?? 0) * (block[offset + i + 3] ?? 0);
  }
  for (; i < a.length; i += 1) s0 += (a[i] ?? 0) * (block[offset + i] ?? 0);
  return s0 + s1 + s2 + s3;
}

/** Packed vectors in memory, in the slots of a `VectorTable` beside it; a slot may have none. */
export class PackedTable {
  readonly #dimensions: number;
  readonly #blocks: Int8Array[] = [];
  /** One over the length of each slot's vector, by block; 0 where there is none. */
  readonly #scales: Float32Array[] = [];

  constructor(dimensions: number) {
    this.#dimensions = dimensions;
  }

  /** Throws RangeError for a vector of other dimensions. */
  set(slot: number, vector: PackedVector | undefined): void {
    if (vector !== undefined && vector.length !== this.#dimensions) {
      throw new RangeError(`a rest has ${vector.length} dimensions instead of ${this.#dimensions}`);
    }
    const block = slot >> BLOCK_BITS;
    const at = slot & (BLOCK_SIZE - 1);
    const scales = (this.#scales[block] ??= new Float32Array(BLOCK_SIZE));
    scales[at] = 0;
    if (!vector) return;
    (this.#blocks[block] ??= new Int8Array(BLOCK_SIZE * this.#dimensions)).set(vector, at * this.#dimensions);
    let squares = 0;
    for (const value of vector) squares += value * value;
    if (squares > 0) scales[at] = 1 / Math.sqrt(squares);
  }

  /**
   * Lays out in `sum` a unit vector plus `weight` times the slot's, where it has one; returns one over the length of the sum.
   */
  addTo(sum: Float64Array, vector: Float32Array, weight: number, slot: number): number {
    const at = slot & (BLOCK_SIZE - 1);
    const block = this.#blocks[slot >> BLOCK_BITS];
    const scale = weight * (this.#scales[slot >> BLOCK_BITS]?.[at] ?? 0);
    if (!block || scale === 0) {
      for (let i = 0; i < sum.length; i += 1) sum[i] = vector[i] ?? 0;
      return 1;
    }
    const offset = at * this.#dimensions;
    let squares = 0;
    for (let i = 0; i < sum.length; i += 1) {
      const value = (vector[i] ?? 0) + scale * (block[offset + i] ?? 0);
      sum[i] = value;
      squares += value * value;
    }
    return 1 / Math.sqrt(squares);
  }

  /** NaN where the slot has none. */
  cosine(query: Float64Array, slot: number): number {
    const at = slot & (BLOCK_SIZE - 1);
    const scale = this.#scales[slot >> BLOCK_BITS]?.[at] ?? 0;
    const block = this.#blocks[slot >> BLOCK_BITS];
    return scale > 0 && block ? dotPacked(query, block, at * this.#dimensions) * scale : NaN;
  }
}
