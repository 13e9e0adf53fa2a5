import { Tensor } from '@huggingface/transformers';
import { workerData } from 'node:worker_threads';
import type { CrossEncoderSettings, Pair } from './cross-encoder.ts';
import { framePair, pairFrame, type Tokenised } from './pair.ts';
import type { WorkerData } from './pool.ts';
import { handOver, loadModel } from './worker-model.ts';

/* A worker thread: query and passage -> score. */

const { settings, unfinished }: WorkerData<CrossEncoderSettings> = workerData;
const loaded = load();
// A failure is reported by the first pair that waits for the model.
loaded.catch(() => undefined);

async function load() {
  const { tokenizer, model } = await loadModel(settings);
  const inner = (text: string): Tokenised => tokenizer(text, { add_special_tokens: false, return_tensor: false });
  const twice: Tokenised = tokenizer('a', { text_pair: 'a', return_token_type_ids: true, return_tensor: false });
  return { inner, frame: pairFrame(inner('a'), twice), model };
}

/** How relevant the passage is to the query, `[1]`, in [0, 1]. */
export default function score(pair: Pair) {
  return handOver(relevance(pair), unfinished);
}

async function relevance({ query, passage }: Pair): Promise<Float32Array> {
  const { inner, frame, model } = await loaded;
  const { ids, types } = framePair(frame, inner(query).input_ids, inner(passage).input_ids, settings.maxTokens);
  const tensor = (values: readonly number[]) =>
    new Tensor('int64', BigInt64Array.from(values, BigInt), [1, values.length]);
  // Of these the model gets the ones that its graph has as inputs.
  const { logits } = await model({
    input_ids: tensor(ids),
    attention_mask: tensor(ids.map(() => 1)),
    token_type_ids: tensor(types),
  });
  if (logits === undefined) throw new Error('it gives no logits: it is a model of embeddings and not a cross-encoder');
  return Float32Array.of(probability(Array.from(logits.data, Number)));
}

/** One logit is that of relevance; of two the second is that of "relevant", the first that of "not". */
function probability(logits: readonly number[]): number {
  const [first = NaN, second] = logits;
  if (logits.length > 2) throw new Error(`it gives ${logits.length} logits for a pair; a cross-encoder gives 1 or 2`);
  const probability = 1 / (1 + Math.exp(second === undefined ? -first : first - second));
  if (Number.isNaN(probability)) throw new Error('the model gave no usable score');
  return probability;
}
