/** What part of the map is seen: the point in the middle, and how near it is; a zoom of 0 shows all, each 1 more halves it. */
export interface MapView {
  readonly x: number;
  readonly y: number;
  readonly zoom: number;
}

/** Of what it is drawn on, in CSS pixels. */
export interface Size {
  readonly width: number;
  readonly height: number;
}

export interface Point {
  readonly x: number;
  readonly y: number;
}

export const WHOLE: MapView = { x: 0, y: 0, zoom: 0 };
/** At this the points of 250,000 papers lie apart. */
const NEAREST = 9;
const FARTHEST = -0.5;
/** Nearly all points lie within 1 of the middle; this leaves a rim for names. */
const HALF_WIDTH = 1.12;
/** So far from the middle of the map the middle of the view may go. */
const REACH = 1.3;

const within = (value: number, least: number, most: number): number => Math.min(most, Math.max(least, value));

/** Pixels that a distance of 1 on the map takes. */
export const scaleOf = ({ zoom }: MapView, { width, height }: Size): number =>
  (Math.min(width, height) / 2 / HALF_WIDTH) * 2 ** zoom;

export function onScreen(view: MapView, size: Size, { x, y }: Point): Point {
  const scale = scaleOf(view, size);
  return { x: size.width / 2 + (x - view.x) * scale, y: size.height / 2 - (y - view.y) * scale };
}

export function onMap(view: MapView, size: Size, { x, y }: Point): Point {
  const scale = scaleOf(view, size);
  return { x: view.x + (x - size.width / 2) / scale, y: view.y - (y - size.height / 2) / scale };
}

const bounded = ({ x, y, zoom }: MapView): MapView => ({
  x: within(x, -REACH, REACH),
  y: within(y, -REACH, REACH),
  zoom: within(zoom, FARTHEST, NEAREST),
});

/** Moved with the hand, in pixels. */
export function panned(view: MapView, size: Size, { x, y }: Point): MapView {
  const scale = scaleOf(view, size);
  return bounded({ ...view, x: view.x - x / scale, y: view.y + y / scale });
}

/** Nearer or farther; what is under `at`, in pixels, stays there. */
export function zoomed(view: MapView, size: Size, by: number, at: Point): MapView {
  const zoom = within(view.zoom + by, FARTHEST, NEAREST);
  const fixed = onMap(view, size, at);
  const scale = scaleOf({ ...view, zoom }, size);
  return bounded({ x: fixed.x - (at.x - size.width / 2) / scale, y: fixed.y + (at.y - size.height / 2) / scale, zoom });
}

/** The level of regions that is named at a zoom: each level's regions are half as wide as those of the one before. */
export const levelAt = (zoom: number, levels: number): number => within(Math.floor(zoom + 0.35), 0, levels - 1);

/** As it stands in an address; `''` for the whole map. */
export function writeView({ x, y, zoom }: MapView): string {
  const text = [x, y, zoom].map((value) => String(Number(value.toFixed(3)))).join(',');
  return text === '0,0,0' ? '' : text;
}

/** The whole map for what is no view. */
export function readView(text: string): MapView {
  const [x = NaN, y = NaN, zoom = NaN, ...more] = text
    .split(',')
    .map((part) => (part.trim() === '' ? NaN : Number(part)));
  return more.length === 0 && [x, y, zoom].every(Number.isFinite) ? bounded({ x, y, zoom }) : WHOLE;
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
