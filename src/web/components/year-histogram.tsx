import { useId, useState, type PointerEvent, type ReactElement } from 'react';
import type { YearCount } from '../../domain/mod.ts';
import type { Years } from '../filter-expression.ts';
import { papersText } from '../numbers.ts';

/** Height of the picture in its own units; the style sheet gives it its size. */
const HEIGHT = 40;
/** A year with one paper is still seen beside one with hundreds. */
const LEAST_BAR = 1.5;
/** Few years make no broad blocks. */
const LEAST_YEARS = 12;

interface YearHistogramProps {
  readonly years: readonly YearCount[];
  readonly chosen: Years;
  readonly onYears: (years: Years) => void;
}

interface Span {
  readonly from: number;
  readonly to: number;
}

/** The axis: all years that are counted or chosen, the counted ones close together at its end. */
function axisOf(years: readonly YearCount[], { from, to }: Years): Span {
  const last = Math.max(years.at(-1)?.year ?? 0, to ?? 0, from ?? 0);
  const first = Math.min(years[0]?.year ?? last, from ?? last, to ?? last);
  return { from: Math.min(first, last - LEAST_YEARS + 1), to: last };
}

const clamp = (year: number, { from, to }: Span): number => Math.min(to, Math.max(from, year));

/** Papers by year. A span of years is chosen by dragging over the bars, or with the two sliders under them. */
export function YearHistogram({ years, chosen, onYears }: YearHistogramProps): ReactElement | null {
  const id = useId();
  const [brush, setBrush] = useState<{ readonly start: number; readonly end: number }>();
  const [slid, setSlid] = useState<Span>();
  if (years.length === 0 && chosen.from === undefined && chosen.to === undefined) return null;
  const axis = axisOf(years, chosen);
  const count = axis.to - axis.from + 1;
  const most = Math.max(1, ...years.map(({ papers }) => papers));
  const set = { from: clamp(chosen.from ?? axis.from, axis), to: clamp(chosen.to ?? axis.to, axis) };
  const shown = brush
    ? { from: Math.min(brush.start, brush.end), to: Math.max(brush.start, brush.end) }
    : (slid ?? set);

  const use = ({ from, to }: Span): void => {
    setSlid(undefined);
    setBrush(undefined);
    // A span that reaches to the end of the axis is open there: what comes next year belongs to it.
    onYears({ from: from <= axis.from ? undefined : from, to: to >= axis.to ? undefined : to });
  };
  const yearAt = (event: PointerEvent<SVGSVGElement>): number => {
    const { left, width } = event.currentTarget.getBoundingClientRect();
    return clamp(axis.from + Math.floor(((event.clientX - left) / width) * count), axis);
  };
  const slider = (end: 'from' | 'to', name: string): ReactElement => (
    <input
      type="range"
      className={`year-slider year-slider-${end}`}
      min={axis.from}
      max={axis.to}
      value={shown[end]}
      aria-label={name}
      onChange={(event) => {
        const year = Number(event.target.value);
        setSlid(
          end === 'from'
            ? { from: Math.min(year, shown.to), to: shown.to }
            : { from: shown.from, to: Math.max(year, shown.from) },
        );
      }}
      onPointerUp={() => slid && use(slid)}
      onKeyUp={() => slid && use(slid)}
      onBlur={() => slid && use(slid)}
    />
  );
  return (
    <fieldset className="years" aria-labelledby={id}>
      <div className="breakdown-head">
        <h3 id={id}>Years</h3>
        <output className="breakdown-span">
          {shown.from === shown.to ? shown.from : `${shown.from} – ${shown.to}`}
        </output>
        {(chosen.from !== undefined || chosen.to !== undefined) && (
          <button type="button" className="text-button" onClick={() => onYears({ from: undefined, to: undefined })}>
            All years
          </button>
        )}
      </div>
      <svg
        className="year-bars"
        viewBox={`0 0 ${count} ${HEIGHT}`}
        preserveAspectRatio="none"
        aria-hidden="true"
        onPointerDown={(event) => {
          event.currentTarget.setPointerCapture(event.pointerId);
          setBrush({ start: yearAt(event), end: yearAt(event) });
        }}
        onPointerMove={(event) => brush && setBrush({ ...brush, end: yearAt(event) })}
        onPointerUp={() => brush && use(shown)}
        onPointerCancel={() => setBrush(undefined)}
      >
        <rect className="year-ground" width={count} height={HEIGHT} />
        {years.map(({ year, papers }) => {
          const height = Math.max(LEAST_BAR, (papers / most) * HEIGHT);
          return (
            <rect
              key={year}
              className="year-bar"
              data-chosen={year >= shown.from && year <= shown.to}
              x={year - axis.from + 0.08}
              y={HEIGHT - height}
              width={0.84}
              height={height}
            >
              <title>{`${year}: ${papersText(papers)}`}</title>
            </rect>
          );
        })}
      </svg>
      <div className="year-sliders">
        {slider('from', 'From year')}
        {slider('to', 'To year')}
      </div>
    </fieldset>
  );
}
