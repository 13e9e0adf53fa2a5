import { basename, dirname, parse, resolve } from 'node:path';
import { setPriority } from 'node:os';
import type { Command } from 'commander';
import { withWriting, type Writing } from '../app/mod.ts';
import { filesIn, FORMATS, type ReadOptions, readPapers, sizeOf } from '../collection/mod.ts';
import { AppError } from '../errors.ts';
import { type ImportInput, type ImportOptions, importPapers, type ImportResult } from '../indexing/mod.ts';
import { type Context, contextOf, type GlobalFlags, oneOf, wholeNumber } from './context.ts';
import { errorJson, exitWith } from './failure.ts';
import { interruption } from './interruption.ts';
import { clean, printJson, printLine } from './print.ts';
import { downloadDisplay, PROGRESS_STYLES, progressDisplay, type ProgressStyle } from './progress.ts';

interface ImportFlags extends GlobalFlags {
  readonly format?: string;
  readonly source?: string;
  readonly name?: string;
  readonly map?: Readonly<Record<string, string>>;
  readonly requireAbstract?: boolean;
  readonly strict?: boolean;
  readonly embed: boolean;
  readonly progress: string;
  readonly wait: string;
  readonly maxBytes?: string;
}

// Searches in a running server come first; on an idle machine this costs an import nothing.
const NICENESS = 10;
const TITLES = FORMATS.map(({ title }) => title).join(', ');
const NAMES = FORMATS.map(({ name }) => name).join(', ');
const NAME_OF_ONE = '--name goes with one file';
const SHOWN_REJECTIONS = 20;
const A_DAY_S = 86_400;

export function addImport(program: Command): Command {
  return program
    .command('import')
    .description(`add papers from files and folders, compressed and zipped ones too: ${TITLES}`)
    .argument('<paths...>', 'files, folders, or - for standard input')
    .option('--format <name>', `read as this format instead of recognising it: ${NAMES}`)
    .option('--map <columns>', 'columns of a table, for example: title=Name,abstract=Summary (repeatable)', addColumns)
    .option('--require-abstract', 'reject papers that have no abstract')
    .option('--source <name>', 'what the papers’ source is called (default: the file’s name without endings)')
    .option('--name <name>', 'what the one file is called in messages')
    .option('--strict', 'stop at the first bad line with nothing written')
    .option('--no-embed', 'store and index the words only; a later import embeds what is missing')
    .option('--progress <style>', PROGRESS_STYLES.join(', '), 'auto')
    .option('--wait <seconds>', 'how long to wait for another program that is writing', '0')
    .option('--max-bytes <n>', 'the most that a file may unpack to')
    .action(async (paths: string[], flags: ImportFlags) => {
      const context = contextOf(flags);
      const style = context.quiet ? 'none' : oneOf(flags.progress, '--progress', PROGRESS_STYLES);
      const waitS = wholeNumber(flags.wait, '--wait', 0, A_DAY_S);
      if (flags.name !== undefined && paths.length > 1) {
        throw new AppError('USAGE', { message: NAME_OF_ONE });
      }
      const options = optionsOf(flags);
      const inputs = await inputsOf(paths, flags, options);
      setPriority(NICENESS);
      const waiting = { waitMs: waitS * 1000, ...(context.quiet ? {} : { onDownload: downloadDisplay() }) };
      const result = await withWriting(context.config, waiting, (writing) =>
        runImport(writing, inputs, { onRejection: flags.strict ? 'strict' : 'skip', embed: flags.embed }, style),
      );
      report(context, result);
    });
}

/**
 * `title=Name,abstract=Summary` added to the columns known so far. A comma that no `field=` follows belongs to the column.
 * Throws USAGE.
 */
function addColumns(given: string, before: Readonly<Record<string, string>> = {}): Record<string, string> {
  const columns = { ...before };
  for (const pair of given.split(/,(?=\s*\w+=)/)) {
    const [, field = '', column = ''] = /^\s*(\w+)=(.*)$/s.exec(pair) ?? [];
    if (column.trim() === '') {
      throw new AppError('USAGE', { message: `--map takes field=Column, as in title=Name, not "${pair}"` });
    }
    columns[field] = column.trim();
  }
  return columns;
}

