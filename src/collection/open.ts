import { constants, type Stats } from 'node:fs';
import { access, open, stat } from 'node:fs/promises';
import { AppError, reasonOf } from '../errors.ts';
import type { Input } from './contract.ts';

/** What names standard input; a socket behind the second one could not be opened by its name. */
const STANDARD_INPUT: ReadonlySet<string> = new Set(['-', '/dev/stdin']);

const REASONS: Readonly<Record<string, string>> = {
  ENOENT: 'there is no such file',
  ENOTDIR: 'there is no such file',
  EACCES: 'there is no permission to read it',
  EPERM: 'there is no permission to read it',
  EISDIR: 'is a folder',
  ENAMETOOLONG: 'the name is too long',
  ELOOP: 'its links run in a circle',
};

function unreadable(file: string, thrown: unknown): AppError {
  const code = thrown instanceof Error && 'code' in thrown ? String(thrown.code) : '';
  return new AppError('FILE_NOT_FOUND', { file, reason: REASONS[code] ?? reasonOf(thrown) }, { cause: thrown });
}

/** Why something other than a file or a pipe is not read: a socket does not open, and a device may never end. */
function unreadableKind(found: Stats): string | undefined {
  if (found.isFile() || found.isFIFO()) return undefined;
  if (found.isDirectory()) return 'is a folder';
  return found.isSocket() ? 'is a socket' : 'is a device';
}

async function statOf(path: string): Promise<Stats> {
  const found = await stat(path).catch((thrown: unknown) => {
    throw unreadable(path, thrown);
  });
  if (found.isDirectory()) {
    // A folder that may not be read cannot be looked into, whatever it is given for.
    await access(path, constants.R_OK | constants.X_OK).catch((thrown: unknown) => {
      throw unreadable(path, thrown);
    });
  }
  const reason = unreadableKind(found);
  if (reason !== undefined) throw new AppError('FILE_NOT_FOUND', { file: path, reason });
  return found;
}

/** Size in bytes as stored (compressed where it is); `undefined` for a pipe. Throws FILE_NOT_FOUND as `openInput` does. */
export async function sizeOf(path: string): Promise<number | undefined> {
  if (STANDARD_INPUT.has(path)) return undefined;
  const found = await statOf(path);
  return found.isFile() ? found.size : undefined;
}

/**
 * Opens a file, a named pipe, or standard input for `-`. Throws FILE_NOT_FOUND when it is absent, unreadable, a folder, a
 * socket or a device.
 */
export async function openInput(path: string, name: string = path): Promise<Input> {
  if (STANDARD_INPUT.has(path)) return { name, stream: process.stdin };
  const found = await statOf(path);
  const handle = await open(path).catch((thrown: unknown) => {
    throw unreadable(path, thrown);
  });
  return { name, stream: handle.createReadStream(), ...(found.isFile() ? { path } : {}) };
}
