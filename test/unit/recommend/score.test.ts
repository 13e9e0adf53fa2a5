import { describe, expect, it } from 'vitest';
import { nearnessOf, scoresOf, smoothed, standardised } from '../../../src/recommend/score.ts';

const floats = (...values: number[]): Float32Array => Float32Array.from(values);

describe('parts of a score', () => {
  it('are compared in standard deviations; what is unknown is neither for nor against', () => {
    const [low = 0, unknown, high = 0] = standardised(floats(2, NaN, 4));
    expect([low, unknown, high]).toEqual([-1, 0, 1]);
    expect([...standardised(floats(3, 3))]).toEqual([0, 0]);
    expect(standardised(floats())).toHaveLength(0);
  });

  it('come near by one close interest rather than by several distant ones', () => {
    const [oneClose = 0, allHalf = 0] = nearnessOf([floats(0.9, 0.5), floats(0.1, 0.5)], [0.5, 0.5]);
    expect(oneClose).toBeGreaterThan(allHalf);
  });

  it('weigh an interest by its share', () => {
    const [first = 0, second = 0] = nearnessOf([floats(0.8, 0.2), floats(0.2, 0.8)], [0.75, 0.25]);
    expect(first).toBeGreaterThan(second);
  });

  it('count less for papers years after the newest signal, alike for all before', () => {
    const same = floats(1, 1, 1);
    const days = Int32Array.of(-400, 300, 4000);
    const [before, soon, late = 0] = scoresOf({ words: same, mean: same, nearness: same, days }, 0);
    expect(before).toBe(soon);
    expect(late).toBeLessThan(soon ?? 0);
  });
});

describe('smoothing', () => {
  it('lifts what resembles the best, lowers what resembles the worst, and leaves what resembles nothing', () => {
    const neighbours = { places: Int32Array.of(1, 0, 3, 2, -1), cosines: floats(0.5, 0.5, 0.5, 0.5, 0) };
    const [, lifted = 0, lowered = 0, worst = 0, alone] = smoothed(floats(5, 2, 2, 0, 1), neighbours);
    expect(lifted).toBeGreaterThan(2);
    expect(lowered).toBeLessThan(2);
    expect(worst).toBeGreaterThanOrEqual(0);
    expect(alone).toBe(1);
  });

  it('never takes a paper below the worst of those that it looks at', () => {
    const neighbours = { places: Int32Array.of(1, 0), cosines: floats(1, 1) };
    expect(Math.min(...smoothed(floats(-3, -5), neighbours))).toBeGreaterThanOrEqual(-5);
    expect(smoothed(floats(), { places: new Int32Array(0), cosines: floats() })).toHaveLength(0);
  });
});
