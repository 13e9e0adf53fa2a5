import { describe, expect, it } from 'vitest';
import type { MapPoints, MapRegion } from '../../../src/domain/mod.ts';
import { atLevel, colourNumbers, countsIn, rowsIn } from '../../../src/web/map/regions.ts';
import {
  boundsOf,
  panned,
  readLook,
  type Size,
  viewOf,
  writeLook,
  zoomed,
  onScreen,
} from '../../../src/web/map/view.ts';

const region = (id: number, level: number, parent: number | null, x: number, papers: number): MapRegion => ({
  ...{ id, level, parent, x, y: 0, papers, terms: [`term ${id}`] },
});

/** Two regions; the first is divided in two. */
const REGIONS = [region(0, 0, null, -0.5, 5), region(1, 0, null, 0.5, 2), region(2, 1, 0, -0.8, 3)].concat([
  region(3, 1, 0, -0.2, 2),
  region(4, 1, 1, 0.5, 2),
]);
const POINTS: MapPoints = {
  places: Float32Array.of(0, 0, 0, 0, NaN, NaN, 0, 0, 0, 0, 0, 0, 0, 0),
  regions: Uint16Array.of(2, 2, 2, 3, 3, 4, 4),
  years: new Uint16Array(7),
};

describe('regions of a map', () => {
  it('are those of the level that is named', () => {
    expect(atLevel(REGIONS, 0).map(({ id }) => id)).toEqual([0, 1, 0, 0, 1]);
    expect(atLevel(REGIONS, 1).map(({ id }) => id)).toEqual([0, 1, 2, 3, 4]);
  });

  it('count and give the papers in them and in their parts, without those that have gone', () => {
    expect(countsIn(REGIONS, POINTS)).toEqual([4, 2, 2, 2, 2]);
    expect(countsIn(REGIONS, POINTS, [0, 5])).toEqual([1, 1, 1, 0, 1]);
    expect(REGIONS.map((one) => rowsIn(one, REGIONS, POINTS))).toEqual([
      [0, 1, 3, 4],
      [5, 6],
      [0, 1],
      [3, 4],
      [5, 6],
    ]);
  });

  it('differ in colour from their neighbours, and hand theirs to their largest part', () => {
    const numbers = colourNumbers(REGIONS);
    expect(numbers[0]).not.toBe(numbers[1]);
    expect(numbers[2]).toBe(numbers[0]);
    expect(numbers[4]).toBe(numbers[1]);
    expect(new Set(numbers.slice(2)).size).toBe(3);
  });
});

describe('the view of a map', () => {
  const size: Size = { width: 1000, height: 500 };
  // A wide map, and one paper far from all others.
  const places = Float32Array.from([
    ...Array.from({ length: 999 }, (_, i) => [i / 500 - 1, (i % 7) / 30]).flat(),
    3,
    3,
  ]);
  const ground = { size, bounds: boundsOf(places) };

  it('of the whole fills the window with nearly all points', () => {
    const view = viewOf('whole', ground);
    const left = onScreen(view, size, { x: -0.99, y: 0.1 }).x;
    const right = onScreen(view, size, { x: 0.99, y: 0.1 }).x;
    expect(left).toBeGreaterThan(0);
    expect(left).toBeLessThan(40);
    expect(right).toBeGreaterThan(960);
    expect(right).toBeLessThan(1000);
  });

  it('reaches what lies far out, by going away and by moving', () => {
    const away = onScreen(zoomed(viewOf('whole', ground), ground, -20, { x: 500, y: 250 }), size, { x: 3, y: 3 });
    expect(away.x).toBeLessThan(1000);
    expect(away.y).toBeGreaterThan(0);
    const there = panned(viewOf('whole', ground), ground, { x: -100_000, y: 100_000 });
    expect([there.x, there.y]).toEqual([3, 3]);
  });

  it('comes back from an address', () => {
    expect(readLook(writeLook('whole'))).toBe('whole');
    expect(readLook(writeLook({ x: 0, y: 0, zoom: 0 }))).toEqual({ x: 0, y: 0, zoom: 0 });
    expect(readLook('0,no,1')).toBe('whole');
  });

  it('knows maps of one point and of none', () => {
    for (const few of [[], [NaN, NaN], [0.2, 0.3]]) {
      const { x, y, zoom } = viewOf('whole', { size, bounds: boundsOf(Float32Array.from(few)) });
      expect([x, y, zoom].every(Number.isFinite)).toBe(true);
    }
  });
});
