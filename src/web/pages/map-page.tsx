import { useEffect, useMemo, useRef, useState, type ReactElement } from 'react';
import { MAP_STAGES, type MapJson, type MapStage } from '../../domain/mod.ts';
import { Authors } from '../components/byline.tsx';
import { MarkButtons } from '../components/mark-buttons.tsx';
import { Link } from '../components/link.tsx';
import { ProblemNotice } from '../components/notices.tsx';
import { RichText } from '../components/rich-text.tsx';
import { useAnswer } from '../hooks/use-answer.ts';
import { useChange } from '../hooks/use-change.ts';
import { navigate } from '../hooks/use-route.ts';
import { useScroll } from '../hooks/use-scroll.ts';
import { useTitle } from '../hooks/use-title.ts';
import { MapCanvas } from '../map/canvas.tsx';
import { layersOf, LIT_LOOKS } from '../map/layers.ts';
import { indexPoints } from '../map/point-index.ts';
import { RegionList } from '../map/region-list.tsx';
import { papersAtRequest } from '../map/requests.ts';
import { papersText, Selection } from '../map/selection.tsx';
import { type Drawn, LIT, type LitRows, useLitRows, useMap } from '../map/use-map.ts';
import { useColours } from '../map/use-colours.ts';
import { type MapView, onMap, type Point, readView, type Size, WHOLE, writeView } from '../map/view.ts';
import { countText } from '../numbers.ts';
import { mapPath, paperPath, routeOf, searchPath, type MapState } from '../routes.ts';
import { useServices } from '../services.ts';
import '../styles/map.css';

/** The address follows the view when it has rested so long. */
const REST_MS = 200;
/** A point under the mouse is asked for when the mouse rests on it. */
const HOVER_MS = 80;
/** Past this share of later papers the layout may miss whole new fields. */
const MANY_LATER = 0.25;

const STAGES: { readonly [stage in MapStage]: string } = {
  neighbours: 'Finding what is near to what',
  layout: 'Laying out',
  places: 'Placing the rest',
  names: 'Naming regions',
};

/** How far a map is that is being made. */
function Progress({ status }: { readonly status: MapJson }): ReactElement {
  const { progress } = status;
  const stage = progress?.stage ?? 'neighbours';
  const share = (MAP_STAGES.indexOf(stage) + (progress?.share ?? 0)) / MAP_STAGES.length;
  return (
    <div className="map-progress">
      <progress max={1} value={share} aria-label="The map is being made" />
      <output>{STAGES[stage]} …</output>
    </div>
  );
}

/** Asks the server to make the map. */
function useMaking(retry: () => void): { readonly make: (anew: boolean) => void; readonly pending: boolean } {
  const { change, pending } = useChange(['/api/map']);
  const make = (anew: boolean): void => {
    void change({ method: 'POST', url: '/api/map', body: { anew } }).then(retry, () => undefined);
  };
  return { make, pending };
}

function NoMap({ status, retry }: { readonly status: MapJson; readonly retry: () => void }): ReactElement {
  const { make, pending } = useMaking(retry);
  if (status.state === 'computing') {
    return (
      <div className="message">
        <h2>The map is being drawn</h2>
        <p>{papersText(status.embedded)} are laid out by what they are about. Searching goes on meanwhile.</p>
        <Progress status={status} />
      </div>
    );
  }
  if (status.embedded === 0) {
    return (
      <div className="message">
        <h2>Nothing to draw yet</h2>
        <p>Papers have a place on the map once they are imported and embedded.</p>
        <Link to="/import" className="button">
          Import papers
        </Link>
      </div>
    );
  }
  return (
    <div className="message">
      <h2>No map yet</h2>
      <p>
        {papersText(status.embedded)} can be laid out so that those on like things lie together. It takes about a minute
        for 20,000 papers, is kept, and grows with the library.
      </p>
      {status.problem !== null && <p role="alert">The last try failed: {status.problem}</p>}
      <button type="button" className="button" disabled={pending} onClick={() => make(false)}>
        Draw the map
      </button>
    </div>
  );
}

