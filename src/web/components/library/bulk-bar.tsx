import { useId, useState, type FormEvent, type ReactElement } from 'react';
import { READING_STATES, type TagCount } from '../../../domain/mod.ts';
import { EXPORT_FORMATS } from '../../api/library-requests.ts';
import type { LibraryChanges } from '../../hooks/use-library-changes.ts';
import type { Selection } from '../../hooks/use-selection.ts';
import { countText } from '../../numbers.ts';
import { STATE_NAMES } from './row.tsx';

interface BulkBarProps {
  readonly selection: Selection;
  readonly total: number;
  readonly tags: readonly TagCount[];
  readonly changes: LibraryChanges;
  readonly onExport: (format: string) => void;
}

/** What can be done with the chosen papers; at the foot of the window while any are. */
export function BulkBar({ selection, total, tags, changes, onExport }: BulkBarProps): ReactElement {
  const [tag, setTag] = useState('');
  const tagList = useId();
  const ids = [...selection.ids];
  const addTag = async (event: FormEvent): Promise<void> => {
    event.preventDefault();
    const wanted = tag.trim();
    if (wanted !== '' && (await changes.sayOfAll(ids, { tags: [wanted] }, `Tagged “${wanted}”`))) setTag('');
  };
  const dropTag = (): void => {
    const wanted = tag.trim();
    if (wanted === '') return;
    void changes
      .sayOfAll(ids, { dropTags: [wanted] }, `No longer tagged “${wanted}”`)
      .then((done) => done && setTag(''));
  };
  return (
    <section className="bulk-bar" aria-label="Chosen papers">
      <p className="bulk-count">
        <strong>{countText(ids.length)}</strong> chosen
      </p>
      <select
        aria-label="Set the reading state of the chosen papers"
        value=""
        disabled={changes.pending}
        onChange={({ target }) => {
          const state = READING_STATES.find((known) => known === target.value);
          if (state) void changes.sayOfAll(ids, { state }, STATE_NAMES[state]);
        }}
      >
        <option value="">Set state…</option>
        {READING_STATES.map((state) => (
          <option key={state} value={state}>
            {STATE_NAMES[state]}
          </option>
        ))}
      </select>
      <form className="bulk-tag" onSubmit={(event) => void addTag(event)}>
        <input
          aria-label="A tag for the chosen papers"
          placeholder="Tag"
          list={tagList}
          value={tag}
          maxLength={100}
          onChange={({ target }) => setTag(target.value)}
        />
        <datalist id={tagList}>
          {tags.map(({ tag: known }) => (
            <option key={known} value={known}>
              {known}
            </option>
          ))}
        </datalist>
        <button type="submit" className="button" disabled={changes.pending || tag.trim() === ''}>
          Add
        </button>
        <button type="button" className="button" disabled={changes.pending || tag.trim() === ''} onClick={dropTag}>
          Take off
        </button>
      </form>
      <select aria-label="Export the chosen papers" value="" onChange={({ target }) => onExport(target.value)}>
        <option value="">Export…</option>
        {EXPORT_FORMATS.map(([format, name]) => (
          <option key={format} value={format}>
            {name}
          </option>
        ))}
      </select>
      <button
        type="button"
        className="button"
        disabled={changes.pending}
        onClick={() => void changes.remove(ids).then((done) => done && selection.clear())}
      >
        Remove
      </button>
      <span className="bulk-rest">
        {ids.length < total && (
          <button type="button" className="text-button" onClick={selection.all}>
            Choose all {countText(total)}
          </button>
        )}
        <button type="button" className="text-button" onClick={selection.clear}>
          Choose none
        </button>
      </span>
    </section>
  );
}
