import { Decompress } from 'fzstd';
import { STEP_LIMIT_MS, withTimeLimit } from './time-limit.ts';

const MAGIC = 0xfd2fb528;
const isSkippable = (magic: number): boolean => magic >>> 4 === 0x184d2a5;
/** What `zstd` itself takes without being told to; the library keeps a buffer of this size. */
const MAX_WINDOW_BYTES = 128 * 1024 * 1024;
/** The format's own bound on a block. */
const MAX_BLOCK_BYTES = 128 * 1024;
const CHECKSUM_BYTES = 4;
const BLOCK_HEADER_BYTES = 3;
const RAW = 0;
const ONE_BYTE_REPEATED = 1;
const RESERVED = 3;

const NONSENSE = 'its bytes make no sense';

function damaged(reason: string, cause?: unknown): Error {
  return new Error(`the zstd is damaged: ${reason}`, { cause });
}

/** Exact numbers of bytes out of chunks of any size. */
class Arrived {
  private readonly iterator: AsyncIterator<Uint8Array>;
  private rest: Buffer = Buffer.alloc(0);

  constructor(chunks: AsyncIterable<Uint8Array>) {
    this.iterator = chunks[Symbol.asyncIterator]();
  }

  private async more(): Promise<boolean> {
    const next = await this.iterator.next();
    if (next.done) return false;
    const { buffer, byteOffset, byteLength } = next.value;
    this.rest = Buffer.from(buffer, byteOffset, byteLength);
    return true;
  }

  async atEnd(): Promise<boolean> {
    while (this.rest.length === 0) if (!(await this.more())) return true;
    return false;
  }

  async take(count: number): Promise<Buffer> {
    const parts: Buffer[] = [];
    let missing = count;
    while (missing > 0) {
      if (await this.atEnd()) throw damaged('unexpected end of file');
      const part = this.rest.subarray(0, missing);
      this.rest = this.rest.subarray(part.length);
      missing -= part.length;
      parts.push(part);
    }
    return parts.length === 1 && parts[0] ? parts[0] : Buffer.concat(parts);
  }

  async skip(count: number): Promise<void> {
    for (let left = count; left > 0;) {
      if (await this.atEnd()) throw damaged('unexpected end of file');
      const skipped = Math.min(left, this.rest.length);
      this.rest = this.rest.subarray(skipped);
      left -= skipped;
    }
  }

  async close(): Promise<void> {
    await this.iterator.return?.();
  }
}

interface Frame {
  /** As the library takes it: without the checksum, which it would only skip. */
  readonly header: Buffer;
  readonly hasChecksum: boolean;
  readonly contentBytes: bigint | undefined;
}

function windowBytes(descriptor: number): number {
  const base = 2 ** (10 + (descriptor >> 3));
  return base + (base / 8) * (descriptor & 7);
}

/** A number of 1, 2, 4 or 8 bytes, lowest first. */
function littleEndian(bytes: Uint8Array): bigint {
  return bytes.reduceRight((sum, byte) => sum * 256n + BigInt(byte), 0n);
}

/** The frame that begins after its magic number. Refuses what the library would misread or take too much memory for. */
async function frameOf(arrived: Arrived): Promise<Frame> {
  const [flags = 0] = await arrived.take(1);
  const isSingleSegment = (flags & 0x20) !== 0;
  const dictionaryBytes = [0, 1, 2, 4][flags & 3] ?? 0;
  const sizeBytes = [isSingleSegment ? 1 : 0, 2, 4, 8][flags >> 6] ?? 0;
  const rest = await arrived.take((isSingleSegment ? 0 : 1) + dictionaryBytes + sizeBytes);
  const stated = littleEndian(rest.subarray(rest.length - sizeBytes));
  const contentBytes = sizeBytes === 0 ? undefined : sizeBytes === 2 ? stated + 256n : stated;
  const window = isSingleSegment ? Number(contentBytes) : windowBytes(rest[0] ?? 0);
  if (window > MAX_WINDOW_BYTES) throw damaged(`it needs a window of more than ${MAX_WINDOW_BYTES} bytes`);
  const dictionary = rest.subarray(rest.length - sizeBytes - dictionaryBytes, rest.length - sizeBytes);
  if (dictionary.some((byte) => byte !== 0)) throw damaged('it needs a dictionary');
  const magicAndFlags = Buffer.alloc(5);
  magicAndFlags.writeUInt32LE(MAGIC);
  magicAndFlags[4] = flags & ~0x04;
  return { header: Buffer.concat([magicAndFlags, rest]), hasChecksum: (flags & 0x04) !== 0, contentBytes };
}

