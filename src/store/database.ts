import { existsSync, mkdirSync } from 'node:fs';
import { dirname } from 'node:path';
import Database from 'better-sqlite3';
import { AppError, reasonOf } from '../errors.ts';
import { checkLayout, type Migrations, migrate } from './migrations.ts';

export const DATABASE_NAME = 'papers.db';

// A second process may be in the middle of a batch; a batch takes well under a second.
const BUSY_TIMEOUT_MS = 10_000;

/** Whether SQLite gave up because another connection holds the lock: nothing is wrong with the file then. */
export function isBusy(error: unknown): boolean {
  return error instanceof Database.SqliteError && error.code.startsWith('SQLITE_BUSY');
}

/**
 * Opens a database of a workspace in the layout of this program, and makes it where `create` says so. Throws
 * WORKSPACE_NOT_FOUND, WORKSPACE_TOO_NEW (the file is left as it is), WORKSPACE_LOCKED or WORKSPACE_CORRUPT.
 */
export function openDatabase(file: string, migrations: Migrations, { create }: { readonly create: boolean }) {
  const workspace = dirname(file);
  if (!existsSync(file) && !create) throw new AppError('WORKSPACE_NOT_FOUND', { workspace });
  let db: Database.Database | undefined;
  try {
    mkdirSync(workspace, { recursive: true });
    db = new Database(file, { timeout: BUSY_TIMEOUT_MS });
    // Before anything is set: changing the journal mode would write to the file.
    checkLayout(db, workspace, migrations);
    db.pragma('journal_mode = WAL');
    // FULL: what was reported stored survives a power cut too; a batch costs one sync.
    db.pragma('synchronous = FULL');
    db.pragma('foreign_keys = ON');
    migrate(db, workspace, migrations);
    return db;
  } catch (error) {
    db?.close();
    if (error instanceof AppError) throw error;
    if (isBusy(error)) throw new AppError('WORKSPACE_LOCKED', { workspace }, { cause: error });
    throw new AppError('WORKSPACE_CORRUPT', { file, reason: reasonOf(error) }, { cause: error });
  }
}
