import { basename, dirname, resolve } from 'node:path';
import type { Writing } from '../app/mod.ts';
import { filesIn, type ReadOptions, readPapers, sizeOf } from '../collection/mod.ts';
import { type ImportSummary, sourceOfFile } from '../domain/mod.ts';
import { AppError } from '../errors.ts';
import type { ImportInput, ImportOptions, ImportResult } from '../indexing/mod.ts';
import { interruption } from './interruption.ts';
import { clean, printLine } from './print.ts';
import { progressDisplay, type ProgressStyle } from './progress.ts';

/** What papers are called after, where it is said. */
export interface InputNames {
  readonly source?: string;
  readonly name?: string;
}

export const NAME_OF_ONE = '--name goes with one file';
const SHOWN_REJECTIONS = 20;

/** By the file's name; a BEIR corpus is always called `corpus`, so there the folder says what it is. */
function sourceName(path: string, called?: string): string {
  // A file that came under another name, as uploads do, was in a folder that nobody knows.
  if (called !== undefined) return sourceOfFile(basename(called));
  if (path === '-') return 'stdin';
  const name = sourceOfFile(basename(path));
  const folder = basename(dirname(resolve(path)));
  return name === 'corpus' && folder !== '' ? folder : name;
}

/** The inputs that paths stand for, in their order: a folder is its files, one by one. */
export async function inputsOf(
  paths: readonly string[],
  names: InputNames = {},
  options: ReadOptions = {},
): Promise<ImportInput[]> {
  const inputs: ImportInput[] = [];
  for (const path of paths) {
    for await (const found of filesIn(path)) {
      const ofFolder = found !== path;
      if (ofFolder && names.name !== undefined) throw new AppError('USAGE', { message: NAME_OF_ONE });
      inputs.push(ofFolder ? await inputWithin(found, names, options) : await inputOf(path, names, options));
    }
  }
  return inputs;
}

async function inputOf(path: string, names: InputNames, options: ReadOptions): Promise<ImportInput> {
  const name = names.name ?? path;
  return {
    source: names.source ?? sourceName(path, names.name),
    bytes: await sizeOf(path),
    open: (onBytes) => readPapers({ path, name }, { ...options, onBytes }),
  };
}

/** A file of a folder: one that cannot be read is a rejection, and the others follow. */
async function inputWithin(path: string, names: InputNames, options: ReadOptions): Promise<ImportInput> {
  return {
    source: names.source ?? sourceName(path),
    bytes: await sizeOf(path).catch(() => 0),
    open: (onBytes) => readPapers({ path }, { ...options, onBytes, onFailure: 'reject' }),
  };
}

/** Imports under the signal of Ctrl-C, shows progress, and counts the index files' generation. */
export async function runImport<Result extends ImportResult>(
  { workspace }: Writing,
  style: ProgressStyle,
  run: (options: Pick<ImportOptions, 'signal' | 'onProgress'>) => Promise<Result>,
): Promise<Result> {
  const display = progressDisplay(style);
  const stop = interruption();
  try {
    const result = await run({ signal: stop.signal, onProgress: display.show });
    if (result.indexed) await workspace.update({ generation: workspace.state.generation + 1 });
    return result;
  } finally {
    stop.release();
    display.stop();
  }
}

/** Most reasons name the field that is to blame themselves. */
function rejectionLine({ file, line, field, reason }: ImportSummary['rejected'][number]): string {
  const blamed = field === undefined || reason.includes(field) ? '' : `${field}: `;
  return `${file}:${line}: ${blamed}${reason}`;
}

export function printRejections({ rejected, rejectedTotal }: Pick<ImportSummary, 'rejected' | 'rejectedTotal'>): void {
  for (const rejection of rejected.slice(0, SHOWN_REJECTIONS)) printLine(`  ${clean(rejectionLine(rejection))}`);
  const more = rejectedTotal - SHOWN_REJECTIONS;
  if (more > 0) printLine(`  … and ${more} more (--json lists the first 10,000)`);
}
