import { randomUUID } from 'node:crypto';
import { rm } from 'node:fs/promises';
import type { Logger } from 'pino';
import type { ImportProgress, ImportSummary, JobJson, JobKind, SyncSummary } from '../domain/mod.ts';
import { AppError } from '../errors.ts';
import type { Problem, ServerServices } from './contract.ts';
import { problemOf } from './problem.ts';
import type { Upload } from './uploads.ts';

/** Jobs of a kind that wait or are being uploaded, at most. Each may hold an upload of full size on disk. */
export const MAX_WAITING_JOBS = 100;
/** Finished jobs that can still be asked for. */
export const MAX_FINISHED_JOBS = 1_000;
/** Rejections told over HTTP: a person reads the first screenful, a browser chokes on millions. */
const MAX_REJECTIONS = 1_000;

export type JobEvent =
  | { readonly event: 'progress'; readonly progress: ImportProgress }
  | { readonly event: 'done'; readonly summary: ImportSummary | SyncSummary }
  | { readonly event: 'failed'; readonly problem: Problem };

export type JobListener = (event: JobEvent) => void;

/** A place in the queue, held while an upload arrives. */
export interface Place {
  /** Queues the import of the upload and gives the job's id. Throws NOT_READY once the queue is closed. */
  fill(upload: Upload): string;
  /** Called once, whether the place was filled or not. */
  release(): void;
}

/**
 * Imports of uploads, one after the other, and beside them syncs, one after the other: a sync waits for servers most of its
 * time, and nobody's file should.
 */
export interface Jobs {
  /** Throws IMPORT_QUEUE_FULL, or NOT_READY once the queue is closed. */
  reserve(): Place;
  /**
   * Queues a sync of the named sources, or of those that are due, and gives the job's id; where the same sync waits already,
   * that one's. Throws NOT_READY once the queue is closed.
   */
  sync(names: readonly string[]): string;
  find(job: string): JobJson | undefined;
  /** The latest first. */
  list(): JobJson[];
  /** Tells the current state if there is something to tell, then every event up to `done` or `failed`. Gives the way out. */
  watch(job: string, listener: JobListener): () => void;
  /** Tells every job whenever something about it has changed, until the way out is taken or the queue is closed. */
  watchAll(watcher: JobWatcher): () => void;
  /** Resolves when the job has ended, with how. */
  ended(job: string): Promise<JobJson | undefined>;
  /** Aborts what runs, fails what waits, and resolves when all have ended and their files are gone. */
  close(): Promise<void>;
}

export interface JobWatcher {
  readonly changed: (job: JobJson) => void;
  readonly closed: () => void;
}

type Result = { readonly summary: ImportSummary } | { readonly sync: SyncSummary };

interface Job {
  readonly id: string;
  readonly kind: JobKind;
  readonly name: string;
  readonly queuedAt: string;
  readonly run: (job: Job) => Promise<Result>;
  /** Removes what it was given. */
  readonly discard: () => Promise<void>;
  readonly listeners: Set<JobListener>;
  state: 'queued' | 'running';
  progress?: ImportProgress;
  source?: string;
}

interface FinishedJob {
  readonly json: JobJson;
  readonly last: JobEvent;
}

type Runs = Pick<ServerServices, 'runImport' | 'runSync'>;

export function createJobs(runs: Runs, log: Logger): Jobs {
  return new JobQueue(runs, log);
}

class JobQueue implements Jobs {
  readonly #runs: Runs;
  readonly #log: Logger;
  readonly #abort = new AbortController();
  /** In order of arrival; the first one of each kind runs. */
  readonly #open = new Map<string, Job>();
  /** In order of ending, so that the first is the oldest. */
  readonly #finished = new Map<string, FinishedJob>();
  readonly #loops = new Map<JobKind, Promise<void>>();
  readonly #watchers = new Set<JobWatcher>();
  #reserved = 0;

  constructor(runs: Runs, log: Logger) {
    this.#runs = runs;
    this.#log = log;
  }

  reserve(): Place {
    this.#refuseWhenClosed();
    const waiting = this.#waiting('import').length;
    if (waiting + this.#reserved >= MAX_WAITING_JOBS) {
      throw new AppError('IMPORT_QUEUE_FULL', { limit: MAX_WAITING_JOBS });
    }
    this.#reserved += 1;
    return {
      fill: (upload) => this.#addImport(upload),
      release: () => {
        this.#reserved -= 1;
      },
    };
  }

