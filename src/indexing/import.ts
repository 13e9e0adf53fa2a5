import type { ImportProgress, ImportSummary } from '../domain/mod.ts';
import type { Reading } from '../collection/contract.ts';
import type { Encoder } from '../encoder/contract.ts';
import type { Engine } from '../engine/contract.ts';
import type { Store } from '../store/mod.ts';
import { AppError } from '../errors.ts';
import { embedPending, embedPendingSentences } from './embed.ts';
import { followStore } from './follow.ts';
import { ingest, type IngestCounts, noCounts } from './ingest.ts';

/** One file or stream of papers. */
export interface ImportInput {
  /** What the papers' source is called. */
  readonly source: string;
  /** Bytes in all, where known. */
  readonly bytes: number | undefined;
  /** Starts reading; `onBytes` is told how many bytes have been read so far. */
  readonly open: (onBytes: (read: number) => void) => AsyncIterable<Reading>;
}

export interface ImportParts {
  readonly store: Store;
  readonly encoder: () => Promise<Encoder>;
  /** The number under which the store files the encoder's fingerprint. */
  readonly fingerprint: number;
  /** Told once there are papers: from now on the workspace belongs to this model. */
  readonly settleModel: () => Promise<void>;
  readonly openEngine: () => Promise<{ readonly engine: Engine; readonly revision: number }>;
}

export interface ImportOptions {
  readonly onRejection: 'skip' | 'strict';
  /**
   * `papers`: evidence is chosen by words only; `nothing`: the papers are found by their words only. A later import embeds
   * the rest.
   */
  readonly embed: 'all' | 'papers' | 'nothing';
  readonly signal: AbortSignal;
  readonly onProgress: (progress: ImportProgress) => void;
}

export interface ImportResult {
  readonly summary: ImportSummary;
  /** Whether the signal stopped it; what the summary counts is stored all the same. */
  readonly interrupted: boolean;
  /** Why reading stopped early, e.g. a damaged file; what came before it is stored, embedded and indexed. */
  readonly failure: AppError | undefined;
  /** Whether the index files were written. */
  readonly indexed: boolean;
}

// A slice of linking between two looks at the signal and the progress bar.
const INDEX_SLICE_MS = 200;

export type Report = (
  stage: ImportProgress['stage'],
  unit: ImportProgress['unit'],
  done: number,
  total?: number,
) => void;

/** Turns how far a stage has come into progress with rate and counts. */
export function reporter(onProgress: ImportOptions['onProgress'], counts: IngestCounts = noCounts()): Report {
  let stage: ImportProgress['stage'] | undefined;
  let started = 0;
  return (next, unit, done, total) => {
    if (next !== stage) {
      stage = next;
      started = performance.now();
    }
    const seconds = (performance.now() - started) / 1000;
    const { added, updated, unchanged, merged, rejectedTotal } = counts;
    const rate = seconds > 0 ? done / seconds : 0;
    const known = total === undefined ? {} : { total };
    onProgress({
      stage: next,
      unit,
      done,
      ...known,
      rate,
      added,
      updated,
      unchanged,
      merged,
      rejected: rejectedTotal,
    });
  };
}

/**
 * A paper's way in: read and store everything (searchable lexically from then on), embed what has no embedding, bring the
 * index files up to date, embed the sentences, by which nothing is found and which therefore come last. Each step starts
 * from what is stored, so a run that was killed anywhere is simply run again.
 */
export async function importPapers(
  inputs: readonly ImportInput[],
  parts: ImportParts,
  { onRejection, embed, signal, onProgress }: ImportOptions,
): Promise<ImportResult> {
  const started = performance.now();
  const counts = noCounts();
  const report = reporter(onProgress, counts);
  const failure = await readAll(inputs, parts.store, counts, { onRejection, signal, report });
  if (parts.store.lastRevision() > 0) await parts.settleModel();
  if (embed !== 'nothing') await embedAll(parts, signal, report);
  const indexed = await bringIndexUpToDate(parts, report);
  if (embed === 'all') await embedSentences(parts, signal, report);
  const summary = { ...counts, seconds: (performance.now() - started) / 1000 };
  return { summary, interrupted: signal.aborted, failure, indexed };
}

async function readAll(
  inputs: readonly ImportInput[],
  store: Store,
  counts: IngestCounts,
  options: { onRejection: 'skip' | 'strict'; signal: AbortSignal; report: Report },
): Promise<AppError | undefined> {
  const { onRejection, signal, report } = options;
  const sizes = inputs.map(({ bytes }) => bytes);
  const total = sizes.every((size) => size !== undefined) ? sizes.reduce((sum, size) => sum + size, 0) : undefined;
  let before = 0;
  const run = async (): Promise<void> => {
    for (const { source, bytes, open } of inputs) {
      if (signal.aborted) break;
      let read = 0;
      const readings = open((soFar) => (read = soFar));
      const onStored = (): void => report('read', 'bytes', before + read, total);
      await ingest(readings, counts, { store, source, onRejection, signal, onStored });
      before += bytes ?? read;
    }
    // Also where it was between two inputs: part of them is not all of them.
    if (onRejection === 'strict' && signal.aborted) throw new AppError('INTERRUPTED');
  };
  if (onRejection === 'strict') {
    await store.allOrNothing(run);
    return undefined;
  }
  try {
    await run();
    return undefined;
  } catch (error) {
    if (error instanceof AppError) return error;
    throw error;
  }
}

/** Embeds what has no embedding yet; loads the model only then. Returns how many texts it embedded. */
export async function embedAll(
  { store, encoder: load, fingerprint }: Pick<ImportParts, 'store' | 'encoder' | 'fingerprint'>,
  signal: AbortSignal,
  report: Report,
): Promise<number> {
  const total = store.countPending(fingerprint);
  if (total === 0 || signal.aborted) return 0;
  report('encode', 'papers', 0, total);
  const encoder = await load();
  const onStored = (done: number): void => report('encode', 'papers', done, total);
  return await embedPending({ store, encoder, fingerprint, signal, onStored });
}

/** Embeds sentences that have no embedding yet; loads the model only then. Returns how many texts it has gone through. */
export async function embedSentences(
  { store, encoder: load, fingerprint }: Pick<ImportParts, 'store' | 'encoder' | 'fingerprint'>,
  signal: AbortSignal,
  report: Report,
): Promise<number> {
  const total = store.countPendingSentences(fingerprint);
  if (total === 0 || signal.aborted) return 0;
  report('sentences', 'papers', 0, total);
  const encoder = await load();
  const onStored = (done: number): void => report('sentences', 'papers', done, total);
  return await embedPendingSentences({ store, encoder, fingerprint, signal, onStored });
}

/** Follows the store to its end, links every embedding and writes the files, where there is anything new. */
export async function bringIndexUpToDate(
  { store, fingerprint, openEngine }: Pick<ImportParts, 'store' | 'fingerprint' | 'openEngine'>,
  report: Report,
): Promise<boolean> {
  const { engine, revision } = await openEngine();
  try {
    const follower = followStore(store, engine, { fingerprint, from: revision });
    await follower.catchUp();
    const total = engine.counts().unlinked;
    if (total > 0) report('index', 'papers', 0, total);
    while (await engine.maintain(INDEX_SLICE_MS)) report('index', 'papers', total - engine.counts().unlinked, total);
    return await engine.save(follower.revision);
  } finally {
    engine.close();
  }
}
