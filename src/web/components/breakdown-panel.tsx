import { useId, useState, type ReactElement } from 'react';
import type { Breakdown, Filter, ValueCount } from '../../domain/mod.ts';
import { valuesOf, withoutValue, withValue, withYears, yearsOf, type ValueField } from '../filter-expression.ts';
import type { FilterDraft } from '../hooks/use-filter-draft.ts';
import { countText } from '../numbers.ts';
import { plainText } from '../text/tex.ts';
import { YearHistogram } from './year-histogram.tsx';

/** Values shown before "Show more". */
const FIRST = 6;

interface ValueListProps {
  readonly title: string;
  readonly values: readonly ValueCount[];
  readonly chosen: readonly string[];
  readonly onToggle: (value: string, to: 'on' | 'off') => void;
}

/** Values of a field with their papers, each to be ticked. Those that are ticked come first, so that they stay in view. */
function ValueList({ title, values, chosen, onToggle }: ValueListProps): ReactElement | null {
  const [extent, setExtent] = useState<'first' | 'all'>('first');
  const id = useId();
  const isOn = (value: string): boolean => chosen.some((each) => each.toLowerCase() === value.toLowerCase());
  const known = new Set(values.map(({ value }) => value.toLowerCase()));
  // While counts are on their way the ticked ones are shown without.
  const unknown = chosen
    .filter((value) => !known.has(value.toLowerCase()))
    .map((value) => ({ value, papers: undefined }));
  const sorted = [
    ...values.filter(({ value }) => isOn(value)),
    ...unknown,
    ...values.filter(({ value }) => !isOn(value)),
  ];
  if (sorted.length === 0) return null;
  const shown = extent === 'all' ? sorted : sorted.slice(0, Math.max(FIRST, chosen.length));
  return (
    <fieldset aria-labelledby={id}>
      <div className="breakdown-head">
        <h3 id={id}>{title}</h3>
      </div>
      <ul className="breakdown-values">
        {shown.map(({ value, papers }) => (
          <li key={value.toLowerCase()}>
            <label>
              <input
                type="checkbox"
                checked={isOn(value)}
                onChange={(event) => onToggle(value, event.target.checked ? 'on' : 'off')}
              />
              <span className="breakdown-value">{plainText(value)}</span>
              {papers !== undefined && (
                <span className="breakdown-count">
                  {countText(papers)}
                  <span className="visually-hidden"> {papers === 1 ? 'paper' : 'papers'}</span>
                </span>
              )}
            </label>
          </li>
        ))}
      </ul>
      {sorted.length > FIRST && (
        <button
          type="button"
          className="text-button"
          aria-expanded={extent === 'all'}
          onClick={() => setExtent(extent === 'all' ? 'first' : 'all')}
        >
          {extent === 'all' ? 'Show fewer' : 'Show more'}
          <span className="visually-hidden"> of {title.toLowerCase()}</span>
        </button>
      )}
    </fieldset>
  );
}

export type BreakdownCounts = Pick<Breakdown, 'years' | 'categories' | 'venues' | 'sources' | 'authors'>;

interface BreakdownPanelProps {
  readonly draft: FilterDraft;
  readonly counts: BreakdownCounts;
}

const NOTHING: Filter = { clauses: [] };

/** How the papers divide, to be narrowed: everything is written into the filter's expression. It rests while that cannot be read. */
export function BreakdownPanel({ draft, counts }: BreakdownPanelProps): ReactElement {
  const { reading, text } = draft;
  const filter = reading.state === 'valid' ? reading.filter : NOTHING;
  const list = (title: string, field: ValueField, values: readonly ValueCount[]): ReactElement => (
    <ValueList
      title={title}
      values={values}
      chosen={valuesOf(filter, field)}
      onToggle={(value, to) =>
        draft.set(to === 'on' ? withValue(text, field, value) : withoutValue(text, field, value))
      }
    />
  );
  return (
    <fieldset className="breakdown" disabled={reading.state === 'invalid'}>
      <legend className="visually-hidden">Narrow by</legend>
      <YearHistogram
        years={counts.years}
        chosen={yearsOf(filter)}
        onYears={(years) => draft.set(withYears(text, years))}
      />
      {list('Categories', 'category', counts.categories)}
      {list('Venues', 'venue', counts.venues)}
      {list('Authors', 'author', counts.authors)}
      {list('Sources', 'source', counts.sources)}
    </fieldset>
  );
}
