import fc from 'fast-check';
import { expect, it } from 'vitest';
import { TopK } from '../../../src/engine/embedded/top-k.ts';

it('keeps the best k in order, of equals the smaller key', () => {
  const scored = fc.uniqueArray(fc.record({ key: fc.nat(500), score: fc.integer({ min: 0, max: 9 }) }), {
    selector: ({ key }) => key,
  });
  fc.assert(
    fc.property(scored, fc.integer({ min: 0, max: 20 }), (offers, k) => {
      const best = new TopK(k);
      for (const { key, score } of offers) best.offer(key, score);
      const expected = [...offers].sort((a, b) => b.score - a.score || a.key - b.key).slice(0, k);
      const { keys, scores } = best.finish();
      expect([...keys]).toEqual(expected.map(({ key }) => key));
      expect([...scores]).toEqual(expected.map(({ score }) => score));
    }),
  );
});
