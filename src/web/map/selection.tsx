import { useId, useState, type FormEvent, type ReactElement } from 'react';
import { asProblem } from '../api/problem.ts';
import { formatFilterValue, PERSON_LIMITS } from '../../domain/mod.ts';
import { useAnswer } from '../hooks/use-answer.ts';
import { useChange } from '../hooks/use-change.ts';
import { navigate } from '../hooks/use-route.ts';
import { countText } from '../numbers.ts';
import { searchPath } from '../routes.ts';
import { useServices } from '../services.ts';
import { PaperList } from './paper-list.tsx';
import { PAGE_ROWS, papersAtRequest } from './requests.ts';

/** The server saves so many at once; a larger part of the map is a topic or a search, not a reading list. */
const MOST_SAVED = 1_000;
/** A filter has at most 10,000 characters, and an id some 25 with its field. */
const MOST_SEARCHED = 200;
const SHOWN = 8;

interface SelectionProps {
  readonly rows: readonly number[];
  readonly layout: number;
  readonly onClear: () => void;
}

/** What can be done with the papers that were drawn around. */
export function Selection({ rows, layout, onClear }: SelectionProps): ReactElement {
  const { client, toasts } = useServices();
  const { change, pending } = useChange(['/api/marks', '/api/library', '/api/topics', '/api/profile']);
  const [naming, setNaming] = useState(false);
  const [name, setName] = useState('');
  const nameId = useId();
  const first = useAnswer(papersAtRequest(layout, rows.slice(0, SHOWN)));

  const idsOf = async (most: number): Promise<string[] | undefined> => {
    try {
      const ids: string[] = [];
      for (let at = 0; at < Math.min(most, rows.length); at += PAGE_ROWS) {
        const part = rows.slice(at, Math.min(most, at + PAGE_ROWS));
        ids.push(...(await client.ask(papersAtRequest(layout, part))).papers.map(({ paper }) => paper.id));
      }
      return ids;
    } catch (error) {
      const { title, message } = asProblem(error);
      toasts.show({ kind: 'problem', text: `${title}. ${message}` });
      return undefined;
    }
  };
  /** A change that the server refuses is told already. */
  const changed = async (url: string, body: unknown): Promise<boolean> =>
    change({ method: 'POST', url, body }).then(
      () => true,
      () => false,
    );
  const save = async (): Promise<void> => {
    const ids = await idsOf(MOST_SAVED);
    if (ids && (await changed('/api/library', { ids }))) {
      toasts.show({ kind: 'done', text: `Saved ${papersText(ids.length)}` });
    }
  };
  const makeTopic = async (): Promise<void> => {
    const papers = await idsOf(PERSON_LIMITS.topicPapers);
    if (papers && (await changed('/api/topics', { name: name.trim(), papers }))) {
      toasts.show({ kind: 'done', text: `Made the topic ${name.trim()} of ${papersText(papers.length)}` });
      setNaming(false);
    }
  };
  const search = async (): Promise<void> => {
    const ids = await idsOf(MOST_SEARCHED);
    if (ids) navigate(searchPath({ filter: ids.map((id) => `id:${formatFilterValue(id)}`).join(' ') }));
  };
  const more = rows.length - SHOWN;
  return (
    <section className="map-selection" aria-labelledby="map-selection-heading">
      <div className="section-head">
        <h2 id="map-selection-heading">{papersText(rows.length)} selected</h2>
        <button type="button" className="text-button" onClick={onClear}>
          Clear
        </button>
      </div>
      <div className="map-actions">
        <button type="button" className="button" disabled={pending} onClick={() => void save()}>
          {rows.length > MOST_SAVED ? `Save the first ${countText(MOST_SAVED)}` : 'Save all'}
        </button>
        <button
          type="button"
          className="button"
          disabled={rows.length > PERSON_LIMITS.topicPapers}
          aria-expanded={naming}
          onClick={() => setNaming(!naming)}
        >
          Make a topic
        </button>
        <button type="button" className="button" disabled={rows.length > MOST_SEARCHED} onClick={() => void search()}>
          Search within
        </button>
      </div>
      {rows.length > MOST_SEARCHED && (
        <p className="map-hint">
          A search within takes at most {MOST_SEARCHED} papers, and a topic {countText(PERSON_LIMITS.topicPapers)}.
        </p>
      )}
      {naming && rows.length <= PERSON_LIMITS.topicPapers && (
        <form
          className="field"
          onSubmit={(event: FormEvent) => {
            event.preventDefault();
            void makeTopic();
          }}
        >
          <label htmlFor={nameId}>Name of the topic</label>
          <div className="field-row">
            <input id={nameId} value={name} required maxLength={100} onChange={({ target }) => setName(target.value)} />
            <button type="submit" className="button" disabled={pending || name.trim() === ''}>
              Make
            </button>
          </div>
        </form>
      )}
      {first.value && <PaperList papers={first.value.papers} />}
      {more > 0 && <p className="map-hint">and {countText(more)} more</p>}
    </section>
  );
}

export const papersText = (papers: number): string => (papers === 1 ? '1 paper' : `${countText(papers)} papers`);
