import type { PaperKey } from '../domain/mod.ts';
import type { Store } from '../store/mod.ts';

export interface Newcomer {
  readonly key: PaperKey;
  readonly vector: Float32Array;
}

/** How far a map follows the store. */
export interface Followed {
  readonly label: number;
  readonly revision: number;
}

export interface Newcomers extends Followed {
  readonly papers: readonly Newcomer[];
  readonly more: boolean;
}

/** Held at once: 1.5 kB each. */
const STEP = 500;

/**
 * The next embedded papers that came after a state of the store and have no row. A paper with the text of an older one has its
 * embedding from the beginning, under a label that was passed long ago: such are among the changed papers.
 */
export function newcomers(
  store: Store,
  fingerprint: number,
  { label, revision }: Followed,
  hasRow: (key: PaperKey) => boolean,
): Newcomers {
  return store.snapshot(() => {
    const changed = store.changedSince(revision, fingerprint, STEP);
    const papers = new Map<PaperKey, Float32Array>();
    for (const { key, label: own } of changed) {
      const held = own !== undefined && own <= label && !hasRow(key) ? store.embedding(own) : undefined;
      if (held) papers.set(key, held.vector);
    }
    let last = label;
    let more = changed.length === STEP;
    for (const { key, label: own, vector } of store.embeddingsSince(label, fingerprint)) {
      // Papers that share a text share a label: a label is taken whole.
      if (papers.size >= STEP && own !== last) {
        more = true;
        break;
      }
      if (!hasRow(key)) papers.set(key, vector);
      last = own;
    }
    return {
      papers: [...papers].map(([key, vector]) => ({ key, vector })),
      label: last,
      revision: changed.at(-1)?.revision ?? revision,
      more,
    };
  });
}
