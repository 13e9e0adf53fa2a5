import { expect, it } from 'vitest';
import { UNDATED } from '../../../src/engine/contract.ts';
import type { Fused } from '../../../src/retrieval/fuse.ts';
import { byTrend, newestFirst, relevantOf, withRecency } from '../../../src/retrieval/order.ts';

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

it('takes for relevant what has half of the best score, and the best 20 whatever they have', () => {
  const ranked = [1, ...Array.from({ length: 30 }, () => 0.6), 0.4].map((score, i) => fused(i, score));
  expect(relevantOf(ranked).map(({ key }) => key)).toEqual(Array.from({ length: 31 }, (_, i) => i));
  expect(relevantOf([fused(1, 1), ...Array.from({ length: 30 }, (_, i) => fused(i + 2, 0.1))])).toHaveLength(20);
  expect(relevantOf([])).toEqual([]);
});

it('puts the newest first, the better one of a day, and those without a date last', () => {
  const ranked = [fused(1, 0.9), fused(2, 0.8), fused(3, 0.7), fused(4, 0.6)];
  const days = Int32Array.of(UNDATED, 100, 300, 100);
  expect(newestFirst(ranked, days).map(({ key }) => key)).toEqual([3, 2, 4, 1]);
});

it('puts what has votes first by what they count for, says so, and leaves the others in their order', () => {
  const ranked = byTrend([fused(1, 0.9), fused(2, 0.8), fused(3, 0.7), fused(4, 0.6)], [0, 2, 0, 5]);
  expect(ranked.map(({ key }) => key)).toEqual([4, 2, 1, 3]);
  expect(ranked.map(({ explanation }) => explanation.trend)).toEqual([5, 2, 0, 0]);
});
