import type { MapRegion } from '../../domain/mod.ts';
import { createNames } from './names.ts';
import { createPainter, type Layer } from './painter.ts';
import { type MapView, type Size, WHOLE } from './view.ts';

/** More pixels than this for each of the page's cost more than anyone sees. */
const MOST_PIXEL_RATIO = 2;

export interface Scene {
  readonly layers: readonly Layer[];
  readonly regions: readonly MapRegion[];
}

/** A canvas with names over it, painted at most once a frame, however often something changes. */
export interface Stage {
  readonly view: () => MapView;
  readonly size: () => Size;
  readonly look: (view: MapView) => void;
  readonly show: (scene: Scene) => void;
  readonly close: () => void;
}

/** `undefined` where there is no WebGL 2. */
export function createStage(canvas: HTMLCanvasElement, nameHolder: HTMLElement): Stage | undefined {
  let painter = createPainter(canvas);
  if (!painter) return undefined;
  const names = createNames(nameHolder);
  const stop = new AbortController();
  let scene: Scene = { layers: [], regions: [] };
  let view = WHOLE;
  let size: Size = { width: 1, height: 1 };
  let frame = 0;
  const repaint = (): void => {
    if (frame !== 0) return;
    frame = requestAnimationFrame(() => {
      frame = 0;
      painter?.paint(scene.layers, view, size, Math.min(MOST_PIXEL_RATIO, window.devicePixelRatio));
      names.show(scene.regions, view, size);
    });
  };
  const lost = (event: Event): void => {
    event.preventDefault();
    painter = undefined;
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
    view: () => view,
    size: () => size,
    look(next) {
      view = next;
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
