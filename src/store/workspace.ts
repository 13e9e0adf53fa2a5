import { existsSync, mkdirSync } from 'node:fs';
import { dirname, join } from 'node:path';
import Database from 'better-sqlite3';
import { Low } from 'lowdb';
import { JSONFile } from 'lowdb/node';
import * as z from 'zod';
import { AppError, reasonOf } from '../errors.ts';
import { DATABASE_NAME, isBusy } from './database.ts';
import { checkLayout, LAYOUT_VERSION } from './migrations.ts';

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
const NEW_WORKSPACE: WorkspaceState = { version: LAYOUT_VERSION, model: null, generation: 0, sources: [] };

/** `workspace.json`: what the folder is, for people to read and for programs to check before they open it. */
export class Workspace {
  readonly folder: string;
  readonly #file: Low<WorkspaceState>;

  private constructor(folder: string, file: Low<WorkspaceState>) {
    this.folder = folder;
    this.#file = file;
  }

  /**
   * Where `workspace.json` is gone and the database still there, the state is read from the database, which is the truth.
   * Throws WORKSPACE_TOO_NEW, WORKSPACE_CORRUPT and, unless `create`, WORKSPACE_NOT_FOUND.
   */
  static async open(folder: string, options: { readonly create: boolean }): Promise<Workspace> {
    const path = join(folder, WORKSPACE_FILE);
    const isNew = !existsSync(path);
    const hasDatabase = existsSync(join(folder, DATABASE_NAME));
    if (isNew && !hasDatabase && !options.create) throw new AppError('WORKSPACE_NOT_FOUND', { workspace: folder });
    if (options.create) makeFolder(folder);
    // Not JSONFilePreset: it keeps everything in memory where NODE_ENV is "test", and so nothing at all.
    const file = new Low<WorkspaceState>(new JSONFile(path), NEW_WORKSPACE);
    if (isNew) {
      if (hasDatabase) file.data = { ...NEW_WORKSPACE, model: modelInDatabase(folder) };
      if (options.create) await file.write();
    } else {
      file.data = await readState(path);
    }
    return new Workspace(folder, file);
  }

  get state(): Readonly<WorkspaceState> {
    return this.#file.data;
  }

  /** Written to a temporary name and renamed (lowdb). */
  async update(change: Partial<WorkspaceState>): Promise<void> {
    this.#file.data = { ...this.#file.data, ...change };
    await this.#file.write();
  }

  /** Reads it again: another program may have written it. Throws WORKSPACE_TOO_NEW, WORKSPACE_CORRUPT. */
  async reload(): Promise<void> {
    const path = join(this.folder, WORKSPACE_FILE);
    if (existsSync(path)) this.#file.data = await readState(path);
  }
}

function makeFolder(folder: string): void {
  try {
    mkdirSync(folder, { recursive: true });
  } catch (error) {
    throw new AppError('WORKSPACE_CORRUPT', { file: folder, reason: reasonOf(error) }, { cause: error });
  }
}

async function readState(path: string): Promise<WorkspaceState> {
  const file = new Low<WorkspaceState>(new JSONFile(path), NEW_WORKSPACE);
  const damaged = (what: string, cause?: unknown): AppError => {
    const reason = `${what.trim()}; remove this file, it is made again from ${DATABASE_NAME}`;
    return new AppError('WORKSPACE_CORRUPT', { file: path, reason }, { cause });
  };
  try {
    await file.read();
  } catch (error) {
    throw damaged(reasonOf(error), error);
  }
  const found = z.object({ version: z.number() }).safeParse(file.data);
  if (found.success && found.data.version > LAYOUT_VERSION) {
    const details = { workspace: dirname(path), found: found.data.version, supported: LAYOUT_VERSION };
    throw new AppError('WORKSPACE_TOO_NEW', details);
  }
  const parsed = schema.safeParse(file.data);
  // Low keeps its default where the file says `null` or `false`.
  if (file.data === NEW_WORKSPACE) throw damaged('it holds no object');
  if (!parsed.success) throw damaged(z.prettifyError(parsed.error));
  return parsed.data;
}

/** The model that most papers of the database are embedded with: after a broken-off reindex, still the former one. */
function modelInDatabase(folder: string): WorkspaceState['model'] {
  const file = join(folder, DATABASE_NAME);
  let db: Database.Database | undefined;
  try {
    db = new Database(file, { readonly: true });
    if (checkLayout(db, folder) < LAYOUT_VERSION) return null;
    const found = db
      .prepare<[], { name: string; fingerprint: string; bytes: number }>(
        `SELECT f.model AS name, f.fingerprint, max(length(e.vector)) AS bytes
         FROM fingerprints f JOIN embeddings e ON e.fingerprint = f.id JOIN papers p ON p.text_hash = e.text_hash
         GROUP BY f.id ORDER BY count(*) DESC, f.id LIMIT 1`,
      )
      .get();
    return found ? { name: found.name, fingerprint: found.fingerprint, dimensions: found.bytes >> 2 } : null;
  } catch (error) {
    if (error instanceof AppError) throw error;
    throw new AppError('WORKSPACE_CORRUPT', { file, reason: reasonOf(error) }, { cause: error });
  } finally {
    db?.close();
  }
}

/**
 * Takes the folder for writing until `release`, or until the process ends however it ends: the lock is the operating
 * system's, held through SQLite, so a killed writer leaves none behind. Throws WORKSPACE_LOCKED, and WORKSPACE_CORRUPT
 * where no lock can be had at all (a folder that may not be written to).
 */
export function lockForWriting(folder: string): { release: () => void } {
  makeFolder(folder);
  const file = join(folder, LOCK_FILE);
  let db: Database.Database | undefined;
  try {
    db = new Database(file, { timeout: 0 });
    db.exec('BEGIN EXCLUSIVE');
  } catch (error) {
    db?.close();
    if (isBusy(error)) throw new AppError('WORKSPACE_LOCKED', { workspace: folder }, { cause: error });
    throw new AppError('WORKSPACE_CORRUPT', { file, reason: reasonOf(error) }, { cause: error });
  }
  const held = db;
  return { release: () => held.close() };
}