/** Title and marks of the point that is looked at. */
function PointCard({
  layout,
  row,
}: {
  readonly layout: number;
  readonly row: number | undefined;
}): ReactElement | null {
  const [settled, setSettled] = useState<number>();
  useEffect(() => {
    const timer = setTimeout(() => setSettled(row), row === undefined ? 0 : HOVER_MS);
    return () => clearTimeout(timer);
  }, [row]);
  const { value } = useAnswer(settled === undefined ? undefined : papersAtRequest(layout, [settled]));
  const paper = value?.papers.find((one) => one.row === settled)?.paper;
  if (!paper || settled === undefined) return null;
  return (
    <article className="map-card" aria-label="Paper looked at">
      <h3>
        <Link to={paperPath(paper.id)}>
          <RichText text={paper.title || paper.id} />
        </Link>
      </h3>
      <p className="byline">
        <Authors names={paper.authors} />
        {paper.year !== null && ` · ${paper.year}`}
      </p>
      <div className="map-card-marks">
        <MarkButtons paper={paper} />
      </div>
    </article>
  );
}

interface LegendProps {
  readonly map: MapState;
  readonly lit: LitRows;
  readonly unlit: ReadonlySet<string>;
}

/** What is lit, how much of it there is, and whether it is. */
function Legend({ map, lit, unlit }: LegendProps): ReactElement {
  const toggle = (name: string): void => {
    const next = unlit.has(name) ? [...unlit].filter((other) => other !== name) : [...unlit, name];
    navigate(mapPath({ ...map, unlit: next.join(',') }), 'replace');
  };
  const shown = LIT.filter((name) => name !== 'hits' || map.query !== '');
  return (
    <fieldset className="map-legend">
      <legend className="visually-hidden">Lit on the map</legend>
      {shown.map((name) => (
        <label key={name}>
          <input type="checkbox" checked={!unlit.has(name)} onChange={() => toggle(name)} />
          <span className={`map-swatch map-colour-${name}`} data-shape={LIT_LOOKS[name].shape} aria-hidden="true" />
          {LIT_LOOKS[name].name}
          <span className="map-count">{lit[name] ? countText(lit[name].length) : '…'}</span>
        </label>
      ))}
    </fieldset>
  );
}

/** A search whose hits are lit. */
function HitsField({ map }: { readonly map: MapState }): ReactElement {
  const [query, setQuery] = useState(map.query);
  return (
    <search aria-label="Show search hits on the map">
      <form
        className="map-search"
        onSubmit={(event) => {
          event.preventDefault();
          navigate(mapPath({ ...map, query: query.trim() }), 'push');
        }}
      >
        <input
          type="search"
          aria-label="Show hits of a search"
          placeholder="Show hits of a search"
          value={query}
          onChange={({ target }) => setQuery(target.value)}
        />
        <button type="submit" className="button">
          Show
        </button>
        {map.query !== '' && <Link to={searchPath({ query: map.query, filter: map.filter })}>As a list</Link>}
      </form>
    </search>
  );
}

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
function cornersOf(view: MapView, size: Size): Point[] {
  const { width, height } = size;
  return [
    { x: 0, y: 0 },
    { x: width, y: 0 },
    { x: width, y: height },
    { x: 0, y: height },
  ].map((corner) => onMap(view, size, corner));
}

type Selected = readonly number[];
const NOTHING: Selected = [];

