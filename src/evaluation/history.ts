import type { Feedback, PaperKey, SavedPaper } from '../domain/mod.ts';
import type { Engine } from '../engine/mod.ts';
import { AppError } from '../errors.ts';
import { rankForProfile, trainProfile, voicesOf, WEIGHTS } from '../recommend/mod.ts';
import type { Signals, Store } from '../store/mod.ts';
import { dayOf, mondayOf, weekName, weekOf } from './weeks.ts';

/** How the papers of a week are put in order: as the feed does, the last that came out first, nearest to the mean of what is liked. */
export const ORDERS = ['feed', 'newest', 'centroid'] as const;
export type Order = (typeof ORDERS)[number];
type Counts = Readonly<Record<Order, number>>;

export interface Week {
  /** ISO 8601: `2026-W09`. */
  readonly week: string;
  /** Papers that spoke for something when it began. */
  readonly known: number;
  readonly candidates: number;
  /** Candidates that the person saved then or later. */
  readonly saved: number;
  /** How many of those would have been among the first. */
  readonly shown: Counts;
}

export interface HistoryReplay {
  /** Those that tell something, in their order. */
  readonly weeks: readonly Week[];
  readonly saved: number;
  /** Share of what was saved that each order would have shown; `null` where there is too little history. */
  readonly shown: Counts | null;
  /** What is missing; `null` where there is enough. */
  readonly why: string | null;
}

export interface HistoryParts {
  readonly engine: Engine;
  readonly store: Pick<Store, 'findKey'>;
  readonly signals: Pick<Signals, 'library' | 'feedback'>;
}

export interface HistoryOptions {
  /** Papers shown a week. */
  readonly k: number;
  readonly signal: AbortSignal;
}

/** With less one lucky paper would make the figure. By sense: shares of five are coarse already. */
export const LEAST = { weeks: 2, saves: 5 };
/** Nothing but what a paper has in common with the mean of what is liked. */
const CENTROID = { ...WEIGHTS, words: 0, nearness: 0, recency: 0, smoothing: 0 };

interface History {
  readonly library: readonly SavedPaper[];
  readonly feedback: readonly Feedback[];
  readonly saves: readonly Save[];
}

interface Save {
  readonly key: PaperKey;
  readonly week: number;
}

const plural = (count: number, what: string): string => `${count} ${what}${count === 1 ? '' : 's'}`;

function tooLittle(saves: readonly Save[]): string | null {
  const weeks = new Set(saves.map(({ week }) => week)).size;
  if (weeks >= LEAST.weeks && saves.length >= LEAST.saves) return null;
  return `there is too little history: ${plural(saves.length, 'paper')} of this library saved in ${plural(weeks, 'week')}, and it takes ${LEAST.saves} in ${LEAST.weeks} weeks. Save what you read as you come across it (paperkin save), and come back.`;
}

function tellsNothing(k: number): string {
  return `no week tells anything: it takes one that something was known before, with more than ${plural(k, 'candidate')} and one of them saved. Import what came out in these weeks, or ask for fewer with -k.`;
}

/** What was known when a week began. Topics have no date, and what was learned of them may be later: they say nothing here. */
function knownBefore({ library, feedback }: History, monday: number) {
  const [saved, told] = [
    library.filter(({ savedAt }) => dayOf(savedAt) < monday),
    feedback.filter(({ at }) => dayOf(at) < monday),
  ];
  return {
    papers: [...saved, ...told].map(({ paper }) => paper),
    signals: { interests: () => [], library: () => saved, feedback: () => told },
  };
}

/** Every paper by the week in which it came out. */
async function papersByWeek(engine: Engine): Promise<ReadonlyMap<number, readonly PaperKey[]>> {
  const keys = await engine.newest(0, engine.counts().documents);
  const days = await engine.days(keys);
  const weeks = new Map<number, PaperKey[]>();
  keys.forEach((key, at) => {
    const week = weekOf(days[at] ?? NaN);
    const papers = weeks.get(week);
    if (papers) papers.push(key);
    else weeks.set(week, [key]);
  });
  return weeks;
}

