import { existsSync } from 'node:fs';
import { availableParallelism } from 'node:os';
import { fileURLToPath } from 'node:url';
import { AppError } from '../errors.ts';
import { createEncodingPool, type EncodingPool } from './pool.ts';

interface StartOptions<Task> {
  /** The model's name, for what is told of a failure. */
  readonly model: string;
  /** Name of the worker's module in this folder. */
  readonly worker: 'worker' | 'cross-encoder-worker';
  readonly settings: unknown;
  /** Worker threads; at most, and by default, one a core. */
  readonly threads: number | undefined;
  /** What every worker is given first, so that it loads its model. */
  readonly first: Task;
}

/**
 * A pool of which one worker has loaded its model, with what that worker made of the first task; the others load theirs
 * meanwhile. Throws MODEL_NOT_FOUND where none can, and ENCODER_FAILED where the project is not built.
 */
export async function startWorkers<Task, Result>({
  model,
  worker,
  settings,
  threads,
  first,
}: StartOptions<Task>): Promise<{ readonly pool: EncodingPool<Task, Result>; readonly result: Result }> {
  const pool = createEncodingPool<Task, Result>({
    workerFile: findWorker(worker),
    settings,
    threads: threadsOf(threads),
  });
  try {
    const results = Array.from({ length: pool.threads }, () => pool.encode(first, 'query'));
    return { pool, result: await Promise.any(results) };
  } catch (failures) {
    await pool.close();
    const cause: unknown = failures instanceof AggregateError ? failures.errors[0] : failures;
    const reason = cause instanceof AppError ? cause.details['reason'] : String(cause);
    throw new AppError('MODEL_NOT_FOUND', { model, reason }, { cause });
  }
}

function threadsOf(wanted: number | undefined): number {
  const cores = availableParallelism();
  return Math.max(1, Math.min(cores, wanted ?? cores));
}

/** Worker threads load JavaScript only: run from source (tests), the compiled worker is used. */
function findWorker(name: string): URL {
  const here = import.meta.url;
  const file = new URL(here.endsWith('.ts') ? `../../dist/encoder/${name}.js` : `./${name}.js`, here);
  if (existsSync(file)) return file;
  throw new AppError('ENCODER_FAILED', { reason: `${fileURLToPath(file)} is missing; run \`npm run build\`` });
}
