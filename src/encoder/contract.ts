/** How a model is to be used; everything here that changes an embedding is part of its fingerprint. */
export interface ModelDescription {
  /** Registry name, hub id or folder, as the user gave it. */
  readonly name: string;
  readonly dimensions: number;
  /** Texts are cut at this many tokens, special tokens included. */
  readonly maxTokens: number;
  readonly pooling: 'mean' | 'cls';
  readonly queryPrefix: string;
  readonly paperPrefix: string;
  readonly dtype: 'q8' | 'fp32' | 'fp16';
}

export interface PaperText {
  readonly title: string;
  readonly abstract: string;
}

/** Vectors of a text's words. Stop words and punctuation have none, unless there is nothing else. */
export interface TokenVectors {
  readonly dimensions: number;
  /** `[tokens, dimensions]`, row by row: unit vectors in 127ths, so that a dot product is 127² times the cosine. */
  readonly vectors: Int8Array;
}

export interface QueryEmbedding {
  /** `[dimensions]` */
  readonly embedding: Float32Array;
  /** Absent where the model has no basis for them. */
  readonly tokens: TokenVectors | undefined;
}

/** What is found by: the beginning of a paper, and what lies past the model's cut. */
export interface PaperEmbedding {
  /** `[dimensions]`: the first `maxTokens` of title and abstract. */
  readonly embedding: Float32Array;
  /** `[dimensions]`: what comes next, up to as many tokens again, read together with the title; absent where next to nothing does. */
  readonly rest: Float32Array | undefined;
  /** Of the words of the beginning; absent where the model has no basis for them. */
  readonly tokens: TokenVectors | undefined;
}

/** A sentence of an abstract with the embedding that it has by itself. */
export interface SentenceEmbedding {
  /** UTF-16 offsets in the abstract as given. */
  readonly start: number;
  readonly end: number;
  /** `[dimensions]` */
  readonly vector: Float32Array;
}

/** Text -> embedding. Embeddings are `[dimensions]` and of unit length, so a dot product is the cosine. */
export interface Encoder {
  readonly model: ModelDescription;
  /**
   * Names everything that decides an embedding (weights' SHA-256, text form, length, pooling, prefixes, quantisation):
   * two embeddings may be compared only when their fingerprints are equal.
   */
  readonly fingerprint: string;
  /**
   * How many texts are worth having under way at once. More wait their turn, queries before papers, in a bounded queue:
   * beyond it a text is refused with ENCODER_BUSY.
   */
  readonly concurrency: number;
  /** One embedding; the same text gives the same one whatever is encoded beside it. Throws ENCODER_FAILED, ENCODER_BUSY. */
  encodeQuery(text: string): Promise<QueryEmbedding>;
  /** As `encodeQuery`, for what is searched; `rest` takes as long again as `embedding`. */
  encodePaper(text: PaperText): Promise<PaperEmbedding>;
  /**
   * Every sentence by itself, in order, the first 24 of an abstract; those without a word are left out. For
   * an abstract of the usual length it takes twice as long as `embedding`.
   */
  encodeSentences(abstract: string): Promise<readonly SentenceEmbedding[]>;
  /** Ends the encoder: running texts end, waiting ones are rejected with ENCODER_FAILED. May be called again. */
  close(): Promise<void>;
}

/** The most texts a reranker is given at once: some 5 s of one core, and what its queue takes in one piece. */
export const MAX_RERANK_DEPTH = 200;

/** A query and a text -> how relevant the text is, both read together. Slower than an encoder, and better. */
export interface Reranker {
  /** Name, hub id or folder, as the user gave it. */
  readonly model: string;
  /** How many of the first hits are worth scoring. */
  readonly depth: number;
  /**
   * A score in [0, 1] for each text, `[texts]`, comparable within one query. The same pair gets the same score whatever is
   * scored beside it. Throws ENCODER_FAILED, and ENCODER_BUSY where too many pairs are waiting already.
   */
  score(query: string, texts: readonly PaperText[]): Promise<Float32Array>;
  /** Ends the reranker: running pairs end, waiting ones are rejected with ENCODER_FAILED. May be called again. */
  close(): Promise<void>;
}