/** Feeds the library block by block, so that no more than a block is unfolded at a time. */
class Blocks {
  private unfolded: Uint8Array[] = [];
  private unfoldedBytes = 0n;
  private next: { readonly bytes: Buffer; readonly isLast: boolean } | undefined;
  private readonly runStep: () => void;
  private readonly frame: Frame;

  constructor(frame: Frame, stepLimitMs: number) {
    this.frame = frame;
    const library = new Decompress((bytes) => {
      if (bytes.length > 0) this.unfolded.push(bytes);
    });
    library.push(frame.header);
    this.runStep = withTimeLimit(() => {
      if (this.next) library.push(this.next.bytes, this.next.isLast);
    }, stepLimitMs);
  }

  unfold(bytes: Buffer, isLast: boolean): Uint8Array[] {
    this.next = { bytes, isLast };
    try {
      this.runStep();
    } catch (thrown) {
      // Beside its own errors it throws a RangeError, say, from bytes that it does not check.
      throw damaged(NONSENSE, thrown);
    }
    const { unfolded } = this;
    this.unfolded = [];
    for (const part of unfolded) this.unfoldedBytes += BigInt(part.length);
    if (isLast && this.frame.contentBytes !== undefined && this.unfoldedBytes !== this.frame.contentBytes)
      throw damaged('its length is another');
    return unfolded;
  }
}

async function* framesOf(arrived: Arrived, stepLimitMs: number): AsyncGenerator<Uint8Array> {
  while (!(await arrived.atEnd())) {
    const magic = (await arrived.take(4)).readUInt32LE();
    if (isSkippable(magic)) {
      await arrived.skip((await arrived.take(4)).readUInt32LE());
      continue;
    }
    if (magic !== MAGIC) throw damaged('something other than zstd follows');
    const frame = await frameOf(arrived);
    const blocks = new Blocks(frame, stepLimitMs);
    for (let isLast = false; !isLast;) {
      const header = await arrived.take(BLOCK_HEADER_BYTES);
      const bits = header.readUIntLE(0, BLOCK_HEADER_BYTES);
      isLast = (bits & 1) === 1;
      const type = (bits >> 1) & 3;
      const bytes = bits >> 3;
      if (type === RESERVED || bytes > MAX_BLOCK_BYTES) throw damaged(NONSENSE);
      const body = await arrived.take(type === ONE_BYTE_REPEATED ? 1 : bytes);
      // An empty block costs the library as much as a full one, and a file could hold nothing else.
      const isEmpty = bytes === 0 && (type === RAW || type === ONE_BYTE_REPEATED);
      if (!isEmpty || isLast) yield* blocks.unfold(Buffer.concat([header, body]), isLast);
    }
    if (frame.hasChecksum) await arrived.skip(CHECKSUM_BYTES);
  }
}

/** Whether these are the first bytes of zstd, of a frame or of one to skip (as `pzstd` writes them). */
export function isZstd(head: Uint8Array): boolean {
  const [first = 0, second, third, fourth] = head;
  if (first === 0x28) return second === 0xb5 && third === 0x2f && fourth === 0xfd;
  return first >> 4 === 5 && second === 0x2a && third === 0x4d && fourth === 0x18;
}

/**
 * Decompresses zstd, any number of concatenated frames, with windows of up to 128 MiB. Damaged or truncated input: the
 * blocks before the damage (up to 128 KiB of text each) are yielded, then an Error is thrown that says what is wrong.
 * Frames' checksums are not checked, as the library does not; their lengths are.
 */
export async function* unzstd(
  chunks: AsyncIterable<Uint8Array>,
  stepLimitMs = STEP_LIMIT_MS,
): AsyncGenerator<Uint8Array> {
  const arrived = new Arrived(chunks);
  try {
    yield* framesOf(arrived, stepLimitMs);
  } finally {
    await arrived.close();
  }
}
