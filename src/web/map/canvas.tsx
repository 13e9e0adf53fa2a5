import { useEffect, useEffectEvent, useRef, useState, type ReactElement } from 'react';
import type { MapRegion } from '../../domain/mod.ts';
import type { Layer } from './painter.ts';
import type { PointIndex } from './point-index.ts';
import { createStage, type Stage } from './stage.ts';
import { useGestures } from './use-gestures.ts';
import { type MapView, onMap, type Point, type Size, scaleOf, writeView } from './view.ts';

/** A finger covers more than the tip of a mouse pointer. */
const REACH_PX = { mouse: 9, touch: 18 } as const;
const NO_SIZE: Size = { width: 1, height: 1 };

export interface MapCanvasProps {
  readonly index: PointIndex;
  readonly regions: readonly MapRegion[];
  readonly layers: readonly Layer[];
  readonly view: MapView;
  readonly onView: (view: MapView) => void;
  readonly lasso: boolean;
  readonly onSelect: (rows: number[]) => void;
  readonly onPoint: (row: number | undefined, at: Point) => void;
  readonly onOpen: (row: number) => void;
  readonly onNoWebGl: () => void;
}

/** The map itself. What it shows is also in the list beside it: this is for those who see it. */
export function MapCanvas(props: MapCanvasProps): ReactElement {
  const { index, regions, layers, view, onView, lasso, onSelect, onPoint, onOpen, onNoWebGl } = props;
  const holder = useRef<HTMLDivElement>(null);
  const canvas = useRef<HTMLCanvasElement>(null);
  const nameHolder = useRef<HTMLDivElement>(null);
  const stage = useRef<Stage>(undefined);
  const [line, setLine] = useState<readonly Point[]>([]);

  const withoutWebGl = useEffectEvent(() => onNoWebGl());
  useEffect(() => {
    if (!canvas.current || !nameHolder.current) return undefined;
    const made = createStage(canvas.current, nameHolder.current);
    if (!made) withoutWebGl();
    stage.current = made;
    return () => made?.close();
  }, []);
  useEffect(() => stage.current?.show({ layers, regions }), [layers, regions]);
  useEffect(() => {
    const now = stage.current?.view();
    // The address, written after each move, comes back rounded: that is no other view.
    if (now && writeView(view) !== writeView(now)) stage.current?.look(view);
  }, [view]);

  const viewNow = (): MapView => stage.current?.view() ?? view;
  const sizeNow = (): Size => stage.current?.size() ?? NO_SIZE;
  const setView = (next: MapView): void => {
    stage.current?.look(next);
    onView(next);
  };
  const rowAt = (at: Point, by: 'mouse' | 'touch'): number | undefined =>
    index.nearest(onMap(viewNow(), sizeNow(), at), REACH_PX[by] / scaleOf(viewNow(), sizeNow()));

  useGestures(holder, {
    size: sizeNow,
    view: viewNow,
    setView,
    lasso,
    onHover: (at) => onPoint(at && rowAt(at, 'mouse'), at ?? { x: 0, y: 0 }),
    onPress(at, by) {
      const row = rowAt(at, by);
      // A finger has not seen the title yet.
      if (row !== undefined && by === 'mouse') onOpen(row);
      else onPoint(row, at);
    },
    onLasso(drawn, done) {
      setLine(done ? [] : [...drawn]);
      if (done && drawn.length > 2) onSelect(index.inPolygon(drawn.map((at) => onMap(viewNow(), sizeNow(), at))));
    },
  });

  return (
    // As `application` it takes the keys that move it; the list beside it says the same to those who do not see it.
    <div
      ref={holder}
      className="map-canvas"
      data-lasso={lasso}
      // oxlint-disable-next-line jsx-a11y/no-noninteractive-tabindex -- an application is interactive
      tabIndex={0}
      role="application"
      aria-label="Map of papers"
      aria-describedby="map-keys"
    >
      <canvas ref={canvas} aria-hidden="true" />
      <div ref={nameHolder} className="map-names" aria-hidden="true" />
      {line.length > 1 && (
        <svg className="map-lasso" aria-hidden="true">
          <polygon points={line.map(({ x, y }) => `${x.toFixed(0)},${y.toFixed(0)}`).join(' ')} />
        </svg>
      )}
    </div>
  );
}
