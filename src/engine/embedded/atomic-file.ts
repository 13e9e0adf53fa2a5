import { open, rename, rm } from 'node:fs/promises';
import { dirname } from 'node:path';

/** Written in one call; Node refuses 2 GB and more. */
const PIECE_BYTES = 1 << 26;

/** Makes a rename in a folder durable. Windows cannot open folders; there the rename alone has to do. */
async function syncFolder(folder: string): Promise<void> {
  if (process.platform === 'win32') return;
  const handle = await open(folder, 'r');
  try {
    await handle.sync();
  } finally {
    await handle.close();
  }
}

async function writeAll(path: string, chunks: Iterable<Uint8Array>): Promise<void> {
  const handle = await open(path, 'w');
  try {
    for (const chunk of chunks) {
      for (let at = 0; at < chunk.length;) {
        const piece = chunk.subarray(at, at + PIECE_BYTES);
        at += (await handle.write(piece)).bytesWritten;
      }
    }
    await handle.sync();
  } finally {
    await handle.close();
  }
}

/**
 * Replaces a file in one step: whoever opens `path`, even after a crash, sees the old content or the new one, whole.
 * The temporary file lies in the same folder under a fixed name, so that one left by a crash is overwritten; there must
 * be one writer at a time. Rejects with the system's error, the old file untouched.
 */
export async function writeFileAtomically(path: string, chunks: Iterable<Uint8Array>): Promise<void> {
  const temporary = `${path}.tmp`;
  try {
    await writeAll(temporary, chunks);
    await rename(temporary, path);
  } catch (error) {
    await rm(temporary, { force: true });
    throw error;
  }
  await syncFolder(dirname(path));
}
