import { AppError } from '../errors.ts';
import type { Encoder, ModelDescription } from './contract.ts';
import { fingerprintModel } from './fingerprint.ts';
import type { LocatedModel } from './location.ts';
import { startWorkers } from './start-workers.ts';
import { paperText, queryText } from './text-form.ts';
import type { ModelSettings } from './worker-model.ts';

/** What a worker thread needs to know of its model. */
export interface WorkerSettings extends ModelSettings, Pick<ModelDescription, 'maxTokens' | 'pooling'> {}

export interface TransformerOptions extends LocatedModel {
  /** Worker threads; at most, and by default, one a core. */
  readonly threads?: number | undefined;
}

/**
 * An encoder that runs an ONNX transformer in worker threads. Resolves once one worker has loaded the model and its
 * embedding has the described dimensions. Throws MODEL_NOT_FOUND.
 */
export async function createTransformerEncoder(options: TransformerOptions): Promise<Encoder> {
  const { description: model, folder, threads } = options;
  const { dtype, maxTokens, pooling } = model;
  const settings: WorkerSettings = { folder, dtype, maxTokens, pooling };
  const fingerprinting = fingerprintModel(model, folder);
  // Awaited below; until then a failure of the workers comes first.
  fingerprinting.catch(() => undefined);
  const first = queryText(model, 'warm-up');
  const { pool, result } = await startWorkers({ model: model.name, worker: 'worker', settings, threads, first });
  try {
    checkDimensions(model, result);
    return {
      model,
      fingerprint: await fingerprinting,
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

function checkDimensions(model: ModelDescription, { length }: Float32Array): void {
  if (length === model.dimensions) return;
  throw new AppError('MODEL_NOT_FOUND', {
    model: model.name,
    reason: `it gives ${length} dimensions where ${model.dimensions} are described; correct its description`,
  });
}
