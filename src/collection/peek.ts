export interface Peeked {
  /** At least the bytes asked for, or all there are. */
  readonly head: Buffer;
  /** Everything, the head included; throws what the source threw, after the bytes before it. */
  readonly chunks: AsyncIterable<Buffer>;
  /** Whether the source ended or failed within the head. */
  readonly complete: boolean;
  /** What the source threw within the head. */
  readonly failure?: unknown;
  /** To be called when `chunks` is not read. */
  readonly close: () => Promise<void>;
}

/** Reads the beginning without losing it. Never throws: a failure of the source is kept for `chunks`. */
export async function peek(chunks: AsyncIterable<Uint8Array>, bytes: number): Promise<Peeked> {
  const iterator = chunks[Symbol.asyncIterator]();
  const read: Uint8Array[] = [];
  let readBytes = 0;
  let complete = false;
  let failed: { readonly failure: unknown } | undefined;
  while (readBytes < bytes && !complete) {
    try {
      const next = await iterator.next();
      if (next.done) complete = true;
      else {
        read.push(next.value);
        readBytes += next.value.length;
      }
    } catch (failure) {
      complete = true;
      failed = { failure };
    }
  }
  const head = Buffer.concat(read);
  const close = async () => {
    await iterator.return?.();
  };
  async function* all(): AsyncGenerator<Buffer> {
    try {
      if (head.length > 0) yield head;
      if (failed) throw failed.failure;
      while (!complete) {
        const next = await iterator.next();
        if (next.done) return;
        yield Buffer.from(next.value.buffer, next.value.byteOffset, next.value.byteLength);
      }
    } finally {
      await close();
    }
  }
  return { head, chunks: all(), complete, ...failed, close };
}
