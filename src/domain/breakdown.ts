import type { SearchMode } from './answer.ts';

/** The fields of a filter that papers are counted by. */
export const BREAKDOWN_FIELDS = ['year', 'category', 'venue', 'source', 'author'] as const;
export type BreakdownField = (typeof BREAKDOWN_FIELDS)[number];

export interface ValueCount {
  readonly value: string;
  readonly papers: number;
  /** What a code stands for, where that is known. */
  readonly label?: string;
}

export interface YearCount {
  readonly year: number;
  readonly papers: number;
}

/**
 * How the papers that a query finds divide. Each field is counted over papers that pass all conditions of the filter but
 * those on the field itself, so that it says what another choice would find.
 */
export interface Breakdown {
  readonly query: string;
  readonly mode: SearchMode;
  readonly tookMs: number;
  /** Papers that pass every condition and were counted: the search's candidates, the best 1,000 by words and 200 by meaning. */
  readonly counted: number;
  /** By rising year, those with papers. */
  readonly years: readonly YearCount[];
  /** The most frequent values first, and after them those that the filter names. */
  readonly categories: readonly ValueCount[];
  readonly venues: readonly ValueCount[];
  readonly sources: readonly ValueCount[];
  readonly authors: readonly ValueCount[];
}
