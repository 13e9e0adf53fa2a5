import type { Command } from 'commander';
import { decideAll, openSearch, openWriting, settling } from '../app/mod.ts';
import type { PaperJson } from '../domain/mod.ts';
import { AppError } from '../errors.ts';
import { reporter } from '../indexing/mod.ts';
import { type SuspectedPair, suspectedPairs } from '../retrieval/mod.ts';
import type { Verdict } from '../store/mod.ts';
import { type Context, contextOf, type GlobalFlags, oneOf, wholeNumber } from './context.ts';
import { interruption } from './interruption.ts';
import { clean, printJson, printLine, styled } from './print.ts';
import { progressDisplay } from './progress.ts';

interface DuplicatesFlags extends GlobalFlags {
  readonly k: string;
}

const MOST_PAIRS = 100_000;

const ACTIONS = ['list', 'merge', 'part'] as const;

export function addDuplicates(program: Command): Command {
  return program
    .command('duplicates')
    .description('find papers that may be one: list, merge ID ID…, part ID ID…')
    .argument('[action]', `${ACTIONS.join(', ')}; a decision is remembered`, 'list')
    .argument('[ids...]', 'merge, part: the papers, two or more')
    .option('-k <n>', 'list: how many pairs', '20')
    .action(async (action: string, ids: string[], flags: DuplicatesFlags) => {
      const context = contextOf(flags);
      const wanted = oneOf(action, 'duplicates', ACTIONS);
      if (wanted === 'list') await list(context, ids, wholeNumber(flags.k, '-k', 1, MOST_PAIRS));
      else await settle(context, ids, wanted === 'merge' ? 'same' : 'different');
    });
}

async function list({ config, json, quiet }: Context, ids: readonly string[], k: number): Promise<void> {
  if (ids.length > 0) throw new AppError('USAGE', { message: 'duplicates list takes no ids' });
  const search = await openSearch(config, { create: false, encoder: 'none' });
  const stop = interruption();
  const display = progressDisplay(quiet ? 'none' : 'auto');
  const report = reporter(display.show);
  const onProgress = (done: number, total: number): void => report('compare', 'papers', done, total);
  try {
    await search.follower.catchUp();
    const pairs = await suspectedPairs(search, { k, signal: stop.signal, onProgress });
    display.stop();
    if (stop.signal.aborted) throw new AppError('INTERRUPTED');
    if (json) printJson({ pairs: pairs.map(({ a, b, cosine, title }) => ({ a, b, cosine, title })) });
    else printPairs(pairs);
  } finally {
    display.stop();
    stop.release();
    await search.close();
  }
}

function printPairs(pairs: readonly SuspectedPair[]): void {
  if (pairs.length === 0) printLine('no papers look like duplicates');
  for (const { a, b, cosine, title } of pairs) {
    const meaning = cosine === null ? 'not embedded' : `text ${cosine.toFixed(3)}`;
    printLine(styled('dim', `${meaning}, title ${title.toFixed(2)}`));
    printLine(`  ${described(a)}`);
    printLine(`  ${described(b)}`);
  }
  if (pairs.length > 0) {
    printLine('the same paper: paperkin duplicates merge ID ID; two papers: paperkin duplicates part ID ID');
  }
}

function described({ id, title, year, authors, sources }: PaperJson): string {
  const by = authors.length > 1 ? `${authors[0]} and others` : (authors[0] ?? 'no authors');
  return `${styled('bold', clean(id))}  ${clean(title)} (${clean(by)}, ${year ?? 'no year'}; ${clean(sources.join(', '))})`;
}

async function settle(context: Context, ids: readonly string[], verdict: Verdict): Promise<void> {
  if (ids.length < 2) throw new AppError('USAGE', { message: 'give the ids of two papers or more' });
  const writing = await openWriting(context.config, { create: false, anotherModel: false });
  const stop = interruption();
  try {
    await settling(writing, (store) => decideAll(store, ids, verdict), stop.signal);
    const papers = new Set(ids.map((id) => writing.store.findKey(id)));
    if (context.json) printJson({ papers: papers.size, verdict });
    else printLine(verdict === 'same' ? 'they are one paper now' : 'they are papers of their own, and stay so');
  } finally {
    stop.release();
    await writing.close();
  }
}
