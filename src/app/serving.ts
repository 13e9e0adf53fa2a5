import { join } from 'node:path';
import { type Config, PACKAGE_ROOT } from '../config.ts';
import type { Digests } from '../delivery/mod.ts';
import type { SourceJson, Stats } from '../domain/mod.ts';
import { reasonOf } from '../errors.ts';
import { type Following, keepFollowing, sourceListOf } from '../indexing/mod.ts';
import { createServer, type PaperkinServer, type ServerServices } from '../server/mod.ts';
import { Desk, LibraryLists, People, type StoreCounts } from '../store/mod.ts';
import { deliverOver, feedForOf } from './delivery.ts';
import { duplicatesOver } from './duplicates.ts';
import { type Library, papersThrough, statsOf, uploadsDir } from './library.ts';
import { recommendOver } from './recommending.ts';
import { projectionOver } from './projecting.ts';
import { openSearch, type Search } from './search.ts';

export const SAMPLE_SOURCE = 'sample';

/** The bundled sample library. */
export function sampleFile(): string {
  return join(PACKAGE_ROOT, 'sample', 'papers.jsonl');
}

export interface Serving {
  readonly server: PaperkinServer;
  readonly sources: () => Promise<readonly SourceJson[]>;
  readonly digests: Digests;
  /** Whether the sample library is wanted: there is no paper yet, or its import was cut short. */
  readonly lacksSample: () => boolean;
  /** Brings the engine up to the store and goes on following it; the server counts as ready from then on. */
  readonly follow: () => Promise<void>;
  readonly close: () => Promise<void>;
}

/** Everything a server needs, wired; it does not listen yet. */
export async function openServing(
  config: Config,
  options: {
    readonly strictPort: boolean;
    readonly quiet: boolean;
    readonly nextSync: () => Date | undefined;
  } & Pick<ServerServices, 'runImport' | 'runSync' | 'backUp'>,
): Promise<Serving> {
  const search = await openSearch(config, { create: true, encoder: 'load', reranker: 'load' });
  const { store, engine, follower, retrieval } = search;
  const { strictPort, quiet, runImport, runSync, backUp, nextSync } = options;
  const people = await openBeside(search, config.workspace);
  const recommending = recommendOver(search, people);
  const delivery = deliverOver(config, { store, people }, feedForOf(recommending));
  const projection = projectionOver(search);
  const closing = new AbortController();
  let following: Following | undefined;
  const findPaper = (id: string) => {
    const key = store.findKey(id);
    return key === undefined ? undefined : store.papers([key])[0];
  };
  const services: ServerServices = {
    retrieval,
    findPaper,
    papersThrough: (filter) => papersThrough(search, filter),
    stats: cachedStats(search),
    sourceList: sourceListOf(search.workspace),
    nextSync,
    projection,
    people,
    recommending,
    libraryLists: new LibraryLists(store, people),
    ...duplicatesOver(search, config, closing.signal),
    paperOf: (id) => {
      const key = store.findKey(id);
      return key === undefined ? undefined : store.paper(key);
    },
    deskOf: (person) => new Desk(store, people.signals(person)),
    readiness: () => (following ? { ready: true } : { ready: false, reason: 'the index is being brought up to date' }),
    ...{ runImport, runSync, backUp },
    delivery,
  };
  const { host, port, maxUploadBytes, requestTimeoutMs, shutdownTimeoutMs } = config;
  const server = createServer(services, {
    ...{ host, port, strictPort, maxUploadBytes, requestTimeoutMs, shutdownTimeoutMs },
    webRoot: join(PACKAGE_ROOT, 'dist', 'web'),
    uploadsDir: uploadsDir(config),
    logLevel: quiet ? 'silent' : config.logLevel,
  });
  return {
    server,
    sources: services.sourceList.list,
    digests: delivery.digests,
    lacksSample: () => {
      const { papers, embedded, sources } = store.counts(engine.fingerprint);
      return papers === 0 || (embedded < papers && sources.every(({ name }) => name === SAMPLE_SOURCE));
    },
    follow: async () => {
      await follower.catchUp();
      following = keepFollowing(store, engine, follower, (error) => process.emitWarning(reasonOf(error)));
    },
    close: async () => {
      closing.abort();
      following?.stop();
      await projection.close();
      people.close();
      await search.close();
    },
  };
}

/** Closes the search where there is no opening the people beside it. */
async function openBeside(search: Search, workspace: string): Promise<People> {
  try {
    return People.open(workspace);
  } catch (error) {
    await search.close();
    throw error;
  }
}

/**
 * Counting goes through every paper: once for each state of the database is enough. The rest is in workspace.json, which an
 * import writes after its last word to the database, and is read each time.
 */
function cachedStats(library: Pick<Library, 'workspace' | 'store'>): () => Promise<Stats> {
  const { store } = library;
  let held: { readonly version: number; readonly fingerprint: number; readonly counts: StoreCounts } | undefined;
  const count = (fingerprint: number): StoreCounts => {
    const version = store.dataVersion();
    if (held?.version !== version || held.fingerprint !== fingerprint) {
      held = { version, fingerprint, counts: store.counts(fingerprint) };
    }
    return held.counts;
  };
  return () => statsOf(library, count);
}
