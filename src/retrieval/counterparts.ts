import type { Counterpart, Evidence, Facet, PaperKey } from '../domain/mod.ts';
import { dot } from '../domain/dot.ts';
import type { Engine } from '../engine/contract.ts';
import type { Store } from '../store/mod.ts';
import { facetSentences } from './facets.ts';

/** Of so many papers given sentences are read: as many as are read for a facet. */
const MOST_GIVEN = 20;

/** A hit and the sentence that was chosen of it. */
interface Shown {
  readonly key: PaperKey;
  readonly evidence: Evidence | null;
}

interface Sentence extends Counterpart {
  readonly vector: Float32Array;
}

interface CounterpartRequest {
  readonly given: readonly PaperKey[];
  /** Only sentences that tell of it; every sentence where it is absent. */
  readonly facet: Facet | undefined;
  readonly page: readonly Shown[];
}

/**
 * Finds for each hit the sentence of the papers given whose meaning is nearest to the hit's own: the pair shows what they have
 * in common. `undefined` where sentences are not embedded, or none of the papers given tells of the facet.
 */
export function createCounterparts({
  engine,
  store,
}: {
  readonly engine: Pick<Engine, 'fingerprint'>;
  readonly store: Pick<Store, 'papers' | 'sentences'>;
}): (request: CounterpartRequest) => (Counterpart | undefined)[] {
  function sentencesOf(keys: readonly PaperKey[], facet: Facet | undefined): Sentence[] {
    const read = keys.slice(0, MOST_GIVEN);
    const stored = store.sentences(read, engine.fingerprint);
    return store.papers(read).flatMap((paper, i) => {
      if (!paper) return [];
      const told = facet && new Set(facetSentences(paper.abstract, facet).map(({ start }) => start));
      return (stored[i] ?? [])
        .filter(({ start }) => !told || told.has(start))
        .map(({ start, end, vector }) => ({
          ...{ paper: paper.id, text: paper.abstract.slice(start, end), start, end, vector },
        }));
    });
  }

  function nearest(candidates: readonly Sentence[], vector: Float32Array): Counterpart | undefined {
    let best: Sentence | undefined;
    let most = -Infinity;
    for (const candidate of candidates) {
      const cosine = dot(vector, candidate.vector);
      if (cosine > most) [best, most] = [candidate, cosine];
    }
    return best && { paper: best.paper, text: best.text, start: best.start, end: best.end };
  }

  return function counterparts({ given, facet, page }) {
    const candidates = sentencesOf(given, facet);
    if (candidates.length === 0) return page.map(() => undefined);
    const keys = page.map(({ key }) => key);
    return store.sentences(keys, engine.fingerprint).map((stored, i) => {
      const evidence = page[i]?.evidence;
      const own = evidence && stored?.find(({ start }) => start === evidence.start);
      return own ? nearest(candidates, own.vector) : undefined;
    });
  };
}
