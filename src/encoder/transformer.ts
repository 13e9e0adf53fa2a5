import { existsSync } from 'node:fs';
import { availableParallelism } from 'node:os';
import { fileURLToPath } from 'node:url';
import { AppError } from '../errors.ts';
import type { Encoder, ModelDescription } from './contract.ts';
import { fingerprintModel } from './fingerprint.ts';
import type { LocatedModel } from './location.ts';
import { createEncodingPool, type EncodingPool } from './pool.ts';
import { paperText, queryText } from './text-form.ts';

/** What a worker thread needs to know of its model. */
export interface WorkerSettings extends Pick<ModelDescription, 'dtype' | 'maxTokens' | 'pooling'> {
  readonly folder: string;
}

export interface TransformerOptions extends LocatedModel {
  /** Worker threads; at most, and by default, one a core. */
  readonly threads?: number | undefined;
}

/**
 * An encoder that runs an ONNX transformer in worker threads. Resolves once one worker has loaded the model and its
 * embedding has the described dimensions. Throws MODEL_NOT_FOUND.
 */
export async function createTransformerEncoder(options: TransformerOptions): Promise<Encoder> {
  const { description: model, folder } = options;
  const { dtype, maxTokens, pooling } = model;
  const settings: WorkerSettings = { folder, dtype, maxTokens, pooling };
  const pool = createEncodingPool({ workerFile: findWorkerFile(), settings, threads: threadsOf(options.threads) });
  try {
    const [fingerprint] = await Promise.all([fingerprintModel(model, folder), warmUp(pool, model)]);
    return {
      model,
      fingerprint,
      // One text in each worker and one ready for each: no worker waits for the caller.
      concurrency: 2 * pool.threads,
      encodePaper: (text) => pool.encode(paperText(model, text), 'paper'),
      encodeQuery: (text) => pool.encode(queryText(model, text), 'query'),
      close: () => pool.close(),
    };
  } catch (error) {
    await pool.close();
    throw error;
  }
}

/** Gives every worker a first text, which loads its model, and waits for the fastest. */
async function warmUp(pool: EncodingPool, model: ModelDescription): Promise<void> {
  const first = Array.from({ length: pool.threads }, () => pool.encode(queryText(model, 'warm-up'), 'query'));
  const embedding = await Promise.any(first).catch((failures: AggregateError) => {
    const cause: unknown = failures.errors[0];
    const reason = cause instanceof AppError ? cause.details['reason'] : String(cause);
    throw new AppError('MODEL_NOT_FOUND', { model: model.name, reason }, { cause });
  });
  if (embedding.length === model.dimensions) return;
  throw new AppError('MODEL_NOT_FOUND', {
    model: model.name,
    reason: `it gives ${embedding.length} dimensions where ${model.dimensions} are described; correct its description`,
  });
}

function threadsOf(wanted: number | undefined): number {
  const cores = availableParallelism();
  return Math.max(1, Math.min(cores, wanted ?? cores));
}

/** Worker threads load JavaScript only: run from source (tests), the compiled worker is used. */
function findWorkerFile(): URL {
  const here = import.meta.url;
  const file = new URL(here.endsWith('.ts') ? '../../dist/encoder/worker.js' : './worker.js', here);
  if (existsSync(file)) return file;
  throw new AppError('ENCODER_FAILED', { reason: `${fileURLToPath(file)} is missing; run \`npm run build\`` });
}
