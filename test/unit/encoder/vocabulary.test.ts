import { cp } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { DEFAULT_MODEL, readVocabulary } from '../../../src/encoder/mod.ts';
import { temporaryFolder, writeModel } from './models.ts';

const wordsOf = (model: string) => readVocabulary({ model, modelsDir: 'models', allowDownload: false });

it('the shipped model knows whole words, neither parts of words nor misspelt ones', async () => {
  const words = await wordsOf(DEFAULT_MODEL);
  expect(['bread', 'capsule', 'attention'].filter((word) => !words.has(word))).toEqual([]);
  expect(['##ing', 'ing##', '[CLS]', 'atention', '2017', ''].filter((word) => words.has(word))).toEqual([]);
});

it('no word is known where a tokeniser lists its words in another way, or where there is none', async () => {
  const folder = join(await temporaryFolder(), 'paperkin-minilm');
  await cp('models/paperkin-minilm', folder, { recursive: true });
  await writeModel(folder, {
    'tokenizer.json': JSON.stringify({ model: { type: 'Unigram', vocab: [['bread', -3.5]] } }),
  });
  expect((await wordsOf(folder)).size).toBe(0);
  expect((await wordsOf('hashing')).size).toBe(0);
});

it('a model that is not there is told, not fetched', async () => {
  await expect(readVocabulary({ model: 'no/model', modelsDir: 'models', allowDownload: true })).rejects.toMatchObject({
    code: 'MODEL_NOT_FOUND',
  });
});
