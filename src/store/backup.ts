import { existsSync } from 'node:fs';
import { copyFile, mkdir, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { PassThrough, type Readable } from 'node:stream';
import Database from 'better-sqlite3';
import { ZipFile } from 'yazl';
import { AppError } from '../errors.ts';
import { DATABASE_NAME } from './database.ts';
import { PEOPLE_NAME } from './people.ts';
import { lockForBackup, WORKSPACE_FILE } from './workspace.ts';

/** Copies under way; whoever holds the lock and finds it knows that its maker has died. */
const COPIES = 'backup';
// In one step: else a writer in another process, as an import is, would have the copy begin again and again.
const ALL_PAGES = 2 ** 31 - 1;
// Most bytes are vectors, which no level makes much smaller: of the 262 MB of papers20k, level 1 leaves 179 MB and level 6
// 177 MB, for a seventh more computing.
const COMPRESSION_LEVEL = 1;

/** A backup while it is read. */
export interface Backup {
  /** A zip with one folder. */
  readonly bytes: Readable;
  /** Removes the copies that it is made from. */
  readonly close: () => Promise<void>;
}

/**
 * Everything in a workspace that cannot be made again from the rest: both databases, each as it was at one moment while others
 * go on writing, and the list of sources. The index files are left out. Throws WORKSPACE_NOT_FOUND, BACKUP_RUNNING.
 */
export async function backUp(workspace: string, folderName: string): Promise<Backup> {
  if (!existsSync(join(workspace, DATABASE_NAME))) throw new AppError('WORKSPACE_NOT_FOUND', { workspace });
  const lock = lockForBackup(workspace);
  const copies = join(workspace, COPIES);
  const close = async (): Promise<void> => {
    await rm(copies, { recursive: true, force: true });
    lock.release();
  };
  try {
    await rm(copies, { recursive: true, force: true });
    await mkdir(copies);
    const zip = new ZipFile();
    for (const name of [DATABASE_NAME, PEOPLE_NAME, WORKSPACE_FILE]) {
      const file = join(workspace, name);
      if (!existsSync(file)) continue;
      const copy = join(copies, name);
      if (name === WORKSPACE_FILE) await copyFile(file, copy);
      else await copyDatabase(file, copy);
      zip.addFile(copy, `${folderName}/${name}`, { compressionLevel: COMPRESSION_LEVEL });
    }
    zip.end();
    // As one of Node's streams with `destroy`, so that a copy that cannot be read breaks the zip off.
    const bytes = new PassThrough();
    zip.on('error', (error: Error) => bytes.destroy(error));
    zip.outputStream.pipe(bytes);
    return { bytes, close };
  } catch (error) {
    await close();
    throw error;
  }
}

async function copyDatabase(file: string, copy: string): Promise<void> {
  const db = new Database(file, { readonly: true });
  try {
    await db.backup(copy, { progress: () => ALL_PAGES });
  } finally {
    db.close();
  }
}
