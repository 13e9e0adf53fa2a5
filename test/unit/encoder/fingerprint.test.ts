import { beforeEach, describe, expect, it } from 'vitest';
import type { ModelDescription } from '../../../src/encoder/contract.ts';
import { fingerprintModel } from '../../../src/encoder/fingerprint.ts';
import { describeFingerprint } from '../../../src/encoder/mod.ts';
import { temporaryFolder, writeModel } from './models.ts';

const MODEL: ModelDescription = {
  name: 'org/Tiny Model',
  dimensions: 8,
  maxTokens: 200,
  pooling: 'mean',
  queryPrefix: '',
  paperPrefix: '',
  dtype: 'q8',
};

describe('fingerprint', () => {
  let folder: string;

  beforeEach(async () => {
    folder = await temporaryFolder();
    await writeModel(folder);
    await writeModel(folder, { 'onnx/model.onnx': 'weights' });
  });

  it('is a readable prefix and hexadecimal digits, the same each time', async () => {
    const fingerprint = await fingerprintModel(MODEL, folder);
    expect(fingerprint).toMatch(/^tiny-model-[0-9a-f]{16}$/);
    expect(await fingerprintModel(MODEL, folder)).toBe(fingerprint);
  });

  it.each<Partial<ModelDescription>>([
    { dimensions: 16 },
    { maxTokens: 100 },
    { pooling: 'cls' },
    { queryPrefix: 'query: ' },
    { paperPrefix: 'query: ' },
    { dtype: 'fp32' },
  ])('changes with %j', async (change) => {
    expect(await fingerprintModel({ ...MODEL, ...change }, folder)).not.toBe(await fingerprintModel(MODEL, folder));
  });

  it.each(['onnx/model_quantized.onnx', 'onnx/model_quantized.onnx_data', 'tokenizer.json'])(
    'changes with %s',
    async (file) => {
      const before = await fingerprintModel(MODEL, folder);
      await writeModel(folder, { [file]: 'other' });
      expect(await fingerprintModel(MODEL, folder)).not.toBe(before);
    },
  );

  it('does not change with a file that decides nothing', async () => {
    const before = await fingerprintModel(MODEL, folder);
    await writeModel(folder, { 'README.md': 'words' });
    expect(await fingerprintModel(MODEL, folder)).toBe(before);
  });

  it('is known without loading the model', async () => {
    const { model, fingerprint } = await describeFingerprint({ model: folder, modelsDir: '/', allowDownload: false });
    expect(model).toEqual({ ...MODEL, name: folder });
    expect(fingerprint).toMatch(/-[0-9a-f]{16}$/);
    const hashing = await describeFingerprint({ model: 'hashing', modelsDir: '/', allowDownload: false });
    expect(hashing.fingerprint).toMatch(/^hashing-[0-9a-f]{16}$/);
  });
});
