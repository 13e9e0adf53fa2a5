// 4,096 vectors a block: growing never copies what is there, and a 384-dimensional block is 6 MiB.
const BLOCK_BITS = 12;
const BLOCK_SIZE = 1 << BLOCK_BITS;

/** Dot product of `[dimensions]` with the vector at `offset`; the cosine, for unit vectors. Four sums let the CPU overlap them. */
function dot(a: Float32Array, block: Float32Array, offset: number): number {
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
    return dot(query, this.#block(slot), (slot & (BLOCK_SIZE - 1)) * this.dimensions);
  }

  #block(slot: number): Float32Array {
    const block = this.#blocks[slot >> BLOCK_BITS];
    if (!block) throw new RangeError(`no vector in slot ${slot}`);
    return block;
  }
}
