import type { Paper } from '../../src/domain/mod.ts';
import { type Encoder, openEncoder } from '../../src/encoder/mod.ts';
import { EmbeddedEngine } from '../../src/engine/mod.ts';
import { embedPending, followStore } from '../../src/indexing/mod.ts';
import { Store } from '../../src/store/mod.ts';
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

/** Papers that are embedded by the tiny encoder, in a store of their own and an engine that follows it. */
export interface Embedded {
  readonly store: Store;
  readonly engine: EmbeddedEngine;
  readonly encoder: Encoder;
  readonly close: () => Promise<void>;
}

/** `later`: papers that come after the others were embedded, and have no embedding. */
export async function embedded(
  papers: readonly Paper[],
  {
    workspace = temporaryWorkspace(),
    later = [],
  }: { readonly workspace?: string; readonly later?: readonly Paper[] } = {},
): Promise<Embedded> {
  const store = Store.open(workspace, { create: true });
  const encoder = await openEncoder({ model: 'hashing', modelsDir: 'models', allowDownload: false });
  const fingerprint = store.fingerprintNumber(encoder.fingerprint, 'hashing');
  const ingest = (each: readonly Paper[]): unknown => store.ingest(each.map((paper) => ({ source: 'zoo', paper })));
  ingest(papers);
  await embedPending({ store, encoder, fingerprint, signal: new AbortController().signal, onStored: () => undefined });
  ingest(later);
  const { dimensions } = encoder.model;
  const engine = await EmbeddedEngine.open({ workspace, dimensions, fingerprint, fresh: true });
  await followStore(store, engine, { fingerprint, from: 0 }).catchUp();
  const close = async (): Promise<void> => {
    engine.close();
    store.close();
    await encoder.close();
  };
  return { store, engine, encoder, close };
}
