import type { Encoder } from '../encoder/contract.ts';
import type { PendingText, Store } from '../store/mod.ts';

export interface EmbedOptions {
  readonly store: Store;
  readonly encoder: Encoder;
  /** The number under which the store files the encoder's fingerprint. */
  readonly fingerprint: number;
  readonly signal: AbortSignal;
  /** After each batch, once it is stored; `done` counts texts. */
  readonly onStored: (done: number) => void;
}

// Thirty batches a minute on two cores: little is lost when killed, and a running server learns of new papers soon.
const BATCH = 256;

/** One of each text, without those that are under way already. */
function distinct(pending: readonly PendingText[], underWay: ReadonlySet<string>): Map<string, PendingText> {
  const byHash = new Map<string, PendingText>();
  for (const text of pending) {
    const hash = Buffer.from(text.textHash).toString('hex');
    if (!underWay.has(hash)) byHash.set(hash, text);
  }
  return byHash;
}

/**
 * Embeds every text that has no embedding of this fingerprint yet. While one batch is stored the next is being encoded,
 * so the encoder never waits. Stops after the batch under way when the signal aborts. Returns how many texts it embedded.
 */
export async function embedPending({ store, encoder, fingerprint, signal, onStored }: EmbedOptions): Promise<number> {
  let done = 0;
  let after = 0;
  // The next batch is read before this one is stored, so the store may still name a text of it as waiting.
  let underWay: ReadonlySet<string> = new Set();
  const next = (): { texts: PendingText[]; vectors: Promise<Float32Array[]> } | undefined => {
    if (signal.aborted) return undefined;
    const pending = store.pending(fingerprint, after, BATCH);
    after = pending.at(-1)?.key ?? after;
    if (pending.length === 0) return undefined;
    const byHash = distinct(pending, underWay);
    const texts = [...byHash.values()];
    underWay = new Set(byHash.keys());
    const vectors = Promise.all(texts.map((text) => encoder.encodePaper(text)));
    // It is awaited a turn later; a failure before then must not count as unhandled.
    vectors.catch(() => undefined);
    return { texts, vectors };
  };
  let current = next();
  while (current) {
    const following = next();
    const vectors = await current.vectors;
    store.putEmbeddings(
      fingerprint,
      current.texts.flatMap(({ textHash }, i) => {
        const vector = vectors[i];
        return vector ? [{ textHash, vector }] : [];
      }),
    );
    done += current.texts.length;
    onStored(done);
    current = following;
  }
  return done;
}
