import { useEffect, useMemo, useRef, useState, type ReactElement, type RefObject } from 'react';
import { navigate } from '../hooks/use-route.ts';
import { mapPath, paperPath, routeOf, type MapState } from '../routes.ts';
import { useServices } from '../services.ts';
import { type CanvasHandle, MapCanvas } from './canvas.tsx';
import { layersOf, orderOf, palettesOf } from './layers.ts';
import { LitBar } from './lit-bar.tsx';
import { Progress, useMaking } from './making.tsx';
import { PointCard } from './point-card.tsx';
import { indexPoints } from './point-index.ts';
import { RegionList } from './region-list.tsx';
import { papersAtRequest } from './requests.ts';
import { papersText, Selection } from './selection.tsx';
import type { Scene } from './stage.ts';
import { useColours } from './use-colours.ts';
import { type Drawn, type LitRows, useLitRows } from './use-map.ts';
import { useMapSelection } from './use-map-selection.ts';
import { boundsOf, type Ground, type Look, onMap, type Point, readLook, viewOf, writeLook } from './view.ts';

/** The address follows the view when it has rested so long. */
const REST_MS = 200;
/** Past this share of later papers the layout may miss whole new fields. */
const MANY_LATER = 0.25;

interface ToolsProps {
  readonly lasso: boolean;
  readonly onLasso: (lasso: boolean) => void;
  readonly onInView: () => void;
  readonly onWhole: () => void;
}

function Tools({ lasso, onLasso, onInView, onWhole }: ToolsProps): ReactElement {
  return (
    <div className="map-tools">
      <button type="button" className="toggle" aria-pressed={lasso} onClick={() => onLasso(!lasso)}>
        Draw around papers
      </button>
      <button type="button" className="toggle" onClick={onInView}>
        Select what is in view
      </button>
      <button type="button" className="toggle" onClick={onWhole}>
        Whole map
      </button>
    </div>
  );
}

/** Four corners of what is seen, on the map. */
function cornersOf(look: Look, ground: Ground): Point[] {
  const { width, height } = ground.size;
  return [
    { x: 0, y: 0 },
    { x: width, y: 0 },
    { x: width, y: height },
    { x: 0, y: height },
  ].map((corner) => onMap(viewOf(look, ground), ground.size, corner));
}

interface Looking {
  readonly look: Look;
  readonly lookNow: () => Look;
  /** The address follows what is looked at since. */
  readonly follow: (look: Look) => void;
  /** Goes to a place on the map; a move that is not in the address yet counts no longer. */
  readonly goTo: (look: Look) => void;
}

function useLook(map: MapState, canvas: RefObject<CanvasHandle | null>): Looking {
  const { at } = map;
  const look = useMemo(() => readLook(at), [at]);
  const now = useRef(look);
  const timer = useRef<ReturnType<typeof setTimeout>>(undefined);
  useEffect(() => () => clearTimeout(timer.current), []);
  useEffect(() => {
    clearTimeout(timer.current);
    now.current = look;
  }, [look]);
  const follow = (next: Look): void => {
    now.current = next;
    clearTimeout(timer.current);
    timer.current = setTimeout(() => {
      const route = routeOf(location.pathname, location.search);
      if (route.page === 'map') navigate(mapPath({ ...route, at: writeLook(next) }), 'replace');
    }, REST_MS);
  };
  const goTo = (next: Look): void => {
    clearTimeout(timer.current);
    now.current = next;
    // Not by the address alone, which may say so already.
    canvas.current?.lookAt(next);
    const place = writeLook(next);
    navigate(mapPath({ ...map, at: place }), place === at ? 'replace' : 'push');
  };
  return { look, lookNow: () => now.current, follow, goTo };
}

/** Goes to the paper of a point. */
function useOpening(layout: number, retry: () => void): (row: number) => Promise<void> {
  const { client } = useServices();
  return async (row) => {
    try {
      const [found] = (await client.ask(papersAtRequest(layout, [row]))).papers;
      if (found) navigate(paperPath(found.paper.id));
    } catch {
      // The map was laid out anew meanwhile, or the server is away: asking for the map again says which.
      retry();
    }
  };
}

