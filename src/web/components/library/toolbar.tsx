import { useId, type ReactElement } from 'react';
import { LIBRARY_SORTS, READING_STATES, type LibrarySort, type TagCount } from '../../../domain/mod.ts';
import { EXPORT_FORMATS } from '../../api/library-requests.ts';
import { countText } from '../../numbers.ts';
import type { LibraryState } from '../../routes.ts';
import { STATE_NAMES } from './row.tsx';

const SORT_NAMES: { readonly [sort in LibrarySort]: string } = {
  saved: 'Saved',
  title: 'Title',
  author: 'Author',
  year: 'Year',
  state: 'State',
};

const BY_DATE = { asc: 'oldest', desc: 'newest' };
const BY_LETTER = { asc: 'A to Z', desc: 'Z to A' };
const ORDER_NAMES: { readonly [sort in LibrarySort]: Readonly<Record<LibraryState['order'], string>> } = {
  ...{ saved: BY_DATE, year: BY_DATE, title: BY_LETTER, author: BY_LETTER },
  state: { asc: 'to read first', desc: 'read first' },
};

interface ToolbarProps {
  readonly library: LibraryState;
  readonly tags: readonly TagCount[];
  readonly onChange: (change: Partial<LibraryState>, how: 'push' | 'replace') => void;
  readonly onExport: (format: string) => void;
}

/** Which papers are shown, in which order, and how to export them. */
export function Toolbar({ library, tags, onChange, onExport }: ToolbarProps): ReactElement {
  const ids = { text: useId(), tag: useId(), sort: useId() };
  return (
    <search className="library-toolbar">
      <div className="field library-text">
        <label htmlFor={ids.text}>Find in the library</label>
        <input
          id={ids.text}
          type="search"
          value={library.text}
          placeholder="Title, author, tag, note"
          onChange={({ target }) => onChange({ text: target.value }, 'replace')}
        />
      </div>
      <fieldset className="modes">
        <legend>State</legend>
        <div className="segmented">
          {(['', ...READING_STATES] as const).map((state) => (
            <label key={state}>
              <input
                type="radio"
                name="library-state"
                checked={library.state === state}
                onChange={() => onChange({ state }, 'push')}
              />
              <span>{state === '' ? 'All' : STATE_NAMES[state]}</span>
            </label>
          ))}
        </div>
      </fieldset>
      <div className="field">
        <label htmlFor={ids.tag}>Tag</label>
        <select id={ids.tag} value={library.tag} onChange={({ target }) => onChange({ tag: target.value }, 'push')}>
          <option value="">Any</option>
          {library.tag !== '' && !tags.some(({ tag }) => tag === library.tag) && (
            <option value={library.tag}>{library.tag}</option>
          )}
          {tags.map(({ tag, papers }) => (
            <option key={tag} value={tag}>
              {tag} ({countText(papers)})
            </option>
          ))}
        </select>
      </div>
      <div className="field library-sort">
        <label htmlFor={ids.sort}>Order</label>
        <select
          id={ids.sort}
          value={`${library.sort} ${library.order}`}
          onChange={({ target }) => {
            const [name, order] = target.value.split(' ');
            const sort = LIBRARY_SORTS.find((known) => known === name) ?? 'saved';
            onChange({ sort, order: order === 'asc' ? 'asc' : 'desc' }, 'push');
          }}
        >
          {LIBRARY_SORTS.flatMap((sort) =>
            (['desc', 'asc'] as const).map((order) => (
              <option key={`${sort} ${order}`} value={`${sort} ${order}`}>
                {SORT_NAMES[sort]}, {ORDER_NAMES[sort][order]}
              </option>
            )),
          )}
        </select>
      </div>
      <div className="field">
        <span className="field-label" aria-hidden="true">
          Export
        </span>
        <select aria-label="Export what is shown" value="" onChange={({ target }) => onExport(target.value)}>
          <option value="">Choose a format…</option>
          {EXPORT_FORMATS.map(([format, name]) => (
            <option key={format} value={format}>
              {name}
            </option>
          ))}
        </select>
      </div>
    </search>
  );
}
