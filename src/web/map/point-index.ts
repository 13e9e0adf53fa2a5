import KDBush from 'kdbush';
import type { MapPoints } from '../../domain/mod.ts';
import { isInside, type Point } from './view.ts';

/** Finds the points of a map by where they are. */
export interface PointIndex {
  /** The nearest row within a distance on the map. */
  readonly nearest: (at: Point, within: number) => number | undefined;
  readonly inPolygon: (polygon: readonly Point[]) => number[];
}

export function indexPoints({ places, regions: { length } }: MapPoints): PointIndex {
  const rows: number[] = [];
  for (let row = 0; row < length; row += 1) if (!Number.isNaN(places[2 * row] ?? NaN)) rows.push(row);
  const tree = new KDBush(rows.length, 64, Float32Array);
  const placeOf = (row: number): Point => ({ x: places[2 * row] ?? NaN, y: places[2 * row + 1] ?? NaN });
  for (const row of rows) {
    const { x, y } = placeOf(row);
    tree.add(x, y);
  }
  tree.finish();
  const rowsAt = (found: readonly number[]): number[] => found.map((at) => rows[at] ?? 0);
  return {
    nearest(at, within) {
      let best: number | undefined;
      let least = within;
      for (const row of rowsAt(tree.within(at.x, at.y, within))) {
        const { x, y } = placeOf(row);
        const away = Math.hypot(x - at.x, y - at.y);
        if (away <= least) [best, least] = [row, away];
      }
      return best;
    },
    inPolygon(polygon) {
      const xs = polygon.map(({ x }) => x);
      const ys = polygon.map(({ y }) => y);
      const found = tree.range(Math.min(...xs), Math.min(...ys), Math.max(...xs), Math.max(...ys));
      return rowsAt(found).filter((row) => isInside(placeOf(row), polygon));
    },
  };
}
