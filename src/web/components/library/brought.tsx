import type { ChangeEvent, ReactElement } from 'react';
import type { Bringing } from '../../hooks/use-bring-files.ts';
import { ImportEntry } from '../import-progress.tsx';

/** Chooses files whose papers are imported and saved. */
export function BringButton({ bringAll }: Pick<Bringing, 'bringAll'>): ReactElement {
  const choose = (event: ChangeEvent<HTMLInputElement>): void => {
    bringAll([...(event.target.files ?? [])]);
    // The same file may be chosen again, after it was mended.
    event.target.value = '';
  };
  return (
    <label className="button library-bring">
      <input type="file" multiple onChange={choose} />
      Import files…
    </label>
  );
}

/** How far the files are, and what came of them. */
export function Brought({ entries, forget }: Pick<Bringing, 'entries' | 'forget'>): ReactElement | null {
  if (entries.length === 0) return null;
  const allEnded = entries.every(({ state }) => state.kind === 'done' || state.kind === 'failed');
  return (
    <section className="library-brought" aria-labelledby="brought-heading">
      <div className="section-head">
        <h2 id="brought-heading">Imported here</h2>
        {allEnded && (
          <button type="button" className="text-button" onClick={forget}>
            Hide
          </button>
        )}
      </div>
      <ol className="import-list">
        {entries.map((entry) => (
          <ImportEntry key={entry.number} entry={entry} />
        ))}
      </ol>
    </section>
  );
}
