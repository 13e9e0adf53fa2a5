import { existsSync } from 'node:fs';
import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { type Config, ownVersion, PACKAGE_ROOT } from './config.ts';
import type { Filter, ImportProgress, ImportSummary, Paper, SourceJson, Stats } from './domain/mod.ts';
import {
  DEFAULT_MODEL,
  describeFingerprint,
  type DownloadProgress,
  type Encoder,
  openEncoder,
  openReranker,
  type Reranker,
} from './encoder/mod.ts';
import { importCorpus, setWorkspace } from './evaluation/mod.ts';
import { EmbeddedEngine, filteredKeys, readIndexFiles } from './engine/mod.ts';
import {
  examine,
  type Follower,
  type Following,
  followStore,
  type ImportParts,
  keepFollowing,
  type Problem,
  sourceJson,
  type SyncParts,
} from './indexing/mod.ts';
import { createRetrieval, type Retrieval } from './retrieval/mod.ts';
import { AppError, reasonOf } from './errors.ts';
import { createServer, type PaperkinServer, type ServerServices } from './server/mod.ts';
import { lockForWriting, Store, type StoreCounts, Workspace, type WorkspaceState } from './store/mod.ts';

/** A workspace with its store; what every command starts from. */
export interface Library {
  readonly workspace: Workspace;
  readonly store: Store;
  readonly close: () => void;
}

export interface Search extends Omit<Library, 'close'> {
  readonly engine: EmbeddedEngine;
  readonly follower: Follower;
  readonly retrieval: Retrieval;
  readonly close: () => Promise<void>;
}

export interface Writing extends Omit<Library, 'close'> {
  readonly model: Model;
  readonly parts: ImportParts;
  readonly close: () => Promise<void>;
}

/** Throws WORKSPACE_NOT_FOUND unless `create`, WORKSPACE_TOO_NEW, WORKSPACE_CORRUPT. */
export async function openLibrary(config: Config, { create }: { readonly create: boolean }): Promise<Library> {
  const workspace = await Workspace.open(config.workspace, { create });
  const store = Store.open(config.workspace, { create });
  return { workspace, store, close: () => store.close() };
}

/** The papers that a filter lets through, by rising key, read from the database as they are asked for. */
export function papersThrough(
  { workspace, store }: Pick<Library, 'workspace' | 'store'>,
  filter: Filter,
): Iterable<Paper> {
  const { model } = workspace.state;
  const fingerprint = model ? store.fingerprintNumber(model.fingerprint, model.name) : 0;
  return store.allPapers(filteredKeys(workspace.folder, filter, fingerprint));
}

type OnDownload = (progress: DownloadProgress) => void;

function encoderOptions(config: Config, workspace: Workspace | undefined, onDownload?: OnDownload) {
  const model = config.model || workspace?.state.model?.name || DEFAULT_MODEL;
  const { modelsDir, allowDownload, threads } = config;
  return { model, modelsDir, allowDownload, threads, ...(onDownload ? { onDownload } : {}) };
}

function described({ model, fingerprint }: Pick<Encoder, 'model' | 'fingerprint'>): Model {
  return { name: model.name, fingerprint, dimensions: model.dimensions };
}

function checkModel({ state }: Workspace, name: string, fingerprint: string): void {
  const { model } = state;
  if (!model || model.fingerprint === fingerprint) return;
  const version = (text: string): string => text.slice(-12);
  throw new AppError('MODEL_MISMATCH', {
    indexed: `${model.name} (${version(model.fingerprint)})`,
    loaded: `${name} (${version(fingerprint)})`,
  });
}

type Model = NonNullable<WorkspaceState['model']>;

function openEngine(
  { workspace, store }: Library,
  model: Model | null,
  files: 'read' | 'ignore',
): Promise<EmbeddedEngine> {
  return EmbeddedEngine.open({
    workspace: workspace.folder,
    dimensions: model?.dimensions ?? 1,
    fingerprint: model ? store.fingerprintNumber(model.fingerprint, model.name) : 0,
    fresh: files === 'ignore',
  });
}

