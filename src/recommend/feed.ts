import { dot } from '../domain/dot.ts';
import {
  type Feed,
  type Interest,
  isDay,
  type PaperKey,
  type Person,
  type Place,
  SHOWN_STAYS_MS,
  titleKey,
  type Visit,
} from '../domain/mod.ts';
import type { Engine } from '../engine/mod.ts';
import { AppError } from '../errors.ts';
import { collapse, type Retrieval, SAME_TEXT_COSINE } from '../retrieval/mod.ts';
import type { People, Signals, Store } from '../store/mod.ts';
import { type Candidate, type Conditions, findCandidates } from './candidates.ts';
import { diversify, type Ranked } from './diversify.ts';
import { type Edition, Editions } from './editions.ts';
import { createExploration, exploredOf, interspersed, type Item } from './exploration.ts';
import { createItems } from './items.ts';
import { type Learned, narrowed, type ProfileOf } from './profile.ts';
import { nothingToGoBy, whyShort } from './reasons.ts';
import type { Finder } from './voices.ts';

export interface FeedRequest {
  readonly person: Person;
  /** Items of a page, 1 to 100. */
  readonly k: number;
  /** Name or number of a topic or interest: only its papers. */
  readonly topic?: string | undefined;
  /** `YYYY-MM-DD`: only papers that came out then or later. */
  readonly since?: string | undefined;
  /** 0 to 1; otherwise as the person has set it. */
  readonly diversity?: number | undefined;
  /** `next` of the page before; everything else is then as it was there. */
  readonly cursor?: string | undefined;
}

export interface FeedParts {
  readonly engine: Engine;
  readonly store: Store;
  readonly people: People;
  readonly retrieval: Pick<Retrieval, 'evidence'>;
  readonly profileOf: ProfileOf;
  readonly find: Finder;
  /** What keeps sources from bringing anything new, a sentence each. */
  readonly lateSources: () => Promise<readonly string[]>;
  readonly now: () => Date;
}

/** Between a feed by score alone and one of nothing but differences. By eye on the sample library. */
const DIVERSITY = 0.3;
/**
 * Shares of a page: of one interest where there are several, of one author, and of older papers where enough are new. Two
 * interests can still fill a page that does not halve.
 */
const CAPS = { interest: 0.6, author: 0.15, old: 0.3 };
const MOST_PAGES = 10;
/** A page is chosen from three times as many papers, and all pages from so many at least: 300 take twice as long as 200. */
const CHOSEN_FROM = { page: 3, all: 200 };
/** Less than this without what all papers have in common, and two texts are not nearly the same: spares comparing them. */
const NEARLY_SAME = 0.9;

/** Papers of a page by what they are there for. */
interface Composed {
  readonly pages: readonly (readonly Item[])[];
  /** Likely ones that are on later pages. */
  readonly later: number;
}

