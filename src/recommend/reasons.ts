import { dot } from '../domain/dot.ts';
import { type Because, type Fewer, type Interest, type PaperJson, titleKey } from '../domain/mod.ts';
import { type Candidate, isOfKind, isOne, type LeftOut, nearnesses } from './candidates.ts';
import { direction, type Learned } from './profile.ts';
import { SHARPNESS } from './score.ts';
import type { Voice } from './voices.ts';

const MOST_REASONS = 3;
/** A reason that weighs less is none. */
const LEAST_WEIGHT = 0.1;

/** The places of the voices for a candidate, and what each weighs among them: as nearness weighs them in the score. */
export function credits(
  { cosines }: Candidate,
  { voices }: Learned,
): { readonly at: number; readonly weight: number }[] {
  const raw = voices.map(({ weight }, i) => Math.max(0, weight) * Math.exp(SHARPNESS * (cosines[i] ?? 0)));
  const total = raw.reduce((sum, value) => sum + value, 0) || 1;
  return raw
    .map((value, at) => ({ at, weight: value / total }))
    .filter(({ weight }) => weight > 0)
    .sort((a, b) => b.weight - a.weight || a.at - b.at);
}

/** What an item follows from, the heaviest first. `titleOf`: of a paper, by its lasting id. */
export function becauseOf(
  candidate: Candidate,
  learned: Learned,
  titleOf: (paper: string) => string | undefined,
): Because[] {
  const { told } = candidate;
  if (told) return [{ paper: null, title: `${told.topic.name}: ${told.name}`, weight: 1 }];
  const reasons = new Map<string, { readonly voice: Voice; readonly weight: number }>();
  for (const { at, weight } of credits(candidate, learned)) {
    const voice = learned.voices[at];
    if (!voice) continue;
    // Papers that only stand for the words of a topic are nothing that the person has named.
    const name = voice.topic === undefined ? voice.paper : `topic ${voice.topic}`;
    reasons.set(name, { voice, weight: weight + (reasons.get(name)?.weight ?? 0) });
  }
  return [...reasons.values()]
    .sort((a, b) => b.weight - a.weight)
    .slice(0, MOST_REASONS)
    .filter(({ weight }, i) => i === 0 || weight >= LEAST_WEIGHT)
    .map(({ voice: { paper, topic }, weight }) =>
      topic === undefined ? { paper, title: titleOf(paper) ?? paper, weight } : { paper: null, title: topic, weight },
    );
}

const plural = (count: number, one: string): string => (count === 1 ? `1 ${one}` : `${count} ${one}s`);

/** Whoever of its authors has the most items of the feed, the last of several, who often leads the group. */
function author(
  paper: PaperJson,
  all: readonly Candidate[],
): { readonly name: string; readonly of: readonly Candidate[] } | undefined {
  const counted = paper.authors.map((name) => ({
    name,
    of: all.filter((other) => other.authors.includes(titleKey(name))),
  }));
  return counted.sort((a, b) => a.of.length - b.of.length).at(-1);
}

/** What would make an item leave, and how much of the feed with it. */
export function fewerLike(candidate: Candidate, shown: readonly Candidate[], { common, voices }: Learned): Fewer[] {
  const { paper, vector, interest } = candidate;
  const own = vector && common && direction(vector, common);
  const isKin = (other: Candidate): boolean =>
    other === candidate ||
    (own !== undefined &&
      common !== undefined &&
      other.vector !== undefined &&
      isOfKind(dot(own, direction(other.vector, common)), nearnesses(other.cosines, voices).toLiked));
  const fewer = (
    action: Fewer['action'],
    value: string,
    gone: readonly Candidate[],
    says: (items: string) => string,
  ): Fewer => ({
    ...{ action, value, says: says(`${plural(gone.length, 'item')} of this feed`), items: gone.length },
    others: gone.flatMap((other) => (other === candidate ? [] : [other.paper.id])),
  });
  const found: Fewer[] = [
    fewer('not-this-paper', paper.id, [candidate], () => 'this paper alone is not shown any more'),
    fewer(
      ...(['not-this-kind', paper.id, shown.filter(isKin)] as const),
      (items) => `papers that are about the same are not shown, and what is like it ranks lower: ${items}`,
    ),
  ];
  const writer = author(paper, shown);
  if (writer) {
    const { name, of } = writer;
    found.push(fewer('hide-author', name, of, (items) => `nothing by ${name} is shown: ${items}`));
  }
  const { venue } = paper;
  if (venue !== null) {
    const of = shown.filter((other) => other.paper.venue !== null && isOne([other.paper.venue], venue));
    found.push(fewer('hide-venue', venue, of, (items) => `nothing from ${venue} is shown: ${items}`));
  }
  if (interest) {
    const of = shown.filter((other) => other.interest?.id === interest.id);
    found.push(
      fewer('mute-interest', String(interest.id), of, (items) => `the interest is muted until you unmute it: ${items}`),
    );
  }
  return found;
}

