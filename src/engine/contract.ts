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

/** Nearest papers of papers by their words. */
export interface Neighbours {
  /** `[keys, k]`: places among the keys asked for, nearest first; -1 where there are no more. */
  readonly places: Int32Array;
  /** `[keys, k]`: cosines, 0 where there are no more. */
  readonly cosines: Float32Array;
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

/** The day of a paper without a date; before every calendar. */
export const UNDATED = -0x8000_0000;

/** A word that another may be a misspelling of. */
export interface NearWord {
  readonly word: string;
  /** Papers that hold its term. */
  readonly papers: number;
}

export interface NameRequest {
  /** A surname, or a given name or initial with a surname, in either order. */
  readonly name: string;
  readonly filter: Filter;
}

/** Who goes by a name. */
export interface Bearers {
  /** Each author with papers of the collection, by the full name as records write it, lower case. */
  readonly persons: ReadonlyMap<string, number>;
  /** Papers of any of them that the filter lets through, the newest of very many. */
  readonly keys: readonly PaperKey[];
  /** Papers that have these words in title or abstract; not counted where no author has the name. */
  readonly inTexts: number;
  /** Whether some texts write them small: they are a word of the language too. */
  readonly isWord: boolean;
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
  /** Papers with a greater key than this, by falling key, at most `limit`: those that came last. */
  newest(after: PaperKey, limit: number): Promise<Int32Array>;
  /** Those of the given papers that the filter lets through, in their order. */
  passing(filter: Filter, keys: readonly PaperKey[]): Promise<PaperKey[]>;
  /** Embeddings of the given papers, `undefined` where a paper has none. Same order as `keys`. */
  vectors(keys: readonly PaperKey[]): Promise<(Float32Array | undefined)[]>;
  /** What the collection's embeddings have in common: their mean, or that of a sample; `undefined` where there are none. */
  meanEmbedding(): Promise<Float32Array | undefined>;
  /** Exact cosines of an embedding (unit length) with those of the given papers; 0.7 µs a paper. */
  cosines(embedding: Float32Array, keys: ArrayLike<PaperKey>): Promise<Cosines>;
  /**
   * Exact cosines of embeddings (unit length) with papers as a whole: with the direction of a paper's embedding plus
   * `restWeight` times that of its rest. `[embeddings][keys]`, NaN where a paper has no embedding; 0.5 µs a paper and 0.2 µs for
   * each of the embeddings, 0.3 µs in all where `restWeight` is 0.
   */
  textCosines(
    embeddings: readonly Float32Array[],
    restWeight: number,
    keys: ArrayLike<PaperKey>,
  ): Promise<Float32Array[]>;
  /**
   * How like the sum of some papers' texts others are, by their terms and pairs of neighbouring terms: cosines with the sum of
   * the papers' unit vectors, each times its share. 0 where a key has no document. Same order as `keys`.
   */
  likeness(papers: readonly PaperKey[], shares: ArrayLike<number>, keys: ArrayLike<PaperKey>): Promise<Float32Array>;
  /** For each of the papers the `k` that its words are most like among the same papers, by the rare ones among their terms. */
  neighbours(keys: readonly PaperKey[], k: number): Promise<Neighbours>;
  /** Counts terms in texts the way this engine reads them, for evidence: by those terms, and all of them together. */
  termCounter(terms: Iterable<string>): (text: string) => TermCounts;
  /** The distinct terms of a query with the weight each has in this collection (its idf), for evidence. */
  termWeights(query: string): Promise<ReadonlyMap<string, number>>;
  /** How many papers hold each word: the most that hold one of its terms, 0 where no paper holds any. Same order. */
  papersWith(words: readonly string[]): Promise<readonly number[]>;
  /**
   * Words one or two edits from a word of the letters a to z, with a term that papers have: a letter changed, left out or
   * added, or two neighbours swapped. In no order; among them may be words that nobody uses, of terms that papers have. Of
   * those two edits away, the likeliest that begin with the same letter.
   */
  nearWords(word: string, edits: 1 | 2): Promise<readonly NearWord[]>;
  /** Whether a paper has these words, in small letters, one after the other; looked for where they are likeliest. */
  isUsed(phrase: string): Promise<boolean>;
  /** Authors of the collection who go by a name. */
  bearers(request: NameRequest): Promise<Bearers>;
  /** Days since 1970 on which papers came out, `UNDATED` where that is not known. Same order as `keys`. */
  days(keys: Int32Array): Promise<Int32Array>;
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
