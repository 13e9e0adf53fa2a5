import type { Hit } from './answer.ts';
import type { PaperJson } from './paper.ts';
import type { FeedbackKind, HiddenKind } from './person.ts';

/** What a feed item follows from: a paper of the person's (saved, liked, or given for a topic), or a topic's own words. */
export interface Because {
  /** Its id, `null` for the words of a topic. */
  readonly paper: string | null;
  /** Title of the paper, or name of the topic. */
  readonly title: string;
  /** Share of what speaks for the item, in (0, 1]; those that are left out, being small, make up the rest. */
  readonly weight: number;
}

/** What would make an item leave, and others with it. */
export interface Fewer {
  /** Feedback on the paper, something to hide, or an interest to mute. */
  readonly action: Exclude<FeedbackKind, 'like'> | `hide-${HiddenKind}` | 'mute-interest';
  /** Of what: an author's or venue's name, an interest's number; the paper's id otherwise. */
  readonly value: string;
  /** In a sentence: why it would go, and what changes. */
  readonly says: string;
  /** How many items of this feed would go, this one included. */
  readonly items: number;
  /** Papers of the other items that would go, by id. */
  readonly others: readonly string[];
}

export interface FeedItem extends Omit<Hit, 'duplicates' | 'explanation' | 'relevance'> {
  /** The heaviest first, at most three; none for an item that is there for exploration alone. */
  readonly because: readonly Because[];
  /** The interest that it stands for; `null` for none of them. */
  readonly interest: { readonly id: number; readonly name: string } | null;
  /** Shown to find out whether it is liked, not because it is likely to be. */
  readonly exploration: boolean;
  /** Came into the library, or out, since the person last had a feed; older papers that were never shown are `false`. */
  readonly isNew: boolean;
  /** Ids of near-duplicates and of other versions that it stands for. */
  readonly duplicates: readonly string[];
  readonly fewer: readonly Fewer[];
}

/** A paper that a web feed has shown, as it was then: entries do not change under their readers. */
export interface Delivered {
  readonly paper: string;
  readonly at: string;
  readonly item: FeedItem;
}

export interface Feed {
  /** The person's name. */
  readonly person: string;
  /** ISO 8601, UTC. */
  readonly generatedAt: string;
  readonly items: readonly FeedItem[];
  /** Why there are no items, or few: what was left out and how many; and what can be done. `null` for a full feed. */
  readonly why: string | null;
  /** Where the next page begins; `null` on the last. Pages of one feed neither repeat nor skip anything. */
  readonly next: string | null;
}

/** A paper to ask a new reader about. */
export interface OnboardingPaper {
  readonly paper: PaperJson;
  /** Share of the papers it was chosen from that it stands for. */
  readonly share: number;
}

export const TRENDING_PERIODS = ['day', 'week', 'month'] as const;
export type TrendingPeriod = (typeof TRENDING_PERIODS)[number];

export interface TrendingItem extends Omit<Hit, 'duplicates' | 'explanation' | 'relevance' | 'evidence'> {
  /** Votes of a source's readers; `null` where no source tells. */
  readonly upvotes: number | null;
  /** Persons of this server who have saved it. */
  readonly saves: number;
}

export interface Trending {
  readonly period: TrendingPeriod;
  /** The days the period begins and ends on, `YYYY-MM-DD`. */
  readonly from: string;
  readonly date: string;
  /** Ends of the nearest periods before and after that have anything; `null` for none. */
  readonly earlier: string | null;
  readonly later: string | null;
  readonly items: readonly TrendingItem[];
  /** Why there are none, or few; `null` otherwise. */
  readonly why: string | null;
}
