import { cp, mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';

/*
 * A cross-encoder small enough to be understood: an ONNX graph, written here byte by byte, that scores a pair by the share
 * of the query's tokens that occur in the passage. So a test can say what the ranking must be.
 */

/** Protocol Buffers' wire format, as much of it as ONNX needs: numbers, and everything that has a length. */
function varint(value: number): Buffer {
  const bytes: number[] = [];
  let rest = value;
  for (; rest > 0x7f; rest = Math.floor(rest / 0x80)) bytes.push((rest % 0x80) | 0x80);
  return Buffer.from([...bytes, rest]);
}
const whole = (field: number, value: number): Buffer => Buffer.concat([varint(field * 8), varint(value)]);
const nested = (field: number, content: Buffer | string): Buffer => {
  const bytes = Buffer.from(content);
  return Buffer.concat([varint(field * 8 + 2), varint(bytes.length), bytes]);
};

/** `onnx.proto`'s numbers of types. */
const FLOAT = 1;
const INT64 = 7;
const OF_INTEGER = 2;
const OF_INTEGERS = 7;

function attribute(name: string, value: number | readonly number[]): Buffer {
  const told =
    typeof value === 'number'
      ? [whole(3, value), whole(20, OF_INTEGER)]
      : [...value.map((each) => whole(8, each)), whole(20, OF_INTEGERS)];
  return nested(5, Buffer.concat([nested(1, name), ...told]));
}

type Attributes = Readonly<Record<string, number | readonly number[]>>;

function node(operator: string, inputs: readonly string[], output: string, attributes: Attributes = {}): Buffer {
  const told = Object.entries(attributes).map(([name, value]) => attribute(name, value));
  return nested(
    1,
    Buffer.concat([...inputs.map((input) => nested(1, input)), nested(2, output), nested(4, operator), ...told]),
  );
}

function constant(name: string, type: typeof FLOAT | typeof INT64, value: number): Buffer {
  const raw =
    type === FLOAT ? Buffer.from(Float32Array.of(value).buffer) : Buffer.from(BigInt64Array.of(BigInt(value)).buffer);
  return nested(5, Buffer.concat([whole(2, type), nested(8, name), nested(9, raw)]));
}

/** An input (field 11) or output (12) of two dimensions, the batch and another. */
function tensor(field: number, name: string, type: number, other: string | number): Buffer {
  const dimension = (size: string | number) => nested(1, typeof size === 'string' ? nested(2, size) : whole(1, size));
  const shape = Buffer.concat([dimension('batch'), dimension(other)]);
  const told = nested(1, Buffer.concat([whole(1, type), nested(2, shape)]));
  return nested(field, Buffer.concat([nested(1, name), nested(2, told)]));
}

/** `[PAD]`, `[UNK]`, `[CLS]`, `[SEP]`, `[MASK]` and what is unused come before this one in BERT's vocabulary. */
const LAST_SPECIAL = 103;
/** Share 0 -> logit -4 (.02), share 1 -> 4 (.98). */
const STEEPNESS = 8;

export type Head = 'relevance' | 'yes-no' | 'three' | 'broken';

/** How a head makes logits of `logit`, `[batch, 1]`. */
const HEADS: { readonly [head in Head]: { readonly outputs: number; readonly nodes: readonly Buffer[] } } = {
  relevance: { outputs: 1, nodes: [node('Identity', ['logit'], 'logits')] },
  'yes-no': {
    outputs: 2,
    nodes: [node('Sub', ['nothing', 'logit'], 'no'), node('Concat', ['no', 'logit'], 'logits', { axis: 1 })],
  },
  three: { outputs: 3, nodes: [node('Concat', ['logit', 'logit', 'logit'], 'logits', { axis: 1 })] },
  // 0/0 for a passage that has nothing of the query.
  broken: { outputs: 1, nodes: [node('Div', ['found', 'found'], 'ratio'), node('Mul', ['ratio', 'logit'], 'logits')] },
};

function graph(head: Head): Buffer {
  return Buffer.concat([
    tensor(11, 'input_ids', INT64, 'tokens'),
    tensor(11, 'attention_mask', INT64, 'tokens'),
    tensor(11, 'token_type_ids', INT64, 'tokens'),
    tensor(12, 'logits', FLOAT, HEADS[head].outputs),
    constant('last_special', INT64, LAST_SPECIAL),
    constant('one', FLOAT, 1),
    constant('nothing', FLOAT, 0),
    constant('middle', FLOAT, 0.5),
    constant('steepness', FLOAT, STEEPNESS),
    // Words of the passage, and words of the query: 1 where a token is one, `[batch, tokens]`.
    node('Greater', ['input_ids', 'last_special'], 'is_word'),
    node('Cast', ['is_word'], 'word', { to: FLOAT }),
    node('Cast', ['token_type_ids'], 'second', { to: FLOAT }),
    node('Cast', ['attention_mask'], 'attended', { to: FLOAT }),
    node('Mul', ['word', 'attended'], 'read'),
    node('Mul', ['read', 'second'], 'in_passage'),
    node('Sub', ['read', 'in_passage'], 'in_query'),
    // Which tokens are the same, `[batch, tokens, tokens]`, and whether one of the passage is the same as this.
    node('Unsqueeze', ['input_ids'], 'down', { axes: [2] }),
    node('Unsqueeze', ['input_ids'], 'across', { axes: [1] }),
    node('Equal', ['down', 'across'], 'is_same'),
    node('Cast', ['is_same'], 'same', { to: FLOAT }),
    node('Unsqueeze', ['in_passage'], 'passage_across', { axes: [1] }),
    node('Mul', ['same', 'passage_across'], 'same_in_passage'),
    node('ReduceMax', ['same_in_passage'], 'occurs', { axes: [2], keepdims: 0 }),
    node('Mul', ['occurs', 'in_query'], 'occurs_of_query'),
    node('ReduceSum', ['occurs_of_query'], 'found', { axes: [1], keepdims: 1 }),
    node('ReduceSum', ['in_query'], 'asked', { axes: [1], keepdims: 1 }),
    node('Max', ['asked', 'one'], 'asked_or_one'),
    node('Div', ['found', 'asked_or_one'], 'share'),
    node('Sub', ['share', 'middle'], 'centred'),
    node('Mul', ['centred', 'steepness'], 'logit'),
    ...HEADS[head].nodes,
    nested(2, 'overlap'),
  ]);
}

/** IR version 6 with opset 11: the last in which the axes of these operators are attributes. */
function onnxModel(head: Head): Buffer {
  return Buffer.concat([whole(1, 6), nested(7, graph(head)), nested(8, Buffer.concat([nested(1, ''), whole(2, 11)]))]);
}

/** What the graph scores a share of the query's tokens with, two logits of opposite sign being twice as sure. */
export function scoreOf(share: number, head: 'relevance' | 'yes-no' = 'relevance'): number {
  const logit = STEEPNESS * (share - 0.5);
  return 1 / (1 + Math.exp(head === 'relevance' ? -logit : -2 * logit));
}

/** Writes the folder of a cross-encoder as it would lie on the hub; the tokeniser is the shipped model's. */
export async function writeCrossEncoder(
  folder: string,
  { head = 'relevance', maxTokens = 512 }: { readonly head?: Head; readonly maxTokens?: number } = {},
): Promise<void> {
  await mkdir(join(folder, 'onnx'), { recursive: true });
  await cp('models/paperkin-minilm/tokenizer.json', join(folder, 'tokenizer.json'));
  const config = {
    model_type: 'bert',
    architectures: ['BertForSequenceClassification'],
    max_position_embeddings: maxTokens,
  };
  const tokenizer = { tokenizer_class: 'BertTokenizer', do_lower_case: true, model_max_length: maxTokens };
  await writeFile(join(folder, 'config.json'), JSON.stringify(config));
  await writeFile(join(folder, 'tokenizer_config.json'), JSON.stringify(tokenizer));
  await writeFile(join(folder, 'onnx/model_quantized.onnx'), onnxModel(head));
}