async function newestFirst(engine: Engine, pool: Int32Array): Promise<Int32Array> {
  const days = await engine.days(pool);
  const dayOfKey = new Map(Array.from(pool, (key, at) => [key, days[at] ?? 0]));
  return pool.toSorted((a, b) => (dayOfKey.get(b) ?? 0) - (dayOfKey.get(a) ?? 0) || b - a);
}

/** What each order would have shown of a week; `undefined` where the week tells nothing. */
async function replayWeek(
  { engine, store }: HistoryParts,
  history: History,
  { week, papers, k }: { readonly week: number; readonly papers: readonly PaperKey[]; readonly k: number },
): Promise<Week | undefined> {
  const find = (paper: string): PaperKey | undefined => store.findKey(paper);
  const before = knownBefore(history, mondayOf(week));
  const known = new Set(before.papers.map(find));
  const since = history.saves.filter((save) => save.week >= week);
  const inWeek = since.filter((save) => save.week === week).map(({ key }) => key);
  const pool = Int32Array.from(new Set([...papers, ...inWeek])).filter((key) => !known.has(key));
  const candidates = new Set(pool);
  const wanted = new Set(since.map(({ key }) => key).filter((key) => candidates.has(key)));
  const voices = voicesOf(before.signals, find);
  const liked = voices.filter(({ weight }) => weight > 0).length;
  if (liked === 0 || wanted.size === 0 || pool.length <= k) return undefined;
  const profile = await trainProfile(engine, voices);
  const shown = (keys: Int32Array): number => keys.subarray(0, k).filter((key) => wanted.has(key)).length;
  return {
    ...{ week: weekName(week), known: liked, candidates: pool.length, saved: wanted.size },
    shown: {
      feed: shown((await rankForProfile(engine, profile, pool)).keys),
      newest: shown(await newestFirst(engine, pool)),
      centroid: shown((await rankForProfile(engine, profile, pool, CENTROID)).keys),
    },
  };
}

/**
 * Goes through a person's weeks: what was known when one began ranks the papers that came out in it and what was saved in it,
 * and what the person saved of them, then or later, should be among the first. Throws INTERRUPTED when the signal aborts.
 */
export async function replayHistory(parts: HistoryParts, { k, signal }: HistoryOptions): Promise<HistoryReplay> {
  const { engine, store, signals } = parts;
  const [library, feedback] = [signals.library(), signals.feedback()];
  const saves = library.flatMap(({ paper, savedAt }): Save[] => {
    const key = store.findKey(paper);
    return key === undefined ? [] : [{ key, week: weekOf(dayOf(savedAt)) }];
  });
  const why = tooLittle(saves);
  if (why !== null) return { weeks: [], saved: 0, shown: null, why };
  const papers = await papersByWeek(engine);
  const said = [...saves.map(({ week }) => week), ...feedback.map(({ at }) => weekOf(dayOf(at)))];
  const last = saves.reduce((latest, { week }) => Math.max(latest, week), -Infinity);
  const weeks: Week[] = [];
  // Nothing was known before the first.
  for (let week = said.reduce((first, each) => Math.min(first, each), Infinity) + 1; week <= last; week += 1) {
    if (signal.aborted) throw new AppError('INTERRUPTED');
    const of = { week, papers: papers.get(week) ?? [], k };
    const measured = await replayWeek(parts, { library, feedback, saves }, of);
    if (measured) weeks.push(measured);
  }
  if (weeks.length === 0) return { weeks, saved: 0, shown: null, why: tellsNothing(k) };
  const saved = weeks.reduce((sum, week) => sum + week.saved, 0);
  const shareOf = (order: Order): number => weeks.reduce((sum, { shown }) => sum + shown[order], 0) / saved;
  return {
    ...{ weeks, saved, why: null },
    shown: { feed: shareOf('feed'), newest: shareOf('newest'), centroid: shareOf('centroid') },
  };
}
