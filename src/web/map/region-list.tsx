import { useId, useMemo, useState, type ReactElement } from 'react';
import type { MapRegion } from '../../domain/mod.ts';
import { ProblemNotice } from '../components/notices.tsx';
import { useAnswer } from '../hooks/use-answer.ts';
import { countText } from '../numbers.ts';
import { PaperList } from './paper-list.tsx';
import { colourNumbers, regionName } from './regions.ts';
import { papersInRequest } from './requests.ts';
import type { MapSelection, Selected } from './use-map-selection.ts';
import type { Look } from './view.ts';

const FIRST_PAPERS = 5;
const MORE_PAPERS = 20;
/** At this the regions of a level are named, with some room around. */
const zoomOf = (level: number): number => level + 1;
const NAMELESS = 'Without a name';
const PRESSED: { readonly [selected in Selected]: boolean | 'mixed' } = { all: true, some: 'mixed', none: false };

interface RegionProps {
  readonly region: MapRegion;
  readonly regions: readonly MapRegion[];
  readonly layout: number;
  readonly goTo: (look: Look) => void;
  /** Of each region, by its id. */
  readonly colours: readonly number[];
  readonly selection: MapSelection;
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

function Region({ region, ...rest }: RegionProps): ReactElement {
  const { regions, layout, goTo, colours, selection } = rest;
  const [open, setOpen] = useState(false);
  const id = useId();
  const parts = regions.filter(({ parent }) => parent === region.id);
  // A region that is not divided on the next level is that region again.
  const [only] = parts;
  if (parts.length === 1 && only) return <Region {...rest} region={{ ...only, terms: region.terms }} />;
  const name = regionName(region) || NAMELESS;
  const selected = selection.ofRegion(region);
  const show = (): void => {
    goTo({ x: region.x, y: region.y, zoom: zoomOf(region.level) });
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
          <span className={`map-region-colour map-colour-region-${colours[region.id] ?? 0}`} aria-hidden="true" />
          {name}
        </button>
        <span className="map-count">{countText(region.papers)}</span>
        <span className="map-region-actions">
          <button
            type="button"
            className="text-button"
            aria-pressed={PRESSED[selected]}
            aria-label={`Select: ${name}`}
            onClick={() => selection.toggle(region)}
          >
            Select
          </button>
          <button type="button" className="text-button" aria-label={`Show on the map: ${name}`} onClick={show}>
            Show
          </button>
        </span>
      </div>
      <div id={id} hidden={!open} className="map-region-inside">
        {open && <RegionPapers region={region} layout={layout} />}
        {open && parts.length > 0 && <Regions within={parts} {...rest} />}
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
export function RegionList(props: Omit<RegionProps, 'region' | 'colours'>): ReactElement {
  const colours = useMemo(() => colourNumbers(props.regions), [props.regions]);
  return (
    <section className="map-list" aria-labelledby="map-list-heading">
      <h2 id="map-list-heading">What lies where</h2>
      <Regions {...props} colours={colours} within={props.regions.filter(({ level }) => level === 0)} />
    </section>
  );
}