/**
 * Opens a library for searching. `encoder: 'none'` serves lexical searches without loading a model; with `'load'` a model
 * that cannot be loaded leaves lexical search and says so in each answer, and another model than the workspace's throws
 * MODEL_MISMATCH. `reranker: 'load'` loads the cross-encoder that is configured, if one is, and throws MODEL_NOT_FOUND where
 * it cannot: it was asked for by name.
 */
export async function openSearch(
  config: Config,
  options: { readonly create: boolean; readonly encoder: 'load' | 'none'; readonly reranker?: 'load' | 'none' },
): Promise<Search> {
  const library = await openLibrary(config, options);
  const { workspace, store } = library;
  const opened: { readonly close: () => void | Promise<void> }[] = [library];
  const close = async (): Promise<void> => {
    for (const part of opened.toReversed()) await part.close();
  };
  try {
    const encoder = await searchEncoder(config, library, options.encoder);
    if (!('unavailable' in encoder)) opened.push(encoder);
    const reranker = options.reranker === 'load' ? await configuredReranker(config) : undefined;
    if (reranker) opened.push(reranker);
    // A workspace without papers has no model yet: what it will be embedded with is what is loaded.
    const model = workspace.state.model ?? ('unavailable' in encoder ? null : described(encoder));
    const engine = await openEngine(library, model, 'read');
    opened.push(engine);
    const follower = followStore(store, engine, { fingerprint: engine.fingerprint, from: engine.revision });
    const retrieval = createRetrieval({ engine, store, encoder, reranker });
    return { ...library, engine, follower, retrieval, close };
  } catch (error) {
    await close();
    throw error;
  }
}

async function configuredReranker(config: Config): Promise<Reranker | undefined> {
  const { rerankModel, rerankDepth, modelsDir, allowDownload, threads } = config;
  if (rerankModel === '') return undefined;
  return openReranker({ model: rerankModel, depth: rerankDepth, modelsDir, allowDownload, threads });
}

async function searchEncoder(
  config: Config,
  library: Library,
  wanted: 'load' | 'none',
): Promise<Encoder | { readonly unavailable: string }> {
  if (wanted === 'none') return { unavailable: 'this search was opened without a model' };
  const options = encoderOptions(config, library.workspace);
  try {
    const encoder = await openEncoder(options);
    checkModel(library.workspace, encoder.model.name, encoder.fingerprint);
    return encoder;
  } catch (error) {
    if (error instanceof AppError && error.code !== 'MODEL_MISMATCH') return { unavailable: reasonOf(error) };
    throw error;
  }
}

/**
 * Opens a library for writing and holds its lock until `close`. Throws WORKSPACE_LOCKED, and MODEL_MISMATCH unless
 * `anotherModel` (reindex).
 */
export async function openWriting(
  config: Config,
  options: { readonly create: boolean; readonly anotherModel: boolean; readonly onDownload?: OnDownload },
): Promise<Writing> {
  // Looked at before it is locked: the lock would make the folder.
  if (!options.create) (await openLibrary(config, options)).close();
  const lock = lockForWriting(config.workspace);
  try {
    const library = await openLibrary(config, { create: true });
    const { workspace, store } = library;
    const encoder = encoderOptions(config, workspace, options.onDownload);
    const model = described(await describeFingerprint(encoder));
    if (!options.anotherModel) checkModel(workspace, model.name, model.fingerprint);
    let loaded: Promise<Encoder> | undefined;
    const parts: ImportParts = {
      store,
      encoder: () => (loaded ??= openEncoder(encoder)),
      fingerprint: store.fingerprintNumber(model.fingerprint, model.name),
      settleModel: async () => {
        if (!workspace.state.model) await workspace.update({ model });
      },
      openEngine: async () => {
        const engine = await openEngine(library, model, 'read');
        return { engine, revision: engine.revision };
      },
    };
    const close = async (): Promise<void> => {
      library.close();
      lock.release();
      // A model that failed to load has nothing to close, and its failure was reported to whoever asked for it.
      await loaded?.then((opened) => opened.close()).catch(() => undefined);
    };
    return { ...library, model, parts, close };
  } catch (error) {
    lock.release();
    throw error;
  }
}

