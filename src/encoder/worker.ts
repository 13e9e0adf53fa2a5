import { workerData } from 'node:worker_threads';
import type { WorkerData } from './pool.ts';
import type { WorkerSettings } from './transformer.ts';
import { handOver, loadModel } from './worker-model.ts';

/* A worker thread: text -> embedding. */

const { settings, unfinished }: WorkerData<WorkerSettings> = workerData;
const loaded = loadModel(settings);
// A failure is reported by the first text that waits for the model.
loaded.catch(() => undefined);

/** The embedding of a text, `[dimensions]`, of unit length. */
export default function encode(text: string) {
  return handOver(embed(text), unfinished);
}

async function embed(text: string): Promise<Float32Array> {
  const { tokenizer, model } = await loaded;
  const output = await model(tokenizer(text, { truncation: true, max_length: settings.maxTokens }));
  const hidden = output.last_hidden_state ?? output.token_embeddings;
  if (hidden === undefined) throw new Error('the model has no output last_hidden_state');
  const [, tokens, dimensions] = hidden.dims;
  return pool(hidden.data, settings.pooling === 'cls' ? 1 : tokens, dimensions);
}

/** Mean of the first `tokens` rows of `hidden` (`[tokens, dimensions]`), scaled to unit length. */
function pool(hidden: Float32Array, tokens: number, dimensions: number): Float32Array {
  const embedding = new Float32Array(dimensions);
  for (let token = 0, at = 0; token < tokens; token += 1) {
    for (let i = 0; i < dimensions; i += 1, at += 1) embedding[i] = (embedding[i] ?? 0) + (hidden[at] ?? 0);
  }
  let squares = 0;
  for (const value of embedding) squares += value * value;
  // The mean's division falls out of the normalisation; a text whose rows cancel exactly has no direction.
  if (!(squares > 0 && Number.isFinite(squares))) throw new Error('the model gave no usable embedding');
  const scale = 1 / Math.sqrt(squares);
  return embedding.map((value) => value * scale);
}
