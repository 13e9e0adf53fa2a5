import { dot } from '../domain/dot.ts';
import { type Filter, type Interest, type PaperJson, type PaperKey, titleKey } from '../domain/mod.ts';
import { type Engine, UNDATED } from '../engine/mod.ts';
import type { Store } from '../store/mod.ts';
import { direction, type Learned } from './profile.ts';
import { unitSum } from './interests.ts';
import { rankForProfile } from './ranking.ts';
import type { Voice } from './voices.ts';

/** An author whom a topic follows, or its categories. */
export interface Told {
  readonly by: 'author' | 'category';
  readonly name: string;
  readonly topic: Interest;
}

/** A paper that may be shown, with what speaks for it. */
export interface Candidate {
  readonly key: PaperKey;
  readonly paper: PaperJson;
  /** Of its authors, as `titleKey` has them. */
  readonly authors: readonly string[];
  readonly score: number;
  readonly vector: Float32Array | undefined;
  /** Cosine with each voice, less what all papers have in common; in the voices' order. */
  readonly cosines: Float32Array;
  /** The interest it is nearest to; `undefined` where that is a paper of none. */
  readonly interest: Interest | undefined;
  /** Where its person has told that it is wanted, whatever it says. */
  readonly told: Told | undefined;
  readonly isNew: boolean;
}

/** How many papers were left out, by why. */
export interface LeftOut {
  known: number;
  shown: number;
  hidden: number;
  topic: number;
  muted: number;
  dismissed: number;
  weak: number;
  unembedded: number;
  tooOld: number;
}

export const nothingLeftOut = (): LeftOut => ({
  ...{ known: 0, shown: 0, hidden: 0, topic: 0, muted: 0, dismissed: 0, weak: 0, unembedded: 0, tooOld: 0 },
});

/** So many are ranked whole; of a larger library the last that came and the nearest to each interest. */
const POOL = 20_000;
const NEWEST = 12_000;
const NEAREST = 300;
/** So many of the best are looked at one by one at most, in batches, until there are enough to choose some pages from. */
const LOOKED_AT = 1_500;
const BATCH = 200;
/**
 * So many of each interest are among the candidates, where the best are all of others: for a reader of 15 papers on one thing and
 * 6 on another, none of the best 200 of 2,000 was like the 6. Two pages of ten have 8 places that one interest may not fill.
 */
const OF_EACH = 10;
/**
 * A paper no nearer to anything its person likes than this is weak. Of the papers that 100 readers of papers20k came to like
 * three in four are nearer, of all others one in seven.
 */
export const WEAK = 0.25;
/** Papers this near to one that was dismissed are of its kind: nearer than three in four of a reader's own are to each other. */
export const SAME_KIND = 0.4;

/** What a followed author's paper is lifted by, in standard deviations: above most, below what fits best. */
const TOLD_BONUS = 2;

const DAY_MS = 86_400_000;

export interface Conditions {
  /** Papers by lasting id that are not to be shown: saved, dismissed. */
  readonly known: ReadonlySet<PaperKey>;
  /** Shown before, on another day. */
  readonly shown: ReadonlySet<PaperKey>;
  /** Papers with a greater key are new. */
  readonly newAfter: PaperKey;
  /** So many candidates are enough. */
  readonly enough: number;
  /** `YYYY-MM-DD`: only papers that came out then or later. */
  readonly since: string | undefined;
}

/** Whether a text says a word or phrase, as whole words, in any case of letters. */
export function says(text: string, phrase: string): boolean {
  return ` ${titleKey(text)} `.includes(` ${titleKey(phrase)} `);
}

const textOf = ({ title, abstract }: PaperJson): string => `${title} ${abstract}`;
export const isOne = (names: readonly string[], name: string): boolean =>
  names.some((other) => titleKey(other) === titleKey(name));

/** What a topic says of its papers. */
export function isOfTopic(
  paper: PaperJson,
  { require, exclude, categories }: Pick<Interest, 'require' | 'exclude' | 'categories'>,
): boolean {
  const inCategory = (category: string): boolean =>
    paper.categories.some(
      (own) =>
        own.toLowerCase() === category.toLowerCase() || own.toLowerCase().startsWith(`${category.toLowerCase()}.`),
    );
  const text = textOf(paper);
  return (
    require.every((phrase) => says(text, phrase)) &&
    !exclude.some((phrase) => says(text, phrase)) &&
    (categories.length === 0 || categories.some(inCategory))
  );
}

/** What a person has hidden: authors, venues, words. */
export function isHidden(paper: PaperJson, hidden: Learned['hidden']): boolean {
  return hidden.some(({ kind, value }) => {
    if (kind === 'author') return isOne(paper.authors, value);
    if (kind === 'venue') return paper.venue !== null && isOne([paper.venue], value);
    return says(textOf(paper), value);
  });
}

