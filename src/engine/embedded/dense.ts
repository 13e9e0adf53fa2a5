import type { PaperKey } from '../../domain/mod.ts';
import type { Candidates, DocumentEmbedding } from '../contract.ts';
import type { AllowedKeys } from './filter.ts';
import { Graph } from './graph.ts';
import { TopK } from './top-k.ts';
import { VectorTable } from './vectors.ts';

interface Labelled {
  readonly slot: number;
  /** Papers with this very text; nearly always one. */
  readonly keys: Set<PaperKey>;
}

// Measured at 20,000 papers: an exact comparison takes 0.53 µs, a step of the graph that asks a filter about 1 µs, and a
// search visits about ten nodes for each one it keeps, over the share of papers the filter lets through.
const EXACT_MICROS = 0.53;
const VISIT_MICROS = 1;
const VISITS_PER_HIT = 10;

// recall@10 .996 at ef 200 and recall@100 .98 at twice the k (relevance.md): ef never falls below either.
const EF_LEAST = 200;
const EF_OVER_K = 1.5;

// A graph this full of dead labels is slower and finds less; it is made anew when saved.
const DEAD_SHARE = 0.2;

/**
 * The dense side: every embedding in memory, most of them linked into the HNSW graph. What is not linked yet is compared
 * exactly, so that an embedding is found the moment it is known, and linking can wait for idle time.
 */
export class DenseIndex {
  readonly #vectors: VectorTable;
  #graph: Graph;
  readonly #byLabel = new Map<number, Labelled>();
  readonly #labelOf = new Map<PaperKey, number>();
  readonly #unlinked = new Set<number>();

  constructor(dimensions: number, graph: Graph | undefined) {
    this.#vectors = new VectorTable(dimensions);
    this.#graph = graph ?? Graph.empty(dimensions);
    for (const label of [...this.#graph.labels()]) this.#graph.setAlive(label, false);
  }

  get size(): number {
    return this.#labelOf.size;
  }

  get unlinked(): number {
    return this.#unlinked.size;
  }

  upsert({ key, label, embedding }: DocumentEmbedding): void {
    const held = this.#labelOf.get(key);
    if (held === label) return;
    if (held !== undefined) this.remove(key);
    const entry = this.#byLabel.get(label);
    if (entry) {
      entry.keys.add(key);
    } else {
      this.#byLabel.set(label, { slot: this.#vectors.add(embedding), keys: new Set([key]) });
      if (this.#graph.has(label)) this.#graph.setAlive(label, true);
      else this.#unlinked.add(label);
    }
    this.#labelOf.set(key, label);
  }

  remove(key: PaperKey): void {
    const label = this.#labelOf.get(key);
    const entry = label === undefined ? undefined : this.#byLabel.get(label);
    if (label === undefined || !entry) return;
    this.#labelOf.delete(key);
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
    if (wanted === 0) return new TopK(0).candidates(total);
    if (this.#exactIsCheaper(wanted, total)) return this.#exact(query, wanted, total, allowed);
    const found = this.#approximate(query, wanted, total, allowed);
    // The graph may run dry before k papers are found, for instance where a filter leaves islands.
    return found.keys.length < wanted ? this.#exact(query, wanted, total, allowed) : found;
  }

  /** `NaN` where a paper has no embedding. */
  cosine(query: Float32Array, key: PaperKey): number {
    const slot = this.#slotOf(key);
    return slot === undefined ? NaN : this.#vectors.cosine(query, slot);
  }

  vector(key: PaperKey): Float32Array | undefined {
    const slot = this.#slotOf(key);
    return slot === undefined ? undefined : this.#vectors.get(slot);
  }

  #slotOf(key: PaperKey): number | undefined {
    const label = this.#labelOf.get(key);
    return label === undefined ? undefined : this.#byLabel.get(label)?.slot;
  }

  #countAllowed(allowed: AllowedKeys): number {
    if (allowed.keys.length > this.#labelOf.size) {
      let n = 0;
      for (const key of this.#labelOf.keys()) n += allowed.bitmap[key] ?? 0;
      return n;
    }
    return allowed.keys.reduce((n, key) => (this.#labelOf.has(key) ? n + 1 : n), 0);
  }

  #exactIsCheaper(wanted: number, total: number): boolean {
    const share = total / Math.max(1, this.#labelOf.size);
    const visits = (this.#efFor(wanted) * VISITS_PER_HIT) / share;
    return total * EXACT_MICROS <= visits * VISIT_MICROS;
  }

  #efFor(k: number): number {
    return Math.max(EF_LEAST, Math.ceil(k * EF_OVER_K));
  }

  #exact(query: Float32Array, k: number, total: number, allowed: AllowedKeys | undefined): Candidates {
    const top = new TopK(k);
    if (allowed) {
      for (const key of allowed.keys) {
        const slot = this.#slotOf(key);
        if (slot !== undefined) top.push(key, this.#vectors.cosine(query, slot));
      }
    } else {
      for (const entry of this.#byLabel.values()) this.#pushAll(top, entry, query, allowed);
    }
    return top.candidates(total);
  }

  #approximate(query: Float32Array, k: number, total: number, allowed: AllowedKeys | undefined): Candidates {
    const passes = allowed
      ? (label: number) => {
          for (const key of this.#byLabel.get(label)?.keys ?? []) if (allowed.bitmap[key]) return true;
          return false;
        }
      : undefined;
    const top = new TopK(k);
    const { labels } = this.#graph.search(query, k, this.#efFor(k), passes);
    for (const label of [...labels, ...this.#unlinked]) {
      const entry = this.#byLabel.get(label);
      if (entry) this.#pushAll(top, entry, query, allowed);
    }
    return top.candidates(total);
  }

  /** Exact scores also for what the graph found: one source of scores for hits and explanations. */
  #pushAll(top: TopK, entry: Labelled, query: Float32Array, allowed: AllowedKeys | undefined): void {
    const score = this.#vectors.cosine(query, entry.slot);
    for (const key of entry.keys) if (!allowed || allowed.bitmap[key]) top.push(key, score);
  }

  #relink(): void {
    this.#graph = Graph.empty(this.#vectors.dimensions);
    for (const [label, entry] of this.#byLabel) this.#graph.add(label, this.#vectors.get(entry.slot));
  }
}
