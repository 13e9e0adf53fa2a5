import { useMemo, useState } from 'react';
import type { MapPoints, MapRegion } from '../../domain/mod.ts';
import { countsIn, regionName, rowsIn } from './regions.ts';
import { papersText } from './selection.tsx';

export type Selected = 'all' | 'some' | 'none';

export interface MapSelection {
  readonly rows: readonly number[];
  /** The last change in words, for those who do not see it. */
  readonly told: string;
  readonly select: (rows: readonly number[]) => void;
  /** Adds the papers of a region, or takes them away where all of them are selected. */
  readonly toggle: (region: MapRegion) => void;
  readonly ofRegion: (region: MapRegion) => Selected;
}

const NOTHING = { rows: [] as readonly number[], told: '' };

/** Rows that were drawn around, that were in view, or that lie in regions. */
export function useMapSelection(points: MapPoints, regions: readonly MapRegion[]): MapSelection {
  const [{ rows, told }, setSelected] = useState(NOTHING);
  const there = useMemo(() => countsIn(regions, points), [regions, points]);
  const selected = useMemo(() => countsIn(regions, points, rows), [regions, points, rows]);
  const become = (next: readonly number[], change: string): void => {
    const now = next.length === 0 ? 'Nothing is selected' : `${papersText(next.length)} selected`;
    setSelected({ rows: next, told: `${change}${now}` });
  };
  const ofRegion = ({ id }: MapRegion): Selected => {
    const count = selected[id] ?? 0;
    if (count === 0) return 'none';
    return count === there[id] ? 'all' : 'some';
  };
  return {
    rows,
    told,
    select: (next) => become(next, ''),
    toggle(region) {
      const own = rowsIn(region, regions, points);
      const before = new Set(rows);
      const name = regionName(region);
      if (ofRegion(region) === 'all') {
        const gone = new Set(own);
        become(
          rows.filter((row) => !gone.has(row)),
          `Took away ${name}: ${papersText(own.length)}. `,
        );
      } else {
        const added = own.filter((row) => !before.has(row));
        become([...rows, ...added], `Added ${name}: ${papersText(added.length)}. `);
      }
    },
    ofRegion,
  };
}
