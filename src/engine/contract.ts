import type { Filter, PaperKey } from '../domain/mod.ts';

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
}

/** Keys with their scores, best first; both arrays have the same length. Ties go to the smaller key. */
export interface Candidates {
  readonly keys: Int32Array;
  readonly scores: Float32Array;
  /** How many documents match in all (lexical), or were searched (dense); at least `keys.length`. */
  readonly total: number;
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
  lexical(request: LexicalRequest): Promise<Candidates>;
  dense(request: DenseRequest): Promise<Candidates>;
  /** Exact cosines of the given papers with an embedding, `NaN` where a paper has none. Same order as `keys`. */
  cosines(embedding: Float32Array, keys: Int32Array): Promise<Float32Array>;
  /** Embeddings of the given papers, `undefined` where a paper has none. Same order as `keys`. */
  vectors(keys: readonly PaperKey[]): Promise<(Float32Array | undefined)[]>;
  /** Inverse document frequency of each word as the lexical side weighs it, for evidence and query by paper. */
  idf(words: readonly string[]): Promise<Float32Array>;
  upsert(documents: readonly Document[]): Promise<void>;
  upsertEmbeddings(embeddings: readonly DocumentEmbedding[]): Promise<void>;
  remove(keys: readonly PaperKey[]): Promise<void>;
  /** Makes what is held durable, atomically; afterwards an engine opened on the same workspace starts from it. */
  save(revision: number): Promise<void>;
  counts(): { readonly documents: number; readonly embeddings: number };
  close(): void;
}
