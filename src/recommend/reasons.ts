import { dot } from '../domain/dot.ts';
import { type Because, type Fewer, type PaperJson, titleKey } from '../domain/mod.ts';
import { type Candidate, type LeftOut, SAME_KIND } from './candidates.ts';
import { direction, type Learned } from './profile.ts';
import { SHARPNESS } from './score.ts';

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
  const reasons = new Map<string, Because>();
  for (const { at, weight } of credits(candidate, learned)) {
    const voice = learned.voices[at];
    if (!voice) continue;
    // Papers that only stand for the words of a topic are nothing that the person has named.
    const [paper, title] =
      voice.topic === undefined ? [voice.paper, titleOf(voice.paper) ?? voice.paper] : [null, voice.topic];
    const name = paper ?? `topic ${title}`;
    reasons.set(name, { paper, title, weight: weight + (reasons.get(name)?.weight ?? 0) });
  }
  const heaviest = [...reasons.values()].sort((a, b) => b.weight - a.weight).slice(0, MOST_REASONS);
  return heaviest.filter(({ weight }, i) => i === 0 || weight >= LEAST_WEIGHT);
}

const plural = (count: number, one: string): string => (count === 1 ? `1 ${one}` : `${count} ${one}s`);

/** Whoever of its authors has the most items of the feed, the last of several, who often leads the group. */
function author(
  paper: PaperJson,
  all: readonly Candidate[],
): { readonly name: string; readonly items: number } | undefined {
  const counted = paper.authors.map((name) => ({
    name,
    items: all.filter((other) => other.paper.authors.some((own) => titleKey(own) === titleKey(name))).length,
  }));
  return counted.sort((a, b) => a.items - b.items).at(-1);
}

/** What would make an item leave, and how much of the feed with it. */
export function fewerLike(candidate: Candidate, shown: readonly Candidate[], { common }: Learned): Fewer[] {
  const { paper, vector, interest } = candidate;
  const own = vector && common && direction(vector, common);
  const isKin = (other: Candidate): boolean =>
    other === candidate ||
    (own !== undefined &&
      common !== undefined &&
      other.vector !== undefined &&
      dot(own, direction(other.vector, common)) >= SAME_KIND);
  const kind = shown.filter(isKin).length;
  const found: Fewer[] = [
    { action: 'not-this-paper', value: paper.id, says: 'this paper alone is not shown any more', items: 1 },
    {
      ...{ action: 'not-this-kind', value: paper.id, items: kind },
      says: `papers that are about the same are not shown, and what is like it ranks lower: ${plural(kind, 'item')} of this feed`,
    },
  ];
  const writer = author(paper, shown);
  if (writer) {
    const says = `nothing by ${writer.name} is shown: ${plural(writer.items, 'item')} of this feed`;
    found.push({ action: 'hide-author', value: writer.name, says, items: writer.items });
  }
  const { venue } = paper;
  if (venue !== null) {
    const items = shown.filter((other) => other.paper.venue === venue).length;
    found.push({
      action: 'hide-venue',
      value: venue,
      says: `nothing of ${venue} is shown: ${plural(items, 'item')} of this feed`,
      items,
    });
  }
  if (interest) {
    const items = shown.filter((other) => other.interest?.id === interest.id).length;
    const says = `the interest is muted until you unmute it: ${plural(items, 'item')} of this feed`;
    found.push({ action: 'mute-interest', value: String(interest.id), says, items });
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
  /** When the person last had a feed, ISO 8601; `undefined` for never. */
  readonly lastAt: string | undefined;
  /** What keeps sources from bringing anything, a sentence each. */
  readonly late: readonly string[];
  readonly since: string | undefined;
}

/** Why a feed is short, and what can be done; `null` for a full one. */
export function whyShort({ leftOut, ranked, newOnes, items, wanted, lastAt, late, since }: Shortfall): string | null {
  if (items >= wanted) return null;
  const said: string[] = [];
  if (lastAt !== undefined && newOnes === 0) said.push(`nothing has come since ${lastAt.slice(0, 10)}`);
  said.push(...late);
  const counted: readonly (readonly [number, string])[] = [
    [leftOut.weak, 'fit nothing you like closely enough'],
    [leftOut.shown, 'were shown before'],
    [leftOut.hidden, 'are kept out by what you hide'],
    [leftOut.topic, 'do not meet the conditions of your topics'],
    [leftOut.dismissed, 'are of a kind you dismissed'],
    [leftOut.muted, 'belong to muted interests'],
    [leftOut.known, 'are saved or dismissed'],
    [leftOut.tooOld, `came out before ${since ?? ''}`],
  ];
  const out = counted.filter(([count]) => count > 0).map(([count, why]) => `${count} ${why}`);
  if (out.length > 0)
    said.push(`of ${plural(ranked + leftOut.known + leftOut.shown + leftOut.tooOld, 'paper')}, ${out.join(', ')}`);
  if (ranked + leftOut.shown + leftOut.known + leftOut.tooOld === 0)
    said.push('the library has no papers yet: import some, or add a source and sync it');
  const advice =
    leftOut.hidden > 0 ? 'unhide some of it, or sync a source' : 'sync a source, save more papers, or add a topic';
  return `${said.join('; ')}. To see more, ${advice}.`;
}
