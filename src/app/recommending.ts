import type { Config } from '../config.ts';
import { sourceListOf } from '../indexing/mod.ts';
import {
  createFeed,
  createFinder,
  createOnboarding,
  createProfiles,
  createReading,
  createTrending,
  type TrendingParts,
} from '../recommend/mod.ts';
import type { Recommending } from '../server/mod.ts';
import { People } from '../store/mod.ts';
import { openLibrary } from './library.ts';
import { openSearch, type Search } from './search.ts';

/** Everything that recommends, wired over a library that is open for searching. */
export function recommendOver({ engine, store, retrieval, workspace }: Search, people: People): Recommending {
  const find = createFinder(store);
  const now = (): Date => new Date();
  const profileOf = createProfiles({ engine, store, people, retrieval, find });
  return {
    ...createFeed({
      engine,
      store,
      people,
      retrieval,
      profileOf,
      find,
      now,
      lateSources: () => lateSources(workspace),
    }),
    ...createReading({ engine, store, people, profileOf, find }),
    onboarding: createOnboarding({ engine, store, retrieval, profileOf }),
    trending: trendingOver({ store, people }),
  };
}

export function trendingOver(parts: Pick<TrendingParts, 'store' | 'people'>): Recommending['trending'] {
  return createTrending({ ...parts, now: () => new Date() });
}

async function lateSources(workspace: Search['workspace']): Promise<string[]> {
  const sources = await sourceListOf(workspace).list();
  return sources.flatMap(({ name, late, paused, reason, lastSuccess }) => {
    if (paused) return [`the source ${name} is paused`];
    if (!late) return [];
    const since = lastSuccess === null ? 'it has never answered' : `it last answered on ${lastSuccess.slice(0, 10)}`;
    return [`the source ${name} is late: ${since}${reason === null ? '' : ` (${reason})`}`];
  });
}

export interface OpenRecommending {
  readonly store: Search['store'];
  readonly people: People;
  readonly recommending: Recommending;
  readonly close: () => Promise<void>;
}

/**
 * Opens a library for recommending, brought up to what is stored. The model is loaded only where somebody's topic has words
 * that must be understood.
 */
export async function openRecommending(
  config: Config,
  { name, everyone = false }: { readonly name: string | undefined; readonly everyone?: boolean },
): Promise<OpenRecommending> {
  (await openLibrary(config, { create: false })).close();
  const people = People.open(config.workspace);
  try {
    const whose = everyone ? people.persons() : [people.person(name)];
    const topics = whose.flatMap((person) => people.signals(person).interests());
    const hasWords = topics.some(({ text, require }) => text !== '' || require.length > 0);
    const search = await openSearch(config, { create: false, encoder: hasWords ? 'load' : 'none' });
    await search.follower.catchUp();
    const close = async (): Promise<void> => {
      people.close();
      await search.close();
    };
    return { store: search.store, people, recommending: recommendOver(search, people), close };
  } catch (error) {
    people.close();
    throw error;
  }
}
