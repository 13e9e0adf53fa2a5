import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { z } from 'zod';
import { AppError, reasonOf } from '../errors.ts';
import type { ModelDescription } from './contract.ts';
import { type Dtype, presentDtype, WEIGHTS_FILE } from './model-files.ts';

const modelConfig = z.object({
  hidden_size: z.int().positive().optional(),
  dim: z.int().positive().optional(),
  max_position_embeddings: z.int().positive().optional(),
});
const tokenizerConfig = z.object({ model_max_length: z.number().positive().optional() });
const sentenceConfig = z.object({ max_seq_length: z.int().positive().nullish() });
const poolingConfig = z.object({
  pooling_mode_cls_token: z.boolean().default(false),
  pooling_mode_mean_tokens: z.boolean().default(false),
});
const promptConfig = z.object({ prompts: z.record(z.string(), z.string()).default({}) });

/** An abstract seldom passes 512 tokens, and attention grows with the square of the length. */
const MAX_TOKENS = 512;

/**
 * How to use a model that is not registered, from the files sentence-transformers leaves beside the weights.
 * Throws MODEL_NOT_FOUND where the files do not say it: a wrong guess would give bad embeddings without any error.
 */
export async function inferDescription(name: string, folder: string): Promise<ModelDescription> {
  const read = <T>(file: string, schema: z.ZodType<T>) => readJson(name, folder, file, schema);
  const config = await read('config.json', modelConfig);
  const { prompts = {} } = (await read('config_sentence_transformers.json', promptConfig)) ?? {};
  const dimensions = config?.hidden_size ?? config?.dim;
  if (dimensions === undefined) throw unclear(name, 'config.json does not say its hidden_size');
  return {
    name,
    dimensions,
    maxTokens: await inferMaxTokens(name, folder),
    pooling: poolingOf(name, await read('1_Pooling/config.json', poolingConfig)),
    queryPrefix: prompts['query'] ?? '',
    paperPrefix: prompts['document'] ?? prompts['passage'] ?? '',
    dtype: inferDtype(name, folder),
  };
}

/** How many tokens a model reads, special ones included: the smallest of what its files say. Throws MODEL_NOT_FOUND. */
export async function inferMaxTokens(name: string, folder: string): Promise<number> {
  const config = await readJson(name, folder, 'config.json', modelConfig);
  const tokenizer = await readJson(name, folder, 'tokenizer_config.json', tokenizerConfig);
  const sentence = await readJson(name, folder, 'sentence_bert_config.json', sentenceConfig);
  return Math.min(
    MAX_TOKENS,
    sentence?.max_seq_length ?? Infinity,
    tokenizer?.model_max_length ?? Infinity,
    config?.max_position_embeddings ?? Infinity,
  );
}

/** The weights to use: the smallest that are there. Throws MODEL_NOT_FOUND. */
export function inferDtype(name: string, folder: string): Dtype {
  const dtype = presentDtype(folder);
  if (dtype === undefined) throw unclear(name, `${folder} holds no ${Object.values(WEIGHTS_FILE).join(', ')}`);
  return dtype;
}

function poolingOf(name: string, config: z.infer<typeof poolingConfig> | undefined): ModelDescription['pooling'] {
  if (config === undefined) throw unclear(name, 'it has no 1_Pooling/config.json, so how it pools is unknown');
  if (config.pooling_mode_mean_tokens === config.pooling_mode_cls_token) {
    throw unclear(name, 'its 1_Pooling/config.json asks for a pooling other than mean or cls');
  }
  return config.pooling_mode_cls_token ? 'cls' : 'mean';
}

function unclear(model: string, reason: string): AppError {
  return new AppError('MODEL_NOT_FOUND', {
    model,
    reason: `${reason}; register it in src/encoder/registry.ts, or complete its folder`,
  });
}

async function readJson<T>(model: string, folder: string, file: string, schema: z.ZodType<T>): Promise<T | undefined> {
  let raw: string;
  try {
    raw = await readFile(join(folder, file), 'utf8');
  } catch {
    // An absent file is a fact about the model; each caller decides whether it can do without.
    return undefined;
  }
  try {
    return schema.parse(JSON.parse(raw));
  } catch (cause) {
    throw new AppError('MODEL_NOT_FOUND', { model, reason: `${join(folder, file)}: ${reasonOf(cause)}` }, { cause });
  }
}
