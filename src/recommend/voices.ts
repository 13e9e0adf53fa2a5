import type { FeedbackKind, Interest, PaperKey } from '../domain/mod.ts';
import type { Retrieval } from '../retrieval/mod.ts';
import type { Signals, Store } from '../store/mod.ts';

/** A paper that speaks for or against others, because its person said so. */
export interface Voice {
  readonly key: PaperKey;
  /** Lasting id. */
  readonly paper: string;
  /** Above 0 for, below 0 against. */
  readonly weight: number;
  /** The interest it belongs to; `undefined` for what is dismissed, and for papers of none. */
  readonly interest: number | undefined;
  /** The topic whose words found it, where its person never named it. */
  readonly topic?: string;
}

/** What is dismissed as a kind counts as much as what is saved; a like is said more lightly than a paper is saved. Not measured. */
const WEIGHTS = { saved: 1, like: 0.7, 'not-this-kind': -1 } as const;
const TOPIC_WEIGHT = 1;
/** Papers that stand for the words of a topic, each for a part of one. */
const PAPERS_OF_WORDS = 5;
/** Signs alone are no query, and would be refused. */
export const HAS_WORDS = /[\p{L}\p{N}]/u;
/** Finds papers by lasting id; what was found is not looked up again until the store has changed. */
export interface Finder {
  (paper: string): PaperKey | undefined;
  /** Forgets what was found before this revision of the store, as papers may have been merged or parted since. */
  upTo(revision: number): void;
}

export function createFinder(store: Pick<Store, 'findKey'>): Finder {
  const known = new Map<string, PaperKey | undefined>();
  let seen: number | undefined;
  const find = (paper: string): PaperKey | undefined => {
    const found = known.has(paper) ? known.get(paper) : store.findKey(paper);
    known.set(paper, found);
    return found;
  };
  const upTo = (revision: number): void => {
    if (revision !== seen) known.clear();
    seen = revision;
  };
  return Object.assign(find, { upTo });
}

/** What a person's word on a paper is, the latest of those that were said. */
export type Word = 'saved' | FeedbackKind;

/** The word on each paper that one was said on, by lasting id. A paper that is liked and saved is saved. */
export function wordsOf(signals: Pick<Signals, 'library' | 'feedback'>): ReadonlyMap<string, Word> {
  const words = new Map<string, Word>();
  const savedAt = new Map(signals.library().map((saved) => [saved.paper, saved.savedAt]));
  for (const paper of savedAt.keys()) words.set(paper, 'saved');
  for (const { paper, kind, at } of signals.feedback()) {
    const saved = savedAt.get(paper);
    if (saved === undefined || (kind !== 'like' && at >= saved)) words.set(paper, kind);
  }
  return words;
}

/** The interest that each paper belongs to: the one told first, topics before what was found. */
export function membership(interests: readonly Interest[]): ReadonlyMap<string, Interest> {
  const of = new Map<string, Interest>();
  const told = [...interests].sort(
    (a, b) => Number(a.origin === 'found') - Number(b.origin === 'found') || a.id - b.id,
  );
  for (const interest of told) for (const paper of interest.papers) if (!of.has(paper)) of.set(paper, interest);
  return of;
}

const unlessMuted = ({ muted, deleted, weight }: Interest): number => (muted || deleted ? 0 : weight);

/** Papers for and against, by what their person said of them last; those of muted and deleted interests say nothing. */
export function voicesOf(
  signals: Pick<Signals, 'interests' | 'library' | 'feedback'>,
  find: (paper: string) => PaperKey | undefined,
): Voice[] {
  const interests = signals.interests({ deleted: true });
  const of = membership(interests);
  const voices = new Map<PaperKey, Voice>();
  const speak = (paper: string, weight: number): void => {
    const key = find(paper);
    const interest = of.get(paper);
    const share = interest && weight > 0 ? unlessMuted(interest) : 1;
    if (key === undefined || share === 0) return;
    voices.set(key, { key, paper, weight: weight * share, interest: weight > 0 ? interest?.id : undefined });
  };
  for (const { origin, papers } of interests)
    if (origin === 'topic') papers.forEach((paper) => speak(paper, TOPIC_WEIGHT));
  for (const [paper, word] of wordsOf(signals)) {
    // One paper is unwanted, and perhaps for being known: that says nothing of others.
    if (word === 'not-this-paper') voices.delete(find(paper) ?? -1);
    else if (word !== 'like' || !voices.has(find(paper) ?? -1)) speak(paper, WEIGHTS[word]);
  }
  return [...voices.values()];
}

/**
 * Papers that speak for the words of topics, being the best answers to them. A topic that has papers is told by them: a text adds
 * to them, and words to require are then a condition alone.
 */
export async function voicesOfWords(
  interests: readonly Interest[],
  retrieval: Pick<Retrieval, 'search'>,
  find: Finder,
): Promise<Voice[]> {
  const voices: Voice[] = [];
  for (const interest of interests) {
    const { id, name, text, require, papers, muted } = interest;
    const query = text === '' && papers.length > 0 ? '' : [text, ...require].join(' ');
    if (interest.origin !== 'topic' || muted || !HAS_WORDS.test(query)) continue;
    const answer = await retrieval.search({
      ...{ query, signs: 'text', k: PAPERS_OF_WORDS, mode: 'hybrid', filter: { clauses: [] }, explain: false },
      ...{ lastWord: 'whole', evidence: 'none' },
    });
    const weight = (TOPIC_WEIGHT * interest.weight) / Math.max(1, answer.hits.length);
    for (const { paper } of answer.hits) {
      const key = find(paper.id);
      if (key !== undefined) voices.push({ key, paper: paper.id, weight, interest: id, topic: name });
    }
  }
  return voices;
}
