import { Tensor } from '@huggingface/transformers';
import { workerData } from 'node:worker_threads';
import type { TokenVectors } from './contract.ts';
import { indexOf, type Tokenised } from './pair.ts';
import type { WorkerData } from './pool.ts';
import type { Encoded, EncodingTask, WorkerSettings } from './transformer.ts';
import { isContent, projectTokens, readTokenBasis } from './token-basis.ts';
import { handOver, loadModel } from './worker-model.ts';

/* A worker thread: texts -> embeddings. */

const { settings, unfinished }: WorkerData<WorkerSettings> = workerData;
const loaded = load();
// A failure is reported by the first text that waits for the model.
loaded.catch(() => undefined);

// A title of 40 tokens is a long one, and leaves two thirds of the window to what it stands before.
const LEAD_TOKENS = 40;
// So little says nothing that its beginning does not.
const LEAST_REST_TOKENS = 10;

async function load() {
  const { tokenizer, model } = await loadModel(settings);
  const inner = (text: string): readonly number[] => {
    const { input_ids }: Tokenised = tokenizer(text, { add_special_tokens: false, return_tensor: false });
    return input_ids;
  };
  const whole: Tokenised = tokenizer('a', { return_tensor: false });
  const basis = await readTokenBasis(settings.folder, settings.dimensions);
  const contents = new Map<number, boolean>();
  const tellsSomething = (id: number): boolean => {
    const known = contents.get(id) ?? isContent(tokenizer.decode([id], { clean_up_tokenization_spaces: false }));
    contents.set(id, known);
    return known;
  };
  return { inner, frame: frameOf(inner('a'), whole.input_ids), model, basis, tellsSomething };
}

/**
 * The embeddings, each `[dimensions]` and of unit length, one after another: of each text by itself; of a query its own; of a
 * paper the one of its beginning and, where there is more of it, the one of its rest.
 */
export default function encode(task: EncodingTask): Promise<Encoded> {
  if ('texts' in task) return handOver(encodeTexts(task.texts), unfinished);
  return handOver('query' in task ? encodeQuery(task.query) : encodePaper(task.paper, task.lead), unfinished);
}

async function encodeTexts(texts: readonly string[]): Promise<Encoded> {
  const { inner, frame } = await loaded;
  const embeddings: Float32Array[] = [];
  for (const text of texts) {
    const ids = framed(frame, inner(text));
    embeddings.push(pooled(await run(ids), 0, ids.length));
  }
  return { embeddings: joined(embeddings), tokens: undefined };
}

async function encodeQuery(query: string): Promise<Encoded> {
  const { inner, frame } = await loaded;
  const ids = framed(frame, inner(query));
  const output = await run(ids);
  return { embeddings: pooled(output, 0, ids.length), tokens: await tokensOf(ids, output.hidden) };
}

/** What lies past the cut is read after the title, which tells it what is spoken of, and pooled without it. */
async function encodePaper(paper: string, lead: string): Promise<Encoded> {
  const { inner, frame } = await loaded;
  const tokens = inner(paper);
  const first = framed(frame, tokens);
  const output = await run(first);
  const beginning = pooled(output, 0, first.length);
  const words = await tokensOf(first, output.hidden);
  const rest = tokens.slice(settings.maxTokens - frame.before.length);
  if (rest.length < LEAST_REST_TOKENS) return { embeddings: beginning, tokens: words };
  const title = inner(lead).slice(0, LEAD_TOKENS);
  const second = framed(frame, [...title, ...rest]);
  const from = frame.before.length + title.length;
  const to = Math.min(from + rest.length, second.length);
  return { embeddings: joined([beginning, pooled(await run(second), from, to)]), tokens: words };
}

/** What the model gives for each token: `[tokens, dimensions]`, row by row. */
interface Output {
  readonly hidden: Float32Array;
  readonly dimensions: number;
}

async function run(ids: readonly number[]): Promise<Output> {
  const { model } = await loaded;
  const tensor = (values: readonly number[]) =>
    new Tensor('int64', BigInt64Array.from(values, BigInt), [1, values.length]);
  // Of these the model gets the ones that its graph has as inputs.
  const output = await model({
    input_ids: tensor(ids),
    attention_mask: tensor(ids.map(() => 1)),
    token_type_ids: tensor(ids.map(() => 0)),
  });
  const hidden = output.last_hidden_state ?? output.token_embeddings;
  if (hidden === undefined) throw new Error('the model has no output last_hidden_state');
  return { hidden: hidden.data, dimensions: hidden.dims[2] };
}

/** The mean of the outputs for tokens `from` to `to`, or the first output for a model that sums a text up in it. */
function pooled({ hidden, dimensions }: Output, from: number, to: number): Float32Array {
  return settings.pooling === 'cls' ? pool(hidden, 0, 1, dimensions) : pool(hidden, from, to, dimensions);
}

/** Vectors of the words; of all tokens where none of them tells anything. */
async function tokensOf(ids: readonly number[], hidden: Float32Array): Promise<TokenVectors | undefined> {
  const { basis, frame, tellsSomething } = await loaded;
  if (!basis) return undefined;
  const inner = ids.map((_, i) => i).slice(frame.before.length, ids.length - frame.after.length);
  const telling = inner.filter((i) => tellsSomething(ids[i] ?? 0));
  return projectTokens(basis, hidden, telling.length > 0 ? telling : inner);
}

/** Mean of the rows `from` to `to` of `hidden` (`[tokens, dimensions]`), scaled to unit length. */
function pool(hidden: Float32Array, from: number, to: number, dimensions: number): Float32Array {
  const embedding = new Float32Array(dimensions);
  for (let token = from, at = from * dimensions; token < to; token += 1) {
    for (let i = 0; i < dimensions; i += 1, at += 1) embedding[i] = (embedding[i] ?? 0) + (hidden[at] ?? 0);
  }
  let squares = 0;
  for (const value of embedding) squares += value * value;
  // The mean's division falls out of the normalisation; a text whose rows cancel exactly has no direction.
  if (!(squares > 0 && Number.isFinite(squares))) throw new Error('the model gave no usable embedding');
  const scale = 1 / Math.sqrt(squares);
  return embedding.map((value) => value * scale);
}

function joined(embeddings: readonly Float32Array[]): Float32Array {
  const all = new Float32Array(embeddings.reduce((sum, { length }) => sum + length, 0));
  let at = 0;
  for (const embedding of embeddings) {
    all.set(embedding, at);
    at += embedding.length;
  }
  return all;
}

/** The special tokens that a model wants around a text. */
interface Frame {
  readonly before: readonly number[];
  readonly after: readonly number[];
}

/** From a word alone, without and with special tokens. */
function frameOf(word: readonly number[], whole: readonly number[]): Frame {
  const at = indexOf(whole, word, 0);
  if (word.length === 0 || at < 0) throw new Error('its tokeniser gives no tokens for a word');
  return { before: whole.slice(0, at), after: whole.slice(at + word.length) };
}

/**
 * A text's tokens as the model gets them. One that is too long is cut at its end, the last special token and all, as
 * transformers.js does it: the shipped model's figures were measured so.
 */
function framed({ before, after }: Frame, tokens: readonly number[]): number[] {
  return [...before, ...tokens, ...after].slice(0, settings.maxTokens);
}
