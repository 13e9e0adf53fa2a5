/** What part of the map is seen: the point in the middle, and how near it is; each 1 of zoom more halves what is seen. */
export interface MapView {
  readonly x: number;
  readonly y: number;
  readonly zoom: number;
}

/** A view, or all there is, however large the window becomes. */
export type Look = MapView | 'whole';

/** Of what it is drawn on, in CSS pixels. */
export interface Size {
  readonly width: number;
  readonly height: number;
}

export interface Point {
  readonly x: number;
  readonly y: number;
}

export interface Extent {
  readonly left: number;
  readonly right: number;
  readonly bottom: number;
  readonly top: number;
}

/** How far the points of a map reach. */
export interface Bounds {
  /** All but a few that lie far outside. */
  readonly most: Extent;
  readonly all: Extent;
}

/** What a view is moved on. */
export interface Ground {
  readonly size: Size;
  readonly bounds: Bounds;
}

/** At this the points of 250,000 papers lie apart. */
const NEAREST = 9;
/** At zoom 0 so much is seen from the middle to the nearer sides, whatever the points: addresses keep their sense. */
const HALF_WIDTH = 1.12;
/** The share at each side that the whole map may leave outside; a few papers belong nowhere and lie far out. */
const OUTSIDE = 0.005;
/** Room around the whole map, in pixels, for points of some size and for those just outside. */
const RIM = 18;
/** Twice as far away as all of it needs in the middle, all of it is seen with any point of it in the middle. */
const FARTHER = 1;

const within = (value: number, least: number, most: number): number => Math.min(most, Math.max(least, value));

/** Where there are no points. */
const EMPTY: Extent = { left: -1, right: 1, bottom: -1, top: 1 };

export function boundsOf(places: Float32Array): Bounds {
  const along = [0, 1].map((side) => places.filter((value, i) => i % 2 === side && !Number.isNaN(value)).sort());
  const [xs = new Float32Array(0), ys = new Float32Array(0)] = along;
  if (xs.length === 0) return { most: EMPTY, all: EMPTY };
  const without = (share: number): Extent => {
    const first = Math.floor(share * xs.length);
    const [left = 0, right = 0] = [xs[first], xs[xs.length - 1 - first]];
    const [bottom = 0, top = 0] = [ys[first], ys[ys.length - 1 - first]];
    return { left, right, bottom, top };
  };
  return { most: without(OUTSIDE), all: without(0) };
}

const scaleAt0 = ({ width, height }: Size): number => Math.min(width, height) / 2 / HALF_WIDTH;

/** Pixels that a distance of 1 on the map takes. */
export const scaleOf = ({ zoom }: MapView, size: Size): number => scaleAt0(size) * 2 ** zoom;

/** The view that an extent just fits into. */
function fitted({ left, right, bottom, top }: Extent, size: Size): MapView {
  const room = (length: number): number => Math.max(1, length - 2 * RIM);
  const scale = Math.min(room(size.width) / (right - left), room(size.height) / (top - bottom));
  const zoom = Number.isFinite(scale) ? Math.min(NEAREST, Math.log2(scale / scaleAt0(size))) : 0;
  return { x: (left + right) / 2, y: (bottom + top) / 2, zoom };
}

/** Kept where there are points: any point can be in the middle, and all can be seen at once. */
function bounded({ x, y, zoom }: MapView, { size, bounds: { all, most } }: Ground): MapView {
  const farthest = Math.min(fitted(all, size).zoom, fitted(most, size).zoom) - FARTHER;
  return {
    x: within(x, all.left, all.right),
    y: within(y, all.bottom, all.top),
    zoom: within(zoom, farthest, NEAREST),
  };
}

export const viewOf = (look: Look, ground: Ground): MapView =>
  look === 'whole' ? fitted(ground.bounds.most, ground.size) : bounded(look, ground);

export function onScreen(view: MapView, size: Size, { x, y }: Point): Point {
  const scale = scaleOf(view, size);
  return { x: size.width / 2 + (x - view.x) * scale, y: size.height / 2 - (y - view.y) * scale };
}

export function onMap(view: MapView, size: Size, { x, y }: Point): Point {
  const scale = scaleOf(view, size);
  return { x: view.x + (x - size.width / 2) / scale, y: view.y - (y - size.height / 2) / scale };
}

/** Moved with the hand, in pixels. */
export function panned(view: MapView, ground: Ground, { x, y }: Point): MapView {
  const scale = scaleOf(view, ground.size);
  return bounded({ ...view, x: view.x - x / scale, y: view.y + y / scale }, ground);
}

/** Nearer or farther; what is under `at`, in pixels, stays there. */
export function zoomed(view: MapView, ground: Ground, by: number, at: Point): MapView {
  const { size } = ground;
  const { zoom } = bounded({ ...view, zoom: view.zoom + by }, ground);
  const fixed = onMap(view, size, at);
  const scale = scaleOf({ ...view, zoom }, size);
  const [x, y] = [fixed.x - (at.x - size.width / 2) / scale, fixed.y + (at.y - size.height / 2) / scale];
  return bounded({ x, y, zoom }, ground);
}

/** The level of regions that is named at a zoom: each level's regions are half as wide as those of the one before. */
export const levelAt = (zoom: number, levels: number): number => within(Math.floor(zoom + 0.35), 0, levels - 1);

/** As it stands in an address; `''` for the whole map. */
export const writeLook = (look: Look): string =>
  look === 'whole' ? '' : [look.x, look.y, look.zoom].map((value) => String(Number(value.toFixed(3)))).join(',');

/** The whole map for what is no view. */
export function readLook(text: string): Look {
  const [x = NaN, y = NaN, zoom = NaN, ...more] = text
    .split(',')
    .map((part) => (part.trim() === '' ? NaN : Number(part)));
  return more.length === 0 && [x, y, zoom].every(Number.isFinite) ? { x, y, zoom } : 'whole';
}

/** Whether a point lies in a polygon (even-odd rule). */
export function isInside({ x, y }: Point, polygon: readonly Point[]): boolean {
  let inside = false;
  let before = polygon.at(-1);
  for (const corner of polygon) {
    if (before && corner.y > y !== before.y > y) {
      const crossing = ((before.x - corner.x) * (y - corner.y)) / (before.y - corner.y) + corner.x;
      if (x < crossing) inside = !inside;
    }
    before = corner;
  }
  return inside;
}
