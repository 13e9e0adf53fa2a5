import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { isContent, projectTokens, readTokenBasis } from '../../../src/encoder/token-basis.ts';
import { temporaryFolder } from '../../support/cli.ts';

describe('the basis of token vectors', () => {
  it('projects the wanted rows and packs each to unit length in 127ths', () => {
    const basis = { dimensions: 2, directions: Float32Array.of(1, 0, 0, 0, 1, 0) };
    const hidden = Float32Array.of(3, 4, 9, 8, 8, 8, -2, 0, 5, 0, 0, 7);
    expect(projectTokens(basis, hidden, [0, 2, 3])).toEqual({
      dimensions: 2,
      // The last lies outside of the basis: it has no direction.
      vectors: Int8Array.of(Math.round(0.6 * 127), Math.round(0.8 * 127), -127, 0, 0, 0),
    });
  });

  it('is read from the folder of a model, which may have none, and must fit it', async () => {
    const folder = temporaryFolder();
    try {
      expect(await readTokenBasis(folder.path, 2)).toBeUndefined();
      const file = join(folder.path, 'token-basis.f32');
      writeFileSync(file, new Uint8Array(Float32Array.of(1, 2, 3, 4).buffer));
      expect(await readTokenBasis(folder.path, 2)).toEqual({ dimensions: 2, directions: Float32Array.of(1, 2, 3, 4) });
      await expect(readTokenBasis(folder.path, 3)).rejects.toThrow(/token-basis\.f32 has 16 bytes/);
    } finally {
      folder.remove();
    }
  });

  it('tells words from stop words and punctuation, pieces of words included', () => {
    expect(['owl', '##ing', '##s', '3', 'σ', '▁model', 'Ġnet'].filter((token) => !isContent(token))).toEqual([]);
    expect(['the', 'The', '.', '##-', '▁of', '[', ''].filter(isContent)).toEqual([]);
  });
});
