import type { Config } from '../config.ts';
import {
  createDigests,
  createLinks,
  createMailer,
  createWebFeeds,
  type Digests,
  type FeedFor,
  type LastingId,
  type Links,
  type WebFeeds,
} from '../delivery/mod.ts';
import { lockForDigests, type People, type Store } from '../store/mod.ts';
import type { Recommending } from '../server/mod.ts';
import { openRecommending } from './recommending.ts';

/** What takes feeds to their readers. */
export interface Delivery {
  readonly people: People;
  readonly digests: Digests;
  readonly webFeeds: WebFeeds;
  readonly links: Links;
  readonly publicUrl: string;
  readonly titleOf: (paper: string) => string | undefined;
}

/** Where the server is reached; without a setting, on this machine. */
export const publicUrlOf = ({ publicUrl, port }: Config): string => publicUrl || `http://127.0.0.1:${port}`;

/** Everything that delivers, wired over open databases and the feeds of persons. */
export function deliverOver(
  config: Config,
  { store, people }: { readonly store: Store; readonly people: People },
  feedFor: FeedFor,
): Delivery {
  const { smtpUrl, mailFrom, workspace } = config;
  const publicUrl = publicUrlOf(config);
  const links = createLinks(people.secret('links'), publicUrl);
  const lastingId: LastingId = (id) => {
    const key = store.findKey(id);
    return (key === undefined ? undefined : store.lastingId(key)) ?? id;
  };
  const parts = {
    people,
    feedFor,
    lastingId,
    lastKey: () => store.lastKey(),
    publicUrl,
    clock: (): Date => new Date(),
  };
  return {
    ...{ people, links, publicUrl },
    digests: createDigests({
      ...{ ...parts, links, mailFrom },
      mailer: smtpUrl === '' || mailFrom === '' ? undefined : createMailer({ smtpUrl }),
      lock: () => lockForDigests(workspace),
    }),
    webFeeds: createWebFeeds({ ...parts, papersState: () => String(store.lastRevision()) }),
    titleOf: (id) => {
      const key = store.findKey(id);
      return key === undefined ? undefined : store.paper(key)?.title;
    },
  };
}

/** A person's feed, as what recommends has it. */
export function feedForOf({ feed }: Pick<Recommending, 'feed'>): FeedFor {
  return (person, { k, topic }) => feed({ person, k, ...(topic === undefined ? {} : { topic: String(topic) }) });
}

/** Opens a library for delivering; `person`: whose feeds are asked for, everyone's without a name. */
export async function openDelivery(
  config: Config,
  person: string | undefined,
): Promise<{ readonly delivery: Delivery; readonly close: () => Promise<void> }> {
  const { people, store, recommending, close } = await openRecommending(config, {
    name: person,
    everyone: person === undefined,
  });
  return { delivery: deliverOver(config, { store, people }, feedForOf(recommending)), close };
}
