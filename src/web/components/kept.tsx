import { useEffect, useEffectEvent, useId, useState, type FormEvent, type ReactElement } from 'react';
import {
  PERSON_LIMITS,
  READING_STATES,
  type PaperJson,
  type ReadingState,
  type SavedPaperJson,
} from '../../domain/mod.ts';
import { savedRequest } from '../api/requests.ts';
import { useAnswer } from '../hooks/use-answer.ts';
import { useMarks, type Marks } from '../hooks/use-marks.ts';
import { useServices } from '../services.ts';
import { ProblemNotice } from './notices.tsx';

const STATES: { readonly [state in ReadingState]: string } = { 'to-read': 'To read', reading: 'Reading', read: 'Read' };

interface KeptProps {
  readonly paper: PaperJson;
  readonly saved: Pick<SavedPaperJson, 'state' | 'tags' | 'note'>;
  readonly keep: Marks['keep'];
}

function State({ paper, saved: { state }, keep }: KeptProps): ReactElement {
  const name = useId();
  return (
    <fieldset>
      <legend className="visually-hidden">How far you have read it</legend>
      <div className="segmented">
        {READING_STATES.map((choice) => (
          <label key={choice}>
            <input
              type="radio"
              name={name}
              checked={choice === state}
              onChange={() =>
                void keep(
                  paper,
                  { state: choice },
                  { before: { state }, text: `Marked: ${STATES[choice].toLowerCase()}` },
                )
              }
            />
            <span>{STATES[choice]}</span>
          </label>
        ))}
      </div>
    </fieldset>
  );
}

function Tags({ paper, saved: { tags }, keep }: KeptProps): ReactElement {
  const [typed, setTyped] = useState('');
  const id = useId();
  const add = async (): Promise<void> => {
    const tag = typed.trim();
    const known = tags.some((held) => held.toLowerCase() === tag.toLowerCase());
    const done =
      tag === '' ||
      known ||
      (await keep(paper, { tags: [...tags, tag] }, { before: { tags }, text: `Tagged: ${tag}` }));
    // What the server refused stays in the field.
    if (done) setTyped((now) => (now.trim() === tag ? '' : now));
  };
  const submit = (event: FormEvent): void => {
    event.preventDefault();
    void add();
  };
  return (
    <form className="field" onSubmit={submit}>
      <label htmlFor={id}>Tags</label>
      {tags.length > 0 && (
        <ul className="chips" aria-label="Tags of this paper">
          {tags.map((tag) => (
            <li key={tag}>
              <button
                type="button"
                className="chip chip-set"
                aria-label={`Remove the tag ${tag}`}
                onClick={() =>
                  void keep(
                    paper,
                    { tags: tags.filter((held) => held !== tag) },
                    { before: { tags }, text: `No longer tagged: ${tag}` },
                  )
                }
              >
                {tag} <span aria-hidden="true">×</span>
              </button>
            </li>
          ))}
        </ul>
      )}
      <input
        id={id}
        value={typed}
        maxLength={PERSON_LIMITS.tagCharacters}
        placeholder="Add a tag, then Enter"
        autoComplete="off"
        onChange={(event) => setTyped(event.target.value)}
        onBlur={() => void add()}
      />
    </form>
  );
}

/** Saved when the reader leaves it; until the server has it, what was typed is kept in the tab. */
function Note({ paper, saved: { note }, keep }: KeptProps): ReactElement {
  const { drafts } = useServices();
  const [draft, setDraft] = useState(() => drafts.of(paper.id));
  const [before, setBefore] = useState(note);
  const id = useId();

  const type = (text: string): void => {
    if (draft === undefined) setBefore(note);
    setDraft(text);
    drafts.keep(paper.id, text);
  };
  const settle = (text: string): void => {
    if (drafts.of(paper.id) === text) drafts.drop(paper.id);
    setDraft((now) => (now === text ? undefined : now));
  };
  const save = async (): Promise<void> => {
    if (draft === undefined) return;
    const unchanged = draft === before;
    if (unchanged || (await keep(paper, { note: draft }, { before: { note: before }, text: 'Note saved' })))
      settle(draft);
  };
  // The back button leaves the page without leaving the field.
  const leave = useEffectEvent(save);
  useEffect(() => () => void leave(), []);

  const shown = draft ?? note;
  return (
    <div className="field">
      <label htmlFor={id}>Note</label>
      <textarea
        id={id}
        value={shown}
        rows={4}
        maxLength={PERSON_LIMITS.noteCharacters}
        placeholder="What it is to you"
        onChange={(event) => type(event.target.value)}
        onBlur={() => void save()}
      />
      <output className="note-state">{draft !== undefined && draft !== before && 'Not saved yet'}</output>
      {shown !== '' && <p className="note-print">{shown}</p>}
    </div>
  );
}

/** What the reader keeps of a saved paper: how far it is read, tags, a note; all edited in place. */
export function Kept({ paper }: { readonly paper: PaperJson }): ReactElement {
  const marks = useMarks();
  const state = marks.stateOf(paper.id);
  // Not after the marks are in: so less moves when the page is drawn.
  const asked = useAnswer(savedRequest(paper.id));
  const saved = asked.value?.saved;
  const heading = useId();
  return (
    <section className="kept" aria-labelledby={heading} aria-busy={asked.state === 'loading'}>
      <h2 id={heading}>Yours</h2>
      {state === undefined && (
        <p className="hint">Save this paper to keep a note, tags, and how far you have read it.</p>
      )}
      {state !== undefined && asked.state === 'failed' && (
        <ProblemNotice problem={asked.problem} onRetry={asked.retry} />
      )}
      {state !== undefined && saved && (
        <>
          <State paper={paper} saved={saved} keep={marks.keep} />
          <Tags paper={paper} saved={saved} keep={marks.keep} />
          <Note paper={paper} saved={saved} keep={marks.keep} />
        </>
      )}
    </section>
  );
}
