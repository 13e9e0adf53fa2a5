import type { KeyboardEvent, ReactElement } from 'react';
import { READING_STATES, type ReadingState, type SavedRow } from '../../../domain/mod.ts';
import type { LibraryChanges } from '../../hooks/use-library-changes.ts';
import { shortDayText } from '../../days.ts';
import { paperPath } from '../../routes.ts';
import { Authors } from '../byline.tsx';
import { Link } from '../link.tsx';
import { RichText } from '../rich-text.tsx';
import { Editable } from './editable.tsx';

export const STATE_NAMES: { readonly [state in ReadingState]: string } = {
  'to-read': 'To read',
  reading: 'Reading',
  read: 'Read',
};

interface RowProps {
  readonly row: SavedRow;
  readonly index: number;
  readonly chosen: boolean;
  readonly onToggle: (index: number, id: string, range: boolean) => void;
  /** On the box that chooses the row. */
  readonly onKey: (event: KeyboardEvent, index: number) => void;
  readonly changes: Pick<LibraryChanges, 'say'>;
}

/** One saved paper. */
export function Row({ row, index, chosen, onToggle, onKey, changes }: RowProps): ReactElement {
  const { id, title, authors, year, state, tags, note, savedAt } = row;
  const name = title ?? id;
  const tagsOf = (typed: string): string[] => typed.split(',').flatMap((tag) => tag.trim() || []);
  return (
    <>
      <td className="cell-choose">
        <input
          type="checkbox"
          checked={chosen}
          data-row={index}
          aria-label={`Choose ${name}`}
          onClick={(event) => onToggle(index, id, event.shiftKey)}
          // It is the click that says whether a range is meant.
          onChange={() => undefined}
          onKeyDown={(event) => onKey(event, index)}
        />
      </td>
      <td className="cell-title">
        {title === null ? (
          <span className="gone">{id} is not in the collection any more</span>
        ) : (
          <Link to={paperPath(id)}>
            <RichText text={title} />
          </Link>
        )}
      </td>
      <td className="cell-authors">{title !== null && <Authors names={authors} limit={2} />}</td>
      <td className="cell-year">{year}</td>
      <td className="cell-tags">
        <Editable
          label={`tags of ${name}`}
          value={tags.join(', ')}
          hint="thesis, to cite"
          onSave={(typed) => changes.say(id, { tags: tagsOf(typed) })}
        >
          {tags.length === 0 ? (
            <span className="placeholder">Add tags</span>
          ) : (
            tags.map((tag) => (
              <span className="chip" key={tag}>
                {tag}
              </span>
            ))
          )}
        </Editable>
      </td>
      <td className="cell-state">
        <select
          aria-label={`Reading state of ${name}`}
          value={state}
          onChange={({ target }) => {
            const wanted = READING_STATES.find((known) => known === target.value);
            if (wanted) void changes.say(id, { state: wanted });
          }}
        >
          {READING_STATES.map((known) => (
            <option key={known} value={known}>
              {STATE_NAMES[known]}
            </option>
          ))}
        </select>
      </td>
      <td className="cell-note">
        <Editable
          label={`note of ${name}`}
          value={note}
          hint="A note"
          onSave={(typed) => changes.say(id, { note: typed })}
        >
          {note === '' ? <span className="placeholder">Add a note</span> : <span className="note">{note}</span>}
        </Editable>
      </td>
      <td className="cell-saved">{shortDayText(savedAt)}</td>
    </>
  );
}
