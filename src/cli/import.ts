import { setPriority } from 'node:os';
import type { Command } from 'commander';
import { withWriting } from '../app/mod.ts';
import { FORMATS, type ReadOptions } from '../collection/mod.ts';
import { AppError } from '../errors.ts';
import { importPapers, type ImportResult } from '../indexing/mod.ts';
import { type Context, contextOf, type GlobalFlags, oneOf, wholeNumber } from './context.ts';
import { errorJson, exitWith } from './failure.ts';
import { type InputNames, inputsOf, NAME_OF_ONE, printRejections, runImport } from './importing.ts';
import { printJson, printLine } from './print.ts';
import { downloadDisplay, PROGRESS_STYLES } from './progress.ts';

interface ImportFlags extends GlobalFlags, InputNames {
  readonly format?: string;
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
        runImport(writing, style, (options) =>
          importPapers(inputs, writing.parts, {
            onRejection: flags.strict ? 'strict' : 'skip',
            embed: flags.embed ? 'all' : 'nothing',
            ...options,
          }),
        ),
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
    printRejections(summary);
  }
  if (error) exitWith(error);
}
