import {
  closeSync,
  existsSync,
  fsyncSync,
  openSync,
  readFileSync,
  readSync,
  renameSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { crc32 } from 'node:zlib';
import hnswlib from 'hnswlib-node';
import * as z from 'zod';

// On 20,000 papers M 16 and efConstruction 200 build in 7 to 9 s and find all of the ten nearest at ef 200 (test/bench).
const M = 16;
const EF_CONSTRUCTION = 200;
const SEED = 100;
const FIRST_CAPACITY = 1024;
const READ_BYTES = 1 << 20;
// Sums of unit vectors' products over some hundred dimensions, in float32.
const SAME_VECTOR = 1e-4;

/**
 * hnswlib takes a damaged file, or one of other dimensions, for a good one and reads past its memory later, which ends
 * the process. What the file must be therefore lies beside it: a file that is not this one is never given to hnswlib.
 */
const sealSchema = z.object({ dimensions: z.number(), bytes: z.number(), crc32: z.number() });
type Seal = z.infer<typeof sealSchema>;

export const sealPath = (path: string): string => `${path}.seal`;

function checksum(path: string): Pick<Seal, 'bytes' | 'crc32'> {
  const file = openSync(path, 'r');
  try {
    const chunk = new Uint8Array(READ_BYTES);
    let bytes = 0;
    let sum = 0;
    for (;;) {
      const n = readSync(file, chunk, 0, READ_BYTES, null);
      if (n === 0) return { bytes, crc32: sum };
      bytes += n;
      sum = crc32(chunk.subarray(0, n), sum);
    }
  } finally {
    closeSync(file);
  }
}

function isSealed(path: string, dimensions: number): boolean {
  try {
    const seal = sealSchema.parse(JSON.parse(readFileSync(sealPath(path), 'utf8')));
    const found = checksum(path);
    return seal.dimensions === dimensions && seal.bytes === found.bytes && seal.crc32 === found.crc32;
  } catch {
    return false;
  }
}

/** Writes by `write` into a temporary file, synced; the rename is the caller's. */
function writeSynced(path: string, write: (path: string) => void): void {
  write(path);
  const file = openSync(path, 'r+');
  try {
    fsyncSync(file);
  } finally {
    closeSync(file);
  }
}

/**
 * The HNSW graph over labelled unit vectors (Malkov and Yashunin 2018), and its file. The file holds no deletion marks:
 * which labels are alive is known from the store, so a file of any age is a right, if incomplete, graph.
 */
export class Graph {
  readonly #index: hnswlib.HierarchicalNSW;
  readonly #dimensions: number;
  /** Labels in the graph; the value says whether it is marked as deleted. */
  readonly #labels = new Map<number, boolean>();

  private constructor(index: hnswlib.HierarchicalNSW, dimensions: number, labels: readonly number[]) {
    this.#index = index;
    this.#dimensions = dimensions;
    for (const label of labels) this.#labels.set(label, false);
  }

  static empty(dimensions: number): Graph {
    const index = new hnswlib.HierarchicalNSW('ip', dimensions);
    index.initIndex(FIRST_CAPACITY, M, EF_CONSTRUCTION, SEED);
    return new Graph(index, dimensions, []);
  }

  /** `undefined` where the file is absent, damaged or of other dimensions: it is derived, and is made again. */
  static read(path: string, dimensions: number): Graph | undefined {
    if (!existsSync(path) || !isSealed(path, dimensions)) return undefined;
    const index = new hnswlib.HierarchicalNSW('ip', dimensions);
    try {
      index.readIndexSync(path);
      return new Graph(index, dimensions, index.getIdsList());
    } catch {
      return undefined;
    }
  }

  get size(): number {
    return this.#labels.size;
  }

  /** Whether a living label stands for this very vector; it does not in the graph of another workspace. */
  holds(label: number, vector: Float32Array): boolean {
    return this.#index.getPoint(label).every((value, i) => Math.abs(value - (vector[i] ?? NaN)) <= SAME_VECTOR);
  }

  has(label: number): boolean {
    return this.#labels.has(label);
  }

  labels(): IterableIterator<number> {
    return this.#labels.keys();
  }

  add(label: number, vector: Float32Array): void {
    if (this.#labels.has(label)) return;
    if (this.#labels.size >= this.#index.getMaxElements()) {
      this.#index.resizeIndex(Math.max(FIRST_CAPACITY, this.#index.getMaxElements() * 2));
    }
    this.#index.addPoint(Array.from(vector), label);
    this.#labels.set(label, false);
  }

  /** Dead labels stay in the graph as way points and are never found. */
  setAlive(label: number, alive: boolean): void {
    const dead = this.#labels.get(label);
    if (dead === undefined || dead === !alive) return;
    if (alive) this.#index.unmarkDelete(label);
    else this.#index.markDelete(label);
    this.#labels.set(label, !alive);
  }

  /** The k nearest living labels that pass `allowed`, nearest first, with their cosines. `ef` ≥ k: higher finds more. */
  search(
    query: Float32Array,
    k: number,
    ef: number,
    allowed: ((label: number) => boolean) | undefined,
  ): { readonly labels: number[]; readonly cosines: number[] } {
    const wanted = Math.min(k, this.#labels.size);
    if (wanted === 0) return { labels: [], cosines: [] };
    this.#index.setEf(Math.max(ef, wanted));
    const { neighbors, distances } = this.#index.searchKnn(Array.from(query), wanted, allowed);
    return { labels: neighbors, cosines: distances.map((distance) => 1 - distance) };
  }

  /** Written beside, synced, then renamed; a crash between the two renames leaves a file that counts as absent. */
  write(path: string): void {
    const dead = [...this.#labels].filter(([, isDead]) => isDead).map(([label]) => label);
    for (const label of dead) this.setAlive(label, true);
    const temporary = `${path}.tmp`;
    const temporarySeal = `${sealPath(path)}.tmp`;
    try {
      writeSynced(temporary, (to) => this.#index.writeIndexSync(to));
      const seal: Seal = { dimensions: this.#dimensions, ...checksum(temporary) };
      writeSynced(temporarySeal, (to) => writeFileSync(to, JSON.stringify(seal)));
      renameSync(temporary, path);
      renameSync(temporarySeal, sealPath(path));
    } finally {
      rmSync(temporary, { force: true });
      rmSync(temporarySeal, { force: true });
      for (const label of dead) this.setAlive(label, false);
    }
  }
}
