import { randomUUID } from 'node:crypto';
import { rm } from 'node:fs/promises';
import type { Logger } from 'pino';
import type { ImportProgress, ImportSummary } from '../domain/mod.ts';
import { AppError } from '../errors.ts';
import type { ImportJobJson, Problem, ServerServices } from './contract.ts';
import { problemOf } from './problem.ts';
import type { Upload } from './uploads.ts';

/** Jobs that wait or are being uploaded, at most. Each may hold an upload of full size on disk. */
export const MAX_WAITING_JOBS = 100;
/** Finished jobs that can still be asked for. */
export const MAX_FINISHED_JOBS = 1_000;
/** Rejections told over HTTP: a person reads the first screenful, a browser chokes on millions. */
const MAX_REJECTIONS = 1_000;

export type JobEvent =
  | { readonly event: 'progress'; readonly progress: ImportProgress }
  | { readonly event: 'done'; readonly summary: ImportSummary }
  | { readonly event: 'failed'; readonly problem: Problem };

export type JobListener = (event: JobEvent) => void;

/** A place in the queue, held while an upload arrives. */
export interface Place {
  /** Queues the import of the upload and gives the job's id. Throws NOT_READY once the queue is closed. */
  fill(upload: Upload): string;
  /** Called once, whether the place was filled or not. */
  release(): void;
}

/** Imports of uploads, one after the other. */
export interface Jobs {
  /** Throws IMPORT_QUEUE_FULL, or NOT_READY once the queue is closed. */
  reserve(): Place;
  find(job: string): ImportJobJson | undefined;
  /** Tells the current state if there is something to tell, then every event up to `done` or `failed`. Gives the way out. */
  watch(job: string, listener: JobListener): () => void;
  /** Aborts the running import, fails the waiting ones, and resolves when all have ended and their files are gone. */
  close(): Promise<void>;
}

interface Job {
  readonly id: string;
  readonly upload: Upload;
  readonly listeners: Set<JobListener>;
  state: 'queued' | 'running';
  progress?: ImportProgress;
}

interface FinishedJob {
  readonly json: ImportJobJson;
  readonly last: JobEvent;
}

export function createJobs(runImport: ServerServices['runImport'], log: Logger): Jobs {
  return new JobQueue(runImport, log);
}

class JobQueue implements Jobs {
  readonly #runImport: ServerServices['runImport'];
  readonly #log: Logger;
  readonly #abort = new AbortController();
  /** In order of arrival; the first one runs. */
  readonly #open = new Map<string, Job>();
  /** In order of ending, so that the first is the oldest. */
  readonly #finished = new Map<string, FinishedJob>();
  #reserved = 0;
  #loop: Promise<void> | undefined;

  constructor(runImport: ServerServices['runImport'], log: Logger) {
    this.#runImport = runImport;
    this.#log = log;
  }

  reserve(): Place {
    this.#refuseWhenClosed();
    const waiting = [...this.#open.values()].filter((job) => job.state === 'queued').length;
    if (waiting + this.#reserved >= MAX_WAITING_JOBS) {
      throw new AppError('IMPORT_QUEUE_FULL', { limit: MAX_WAITING_JOBS });
    }
    this.#reserved += 1;
    return {
      fill: (upload) => this.#add(upload),
      release: () => {
        this.#reserved -= 1;
      },
    };
  }

  find(job: string): ImportJobJson | undefined {
    const open = this.#open.get(job);
    if (!open) return this.#finished.get(job)?.json;
    const { id, upload, state, progress } = open;
    return { job: id, name: upload.name, state, ...(progress ? { progress } : {}) };
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

  async close(): Promise<void> {
    this.#abort.abort();
    await this.#loop;
  }

  #add(upload: Upload): string {
    this.#refuseWhenClosed();
    const id = randomUUID();
    this.#open.set(id, { id, upload, listeners: new Set(), state: 'queued' });
    this.#loop ??= this.#work().finally(() => {
      this.#loop = undefined;
    });
    return id;
  }

  #refuseWhenClosed(): void {
    if (this.#abort.signal.aborted) throw new AppError('NOT_READY', { reason: 'it is shutting down' });
  }

  async #work(): Promise<void> {
    for (let job = this.#next(); job; job = this.#next()) await this.#run(job);
  }

  #next(): Job | undefined {
    return this.#open.values().next().value;
  }

  async #run(job: Job): Promise<void> {
    const last = await this.#outcome(job);
    await rm(job.upload.file, { force: true }).catch((thrown: unknown) => {
      this.#log.warn({ err: thrown, job: job.id }, 'the upload of a finished import stays on disk');
    });
    this.#finish(job, last);
  }

  async #outcome(job: Job): Promise<JobEvent> {
    const { signal } = this.#abort;
    const { file, name, format } = job.upload;
    try {
      if (signal.aborted) throw new AppError('INTERRUPTED');
      job.state = 'running';
      const onProgress = (progress: ImportProgress): void => this.#progress(job, progress);
      const run = { file, name, ...(format === undefined ? {} : { format }), onProgress, signal };
      return { event: 'done', summary: shortened(await this.#runImport(run)) };
    } catch (thrown) {
      const problem = problemOf(thrown);
      if (problem.status === 500) this.#log.error({ err: thrown, job: job.id }, 'import failed');
      return { event: 'failed', problem };
    }
  }

  #progress(job: Job, progress: ImportProgress): void {
    // An import may report once more after it has ended; its last word has been told by then.
    if (!this.#open.has(job.id)) return;
    job.progress = progress;
    for (const listener of job.listeners) listener({ event: 'progress', progress });
  }

  #finish(job: Job, last: JobEvent): void {
    this.#open.delete(job.id);
    this.#finished.set(job.id, { json: finishedJson(job, last), last });
    const oldest = this.#finished.keys().next().value;
    if (this.#finished.size > MAX_FINISHED_JOBS && oldest !== undefined) this.#finished.delete(oldest);
    for (const listener of job.listeners) listener(last);
    job.listeners.clear();
  }
}

function finishedJson(job: Job, last: JobEvent): ImportJobJson {
  const { id, upload, progress } = job;
  const base = { job: id, name: upload.name, ...(progress ? { progress } : {}) };
  return last.event === 'done'
    ? { ...base, state: 'done', summary: last.summary }
    : { ...base, state: 'failed', ...(last.event === 'failed' ? { problem: last.problem } : {}) };
}

function shortened(summary: ImportSummary): ImportSummary {
  return { ...summary, rejected: summary.rejected.slice(0, MAX_REJECTIONS) };
}
