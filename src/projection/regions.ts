/** A region before it has a name; its place in the list is its id. */
export interface Region {
  readonly level: number;
  readonly parent: number | null;
  readonly x: number;
  readonly y: number;
  readonly papers: number;
}

export interface Regions {
  readonly list: readonly Region[];
  /** `[rows]`: the region of the finest level that each point lies in. */
  readonly finest: Uint16Array;
}

/** Cells along a side: at the finest level a hill is some five cells wide. */
const SIDE = 512;
/** Of the square that is divided, from the middle to a side; what lies outside belongs to the cells at its edge. */
const HALF = 1.1;
const CELL = (2 * HALF) / SIDE;
/**
 * How far a point's weight spreads at each level (standard deviation; the map is about 2 across). Halved from level to level,
 * as a map shows twice as much of each side when it is twice as near. papers20k: 6, 34, 105 and 235 regions.
 */
const SPREADS = [0.09, 0.045, 0.0225, 0.011];
/** Fewer papers than this make no region: nobody can tell what they have in common. */
const LEAST_PAPERS = 8;
/** Nor does a smaller share of all, times the area that the level looks at. */
const LEAST_SHARE = 0.3;

const cellAlong = (value: number): number => Math.max(0, Math.min(SIDE - 1, Math.floor((value + HALF) / CELL)));
const middleOf = (along: number): number => (along + 0.5) * CELL - HALF;
const xOf = (cell: number): number => middleOf(cell % SIDE);
const yOf = (cell: number): number => middleOf(Math.floor(cell / SIDE));

/**
 * The hills of a map at several levels: points that lie uphill of each other when their density is smoothed over a distance
 * (mean shift on a grid; Comaniciu and Meer 2002), which is halved from level to level. A region lies in the one of the
 * level before where its summit is. `places`: `[rows, 2]`.
 */
export function findRegions(places: Float32Array): Regions {
  const rows = places.length / 2;
  const cells = new Int32Array(rows);
  const counts = new Float32Array(SIDE * SIDE);
  for (let row = 0; row < rows; row += 1) {
    const cell = cellAlong(places[2 * row + 1] ?? 0) * SIDE + cellAlong(places[2 * row] ?? 0);
    cells[row] = cell;
    counts[cell] = (counts[cell] ?? 0) + 1;
  }
  const levels = SPREADS.map((spread) => {
    const least = Math.max(LEAST_PAPERS, LEAST_SHARE * spread ** 2 * rows);
    const summitOf = withoutSmall(uphill(smoothed(counts, spread / CELL)), counts, least);
    return { summitOf, hills: new Set(cells.map((cell) => summitOf[cell] ?? 0)).size };
  });
  // The papers of a small collection are further apart than the finest levels look: these have fewer hills, for want of any
  // with enough papers, and tell nothing.
  const most = Math.max(...levels.map(({ hills }) => hills));
  const finest = levels.findIndex(({ hills }) => hills === most);
  return nested(
    levels.slice(0, finest + 1).map(({ summitOf }) => summitOf),
    cells,
  );
}

/** Each cell of every level with the cell that its region's summit is. */
function nested(summits: readonly Int32Array[], cells: Int32Array): Regions {
  const finestSummits = summits.at(-1) ?? new Int32Array(0);
  /** Papers of each region of the finest level, by its summit. */
  const papers = new Map<number, number>();
  for (const cell of cells) {
    const summit = finestSummits[cell] ?? 0;
    papers.set(summit, (papers.get(summit) ?? 0) + 1);
  }
  const list: Region[] = [];
  /** Of each region of the finest level: its region on the level before the one at hand. */
  let parents = new Map<number, number>();
  for (const [level, summitOf] of summits.entries()) {
    const ids = new Map<string, number>();
    const own = new Map<number, number>();
    for (const [finest, count] of [...papers].sort(([a], [b]) => a - b)) {
      const parent = parents.get(finest) ?? null;
      const summit = level === summits.length - 1 ? finest : (summitOf[finest] ?? 0);
      // One hill may reach over two regions of the level before: each then has its own part of it.
      const name = `${parent}/${summit}`;
      const id = ids.get(name) ?? list.length;
      ids.set(name, id);
      own.set(finest, id);
      const before = list[id];
      list[id] = before
        ? { ...before, papers: before.papers + count }
        : { level, parent, x: xOf(summit), y: yOf(summit), papers: count };
    }
    parents = own;
  }
  return { list, finest: Uint16Array.from(cells, (cell) => parents.get(finestSummits[cell] ?? 0) ?? 0) };
}

/** Gaussian smoothing, along one side and then the other. */
function smoothed(counts: Float32Array, spread: number): Float32Array {
  const reach = Math.ceil(3 * spread);
  const kernel = Float32Array.from({ length: 2 * reach + 1 }, (_, i) =>
    Math.exp(-((i - reach) ** 2) / (2 * spread ** 2)),
  );
  return blurred(blurred(counts, kernel, 1), kernel, SIDE);
}

/** `step`: from a cell to the next along the side that is smoothed. */
function blurred(values: Float32Array, kernel: Float32Array, step: number): Float32Array {
  const reach = (kernel.length - 1) / 2;
  const sums = new Float32Array(values.length);
  for (let cell = 0; cell < values.length; cell += 1) {
    const value = values[cell] ?? 0;
    if (value === 0) continue;
    const along = Math.floor(cell / step) % SIDE;
    const from = Math.max(-reach, -along);
    const to = Math.min(reach, SIDE - 1 - along);
    for (let away = from; away <= to; away += 1) {
      const at = cell + away * step;
      sums[at] = (sums[at] ?? 0) + value * (kernel[away + reach] ?? 0);
    }
  }
  return sums;
}

/** For each cell the summit that is reached by going to the highest of the eight cells around, again and again. */
function uphill(heights: Float32Array): Int32Array {
  const next = Int32Array.from(heights, (height, cell) => {
    let best = cell;
    let highest = height;
    for (let dy = -1; dy <= 1; dy += 1) {
      for (let dx = -1; dx <= 1; dx += 1) {
        const [x, y] = [(cell % SIDE) + dx, Math.floor(cell / SIDE) + dy];
        const around = y * SIDE + x;
        if (x < 0 || y < 0 || x >= SIDE || y >= SIDE || !((heights[around] ?? 0) > highest)) continue;
        best = around;
        highest = heights[around] ?? 0;
      }
    }
    return best;
  });
  return next.map((_, cell) => {
    let at = cell;
    for (let up = next[at] ?? at; up !== at; up = next[at] ?? at) at = up;
    return at;
  });
}

/** Hills with few papers go to the nearest that has enough; where none has, the largest is the only one. */
function withoutSmall(summitOf: Int32Array, counts: Float32Array, least: number): Int32Array {
  const papers = new Map<number, number>();
  summitOf.forEach((summit, cell) => {
    const count = counts[cell] ?? 0;
    if (count > 0) papers.set(summit, (papers.get(summit) ?? 0) + count);
  });
  const bySize = [...papers].sort(([a, m], [b, n]) => n - m || a - b);
  const kept = bySize.filter(([, count], i) => i === 0 || count >= least).map(([summit]) => summit);
  const nearestKept = new Map(
    bySize.map(([summit]) => {
      const distance = (other: number): number => (xOf(other) - xOf(summit)) ** 2 + (yOf(other) - yOf(summit)) ** 2;
      const nearest = kept.reduce(
        (best, other) => (distance(other) < distance(best) ? other : best),
        kept[0] ?? summit,
      );
      return [summit, nearest] as const;
    }),
  );
  return summitOf.map((summit) => nearestKept.get(summit) ?? summit);
}
