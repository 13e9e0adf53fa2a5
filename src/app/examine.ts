import { existsSync } from 'node:fs';
import { readdir } from 'node:fs/promises';
import type { Config } from '../config.ts';
import type { Stats } from '../domain/mod.ts';
import { describeFingerprint } from '../encoder/mod.ts';
import { readIndexFiles } from '../engine/mod.ts';
import { AppError, reasonOf } from '../errors.ts';
import { examine, type Problem } from '../indexing/mod.ts';
import { People } from '../store/mod.ts';
import { encoderOptions, openLibrary, statsOf, uploadsDir } from './library.ts';

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
      people: peopleProblems(workspace.folder),
      uploads: existsSync(uploadsDir(config)) ? await readdir(uploadsDir(config)) : [],
    });
    return { problems, stats: await statsOf(library) };
  } finally {
    library.close();
  }
}

/** A file that cannot be opened is a finding here; one of a newer program or held by another is none. */
function peopleProblems(workspace: string): string[] {
  try {
    const people = People.openIfThere(workspace);
    try {
      return people?.problems() ?? [];
    } finally {
      people?.close();
    }
  } catch (error) {
    if (error instanceof AppError && error.code === 'WORKSPACE_CORRUPT') return [error.message];
    throw error;
  }
}
