import type { Command } from 'commander';
import { publicUrlOf } from '../app/mod.ts';
import { feedAddresses } from '../delivery/mod.ts';
import type { FeedUrl } from '../domain/mod.ts';
import { AppError } from '../errors.ts';
import type { FeedUrls, Signals } from '../store/mod.ts';
import { type Context, contextOf, type GlobalFlags, oneOf, wholeNumber } from './context.ts';
import { clean, printJson, printLine } from './print.ts';
import { withPeople } from './with-people.ts';

interface FeedUrlFlags extends GlobalFlags {
  readonly person?: string;
  readonly topic?: string;
}

const ACTIONS = ['add', 'list', 'revoke'] as const;

export function addFeedUrl(program: Command): Command {
  return program
    .command('feed-url')
    .description('a person’s feed for readers of web feeds: add, list, revoke ID')
    .argument('<action>', ACTIONS.join(', '))
    .argument('[id]', 'revoke: which, as list shows it')
    .option('--person <name>', 'whose (default: the one there is from the start)')
    .option('--topic <name>', 'add: about this topic alone')
    .action(async (action: string, id: string | undefined, flags: FeedUrlFlags) => {
      const context = contextOf(flags);
      const wanted = oneOf(action, 'feed-url', ACTIONS);
      if (wanted !== 'revoke' && id !== undefined) {
        throw new AppError('USAGE', { message: `feed-url ${wanted} takes no "${id}"` });
      }
      await withPeople(context.config, flags.person, (people, person) => {
        const signals = people.signals(person);
        const feedUrls = people.feedUrls(person);
        if (wanted === 'add')
          add(context, feedUrls, flags.topic === undefined ? null : topicNamed(signals, flags.topic));
        else if (wanted === 'list') list(context, feedUrls, signals);
        else revoke(context, feedUrls, id ?? '');
      });
    });
}

function add({ config, json }: Context, feedUrls: FeedUrls, topic: number | null): void {
  const { url, secret } = feedUrls.add(topic);
  const addresses = feedAddresses(publicUrlOf(config), secret);
  if (json) {
    printJson({ ...url, ...addresses });
    return;
  }
  printLine(`web feed ${url.id}; its addresses are shown this once, and whoever has one can read it:`);
  for (const address of Object.values(addresses)) printLine(`  ${address}`);
}

function list({ json }: Context, feedUrls: FeedUrls, signals: Signals): void {
  const listed = feedUrls.list();
  if (json) printJson({ feedUrls: listed });
  else if (listed.length === 0) printLine('no web feeds; `paperkin feed-url add` makes one');
  else for (const url of listed) printLine(clean(feedUrlLine(url, signals)));
}

function revoke({ json }: Context, feedUrls: FeedUrls, id: string): void {
  const number = wholeNumber(id, 'feed-url revoke', 0, Number.MAX_SAFE_INTEGER);
  if (!feedUrls.revoke(number)) throw new AppError('FEED_URL_NOT_FOUND', { id: number });
  if (json) printJson({ id: number, revoked: true });
  else printLine(`revoked ${number}`);
}

/** Throws INTEREST_NOT_FOUND. */
function topicNamed(signals: Signals, name: string): number {
  const wanted = name.trim().toLowerCase();
  const found = signals.interests().find((topic) => topic.name.toLowerCase() === wanted);
  if (!found) throw new AppError('INTEREST_NOT_FOUND', { interest: name });
  return found.id;
}

function feedUrlLine(url: FeedUrl, signals: Signals): string {
  const topic = signals.interests().find(({ id }) => id === url.topic);
  const about = url.topic === null ? 'everything' : (topic?.name ?? 'a topic that is gone');
  const read = url.readAt === null ? 'never read' : `last read ${url.readAt}`;
  return `${url.id}  ${about}, made ${url.createdAt}, ${read}`;
}
