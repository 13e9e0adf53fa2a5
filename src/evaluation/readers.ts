import { existsSync } from 'node:fs';
import { dirname, join } from 'node:path';
import * as z from 'zod';
import { readTextLines, type TextLine } from '../collection/mod.ts';
import { AppError } from '../errors.ts';

/** Somebody who liked some papers, and what they went on to want of those that came out later. */
export interface Reader {
  readonly id: string;
  /** Ids of papers, as in the corpus; so below. */
  readonly liked: readonly string[];
  readonly candidates: readonly string[];
  /** Those of the candidates that they came to want. */
  readonly future: readonly string[];
}

const ids = z.array(z.string().min(1)).nonempty('is empty');
// Other fields, such as the day that candidates are later than, say nothing that the ranking may know.
const line = z
  .object({ reader: z.string().min(1), liked: ids, candidates: ids, future: ids })
  .transform(({ reader: id, liked, candidates, future }): Reader => ({ id, liked, candidates, future }));

function faultOf({ liked, candidates, future }: Reader): string | undefined {
  const pool = new Set(candidates);
  const known = liked.find((id) => pool.has(id));
  if (known !== undefined) return `the liked paper ${known} is a candidate`;
  const absent = future.find((id) => !pool.has(id));
  if (absent !== undefined) return `the future paper ${absent} is no candidate`;
  if (new Set(future).size === pool.size) return 'every candidate is a future paper: there is nothing to tell apart';
  return undefined;
}

function readerOf(file: string, { number, text }: TextLine): Reader {
  const fail = (reason: string, cause?: unknown): AppError =>
    new AppError('BAD_INPUT', { file, line: number, reason }, { cause });
  let told: unknown;
  try {
    told = JSON.parse(text);
  } catch (cause) {
    throw fail('the line is no JSON', cause);
  }
  const parsed = line.safeParse(told);
  if (!parsed.success) {
    const [issue] = parsed.error.issues;
    const what = `${issue?.path.join('.') ?? ''} ${issue?.message ?? ''}`.trim();
    throw fail(`a reader has reader, liked, candidates and future, lists of ids: ${what}`);
  }
  const fault = faultOf(parsed.data);
  if (fault !== undefined) throw fail(fault);
  return parsed.data;
}

/** Reads readers, one JSON object a line, compressed or not. Throws FILE_NOT_FOUND, and BAD_INPUT with the line. */
export async function readReaders(file: string): Promise<Reader[]> {
  const readers = new Map<string, Reader>();
  for await (const text of readTextLines(file)) {
    if (text.text.trim() === '') continue;
    const reader = readerOf(file, text);
    if (readers.has(reader.id)) {
      throw new AppError('BAD_INPUT', { file, line: text.number, reason: `the reader ${reader.id} is there twice` });
    }
    readers.set(reader.id, reader);
  }
  if (readers.size === 0) throw new AppError('BAD_INPUT', { file, line: 1, reason: 'there is no reader' });
  return [...readers.values()];
}

/** The documents that lie beside a file of readers. Throws FILE_NOT_FOUND. */
export function corpusBeside(file: string): string {
  const corpus = join(dirname(file), 'corpus.jsonl');
  const found = [corpus, `${corpus}.gz`].find((path) => existsSync(path));
  if (found !== undefined) return found;
  const reason = 'there is no such file; --corpus names the files that hold the papers';
  throw new AppError('FILE_NOT_FOUND', { file: corpus, reason });
}
