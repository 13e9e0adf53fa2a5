import type { Paper } from '../../domain/mod.ts';

/** A paper as it is written. */
export interface Written extends Paper {
  /** What whoever keeps the paper noted about it, in lines of their own; absent where there is none. */
  readonly note?: string;
}

/** One format that papers are written in. What it writes, the reader of the same format reads back without loss. */
export interface Writer {
  readonly name: string;
  /** What people call it, for messages and the browser. */
  readonly title: string;
  /** How the names of its files end, after the dot. */
  readonly extension: string;
  readonly mediaType: string;
  /** Name of the format that reads it back. */
  readonly reads: string;
  /** Text in pieces of some size, in the order of the papers; memory does not grow with their number. */
  readonly write: (papers: AsyncIterable<Written> | Iterable<Written>) => AsyncIterable<string>;
}

interface Layout extends Omit<Writer, 'write'> {
  readonly paper: (paper: Written) => string;
  readonly opening?: string;
  readonly between?: string;
  readonly closing?: string;
}

/** A stream handles pieces of this size several times faster than papers one by one (two thousand characters each). */
const PIECE_CHARS = 1 << 16;

/** The writer of a format whose papers stand one after the other. */
export function writerOf({ paper, opening = '', between = '', closing = '', ...about }: Layout): Writer {
  async function* write(papers: AsyncIterable<Written> | Iterable<Written>): AsyncGenerator<string> {
    let piece = opening;
    let first = true;
    for await (const each of papers) {
      piece += first ? paper(each) : between + paper(each);
      first = false;
      if (piece.length < PIECE_CHARS) continue;
      yield piece;
      piece = '';
    }
    if (piece + closing !== '') yield piece + closing;
  }
  return { ...about, write };
}
