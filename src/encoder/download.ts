import { mkdir, mkdtemp, open, rename, rm } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { AppError, reasonOf } from '../errors.ts';
import { externalWeightsFile, OPTIONAL_FILES, REQUIRED_FILES, WEIGHTS_FILE, type Dtype } from './model-files.ts';

/** How far one file has come; `totalBytes` is absent where the hub does not say it. */
export interface DownloadProgress {
  readonly file: string;
  readonly doneBytes: number;
  readonly totalBytes?: number;
}

interface DownloadOptions {
  /** Hub id, `org/name`. */
  readonly id: string;
  /** Where the model shall lie; must not exist. */
  readonly folder: string;
  readonly dtype: Dtype;
  readonly onProgress?: ((progress: DownloadProgress) => void) | undefined;
  readonly hubUrl?: string | undefined;
}

const HUB_URL = 'https://huggingface.co';

/** A hub that sends nothing for so long has gone away. */
const SILENCE_TIMEOUT_MS = 60_000;

/**
 * Fetches a model's files into a folder beside the target and renames it when all are whole and synced, so that a
 * download cut short is never taken for a model. (transformers.js renames file by file, which leaves a folder with
 * some of them.) Throws MODEL_NOT_FOUND.
 */
export async function downloadModel(options: DownloadOptions): Promise<void> {
  const { id, folder, dtype } = options;
  try {
    await mkdir(dirname(folder), { recursive: true });
    const partial = await mkdtemp(`${folder}.partial-`);
    try {
      for (const file of [...REQUIRED_FILES, WEIGHTS_FILE[dtype]]) await fetchFile(options, file, partial, 'required');
      for (const file of [...OPTIONAL_FILES, externalWeightsFile(dtype)]) {
        await fetchFile(options, file, partial, 'optional');
      }
      await rename(partial, folder);
    } finally {
      await rm(partial, { recursive: true, force: true });
    }
  } catch (cause) {
    throw new AppError('MODEL_NOT_FOUND', { model: id, reason: `download failed: ${reasonOf(cause)}` }, { cause });
  }
}

async function fetchFile(
  { id, onProgress, hubUrl = HUB_URL }: DownloadOptions,
  file: string,
  into: string,
  need: 'required' | 'optional',
): Promise<void> {
  const url = `${hubUrl}/${id}/resolve/main/${file}`;
  const abort = new AbortController();
  const silence = setTimeout(() => abort.abort(new Error(`${url}: nothing received`)), SILENCE_TIMEOUT_MS);
  try {
    // Unencoded, so that Content-Length counts the bytes that arrive.
    const response = await fetch(url, { headers: { 'accept-encoding': 'identity' }, signal: abort.signal });
    if (response.status === 404 && need === 'optional') return;
    if (!response.ok || response.body === null) throw new Error(`${url} answered ${response.status}`);
    const length = response.headers.get('content-length');
    const total = length === null ? {} : { totalBytes: Number(length) };
    const target = join(into, file);
    await mkdir(dirname(target), { recursive: true });
    const doneBytes = await writeAll(response.body, target, (done) => {
      silence.refresh();
      onProgress?.({ file, doneBytes: done, ...total });
    });
    if (total.totalBytes !== undefined && doneBytes !== total.totalBytes) {
      throw new Error(`${url}: ${doneBytes} of ${total.totalBytes} bytes arrived`);
    }
  } finally {
    clearTimeout(silence);
  }
}

/** Writes and syncs the body; returns its bytes. */
async function writeAll(
  body: ReadableStream<Uint8Array>,
  target: string,
  onBytes: (done: number) => void,
): Promise<number> {
  const handle = await open(target, 'wx');
  try {
    let done = 0;
    for await (const chunk of body) {
      await handle.writeFile(chunk);
      done += chunk.byteLength;
      onBytes(done);
    }
    await handle.sync();
    return done;
  } finally {
    await handle.close();
  }
}
