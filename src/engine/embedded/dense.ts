import type { PaperKey } from '../../domain/mod.ts';
import type { Candidates, Cosines, DocumentEmbedding } from '../contract.ts';
import type { AllowedKeys } from './filter.ts';
import { Graph } from './graph.ts';
import { TopK } from './top-k.ts';
import { dot, PackedTable, VectorTable } from './vectors.ts';

interface Labelled {
  readonly slot: number;
  /** Papers with this very text; nearly always one. */
  readonly keys: Set<PaperKey>;
}

// Measured on papers20k, 384 dimensions: an exact comparison takes 0.32 µs; the graph looks at about 2 × ef nodes, at 1.25 µs
// each, over the share of papers a filter lets through to the power 0.85 (shares 1, .5, .2, .1 at ef 600: 1.8, 2.8, 5.2, 8 ms).
const EXACT_MICROS = 0.32;
const VISIT_MICROS = 1.25;
const VISITS_PER_EF = 2;
const SHARE_POWER = 0.85;

// papers20k: recall@10 1.00 at ef 200, recall@100 .99; recall@400 .988 at ef 400, and 1.00 of its first ten.
const EF_LEAST = 200;

// A graph this full of dead labels is slower and finds less; it is made anew when saved.
const DEAD_SHARE = 0.2;

// Components deviate by about .05, their mean over so many by .0016.
const MEAN_SAMPLE = 1024;

// Comparing costs 60 µs a label. A graph of another workspace shows in the first, a few more make sure.
const LABELS_PROVEN = 16;

/**
 * The dense side: every embedding in memory, most of them linked into the HNSW graph. What is not linked yet is compared
 * exactly, so that an embedding is found the moment it is known, and linking can wait for idle time.
 */
export class DenseIndex {
  readonly #vectors: VectorTable;
  /** In the same slots. */
  readonly #rests: PackedTable;
  #graph: Graph;
  readonly #byLabel = new Map<number, Labelled>();
  readonly #labelOf = new Map<PaperKey, number>();
  /** `[keys]`: slot of each paper's vector plus 1, 0 where there is none; exact scans go through it. */
  #slots = new Int32Array(0);
  /** Until an embedding comes or goes. */
  #mean: Float32Array | undefined;
  readonly #unlinked = new Set<number>();
  /** Labels of the read graph still to be compared with what the store has under them. */
  #toProve: number;

