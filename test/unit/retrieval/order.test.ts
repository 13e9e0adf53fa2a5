import { expect, it } from 'vitest';
import type { Fused } from '../../../src/retrieval/fuse.ts';
import { withRecency } from '../../../src/retrieval/order.ts';

const fused = (key: number, scaled: number): Fused => {
  const lexical = { rank: key, score: scaled, scaled, weight: 1 };
  return { key, score: scaled, explanation: { lexical, dense: null } };
};

it('by date, every score is the sum explained times the recency explained, and falls with age, below 0 as well', () => {
  const ranked = withRecency(
    [fused(1, 0.5), fused(2, 0.5), fused(3, -0.5), fused(4, -0.5)],
    Float32Array.of(0.7, 1, 0.7, 1),
  );
  expect(ranked.map(({ key }) => key)).toEqual([2, 1, 4, 3]);
  for (const { score, explanation } of ranked) {
    const { lexical, recency = 0 } = explanation;
    expect(score).toBe((lexical?.scaled ?? 0) * recency);
  }
});
