import type { Neighbours } from '../contract.ts';
import { TopK } from './top-k.ts';

/** A sparse matrix, row by row. */
export interface Rows {
  /** `[rows + 1]` */
  readonly starts: Int32Array;
  /** `[entries]` */
  readonly columns: Int32Array;
  readonly weights: Float32Array;
  readonly width: number;
}

/** Numbers names as they come, in an open hash table: a `Map` takes three times as long. */
export class Numbering {
  readonly #names: Int32Array;
  /** A name's number plus 1; 0 where there is none. */
  readonly #numbers: Int32Array;
  readonly #shift: number;
  size = 0;

  /** `most`: how many names may come. */
  constructor(most: number) {
    const bits = Math.max(1, Math.ceil(Math.log2(2 * most + 1)));
    this.#names = new Int32Array(2 ** bits);
    this.#numbers = new Int32Array(2 ** bits);
    this.#shift = 32 - bits;
  }

  of(name: number): number {
    const mask = this.#names.length - 1;
    // Knuth's multiplicative hash, by the golden ratio.
    let slot = Math.imul(name, 0x9e3779b1) >>> this.#shift;
    for (;;) {
      const number = this.#numbers[slot] ?? 0;
      if (number === 0) break;
      if (this.#names[slot] === name) return number - 1;
      slot = (slot + 1) & mask;
    }
    this.#names[slot] = name;
    this.#numbers[slot] = this.size + 1;
    return this.size++;
  }
}

function transposed({ starts, columns, weights, width }: Rows): Rows {
  const rows = new Int32Array(width + 1);
  for (const column of columns) rows[column + 1] = (rows[column + 1] ?? 0) + 1;
  for (let at = 0; at < width; at += 1) rows[at + 1] = (rows[at + 1] ?? 0) + (rows[at] ?? 0);
  const next = rows.slice();
  const result = { starts: rows, columns: columns.slice(), weights: weights.slice(), width: starts.length - 1 };
  for (let row = 0; row + 1 < starts.length; row += 1) {
    for (let at = starts[row] ?? 0; at < (starts[row + 1] ?? 0); at += 1) {
      const column = columns[at] ?? 0;
      const to = next[column] ?? 0;
      next[column] = to + 1;
      result.columns[to] = row;
      result.weights[to] = weights[at] ?? 0;
    }
  }
  return result;
}

/** For each row the `k` others with the greatest product, of those that have a column in common. */
export function nearestRows(rows: Rows, k: number): Neighbours {
  const holders = transposed(rows);
  const count = rows.starts.length - 1;
  const places = new Int32Array(count * k).fill(-1);
  const cosines = new Float32Array(count * k);
  const sums = new Float32Array(count);
  const met = new Int32Array(count);
  for (let row = 0; row < count; row += 1) {
    let found = 0;
    for (let at = rows.starts[row] ?? 0; at < (rows.starts[row + 1] ?? 0); at += 1) {
      const weight = rows.weights[at] ?? 0;
      const column = rows.columns[at] ?? 0;
      for (let i = holders.starts[column] ?? 0; i < (holders.starts[column + 1] ?? 0); i += 1) {
        const other = holders.columns[i] ?? 0;
        if (sums[other] === 0) met[found++] = other;
        sums[other] = (sums[other] ?? 0) + weight * (holders.weights[i] ?? 0);
      }
    }
    const best = new TopK(k);
    for (let i = 0; i < found; i += 1) {
      const other = met[i] ?? 0;
      if (other !== row) best.offer(other, sums[other] ?? 0);
      sums[other] = 0;
    }
    const nearest = best.finish();
    places.set(nearest.keys, row * k);
    cosines.set(nearest.scores, row * k);
  }
  return { places, cosines };
}
