import { readdir, stat } from 'node:fs/promises';
import { join } from 'node:path';
import type { Config } from '../config.ts';
import type { Filter, Paper, Stats } from '../domain/mod.ts';
import { DEFAULT_MODEL, type DownloadProgress, type Encoder } from '../encoder/mod.ts';
import { EmbeddedEngine, filteredKeys } from '../engine/mod.ts';
import { AppError } from '../errors.ts';
import { Store, type StoreCounts, Workspace, type WorkspaceState } from '../store/mod.ts';

/** A workspace with its store; what every command starts from. */
export interface Library {
  readonly workspace: Workspace;
  readonly store: Store;
  readonly close: () => void;
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

export type OnDownload = (progress: DownloadProgress) => void;

export function encoderOptions(config: Config, workspace: Workspace | undefined, onDownload?: OnDownload) {
  const model = config.model || workspace?.state.model?.name || DEFAULT_MODEL;
  const { modelsDir, allowDownload, threads } = config;
  return { model, modelsDir, allowDownload, threads, ...(onDownload ? { onDownload } : {}) };
}

export function described({ model, fingerprint }: Pick<Encoder, 'model' | 'fingerprint'>): Model {
  return { name: model.name, fingerprint, dimensions: model.dimensions };
}

export function checkModel({ state }: Workspace, name: string, fingerprint: string): void {
  const { model } = state;
  if (!model || model.fingerprint === fingerprint) return;
  const version = (text: string): string => text.slice(-12);
  throw new AppError('MODEL_MISMATCH', {
    indexed: `${model.name} (${version(model.fingerprint)})`,
    loaded: `${name} (${version(fingerprint)})`,
  });
}

export type Model = NonNullable<WorkspaceState['model']>;

export function openEngine(
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
    diskBytes: await bytesIn(workspace.folder),
    sources: counts.sources,
    years: counts.years,
    categories: counts.categories,
    venues: counts.venues,
  };
}

/** Of the files in a folder, itself; one that goes meanwhile counts for nothing. */
async function bytesIn(folder: string): Promise<number> {
  const sizes = await Promise.all(
    (await readdir(folder)).map(async (name) => {
      const found = await stat(join(folder, name)).catch(() => undefined);
      return found?.isFile() ? found.size : 0;
    }),
  );
  return sizes.reduce((sum, bytes) => sum + bytes, 0);
}

export const uploadsDir = (config: Config): string => join(config.workspace, 'uploads');
