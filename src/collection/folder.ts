import { constants } from 'node:fs';
import { access, readdir, realpath, stat } from 'node:fs/promises';
import { join } from 'node:path';

/** What systems leave in folders and archives beside people's files; hidden files are passed over anyway. */
const LEFTOVERS = new Set(['__macosx', 'thumbs.db', 'desktop.ini']);

/** A workspace lies where its user likes, also inside the folder that it reads. */
const WORKSPACE_FILE = 'workspace.json';

/** Whether a file or folder of this name is passed over: it is hidden, or of the system. */
export function isPassedOver(name: string): boolean {
  return name.startsWith('.') || LEFTOVERS.has(name.toLowerCase());
}

/** What a file or folder of this name is in a BEIR folder: only the corpus holds papers. */
export function beirPart(name: string): 'corpus' | 'companion' | undefined {
  if (/^corpus\.jsonl(?:\.\w+)?$/.test(name)) return 'corpus';
  return /^queries\.jsonl(?:\.\w+)?$|^qrels$/.test(name) ? 'companion' : undefined;
}

/** Of the names in a folder, those to read: of a BEIR folder the corpus alone. */
function papersAmong(names: readonly string[]): string[] {
  const parts = new Set(names.map(beirPart));
  const isBeir = parts.has('corpus') && parts.has('companion');
  const read = names.filter((name) => (isBeir ? beirPart(name) === 'corpus' : !isPassedOver(name)));
  // By code units, so that the order is the same on every machine.
  return read.toSorted((one, other) => (one < other ? -1 : 1));
}

async function* walk(folder: string, entered: Set<string>): AsyncGenerator<string> {
  const real = await realpath(folder);
  // A link may lead back to where we came from, or to what was read under another name.
  if (entered.has(real)) return;
  entered.add(real);
  const names = await readdir(folder);
  if (names.includes(WORKSPACE_FILE)) return;
  for (const name of papersAmong(names)) {
    const path = join(folder, name);
    const found = await stat(path).catch(() => undefined);
    if (found?.isDirectory() && (await isReadable(path))) yield* walk(path, entered);
    else yield path;
  }
}

async function isReadable(folder: string): Promise<boolean> {
  return access(folder, constants.R_OK | constants.X_OK).then(
    () => true,
    () => false,
  );
}

/**
 * The files of a folder and of the folders in it, in the order of their names; a path of anything else is given as it is.
 * Hidden files, workspaces and what systems leave behind are passed over, of a BEIR folder only the corpus is given, and
 * what links reach twice comes once. What cannot be read (a socket, a broken link, a folder without permission) is given
 * too: opening it says why.
 */
export async function* filesIn(path: string): AsyncGenerator<string> {
  const found = await stat(path).catch(() => undefined);
  if (found?.isDirectory() && (await isReadable(path))) yield* walk(path, new Set());
  else yield path;
}
