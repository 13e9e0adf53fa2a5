import { mkdir, mkdtemp, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';

export async function temporaryFolder(): Promise<string> {
  return mkdtemp(join(tmpdir(), 'paperkin-encoder-'));
}

/** A folder that looks like a model to everything but ONNX Runtime. */
export const FAKE_MODEL: Readonly<Record<string, string>> = {
  'config.json': JSON.stringify({ hidden_size: 8, max_position_embeddings: 512 }),
  'tokenizer.json': '{}',
  'tokenizer_config.json': JSON.stringify({ model_max_length: 200 }),
  '1_Pooling/config.json': JSON.stringify({ pooling_mode_cls_token: false, pooling_mode_mean_tokens: true }),
  'onnx/model_quantized.onnx': 'weights',
};

export async function writeModel(folder: string, files: Readonly<Record<string, string>> = FAKE_MODEL): Promise<void> {
  for (const [file, content] of Object.entries(files)) {
    await mkdir(dirname(join(folder, file)), { recursive: true });
    await writeFile(join(folder, file), content);
  }
}

/** The fake model without one of its files. */
export function fakeModelWithout(file: string): Readonly<Record<string, string>> {
  return Object.fromEntries(Object.entries(FAKE_MODEL).filter(([name]) => name !== file));
}
