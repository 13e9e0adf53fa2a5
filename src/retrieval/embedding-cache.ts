import type { QueryEmbedding } from '../encoder/contract.ts';
import { AppError } from '../errors.ts';

/** The embeddings of the queries asked last, so that paging and refining a query does not encode it again. */
export class EmbeddingCache {
  readonly #capacity: number;
  readonly #encode: (text: string) => Promise<QueryEmbedding>;
  readonly #held = new Map<string, Promise<QueryEmbedding>>();

  constructor(capacity: number, encode: (text: string) => Promise<QueryEmbedding>) {
    this.#capacity = capacity;
    this.#encode = encode;
  }

  get(text: string): Promise<QueryEmbedding> {
    const held = this.#held.get(text);
    const embedding = held ?? this.#encode(text);
    this.#held.delete(text);
    this.#held.set(text, embedding);
    // A failure is not remembered: the next one to ask tries again.
    if (!held) embedding.catch(() => this.#held.delete(text));
    const oldest = this.#held.keys().next();
    if (this.#held.size > this.#capacity && !oldest.done) this.#held.delete(oldest.value);
    return embedding;
  }
}

/** Ranking and evidence use one embedding: what failed for the one is not tried again for the other. */
export function once<T>(make: () => T): () => T {
  let made: { readonly value: T } | undefined;
  return () => (made ??= { value: make() }).value;
}

/** What the dense side says of a failure is said once, by `rank`; what is no AppError is a bug. */
export function orUndefined(error: unknown): undefined {
  if (!(error instanceof AppError)) throw error;
  return undefined;
}