function optionsOf({ format, map, requireAbstract, maxBytes }: ImportFlags): ReadOptions {
  return {
    ...(format === undefined ? {} : { format }),
    ...(map === undefined ? {} : { columns: map }),
    ...(requireAbstract ? { requireAbstract } : {}),
    ...(maxBytes === undefined ? {} : { maxBytes: wholeNumber(maxBytes, '--max-bytes', 1, 2 ** 50) }),
  };
}

/** `papers.jsonl.gz` -> `papers`; a BEIR corpus is always called `corpus`, so there the folder says what it is. */
function sourceName(path: string): string {
  if (path === '-') return 'stdin';
  const name = parse(basename(path).replace(/\.(?:gz|bz2|zst)$/i, '')).name;
  const folder = basename(dirname(resolve(path)));
  return name === 'corpus' && folder !== '' ? folder : name;
}

/** The inputs that paths stand for, in their order: a folder is its files, one by one. */
async function inputsOf(paths: readonly string[], flags: ImportFlags, options: ReadOptions): Promise<ImportInput[]> {
  const inputs: ImportInput[] = [];
  for (const path of paths) {
    for await (const found of filesIn(path)) {
      const ofFolder = found !== path;
      if (ofFolder && flags.name !== undefined) throw new AppError('USAGE', { message: NAME_OF_ONE });
      inputs.push(ofFolder ? await inputWithin(found, flags, options) : await inputOf(path, flags, options));
    }
  }
  return inputs;
}

async function inputOf(path: string, flags: ImportFlags, options: ReadOptions): Promise<ImportInput> {
  const name = flags.name ?? path;
  return {
    source: flags.source ?? sourceName(name),
    bytes: await sizeOf(path),
    open: (onBytes) => readPapers({ path, name }, { ...options, onBytes }),
  };
}

/** A file of a folder: one that cannot be read is a rejection, and the others follow. */
async function inputWithin(path: string, flags: ImportFlags, options: ReadOptions): Promise<ImportInput> {
  return {
    source: flags.source ?? sourceName(path),
    bytes: await sizeOf(path).catch(() => 0),
    open: (onBytes) => readPapers({ path }, { ...options, onBytes, onFailure: 'reject' }),
  };
}

/** Imports under the signal of Ctrl-C, shows progress, and counts the index files' generation. */
async function runImport(
  { workspace, parts }: Writing,
  inputs: readonly ImportInput[],
  how: Pick<ImportOptions, 'onRejection' | 'embed'>,
  style: ProgressStyle,
): Promise<ImportResult> {
  const display = progressDisplay(style);
  const stop = interruption();
  try {
    const onProgress = display.show;
    const result = await importPapers(inputs, parts, { ...how, signal: stop.signal, onProgress });
    if (result.indexed) await workspace.update({ generation: workspace.state.generation + 1 });
    return result;
  } finally {
    stop.release();
    display.stop();
  }
}

/** Most reasons name the field that is to blame themselves. */
function rejectionLine({ file, line, field, reason }: ImportResult['summary']['rejected'][number]): string {
  const blamed = field === undefined || reason.includes(field) ? '' : `${field}: `;
  return `${file}:${line}: ${blamed}${reason}`;
}

function report({ json }: Context, { summary, interrupted, failure }: ImportResult): void {
  const { added, updated, unchanged, merged, rejected, rejectedTotal, seconds } = summary;
  const [first] = rejected;
  const nothingGood = first && added + updated + unchanged + merged === 0;
  const error =
    failure ??
    (interrupted ? new AppError('INTERRUPTED') : undefined) ??
    (nothingGood ? new AppError('BAD_INPUT', { ...first }) : undefined);
  // A file that gave nothing has nothing to be summed up.
  const isSummary = error === undefined || added + updated + unchanged + merged + rejectedTotal > 0 || interrupted;
  if (json) {
    printJson(error ? { ...summary, error: errorJson(error) } : summary);
  } else if (isSummary) {
    printLine(
      `${added} added, ${updated} updated, ${unchanged} unchanged, ${merged} merged, ${rejectedTotal} rejected in ${seconds.toFixed(1)} s`,
    );
    for (const rejection of rejected.slice(0, SHOWN_REJECTIONS)) printLine(`  ${clean(rejectionLine(rejection))}`);
    const more = rejectedTotal - SHOWN_REJECTIONS;
    if (more > 0) printLine(`  … and ${more} more (--json lists the first 10,000)`);
  }
  if (error) exitWith(error);
}
