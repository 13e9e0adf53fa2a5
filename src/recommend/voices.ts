import type { Interest, PaperKey } from '../domain/mod.ts';
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
const WEIGHTS = { saved: 1, liked: 0.7, topic: 1, dismissed: -1 } as const;
/** Papers that stand for the words of a topic, each for a part of one. */
const PAPERS_OF_WORDS = 5;
/** What is looked up again after so long, as papers may have been parted meanwhile. */
const KNOWN_FOR_MS = 60_000;

/** Finds papers by lasting id; what was found lately is not looked up again. */
export function createFinder(store: Pick<Store, 'findKey'>, now: () => number = Date.now) {
  let known = new Map<string, PaperKey | undefined>();
  let since = now();
  return (paper: string): PaperKey | undefined => {
    if (now() - since > KNOWN_FOR_MS) [known, since] = [new Map(), now()];
    const found = known.has(paper) ? known.get(paper) : store.findKey(paper);
    known.set(paper, found);
    return found;
  };
}

export type Finder = ReturnType<typeof createFinder>;

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
    if (origin === 'topic') papers.forEach((paper) => speak(paper, WEIGHTS.topic));
  for (const { paper } of signals.library()) speak(paper, WEIGHTS.saved);
  for (const { paper, kind } of signals.feedback()) {
    if (kind === 'not-this-kind') speak(paper, WEIGHTS.dismissed);
    // One paper is unwanted, and perhaps for being known: that says nothing of others.
    else if (kind === 'not-this-paper') voices.delete(find(paper) ?? -1);
    else if (!voices.has(find(paper) ?? -1)) speak(paper, WEIGHTS.liked);
  }
  return [...voices.values()];
}

/**
 * Papers that speak for the words of topics, being the best answers to them. A topic that has papers of its own is told by
 * them, and its words only add to it.
 */
export async function voicesOfWords(
  interests: readonly Interest[],
  retrieval: Pick<Retrieval, 'search'>,
  find: Finder,
): Promise<Voice[]> {
  const voices: Voice[] = [];
  for (const interest of interests) {
    const { id, name, text, require, muted } = interest;
    const query = [text, ...require].join(' ').trim();
    if (interest.origin !== 'topic' || muted || query === '') continue;
    const answer = await retrieval.search({
      ...{ query, k: PAPERS_OF_WORDS, mode: 'hybrid', filter: { clauses: [] }, explain: false },
      ...{ lastWord: 'whole', evidence: 'none' },
    });
    const weight = (WEIGHTS.topic * interest.weight) / Math.max(1, answer.hits.length);
    for (const { paper } of answer.hits) {
      const key = find(paper.id);
      if (key !== undefined) voices.push({ key, paper: paper.id, weight, interest: id, topic: name });
    }
  }
  return voices;
}
