import type { MapPoints, MapRegion } from '../../domain/mod.ts';

const TERMS = 3;
/** Tokens of styles/base.css that regions are told apart by. */
export const REGION_COLOURS = 6;

export const regionName = ({ terms }: MapRegion, most = TERMS): string => terms.slice(0, most).join('\u00a0· ');

export const levelsOf = (regions: readonly MapRegion[]): number =>
  Math.max(0, ...regions.map(({ level }) => level)) + 1;

/** For every region the one of this level that it lies in; itself where it is larger. */
export function atLevel(regions: readonly MapRegion[], level: number): MapRegion[] {
  const found: MapRegion[] = [];
  // A region comes after the one that it lies in.
  for (const region of regions) {
    const parent = region.parent === null ? undefined : found[region.parent];
    found[region.id] = region.level > level && parent ? parent : region;
  }
  return found;
}

/**
 * The number of each region's colour. The largest part of a region keeps its colour, so that coming nearer changes little;
 * every other gets the one whose nearest bearer on its level is farthest away, so that neighbours differ.
 */
export function colourNumbers(regions: readonly MapRegion[]): number[] {
  const numbers: number[] = [];
  const largestParts = new Map<number, number>();
  for (const { parent, id, papers } of regions) {
    if (parent === null) continue;
    const largest = regions[largestParts.get(parent) ?? -1];
    if (!largest || papers > largest.papers) largestParts.set(parent, id);
  }
  const away = (a: MapRegion, b: MapRegion): number => Math.hypot(a.x - b.x, a.y - b.y);
  for (let level = 0; level < levelsOf(regions); level += 1) {
    const ofLevel = regions
      .filter((region) => region.level === level)
      .sort((a, b) => b.papers - a.papers || a.id - b.id);
    const inherits = ({ parent, id }: MapRegion): boolean => parent !== null && largestParts.get(parent) === id;
    const coloured = ofLevel.filter(inherits);
    for (const { id, parent } of coloured) numbers[id] = numbers[parent ?? 0] ?? 0;
    for (const region of ofLevel) {
      if (inherits(region)) continue;
      const gaps = Array.from({ length: REGION_COLOURS }, () => Infinity);
      for (const other of coloured) {
        const number = numbers[other.id] ?? 0;
        gaps[number] = Math.min(gaps[number] ?? Infinity, away(region, other));
      }
      numbers[region.id] = gaps.indexOf(Math.max(...gaps));
      coloured.push(region);
    }
  }
  return numbers;
}

/** Rows of the papers that lie in a region. */
export function rowsIn(region: MapRegion, regions: readonly MapRegion[], points: MapPoints): number[] {
  const inside = atLevel(regions, region.level).map(({ id }) => id === region.id);
  const rows: number[] = [];
  points.regions.forEach((finest, row) => {
    if (inside[finest] && !Number.isNaN(points.places[2 * row])) rows.push(row);
  });
  return rows;
}

/** How many papers lie in each region, of the given rows or of all. */
export function countsIn(
  regions: readonly MapRegion[],
  points: MapPoints,
  rows: Iterable<number> = points.regions.keys(),
): number[] {
  const counts = regions.map(() => 0);
  for (const row of rows) {
    const finest = points.regions[row];
    if (finest !== undefined && !Number.isNaN(points.places[2 * row])) counts[finest] = (counts[finest] ?? 0) + 1;
  }
  // A region comes after the one that it lies in.
  for (const { id, parent } of regions.toReversed()) {
    if (parent !== null) counts[parent] = (counts[parent] ?? 0) + (counts[id] ?? 0);
  }
  return counts;
}
