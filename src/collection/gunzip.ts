import { createGunzip } from 'node:zlib';

/** Deflate expands at most about 1,030 times, so one part inflates to 17 MB at worst: the bound on what waits here. */
const PART_BYTES = 16 * 1024;
/** Inflate loses what it has not handed out when it meets damage; up to this much is kept to be inflated again, slowly. */
const RESCUE_BYTES = 4 * 1024 * 1024;

export function isGzip(head: Uint8Array): boolean {
  return head[0] === 0x1f && head[1] === 0x8b;
}

function split(chunk: Uint8Array, partBytes: number): Uint8Array[] {
  const parts: Uint8Array[] = [];
  for (let start = 0; start < chunk.length; start += partBytes) parts.push(chunk.subarray(start, start + partBytes));
  return parts;
}

/** Node's gunzip as calls instead of events: its stream drops what was inflated as soon as it fails. */
class Inflater {
  private readonly gunzip = createGunzip({ chunkSize: 64 * 1024 });
  private ready: Buffer[] = [];
  private ended = false;
  private failure: Error | undefined;
  private fedBytes = 0;
  private settle: () => void = () => undefined;

  constructor() {
    this.gunzip.on('data', (bytes: Buffer) => this.ready.push(bytes));
    this.gunzip.on('end', () => {
      this.ended = true;
      this.settle();
    });
    this.gunzip.on('error', (error) => {
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
    await this.settled((done) => this.gunzip.write(part, done));
    if (this.ended) this.checkPadding(part.subarray(part.length - (this.fedBytes - this.gunzip.bytesWritten)));
  }

  /** Zeros after the last member are padding; anything else would be lost in silence. */
  private checkPadding(rest: Uint8Array): void {
    if (rest.some((byte) => byte !== 0)) this.failure = new Error('something other than gzip follows');
  }

  async finish(): Promise<void> {
    if (this.failure || this.ended) return;
    await this.settled(() => this.gunzip.end());
    while (!this.ended && !this.failure) await this.settled(() => undefined);
  }

  /** What is inflated so far; throws only once everything before the failure is taken. */
  take(): Buffer[] {
    const taken = this.ready;
    this.ready = [];
    if (taken.length === 0 && this.failure) throw new Error(`the gzip is damaged: ${this.failure.message}`);
    return taken;
  }

  close(): void {
    this.gunzip.destroy();
  }
}

async function* inflate(parts: AsyncIterable<Uint8Array> | Iterable<Uint8Array>): AsyncGenerator<Buffer> {
  const inflater = new Inflater();
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

  async *passing(chunks: AsyncIterable<Uint8Array>): AsyncGenerator<Uint8Array> {
    for await (const chunk of chunks) {
      for (const part of split(chunk, PART_BYTES)) {
        this.bytes += part.length;
        if (this.bytes <= RESCUE_BYTES) this.parts.push(part);
        else this.parts = [];
        yield part;
      }
    }
  }

  /** The same bytes again, the last part byte by byte so that inflate hands out all that precedes the damage. */
  again(): Uint8Array[] {
    const last = this.parts.at(-1);
    return last ? [...this.parts.slice(0, -1), ...split(last, 1)] : [];
  }
}

/** What a second, slower attempt gets out of a damaged input beyond the bytes yielded already. */
async function* rescued(held: Held, skipBytes: number): AsyncGenerator<Buffer> {
  let toSkip = skipBytes;
  try {
    for await (const bytes of inflate(held.again())) {
      const rest = bytes.subarray(Math.min(toSkip, bytes.length));
      toSkip -= bytes.length - rest.length;
      if (rest.length > 0) yield rest;
    }
  } catch {
    // It fails where the first attempt did; the caller throws that first failure.
  }
}

/**
 * Inflates gzip, any number of concatenated members. Damaged or truncated input: everything before the damage is
 * yielded (past 4 MiB of gzip, all but the last 64 KiB), then an Error is thrown that says what is wrong.
 */
export async function* gunzipped(chunks: AsyncIterable<Uint8Array>): AsyncGenerator<Buffer> {
  const held = new Held();
  let yieldedBytes = 0;
  try {
    for await (const bytes of inflate(held.passing(chunks))) {
      yieldedBytes += bytes.length;
      yield bytes;
    }
  } catch (thrown) {
    yield* rescued(held, yieldedBytes);
    throw thrown;
  }
}
