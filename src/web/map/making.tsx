import type { ReactElement } from 'react';
import { MAP_STAGES, type MapJson, type MapStage } from '../../domain/mod.ts';
import { Link } from '../components/link.tsx';
import { useChange } from '../hooks/use-change.ts';
import { papersText } from './selection.tsx';

const STAGES: { readonly [stage in MapStage]: string } = {
  neighbours: 'Finding what is near to what',
  layout: 'Laying out',
  places: 'Placing the rest',
  names: 'Naming regions',
};

/** How far a map is that is being made. */
export function Progress({ status }: { readonly status: MapJson }): ReactElement {
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
export function useMaking(retry: () => void): { readonly make: (anew: boolean) => void; readonly pending: boolean } {
  const { change, pending } = useChange(['/api/map']);
  const make = (anew: boolean): void => {
    void change({ method: 'POST', url: '/api/map', body: { anew } }).then(retry, () => undefined);
  };
  return { make, pending };
}

/** In place of a map that is not there yet. */
export function NoMap({ status, retry }: { readonly status: MapJson; readonly retry: () => void }): ReactElement {
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
        {papersText(status.embedded)} can be drawn as a map on which papers about similar things lie close together.
        Drawing takes seconds for a few hundred papers and about a minute for 20,000; the map is kept, and new papers
        are added to it.
      </p>
      {status.problem !== null && <p role="alert">The last try failed: {status.problem}</p>}
      <button type="button" className="button" disabled={pending} onClick={() => make(false)}>
        Draw the map
      </button>
    </div>
  );
}
