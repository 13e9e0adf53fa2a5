import { describe, expect, it } from 'vitest';
import { createPace } from '../../../src/web/map/pace.ts';
import { sampleOrder } from '../../../src/web/map/sample-order.ts';
import { seeded } from '../../../src/domain/seeded.ts';

/** Three points in the left half for one in the right. */
function lopsided(count: number): Float32Array {
  const next = seeded(7);
  return Float32Array.from({ length: 2 * count }, (_, i) => (i % 8 < 6 ? -next() : next()));
}

describe('the order that points are drawn in', () => {
  const places = lopsided(20_000);
  const order = sampleOrder(places);

  it('has every row once', () => {
    expect([...order].sort((a, b) => a - b)).toEqual(Array.from({ length: 20_000 }, (_, row) => row));
  });

  it.each([200, 1_000, 5_000, 12_345])('begins with %i that lie as all do', (first) => {
    const quarterOf = (rows: ArrayLike<number>): number[] => {
      const counts = [0, 0, 0, 0, 0, 0, 0, 0];
      for (const row of Array.from(rows)) {
        const [x = 0, y = 0] = [places[2 * row], places[2 * row + 1]];
        const column = Math.min(3, Math.floor(2 * (x + 1)));
        counts[2 * column + (y < 0 ? 0 : 1)] = (counts[2 * column + (y < 0 ? 0 : 1)] ?? 0) + 1;
      }
      return counts.map((count) => count / rows.length);
    };
    const all = quarterOf(order);
    // A sample that is drawn at random is off by several times as much.
    for (const [i, share] of quarterOf(order.subarray(0, first)).entries()) {
      expect(Math.abs(share - (all[i] ?? 0))).toBeLessThan(6 / first);
    }
  });

  it('leaves out papers that have gone, and knows maps of one point and of none', () => {
    expect([...sampleOrder(Float32Array.of(NaN, NaN, 0.5, 0.5, NaN, NaN))]).toEqual([1]);
    expect([...sampleOrder(new Float32Array(0))]).toEqual([]);
    expect([...sampleOrder(Float32Array.of(0, 0, 0, 0, 0, 0))].toSorted((a, b) => a - b)).toEqual([0, 1, 2]);
  });
});

describe('how many points are drawn while a map moves', () => {
  it('falls while frames are slow, to no fewer than show what lies where, and grows while they are fast', () => {
    const pace = createPace();
    const first = pace.points();
    for (let i = 0; i < 20; i += 1) pace.took(100);
    const least = pace.points();
    expect(least).toBeLessThan(first);
    expect(least).toBeGreaterThanOrEqual(10_000);
    for (let i = 0; i < 40; i += 1) pace.took(16.7);
    expect(pace.points()).toBeGreaterThan(250_000);
  });

  it('is not changed by one slow frame, nor by frames near what is aimed at', () => {
    const pace = createPace();
    const first = pace.points();
    for (const frameMs of [33, 300, 33, 33, 17, 33, 33]) pace.took(frameMs);
    expect(pace.points()).toBe(first);
  });

  it('is all of them where all were drawn in the time of a frame', () => {
    const pace = createPace();
    const first = pace.points();
    pace.drew(250_000, 180);
    expect(pace.points()).toBe(first);
    pace.drew(250_000, 17);
    expect(pace.points()).toBe(250_000);
  });
});
