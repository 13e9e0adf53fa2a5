import type { PaperKey } from '../domain/mod.ts';

/** Points of a map in memory, by row, with room for more. */
export class Rows {
  #keys: Int32Array;
  #places: Float32Array;
  #finest: Uint16Array;
  #length: number;
  readonly #rowOf = new Map<PaperKey, number>();

  constructor(keys: Int32Array, places: Float32Array, finest: Uint16Array) {
    this.#keys = keys;
    this.#places = places;
    this.#finest = finest;
    this.#length = keys.length;
    keys.forEach((key, row) => this.#rowOf.set(key, row));
  }

  get length(): number {
    return this.#length;
  }

  /** Views of `[rows]`, `[rows, 2]` and `[rows]`, valid until the next row is added. */
  get keys(): Int32Array {
    return this.#keys.subarray(0, this.#length);
  }

  get places(): Float32Array {
    return this.#places.subarray(0, this.#length * 2);
  }

  get finest(): Uint16Array {
    return this.#finest.subarray(0, this.#length);
  }

  rowOf(key: PaperKey): number | undefined {
    return this.#rowOf.get(key);
  }

  add(key: PaperKey, { x, y }: { readonly x: number; readonly y: number }, region: number): void {
    if (this.#length === this.#keys.length) this.#grow();
    const row = this.#length;
    this.#keys[row] = key;
    this.#places[2 * row] = x;
    this.#places[2 * row + 1] = y;
    this.#finest[row] = region;
    this.#rowOf.set(key, row);
    this.#length += 1;
  }

  #grow(): void {
    const room = Math.max(1024, 2 * this.#length);
    const [keys, places, finest] = [new Int32Array(room), new Float32Array(room * 2), new Uint16Array(room)];
    keys.set(this.#keys);
    places.set(this.#places);
    finest.set(this.#finest);
    [this.#keys, this.#places, this.#finest] = [keys, places, finest];
  }
}
