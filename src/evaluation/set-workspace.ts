import { createHash } from 'node:crypto';
import { createReadStream, existsSync } from 'node:fs';
import { mkdir, rename, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { pipeline } from 'node:stream/promises';
import { readPapers, sizeOf } from '../collection/mod.ts';
import type { ImportProgress, ImportSummary } from '../domain/mod.ts';
import { AppError } from '../errors.ts';
import { importPapers, type ImportParts } from '../indexing/mod.ts';

export interface SetWorkspaceParts {
  /** Folder that keeps the workspaces of judged sets. */
  readonly directory: string;
  /** Of the model that the documents are embedded with. */
  readonly fingerprint: string;
  /** The program's version: another one may read the same documents in another way. */
  readonly version: string;
  /** Fills a workspace, made where it is not there yet, and goes on where an earlier build was stopped. */
  readonly build: (folder: string) => Promise<void>;
}

// One source for all files: a set's ids are unique over its whole corpus.
const SOURCE = 'corpus';
/** 64 bits: what is compared is one corpus with another, not an adversary's. */
const HEX_DIGITS = 16;
/** What a rename says when another evaluation has been quicker. */
const TAKEN: ReadonlySet<string> = new Set(['ENOTEMPTY', 'EEXIST', 'EPERM']);

async function contentHash(corpus: readonly string[], version: string): Promise<string> {
  const whole = createHash('sha256').update(version);
  for (const file of corpus) {
    // For its check that the file can be read, with a message for people.
    await sizeOf(file);
    const hash = createHash('sha256');
    await pipeline(createReadStream(file), hash);
    whole.update(hash.digest());
  }
  return whole.digest('hex').slice(0, HEX_DIGITS);
}

/**
 * The folder of the workspace that holds a corpus, which is built where it is not there yet. Its name tells model and
 * content, so that it is used again exactly as long as neither changes. It gets this name once it is whole: a build that
 * was stopped or killed goes on the next time. Throws FILE_NOT_FOUND, and what `build` throws.
 */
export async function setWorkspace(
  { directory, fingerprint, version, build }: SetWorkspaceParts,
  corpus: readonly string[],
): Promise<string> {
  const folder = join(directory, `${fingerprint}-${await contentHash(corpus, version)}`);
  if (existsSync(folder)) return folder;
  const partial = `${folder}.partial`;
  await mkdir(directory, { recursive: true });
  try {
    await build(partial);
  } catch (error) {
    if (!(error instanceof AppError && error.code === 'INTERRUPTED'))
      await rm(partial, { recursive: true, force: true });
    throw error;
  }
  try {
    await rename(partial, folder);
  } catch (error) {
    const taken = error instanceof Error && 'code' in error && TAKEN.has(String(error.code)) && existsSync(folder);
    if (!taken) throw error;
    await rm(partial, { recursive: true, force: true });
  }
  return folder;
}

/**
 * Imports a corpus of any format. Throws BAD_INPUT and the like where a file cannot be read to its end or gives no paper,
 * and INTERRUPTED when the signal aborts.
 */
export async function importCorpus(
  corpus: readonly string[],
  parts: ImportParts,
  options: { readonly signal: AbortSignal; readonly onProgress: (progress: ImportProgress) => void },
): Promise<ImportSummary> {
  const inputs = [];
  for (const path of corpus) {
    const open = (onBytes: (read: number) => void) => readPapers({ path }, { onBytes });
    inputs.push({ source: SOURCE, bytes: await sizeOf(path), open });
  }
  const { summary, interrupted, failure } = await importPapers(inputs, parts, {
    onRejection: 'skip',
    // Rankings and their figures know nothing of sentences, whose embeddings take two thirds of the time.
    embed: 'papers',
    ...options,
  });
  if (failure) throw failure;
  if (interrupted) throw new AppError('INTERRUPTED');
  const [first] = summary.rejected;
  if (summary.added + summary.unchanged + summary.updated + summary.merged === 0) {
    throw new AppError(
      'BAD_INPUT',
      first ? { ...first } : { file: corpus[0], line: 1, reason: 'there is no document' },
    );
  }
  return summary;
}
