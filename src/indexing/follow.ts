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
        const held = label !== undefined && label <= lastLabel ? store.embedding(label) : undefined;
        if (label !== undefined && held) embeddings.push({ key, label, embedding: held.vector, rest: held.rest });
      }
      let newest = lastLabel;
      let more = papers.length === limit;
      for (const { key, label, vector, rest } of store.embeddingsSince(lastLabel, fingerprint)) {
        // Papers that share a text share a label: a label is taken whole.
        if (embeddings.length >= limit && label !== newest) {
          more = true;
          break;
        }
        embeddings.push({ key, label, embedding: vector, rest });
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

export interface Following {
  stop(): void;
}

// A paper stored by another program is found within a quarter of a second.
const POLL_MS = 100;
// Slices short enough that a query waits little behind one: 2.5 ms of tokenising (50 µs a paper), 4 ms of linking.
const SLICE_PAPERS = 50;
const SLICE_MS = 4;
const PAUSE_MS = 10;

/**
 * Follows the store for as long as a server runs, in slices between queries. A failing step is told to `onError` and
 * tried again: the store may be busy or, for a moment, unreadable.
 */
export function keepFollowing(
  store: Store,
  engine: Engine,
  follower: Follower,
  onError: (error: unknown) => void,
): Following {
  let stopped = false;
  let timer: NodeJS.Timeout | undefined;
  let seen = -1;
  let behind = true;
  const turn = async (): Promise<void> => {
    let failed = false;
    try {
      const version = store.dataVersion();
      if (behind || version !== seen) {
        behind = true;
        seen = version;
        behind = await follower.step(SLICE_PAPERS);
      }
      if (!behind) behind = await engine.maintain(SLICE_MS);
    } catch (error) {
      failed = true;
      // What fails because everything is being closed around it is no news.
      if (!stopped) onError(error);
    }
    // After a failure no sooner than usual: whatever it was will not have passed in a few milliseconds.
    if (!stopped) timer = setTimeout(() => void turn(), behind && !failed ? PAUSE_MS : POLL_MS);
  };
  void turn();
  return {
    stop() {
      stopped = true;
      clearTimeout(timer);
    },
  };
}
