import { AppError } from '../errors.ts';
import type { Encoder, ModelDescription, PaperEmbedding, TokenVectors } from './contract.ts';
import { fingerprintModel } from './fingerprint.ts';
import type { LocatedModel } from './location.ts';
import { startWorkers } from './start-workers.ts';
import { sentenceTexts } from './sentence-texts.ts';
import { leadText, paperText, queryText } from './text-form.ts';
import type { ModelSettings } from './worker-model.ts';

/** What a worker thread needs to know of its model. */
export interface WorkerSettings extends ModelSettings, Pick<ModelDescription, 'dimensions' | 'maxTokens' | 'pooling'> {}

/** Texts to be encoded each by itself; a query; or a paper: its text, long enough for two windows, and what of it is the title. */
export type EncodingTask =
  | { readonly texts: readonly string[] }
  | { readonly query: string }
  | { readonly paper: string; readonly lead: string };

/** What a worker gives: embeddings one after another, and of queries and papers the vectors of their words. */
export interface Encoded {
  readonly embeddings: Float32Array;
  readonly tokens: TokenVectors | undefined;
}

// Beginning and rest.
const WINDOWS = 2;

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
  const { dtype, dimensions, maxTokens, pooling } = model;
  const settings: WorkerSettings = { folder, dtype, dimensions, maxTokens, pooling };
  const fingerprinting = fingerprintModel(model, folder);
  // Awaited below; until then a failure of the workers comes first.
  fingerprinting.catch(() => undefined);
  const first: EncodingTask = { texts: [queryText(model, 'warm-up')] };
  const { pool, result } = await startWorkers<EncodingTask, Encoded>({
    model: model.name,
    worker: 'worker',
    settings,
    threads,
    first,
  });
  try {
    checkDimensions(model, result.embeddings);
    return {
      model,
      fingerprint: await fingerprinting,
      // One text in each worker and one ready for each: no worker waits for the caller.
      concurrency: 2 * pool.threads,
      encodeQuery: async (text) => {
        const { embeddings, tokens } = await pool.encode({ query: queryText(model, text) }, 'query');
        return { embedding: embeddings, tokens };
      },
      encodePaper: async (text) => {
        const paper = paperText({ ...model, maxTokens: WINDOWS * maxTokens }, text);
        return paperEmbedding(model, await pool.encode({ paper, lead: leadText(model, text) }, 'paper'));
      },
      encodeSentences: async (abstract) => {
        const found = sentenceTexts(model, abstract);
        if (found.length === 0) return [];
        const { embeddings: vectors } = await pool.encode({ texts: found.map(({ text }) => text) }, 'paper');
        return found.map(({ start, end }, i) => ({ start, end, vector: nth(model, vectors, i) }));
      },
      close: () => pool.close(),
    };
  } catch (error) {
    await pool.close();
    throw error;
  }
}

/** Copies, so that one embedding kept does not keep its neighbours. */
function nth({ dimensions }: ModelDescription, embeddings: Float32Array, i: number): Float32Array {
  return embeddings.slice(i * dimensions, (i + 1) * dimensions);
}

function paperEmbedding(model: ModelDescription, { embeddings, tokens }: Encoded): PaperEmbedding {
  const hasRest = embeddings.length > model.dimensions;
  return { embedding: nth(model, embeddings, 0), rest: hasRest ? nth(model, embeddings, 1) : undefined, tokens };
}

function checkDimensions(model: ModelDescription, { length }: Float32Array): void {
  if (length === model.dimensions) return;
  throw new AppError('MODEL_NOT_FOUND', {
    model: model.name,
    reason: `it gives ${length} dimensions where ${model.dimensions} are described; correct its description`,
  });
}