interface DrawnMapProps {
  readonly drawn: Drawn & { readonly retry: () => void };
  readonly map: MapState;
}

/** What is drawn, made again only where what it is made of is another. */
function useScene(
  { points, regions }: Drawn,
  lit: LitRows,
  unlit: ReadonlySet<string>,
  selected: readonly number[],
): Scene {
  const colours = useColours();
  const ordered = useMemo(() => orderOf(points), [points]);
  const bounds = useMemo(() => boundsOf(points.places), [points]);
  const palettes = useMemo(() => palettesOf(regions, colours), [regions, colours]);
  return useMemo(
    () => ({ layers: layersOf({ points, ordered, palettes, lit, unlit, selected }, colours), regions, bounds }),
    [points, ordered, palettes, lit, unlit, selected, colours, regions, bounds],
  );
}

/** What came since the map was laid out, and what is under way. */
function Later({ status, retry }: Pick<DrawnMapProps['drawn'], 'status' | 'retry'>): ReactElement | null {
  const { make, pending } = useMaking(retry);
  if (status.progress !== null) return <Progress status={status} />;
  if (status.later === 0) return null;
  return (
    <p className="map-hint">
      {papersText(status.later)} came after the map was laid out, and were placed among their neighbours.{' '}
      {status.later > MANY_LATER * status.rows && (
        <button type="button" className="text-button" disabled={pending} onClick={() => make(true)}>
          Lay out anew
        </button>
      )}
    </p>
  );
}

/** The map, what can be selected on it, and the same in words. */
export function DrawnMap({ drawn, map }: DrawnMapProps): ReactElement {
  const { status, points, regions, retry } = drawn;
  const lit = useLitRows(status.layout, map);
  const unlit = useMemo(() => new Set(map.unlit.split(',').filter((name) => name !== '')), [map.unlit]);
  const index = useMemo(() => indexPoints(points), [points]);
  const canvas = useRef<CanvasHandle>(null);
  const { look, lookNow, follow, goTo } = useLook(map, canvas);
  const selection = useMapSelection(points, regions);
  const scene = useScene(drawn, lit, unlit, selection.rows);
  const open = useOpening(status.layout, retry);
  const [lasso, setLasso] = useState(false);
  const [row, setRow] = useState<number>();
  const [webGl, setWebGl] = useState<'there' | 'absent'>('there');
  const stage = useRef<HTMLDivElement>(null);

  const selectView = (): void => {
    const { width = 1, height = 1 } = stage.current?.getBoundingClientRect() ?? {};
    selection.select(index.inPolygon(cornersOf(lookNow(), { size: { width, height }, bounds: scene.bounds })));
  };
  return (
    <>
      <LitBar {...{ map, lit, unlit }} />
      <div className="map-stage" ref={stage}>
        {webGl === 'absent' ? (
          <div className="message">
            <h2>This browser cannot draw the map</h2>
            <p>WebGL 2 is off or not there. The list below says what lies where.</p>
          </div>
        ) : (
          <>
            <MapCanvas
              ref={canvas}
              {...{ index, scene, look, lasso }}
              onLook={follow}
              onSelect={(rows) => {
                selection.select(rows);
                setLasso(false);
              }}
              onPoint={(at) => setRow(at)}
              onOpen={(at) => void open(at)}
              onNoWebGl={() => setWebGl('absent')}
            />
            <PointCard layout={status.layout} row={row} />
          </>
        )}
      </div>
      {webGl === 'there' && (
        <Tools lasso={lasso} onLasso={setLasso} onInView={selectView} onWhole={() => goTo('whole')} />
      )}
      <p id="map-keys" className="map-hint">
        Drag or use the arrow keys to move, scroll or press <kbd>+</kbd> <kbd>-</kbd> to zoom, <kbd>0</kbd> for the
        whole map. Hold Shift and drag to draw around papers.
      </p>
      <output className="visually-hidden">{selection.told}</output>
      <Later status={status} retry={retry} />
      <div className="map-words">
        {selection.rows.length > 0 && (
          <Selection rows={selection.rows} layout={status.layout} onClear={() => selection.select([])} />
        )}
        <RegionList {...{ regions, goTo, selection }} layout={status.layout} />
      </div>
    </>
  );
}
