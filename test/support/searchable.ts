import type { Paper } from '../../src/domain/mod.ts';
import type { EmbeddedEngine } from '../../src/engine/mod.ts';
import { followStore } from '../../src/indexing/mod.ts';
import type { Store } from '../../src/store/mod.ts';
import { openEngine, openStore, temporaryWorkspace } from './library.ts';

/** Papers in a store of their own and an engine that follows it; no embeddings. */
export async function searchable(
  papers: readonly Paper[],
): Promise<{ readonly store: Store; readonly engine: EmbeddedEngine; readonly catchUp: () => Promise<void> }> {
  const workspace = temporaryWorkspace();
  const store = openStore(workspace);
  store.ingest(papers.map((paper) => ({ source: 'invented', paper })));
  const engine = await openEngine(workspace, { dimensions: 1, fingerprint: 1, fresh: true });
  const follower = followStore(store, engine, { fingerprint: 1, from: 0 });
  await follower.catchUp();
  return { store, engine, catchUp: () => follower.catchUp() };
}
