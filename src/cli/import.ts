import { basename, dirname, parse, resolve } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { setPriority } from 'node:os';
import type { Command } from 'commander';
import { openWriting, type Writing } from '../app.ts';
import { type ReadOptions, readPapers, sizeOf } from '../collection/mod.ts';
import { AppError } from '../errors.ts';
import { type ImportInput, type ImportOptions, importPapers, type ImportResult } from '../indexing/mod.ts';
import { type Context, contextOf, type GlobalFlags, oneOf, wholeNumber } from './context.ts';
import { errorJson, exitWith } from './failure.ts';
import { interruption } from './interruption.ts';
import { printJson, printLine } from './print.ts';
import { downloadDisplay, PROGRESS_STYLES, progressDisplay, type ProgressStyle } from './progress.ts';

interface ImportFlags extends GlobalFlags {
  readonly format?: string;
  readonly source?: string;
  readonly name?: string;
  readonly strict?: boolean;
  readonly embed: boolean;
  readonly progress: string;
  readonly wait: string;
  readonly maxBytes?: string;
}

// Searches in a running server come first; on an idle machine this costs an import nothing.
const NICENESS = 10;
// Files read by hand speak with one voice, so that an edited copy under another name corrects what the first one said.
const FILES_VOICE = 'files';
const SHOWN_REJECTIONS = 20;
const LOCK_POLL_MS = 250;
const A_DAY_S = 86_400;

export function addImport(program: Command): Command {
  return program
    .command('import')
    .description('add papers from files: JSONL, BEIR corpus, plain listing; also gzipped')
    .argument('<paths...>', 'files, or - for standard input')
    .option('--format <name>', 'read as this format instead of recognising it')
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
        throw new AppError('USAGE', { message: '--name goes with one file' });
      }
      const inputs = await Promise.all(paths.map((path) => inputOf(path, flags)));
      setPriority(NICENESS);
      const result = await withWriting(context, waitS, (writing) =>
        runImport(writing, inputs, { onRejection: flags.strict ? 'strict' : 'skip', embed: flags.embed }, style),
      );
      report(context, result);
    });
}

/** `papers.jsonl.gz` -> `papers`; a BEIR corpus is always called `corpus`, so there the folder says what it is. */
function sourceName(path: string): string {
  if (path === '-') return 'stdin';
  const name = parse(basename(path, '.gz')).name;
  const folder = basename(dirname(resolve(path)));
  return name === 'corpus' && folder !== '' ? folder : name;
}

async function inputOf(path: string, flags: ImportFlags): Promise<ImportInput> {
  const name = flags.name ?? path;
  const maxBytes =
    flags.maxBytes === undefined ? {} : { maxBytes: wholeNumber(flags.maxBytes, '--max-bytes', 1, 2 ** 50) };
  const options: ReadOptions = { ...(flags.format === undefined ? {} : { format: flags.format }), ...maxBytes };
  return {
    source: flags.source ?? sourceName(name),
    ...(flags.source === undefined ? { voice: FILES_VOICE } : {}),
    bytes: path === '-' ? undefined : await sizeOf(path),
    open: (onBytes) => readPapers({ path, name }, { ...options, onBytes }),
  };
}

async function withWriting<T>(
  { config, quiet }: Context,
  waitS: number,
  use: (writing: Writing) => Promise<T>,
): Promise<T> {
  const options = { create: true, anotherModel: false, ...(quiet ? {} : { onDownload: downloadDisplay() }) };
  const until = performance.now() + waitS * 1000;
  let writing: Writing | undefined;
  while (!writing) {
    try {
      writing = await openWriting(config, options);
    } catch (error) {
      const locked = error instanceof AppError && error.code === 'WORKSPACE_LOCKED';
      if (!locked || performance.now() >= until) throw error;
      await sleep(LOCK_POLL_MS);
    }
  }
  try {
    return await use(writing);
  } finally {
    await writing.close();
  }
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

function report({ json }: Context, { summary, interrupted, failure }: ImportResult): void {
  const { added, updated, unchanged, merged, rejected, seconds } = summary;
  const [first] = rejected;
  const nothingGood = first && added + updated + unchanged + merged === 0;
  const error =
    failure ??
    (interrupted ? new AppError('INTERRUPTED') : undefined) ??
    (nothingGood ? new AppError('BAD_INPUT', { ...first }) : undefined);
  // A file that gave nothing has nothing to be summed up.
  const isSummary = error === undefined || added + updated + unchanged + merged + rejected.length > 0 || interrupted;
  if (json) {
    printJson(error ? { ...summary, error: errorJson(error) } : summary);
  } else if (isSummary) {
    printLine(
      `${added} added, ${updated} updated, ${unchanged} unchanged, ${merged} merged, ${rejected.length} rejected in ${seconds.toFixed(1)} s`,
    );
    for (const { file, line, reason } of rejected.slice(0, SHOWN_REJECTIONS)) printLine(`  ${file}:${line}: ${reason}`);
    const more = rejected.length - SHOWN_REJECTIONS;
    if (more > 0) printLine(`  … and ${more} more (--json lists all)`);
  }
  if (error) exitWith(error);
}