  constructor(dimensions: number, graph: Graph | undefined) {
    this.#vectors = new VectorTable(dimensions);
    this.#rests = new PackedTable(dimensions);
    this.#graph = graph ?? Graph.empty(dimensions);
    this.#toProve = graph ? LABELS_PROVEN : 0;
    for (const label of this.#graph.labels()) this.#graph.setAlive(label, false);
  }

  get size(): number {
    return this.#labelOf.size;
  }

  get unlinked(): number {
    return this.#unlinked.size;
  }

  upsert({ key, label, embedding, rest }: DocumentEmbedding): void {
    const held = this.#labelOf.get(key);
    if (held === label) return;
    if (held !== undefined) this.remove(key);
    this.#mean = undefined;
    let entry = this.#byLabel.get(label);
    if (!entry) {
      entry = { slot: this.#vectors.add(embedding), keys: new Set() };
      this.#rests.set(entry.slot, rest);
      this.#byLabel.set(label, entry);
      if (this.#graph.has(label)) {
        this.#graph.setAlive(label, true);
        this.#prove(label, embedding);
      } else {
        this.#unlinked.add(label);
      }
    }
    entry.keys.add(key);
    this.#labelOf.set(key, label);
    this.#setSlot(key, entry.slot + 1);
  }

  /** A graph that has another vector under a label is none of this store: everything is linked anew. */
  #prove(label: number, embedding: Float32Array): void {
    if (this.#toProve === 0) return;
    this.#toProve -= 1;
    if (this.#graph.holds(label, embedding)) return;
    this.#toProve = 0;
    this.#graph = Graph.empty(this.#vectors.dimensions);
    for (const known of this.#byLabel.keys()) this.#unlinked.add(known);
  }

  #setSlot(key: PaperKey, value: number): void {
    if (key >= this.#slots.length) {
      const larger = new Int32Array(Math.max(1024, 2 * key));
      larger.set(this.#slots);
      this.#slots = larger;
    }
    this.#slots[key] = value;
  }

  remove(key: PaperKey): void {
    const label = this.#labelOf.get(key);
    const entry = label === undefined ? undefined : this.#byLabel.get(label);
    if (label === undefined || !entry) return;
    this.#mean = undefined;
    this.#labelOf.delete(key);
    this.#setSlot(key, 0);
    entry.keys.delete(key);
    if (entry.keys.size > 0) return;
    this.#byLabel.delete(label);
    this.#vectors.remove(entry.slot);
    if (!this.#unlinked.delete(label)) this.#graph.setAlive(label, false);
  }

  /** Links waiting embeddings into the graph, for about `budgetMs` (0.4 ms each); returns how many still wait. */
  link(budgetMs: number): number {
    const end = performance.now() + budgetMs;
    for (const label of this.#unlinked) {
      const entry = this.#byLabel.get(label);
      if (entry) this.#graph.add(label, this.#vectors.get(entry.slot));
      this.#unlinked.delete(label);
      if (performance.now() >= end) break;
    }
    return this.#unlinked.size;
  }

  /** All embeddings must be linked. */
  save(path: string): void {
    if (this.#graph.size - this.#byLabel.size > DEAD_SHARE * this.#graph.size) this.#relink();
    this.#graph.write(path);
  }

  search(query: Float32Array, k: number, allowed: AllowedKeys | undefined): Candidates {
    const total = allowed ? this.#countAllowed(allowed) : this.#labelOf.size;
    const wanted = Math.min(k, total);
    if (this.#exactIsCheaper(wanted, total)) return this.#exact(query, wanted, total, allowed);
    const found = this.#approximate(query, wanted, total, allowed);
    // The graph may run dry before k papers are found, for instance where a filter leaves islands.
    return found.keys.length < wanted ? this.#exact(query, wanted, total, allowed) : found;
  }

  vector(key: PaperKey): Float32Array | undefined {
    const slot = this.#slotOf(key);
    return slot === undefined ? undefined : this.#vectors.get(slot);
  }

  /** Mean of the embeddings, of at most `MEAN_SAMPLE` spread over all. */
  mean(): Float32Array | undefined {
    if (this.#mean || this.#byLabel.size === 0) return this.#mean;
    const step = Math.ceil(this.#byLabel.size / MEAN_SAMPLE);
    const sum = new Float32Array(this.#vectors.dimensions);
    let at = 0;
    let taken = 0;
    for (const { slot } of this.#byLabel.values()) {
      if (at++ % step !== 0) continue;
      taken += 1;
      const vector = this.#vectors.get(slot);
      for (let i = 0; i < sum.length; i += 1) sum[i] = (sum[i] ?? 0) + (vector[i] ?? 0);
    }
    this.#mean = sum.map((value) => value / taken);
    return this.#mean;
  }

  cosines(query: Float32Array, keys: ArrayLike<PaperKey>): Cosines {
    const whole = this.#wholeCosines(query, keys);
    const rest = new Float32Array(keys.length).fill(NaN);
    const precise = Float64Array.from(query);
    // One after the other: by turns they would push each other out of the processor's caches (.90 ms for 1,200 keys, .79).
    for (let i = 0; i < keys.length; i += 1) {
      const slot = this.#slotOf(keys[i] ?? 0);
      if (slot !== undefined) rest[i] = this.#rests.cosine(precise, slot);
    }
    return { whole, rest };
  }

  #wholeCosines(query: Float32Array, keys: ArrayLike<PaperKey>): Float32Array {
    const cosines = new Float32Array(keys.length).fill(NaN);
    for (let i = 0; i < keys.length; i += 1) {
      const slot = this.#slotOf(keys[i] ?? 0);
      if (slot !== undefined) cosines[i] = this.#vectors.cosine(query, slot);
    }
    return cosines;
  }

  /** See contract.ts. A paper's text is laid out once for all the queries, and stays in the processor's nearest cache. */
  textCosines(queries: readonly Float32Array[], restWeight: number, keys: ArrayLike<PaperKey>): Float32Array[] {
    if (restWeight === 0) return queries.map((query) => this.#wholeCosines(query, keys));
    const text = new Float64Array(this.#vectors.dimensions);
    const asked = queries.map((query) => ({
      query: Float64Array.from(query),
      cosines: new Float32Array(keys.length).fill(NaN),
    }));
    for (let i = 0; i < keys.length; i += 1) {
      const slot = this.#slotOf(keys[i] ?? 0);
      if (slot === undefined) continue;
      const scale = this.#rests.addTo(text, this.#vectors.get(slot), restWeight, slot);
      for (const { query, cosines } of asked) cosines[i] = scale * dot(query, text);
    }
    return asked.map(({ cosines }) => cosines);
  }

  #slotOf(key: PaperKey): number | undefined {
    const slot = this.#slots[key];
    return slot ? slot - 1 : undefined;
  }

  #countAllowed(allowed: AllowedKeys): number {
    let n = 0;
    for (const key of allowed.keys) if (this.#slots[key]) n += 1;
    return n;
  }

  #exactIsCheaper(wanted: number, total: number): boolean {
    const share = total / Math.max(1, this.#labelOf.size);
    const visits = (Math.max(EF_LEAST, wanted) * VISITS_PER_EF) / share ** SHARE_POWER;
    return total * EXACT_MICROS <= visits * VISIT_MICROS;
  }

  #exact(query: Float32Array, k: number, total: number, allowed: AllowedKeys | undefined): Candidates {
    const top = new TopK(k);
    for (const key of allowed?.keys ?? this.#labelOf.keys()) {
      const slot = this.#slotOf(key);
      if (slot !== undefined) top.offer(key, this.#vectors.cosine(query, slot));
    }
    return { ...top.finish(), total };
  }

  #approximate(query: Float32Array, k: number, total: number, allowed: AllowedKeys | undefined): Candidates {
    const passes = allowed
      ? (label: number) => {
          for (const key of this.#byLabel.get(label)?.keys ?? []) if (allowed.bitmap[key]) return true;
          return false;
        }
      : undefined;
    const top = new TopK(k);
    const offer = (label: number, cosine: number): void => {
      for (const key of this.#byLabel.get(label)?.keys ?? []) {
        if (!allowed || allowed.bitmap[key]) top.offer(key, cosine);
      }
    };
    const { labels, cosines } = this.#graph.search(query, k, EF_LEAST, passes);
    labels.forEach((label, i) => offer(label, cosines[i] ?? -1));
    for (const label of this.#unlinked) {
      const entry = this.#byLabel.get(label);
      if (entry) offer(label, this.#vectors.cosine(query, entry.slot));
    }
    return { ...top.finish(), total };
  }

  #relink(): void {
    this.#graph = Graph.empty(this.#vectors.dimensions);
    for (const [label, entry] of this.#byLabel) this.#graph.add(label, this.#vectors.get(entry.slot));
  }
}
