import { AppError, reasonOf } from '../errors.ts';
import { ArrivingBytes } from './arriving.ts';
import type { Content, Line } from './contract.ts';

/** The longest abstract, a thousand authors and every other field together stay far below this. */
export const DEFAULT_MAX_RECORD_BYTES = 4 * 1024 * 1024;

const NEWLINE = 0x0a;
const CARRIAGE_RETURN = 0x0d;
const BYTE_ORDER_MARK = '\uFEFF';

function lineOf(bytes: Buffer | undefined, number: number, limitBytes: number): Line {
  if (!bytes) return { number, tooLong: true, limitBytes };
  const end = bytes[bytes.length - 1] === CARRIAGE_RETURN ? bytes.length - 1 : bytes.length;
  const text = bytes.toString('utf8', 0, end);
  return { number, text: number === 1 && text.startsWith(BYTE_ORDER_MARK) ? text.slice(1) : text };
}

export function tooLong(limitBytes: number): string {
  return `the line is longer than ${limitBytes} bytes`;
}

/** What is thrown when the input itself fails under way: BAD_INPUT with the line reached; an AppError stays as it is. */
export function damage(file: string, line: number, thrown: unknown): AppError {
  if (thrown instanceof AppError) return thrown;
  return new AppError('BAD_INPUT', { file, line, reason: reasonOf(thrown) }, { cause: thrown });
}

/** The same chunks; a failure under way is thrown as BAD_INPUT with the line reached (see `damage`). */
export async function* blaming(
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
 * Memory is bounded by `maxRecordBytes` plus a chunk, whatever the input. When the input fails under way, the complete
 * lines before the failure are yielded first, then BAD_INPUT with the line reached is thrown.
 */
export async function* readLines(content: Omit<Content, 'columns'>): AsyncGenerator<Line> {
  const { maxRecordBytes } = content;
  const arriving = new ArrivingBytes(maxRecordBytes);
  let number = 1;
  for await (const chunk of blaming(content.chunks, content.file, () => number)) {
    let start = 0;
    for (let end = chunk.indexOf(NEWLINE); end >= 0; end = chunk.indexOf(NEWLINE, start)) {
      arriving.add(chunk.subarray(start, end));
      yield lineOf(arriving.take(), number, maxRecordBytes);
      number += 1;
      start = end + 1;
    }
    arriving.add(chunk.subarray(start));
  }
  if (arriving.length > 0) yield lineOf(arriving.take(), number, maxRecordBytes);
}
