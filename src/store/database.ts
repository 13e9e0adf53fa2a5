import Database from 'better-sqlite3';

export const DATABASE_NAME = 'papers.db';

/** Whether SQLite gave up because another connection holds the lock: nothing is wrong with the file then. */
export function isBusy(error: unknown): boolean {
  return error instanceof Database.SqliteError && error.code.startsWith('SQLITE_BUSY');
}
