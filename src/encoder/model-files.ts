import { existsSync } from 'node:fs';
import { join } from 'node:path';
import type { ModelDescription } from './contract.ts';

export type Dtype = ModelDescription['dtype'];

/** transformers.js' own names of the ONNX files, relative to the model's folder. */
export const WEIGHTS_FILE: { readonly [dtype in Dtype]: string } = {
  q8: 'onnx/model_quantized.onnx',
  fp16: 'onnx/model_fp16.onnx',
  fp32: 'onnx/model.onnx',
};

export const REQUIRED_FILES = ['config.json', 'tokenizer.json', 'tokenizer_config.json'] as const;

/** Files a model may have; they tell how it pools, how long its texts may be and which prefixes it wants. */
export const OPTIONAL_FILES = [
  'special_tokens_map.json',
  '1_Pooling/config.json',
  'sentence_bert_config.json',
  'config_sentence_transformers.json',
] as const;

/** Directions in which the outputs for tokens differ most, `[directions, dimensions]` in float32: see token-basis.ts. */
export const TOKEN_BASIS_FILE = 'token-basis.f32';

/** Weights of very large models lie in a second file beside the graph. */
export function externalWeightsFile(dtype: Dtype): string {
  return `${WEIGHTS_FILE[dtype]}_data`;
}

/** The first file a model's folder lacks, relative to it; undefined when the folder is complete for that dtype. */
export function missingFile(folder: string, dtype: Dtype): string | undefined {
  return [...REQUIRED_FILES, WEIGHTS_FILE[dtype]].find((file) => !existsSync(join(folder, file)));
}

/** The dtype whose weights the folder holds, the smallest first. */
export function presentDtype(folder: string): Dtype | undefined {
  const bySize: readonly Dtype[] = ['q8', 'fp16', 'fp32'];
  return bySize.find((dtype) => existsSync(join(folder, WEIGHTS_FILE[dtype])));
}