export interface Shortfall {
  readonly leftOut: LeftOut;
  /** Papers that were ranked, and how many of them came since the last feed. */
  readonly ranked: number;
  readonly newOnes: number;
  readonly items: number;
  readonly wanted: number;
  /** Items that would fit and are on later pages, so that none is too much alike. */
  readonly later: number;
  /** When the person last had a feed, ISO 8601; `undefined` for never. */
  readonly lastAt: string | undefined;
  /** What keeps sources from bringing anything, a sentence each. */
  readonly late: readonly string[];
  readonly since: string | undefined;
}

/** Why a feed is short, and what can be done; `null` for a full one. */
export function whyShort(shortfall: Shortfall): string | null {
  const { leftOut, ranked, newOnes, items, wanted, later, lastAt, late, since } = shortfall;
  if (items >= wanted) return null;
  const papers = ranked + leftOut.shown + leftOut.known + leftOut.tooOld;
  if (papers === 0) return 'the library has no papers yet: import some, or add a source and sync it.';
  const said: string[] = [];
  if (later > 0) said.push(`${plural(later, 'more paper')} would be too much of the same for one page`);
  if (lastAt !== undefined && newOnes === 0) said.push(`nothing has come since ${lastAt.slice(0, 10)}`);
  said.push(...late);
  const counted: readonly (readonly [number, string])[] = [
    [leftOut.weak, 'fit nothing you like closely enough'],
    [leftOut.unembedded, 'wait to be embedded'],
    [leftOut.shown, 'were shown before'],
    [leftOut.hidden, 'are kept out by what you hide'],
    [leftOut.topic, 'do not meet the conditions of your topics'],
    [leftOut.dismissed, 'are of a kind you dismissed'],
    [leftOut.muted, 'belong to muted interests'],
    [leftOut.known, 'are saved or dismissed'],
    [leftOut.tooOld, `came out before ${since ?? ''}`],
  ];
  const out = counted.filter(([count]) => count > 0).map(([count, why]) => `${count} ${why}`);
  if (out.length > 0) said.push(`of ${plural(papers, 'paper')}, ${out.join(', ')}`);
  return `${said.join('; ')}. To see more, ${advice(shortfall)}.`;
}

function advice({ leftOut, later }: Shortfall): string {
  if (later > 0) return 'read on, or ask for a diversity of 0';
  if (leftOut.unembedded > 0) return 'run an import, which embeds what waits';
  if (leftOut.hidden > 0) return 'unhide some of it, or sync a source';
  return 'sync a source, save more papers, or add a topic';
}

/** What is said to a person of whom nothing speaks for any paper. `only`: the interest that was asked for, if one was. */
export function nothingToGoBy({ interests }: Learned, only?: Interest): string {
  if (only) {
    return only.muted
      ? 'this interest is muted. Unmute it in your profile.'
      : 'no paper of the library answers this interest. Sync a source, save papers of it, or change what it asks for.';
  }
  if (interests.some(({ muted }) => muted)) {
    return 'all your interests are muted, so that these papers only show what else there is. Unmute one in your profile, save papers, or add a topic.';
  }
  return 'nothing is known yet of what you read, so that these papers only show what there is. Say which ones you like, save some, or add a topic.';
}
