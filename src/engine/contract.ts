import type { Filter, PaperKey } from '../domain/mod.ts';
import type { PackedVector } from '../domain/packed-vector.ts';

/** A paper as the engine indexes it. */
export interface Document {
  readonly key: PaperKey;
  readonly title: string;
  readonly abstract: string;
}

/** Embedding of a document. `label` names the text it was made from: another text, another label. */
export interface DocumentEmbedding {
  readonly key: PaperKey;
  readonly label: number;
  readonly embedding: Float32Array;
  /** Of what lies past the model's cut; absent where next to nothing does. */
  readonly rest?: PackedVector | undefined;
}

/** Cosines of a query with papers, `[keys]` each, in their order; NaN where a paper has no such embedding. */
export interface Cosines {
  readonly whole: Float32Array;
  readonly rest: Float32Array;
}

/** Keys with their scores, best first; both arrays have the same length. Ties go to the smaller key. */
export interface Candidates {
  readonly keys: Int32Array;
  readonly scores: Float32Array;
  /** How many documents match in all (lexical), or were searched (dense); at least `keys.length`. */
  readonly total: number;
}

/** How often each wanted term occurs in a text (those that do), and how many terms the text has in all. */
export interface TermCounts {
  readonly counts: ReadonlyMap<string, number>;
  readonly length: number;
}

/** What of a query given documents hold, each in [0, 1]; same order as the keys asked for. */
export interface Matches {
  /** `[keys]`: share of the query's terms that the document has, by their weight. */
  readonly coverage: Float32Array;
  /** `[keys]`: share of the query's pairs of neighbouring terms that stand near each other in the document. */
  readonly nearness: Float32Array;
}

export interface LexicalRequest {
  readonly query: string;
  /** `question`: words as typed. `typing`: the last word may be the beginning of a longer one. */
  readonly lastWord: 'whole' | 'prefix';
  readonly filter: Filter;
  readonly k: number;
}

export interface DenseRequest {
  /** `[dimensions]`, unit length. */
  readonly embedding: Float32Array;
  readonly filter: Filter;
  readonly k: number;
}

/** What can be searched. It follows the store (see indexing/follow.ts); everything in it can be made again from there. */
export interface Engine {
  /** The number under which the store files the fingerprint of the embeddings that are held. */
  readonly fingerprint: number;
  lexical(request: LexicalRequest): Promise<Candidates>;
  dense(request: DenseRequest): Promise<Candidates>;
  /** How much of a query, and of its wording, the given papers hold: for candidates found by other means. */
  match(query: string, keys: ArrayLike<PaperKey>): Promise<Matches>;
  /** Those of the given papers that the filter lets through, in their order. */
  passing(filter: Filter, keys: readonly PaperKey[]): Promise<PaperKey[]>;
  /** Embeddings of the given papers, `undefined` where a paper has none. Same order as `keys`. */
  vectors(keys: readonly PaperKey[]): Promise<(Float32Array | undefined)[]>;
  /** Exact cosines of an embedding (unit length) with those of the given papers; 0.5 µs a paper. */
  cosines(embedding: Float32Array, keys: ArrayLike<PaperKey>): Promise<Cosines>;
  /** Counts terms in texts the way this engine reads them, for evidence: by those terms, and all of them together. */
  termCounter(terms: Iterable<string>): (text: string) => TermCounts;
  /** The distinct terms of a query with the weight each has in this collection (its idf), for evidence. */
  termWeights(query: string): Promise<ReadonlyMap<string, number>>;
  /** Replaces documents; an embedding made from another text of the paper is forgotten. */
  upsert(documents: readonly Document[]): Promise<void>;
  upsertEmbeddings(embeddings: readonly DocumentEmbedding[]): Promise<void>;
  remove(keys: readonly PaperKey[]): Promise<void>;
  /** Work that may wait, for about `budgetMs`; `true` while there is more of it. Searches are right before and after. */
  maintain(budgetMs: number): Promise<boolean>;
  /**
   * Makes what is held durable, atomically, as of the store's `revision`; an engine opened on the workspace later
   * starts from it. `false`: it was already so, nothing was written.
   */
  save(revision: number): Promise<boolean>;
  /** `unlinked`: embeddings that `maintain` has not yet worked into the index. */
  counts(): { readonly documents: number; readonly embeddings: number; readonly unlinked: number };
  close(): void;
}
