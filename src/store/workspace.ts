import { existsSync, mkdirSync } from 'node:fs';
import { join } from 'node:path';
import Database from 'better-sqlite3';
import { Low } from 'lowdb';
import { JSONFile } from 'lowdb/node';
import * as z from 'zod';
import { AppError, reasonOf } from '../errors.ts';
import { LAYOUT_VERSION } from './migrations.ts';

const schema = z.object({
  /** Layout of the whole folder; an older program refuses a newer one. */
  version: z.number().int(),
  model: z.object({ name: z.string(), fingerprint: z.string(), dimensions: z.number().int() }).nullable(),
  /** Grows each time the index files are written. */
  generation: z.number().int(),
  sources: z.array(z.looseObject({ name: z.string() })),
});

export type WorkspaceState = z.infer<typeof schema>;

export const WORKSPACE_FILE = 'workspace.json';
const LOCK_FILE = 'write.lock';

/** `workspace.json`: what the folder is, for people to read and for programs to check before they open it. */
export class Workspace {
  readonly folder: string;
  readonly #file: Low<WorkspaceState>;

  private constructor(folder: string, file: Low<WorkspaceState>) {
    this.folder = folder;
    this.#file = file;
  }

  /** Throws WORKSPACE_TOO_NEW, WORKSPACE_CORRUPT and, unless `create`, WORKSPACE_NOT_FOUND. */
  static async open(folder: string, options: { readonly create: boolean }): Promise<Workspace> {
    const path = join(folder, WORKSPACE_FILE);
    if (!options.create && !existsSync(path)) throw new AppError('WORKSPACE_NOT_FOUND', { workspace: folder });
    mkdirSync(folder, { recursive: true });
    const fresh: WorkspaceState = { version: LAYOUT_VERSION, model: null, generation: 0, sources: [] };
    const isNew = !existsSync(path);
    // Not JSONFilePreset: it keeps everything in memory where NODE_ENV is "test", and so nothing at all.
    const file = new Low<WorkspaceState>(new JSONFile(path), fresh);
    try {
      await file.read();
    } catch (error) {
      throw new AppError('WORKSPACE_CORRUPT', { file: path, reason: reasonOf(error) }, { cause: error });
    }
    const version = z.object({ version: z.number() }).safeParse(file.data);
    if (version.success && version.data.version > LAYOUT_VERSION) {
      const details = { workspace: folder, found: version.data.version, supported: LAYOUT_VERSION };
      throw new AppError('WORKSPACE_TOO_NEW', details);
    }
    const parsed = schema.safeParse(file.data);
    if (!parsed.success) {
      throw new AppError('WORKSPACE_CORRUPT', { file: path, reason: z.prettifyError(parsed.error) });
    }
    file.data = parsed.data;
    const workspace = new Workspace(folder, file);
    if (isNew) await file.write();
    return workspace;
  }

  get state(): Readonly<WorkspaceState> {
    return this.#file.data;
  }

  /** Written to a temporary name and renamed (lowdb). */
  async update(change: Partial<WorkspaceState>): Promise<void> {
    this.#file.data = { ...this.#file.data, ...change };
    await this.#file.write();
  }

  async reload(): Promise<void> {
    await this.#file.read();
  }
}

/**
 * Takes the folder for writing until `release`, or until the process ends however it ends: the lock is the operating
 * system's, held through SQLite, so a killed writer leaves none behind. Throws WORKSPACE_LOCKED.
 */
export function lockForWriting(folder: string): { release: () => void } {
  mkdirSync(folder, { recursive: true });
  const db = new Database(join(folder, LOCK_FILE), { timeout: 0 });
  try {
    db.exec('BEGIN EXCLUSIVE');
  } catch (error) {
    db.close();
    throw new AppError('WORKSPACE_LOCKED', { workspace: folder }, { cause: error });
  }
  return { release: () => db.close() };
}
