import type { Command } from 'commander';
import { openRecommending } from '../app/mod.ts';
import type { Because, Feed, Person } from '../domain/mod.ts';
import { type Context, contextOf, share, wholeNumber } from './context.ts';
import { type PersonFlags, withPersonFlag } from './desk.ts';
import type { Recommending } from '../server/mod.ts';
import { clean, printJson, printLine, printPaperHead, styled } from './print.ts';

interface FeedFlags extends PersonFlags {
  readonly k: string;
  readonly topic?: string;
  readonly since?: string;
  readonly diversity?: string;
  readonly peek?: boolean;
}

/** Opens what recommends, for the person that the flags name, and closes it whatever happens. */
export async function withRecommending<T>(
  { config }: Context,
  { person: name }: PersonFlags,
  use: (recommending: Recommending, person: Person) => T | Promise<T>,
): Promise<T> {
  const { people, recommending, close } = await openRecommending(config, { name });
  try {
    return await use(recommending, people.person(name));
  } finally {
    await close();
  }
}

export function addFeed(program: Command): Command {
  const command = program
    .command('feed')
    .description('papers for a person, chosen by what they save, like, dismiss and say')
    .option('-k <n>', 'how many papers', '10')
    .option('--topic <name>', 'only papers of this topic or interest')
    .option('--since <day>', 'only papers that came out then or later, e.g. 2026-11-01')
    .option(
      '--diversity <share>',
      '0: the best whatever is alike, 1: as different as can be (default: as set, else 0.3)',
    )
    .option('--peek', 'do not remember that these papers were shown');
  return withPersonFlag(command).action(async (flags: FeedFlags) => {
    const context = contextOf(flags);
    const request = {
      k: wholeNumber(flags.k, '-k', 1, 100),
      topic: flags.topic,
      since: flags.since,
      diversity: flags.diversity === undefined ? undefined : share(flags.diversity, '--diversity'),
    };
    await withRecommending(context, flags, async (recommending, person) => {
      const feed = await recommending.feed({ ...request, person });
      if (flags.peek !== true)
        await recommending.shown(
          person,
          feed.items.map(({ paper }) => paper.id),
          'command-line',
        );
      const { next: _next, ...shown } = feed;
      if (context.json) printJson(shown);
      else printFeed(feed);
    });
  });
}

function becauseLine(because: readonly Because[]): string {
  return because.map(({ title, weight }) => `${title} (${Math.round(100 * weight)} %)`).join('; ');
}

function printFeed({ items, why }: Feed): void {
  for (const { rank, score, paper, evidence, because, interest, exploration, duplicates } of items) {
    // What is there to be found out about has no score that could be compared.
    printPaperHead(rank, exploration ? undefined : score, paper);
    if (evidence) printLine(`   ${clean(evidence.text)}`);
    if (exploration) printLine(styled('yellow', '   to find out whether you like such papers'));
    if (because.length > 0) printLine(styled('dim', clean(`   because of ${becauseLine(because)}`)));
    if (interest) printLine(styled('dim', clean(`   interest ${interest.id}: ${interest.name}`)));
    if (duplicates.length > 0) printLine(styled('dim', clean(`   also: ${duplicates.join(', ')}`)));
    printLine();
  }
  if (why !== null) printLine(styled('yellow', clean(why)));
}
