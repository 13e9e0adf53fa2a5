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

// Fifteen batches a minute on two cores: little is lost when killed, and a running server learns of new papers soon.
const BATCH = 256;

/** Batches of texts, each encoded and then stored. */
interface Batches<Text, Encoded> {
  /** The next texts; `undefined` after the last. */
  readonly read: () => readonly Text[] | undefined;
  readonly encode: (text: Text) => Promise<Encoded>;
  readonly store: (encoded: readonly (readonly [Text, Encoded])[]) => void;
}

/**
 * While one batch is stored the next is being encoded, so the encoder never waits. Stops after the batch under way when the
 * signal aborts. Returns how many texts it encoded.
 */
async function inBatches<Text, Encoded>(
  { read, encode, store }: Batches<Text, Encoded>,
  { signal, onStored }: Pick<EmbedOptions, 'signal' | 'onStored'>,
): Promise<number> {
  let done = 0;
  const next = (): { encoded: Promise<(readonly [Text, Encoded])[]> } | undefined => {
    const texts = signal.aborted ? undefined : read();
    if (!texts) return undefined;
    const encoded = Promise.all(texts.map(async (text) => [text, await encode(text)] as const));
    // It is awaited a turn later; a failure before then must not count as unhandled.
    encoded.catch(() => undefined);
    return { encoded };
  };
  let current = next();
  while (current) {
    const following = next();
    const encoded = await current.encoded;
    store(encoded);
    done += encoded.length;
    onStored(done);
    current = following;
  }
  return done;
}

/** One of each text, without those that are under way already. */
function distinct(pending: readonly PendingText[], underWay: ReadonlySet<string>): Map<string, PendingText> {
  const byHash = new Map<string, PendingText>();
  for (const text of pending) {
    const hash = Buffer.from(text.textHash).toString('hex');
    if (!underWay.has(hash)) byHash.set(hash, text);
  }
  return byHash;
}

/** Embeds every text that has no embedding of this fingerprint yet. Returns how many texts it embedded. */
export async function embedPending(options: EmbedOptions): Promise<number> {
  const { store, encoder, fingerprint } = options;
  let after = 0;
  // The next batch is read before this one is stored, so the store may still name a text of it as waiting.
  let underWay: ReadonlySet<string> = new Set();
  return await inBatches(
    {
      read() {
        const pending = store.pending(fingerprint, after, BATCH);
        after = pending.at(-1)?.key ?? after;
        if (pending.length === 0) return undefined;
        const byHash = distinct(pending, underWay);
        underWay = new Set(byHash.keys());
        return [...byHash.values()];
      },
      encode: (text) => encoder.encodePaper(text),
      store(encoded) {
        const rows = encoded.map(([{ textHash }, { embedding, ...more }]) => ({
          textHash,
          vector: embedding,
          ...more,
        }));
        store.putEmbeddings(fingerprint, rows);
      },
    },
    options,
  );
}

/**
 * Embeds the sentences of every text that is embedded and whose sentences are not. Returns how many texts it has gone
 * through.
 */
export async function embedPendingSentences(options: EmbedOptions): Promise<number> {
  const { store, encoder, fingerprint } = options;
  let after = 0;
  return await inBatches(
    {
      read() {
        const pending = store.pendingSentences(fingerprint, after, BATCH);
        after = pending.at(-1)?.label ?? after;
        return pending.length === 0 ? undefined : pending;
      },
      encode: ({ abstract }) => encoder.encodeSentences(abstract),
      store: (encoded) => store.putSentences(encoded.map(([{ label }, sentences]) => ({ label, sentences }))),
    },
    options,
  );
}
