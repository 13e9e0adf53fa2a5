import { Piscina } from 'piscina';
import { AppError, reasonOf } from '../errors.ts';

/** Queries are answered while someone waits; papers can wait. */
export type Lane = 'query' | 'paper';

/** `workerData` of every worker. */
export interface WorkerData<Settings> {
  readonly settings: Settings;
  /** One counter, the texts handed to workers and not yet encoded: the worker takes one off, and notifies, after each. */
  readonly unfinished: Int32Array;
}

interface PoolOptions {
  /** URL of a compiled module whose default export takes a text (or a pair of them) and returns its embedding (or score). */
  readonly workerFile: URL;
  /** What every worker finds in its `workerData`. */
  readonly settings: unknown;
  readonly threads: number;
}

/** `Task`: what a worker is handed, a text or a pair of texts; `Result`: what it makes of it. */
export interface EncodingPool<Task, Result> {
  readonly threads: number;
  /**
   * Encodes one text in a free worker; waits its turn otherwise, queries before papers. Throws ENCODER_FAILED, and
   * ENCODER_BUSY where `MAX_WAITING` are waiting already.
   */
  encode(text: Task, lane: Lane): Promise<Result>;
  /** Rejects what is waiting with ENCODER_FAILED, lets the running texts (some 15 ms) end, then ends the workers. */
  close(): Promise<void>;
}

interface Waiting<Task, Result> {
  readonly text: Task;
  readonly resolve: (result: Result) => void;
  readonly reject: (error: AppError) => void;
}

/** Longest that leaving the process waits for running texts; one is some 15 ms, loading a model some 500 ms. */
const EXIT_TIMEOUT_MS = 3_000;

/**
 * Most texts that may wait in each lane. 256 queries are half a second of work on two cores: beyond that a search does
 * better by words alone. Papers come from an import, which keeps a few hundred under way.
 */
export const MAX_WAITING: { readonly [lane in Lane]: number } = { query: 256, paper: 4096 };

/**
 * Worker threads that encode one text each. Only as many texts as there are threads are handed to piscina, so a query
 * waits for one running text at most and never behind a queue of papers. The queue is bounded (`MAX_WAITING`); a caller
 * stays well within it by keeping no more than it needs under way.
 */
export function createEncodingPool<Task, Result>({
  workerFile,
  settings,
  threads,
}: PoolOptions): EncodingPool<Task, Result> {
  const unfinished = new Int32Array(new SharedArrayBuffer(Int32Array.BYTES_PER_ELEMENT));
  const workerData: WorkerData<unknown> = { settings, unfinished };
  const pool = new Piscina<Task, Result>({
    filename: workerFile.href,
    workerData,
    minThreads: threads,
    maxThreads: threads,
    concurrentTasksPerWorker: 1,
    recordTiming: false,
    // A worker blocked in Atomics.wait learns late of what ONNX Runtime has finished: 0.5 ms a query (median 4.6 against 4.2).
    atomics: 'disabled',
    // A worker needs none of the parent's flags, and some (test runners' loaders) would break it.
    execArgv: [],
    // ONNX Runtime (onnxruntime-node 1.30) overflows the usual 4 MB where the process was started with an argument of 20 kB.
    resourceLimits: { stackSizeMb: 64 },
  });
  // Emitted for a worker that dies between tasks: piscina starts another, no text is lost. Unheard it would end the process.
  pool.on('error', () => undefined);

  const lanes: { readonly [lane in Lane]: Waiting<Task, Result>[] } = { query: [], paper: [] };
  const running = new Set<Promise<void>>();
  let closing: Promise<void> | undefined;

  // A thread ended inside ONNX Runtime aborts the whole process (onnxruntime-node 1.30: uncaught Napi::Error, exit code
  // 134). So neither close() nor process.exit() ends one before its text is done; here only the main thread is blocked.
  const awaitWorkers = (): void => {
    const deadlineMs = performance.now() + EXIT_TIMEOUT_MS;
    for (let count = unfinished[0] ?? 0; count > 0; count = Atomics.load(unfinished, 0)) {
      const leftMs = deadlineMs - performance.now();
      if (leftMs <= 0) return;
      Atomics.wait(unfinished, 0, count, leftMs);
    }
  };
  process.once('exit', awaitWorkers);

  const runNext = (): void => {
    while (running.size < threads) {
      const next = lanes.query.shift() ?? lanes.paper.shift();
      if (next === undefined) return;
      const done = run(next).finally(() => {
        running.delete(done);
        runNext();
      });
      running.add(done);
    }
  };
  const run = async ({ text, resolve, reject }: Waiting<Task, Result>): Promise<void> => {
    Atomics.add(unfinished, 0, 1);
    try {
      resolve(await pool.run(text));
    } catch (cause) {
      reject(new AppError('ENCODER_FAILED', { reason: reasonOf(cause) }, { cause }));
    }
  };
  const end = async (): Promise<void> => {
    for (const { reject } of [...lanes.query.splice(0), ...lanes.paper.splice(0)]) reject(closed());
    await Promise.all(running);
    await pool.destroy();
    process.off('exit', awaitWorkers);
  };
  return {
    threads,
    encode: (text, lane) =>
      new Promise((resolve, reject) => {
        if (closing) return reject(closed());
        const waiting = lanes[lane].length;
        if (waiting >= MAX_WAITING[lane]) return reject(new AppError('ENCODER_BUSY', { waiting }));
        lanes[lane].push({ text, resolve, reject });
        runNext();
      }),
    close: () => (closing ??= end()),
  };
}

function closed(): AppError {
  return new AppError('ENCODER_FAILED', { reason: 'the encoder is closed' });
}
