import type { ReactElement } from 'react';
import { ProblemNotice } from '../components/notices.tsx';
import { useScroll } from '../hooks/use-scroll.ts';
import { useTitle } from '../hooks/use-title.ts';
import { DrawnMap } from '../map/drawn-map.tsx';
import { NoMap } from '../map/making.tsx';
import { papersText } from '../map/selection.tsx';
import { useMap } from '../map/use-map.ts';
import type { MapState } from '../routes.ts';
import '../styles/map.css';

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
      {answer.state === 'drawn' && <DrawnMap key={answer.status.layout} drawn={answer} map={map} />}
    </div>
  );
}
