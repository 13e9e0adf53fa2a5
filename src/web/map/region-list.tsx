import { useId, useState, type ReactElement } from 'react';
import type { MapRegion } from '../../domain/mod.ts';
import { ProblemNotice } from '../components/notices.tsx';
import { useAnswer } from '../hooks/use-answer.ts';
import { navigate } from '../hooks/use-route.ts';
import { countText } from '../numbers.ts';
import { mapPath, type MapState } from '../routes.ts';
import { regionName } from './names.ts';
import { PaperList } from './paper-list.tsx';
import { papersInRequest } from './requests.ts';
import { writeView } from './view.ts';

const FIRST_PAPERS = 5;
const MORE_PAPERS = 20;
/** At this the regions of a level are named, with some room around. */
const zoomOf = (level: number): number => level + 1;

interface RegionProps {
  readonly region: MapRegion;
  readonly regions: readonly MapRegion[];
  readonly layout: number;
  readonly map: MapState;
}

/** The papers nearest the middle of a region, a few first. */
function RegionPapers({ region, layout }: Pick<RegionProps, 'region' | 'layout'>): ReactElement {
  const [k, setK] = useState(FIRST_PAPERS);
  const { state, value, ...rest } = useAnswer(papersInRequest(layout, region.id, k));
  if (state === 'failed' && 'problem' in rest) return <ProblemNotice problem={rest.problem} onRetry={rest.retry} />;
  return (
    <div aria-busy={state === 'loading'}>
      {value && <PaperList papers={value.papers} />}
      {value && k < value.total && k < 200 && (
        <button type="button" className="text-button" onClick={() => setK(Math.min(200, k + MORE_PAPERS))}>
          More of {countText(value.total)}
        </button>
      )}
    </div>
  );
}

function Region({ region, regions, layout, map }: RegionProps): ReactElement {
  const [open, setOpen] = useState(false);
  const id = useId();
  const parts = regions.filter(({ parent }) => parent === region.id);
  // A region that is not divided on the next level is that region again.
  const [only] = parts;
  if (parts.length === 1 && only)
    return <Region {...{ regions, layout, map }} region={{ ...only, terms: region.terms }} />;
  const show = (): void => {
    navigate(mapPath({ ...map, at: writeView({ x: region.x, y: region.y, zoom: zoomOf(region.level) }) }));
    document.querySelector('.map-stage')?.scrollIntoView({ block: 'nearest' });
  };
  return (
    <li>
      <div className="map-region">
        <button
          type="button"
          className="map-region-name"
          aria-expanded={open}
          aria-controls={id}
          onClick={() => setOpen(!open)}
        >
          {regionName(region) || 'Without a name'}
        </button>
        <span className="map-count">{countText(region.papers)}</span>
        <button
          type="button"
          className="text-button"
          aria-label={`Show on the map: ${regionName(region)}`}
          onClick={show}
        >
          Show
        </button>
      </div>
      <div id={id} hidden={!open} className="map-region-inside">
        {open && <RegionPapers region={region} layout={layout} />}
        {open && parts.length > 0 && <Regions within={parts} {...{ regions, layout, map }} />}
      </div>
    </li>
  );
}

function Regions({
  within,
  ...rest
}: Omit<RegionProps, 'region'> & { readonly within: readonly MapRegion[] }): ReactElement {
  return (
    <ul className="map-regions">
      {[...within]
        .sort((a, b) => b.papers - a.papers)
        .map((region) => (
          <Region key={region.id} region={region} {...rest} />
        ))}
    </ul>
  );
}

/** The map in words: its regions with their papers, the largest first, each with the regions that it is divided into. */
export function RegionList(props: Omit<RegionProps, 'region'>): ReactElement {
  return (
    <section className="map-list" aria-labelledby="map-list-heading">
      <h2 id="map-list-heading">What lies where</h2>
      <Regions {...props} within={props.regions.filter(({ level }) => level === 0)} />
    </section>
  );
}
