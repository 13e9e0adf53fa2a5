import type { Digest, FeedUrl } from './delivery.ts';
import type { PaperJson, PaperKey } from './paper.ts';

/** Whoever reads here. There is one from the start; a shared server has several. */
export interface Person {
  readonly id: number;
  readonly name: string;
  /** The one that all is for where nobody is named. */
  readonly isDefault: boolean;
  /** Whether an API token speaks for them. */
  readonly hasToken: boolean;
  readonly createdAt: string;
}

export const READING_STATES = ['to-read', 'reading', 'read'] as const;
export type ReadingState = (typeof READING_STATES)[number];

/** A paper in a person's library. */
export interface SavedPaper {
  /** An id that finds the paper, as Paperkin writes it; `source:id` for a collection's own. */
  readonly paper: string;
  readonly savedAt: string;
  readonly state: ReadingState;
  readonly tags: readonly string[];
  /** `''` for none. */
  readonly note: string;
}

/** What a person may say of a paper; the latest holds. */
export const FEEDBACK_KINDS = ['like', 'not-this-paper', 'not-this-kind'] as const;
export type FeedbackKind = (typeof FEEDBACK_KINDS)[number];

export interface Feedback {
  readonly paper: string;
  readonly kind: FeedbackKind;
  readonly at: string;
}

/** What may be hidden for good: papers by an author, of a venue, or that say a word or phrase. */
export const HIDDEN_KINDS = ['author', 'venue', 'term'] as const;
export type HiddenKind = (typeof HIDDEN_KINDS)[number];

export interface Hidden {
  readonly kind: HiddenKind;
  readonly value: string;
  readonly at: string;
}

/** Where papers were shown. */
export const PLACES = ['feed', 'command-line', 'mail', 'web-feed'] as const;
export type Place = (typeof PLACES)[number];

/** What was shown stays in the feed for so long: whoever looks twice in a morning sees the same. */
export const SHOWN_STAYS_MS = 12 * 3_600_000;

/** When a person was shown something, and the last paper that had come by then: what came later is new. */
export interface Visit {
  readonly at: string;
  readonly key: PaperKey;
}

/** A paper that was shown to a person, and when first and last. */
export interface Impression {
  readonly paper: string;
  readonly place: Place;
  readonly firstAt: string;
  readonly lastAt: string;
  readonly times: number;
}

/** What a topic is about, as its person says. */
export interface TopicText {
  /** Shown, and not searched for. */
  readonly name: string;
  /** A description or an example abstract; `''` for none. */
  readonly text: string;
  /** Words or phrases that its papers must say, every one. */
  readonly require: readonly string[];
  /** Words or phrases that its papers must not say. */
  readonly exclude: readonly string[];
  /** Authors whose papers belong to it whatever they say. */
  readonly authors: readonly string[];
  /** Categories whose new papers are candidates; its papers are of one of them where some are given. */
  readonly categories: readonly string[];
}

/**
 * What a person wants to read about. A `topic` is told by the person; one that is `found` is a group of papers of the library
 * that are about one thing. Both can be renamed, weighed, muted, merged and deleted.
 */
export interface Interest extends TopicText {
  readonly id: number;
  readonly origin: 'topic' | 'found';
  /** `''` where the person has given none to one that is found: its terms name it. */
  readonly name: string;
  /** Papers it is made of, by id. */
  readonly papers: readonly string[];
  /** Share of the feed next to the others', above 0; 1 unless it was changed. */
  readonly weight: number;
  readonly muted: boolean;
  /** Deleted by the person: its papers stay in the library and speak for nothing any more. */
  readonly deleted: boolean;
  /** Changed by the person: it stays together whatever is found later. */
  readonly held: boolean;
}

/** Everything that is kept of a person, as `paperkin person export` writes it. */
export interface PersonExport {
  readonly person: Pick<Person, 'name' | 'createdAt'>;
  readonly exportedAt: string;
  readonly library: readonly (SavedPaper & { readonly title: string | null })[];
  readonly interests: readonly Interest[];
  readonly feedback: readonly Feedback[];
  readonly hidden: readonly Hidden[];
  readonly impressions: readonly Impression[];
  readonly settings: Readonly<Record<string, unknown>>;
  readonly digests: readonly Digest[];
  readonly feedUrls: readonly (FeedUrl & {
    readonly delivered: readonly { readonly paper: string; readonly at: string }[];
  })[];
}