function DrawnMap({
  drawn,
  map,
}: {
  readonly drawn: Drawn & { readonly retry: () => void };
  readonly map: MapState;
}): ReactElement {
  const { status, points, regions, retry } = drawn;
  const { client } = useServices();
  const { make, pending } = useMaking(retry);
  const colours = useColours();
  const lit = useLitRows(status.layout, map);
  const unlit = useMemo(() => new Set(map.unlit.split(',').filter((name) => name !== '')), [map.unlit]);
  const index = useMemo(() => indexPoints(points), [points]);
  const view = useMemo(() => readView(map.at), [map.at]);
  const [selected, setSelected] = useState(NOTHING);
  const [lasso, setLasso] = useState(false);
  const [row, setRow] = useState<number>();
  const [webGl, setWebGl] = useState<'there' | 'absent'>('there');
  const stage = useRef<HTMLDivElement>(null);
  const timer = useRef<ReturnType<typeof setTimeout>>(undefined);
  const seen = useRef(view);
  const layers = useMemo(
    () => layersOf(points, lit, colours, { unlit, selected }),
    [points, lit, colours, unlit, selected],
  );

  const follow = (next: MapView): void => {
    seen.current = next;
    clearTimeout(timer.current);
    timer.current = setTimeout(() => {
      const now = routeOf(location.pathname, location.search);
      if (now.page === 'map') navigate(mapPath({ ...now, at: writeView(next) }), 'replace');
    }, REST_MS);
  };
  useEffect(() => () => clearTimeout(timer.current), []);
  useEffect(() => {
    seen.current = view;
  }, [view]);

  const open = async (at: number): Promise<void> => {
    try {
      const [found] = (await client.ask(papersAtRequest(status.layout, [at]))).papers;
      if (found) navigate(paperPath(found.paper.id));
    } catch {
      // The map was laid out anew meanwhile, or the server is away: asking for the map again says which.
      retry();
    }
  };
  const selectView = (): void => {
    const { width = 1, height = 1 } = stage.current?.getBoundingClientRect() ?? {};
    setSelected(index.inPolygon(cornersOf(seen.current, { width, height })));
  };
  const many = status.later > MANY_LATER * status.rows;
  return (
    <>
      <div className="map-bar">
        <HitsField key={map.query} map={map} />
        <Legend map={map} lit={lit} unlit={unlit} />
      </div>
      <div className="map-stage" ref={stage}>
        {webGl === 'absent' ? (
          <div className="message">
            <h2>This browser cannot draw the map</h2>
            <p>WebGL 2 is off or not there. The list below says what lies where.</p>
          </div>
        ) : (
          <>
            <MapCanvas
              {...{ index, regions, layers, view, lasso }}
              onView={follow}
              onSelect={(rows) => {
                setSelected(rows);
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
        <Tools
          lasso={lasso}
          onLasso={setLasso}
          onInView={selectView}
          onWhole={() => navigate(mapPath({ ...map, at: writeView(WHOLE) }))}
        />
      )}
      <p id="map-keys" className="map-hint">
        Drag or arrow keys move, wheel or <kbd>+</kbd> <kbd>-</kbd> come nearer, <kbd>0</kbd> shows all; Shift and drag
        draws around papers.
      </p>
      <output className="visually-hidden">{selected.length > 0 && `${papersText(selected.length)} selected`}</output>
      {selected.length > 0 && (
        <Selection key={selected[0]} rows={selected} layout={status.layout} onClear={() => setSelected(NOTHING)} />
      )}
      {status.progress !== null && <Progress status={status} />}
      {status.progress === null && status.later > 0 && (
        <p className="map-hint">
          {papersText(status.later)} came after the map was laid out, and were placed among their neighbours.{' '}
          {many && (
            <button type="button" className="text-button" disabled={pending} onClick={() => make(true)}>
              Lay out anew
            </button>
          )}
        </p>
      )}
      <RegionList regions={regions} layout={status.layout} map={map} />
    </>
  );
}

export default function MapPage({ map }: { readonly map: MapState }): ReactElement {
  const answer = useMap();
  useTitle('Map');
  useScroll('map', answer.state === 'loading' ? 'pending' : 'settled');
  return (
    <div className="map-page" aria-busy={answer.state === 'loading'}>
      <div className="section-head">
        <h1>Map</h1>
        {answer.state === 'drawn' && <p className="map-hint">{papersText(answer.status.rows)}</p>}
      </div>
      {answer.state === 'loading' && <div className="map-stage skeleton" aria-hidden="true" />}
      {answer.state === 'failed' && <ProblemNotice problem={answer.problem} onRetry={answer.retry} />}
      {answer.state === 'none' && <NoMap status={answer.status} retry={answer.retry} />}
      {answer.state === 'drawn' && <DrawnMap drawn={answer} map={map} />}
    </div>
  );
}
