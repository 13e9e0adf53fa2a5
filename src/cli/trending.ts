import type { Command } from 'commander';
import { openPeople, trendingOver } from '../app/mod.ts';
import { isDay, TRENDING_PERIODS, type Trending } from '../domain/mod.ts';
import { AppError } from '../errors.ts';
import { contextOf, type GlobalFlags, oneOf, wholeNumber } from './context.ts';
import { clean, printJson, printLine, styled } from './print.ts';

interface TrendingFlags extends GlobalFlags {
  readonly k: string;
  readonly period: string;
  readonly date?: string;
}

export function addTrending(program: Command): Command {
  return program
    .command('trending')
    .description('papers that readers vote for and persons here save')
    .option('-k <n>', 'how many papers', '20')
    .option('--period <period>', TRENDING_PERIODS.join(', '), 'day')
    .option('--date <day>', 'last day of the period, e.g. 2026-11-01 (default: today, or the last day that has any)')
    .action(async (flags: TrendingFlags) => {
      const { config, json } = contextOf(flags);
      const period = oneOf(flags.period, '--period', TRENDING_PERIODS);
      const k = wholeNumber(flags.k, '-k', 1, 1000);
      if (flags.date !== undefined && !isDay(flags.date)) {
        throw new AppError('USAGE', { message: `--date takes a day such as 2026-11-01, not "${flags.date}"` });
      }
      const library = await openPeople(config, { create: false });
      try {
        const found = trendingOver(library)({ period, k, date: flags.date });
        if (json) printJson(found);
        else printListing(found);
      } finally {
        library.close();
      }
    });
}

/** As a plain listing, which `paperkin import` reads: title, blank line, abstract, blank line. */
function printListing({ items, why }: Trending): void {
  for (const { paper, upvotes, saves } of items) {
    printLine(styled('bold', clean(paper.title)));
    printLine();
    printLine(clean(paper.abstract));
    printLine();
    const votes = [
      ...(upvotes === null ? [] : [`${upvotes} votes`]),
      ...(saves === 0 ? [] : [`saved here by ${saves}`]),
    ];
    process.stderr.write(styled('dim', clean(`${paper.id}  ${votes.join(', ')}`)) + '\n');
  }
  if (why !== null) printLine(why);
}
