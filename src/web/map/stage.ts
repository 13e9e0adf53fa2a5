import type { MapRegion } from '../../domain/mod.ts';
import { createNames } from './names.ts';
import { createPace } from './pace.ts';
import { createPainter, type Layer } from './painter.ts';
import { levelsOf } from './regions.ts';
import { type Bounds, type Ground, levelAt, type Look, type MapView, type Size, viewOf } from './view.ts';

/** More pixels than this for each of the page's cost more than anyone sees. */
const MOST_PIXEL_RATIO = 2;
/** Where nothing has moved for so long, everything is drawn. The notches of a wheel that is turned come faster. */
const REST_MS = 120;

export interface Scene {
  readonly layers: readonly Layer[];
  readonly regions: readonly MapRegion[];
  readonly bounds: Bounds;
}

/** What the last frame left to be done. */
type Shown =
  /** A frame of a movement, with a share of the points. */
  | { readonly state: 'moving'; readonly at: number; readonly share: number }
  /** The same, and nothing has moved since; it may go on. */
  | { readonly state: 'paused'; readonly share: number }
  /** Everything, at rest, that the graphics processor has not finished. */
  | { readonly state: 'drawing'; readonly at: number };

/** A canvas with names over it, painted at most once a frame, however often something changes. */
export interface Stage {
  readonly look: () => Look;
  readonly view: () => MapView;
  readonly ground: () => Ground;
  readonly lookAt: (look: Look) => void;
  readonly show: (scene: Scene) => void;
  readonly close: () => void;
}

/** `undefined` where there is no WebGL 2. */
export function createStage(canvas: HTMLCanvasElement, nameHolder: HTMLElement, first: Scene): Stage | undefined {
  let painter = createPainter(canvas);
  if (!painter) return undefined;
  const names = createNames(nameHolder);
  const pace = createPace();
  const stop = new AbortController();
  let scene = first;
  let look: Look = 'whole';
  let size: Size = { width: 1, height: 1 };
  let frame = 0;
  let changed = false;
  let movedAt = -Infinity;
  /** Since the last frame, which may have taken longer than a rest. */
  let moved = false;
  let shown: Shown | undefined;

  const ground = (): Ground => ({ size, bounds: scene.bounds });
  const view = (): MapView => viewOf(look, ground());
  const sampledPoints = (): number =>
    scene.layers.reduce((sum, { drawn, places }) => sum + (drawn === 'sampled' ? places.length / 2 : 0), 0);

  const paint = (at: number, moving: boolean): Shown => {
    const share = moving ? Math.min(1, pace.points() / Math.max(1, sampledPoints())) : 1;
    const now = view();
    const level = levelAt(now.zoom, levelsOf(scene.regions));
    const pixelRatio = Math.min(MOST_PIXEL_RATIO, window.devicePixelRatio);
    painter?.paint(scene.layers, { view: now, size, pixelRatio, share, level });
    names.show(scene.regions, now, size);
    changed = false;
    moved = false;
    if (!moving) painter?.isDrawn();
    return moving ? { state: 'moving', at, share } : { state: 'drawing', at };
  };
  /** Goes on from frame to frame until everything is drawn and nothing is left to be measured. */
  const tick = (now: number): void => {
    frame = 0;
    const moving = moved || now - movedAt < REST_MS;
    if (changed) {
      // Only frames that follow each other tell how long one takes: between others nothing was to do.
      if (shown?.state === 'moving') pace.took(now - shown.at);
      shown = paint(now, moving);
    } else if (shown?.state === 'drawing') {
      if (painter?.isDrawn()) {
        pace.drew(sampledPoints(), now - shown.at);
        shown = undefined;
      }
    } else if (shown) {
      if (moving) shown = { state: 'paused', share: shown.share };
      else shown = shown.share < 1 ? paint(now, false) : undefined;
    }
    if (shown) frame = requestAnimationFrame(tick);
  };
  const repaint = (): void => {
    changed = true;
    if (frame === 0) frame = requestAnimationFrame(tick);
  };
  const lost = (event: Event): void => {
    event.preventDefault();
    painter = undefined;
    shown = undefined;
  };
  const restored = (): void => {
    painter = createPainter(canvas);
    repaint();
  };
  canvas.addEventListener('webglcontextlost', lost, { signal: stop.signal });
  canvas.addEventListener('webglcontextrestored', restored, { signal: stop.signal });
  const observer = new ResizeObserver(([entry]) => {
    if (!entry) return;
    size = { width: entry.contentRect.width, height: entry.contentRect.height };
    repaint();
  });
  observer.observe(canvas);
  return {
    look: () => look,
    view,
    ground,
    lookAt(next) {
      look = next;
      movedAt = performance.now();
      moved = true;
      repaint();
    },
    show(next) {
      scene = next;
      repaint();
    },
    close() {
      observer.disconnect();
      stop.abort();
      cancelAnimationFrame(frame);
      painter?.close();
      nameHolder.replaceChildren();
    },
  };
}
