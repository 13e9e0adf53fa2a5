import type { Config } from '../config.ts';
import type { MapProgress } from '../domain/mod.ts';
import { createProjection, type Projection } from '../projection/mod.ts';
import { openSearch, type Search } from './search.ts';

/** The picture of a library that is open for searching. */
export function projectionOver(
  { engine, store, workspace }: Pick<Search, 'engine' | 'store' | 'workspace'>,
  onProgress?: (progress: MapProgress) => void,
): Projection {
  const fingerprint = (): string | undefined => workspace.state.model?.fingerprint;
  return createProjection({
    engine,
    store,
    workspace: workspace.folder,
    fingerprint,
    ...(onProgress ? { onProgress } : {}),
  });
}

export interface OpenProjecting {
  readonly projection: Projection;
  readonly close: () => Promise<void>;
}

/** Opens a library for drawing it, brought up to what is stored. */
export async function openProjecting(
  config: Config,
  onProgress: (progress: MapProgress) => void,
): Promise<OpenProjecting> {
  const search = await openSearch(config, { create: false, encoder: 'none' });
  const projection = projectionOver(search, onProgress);
  const close = async (): Promise<void> => {
    await projection.close();
    await search.close();
  };
  try {
    await search.follower.catchUp();
    return { projection, close };
  } catch (error) {
    await close();
    throw error;
  }
}
