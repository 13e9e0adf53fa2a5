import type { DocumentEmbedding, Engine } from '../engine/contract.ts';
import type { ChangedPaper, Removal, Store } from '../store/mod.ts';

export interface Follower {
  /** Brings at most `limit` changed papers over to the engine; `false` once there is nothing left to bring. */
  step(limit: number): Promise<boolean>;
  /** Steps until the engine holds what the store holds. */
  catchUp(): Promise<void>;
  /** The store's revision up to which the engine holds every paper. */
  readonly revision: number;
}

interface Changes {
  readonly removed: readonly Removal[];
  readonly papers: readonly ChangedPaper[];
  readonly embeddings: readonly DocumentEmbedding[];
  readonly newest: number;
  readonly more: boolean;
}

const CATCH_UP_STEP = 1000;

/**
 * Keeps an engine in step with the store, whoever writes to it: papers that changed since a revision, papers that went,
 * and embeddings that came since. `from` is the revision of the engine's own file (0: from the beginning).
 */
export function followStore(
  store: Store,
  engine: Engine,
  { fingerprint, from }: { readonly fingerprint: number; readonly from: number },
): Follower {
  let revision = from;
  let lastLabel = 0;

  /** Read in one view of the database: else a removal could slip in between and be passed unseen. */
  function read(limit: number): Changes {
    return store.snapshot(() => {
      const removed = store.removedSince(revision);
      const papers = store.changedSince(revision, fingerprint, limit);
      const embeddings: DocumentEmbedding[] = [];
      for (const { key, label } of papers) {
        // A text that came back has its embedding already, under a label that was passed long ago.
        const embedding = label !== undefined && label <= lastLabel ? store.vector(label) : undefined;
        if (label !== undefined && embedding) embeddings.push({ key, label, embedding });
      }
      let newest = lastLabel;
      let more = papers.length === limit;
      for (const { key, label, vector } of store.embeddingsSince(lastLabel, fingerprint)) {
        // Papers that share a text share a label: a label is taken whole.
        if (embeddings.length >= limit && label !== newest) {
          more = true;
          break;
        }
        embeddings.push({ key, label, embedding: vector });
        newest = label;
      }
      return { removed, papers, embeddings, newest, more };
    });
  }

  async function step(limit: number): Promise<boolean> {
    const { removed, papers, embeddings, newest, more } = read(limit);
    if (removed.length > 0) await engine.remove(removed.map(({ key }) => key));
    if (papers.length > 0) await engine.upsert(papers);
    if (embeddings.length > 0) await engine.upsertEmbeddings(embeddings);
    revision = papers.at(-1)?.revision ?? revision;
    // Once every paper up to the end is here, so is every removal.
    if (papers.length < limit) revision = Math.max(revision, removed.at(-1)?.revision ?? 0);
    lastLabel = newest;
    return more;
  }

  return {
    step,
    async catchUp() {
      while (await step(CATCH_UP_STEP));
    },
    get revision() {
      return revision;
    },
  };
}