export interface CandidateParts {
  readonly engine: Engine;
  readonly store: Pick<Store, 'papers'>;
}

export interface Found {
  /** By falling score. */
  readonly candidates: readonly Candidate[];
  readonly leftOut: LeftOut;
  /** How many papers were ranked, and how many of them are new. */
  readonly ranked: number;
  readonly newOnes: number;
}

const EVERYTHING: Filter = { clauses: [] };

/** Papers that are wanted whatever they say: by an author whom a topic follows, or of its categories where it has nothing else. */
async function toldPapers(engine: Engine, { interests }: Learned, pool: readonly PaperKey[]) {
  const told = new Map<PaperKey, Told>();
  for (const topic of interests.filter(({ muted, origin }) => !muted && origin === 'topic')) {
    for (const name of topic.authors) {
      const { keys } = await engine.bearers({ name, filter: EVERYTHING });
      for (const key of keys) told.set(key, { by: 'author', name, topic });
    }
    const { papers, text, require, categories, authors } = topic;
    if (categories.length === 0 || papers.length + require.length + authors.length > 0 || text !== '') continue;
    const passing = await engine.passing({ clauses: [{ kind: 'category', values: categories }] }, pool);
    for (const key of passing)
      if (!told.has(key)) told.set(key, { by: 'category', name: categories.join(', '), topic });
  }
  return told;
}

/** All papers that may be ranked: in a large library the last that came, and the nearest to what is liked. */
async function poolOf(engine: Engine, { ranking }: Learned, { newAfter }: Conditions): Promise<Set<PaperKey>> {
  if (engine.counts().documents <= POOL) return new Set(await engine.newest(0, POOL));
  const pool = new Set(await engine.newest(newAfter, NEWEST));
  for (const { centre } of ranking.interests) {
    const { keys } = await engine.dense({ embedding: centre, filter: EVERYTHING, k: NEAREST });
    keys.forEach((key) => pool.add(key));
  }
  return pool;
}

/** Those that came out on a day or later; all for no day. */
export async function cameOutSince(
  engine: Pick<Engine, 'days'>,
  keys: readonly PaperKey[],
  since: string | undefined,
): Promise<PaperKey[]> {
  if (since === undefined) return [...keys];
  const from = Date.parse(since) / DAY_MS;
  const days = await engine.days(Int32Array.from(keys));
  return keys.filter((_, i) => (days[i] ?? UNDATED) !== UNDATED && (days[i] ?? UNDATED) >= from);
}

/** The place of the voice nearest to a paper, of those for (1) or against (-1); -1 for none. */
function nearestVoice(cosines: Float32Array, voices: readonly Voice[], sign: 1 | -1): number {
  let best = -1;
  voices.forEach(({ weight }, i) => {
    if (weight * sign > 0 && (best < 0 || (cosines[i] ?? -1) > (cosines[best] ?? -1))) best = i;
  });
  return best;
}

/** Cosines of a paper with the nearest that is liked and the nearest that is dismissed as a kind; 0 for none. */
export function nearnesses(
  cosines: Float32Array,
  voices: readonly Voice[],
): { readonly toLiked: number; readonly toDismissed: number } {
  return {
    toLiked: cosines[nearestVoice(cosines, voices, 1)] ?? 0,
    toDismissed: cosines[nearestVoice(cosines, voices, -1)] ?? 0,
  };
}

/** Whether a paper is of a dismissed kind: near to what was dismissed, and nearer than to anything liked. */
export function isOfKind(toDismissed: number, toLiked: number): boolean {
  return toDismissed >= SAME_KIND && toDismissed >= toLiked;
}

/** Why a paper is not welcome however well it fits; `undefined` where it is. */
export function isUnwelcome(
  { paper, cosines, vector }: Pick<Candidate, 'paper' | 'cosines' | 'vector'>,
  { voices, hidden, mutedDirections, common }: Learned,
): 'hidden' | 'dismissed' | 'muted' | undefined {
  if (isHidden(paper, hidden)) return 'hidden';
  const { toLiked, toDismissed } = nearnesses(cosines, voices);
  if (isOfKind(toDismissed, toLiked)) return 'dismissed';
  const own = vector && common && direction(vector, common);
  return own && mutedDirections.some((muted) => dot(own, muted) > Math.max(toLiked, WEAK)) ? 'muted' : undefined;
}

/**
 * The papers that fit a person best, each with what speaks for it, and how many were left out for what reason. Costs some 40 ms
 * for 20,000 papers.
 */
