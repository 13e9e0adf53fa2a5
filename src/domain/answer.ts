import type { PaperJson } from './paper.ts';

export const SEARCH_MODES = ['hybrid', 'dense', 'lexical'] as const;
export type SearchMode = (typeof SEARCH_MODES)[number];

/**
 * `recent`: by relevance and date together, so that new papers come first but not irrelevant ones. `newest` and `trending`: the
 * relevant papers only, by their date, or by readers' votes, which fade with age.
 */
export const SEARCH_ORDERS = ['relevance', 'recent', 'newest', 'trending'] as const;
export type SearchOrder = (typeof SEARCH_ORDERS)[number];

/** What papers may be alike in: the problem they are about, how they go about it, what came out. */
export const FACETS = ['problem', 'method', 'result'] as const;
export type Facet = (typeof FACETS)[number];

/** The sentence of an abstract that answers best; `start` and `end` are UTF-16 offsets into the abstract. */
export interface Evidence {
  readonly text: string;
  readonly start: number;
  readonly end: number;
}

/** The sentence of a paper that was given, which a hit's evidence is nearest to; `start` and `end` are places in its abstract. */
export interface Counterpart extends Evidence {
  /** Id of the paper given. */
  readonly paper: string;
}

/**
 * One side's view of a hit. `rank` counts from 1, `null` for a paper that is not among the side's candidates; `score` is
 * `null` where it is not known, as for a paper that is not embedded yet, which then counts as a middling one; `scaled` is the
 * score between those of the least and the best paper that were looked at, in [0, 1]; beyond for papers that were not.
 */
export interface SideScore {
  readonly rank: number | null;
  readonly score: number | null;
  readonly scaled: number;
  readonly weight: number;
}

/** What a cross-encoder says of a hit: its score, in [0, 1], and the rank that follows from it, from 1. */
export interface RerankScore {
  readonly rank: number;
  readonly score: number;
}

/**
 * What the best candidates are looked at for, after the two sides. `rest`: nearness of the query to what lies past the cut of
 * the embedded text; `coverage`: share of the query's terms that the paper has, by weight; `nearness`: share of the query's
 * neighbouring terms that stand near each other; `alignment`: nearness of each word of the query to the paper's nearest; `feedback`: nearness to the best hits; `neighbours`: scores of its nearest.
 */
export const STAGES = ['rest', 'coverage', 'nearness', 'alignment', 'feedback', 'neighbours'] as const;
export type Stage = (typeof STAGES)[number];

/** What a stage adds to a score: weight × value; `value` in [0, 1], from the least to the most among the papers looked at. */
export interface Addition {
  readonly value: number;
  readonly weight: number;
}

/**
 * How a hit's score came about: `score` of the hit = (sum over sides of weight × scaled, over stages and the
 * facet of weight × value, and `author`) × `recency`. A side is `null` where it took no part or the paper is not among its
 * candidates; a stage that added nothing is left out.
 */
export interface Explanation extends Readonly<Partial<Record<Stage, Addition>>> {
  readonly lexical: SideScore | null;
  readonly dense: SideScore | null;
  /**
   * Where papers were asked for by a facet: how near what the hit says of it is to what was given, next to the nearest; all
   * other parts then weigh less. Absent for papers that say nothing of it; these come last.
   */
  readonly facet?: Addition;
  /** Where the query names its authors: 2, up to .4 more for the others named, 1.5 more where it is of the year named. */
  readonly author?: number;
  /** Where recent papers were asked for: what its age leaves of its score, in (0, 1]; the inverse where the sum is below 0. */
  readonly recency?: number;
  /** Where trending papers were asked for: what its votes count for now, which put it in its place instead of the score. */
  readonly trend?: number;
  /** Where the hit was reranked: what put it in its place instead of the score. */
  readonly rerank?: RerankScore;
  /** The query is the paper's id or title: it comes first, and its score is 1 or the best score of all, whatever the sides say. */
  readonly exact?: ExactMatch;
}

export type ExactMatch = 'id' | 'title';

