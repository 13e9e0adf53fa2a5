import { randomUUID } from 'node:crypto';
import { dot } from '../domain/dot.ts';
import {
  type Evidence,
  type Feed,
  type FeedItem,
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
import { collapse, type Retrieval } from '../retrieval/mod.ts';
import type { People, Signals, Store } from '../store/mod.ts';
import { type Candidate, type Conditions, findCandidates, type Found, isHidden, WEAK } from './candidates.ts';
import { cover } from './cover.ts';
import { diversify, type Ranked } from './diversify.ts';
import { direction, type Learned, type ProfileOf } from './profile.ts';
import { becauseOf, credits, fewerLike, whyShort } from './reasons.ts';
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
/** Shares of a page: of one interest where there are several, of one author, and of older papers where enough are new. */
const CAPS = { interest: 0.5, author: 0.15, old: 0.3 };
const MOST_PAGES = 10;
/** One item in ten is there to find something out; a page of fewer than five has none. */
const EXPLORED = 0.1;
const LEAST_EXPLORED_PAGE = 5;
/** Papers that exploration chooses from; another sample each day. */
const SAMPLE = 300;
/** Nearer than a paper by chance (median .11 for 100 readers of papers20k), and too far to be liked for sure. */
const UNSURE = 0.1;
/** Feeds that can be paged through, and for how long. */
const EDITIONS = 100;
const EDITION_MS = 3_600_000;

interface Item extends Candidate {
  readonly exploration: boolean;
  readonly duplicates: readonly string[];
}

interface Edition {
  readonly person: number;
  readonly madeAt: Date;
  readonly learned: Learned;
  readonly pages: readonly (readonly Item[])[];
  readonly why: string | null;
}

/** Composes feeds, keeps them for paging, and remembers what was shown. */
export function createFeed(parts: FeedParts) {
  const { engine, store, people, retrieval, profileOf, find, lateSources, now } = parts;
  const editions = new Map<string, Edition>();

  /** The last feed of another day, or rather of more than half a day ago. */
  function lastVisit(signals: Signals): Visit | undefined {
    return signals.visits().findLast(({ at }) => now().getTime() - Date.parse(at) > SHOWN_STAYS_MS);
  }

  function keysOf(papers: Iterable<string>): Set<PaperKey> {
    return new Set(Array.from(papers).flatMap((paper) => find(paper) ?? []));
  }

  async function conditionsOf(learned: Learned, request: FeedRequest): Promise<Conditions> {
    const { signals, interests, names } = learned;
    const { topic, since } = request;
    const stays = now().getTime() - SHOWN_STAYS_MS;
    const shown = [...signals.shown()].filter(([, at]) => Date.parse(at) <= stays).map(([paper]) => paper);
    const told = [...signals.library(), ...signals.feedback()].map(({ paper }) => paper);
    const seeds = interests.flatMap(({ papers }) => papers);
    const only =
      topic === undefined
        ? undefined
        : interests.find(({ id }) => String(id) === topic || titleKey(names.get(id) ?? '') === titleKey(topic));
    if (topic !== undefined && !only) throw new AppError('INTEREST_NOT_FOUND', { interest: topic });
    if (since !== undefined && !isDay(since)) {
      throw new AppError('USAGE', { message: `since takes a day such as 2026-11-27, not "${since}"` });
    }
    return {
      known: keysOf([...told, ...seeds]),
      shown: keysOf(shown),
      newAfter: lastVisit(signals)?.key ?? store.lastKey(),
      since,
      only,
    };
  }

  /** Near-duplicates and versions of what is known, and of each other, are one. */
  async function withoutDuplicates({ candidates }: Found, { voices }: Learned): Promise<Item[]> {
    const liked = voices.filter(({ weight, topic }) => weight > 0 && topic === undefined).map(({ key }) => key);
    const [papers, vectors] = [store.papers(liked), await engine.vectors(liked)];
    const given = papers.flatMap((paper, i) => (paper ? [{ paper, vector: vectors[i] }] : []));
    return collapse(candidates, given, candidates.length).map(({ kept, duplicates }) => ({
      ...kept,
      exploration: false,
      duplicates: duplicates.map(({ paper }) => paper.id),
    }));
  }

  /** Papers that tell most about what is not known yet of a person, another choice each day. */
  async function explore(
    learned: Learned,
    conditions: Conditions,
    taken: ReadonlySet<PaperKey>,
    count: number,
  ): Promise<Item[]> {
    const { voices, directions, common, hidden } = learned;
    if (!common || count === 0) return [];
    const day = Math.floor(now().getTime() / 86_400_000);
    const keys = store
      .sample(SAMPLE, day)
      .filter((key) => !taken.has(key) && !conditions.known.has(key) && !conditions.shown.has(key));
    const vectors = await engine.vectors(keys);
    const liked = directions.filter((found, i) => found && (voices[i]?.weight ?? 0) > 0);
    const choices = keys.flatMap((key, i) => {
      const vector = vectors[i];
      const [paper] = store.papers([key]);
      if (!vector || !paper || paper.withdrawn || isHidden(paper, hidden)) return [];
      const own = direction(vector, common);
      const cosines = Float32Array.from(directions, (voice) => (voice ? dot(own, voice) : 0));
      const nearness = liked.reduce((most, voice) => Math.max(most, voice ? dot(own, voice) : 0), 0);
      if (liked.length > 0 && (nearness < UNSURE || nearness >= WEAK)) return [];
      const item: Item = {
        ...{ key, paper, vector, cosines, score: 0, interest: undefined, told: undefined },
        ...{ isNew: key > conditions.newAfter, exploration: true, duplicates: [] },
      };
      return [{ item, vector: own, weight: 1 }];
    });
    return cover(choices, count).flatMap(({ at }) => choices[at]?.item ?? []);
  }

  function ranked(items: readonly Item[]): Ranked[] {
    const [best = 0, least = 0] = [items[0]?.score, items.at(-1)?.score];
    return items.map(({ key, paper, vector, interest, score, isNew }) => ({
      ...{ key, vector, score: best > least ? (score - least) / (best - least) : 1 },
      groups: {
        interest: [String(interest?.id ?? 'none')],
        author: paper.authors.map(titleKey),
        lane: isNew ? [] : ['old'],
      },
    }));
  }

  async function compose(request: FeedRequest): Promise<Edition> {
    const { person, k } = request;
    const learned = await profileOf(person);
    const conditions = await conditionsOf(learned, request);
    const found = await findCandidates({ engine, store }, learned, conditions);
    const items = await withoutDuplicates(found, learned);
    const isKnown = learned.voices.some(({ weight }) => weight > 0) || items.length > 0;
    const explored = k < LEAST_EXPLORED_PAGE || conditions.only ? 0 : Math.max(1, Math.floor(EXPLORED * k));
    const pageSize = isKnown ? k - explored : 0;
    const several = new Set(items.map(({ interest }) => interest?.id)).size > 1;
    const enoughNew = items.filter(({ isNew }) => isNew).length >= (1 - CAPS.old) * k;
    const caps = {
      author: CAPS.author,
      ...(several && !conditions.only ? { interest: CAPS.interest } : {}),
      ...(enoughNew ? { lane: CAPS.old } : {}),
    };
    const { diversity = diversityOf(learned.signals) } = request;
    const scores = ranked(items);
    const pages = isKnown ? diversify(scores, { pageSize, most: MOST_PAGES * pageSize, diversity, caps }) : [];
    const byKey = new Map(items.map((item, i) => [item.key, { ...item, score: scores[i]?.score ?? 0 }]));
    const surprises = await explore(
      learned,
      conditions,
      new Set(byKey.keys()),
      isKnown ? explored * Math.max(1, pages.length) : k,
    );
    const composed = (pages.length > 0 ? pages : [[]]).map((page, i) => {
      const likely = page.flatMap(({ key }) => byKey.get(key) ?? []);
      return interspersed(likely, isKnown ? surprises.slice(i * explored, (i + 1) * explored) : surprises);
    });
    const why = isKnown ? await shortfall(found, learned, request, composed[0] ?? []) : UNKNOWN_PERSON;
    return { person: person.id, madeAt: now(), learned, pages: composed, why };
  }

  async function shortfall(
    found: Found,
    { signals }: Learned,
    { k, since }: FeedRequest,
    page: readonly Item[],
  ): Promise<string | null> {
    const lastAt = lastVisit(signals)?.at;
    const late = page.length < k ? await lateSources() : [];
    return whyShort({ ...found, items: page.length, wanted: k, lastAt, late, since });
  }

  /** The sentence of each item that says what it has in common with what it follows from. */
  async function evidenceFor(page: readonly Item[], learned: Learned): Promise<(Evidence | null)[]> {
    const voices = page.map((item) =>
      item.exploration || item.told ? undefined : learned.voices[credits(item, learned)[0]?.at ?? -1],
    );
    const found = new Map<Item, Evidence | null>();
    for (const voice of new Set(voices)) {
      const of = page.filter((_, i) => voices[i] === voice);
      const [title, [embedding]] = voice
        ? [store.paper(voice.key)?.title ?? '', await engine.vectors([voice.key])]
        : ['', []];
      const sentences = await retrieval.evidence(title, embedding, of);
      of.forEach((item, i) => found.set(item, sentences[i] ?? null));
    }
    return page.map((item) => found.get(item) ?? null);
  }

  async function itemsOf(page: readonly Item[], learned: Learned, from: number): Promise<FeedItem[]> {
    const evidence = await evidenceFor(page, learned);
    const titleOf = (paper: string): string | undefined => store.paper(find(paper) ?? -1)?.title;
    return page.map((item, i) => {
      const { paper, score, interest, exploration, isNew, duplicates } = item;
      return {
        ...{ rank: from + i + 1, score, paper, evidence: evidence[i] ?? null },
        because: exploration ? [] : becauseOf(item, learned, titleOf),
        interest: interest ? { id: interest.id, name: learned.names.get(interest.id) ?? '' } : null,
        ...{ exploration, isNew, duplicates },
        fewer: fewerLike(item, page, learned),
      };
    });
  }

  function editionOf(
    cursor: string,
    person: Person,
  ): { readonly id: string; readonly edition: Edition; readonly page: number } {
    const [id = '', page = ''] = cursor.split('.');
    const edition = editions.get(id);
    const isKept = edition !== undefined && now().getTime() - edition.madeAt.getTime() < EDITION_MS;
    if (!isKept || edition.person !== person.id || !/^\d{1,3}$/.test(page)) throw new AppError('FEED_EXPIRED');
    return { id, edition, page: Number(page) };
  }

  function keep(edition: Edition): string {
    const id = randomUUID();
    editions.set(id, edition);
    for (const old of [...editions.keys()].slice(0, Math.max(0, editions.size - EDITIONS))) editions.delete(old);
    return id;
  }

  /**
   * A page of a person's feed. Reading it changes nothing: `shown` says what was seen. Throws INTEREST_NOT_FOUND, FEED_EXPIRED,
   * and USAGE for a day that is none.
   */
  async function feed(request: FeedRequest): Promise<Feed> {
    const { person, cursor } = request;
    const found = cursor === undefined ? undefined : editionOf(cursor, person);
    const edition = found?.edition ?? (await compose(request));
    const id = found?.id ?? keep(edition);
    const at = found?.page ?? 0;
    // What was saved or dismissed since the first page is not shown on the next.
    const signals = people.signals(person);
    const settled = keysOf([...signals.library(), ...signals.feedback()].map(({ paper }) => paper));
    const page = (edition.pages[at] ?? []).filter(({ key }) => !settled.has(key));
    const before = edition.pages.slice(0, at).reduce((sum, each) => sum + each.length, 0);
    return {
      person: person.name,
      generatedAt: edition.madeAt.toISOString(),
      items: await itemsOf(page, edition.learned, before),
      why: at === 0 ? edition.why : null,
      next: at + 1 < edition.pages.length ? `${id}.${at + 1}` : null,
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

const UNKNOWN_PERSON =
  'nothing is known yet of what you read, so that these papers only show what there is. Say which ones you like, save some (paperkin save), or add a topic (paperkin topic add).';

export function diversityOf(signals: Signals): number {
  const { diversity } = signals.settings();
  return typeof diversity === 'number' && diversity >= 0 && diversity <= 1 ? diversity : DIVERSITY;
}

/** Surprises in the middle and at the end, where they take no place from what fits best. */
function interspersed(likely: readonly Item[], surprises: readonly Item[]): Item[] {
  const page = [...likely];
  surprises.forEach((item, i) =>
    page.splice(Math.ceil(((i + 1) * (likely.length + surprises.length)) / surprises.length) - 1, 0, item),
  );
  return page;
}
