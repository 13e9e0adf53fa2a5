import { AutoModel, AutoTokenizer, env, LogLevel } from '@huggingface/transformers';
import { move } from 'piscina';
import { workerData } from 'node:worker_threads';
import type { WorkerData } from './pool.ts';
import type { WorkerSettings } from './transformer.ts';

/*
 * A worker thread: text -> embedding, one text a run and unpadded. int8 models quantise their activations per run, so
 * padding or other texts in the same run would change an embedding (cosine .993 at worst, see the model card).
 */

// The parent has located and, where allowed, downloaded every file: nothing is fetched here.
env.allowRemoteModels = false;
env.useFSCache = false;
// What fails is thrown and reported once, by the parent.
env.logLevel = LogLevel.NONE;

const { settings, unfinished }: WorkerData<WorkerSettings> = workerData;
const loaded = load(settings.folder);
// A failure is reported by the first text that waits for the model.
loaded.catch(() => undefined);

async function load(folder: string) {
  const [tokenizer, model] = await Promise.all([
    AutoTokenizer.from_pretrained(folder),
    AutoModel.from_pretrained(folder, {
      dtype: settings.dtype,
      // One thread a worker, one worker a core: texts are independent, so this beats sharing one text among cores.
      session_options: { intraOpNumThreads: 1, interOpNumThreads: 1 },
    }),
  ]);
  return { tokenizer, model };
}

/** The embedding of a text, `[dimensions]`, of unit length; its memory is handed over to the parent. */
export default async function encode(text: string) {
  try {
    return move(await embed(text));
  } finally {
    Atomics.sub(unfinished, 0, 1);
    Atomics.notify(unfinished, 0);
  }
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
