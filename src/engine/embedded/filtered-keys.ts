import { join } from 'node:path';
import Database from 'better-sqlite3';
import type { Filter, PaperKey } from '../../domain/mod.ts';
import { FilterCache } from './filter.ts';

/**
 * Keys of the papers that a filter lets through, rising; `undefined`: all of them. Asks the database alone, for whoever
 * wants every paper and no ranking: no index file is read. `fingerprint` is its number in the store.
 */
export function filteredKeys(workspace: string, filter: Filter, fingerprint: number): readonly PaperKey[] | undefined {
  if (filter.clauses.length === 0) return undefined;
  const db = new Database(join(workspace, 'papers.db'), { readonly: true });
  try {
    return new FilterCache(db, fingerprint).allowed(filter)?.keys;
  } finally {
    db.close();
  }
}
