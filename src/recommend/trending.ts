import type { PaperKey, Trending, TrendingPeriod } from '../domain/mod.ts';
import type { People, Store } from '../store/mod.ts';

export interface TrendingRequest {
  readonly period: TrendingPeriod;
  readonly k: number;
  /** The day the period ends on, `YYYY-MM-DD`; otherwise today, or the newest day of the library where that is earlier. */
  readonly date?: string | undefined;
}

export interface TrendingParts {
  readonly store: Pick<Store, 'findKey' | 'papers' | 'upvoted' | 'newestUpvoted' | 'nextUpvoted'>;
  readonly people: Pick<People, 'savesBetween' | 'lastSaved' | 'nextSaved'>;
  readonly now: () => Date;
}

const DAY_MS = 86_400_000;
const DAYS: { readonly [period in TrendingPeriod]: number } = { day: 1, week: 7, month: 30 };
/** A vote has lost half of its weight after this share of the period, so that the last days lead and the first still count. */
const HALF_LIFE = 0.5;
/** Whoever saves a paper here is one of those the list is for, and a save takes more than a click. Not measured. */
const VOTES_A_SAVE = 5;
/** Whoever brings a whole library along counts for no more saves a day than this. */
const SAVES_A_DAY = 5;

const dayOf = (date: Date): string => date.toISOString().slice(0, 10);
const dayAfter = (day: string, days: number): string => dayOf(new Date(Date.parse(day) + days * DAY_MS));
const daysBetween = (from: string, to: string): number => (Date.parse(to) - Date.parse(from)) / DAY_MS;

/** What votes still count for after so many days, where they are those of a period. */
const faded = (votes: number, ageDays: number, period: TrendingPeriod): number =>
  votes * 2 ** (-Math.max(0, ageDays) / (HALF_LIFE * DAYS[period]));

/** The first day of a period that ends on a day. */
const firstDay = (lastDay: string, period: TrendingPeriod): string =>
  dayOf(new Date(Date.parse(lastDay) - (DAYS[period] - 1) * DAY_MS));

const votesOfSave = (savesThatDay: number): number => VOTES_A_SAVE * Math.min(1, SAVES_A_DAY / savesThatDay);

/**
 * What the votes for papers count for today, by the measure of a month's trending papers; but votes for papers that came out
 * before go on fading, so that those of an archive have an order too. Same order as the keys; 0 where nobody voted.
 */
export function createTrends({
  store,
  people,
  now,
}: {
  readonly store: Pick<Store, 'findKey' | 'paper'>;
  readonly people: TrendingParts['people'];
  readonly now: () => Date;
}): (keys: readonly PaperKey[]) => number[] {
  return function trends(keys) {
    const today = dayOf(now());
    const votes = new Map<PaperKey, number>();
    for (const { paper, savedAt, thatDay } of people.savesBetween(`${firstDay(today, 'month')}T`, `${today}U`)) {
      const key = store.findKey(paper);
      if (key === undefined) continue;
      const worth = faded(votesOfSave(thatDay), daysBetween(savedAt.slice(0, 10), today), 'month');
      votes.set(key, (votes.get(key) ?? 0) + worth);
    }
    return keys.map((key) => {
      const { upvotes = 0, date } = store.paper(key) ?? {};
      const worth = date === undefined ? 0 : faded(upvotes, daysBetween(date, today), 'month');
      return worth + (votes.get(key) ?? 0);
    });
  };
}

/** What readers elsewhere voted for and persons here saved, the recent before the old. */
export function createTrending({ store, people, now }: TrendingParts): (request: TrendingRequest) => Trending {
  function lastDay(): string {
    const today = dayOf(now());
    const newest = store.newestUpvoted(today);
    // In an archive that ends a year ago the last days of the archive are the recent ones.
    const saved =
      people.savesBetween(`${dayOf(new Date(now().getTime() - DAYS.month * DAY_MS))}T`, `${today}U`).length > 0;
    return saved || newest === undefined ? today : newest;
  }

  /** Ends of the nearest periods that have anything, without this one's days. */
  function beside(period: TrendingPeriod, from: string, date: string): Pick<Trending, 'earlier' | 'later'> {
    const [before, today] = [dayAfter(from, -1), dayOf(now())];
    const earlier = [store.newestUpvoted(before), people.lastSaved(before)].flatMap((day) => day ?? []);
    const later = [store.nextUpvoted(date, today), people.nextSaved(date)].flatMap((day) => day ?? []);
    const end = later.length === 0 ? undefined : dayAfter(later.sort()[0] ?? date, DAYS[period] - 1);
    return { earlier: earlier.sort().at(-1) ?? null, later: end === undefined ? null : end < today ? end : today };
  }

  return function trending({ period, k, date = lastDay() }) {
    const from = firstDay(date, period);
    const scores = new Map<PaperKey, number>();
    const saves = new Map<PaperKey, number>();
    const add = (key: PaperKey, votes: number, day: string): void => {
      scores.set(key, (scores.get(key) ?? 0) + faded(votes, daysBetween(day, date), period));
    };
    for (const { key, day, upvotes } of store.upvoted(from, date)) add(key, upvotes, day);
    for (const { paper, savedAt, thatDay } of people.savesBetween(`${from}T`, `${date}U`)) {
      const key = store.findKey(paper);
      if (key === undefined) continue;
      saves.set(key, (saves.get(key) ?? 0) + 1);
      add(key, votesOfSave(thatDay), savedAt.slice(0, 10));
    }
    const best = [...scores].sort((a, b) => b[1] - a[1] || a[0] - b[0]).slice(0, k);
    const most = best[0]?.[1] ?? 1;
    const items = best.flatMap(([key, score]) => {
      const [paper] = store.papers([key]);
      return paper ? [{ score: score / most, paper, upvotes: paper.upvotes, saves: saves.get(key) ?? 0 }] : [];
    });
    return {
      ...{ period, from, date, ...beside(period, from, date) },
      items: items.map((entry, i) => ({ rank: i + 1, ...entry })),
      why: whyFew(items.length, from, date),
    };
  };
}

function whyFew(items: number, from: string, date: string): string | null {
  if (items > 0) return null;
  const when = from === date ? `on ${date}` : `from ${from} to ${date}`;
  return `no paper that came out ${when} has votes, and nobody here saved one then; votes come with sources such as Hugging Face's daily papers`;
}
