import { existsSync, mkdirSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import Database from 'better-sqlite3';
import { Low } from 'lowdb';
import { JSONFile } from 'lowdb/node';
import * as z from 'zod';
import { AppError, reasonOf } from '../errors.ts';
import { DATABASE_NAME, isBusy } from './database.ts';
import { checkLayout, LAYOUT_VERSION, PAPERS } from './migrations.ts';

const instant = z.iso.datetime();
const total = z.number().int().nonnegative();

/** A source that syncs: what it is, where it has come to, and how it fared. */
const source = z.looseObject({
  name: z.string().min(1),
  /** A newer program may know kinds that this one does not: they are kept as they are. */
  kind: z.string().default(''),
  /** Of the kind's own shape; read with the kind's schema. */
  settings: z.record(z.string(), z.json()).default({}),
  /** Where the next run begins, in the kind's own shape; absent before the first batch is stored. */
  cursor: z.json().optional(),
  paused: z.boolean().default(false),
  allowPrivateNetwork: z.boolean().default(false),
  lastSuccess: instant.nullable().default(null),
  lastRun: z
    .object({
      at: instant,
      seconds: z.number(),
      added: total,
      updated: total,
      unchanged: total,
      merged: total,
      rejected: total,
      requests: total,
      note: z.string().nullable(),
    })
    .nullable()
    .default(null),
  /** Failed runs since the last success. */
  failures: total.default(0),
  reason: z.string().nullable().default(null),
  /** Until then a failing source rests, unless it is named. */
  nextTry: instant.nullable().default(null),
  /** The server asked for quiet until then, or the day's requests are used up: holds also where it is named. */
  notBefore: instant.nullable().default(null),
  requestsToday: z.object({ day: z.string(), requests: total }).nullable().default(null),
});

export type SourceState = z.infer<typeof source>;

/** A source as it is before its first run. */
export function newSource(known: Pick<SourceState, 'name' | 'kind' | 'settings' | 'allowPrivateNetwork'>): SourceState {
  return source.parse(known);
}

const schema = z.object({
  /** Layout of the whole folder; an older program refuses a newer one. */
  version: z.number().int(),
  model: z.object({ name: z.string(), fingerprint: z.string(), dimensions: z.number().int() }).nullable(),
  /** Grows each time the index files are written. */
  generation: z.number().int(),
  sources: z.array(source),
});

export type WorkspaceState = z.infer<typeof schema>;

export const WORKSPACE_FILE = 'workspace.json';
const WRITE_LOCK = 'write.lock';
const SYNC_LOCK = 'sync.lock';
const DIGEST_LOCK = 'digest.lock';
const BACKUP_LOCK = 'backup.lock';
const MAP_LOCK = 'map.lock';
/** Held for the milliseconds between reading workspace.json and writing it again. */
const STATE_LOCK = 'workspace.lock';
const STATE_LOCK_POLL_MS = 5;
/** Nobody holds it longer than a write takes: whoever waits this long waits for a program that hangs. */
const STATE_LOCK_WAIT_MS = 10_000;
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

  /**
   * Changes the file as it is now, whatever other programs have written since it was read here: they keep to the same
   * lock. Written to a temporary name and renamed (lowdb). Throws WORKSPACE_TOO_NEW, WORKSPACE_CORRUPT, WORKSPACE_LOCKED.
   */
  async update(change: Partial<Omit<WorkspaceState, 'sources'>>): Promise<void> {
    await this.#write((state) => ({ ...state, ...change }));
  }

  /** Changes the sources as they are now; see `update`. What `change` throws leaves the file as it is. */
  async updateSources(change: (sources: readonly SourceState[]) => SourceState[]): Promise<void> {
    await this.#write((state) => ({ ...state, sources: change(state.sources) }));
  }

  /** Changes the source of that name, if it is still there. */
  async updateSource(name: string, change: Partial<SourceState>): Promise<void> {
    await this.updateSources((sources) => sources.map((held) => (held.name === name ? { ...held, ...change } : held)));
  }

  async #write(change: (state: WorkspaceState) => WorkspaceState): Promise<void> {
    const lock = await lockState(this.folder);
    try {
      await this.reload();
      this.#file.data = change(this.#file.data);
      await this.#file.write();
    } finally {
      lock.release();
    }
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
    if (checkLayout(db, folder, PAPERS) === 0) return null;
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

export interface Lock {
  readonly release: () => void;
}

/**
 * Takes a lock of the folder until `release`, or until the process ends however it ends: the lock is the operating
 * system's, held through SQLite, so a killed holder leaves none behind. Throws `busy()` where another has it, and
 * WORKSPACE_CORRUPT where no lock can be had at all (a folder that may not be written to).
 */
function take(folder: string, name: string, busy: (cause: unknown) => AppError): Lock {
  makeFolder(folder);
  const file = join(folder, name);
  let db: Database.Database | undefined;
  try {
    db = new Database(file, { timeout: 0 });
    db.exec('BEGIN EXCLUSIVE');
  } catch (error) {
    db?.close();
    if (isBusy(error)) throw busy(error);
    throw new AppError('WORKSPACE_CORRUPT', { file, reason: reasonOf(error) }, { cause: error });
  }
  const held = db;
  return { release: () => held.close() };
}

const locked = (folder: string) => (cause: unknown) =>
  new AppError('WORKSPACE_LOCKED', { workspace: folder }, { cause });

/** Takes the folder for writing papers. Throws WORKSPACE_LOCKED, WORKSPACE_CORRUPT. */
export function lockForWriting(folder: string): Lock {
  return take(folder, WRITE_LOCK, locked(folder));
}

/** One sync at a time; imports go on beside it. Throws SYNC_RUNNING, WORKSPACE_CORRUPT. */
export function lockForSync(folder: string): Lock {
  return take(folder, SYNC_LOCK, (cause) => new AppError('SYNC_RUNNING', { workspace: folder }, { cause }));
}

/** One sender of digests at a time. Throws DIGEST_RUNNING, WORKSPACE_CORRUPT. */
export function lockForDigests(folder: string): Lock {
  return take(folder, DIGEST_LOCK, (cause) => new AppError('DIGEST_RUNNING', { workspace: folder }, { cause }));
}

/** One backup at a time. Throws BACKUP_RUNNING, WORKSPACE_CORRUPT. */
export function lockForBackup(folder: string): Lock {
  return take(folder, BACKUP_LOCK, (cause) => new AppError('BACKUP_RUNNING', { workspace: folder }, { cause }));
}

/** One maker of the map at a time. Throws MAP_RUNNING, WORKSPACE_CORRUPT. */
export function lockForMap(folder: string): Lock {
  return take(folder, MAP_LOCK, (cause) => new AppError('MAP_RUNNING', { workspace: folder }, { cause }));
}

async function lockState(folder: string): Promise<Lock> {
  const until = performance.now() + STATE_LOCK_WAIT_MS;
  for (;;) {
    try {
      return take(folder, STATE_LOCK, locked(folder));
    } catch (error) {
      const busy = error instanceof AppError && error.code === 'WORKSPACE_LOCKED';
      if (!busy || performance.now() >= until) throw error;
      await sleep(STATE_LOCK_POLL_MS);
    }
  }
}
