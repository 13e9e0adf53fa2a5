import { join } from 'node:path';
import { cp } from 'node:fs/promises';
import { describe, expect, it } from 'vitest';
import { openEncoder } from '../../../src/encoder/mod.ts';
import { knownModel } from '../../../src/encoder/registry.ts';
import { createTransformerEncoder } from '../../../src/encoder/transformer.ts';
import { temporaryFolder, writeModel } from './models.ts';

describe('a model that cannot be used', () => {
  it('is refused when its weights are damaged', async () => {
    const folder = join(await temporaryFolder(), 'paperkin-minilm');
    await cp('models/paperkin-minilm', folder, { recursive: true });
    await writeModel(folder, { 'onnx/model_quantized.onnx': 'not a graph' });
    const opening = openEncoder({ model: folder, modelsDir: '/', allowDownload: false, threads: 1 });
    await expect(opening).rejects.toMatchObject({ code: 'MODEL_NOT_FOUND' });
  }, 30_000);

  it('is refused when it gives other dimensions than described', async () => {
    const description = { ...knownModel('paperkin-minilm'), dimensions: 768 };
    const opening = createTransformerEncoder({ description, folder: join(process.cwd(), 'models/paperkin-minilm') });
    await expect(opening).rejects.toThrow(/384 dimensions where 768 are described/);
  }, 30_000);
});
