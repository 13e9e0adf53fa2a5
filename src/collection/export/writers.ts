import { AppError } from '../../errors.ts';
import { bibtexWriter } from './bibtex.ts';
import { cslWriter } from './csl.ts';
import { csvWriter } from './csv.ts';
import { jsonlWriter } from './jsonl.ts';
import { markdownWriter } from './markdown.ts';
import { risWriter } from './ris.ts';
import type { Writer } from './writer.ts';

export const WRITERS = [jsonlWriter, bibtexWriter, risWriter, cslWriter, csvWriter, markdownWriter] as const;

/** The writer of that name. Throws USAGE with the names there are. */
export function writerNamed(name: string): Writer {
  const writer = WRITERS.find((candidate) => candidate.name === name);
  if (writer) return writer;
  const names = WRITERS.map((known) => known.name).join(', ');
  throw new AppError('USAGE', { message: `papers cannot be exported as "${name}"; formats are ${names}` });
}

/** The writer that a file's name asks for, compressed (`.gz`) or not; `undefined` where its ending says nothing. */
export function writerForFile(file: string): Writer | undefined {
  const plain = file.toLowerCase().replace(/\.gz$/, '');
  return WRITERS.find((writer) => plain.endsWith(`.${writer.extension}`));
}
