import type { Readable } from 'node:stream';
import type { Paper } from '../domain/mod.ts';

/** Where a record begins: the file (`archive.zip/member` inside an archive) and its line, from 1. */
export interface Position {
  readonly file: string;
  readonly line: number;
}

/** Why a record gave no paper. `field` is there where one field is to blame. */
export interface Reason {
  readonly reason: string;
  readonly field?: string | undefined;
}

/** What a reader yields, in the order of the file. */
export type Reading =
  | ({ readonly kind: 'paper'; readonly paper: Paper } & Position)
  | ({ readonly kind: 'rejected' } & Position & Reason)
  /** A source says that it has taken the paper back. */
  | ({ readonly kind: 'withdrawn'; readonly id: string } & Position);

/** Bytes to read papers from. */
export interface Input {
  /** Shown in messages and rejections: a path, or `-` for standard input. */
  readonly name: string;
  readonly stream: Readable;
  /** Of a file, which archives are read from: their list of members stands at the end. */
  readonly path?: string;
}

/** A line of text, or the fact that it was longer than `limitBytes` (its bytes are dropped, not kept). */
export type Line =
  | { readonly number: number; readonly text: string }
  | { readonly number: number; readonly tooLong: true; readonly limitBytes: number };

/** A decompressed input, as a format reads it. */
export interface Content {
  readonly file: string;
  /** UTF-8. Throws in the middle where the input is damaged; what came before is good. */
  readonly chunks: AsyncIterable<Uint8Array>;
  /** A larger record (for formats of lines: a longer line) is rejected, not kept in memory. */
  readonly maxRecordBytes: number;
  /** For tables: the column that holds a field, by the field's name. */
  readonly columns: Readonly<Record<string, string>>;
}

/** One format. A reader opens no file and keeps nothing beyond the record at hand. */
export interface Format {
  readonly name: string;
  /** What people call it, for messages and the browser. */
  readonly title: string;
  /** Whether the beginning of a decompressed input (up to 64 KiB, possibly cut anywhere) looks like this format. */
  readonly recognises: (beginning: string) => boolean;
  /** Throws BAD_INPUT with the line reached when the content is damaged; the readings before the damage come first. */
  readonly read: (content: Content) => AsyncIterable<Reading>;
}
