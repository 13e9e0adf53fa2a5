import { AppError, reasonOf } from '../errors.ts';
import type { Line } from './contract.ts';

/** The longest abstract, a thousand authors and every other field together stay far below this. */
export const DEFAULT_MAX_LINE_BYTES = 4 * 1024 * 1024;

export interface LineOptions {
  /** Shown in the error of a damaged input. */
  readonly file: string;
  readonly maxLineBytes?: number;
}

const NEWLINE = 0x0a;
const CARRIAGE_RETURN = 0x0d;
const BYTE_ORDER_MARK = '\uFEFF';
/** A sender of one-byte chunks must not make us keep one object a byte: beyond this many, parts are joined. */
const MAX_PARTS = 1024;

/** The bytes of a line that is still arriving; past the limit only the fact is kept. */
class ArrivingLine {
  private parts: Uint8Array[] = [];
  private bytes = 0;
  private readonly maxBytes: number;

  constructor(maxBytes: number) {
    this.maxBytes = maxBytes;
  }

  get empty(): boolean {
    return this.bytes === 0;
  }

  add(part: Uint8Array): void {
    this.bytes += part.length;
    if (this.bytes > this.maxBytes) this.parts = [];
    else if (part.length > 0) this.parts.push(part);
    if (this.parts.length > MAX_PARTS) this.parts = [Buffer.concat(this.parts)];
  }

  /** The line as it stands, and a fresh start for the next one. */
  take(number: number): Line {
    const line: Line =
      this.bytes > this.maxBytes
        ? { number, tooLong: true, limitBytes: this.maxBytes }
        : { number, text: textOf(this.parts, number) };
    this.parts = [];
    this.bytes = 0;
    return line;
  }
}

function textOf(parts: readonly Uint8Array[], number: number): string {
  const first = parts[0];
  if (!first) return '';
  const bytes =
    parts.length === 1 ? Buffer.from(first.buffer, first.byteOffset, first.byteLength) : Buffer.concat(parts);
  const end = bytes[bytes.length - 1] === CARRIAGE_RETURN ? bytes.length - 1 : bytes.length;
  const text = bytes.toString('utf8', 0, end);
  return number === 1 && text.startsWith(BYTE_ORDER_MARK) ? text.slice(1) : text;
}

/** What is thrown when the input itself fails under way: BAD_INPUT with the line reached; an AppError stays as it is. */
export function damage(file: string, line: number, thrown: unknown): AppError {
  if (thrown instanceof AppError) return thrown;
  return new AppError('BAD_INPUT', { file, line, reason: reasonOf(thrown) }, { cause: thrown });
}

async function* blaming(
  chunks: AsyncIterable<Uint8Array>,
  file: string,
  lineReached: () => number,
): AsyncGenerator<Uint8Array> {
  try {
    yield* chunks;
  } catch (thrown) {
    throw damage(file, lineReached(), thrown);
  }
}

/**
 * Bytes to numbered lines, split at `\n` or `\r\n`; a UTF-8 byte order mark is skipped and invalid UTF-8 becomes U+FFFD.
 * Memory is bounded by `maxLineBytes` plus a chunk, whatever the input. When the input fails under way, the complete
 * lines before the failure are yielded first, then BAD_INPUT with the line reached is thrown.
 */
export async function* readLines(chunks: AsyncIterable<Uint8Array>, options: LineOptions): AsyncGenerator<Line> {
  const arriving = new ArrivingLine(options.maxLineBytes ?? DEFAULT_MAX_LINE_BYTES);
  let number = 1;
  for await (const chunk of blaming(chunks, options.file, () => number)) {
    let start = 0;
    for (let end = chunk.indexOf(NEWLINE); end >= 0; end = chunk.indexOf(NEWLINE, start)) {
      arriving.add(chunk.subarray(start, end));
      yield arriving.take(number);
      number += 1;
      start = end + 1;
    }
    arriving.add(chunk.subarray(start));
  }
  if (!arriving.empty) yield arriving.take(number);
}
