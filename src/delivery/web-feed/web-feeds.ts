import { createHash } from 'node:crypto';
import type { FeedUrl, Interest, PaperKey, Person } from '../../domain/mod.ts';
import type { People } from '../../store/mod.ts';
import type { FeedFor, LastingId } from '../contract.ts';
import { plain } from '../plain.ts';
import { CONTENT_TYPES, selfOf, type WebFeedFormat, writeWebFeed } from './formats.ts';

/** A batch a day, as many as a person reads. */
const BATCH = 20;
const DAY_MS = 24 * 3_600_000;
/** While papers keep coming in, programs that poll each minute must not have the feed made each minute. */
const AFTER_NEW_PAPERS_MS = 3_600_000;

export interface WebFeedParts {
  readonly people: People;
  readonly feedFor: FeedFor;
  readonly lastingId: LastingId;
  /** The paper that came last. */
  readonly lastKey: () => PaperKey;
  readonly publicUrl: string;
  /** Another text whenever papers came or went. */
  readonly papersState: () => string;
  readonly clock: () => Date;
}

export interface WebFeed {
  readonly body: string;
  readonly type: string;
  readonly etag: string;
  readonly lastModified: Date;
}

export interface WebFeeds {
  /**
   * The feed that a secret opens; `undefined` for none. `read` takes in what is new, which counts as shown then; `look` changes
   * nothing.
   */
  readonly of: (secret: string, format: WebFeedFormat, how: 'read' | 'look') => Promise<WebFeed | undefined>;
}

export function createWebFeeds(parts: WebFeedParts): WebFeeds {
  const { people, publicUrl } = parts;
  return {
    async of(secret, format, how) {
      const opened = people.feedUrlOf(secret);
      if (!opened) return undefined;
      const { person, url } = opened;
      const interests = people.signals(person).interests();
      const topic = interests.find(({ id }) => id === url.topic);
      // A topic that was deleted takes its feeds with it.
      if (url.topic !== null && !topic) return undefined;
      if (how === 'read') await takeIn(parts, person, url);
      const delivered = people.feedUrls(person).delivered(url.id);
      const updated = new Date(delivered[0]?.at ?? url.createdAt);
      const content = {
        ...{ title: titleFor(person, topic), publicUrl, updated, delivered },
        identity: `paperkin feed ${url.id} ${url.createdAt}`,
        self: selfOf(publicUrl, secret),
      };
      const body = writeWebFeed(content, format);
      const etag = `"${createHash('sha256').update(body).digest('base64url')}"`;
      return { body, type: CONTENT_TYPES[format], etag, lastModified: updated };
    },
  };
}

const titleFor = ({ name }: Person, topic: Interest | undefined): string =>
  plain(`Paperkin: ${topic ? topic.name || 'an interest' : 'papers'} for ${name}`);

async function takeIn(parts: WebFeedParts, person: Person, url: FeedUrl): Promise<void> {
  const { people, feedFor, lastingId, lastKey, papersState, clock } = parts;
  const feedUrls = people.feedUrls(person);
  feedUrls.markRead(url.id);
  const { at: filledAt, state: filledFor } = feedUrls.filled(url.id);
  const now = clock();
  const state = papersState();
  const age = filledAt === null ? Infinity : now.getTime() - new Date(filledAt).getTime();
  if (age < (state === filledFor ? DAY_MS : AFTER_NEW_PAPERS_MS)) return;
  const feed = await feedFor(person, { k: BATCH, ...(url.topic === null ? {} : { topic: url.topic }) });
  const at = now.toISOString();
  const batch = feed.items.map((item) => ({ paper: lastingId(item.paper.id), at, item }));
  const signals = people.signals(person);
  signals.atOnce(() => {
    // It may have been revoked while the feed was made.
    if (!feedUrls.list().some(({ id }) => id === url.id)) return;
    signals.show(feedUrls.deliver(url.id, batch, { at, state }), 'web-feed', lastKey(), at);
  });
}
