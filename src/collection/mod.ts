import type { Format, Input, Reading } from './contract.ts';
import { formatNamed, formatOf } from './formats.ts';
import { damage, readLines } from './lines.ts';
import { decoded, openInput, peek, type DecodeOptions, type Peeked } from './open.ts';

export type { Format, Input, Line, Reading } from './contract.ts';
export { FORMATS } from './formats.ts';
export { sizeOf } from './open.ts';

export interface ReadOptions extends DecodeOptions {
  /** Name of a format; recognised from the content when absent. */
  readonly format?: string;
  /** Longer lines are rejected. Bounds the memory a reader takes. */
  readonly maxLineBytes?: number;
}

export interface PathSource {
  /** `-`: standard input. */
  readonly path: string;
  /** What messages and rejections call it; the path itself when absent. */
  readonly name?: string;
}

/** How much of an input its format is recognised from. */
const BEGINNING_BYTES = 64 * 1024;

function formatFor(beginning: Peeked, file: string): Format | undefined {
  const text = beginning.head.toString('utf8').replace(/^\uFEFF/, '');
  if (text.trim() === '' && beginning.complete) {
    if ('failure' in beginning) throw damage(file, 1, beginning.failure);
    return undefined;
  }
  try {
    return formatOf(text, file);
  } catch (unknown) {
    // A damaged input may be unrecognisable only because so little of it was left.
    throw 'failure' in beginning ? damage(file, 1, beginning.failure) : unknown;
  }
}

/**
 * Papers and rejections of a file (`-`: standard input) or of an open input, in its order, in constant memory; an empty
 * input gives none. The input is closed at the end, whichever way it ends.
 * Throws FILE_NOT_FOUND, UNKNOWN_FORMAT, USAGE (no such format), PAYLOAD_TOO_LARGE (past `maxBytes`), and BAD_INPUT with
 * the line reached when the input is damaged; the readings before the damage come first.
 */
export async function* readPapers(source: PathSource | Input, options: ReadOptions = {}): AsyncGenerator<Reading> {
  const named = options.format === undefined ? undefined : formatNamed(options.format);
  const input = 'path' in source ? await openInput(source.path, source.name) : source;
  try {
    const beginning = await peek(decoded(input, options), BEGINNING_BYTES);
    try {
      const format = named ?? formatFor(beginning, input.name);
      if (format) yield* format.read(readLines(beginning.chunks, { ...options, file: input.name }), input.name);
    } finally {
      await beginning.close();
    }
  } finally {
    input.stream.destroy();
  }
}
