import type { Command } from 'commander';
import { openSearch } from '../app/mod.ts';
import {
  corpusBeside,
  type HistoryReplay,
  ORDERS,
  readReaders,
  replay,
  type Replay,
  type ReplayOptions,
  replayHistory,
  runLines,
} from '../evaluation/mod.ts';
import { AppError } from '../errors.ts';
import { rankForProfile, RANKING_PARTS, type RankingPart, WEIGHTS } from '../recommend/mod.ts';
import { People } from '../store/mod.ts';
import { type Context, contextOf, oneOf, wholeNumber } from './context.ts';
import { openForMeasuring } from './corpus.ts';
import { type PersonFlags, withPersonFlag } from './desk.ts';
import { writeFileWhole } from './export-file.ts';
import { interruption } from './interruption.ts';
import { clean, printJson, printLine, styled } from './print.ts';

interface ReplayFlags extends PersonFlags {
  readonly corpus?: string[];
  readonly without?: string[];
  readonly run?: string;
  readonly mine?: boolean;
  readonly k: string;
}

const MOST_SHOWN = 1000;
/** Beyond what a run's single-precision scores can tell apart. */
const rounded = (value: number): number => Number(value.toFixed(6));

export function addReplay(program: Command): Command {
  const command = program
    .command('replay')
    .description('measure how well feeds would have found what readers came to want')
    .argument('[readers]', 'file of readers, one JSON object a line: reader, liked, candidates, future')
    .option(
      '--corpus <files...>',
      'files that hold the papers, in any format (default: corpus.jsonl beside the readers)',
    )
    .option('--without <parts...>', `parts of the ranking to leave out: ${RANKING_PARTS.join(', ')}`)
    .option('--run <file>', 'write the rankings as a TREC run')
    .option('--mine', 'replay a person’s own history instead, week by week')
    .option('-k <n>', 'with --mine: how many papers a feed shows in a week', '20');
  return withPersonFlag(command).action(async (readers: string | undefined, flags: ReplayFlags) => {
    const context = contextOf(flags);
    const stop = interruption('stopping; once more to stop at once');
    try {
      if (flags.mine === true) await replayMine(context, readers, flags, stop.signal);
      else await replayReaders(context, readers, flags, stop.signal);
    } finally {
      stop.release();
    }
  });
}

function refuse(wrong: boolean, message: string): void {
  if (wrong) throw new AppError('USAGE', { message });
}

async function replayReaders(
  context: Context,
  file: string | undefined,
  flags: ReplayFlags,
  signal: AbortSignal,
): Promise<void> {
  if (file === undefined) throw new AppError('USAGE', { message: 'replay takes a file of readers, or --mine' });
  refuse(flags.person !== undefined, '--person goes with --mine: the readers of a file are no persons here');
  const without = (flags.without ?? []).map((part) => oneOf(part, '--without', RANKING_PARTS));
  const readers = await readReaders(file);
  const search = await openForMeasuring(context, flags.corpus ?? [corpusBeside(file)], signal);
  try {
    const weights = weightsWithout(without);
    const rank: ReplayOptions['rank'] = (profile, pool) => rankForProfile(search.engine, profile, pool, weights);
    const measured = await replay(search, readers, { signal, rank });
    if (flags.run !== undefined) {
      const compress = flags.run.toLowerCase().endsWith('.gz');
      await writeFileWhole(flags.run, runLines(measured.run, 'paperkin-feed'), { compress, signal });
    }
    const [first] = measured.missing;
    if (first !== undefined && !context.quiet) {
      process.stderr.write(
        `the corpus lacks ${measured.missing.length} papers of readers, the first: ${clean(first)}\n`,
      );
    }
    printReaders(context, measured);
  } finally {
    await search.close();
  }
}

function weightsWithout(parts: readonly RankingPart[]): typeof WEIGHTS {
  return { ...WEIGHTS, ...Object.fromEntries(parts.map((part) => [part, 0])) };
}

function printReaders({ json }: Context, { readers, mean, msTraining, msRanking }: Replay): void {
  const { ndcg20, recall100, auc } = mean;
  if (json) {
    printJson({
      readers: readers.length,
      'ndcg@20': rounded(ndcg20),
      'recall@100': rounded(recall100),
      auc: rounded(auc),
      msPerReader: rounded(msTraining + msRanking),
      msTraining: rounded(msTraining),
      msRanking: rounded(msRanking),
    });
    return;
  }
  printLine(styled('bold', `${readers.length} readers`));
  printLine(['ndcg@20', 'recall@100', 'auc'].map((name) => name.padStart(10)).join(' '));
  printLine(styled('bold', [ndcg20, recall100, auc].map((value) => value.toFixed(4).padStart(10)).join(' ')));
  const [total, training, ranking] = [msTraining + msRanking, msTraining, msRanking].map((ms) => ms.toFixed(1));
  printLine(styled('dim', `${total} ms a reader: ${training} to learn the profile, ${ranking} to rank`));
}

async function replayMine(
  context: Context,
  file: string | undefined,
  flags: ReplayFlags,
  signal: AbortSignal,
): Promise<void> {
  refuse(file !== undefined, '--mine replays a person’s own history, and takes no file of readers');
  for (const name of ['corpus', 'without', 'run'] as const) {
    refuse(flags[name] !== undefined, `--${name} goes with a file of readers, not with --mine`);
  }
  const k = wholeNumber(flags.k, '-k', 1, MOST_SHOWN);
  const search = await openSearch(context.config, { create: false, encoder: 'none' });
  try {
    const people = People.open(context.config.workspace);
    try {
      const person = people.person(flags.person);
      await search.follower.catchUp();
      const parts = { engine: search.engine, store: search.store, signals: people.signals(person) };
      printHistory(context, { person: person.name, k }, await replayHistory(parts, { k, signal }));
    } finally {
      people.close();
    }
  } finally {
    await search.close();
  }
}

function printHistory(
  { json }: Context,
  told: { readonly person: string; readonly k: number },
  { weeks, saved, shown, why }: HistoryReplay,
): void {
  if (json) {
    const shares = shown && Object.fromEntries(ORDERS.map((order) => [order, rounded(shown[order])]));
    printJson({ ...told, weeks: weeks.length, saved, shown: shares, why, perWeek: weeks });
    return;
  }
  if (why !== null) printLine(styled('yellow', why));
  if (!shown) return;
  const line = (cells: readonly (string | number)[]): string =>
    cells.map((cell) => String(cell).padStart(10)).join(' ');
  printLine(styled('bold', clean(`${told.person}: ${weeks.length} weeks, ${told.k} papers shown in each`)));
  printLine(line(['week', 'known', 'candidates', 'saved', ...ORDERS]));
  for (const { week, known, candidates, saved: wanted, shown: counts } of weeks) {
    printLine(line([week, known, candidates, wanted, ...ORDERS.map((order) => counts[order])]));
  }
  const shares = ORDERS.map((order) => `${(100 * shown[order]).toFixed(0)} %`);
  printLine(styled('bold', line(['all', '', '', saved, ...shares])));
}