const LOCK_POLL_MS = 250;

/**
 * Like `openWriting`, waiting for another program that is writing, and closed when `use` has ended. Throws INTERRUPTED where
 * the signal aborts the waiting.
 */
export async function withWriting<T>(
  config: Config,
  {
    waitMs,
    onDownload,
    signal,
  }: { readonly waitMs: number; readonly onDownload?: OnDownload; readonly signal?: AbortSignal },
  use: (writing: Writing) => Promise<T>,
): Promise<T> {
  const options = { create: true, anotherModel: false, ...(onDownload ? { onDownload } : {}) };
  const until = performance.now() + waitMs;
  let writing: Writing | undefined;
  while (!writing) {
    try {
      writing = await openWriting(config, options);
    } catch (error) {
      const locked = error instanceof AppError && error.code === 'WORKSPACE_LOCKED';
      if (!locked || performance.now() >= until) throw error;
      if (signal?.aborted) throw new AppError('INTERRUPTED', {}, { cause: error });
      await sleep(LOCK_POLL_MS);
    }
  }
  try {
    return await use(writing);
  } finally {
    await writing.close();
  }
}

/** Another evaluation may be building the same workspace. */
const BUILD_WAIT_MS = 3_600_000;
/** An import of any size goes before a batch of a sync. */
const SYNC_WAIT_MS = 24 * 3_600_000;

/**
 * The search over a corpus, whose workspace is built in `evaluationDir` where it is not there yet; `onBuilt` is then told
 * what was read. Throws FILE_NOT_FOUND, BAD_INPUT and the like, and INTERRUPTED when the signal aborts.
 */
export async function openCorpus(
  config: Config,
  corpus: readonly string[],
  options: {
    readonly signal: AbortSignal;
    readonly onProgress: (progress: ImportProgress) => void;
    readonly onBuilt: (summary: ImportSummary) => void;
    readonly onDownload?: OnDownload;
  },
): Promise<Search> {
  const { fingerprint } = await describeFingerprint(encoderOptions(config, undefined, options.onDownload));
  const build = async (workspace: string): Promise<void> => {
    const waiting = { waitMs: BUILD_WAIT_MS, signal: options.signal };
    await withWriting({ ...config, workspace }, waiting, async ({ parts }) => {
      options.onBuilt(await importCorpus(corpus, parts, options));
    });
  };
  const parts = { directory: config.evaluationDir, fingerprint, version: ownVersion(), build };
  const workspace = await setWorkspace(parts, corpus);
  const search = await openSearch({ ...config, workspace }, { create: false, encoder: 'load' });
  await search.follower.catchUp();
  return search;
}

/** What a sync works with. Throws WORKSPACE_TOO_NEW, WORKSPACE_CORRUPT. */
export async function syncParts(config: Config, onDownload?: OnDownload): Promise<SyncParts> {
  const { contact, maxRequestsPerDay, arxivUrl, biorxivUrl, huggingFaceUrl, zoteroUrl } = config;
  const lock = { waitMs: SYNC_WAIT_MS, ...(onDownload ? { onDownload } : {}) };
  const { workspace, close } = await openLibrary(config, { create: true });
  close();
  return {
    workspace,
    withWriting: (use, signal) => withWriting(config, { ...lock, signal }, use),
    bases: { arxiv: arxivUrl, biorxiv: biorxivUrl, huggingFace: huggingFaceUrl, zotero: zoteroUrl },
    userAgent: `Paperkin/${ownVersion()}${contact === '' ? '' : ` (+${contact})`}`,
    maxRequestsPerDay,
  };
}

/** The sources of a workspace, as they are shown. Throws WORKSPACE_NOT_FOUND, WORKSPACE_TOO_NEW, WORKSPACE_CORRUPT. */
export async function sourcesOf(workspace: Workspace): Promise<SourceJson[]> {
  await workspace.reload();
  const now = Date.now();
  return workspace.state.sources.map((source) => sourceJson(source, now));
}

