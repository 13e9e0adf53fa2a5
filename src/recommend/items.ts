import type { Evidence, FeedItem } from '../domain/mod.ts';
import type { Engine } from '../engine/mod.ts';
import type { Retrieval } from '../retrieval/mod.ts';
import type { Store } from '../store/mod.ts';
import type { Item } from './exploration.ts';
import type { Learned } from './profile.ts';
import { becauseOf, credits, fewerLike } from './reasons.ts';
import type { Finder } from './voices.ts';

export interface ItemParts {
  readonly engine: Pick<Engine, 'vectors'>;
  readonly store: Pick<Store, 'paper'>;
  readonly retrieval: Pick<Retrieval, 'evidence'>;
  readonly find: Finder;
}

/** Writes pages out: of each item why it is there, the sentence that fits, and what would make it leave. */
export function createItems({ engine, store, retrieval, find }: ItemParts) {
  /** The sentence of each item that says what it has in common with what it follows from. */
  async function evidenceFor(page: readonly Item[], learned: Learned): Promise<(Evidence | null)[]> {
    const voices = page.map((item) =>
      item.exploration || item.told ? undefined : learned.voices[credits(item, learned)[0]?.at ?? -1],
    );
    const found = new Map<Item, Evidence | null>();
    for (const voice of new Set(voices)) {
      const of = page.filter((_, i) => voices[i] === voice);
      const [title, [embedding]] = voice
        ? [store.paper(voice.key)?.title ?? '', await engine.vectors([voice.key])]
        : ['', []];
      const sentences = await retrieval.evidence(title, embedding, of);
      of.forEach((item, i) => found.set(item, sentences[i] ?? null));
    }
    return page.map((item) => found.get(item) ?? null);
  }

  /** `before`: how many items the pages before have. */
  return async function itemsOf(page: readonly Item[], learned: Learned, before: number): Promise<FeedItem[]> {
    const evidence = await evidenceFor(page, learned);
    const titleOf = (paper: string): string | undefined => store.paper(find(paper) ?? -1)?.title;
    return page.map((item, i) => {
      const { paper, score, interest, exploration, isNew, duplicates } = item;
      return {
        ...{ rank: before + i + 1, score, paper, evidence: evidence[i] ?? null },
        because: exploration ? [] : becauseOf(item, learned, titleOf),
        interest: interest ? { id: interest.id, name: learned.names.get(interest.id) ?? '' } : null,
        ...{ exploration, isNew, duplicates },
        fewer: fewerLike(item, page, learned),
      };
    });
  };
}