/** Composes feeds, keeps them for paging, and remembers what was shown. */
export function createFeed(parts: FeedParts) {
  const { engine, store, people, profileOf, find, lateSources, now } = parts;
  const editions = new Editions();
  const explore = createExploration(parts);
  const itemsOf = createItems(parts);

  /** The last feed of another day, or rather of more than half a day ago. */
  function lastVisit(signals: Signals): Visit | undefined {
    return signals.visits().findLast(({ at }) => now().getTime() - Date.parse(at) > SHOWN_STAYS_MS);
  }

  function keysOf(papers: Iterable<string>): Set<PaperKey> {
    return new Set(Array.from(papers).flatMap((paper) => find(paper) ?? []));
  }

  /** What is saved, or has been judged: never shown, nor what repeats it. */
  const settled = (signals: Signals): string[] =>
    [...signals.library(), ...signals.feedback()].map(({ paper }) => paper);

  async function conditionsOf(learned: Learned, request: FeedRequest): Promise<Conditions> {
    const { signals, interests } = learned;
    const { since } = request;
    const stays = now().getTime() - SHOWN_STAYS_MS;
    const shown = [...signals.shown()].filter(([, at]) => Date.parse(at) <= stays).map(([paper]) => paper);
    const seeds = interests.flatMap(({ papers }) => papers);
    if (since !== undefined && !isDay(since)) {
      throw new AppError('USAGE', { message: `since takes a day such as 2026-11-27, not "${since}"` });
    }
    return {
      known: keysOf([...settled(signals), ...seeds]),
      shown: keysOf(shown),
      newAfter: lastVisit(signals)?.key ?? store.lastKey(),
      enough: Math.max(CHOSEN_FROM.all, CHOSEN_FROM.page * request.k),
      since,
    };
  }

  /** The interest that is asked for; all where none is. Throws INTEREST_NOT_FOUND. */
  function interestOf({ interests, names }: Learned, topic: string | undefined): Interest | undefined {
    if (topic === undefined) return undefined;
    // By number first, as a web feed asks: another may be called by a number.
    const found =
      interests.find(({ id }) => String(id) === topic) ??
      interests.find(({ id }) => titleKey(names.get(id) ?? '') === titleKey(topic));
    if (!found) throw new AppError('INTEREST_NOT_FOUND', { interest: topic });
    return found;
  }

  /** Whether a paper repeats one that is saved, or was judged: by its title, or by a text that is nearly the same. */
  async function repeatsKnown(candidate: Candidate, { voices, knownTitles }: Learned): Promise<boolean> {
    if (knownTitles.has(titleKey(candidate.paper.title))) return true;
    // Papers that only stand for the words of a topic are wanted themselves.
    const near = voices.flatMap(({ key, topic }, i) =>
      topic === undefined && (candidate.cosines[i] ?? 0) >= NEARLY_SAME ? [key] : [],
    );
    const vectors = near.length > 0 ? await engine.vectors(near) : [];
    const { vector } = candidate;
    return vectors.some((own) => own && vector && dot(own, vector) >= SAME_TEXT_COSINE);
  }

  /** Near-duplicates and versions of what is known, and of each other, are one. */
  async function withoutDuplicates(candidates: readonly Candidate[], learned: Learned): Promise<Item[]> {
    const fresh: Candidate[] = [];
    for (const candidate of candidates) {
      if (!(await repeatsKnown(candidate, learned))) fresh.push(candidate);
    }
    return collapse(fresh, [], fresh.length).map(({ kept, duplicates }) => ({
      ...kept,
      exploration: false,
      duplicates: duplicates.map(({ paper }) => paper.id),
    }));
  }

  /** Likely papers in varied pages, each with its share of surprises. */
  function paged(
    items: readonly Item[],
    surprises: readonly Item[],
    learned: Learned,
    request: FeedRequest,
    only: Interest | undefined,
  ): Composed {
    const { k, diversity = diversityOf(learned.signals) } = request;
    // Where little is left to explore, what is likely takes its place.
    const explored = Math.min(exploredOf(k), surprises.length);
    const pageSize = k - explored;
    const several = new Set(items.map(({ interest }) => interest?.id)).size > 1;
    const enoughNew = items.filter(({ isNew }) => isNew).length >= (1 - CAPS.old) * k;
    const caps = {
      author: CAPS.author,
      ...(several && !only ? { interest: CAPS.interest } : {}),
      ...(enoughNew ? { lane: CAPS.old } : {}),
    };
    const ranked = comparable(items, only);
    const byKey = new Map(items.map((item, i) => [item.key, { ...item, score: ranked[i]?.score ?? 0 }]));
    const pages = diversify(ranked, { pageSize, most: MOST_PAGES * pageSize, diversity, caps });
    return {
      pages: (pages.length > 0 ? pages : [[]]).map((page, i) =>
        interspersed(
          page.flatMap(({ key }) => byKey.get(key) ?? []),
          surprises.slice(i * explored, (i + 1) * explored),
        ),
      ),
      later: pages.slice(1).reduce((sum, page) => sum + page.length, 0),
    };
  }

  async function compose(request: FeedRequest): Promise<Edition> {
    const { person, k } = request;
    const whole = await profileOf(person);
    const only = interestOf(whole, request.topic);
    const conditions = await conditionsOf(whole, request);
    const learned = only ? await narrowed(engine, whole, only) : whole;
    const found = await findCandidates({ engine, store }, learned, conditions);
    const items = await withoutDuplicates(found.candidates, learned);
    const taken = new Set(items.map(({ key }) => key));
    const edition = { person: person.id, madeAt: now(), learned };
    const isKnown = learned.voices.some(({ weight }) => weight > 0) || items.length > 0;
    if (!isKnown) {
      const spread = only ? [] : await explore(learned, conditions, taken, k);
      return { ...edition, pages: [spread], why: nothingToGoBy(learned, only) };
    }
    const surprises = only ? [] : await explore(learned, conditions, taken, MOST_PAGES * exploredOf(k));
    const { pages, later } = paged(items, surprises, learned, request, only);
    const shownFirst = pages[0]?.length ?? 0;
    const why = whyShort({
      ...found,
      ...{ items: shownFirst, wanted: k, later, since: request.since },
      lastAt: lastVisit(learned.signals)?.at,
      late: shownFirst < k ? await lateSources() : [],
    });
    return { ...edition, pages, why };
  }

  /**
   * A page of a person's feed. Reading it changes nothing: `shown` says what was seen. Throws INTEREST_NOT_FOUND, FEED_EXPIRED,
   * and USAGE for a day that is none.
   */
  async function feed(request: FeedRequest): Promise<Feed> {
    const { person, cursor } = request;
    const found = cursor === undefined ? undefined : editions.at(cursor, person.id, now());
    const edition = found?.edition ?? (await compose(request));
    const name = found?.name ?? editions.keep(edition);
    const at = found?.page ?? 0;
    // What was saved or dismissed since the first page is not shown on the next.
    const gone = keysOf(settled(people.signals(person)));
    const page = (edition.pages[at] ?? []).filter(({ key }) => !gone.has(key));
    const before = edition.pages.slice(0, at).reduce((sum, each) => sum + each.length, 0);
    return {
      person: person.name,
      generatedAt: edition.madeAt.toISOString(),
      items: await itemsOf(page, edition.learned, before),
      why: at === 0 ? edition.why : null,
      next: at + 1 < edition.pages.length ? Editions.cursor(name, at + 1) : null,
    };
  }

  /** Remembers that papers were shown; ids in any spelling. Those of another day are not shown again. Throws PAPER_NOT_FOUND. */
  async function shown(person: Person, papers: readonly string[], place: Place): Promise<void> {
    const lasting = papers.map((id) => {
      const key = store.findKey(id);
      const known = key === undefined ? undefined : store.lastingId(key);
      if (known === undefined) throw new AppError('PAPER_NOT_FOUND', { id });
      return known;
    });
    people.signals(person).show(lasting, place, store.lastKey(), now().toISOString());
  }

  return { feed, shown };
}

export type PersonalFeed = ReturnType<typeof createFeed>;

export function diversityOf(signals: Signals): number {
  const { diversity } = signals.settings();
  return typeof diversity === 'number' && diversity >= 0 && diversity <= 1 ? diversity : DIVERSITY;
}

/**
 * Scores from 0 for the weakest to 1 for the best, and what each counts for in shares of a page. Authors whom the topic asked for
 * follows have no share: their papers are what it is for.
 */
function comparable(items: readonly Item[], only: Interest | undefined): Ranked[] {
  const followed = new Set(only?.authors.map(titleKey));
  const [best = 0, least = 0] = [items[0]?.score, items.at(-1)?.score];
  return items.map(({ key, authors, vector, interest, score, isNew }) => ({
    ...{ key, vector, score: best > least ? (score - least) / (best - least) : 1 },
    groups: {
      interest: [String(interest?.id ?? 'none')],
      author: authors.filter((name) => !followed.has(name)),
      lane: isNew ? [] : ['old'],
    },
  }));
}
