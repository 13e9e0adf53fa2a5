import { createWriteStream } from 'node:fs';
import { open, realpath, rename, rm, stat } from 'node:fs/promises';
import { dirname } from 'node:path';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { createGzip } from 'node:zlib';
import { AppError, reasonOf } from '../errors.ts';

/** Where a link leads, so that the link stays and what it leads to is replaced. */
async function target(path: string): Promise<{ readonly path: string; readonly kind: 'file' | 'absent' | 'device' }> {
  try {
    const found = await stat(path);
    if (found.isDirectory()) throw new AppError('USAGE', { message: `-o takes a file, and ${path} is a folder` });
    // A pipe or a device is written to; a rename would put a file in its place.
    return { path: await realpath(path), kind: found.isFile() ? 'file' : 'device' };
  } catch (thrown) {
    if (thrown instanceof Error && 'code' in thrown && thrown.code === 'ENOENT') return { path, kind: 'absent' };
    throw thrown;
  }
}

async function writeText(
  path: string,
  flags: 'w' | 'wx',
  text: AsyncIterable<string | Uint8Array>,
  options: Options,
): Promise<void> {
  const source = Readable.from(text);
  const file = createWriteStream(path, { flags, flush: flags === 'wx' });
  if (options.compress) await pipeline(source, createGzip(), file, options);
  else await pipeline(source, file, options);
}

interface Options {
  readonly compress: boolean;
  readonly signal: AbortSignal;
}

/**
 * Writes a text to a file in one step: until all of it is on the disk, whatever was there stays. Into a pipe or a device it
 * goes as it comes. Throws USAGE for a folder, OUTPUT_FAILED, and INTERRUPTED when the signal is aborted.
 */
export async function writeFileWhole(
  path: string,
  text: AsyncIterable<string | Uint8Array>,
  options: Options,
): Promise<void> {
  try {
    const { path: found, kind } = await target(path);
    if (kind === 'device') return await writeText(found, 'w', text, options);
    await replace(found, text, options);
  } catch (thrown) {
    if (options.signal.aborted) throw new AppError('INTERRUPTED', {}, { cause: thrown });
    if (!(thrown instanceof Error && 'syscall' in thrown)) throw thrown;
    throw new AppError('OUTPUT_FAILED', { file: path, reason: reasonOf(thrown) }, { cause: thrown });
  }
}

async function replace(path: string, text: AsyncIterable<string | Uint8Array>, options: Options): Promise<void> {
  // In the same folder, as a rename reaches no further than its disk; by the process, as two may export at once.
  const temporary = `${path}.${process.pid}.tmp`;
  await rm(temporary, { force: true });
  try {
    await writeText(temporary, 'wx', text, options);
    await rename(temporary, path);
  } catch (thrown) {
    await rm(temporary, { force: true });
    throw thrown;
  }
  await syncFolder(dirname(path));
}

/** Makes the rename last. Windows cannot open folders; there the rename alone has to do. */
async function syncFolder(folder: string): Promise<void> {
  if (process.platform === 'win32') return;
  const handle = await open(folder, 'r');
  try {
    await handle.sync();
  } finally {
    await handle.close();
  }
}
