import { useEffect, useEffectEvent, useImperativeHandle, useRef, useState, type ReactElement, type Ref } from 'react';
import type { PointIndex } from './point-index.ts';
import { createStage, type Scene, type Stage } from './stage.ts';
import { useGestures } from './use-gestures.ts';
import { type Ground, type Look, type MapView, onMap, type Point, scaleOf, viewOf, writeLook } from './view.ts';

/** A finger covers more than the tip of a mouse pointer. */
const REACH_PX = { mouse: 9, touch: 18 } as const;
const NO_SIZE = { width: 1, height: 1 };

export interface CanvasHandle {
  readonly lookAt: (look: Look) => void;
}

export interface MapCanvasProps {
  readonly ref: Ref<CanvasHandle>;
  readonly index: PointIndex;
  readonly scene: Scene;
  readonly look: Look;
  readonly onLook: (look: Look) => void;
  readonly lasso: boolean;
  readonly onSelect: (rows: number[]) => void;
  readonly onPoint: (row: number | undefined, at: Point) => void;
  readonly onOpen: (row: number) => void;
  readonly onNoWebGl: () => void;
}

/** The map itself. What it shows is also in the list beside it: this is for those who see it. */
export function MapCanvas(props: MapCanvasProps): ReactElement {
  const { ref, index, scene, look, onLook, lasso, onSelect, onPoint, onOpen, onNoWebGl } = props;
  const holder = useRef<HTMLDivElement>(null);
  const canvas = useRef<HTMLCanvasElement>(null);
  const nameHolder = useRef<HTMLDivElement>(null);
  const stage = useRef<Stage>(undefined);
  const [line, setLine] = useState<readonly Point[]>([]);

  const withoutWebGl = useEffectEvent(() => onNoWebGl());
  const firstScene = useEffectEvent(() => scene);
  useEffect(() => {
    if (!canvas.current || !nameHolder.current) return undefined;
    const made = createStage(canvas.current, nameHolder.current, firstScene());
    if (!made) withoutWebGl();
    stage.current = made;
    return () => made?.close();
  }, []);
  useImperativeHandle(ref, () => ({ lookAt: (next) => stage.current?.lookAt(next) }), []);
  useEffect(() => stage.current?.show(scene), [scene]);
  useEffect(() => {
    const now = stage.current?.look();
    // The address, written after each move, comes back rounded: that is no other view.
    if (now && writeLook(look) !== writeLook(now)) stage.current?.lookAt(look);
  }, [look]);

  const groundNow = (): Ground => stage.current?.ground() ?? { size: NO_SIZE, bounds: scene.bounds };
  const viewNow = (): MapView => stage.current?.view() ?? viewOf(look, groundNow());
  const lookAt = (next: Look): void => {
    stage.current?.lookAt(next);
    onLook(next);
  };
  const rowAt = (at: Point, by: 'mouse' | 'touch'): number | undefined =>
    index.nearest(onMap(viewNow(), groundNow().size, at), REACH_PX[by] / scaleOf(viewNow(), groundNow().size));

  useGestures(holder, {
    ground: groundNow,
    view: viewNow,
    lookAt,
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
      if (done && drawn.length > 2)
        onSelect(index.inPolygon(drawn.map((at) => onMap(viewNow(), groundNow().size, at))));
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
