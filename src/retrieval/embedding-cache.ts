/** The embeddings of the queries asked last, so that paging and refining a query does not encode it again. */
export class EmbeddingCache {
  readonly #capacity: number;
  readonly #encode: (text: string) => Promise<Float32Array>;
  readonly #held = new Map<string, Promise<Float32Array>>();

  constructor(capacity: number, encode: (text: string) => Promise<Float32Array>) {
    this.#capacity = capacity;
    this.#encode = encode;
  }

  get(text: string): Promise<Float32Array> {
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
