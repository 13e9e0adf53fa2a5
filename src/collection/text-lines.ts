import { AppError } from '../errors.ts';
import { decompressed, MAGIC_BYTES } from './decompress.ts';
import { toUtf8 } from './encoding.ts';
import { DEFAULT_MAX_RECORD_BYTES, readLines, tooLong } from './lines.ts';
import { openInput } from './open.ts';
import { peek } from './peek.ts';

/** A line of a text file, with its number from 1. */
export interface TextLine {
  readonly number: number;
  readonly text: string;
}

/**
 * The lines of a text file, compressed or not and in any encoding, in bounded memory. Throws FILE_NOT_FOUND, and BAD_INPUT
 * with the line reached where the file is damaged or a line is too long.
 */
export async function* readTextLines(path: string): AsyncGenerator<TextLine> {
  const { name: file, stream } = await openInput(path);
  const whole = await peek(stream, MAGIC_BYTES);
  try {
    const chunks = toUtf8(decompressed(whole));
    for await (const line of readLines({ file, chunks, maxRecordBytes: DEFAULT_MAX_RECORD_BYTES })) {
      if ('tooLong' in line)
        throw new AppError('BAD_INPUT', { file, line: line.number, reason: tooLong(line.limitBytes) });
      yield line;
    }
  } finally {
    await whole.close();
    stream.destroy();
  }
}