/**
 * How much may be kept of one person. Each is far more than anyone says by hand; they bound what a program that went wrong
 * can make a profile, an export or a page cost.
 */
export const PERSON_LIMITS = {
  // A profile is learned from all of them, and all are read for a listing: .5 s for so many on two busy cores.
  savedPapers: 100_000,
  feedback: 100_000,
  // Some pages. What is longer is a document, and belongs beside the library.
  noteCharacters: 10_000,
  tags: 100,
  tagCharacters: 100,
  // Each is ranked on its own for every feed.
  topics: 1_000,
  nameCharacters: 200,
  // As a text that papers are to be near to, anywhere else.
  textCharacters: 50_000,
  // Of one list: words to require, words to exclude, authors, categories.
  terms: 200,
  termCharacters: 200,
  topicPapers: 1_000,
  // Each is looked for in every candidate of a feed.
  hidden: 10_000,
  // As many as topics: each is a feed of its own, made once a day.
  webFeeds: 1_000,
} as const;

/** What is shown of a person; the token is shown once, when it is made. */
export type PersonJson = Omit<Person, 'id'>;

export function personJson({ name, isDefault, hasToken, createdAt }: Person): PersonJson {
  return { name, isDefault, hasToken, createdAt };
}

/** A paper that a person named, as it is now; `null` where the workspace has it no more. */
export interface NamedPaper {
  readonly id: string;
  readonly paper: PaperJson | null;
}

export type SavedPaperJson = NamedPaper & Omit<SavedPaper, 'paper'>;

/** A saved paper as a line of a table: what is said of it, and no more of the paper than that. */
export interface SavedRow extends Omit<SavedPaper, 'paper'> {
  readonly id: string;
  /** `null` where the workspace has it no more; the rest is then empty. */
  readonly title: string | null;
  readonly authors: readonly string[];
  readonly year: number | null;
  readonly venue: string | null;
}

export const LIBRARY_SORTS = ['saved', 'title', 'author', 'year', 'state'] as const;
export type LibrarySort = (typeof LIBRARY_SORTS)[number];
export const SORT_ORDERS = ['desc', 'asc'] as const;
export type SortOrder = (typeof SORT_ORDERS)[number];

export interface TagCount {
  readonly tag: string;
  readonly papers: number;
}

/** A page of a library. `total` counts what passes the conditions, `all` and `tags` everything that is saved. */
export interface LibraryPage<Shown> {
  readonly total: number;
  readonly all: number;
  readonly tags: readonly TagCount[];
  readonly papers: readonly Shown[];
}

/** Two saved papers that may be one. */
export interface SavedPair {
  readonly a: SavedPaperJson;
  readonly b: SavedPaperJson;
  /** Of their embeddings; `null` where one has none. */
  readonly cosine: number | null;
  /** 0 to 1: the share of their titles' characters that is the same. */
  readonly title: number;
}

export interface SavedPairs {
  readonly pairs: readonly SavedPair[];
}

/** What is kept of one paper, `null` where it is not saved. */
export interface SavedJson {
  readonly saved: SavedPaperJson | null;
}

/** What taking a paper out of the library answers: what was kept of it, so that it can be put back. */
export interface UnsavedJson {
  readonly removed: boolean;
  readonly was: SavedPaperJson | null;
}

export type FeedbackJson = NamedPaper & Omit<Feedback, 'paper'>;

/** What a person keeps and said of papers, in short: for the marks beside papers of any list. Ids are those of now. */
export interface MarksJson {
  readonly saved: readonly (Pick<SavedPaper, 'state'> & { readonly id: string })[];
  readonly feedback: readonly (Pick<Feedback, 'kind'> & { readonly id: string })[];
}

/** An interest that its person told, as it is shown. */
export interface TopicJson extends TopicText {
  readonly id: number;
  readonly weight: number;
  readonly muted: boolean;
  readonly papers: readonly NamedPaper[];
}
