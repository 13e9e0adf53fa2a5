// oxlint-disable-next-line typescript/triple-slash-reference -- it declares what the package lacks, and exports nothing
/// <reference path="./unbzip2.d.ts" />
import bitIterator from 'unbzip2-stream/lib/bit_iterator.js';
import bzip2 from 'unbzip2-stream/lib/bzip2.js';
import { STEP_LIMIT_MS, withTimeLimit } from './time-limit.ts';

const HEADER_BYTES = 4;
/** A block that would not get smaller takes 100,000 bytes a level, and its tables less than the rest of this. */
const blockBytes = (level: number): number => 25_000 + 100_000 * level;
const FIRST_ROOM_BYTES = 1024 * 1024;
const CHUNK_BYTES = 64 * 1024;

/** The bytes of a block as they are found. A block of runs only unfolds to 47 MB, and an array of numbers took eight times that. */
class Unfolded {
  private room = Buffer.allocUnsafe(FIRST_ROOM_BYTES);
  private length = 0;

  readonly add = (byte: number): void => {
    if (this.length === this.room.length) this.room = Buffer.concat([this.room, Buffer.allocUnsafe(this.room.length)]);
    this.room[this.length] = byte;
    this.length += 1;
  };

  *take(): Generator<Buffer> {
    const block = Buffer.from(this.room.subarray(0, this.length));
    this.length = 0;
    for (let start = 0; start < block.length; start += CHUNK_BYTES) yield block.subarray(start, start + CHUNK_BYTES);
  }
}

/** bzip2 as steps, each of them a header or a block. */
class Decoder {
  private readonly received: Uint8Array[] = [new Uint8Array(0)];
  private receivedBytes = 0;
  private readonly bits = bitIterator(() => {
    const next = this.received.shift();
    if (!next) throw new Error('unexpected end of file');
    return next;
  });
  private level = 0;
  private checksum = 0;
  private buffer = new Int32Array(0);
  private readonly unfolded = new Unfolded();
  private readonly runStep: () => void;

  constructor(stepLimitMs: number) {
    this.runStep = withTimeLimit(() => this.advance(), stepLimitMs);
  }

  receive(chunk: Uint8Array): void {
    if (chunk.length === 0) return;
    this.received.push(chunk);
    this.receivedBytes += chunk.length;
  }

  get withinStream(): boolean {
    return this.level > 0;
  }

  get unreadBytes(): number {
    return this.receivedBytes - this.bits.bytesRead;
  }

  /** Whether the next step has all that it can need. */
  get hasEnough(): boolean {
    return this.unreadBytes >= (this.withinStream ? blockBytes(this.level) : HEADER_BYTES);
  }

  *step(): Generator<Buffer> {
    this.runStep();
    yield* this.unfolded.take();
  }

  private advance(): void {
    if (!this.withinStream) {
      this.level = bzip2.header(this.bits);
      this.checksum = 0;
      this.buffer = new Int32Array(100_000 * this.level);
      return;
    }
    const checksum = bzip2.decompress(this.bits, this.unfolded.add, this.buffer, this.buffer.length, this.checksum);
    if (checksum === null) this.level = 0;
    else this.checksum = checksum;
  }
}

/** The library's own messages tell nothing ("moo i'm a cow"). */
function reasonFor(thrown: unknown): string {
  const message = thrown instanceof Error ? thrown.message : '';
  if (message.startsWith('unexpected end')) return message;
  if (/crc/i.test(message)) return 'its checksum is another';
  return 'its bytes make no sense';
}

async function* decoded(chunks: AsyncIterable<Uint8Array>, decoder: Decoder): AsyncGenerator<Buffer> {
  for await (const chunk of chunks) {
    decoder.receive(chunk);
    while (decoder.hasEnough) yield* blamed(decoder);
  }
  while (decoder.unreadBytes > 0) yield* blamed(decoder);
  if (decoder.withinStream) throw new Error('the bzip2 is damaged: unexpected end of file');
}

function* blamed(decoder: Decoder): Generator<Buffer> {
  try {
    yield* decoder.step();
  } catch (thrown) {
    throw new Error(`the bzip2 is damaged: ${reasonFor(thrown)}`, { cause: thrown });
  }
}

/** Whether these are the first bytes of bzip2: of its header, and of the block or the end after it. */
export function isBzip2(head: Uint8Array): boolean {
  const [letterB, letterZ, letterH, level = 0, first, second] = head;
  const begins = letterB === 0x42 && letterZ === 0x5a && letterH === 0x68 && level >= 0x31 && level <= 0x39;
  return begins && ((first === 0x31 && second === 0x41) || (first === 0x17 && second === 0x72));
}

/**
 * Decompresses bzip2, any number of concatenated streams. Damaged or truncated input: the blocks before the damage (up to
 * 900 kB of text each) are yielded, then an Error is thrown that says what is wrong.
 */
export function bunzipped(chunks: AsyncIterable<Uint8Array>, stepLimitMs = STEP_LIMIT_MS): AsyncGenerator<Buffer> {
  return decoded(chunks, new Decoder(stepLimitMs));
}
