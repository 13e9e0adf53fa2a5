import { useState, type ReactElement } from 'react';
import { Link } from '../components/link.tsx';
import { navigate } from '../hooks/use-route.ts';
import { countText } from '../numbers.ts';
import { mapPath, searchPath, type MapState } from '../routes.ts';
import { LIT_LOOKS } from './layers.ts';
import { LIT, type LitRows } from './use-map.ts';

interface LitBarProps {
  readonly map: MapState;
  readonly lit: LitRows;
  readonly unlit: ReadonlySet<string>;
}

/** What is lit, how much of it there is, and whether it is. */
function Legend({ map, lit, unlit }: LitBarProps): ReactElement {
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

/** What is lit on the map, and a search for more of it. */
export function LitBar(props: LitBarProps): ReactElement {
  return (
    <div className="map-bar">
      <HitsField key={props.map.query} map={props.map} />
      <Legend {...props} />
    </div>
  );
}
