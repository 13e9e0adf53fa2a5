import type { Hidden, Interest } from './person.ts';

export interface TermJson {
  readonly term: string;
  readonly weight: number;
}

/** A paper that drives an interest. */
export interface DrivingPaper {
  readonly paper: string;
  readonly title: string | null;
  /** Share of what speaks for the interest. */
  readonly weight: number;
}

/** An interest as its person reads it. */
export interface InterestJson extends Omit<Interest, 'papers'> {
  /** What it is called; by its own terms where its person gave it no name. */
  readonly name: string;
  /** Part of all that speaks for papers, 0 where it is muted. */
  readonly share: number;
  readonly papers: readonly DrivingPaper[];
  /** The terms that tell its papers from all others, the most telling first. */
  readonly terms: readonly TermJson[];
}

/** What is known of a person's taste. */
export interface ProfileJson {
  readonly person: string;
  /** How many papers speak for what is liked, and how many are enough for a feed. */
  readonly known: { readonly papers: number; readonly enough: number };
  readonly interests: readonly InterestJson[];
  /** Papers that were dismissed as a kind, and the terms that tell them. */
  readonly against: { readonly papers: readonly DrivingPaper[]; readonly terms: readonly TermJson[] };
  readonly hidden: readonly Hidden[];
  /** 0 to 1. */
  readonly diversity: number;
}

/** A longer title is called by what stands before its colon, or cut. Characters; one line of the feed's list of interests. */
const LONG_TITLE = 40;

/** What an interest is called that one paper alone makes: after that paper, and not so that it reads as the paper itself. */
export function namedAfter(title: string): string {
  const [before = ''] = title.split(/[:?!] /, 1);
  const short = title.length > LONG_TITLE ? before : title;
  const words = short.length > LONG_TITLE ? `${short.slice(0, LONG_TITLE).replace(/\s+\S*$/, '')} …` : short;
  return `Papers like “${words}”`;
}