export async function findCandidates(
  { engine, store }: CandidateParts,
  learned: Learned,
  conditions: Conditions,
): Promise<Found> {
  const { known, shown, newAfter } = conditions;
  const leftOut = nothingLeftOut();
  const pool = await poolOf(engine, learned, conditions);
  const told = await toldPapers(engine, learned, [...pool]);
  for (const key of told.keys()) pool.add(key);
  const all = [...pool].filter((key) => !known.has(key));
  leftOut.known = pool.size - all.length;
  const recent = await cameOutSince(engine, all, conditions.since);
  leftOut.tooOld = all.length - recent.length;
  const unseen = recent.filter((key) => !shown.has(key));
  leftOut.shown = recent.length - unseen.length;
  const { keys, scores } = await rankForProfile(engine, learned.ranking, Int32Array.from(unseen));
  const ranked = Array.from(keys, (key, i) => ({ key, score: (scores[i] ?? 0) + (told.has(key) ? TOLD_BONUS : 0) }));
  ranked.sort((a, b) => b.score - a.score || a.key - b.key);
  const unlooked = new Map(ranked.map(({ key, score }) => [key, score]));
  const candidates: Candidate[] = [];
  const look = async (keys: readonly PaperKey[]): Promise<void> => {
    const [papers, vectors] = [store.papers(keys), await engine.vectors(keys)];
    keys.forEach((key, i) => {
      const [paper, score = 0] = [papers[i], unlooked.get(key)];
      unlooked.delete(key);
      if (!paper || paper.withdrawn) return;
      const authors = paper.authors.map(titleKey);
      const found = { key, paper, authors, score, vector: vectors[i], told: told.get(key), isNew: key > newAfter };
      const candidate = weigh(found, learned);
      const why = unwanted(candidate, learned);
      if (why === undefined) candidates.push(candidate);
      else leftOut[why] += 1;
    });
  };
  for (let at = 0; at < Math.min(ranked.length, LOOKED_AT) && candidates.length < conditions.enough; at += BATCH) {
    await look(ranked.slice(at, at + BATCH).map(({ key }) => key));
  }
  await look(await overlooked(engine, learned, candidates, unlooked));
  candidates.sort((a, b) => b.score - a.score || a.key - b.key);
  return {
    ...{ candidates: someOfEach(candidates, conditions.enough), leftOut },
    ranked: unseen.length,
    newOnes: unseen.filter((key) => key > newAfter).length,
  };
}

/** The best, with the best of each interest among them; in the order they have. */
function someOfEach(candidates: readonly Candidate[], enough: number): Candidate[] {
  const counts = new Map<number, number>();
  const first = candidates.filter(({ interest }) => {
    const count = counts.get(interest?.id ?? -1) ?? 0;
    counts.set(interest?.id ?? -1, count + 1);
    return count < OF_EACH;
  });
  const kept = new Set(first);
  for (const each of candidates) if (kept.size < enough) kept.add(each);
  return candidates.filter((each) => kept.has(each));
}

/** Papers nearest to the interests that few candidates are of; of those that have not been looked at. */
async function overlooked(
  engine: Engine,
  { interests, voices, directions }: Learned,
  candidates: readonly Candidate[],
  unlooked: ReadonlyMap<PaperKey, number>,
): Promise<PaperKey[]> {
  const wanted = new Set<PaperKey>();
  for (const { id } of interests) {
    if (candidates.filter(({ interest }) => interest?.id === id).length >= OF_EACH) continue;
    const own = directions.flatMap((vector, i) => {
      const { interest, weight = 0 } = voices[i] ?? {};
      return vector && interest === id && weight > 0 ? [{ vector, weight }] : [];
    });
    if (own.length === 0) continue;
    const embedding = unitSum(own);
    const { keys } = await engine.dense({ embedding, filter: EVERYTHING, k: NEAREST });
    for (const key of [...keys].filter((each) => unlooked.has(each)).slice(0, OF_EACH)) wanted.add(key);
  }
  return [...wanted];
}

function weigh(
  { vector, told, ...paper }: Omit<Candidate, 'cosines' | 'interest'>,
  { voices, directions, common, interests }: Learned,
): Candidate {
  const own = vector && common && direction(vector, common);
  const cosines = Float32Array.from(directions, (voice) => (own && voice ? dot(own, voice) : 0));
  const nearest = voices[nearestVoice(cosines, voices, 1)];
  const interest = told?.topic ?? interests.find(({ id }) => id === nearest?.interest);
  return { ...paper, vector, told, cosines, interest };
}

/** Why a candidate is not to be shown; `undefined` where it may be. */
function unwanted(candidate: Candidate, learned: Learned): keyof LeftOut | undefined {
  const { paper, cosines, interest, told, vector } = candidate;
  // What would not fit anyway is not counted as kept out by anything else.
  if (!told && !vector) return 'unembedded';
  if (!told && nearnesses(cosines, learned.voices).toLiked < WEAK) return 'weak';
  const unwelcome = isUnwelcome(candidate, learned);
  if (unwelcome) return unwelcome;
  // Who follows an author wants to see whatever they write.
  return told?.by !== 'author' && interest?.origin === 'topic' && !isOfTopic(paper, interest) ? 'topic' : undefined;
}
