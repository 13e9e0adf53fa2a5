import { stat } from 'node:fs/promises';
import { basename, relative, resolve, sep } from 'node:path';
import { z } from 'zod';
import { AppError } from '../../errors.ts';
import type { Reading } from '../contract.ts';
import { filesIn } from '../folder.ts';
import { readPapers } from '../read.ts';
import { type Batch, kindOf, type Request } from './contract.ts';

/** Small files are stored together, so that the cursor is not written once for each of ten thousand. */
const BATCH_FILES = 200;
const BATCH_BYTES = 16 * 1024 ** 2;

const settings = z.strictObject({
  path: z
    .string()
    .min(1)
    .transform((text) => resolve(text)),
});
type Settings = z.infer<typeof settings>;

/** Size and time of change of each file, by its path in the folder. */
const cursor = z.object({ files: z.record(z.string(), z.tuple([z.number(), z.number()])) });
type Cursor = z.infer<typeof cursor>;

interface Stamped {
  readonly path: string;
  readonly name: string;
  readonly stamp: readonly [bytes: number, changedMs: number];
}

async function changesOf({ settings, cursor }: Request<Settings, Cursor>) {
  const files: Cursor['files'] = {};
  const changed: Stamped[] = [];
  const root = await stat(settings.path).catch(() => undefined);
  // A drive that is not there must not look like a folder whose files are gone.
  if (!root?.isDirectory()) {
    throw new AppError('FILE_NOT_FOUND', { file: settings.path, reason: 'there is no such folder' });
  }
  for await (const path of filesIn(settings.path)) {
    // Looked at before it is read: a file that is still being written has another stamp the next time.
    const found = await stat(path).catch(() => undefined);
    if (!found?.isFile()) continue;
    const name = relative(settings.path, path).split(sep).join('/');
    const stamp = [found.size, Math.trunc(found.mtimeMs)] as const;
    const held = cursor?.files[name];
    if (held && held[0] === stamp[0] && held[1] === stamp[1]) files[name] = held;
    else changed.push({ path, name, stamp });
  }
  return { unchanged: files, changed };
}

/** The papers of files; one that cannot be read, or not to its end, is a rejection and the next one follows. */
async function* readingsOf(files: readonly Stamped[]): AsyncGenerator<Reading> {
  for (const { path } of files) yield* readPapers({ path }, { onFailure: 'reject' });
}

async function* batches(request: Request<Settings, Cursor>): AsyncGenerator<Batch & { readonly cursor: Cursor }> {
  const { unchanged, changed } = await changesOf(request);
  let files = unchanged;
  let batch: Stamped[] = [];
  let bytes = 0;
  const take = (): Batch & { readonly cursor: Cursor } => {
    const stamps = batch.map(({ name, stamp }): [string, [number, number]] => [name, [...stamp]]);
    files = { ...files, ...Object.fromEntries(stamps) };
    const taken = { readings: readingsOf(batch), cursor: { files } };
    batch = [];
    bytes = 0;
    return taken;
  };
  for (const found of changed) {
    batch.push(found);
    bytes += found.stamp[0];
    if (batch.length === BATCH_FILES || bytes >= BATCH_BYTES) yield take();
  }
  // Also where there is none: files that are gone leave the cursor.
  yield take();
}

export const folder = kindOf<Settings, Cursor>({
  kind: 'folder',
  about: 'files of papers in a folder of this machine, in any format that can be imported',
  argument: 'path',
  settings,
  cursor,
  name: ({ path }) => basename(path) || 'folder',
  describe: ({ path }) => path,
  whyEmpty: () => 'no file has changed',
  plan: async (request) => ({ requests: (await changesOf(request)).changed.map(({ path }) => path) }),
  batches,
});
