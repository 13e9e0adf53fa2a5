import { setTimeout as sleep } from 'node:timers/promises';
import type { Config } from '../config.ts';
import { describeFingerprint, type Encoder, openEncoder } from '../encoder/mod.ts';
import type { EmbeddedEngine } from '../engine/mod.ts';
import { AppError } from '../errors.ts';
import type { ImportParts } from '../indexing/mod.ts';
import { lockForWriting } from '../store/mod.ts';
import {
  checkModel,
  described,
  encoderOptions,
  type Library,
  type Model,
  type OnDownload,
  openEngine,
  openLibrary,
} from './library.ts';

export interface Writing extends Omit<Library, 'close'> {
  readonly model: Model;
  readonly parts: ImportParts;
  readonly close: () => Promise<void>;
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

/** The same engine without what its files hold: everything is made again from the store. */
export async function openFreshEngine(
  writing: Writing,
): Promise<{ readonly engine: EmbeddedEngine; readonly revision: number }> {
  return { engine: await openEngine(writing, writing.model, 'ignore'), revision: 0 };
}