  sync(names: readonly string[]): string {
    this.#refuseWhenClosed();
    const name = [...new Set(names)].sort().join(', ');
    const same = this.#waiting('sync').find((job) => job.name === name);
    if (same) return same.id;
    return this.#add({
      kind: 'sync',
      name,
      run: async (job) => {
        const { signal } = this.#abort;
        const onSource = (source: string): void => {
          job.source = source;
          delete job.progress;
          this.#tellAll(job);
        };
        const onProgress = (progress: ImportProgress): void => this.#progress(job, progress);
        return { sync: await this.#runs.runSync({ names, onSource, onProgress, signal }) };
      },
      discard: () => Promise.resolve(),
    });
  }

  find(job: string): JobJson | undefined {
    const open = this.#open.get(job);
    return open ? openJson(open) : this.#finished.get(job)?.json;
  }

  list(): JobJson[] {
    const finished = Array.from(this.#finished.values(), ({ json }) => json);
    return [...finished, ...Array.from(this.#open.values(), openJson)].toReversed();
  }

  watch(job: string, listener: JobListener): () => void {
    const open = this.#open.get(job);
    if (!open) {
      const finished = this.#finished.get(job);
      if (finished) listener(finished.last);
      return () => undefined;
    }
    if (open.progress) listener({ event: 'progress', progress: open.progress });
    open.listeners.add(listener);
    return () => void open.listeners.delete(listener);
  }

  watchAll(watcher: JobWatcher): () => void {
    this.#watchers.add(watcher);
    return () => void this.#watchers.delete(watcher);
  }

  async ended(job: string): Promise<JobJson | undefined> {
    await new Promise<void>((resolve) => {
      const open = this.#open.get(job);
      if (open) open.listeners.add(({ event }) => event !== 'progress' && resolve());
      else resolve();
    });
    return this.find(job);
  }

  async close(): Promise<void> {
    this.#abort.abort();
    await Promise.all(this.#loops.values());
    for (const watcher of this.#watchers) watcher.closed();
  }

  #addImport({ file, name, format }: Upload): string {
    this.#refuseWhenClosed();
    return this.#add({
      kind: 'import',
      name,
      run: async (job) => {
        const { signal } = this.#abort;
        const onProgress = (progress: ImportProgress): void => this.#progress(job, progress);
        const run = { file, name, ...(format === undefined ? {} : { format }), onProgress, signal };
        return { summary: shortened(await this.#runs.runImport(run)) };
      },
      discard: () => rm(file, { force: true }),
    });
  }

  #add(wanted: Pick<Job, 'kind' | 'name' | 'run' | 'discard'>): string {
    const id = randomUUID();
    const job: Job = { ...wanted, id, queuedAt: now(), listeners: new Set(), state: 'queued' };
    this.#open.set(id, job);
    this.#tellAll(job);
    const { kind } = job;
    if (!this.#loops.has(kind)) {
      this.#loops.set(
        kind,
        this.#work(kind).finally(() => this.#loops.delete(kind)),
      );
    }
    return id;
  }

  #waiting(kind: JobKind): Job[] {
    return [...this.#open.values()].filter((job) => job.kind === kind && job.state === 'queued');
  }

  #refuseWhenClosed(): void {
    if (this.#abort.signal.aborted) throw new AppError('NOT_READY', { reason: 'it is shutting down' });
  }

  async #work(kind: JobKind): Promise<void> {
    for (let job = this.#next(kind); job; job = this.#next(kind)) await this.#run(job);
  }

  #next(kind: JobKind): Job | undefined {
    return [...this.#open.values()].find((job) => job.kind === kind);
  }

  async #run(job: Job): Promise<void> {
    const outcome = await this.#outcome(job);
    await job.discard().catch((thrown: unknown) => {
      this.#log.warn({ err: thrown, job: job.id }, 'the upload of a finished import stays on disk');
    });
    this.#finish(job, outcome);
  }

  async #outcome(job: Job): Promise<Result | { readonly problem: Problem }> {
    try {
      if (this.#abort.signal.aborted) throw new AppError('INTERRUPTED');
      job.state = 'running';
      this.#tellAll(job);
      return await job.run(job);
    } catch (thrown) {
      const problem = problemOf(thrown);
      if (problem.status === 500) this.#log.error({ err: thrown, job: job.id }, `${job.kind} failed`);
      return { problem };
    }
  }

  #progress(job: Job, progress: ImportProgress): void {
    // A job may report once more after it has ended; its last word has been told by then.
    if (!this.#open.has(job.id)) return;
    job.progress = progress;
    for (const listener of job.listeners) listener({ event: 'progress', progress });
    this.#tellAll(job);
  }

  #finish(job: Job, outcome: Result | { readonly problem: Problem }): void {
    this.#open.delete(job.id);
    const json: JobJson = {
      ...openJson(job),
      state: 'problem' in outcome ? 'failed' : 'done',
      endedAt: now(),
      ...outcome,
    };
    const last = lastEvent(outcome);
    this.#finished.set(job.id, { json, last });
    const oldest = this.#finished.keys().next().value;
    if (this.#finished.size > MAX_FINISHED_JOBS && oldest !== undefined) this.#finished.delete(oldest);
    for (const listener of job.listeners) listener(last);
    job.listeners.clear();
    for (const watcher of this.#watchers) watcher.changed(json);
  }

  #tellAll(job: Job): void {
    if (this.#watchers.size === 0) return;
    const json = openJson(job);
    for (const watcher of this.#watchers) watcher.changed(json);
  }
}

const now = (): string => new Date().toISOString();

function openJson({ id, kind, name, state, queuedAt, source, progress }: Job): JobJson {
  return {
    ...{ job: id, kind, name, state, queuedAt },
    ...(source === undefined ? {} : { source }),
    ...(progress ? { progress } : {}),
  };
}

function lastEvent(outcome: Result | { readonly problem: Problem }): JobEvent {
  if ('problem' in outcome) return { event: 'failed', problem: outcome.problem };
  return { event: 'done', summary: 'sync' in outcome ? outcome.sync : outcome.summary };
}

function shortened(summary: ImportSummary): ImportSummary {
  return { ...summary, rejected: summary.rejected.slice(0, MAX_REJECTIONS) };
}
