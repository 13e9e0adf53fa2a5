import { describe, expect, it } from 'vitest';
import { DEFAULT_MODEL, findKnownModel, knownModelNames } from '../../../src/encoder/registry.ts';

describe('registry', () => {
  it('knows the shipped model as its card describes it', () => {
    expect(findKnownModel(DEFAULT_MODEL)).toEqual({
      name: 'paperkin-minilm',
      dimensions: 384,
      maxTokens: 128,
      pooling: 'mean',
      queryPrefix: '',
      paperPrefix: '',
      dtype: 'q8',
    });
  });

  it('names every model once, the default first', () => {
    const names = knownModelNames();
    expect(names[0]).toBe(DEFAULT_MODEL);
    expect(new Set(names).size).toBe(names.length);
  });

  it('gives models their prefixes and pooling', () => {
    expect(findKnownModel('Xenova/e5-small-v2')).toMatchObject({ queryPrefix: 'query: ', paperPrefix: 'passage: ' });
    expect(findKnownModel('Xenova/bge-small-en-v1.5')).toMatchObject({ pooling: 'cls', paperPrefix: '' });
  });

  it('does not know others', () => {
    expect(findKnownModel('nobody/nothing')).toBeUndefined();
  });
});