/** The same engine without what its files hold: everything is made again from the store. */
export async function openFreshEngine(
  writing: Writing,
): Promise<{ readonly engine: EmbeddedEngine; readonly revision: number }> {
  return { engine: await openEngine(writing, writing.model, 'ignore'), revision: 0 };
}

/** Counts as of now; another program may have written the workspace's file since it was opened. */
export async function statsOf(
  { workspace, store }: Pick<Library, 'workspace' | 'store'>,
  count: (fingerprint: number) => StoreCounts = (fingerprint) => store.counts(fingerprint),
): Promise<Stats> {
  await workspace.reload();
  const { model, version, generation } = workspace.state;
  const fingerprint = model ? store.fingerprintNumber(model.fingerprint, model.name) : 0;
  const counts = count(fingerprint);
  return {
    workspace: workspace.folder,
    version,
    papers: counts.papers,
    withAbstract: counts.withAbstract,
    embedded: counts.embedded,
    pending: counts.papers - counts.embedded,
    model: model && { name: model.name, dimensions: model.dimensions },
    fingerprint: model?.fingerprint ?? null,
    generation,
    sources: counts.sources,
    years: counts.years,
    categories: counts.categories,
    venues: counts.venues,
  };
}

export const SAMPLE_SOURCE = 'sample';

/** The bundled sample library. */
export function sampleFile(): string {
  return join(PACKAGE_ROOT, 'sample', 'papers.jsonl');
}

const uploadsDir = (config: Config): string => join(config.workspace, 'uploads');

export interface Serving {
  readonly server: PaperkinServer;
  readonly sources: () => Promise<readonly SourceJson[]>;
  /** Whether the sample library is wanted: there is no paper yet, or its import was cut short. */
  readonly lacksSample: () => boolean;
  /** Brings the engine up to the store and goes on following it; the server counts as ready from then on. */
  readonly follow: () => Promise<void>;
  readonly close: () => Promise<void>;
}

/** Everything a server needs, wired; it does not listen yet. */
export async function openServing(
  config: Config,
  options: { readonly strictPort: boolean; readonly quiet: boolean; readonly runImport: ServerServices['runImport'] },
): Promise<Serving> {
  const search = await openSearch(config, { create: true, encoder: 'load', reranker: 'load' });
  const { store, engine, follower, retrieval } = search;
  const { strictPort, quiet, runImport } = options;
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
    sources: () => sourcesOf(search.workspace),
    readiness: () => (following ? { ready: true } : { ready: false, reason: 'the index is being brought up to date' }),
    runImport,
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
    sources: services.sources,
    lacksSample: () => {
      const { papers, embedded, sources } = store.counts(engine.fingerprint);
      return papers === 0 || (embedded < papers && sources.every(({ name }) => name === SAMPLE_SOURCE));
    },
    follow: async () => {
      await follower.catchUp();
      following = keepFollowing(store, engine, follower, (error) => process.emitWarning(reasonOf(error)));
    },
    close: async () => {
      following?.stop();
      await search.close();
    },
  };
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

/** Checks a workspace without changing it. Throws WORKSPACE_NOT_FOUND, WORKSPACE_TOO_NEW, WORKSPACE_CORRUPT. */
export async function examineLibrary(config: Config): Promise<{ problems: Problem[]; stats: Stats }> {
  const library = await openLibrary(config, { create: false });
  try {
    const { workspace, store } = library;
    const { state } = workspace;
    const problems = examine({
      store,
      state,
      fingerprint: state.model ? store.fingerprintNumber(state.model.fingerprint, state.model.name) : 0,
      files: await readIndexFiles(workspace.folder, state.model?.dimensions ?? 1),
      loaded: await describeFingerprint(encoderOptions(config, workspace)).catch((error: unknown) => ({
        unavailable: reasonOf(error),
      })),
      uploads: existsSync(uploadsDir(config)) ? await readdir(uploadsDir(config)) : [],
    });
    return { problems, stats: await statsOf(library) };
  } finally {
    library.close();
  }
}
