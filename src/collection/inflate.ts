import { createGunzip, createInflateRaw, type Gunzip, type InflateRaw } from 'node:zlib';

/** Deflate expands at most about 1,030 times, so one part inflates to 17 MB at worst: the bound on what waits here. */
const PART_BYTES = 16 * 1024;
/** Inflate loses what it has not handed out when it meets damage; up to this much is kept to be inflated again. */
const RESCUE_BYTES = 4 * 1024 * 1024;
/** Byte by byte at last, but only within a piece: each is a call into another thread. */
const PIECES_BYTES = [128, 1];
const CHUNK_BYTES = 64 * 1024;

export function isGzip(head: Uint8Array): boolean {
  return head[0] === 0x1f && head[1] === 0x8b;
}

function split(chunk: Uint8Array, partBytes: number): Uint8Array[] {
  const parts: Uint8Array[] = [];
  for (let start = 0; start < chunk.length; start += partBytes) parts.push(chunk.subarray(start, start + partBytes));
  return parts;
}

/** A gzip file, or a member of a zip, which is deflate alone. */
export type Deflated = 'gzip' | 'zip';

/** Node's inflate as calls instead of events: its stream drops what was inflated as soon as it fails. */
class Inflater {
  private readonly zlib: Gunzip | InflateRaw;
  private readonly what: Deflated;
  private ready: Buffer[] = [];
  private ended = false;
  private failure: Error | undefined;
  private fedBytes = 0;
  private settle: () => void = () => undefined;

  constructor(what: Deflated) {
    this.what = what;
    this.zlib =
      what === 'gzip' ? createGunzip({ chunkSize: CHUNK_BYTES }) : createInflateRaw({ chunkSize: CHUNK_BYTES });
    this.zlib.on('data', (bytes: Buffer) => this.ready.push(bytes));
    this.zlib.on('end', () => {
      this.ended = true;
      this.settle();
    });
    this.zlib.on('error', (error) => {
      this.failure = error;
      this.settle();
    });
  }

  private settled(begin: (done: () => void) => void): Promise<void> {
    return new Promise((resolve) => {
      this.settle = resolve;
      begin(resolve);
    });
  }

  async feed(part: Uint8Array): Promise<void> {
    if (this.failure) return;
    if (this.ended) return this.checkPadding(part);
    this.fedBytes += part.length;
    await this.settled((done) => this.zlib.write(part, done));
    if (this.ended) this.checkPadding(part.subarray(part.length - (this.fedBytes - this.zlib.bytesWritten)));
  }

  /** Zeros after the last member are padding; anything else would be lost in silence. */
  private checkPadding(rest: Uint8Array): void {
    if (rest.some((byte) => byte !== 0)) this.failure = new Error(`something other than ${this.what} follows`);
  }

  async finish(): Promise<void> {
    if (this.failure || this.ended) return;
    await this.settled(() => this.zlib.end());
    while (!this.ended && !this.failure) await this.settled(() => undefined);
  }

  /** What is inflated so far; throws only once everything before the failure is taken. */
  take(): Buffer[] {
    const taken = this.ready;
    this.ready = [];
    if (taken.length === 0 && this.failure) throw new Error(`the ${this.what} is damaged: ${this.failure.message}`);
    return taken;
  }

  close(): void {
    this.zlib.destroy();
  }
}

async function* inflate(
  parts: AsyncIterable<Uint8Array> | Iterable<Uint8Array>,
  what: Deflated,
): AsyncGenerator<Buffer> {
  const inflater = new Inflater(what);
  try {
    for await (const part of parts) {
      await inflater.feed(part);
      for (let taken = inflater.take(); taken.length > 0; taken = inflater.take()) yield* taken;
    }
    await inflater.finish();
    for (let taken = inflater.take(); taken.length > 0; taken = inflater.take()) yield* taken;
  } finally {
    inflater.close();
  }
}

/** The parts fed so far, as long as they are few enough to be kept. */
class Held {
  private parts: Uint8Array[] = [];
  private bytes = 0;

  async *passing(parts: AsyncIterable<Uint8Array> | Iterable<Uint8Array>): AsyncGenerator<Uint8Array> {
    for await (const part of parts) {
      this.bytes += part.length;
      if (this.bytes <= RESCUE_BYTES) this.parts.push(part);
      else this.parts = [];
      yield part;
    }
  }

  /** The same bytes again, the last part in pieces, so that inflate hands out more of what precedes the damage in it. */
  again(pieceBytes: number): Uint8Array[] {
    const last = this.parts.at(-1);
    return last ? [...this.parts.slice(0, -1), ...split(last, pieceBytes)] : [];
  }
}

/**
 * What inflate hands out after `skipBytes`. Where it fails it is tried again with the last part in pieces, of the sizes of
 * `finer` in turn, for what it held back; the failure is thrown at the end.
 */
async function* salvaged(
  parts: AsyncIterable<Uint8Array> | Iterable<Uint8Array>,
  what: Deflated,
  skipBytes: number,
  [pieceBytes, ...finer]: readonly number[],
): AsyncGenerator<Buffer> {
  const held = new Held();
  let inflatedBytes = 0;
  let handedOut = skipBytes;
  try {
    for await (const bytes of inflate(held.passing(parts), what)) {
      const rest = bytes.subarray(Math.max(0, Math.min(handedOut - inflatedBytes, bytes.length)));
      inflatedBytes += bytes.length;
      handedOut = Math.max(handedOut, inflatedBytes);
      if (rest.length > 0) yield rest;
    }
  } catch (thrown) {
    try {
      if (pieceBytes !== undefined) yield* salvaged(held.again(pieceBytes), what, handedOut, finer);
    } catch {
      // It fails where the first attempt did; what failed that one is the reason.
    }
    throw thrown;
  }
}

async function* partsOf(chunks: AsyncIterable<Uint8Array>): AsyncGenerator<Uint8Array> {
  for await (const chunk of chunks) yield* split(chunk, PART_BYTES);
}

/**
 * Inflates gzip (any number of concatenated members) or a member of a zip. Damaged or truncated input: everything before
 * the damage is yielded (past 4 MiB of input, all but the last 64 KiB), then an Error is thrown that says what is wrong.
 */
export function inflated(chunks: AsyncIterable<Uint8Array>, what: Deflated): AsyncGenerator<Buffer> {
  return salvaged(partsOf(chunks), what, 0, PIECES_BYTES);
}
