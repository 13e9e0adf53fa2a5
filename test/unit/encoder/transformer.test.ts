import { AutoModel, AutoTokenizer, env } from '@huggingface/transformers';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { cp } from 'node:fs/promises';
import { describe, expect, it } from 'vitest';
import { openEncoder } from '../../../src/encoder/mod.ts';
import { knownModel } from '../../../src/encoder/registry.ts';
import { createTransformerEncoder } from '../../../src/encoder/transformer.ts';
import { temporaryFolder, writeModel } from './models.ts';

describe('the embedding of a paper', () => {
  it('is that of the first tokens of its text as transformers.js cuts it, to the last bit', async () => {
    env.allowRemoteModels = false;
    env.localModelPath = 'models/';
    const tokenizer = await AutoTokenizer.from_pretrained('paperkin-minilm');
    const model = await AutoModel.from_pretrained('paperkin-minilm', {
      dtype: 'q8',
      session_options: { intraOpNumThreads: 1, interOpNumThreads: 1 },
    });
    const encoder = await openEncoder({
      model: 'paperkin-minilm',
      modelsDir: 'models',
      allowDownload: false,
      threads: 1,
    });
    const papers = readFileSync('sample/papers.jsonl', 'utf8')
      .split('\n')
      .slice(0, 24)
      .map((line): { title: string; abstract: string } => JSON.parse(line));
    // Most of the sample's abstracts are short.
    const all = [...papers, { title: 'All of them', abstract: papers.map(({ abstract }) => abstract).join(' ') }];
    for (const { title, abstract } of all) {
      const text = `${title}. ${abstract}`.replace(/\s+/g, ' ');
      const { last_hidden_state: hidden } = await model(tokenizer(text, { truncation: true, max_length: 128 }));
      const [, tokens, dimensions] = hidden.dims;
      const sum = new Float32Array(dimensions);
      for (let at = 0; at < tokens * dimensions; at += 1) sum[at % dimensions] += hidden.data[at];
      let squares = 0;
      for (const value of sum) squares += value * value;
      const { embedding } = await encoder.encodePaper({ title, abstract });
      expect(embedding).toEqual(sum.map((value) => value * (1 / Math.sqrt(squares))));
    }
    await encoder.close();
  }, 60_000);
});

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