export interface Hit {
  readonly rank: number;
  readonly score: number;
  /**
   * Probability that the paper answers the query, in [0, 1], by its words and meaning alone: not by authors, dates or a
   * cross-encoder. 1 where the query is its id or title. Absent where it is not known: by words or by meaning alone, for
   * papers that are not embedded yet or were not looked at closely, and among related papers.
   */
  readonly relevance?: number;
  readonly paper: PaperJson;
  readonly evidence: Evidence | null;
  /** What the evidence answers to (related papers only). Absent where sentences are not embedded, or none tells of the facet. */
  readonly counterpart?: Counterpart;
  /** Ids of near-duplicates that this hit stands for (related papers only). */
  readonly duplicates?: readonly string[];
  readonly explanation?: Explanation;
}

/**
 * Something an answer lacks and why, e.g. `{ part: 'dense', reason: 'the model is not loaded' }`. `embeddings`: meaning is
 * searched, though not that of every paper yet.
 */
export interface Degradation {
  readonly part: 'dense' | 'embeddings' | 'lexical' | 'evidence' | 'rerank' | 'facet' | 'relevance';
  readonly reason: string;
}

export const QUERY_FORMS = ['id', 'keywords', 'question', 'statement', 'title', 'abstract'] as const;
/** What a query is written as. */
export type QueryForm = (typeof QUERY_FORMS)[number];

/** A word of a query that no paper has, and the one taken in its place. */
export interface Correction {
  readonly typed: string;
  readonly taken: string;
}

/** What a query was taken to mean. */
export interface Understood {
  readonly form: QueryForm;
  /** What was searched for by words and meaning: the query without conditions; for an id that is known, the paper's title. */
  readonly text: string;
  /** Conditions found in the query (phrases, exclusions, fields) as a filter expression. */
  readonly filter: string | null;
  readonly corrections: readonly Correction[];
  /** Authors that the query names. */
  readonly authors: readonly string[];
}

export interface Answer {
  readonly query: string;
  /** `null` where no query was written: papers related to others. */
  readonly understood: Understood | null;
  readonly mode: SearchMode;
  readonly tookMs: number;
  /** Lexical: papers that match. Otherwise embedded papers that the filter lets through. `null` where unknown. */
  readonly total: number | null;
  /** Where a least relevance was asked for: how many of the first k papers are no hits for it, or because theirs is not known. */
  readonly heldBack?: number;
  readonly degraded: readonly Degradation[];
  readonly hits: readonly Hit[];
}

/** Counts of one import; the shape that `paperkin import --json` prints. */
export interface ImportSummary {
  readonly added: number;
  readonly updated: number;
  readonly unchanged: number;
  readonly merged: number;
  /** The first 10,000 of them. */
  readonly rejected: readonly Rejection[];
  readonly rejectedTotal: number;
  readonly seconds: number;
}

export interface Rejection {
  readonly file: string;
  readonly line: number;
  /** The field to blame, where it is one. */
  readonly field?: string | undefined;
  readonly reason: string;
}

/** Progress of an import while it runs. `total` is absent where it cannot be known (standard input). */
export interface ImportProgress {
  readonly stage: 'read' | 'encode' | 'index' | 'sentences' | 'compare';
  readonly done: number;
  readonly total?: number;
  readonly unit: 'bytes' | 'papers';
  /** Units a second, over the stage so far. */
  readonly rate: number;
  readonly added: number;
  readonly updated: number;
  readonly unchanged: number;
  readonly merged: number;
  readonly rejected: number;
}

export interface Stats {
  readonly workspace: string;
  readonly version: number;
  readonly papers: number;
  readonly withAbstract: number;
  readonly embedded: number;
  /** Papers stored but not embedded yet: lexically searchable only. */
  readonly pending: number;
  readonly model: { readonly name: string; readonly dimensions: number } | null;
  readonly fingerprint: string | null;
  readonly generation: number;
  /** Of all files of the workspace together. */
  readonly diskBytes: number;
  readonly sources: readonly { readonly name: string; readonly papers: number }[];
  readonly years: { readonly from: number; readonly to: number } | null;
  /** The most frequent values, for filter suggestions. */
  readonly categories: readonly { readonly name: string; readonly papers: number; readonly label?: string }[];
  readonly venues: readonly { readonly name: string; readonly papers: number }[];
}
