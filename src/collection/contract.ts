import type { Readable } from 'node:stream';
import type { Paper } from '../domain/mod.ts';

/** What a reader yields, in the order of the file. `line` counts from 1. */
export type Reading =
  | { readonly kind: 'paper'; readonly paper: Paper; readonly file: string; readonly line: number }
  | { readonly kind: 'rejected'; readonly file: string; readonly line: number; readonly reason: string };

/** Bytes to read papers from. */
export interface Input {
  /** Shown in messages and rejections: a path, or `-` for standard input. */
  readonly name: string;
  readonly stream: Readable;
}

/** A line of text, or the fact that it was longer than `limitBytes` (its bytes are dropped, not kept). */
export type Line =
  | { readonly number: number; readonly text: string }
  | { readonly number: number; readonly tooLong: true; readonly limitBytes: number };

/** One format. A reader is a pure function of lines: no file is opened and nothing is kept beyond the paper at hand. */
export interface Format {
  readonly name: string;
  /** Whether the beginning of a decompressed input (up to 64 KiB, possibly cut anywhere) looks like this format. */
  readonly recognises: (beginning: string) => boolean;
  readonly read: (lines: AsyncIterable<Line>, file: string) => AsyncIterable<Reading>;
}
