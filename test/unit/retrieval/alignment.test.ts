import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { alignment } from '../../../src/retrieval/alignment.ts';

const DIMENSIONS = 3;
const words = fc
  .array(fc.tuple(...Array.from({ length: DIMENSIONS }, () => fc.integer({ min: -127, max: 127 }))), {
    minLength: 1,
    maxLength: 9,
  })
  .map((rows) => Int8Array.from(rows.flat()));

function rowsOf(vectors: Int8Array): number[][] {
  return Array.from({ length: vectors.length / DIMENSIONS }, (_, i) => [
    ...vectors.subarray(i * DIMENSIONS, (i + 1) * DIMENSIONS),
  ]);
}

describe('alignment', () => {
  it('is the mean over the words of the query of the best product with a word of the paper', () => {
    fc.assert(
      fc.property(words, words, (query, paper) => {
        const dot = (a: readonly number[], b: readonly number[]) => a.reduce((sum, x, i) => sum + x * (b[i] ?? 0), 0);
        const bests = rowsOf(query).map((q) => Math.max(...rowsOf(paper).map((p) => dot(q, p))));
        const mean = bests.reduce((sum, best) => sum + best, 0) / bests.length / 127 ** 2;
        expect(alignment(query, paper, DIMENSIONS)).toBeCloseTo(mean, 9);
      }),
    );
  });

  it('is not known where one side has no words', () => {
    const word = Int8Array.of(127, 0, 0);
    expect(alignment(new Int8Array(), word, DIMENSIONS)).toBeNaN();
    expect(alignment(word, new Int8Array(), DIMENSIONS)).toBeNaN();
  });
});
