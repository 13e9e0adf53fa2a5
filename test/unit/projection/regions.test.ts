import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { seeded } from '../../../src/domain/seeded.ts';
import { findRegions } from '../../../src/projection/regions.ts';

/** So many points around each middle. */
function heaps(middles: ReadonlyArray<readonly [number, number]>, each: number, width: number): Float32Array {
  const next = seeded(5);
  const around = (value: number): number => value + width * (next() + next() - 1);
  return Float32Array.from(
    middles.flatMap(([x, y]) => Array.from({ length: each }, () => [around(x), around(y)]).flat()),
  );
}

describe('the regions of a map', () => {
  it('are its heaps, each with its papers and its middle', () => {
    const middles = [
      [-0.7, -0.7],
      [0.7, -0.7],
      [0, 0.7],
    ] as const;
    const { list, finest } = findRegions(heaps(middles, 200, 0.05));
    const largest = list.filter(({ level }) => level === 0);
    expect(largest.map(({ papers }) => papers)).toEqual([200, 200, 200]);
    for (const [x, y] of middles) {
      expect(Math.min(...largest.map((region) => Math.hypot(region.x - x, region.y - y)))).toBeLessThan(0.05);
    }
    expect(new Set(finest.slice(0, 200)).size).toBe(1);
    expect(finest[0]).not.toBe(finest[200]);
  });

  it('are found in a small collection, too', () => {
    const middles = Array.from({ length: 6 }, (_, i) => [Math.cos(i) * 0.7, Math.sin(i) * 0.7] as const);
    const { list } = findRegions(heaps(middles, 20, 0.12));
    expect(list.filter(({ level }) => level === 0).map(({ papers }) => papers)).toEqual(middles.map(() => 20));
  });

  it('are divided where a heap shows parts from nearer by', () => {
    const { list } = findRegions(
      heaps(
        [
          [-0.05, 0],
          [0.05, 0],
        ],
        300,
        0.02,
      ),
    );
    const [whole, ...others] = list.filter(({ level }) => level === 0);
    expect(others).toEqual([]);
    const finestLevel = Math.max(...list.map(({ level }) => level));
    expect(list.filter(({ level }) => level === finestLevel).length).toBeGreaterThanOrEqual(2);
    expect(whole?.papers).toBe(600);
  });

  it('of few papers are part of the nearest', () => {
    const { list } = findRegions(heaps([[0, 0]], 300, 0.05).map((value, i) => (i < 6 ? 0.9 : value)));
    expect(list.every(({ papers }) => papers >= 8)).toBe(true);
  });

  it('lie in each other, and have every point once on every level, whatever the points', () => {
    const place = fc.float({ min: -3, max: 3, noNaN: true });
    fc.assert(
      fc.property(fc.array(fc.tuple(place, place), { minLength: 1, maxLength: 60 }), (points) => {
        const { list, finest } = findRegions(Float32Array.from(points.flat()));
        for (const [id, { level, parent, papers }] of list.entries()) {
          expect(level === 0).toBe(parent === null);
          if (parent === null) continue;
          expect(list[parent]?.level).toBe(level - 1);
          expect(parent).toBeLessThan(id);
          expect(papers).toBeLessThanOrEqual(list[parent]?.papers ?? 0);
        }
        const last = Math.max(...list.map(({ level }) => level));
        const levels = Array.from({ length: last + 1 }, (_, level) => list.filter((region) => region.level === level));
        for (const regions of levels) {
          expect(regions.reduce((sum, { papers }) => sum + papers, 0)).toBe(points.length);
        }
        expect(finest.every((region) => list[region]?.level === last)).toBe(true);
      }),
      { numRuns: 15 },
    );
  });
});
