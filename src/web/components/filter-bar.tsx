import { useId, useState, type FormEvent, type ReactElement } from 'react';
import type { SearchMode } from '../../domain/mod.ts';
import { conditionsOf, type Condition } from '../filter-expression.ts';
import { useFilterDraft, type FilterDraft } from '../hooks/use-filter-draft.ts';
import { BreakdownPanel, type BreakdownCounts } from './breakdown-panel.tsx';

const MODES: ReadonlyArray<{ readonly mode: SearchMode; readonly name: string; readonly title: string }> = [
  { mode: 'hybrid', name: 'Both', title: 'By meaning and by words' },
  { mode: 'dense', name: 'Meaning', title: 'By meaning alone' },
  { mode: 'lexical', name: 'Words', title: 'By words alone' },
];

interface ModeChoiceProps {
  readonly mode: SearchMode;
  readonly onMode: (mode: SearchMode) => void;
}

function ModeChoice({ mode, onMode }: ModeChoiceProps): ReactElement {
  return (
    <fieldset className="modes">
      <legend>Search by</legend>
      <div className="segmented">
        {MODES.map((choice) => (
          <label key={choice.mode} title={choice.title}>
            <input
              type="radio"
              name="mode"
              value={choice.mode}
              checked={choice.mode === mode}
              onChange={() => onMode(choice.mode)}
            />
            <span>{choice.name}</span>
          </label>
        ))}
      </div>
    </fieldset>
  );
}

/** The expression once more, with the place of the mistake underlined: an input cannot show it itself. */
function Mistake({
  text,
  reason,
  column,
}: {
  readonly text: string;
  readonly reason: string;
  readonly column: number;
}): ReactElement {
  const at = Math.min(column - 1, text.length);
  const word = /^(?:"[^"]*"?|\S+)/.exec(text.slice(at))?.[0] ?? '';
  return (
    <>
      <code className="mistake" aria-hidden="true">
        {text.slice(Math.max(0, at - 24), at)}
        <span className="mistake-place">{word.slice(0, 40) || '\u00A0'}</span>
      </code>
      <span>
        Column {column}: {reason}.
      </span>
    </>
  );
}

function Expression({ draft }: { readonly draft: FilterDraft }): ReactElement {
  const id = useId();
  const { text, reading } = draft;
  const invalid = reading.state === 'invalid';
  const submit = (event: FormEvent): void => {
    event.preventDefault();
    draft.set(text);
  };
  return (
    <form onSubmit={submit} className="field field-wide">
      <label htmlFor={id}>Filter</label>
      <input
        id={id}
        className="expression"
        type="text"
        value={text}
        onChange={(event) => draft.type(event.target.value)}
        placeholder="year>=2015 category:cs.IR"
        autoComplete="off"
        autoCapitalize="none"
        spellCheck={false}
        aria-invalid={invalid}
        aria-describedby={`${id}-error`}
      />
      <p className="field-error" id={`${id}-error`} aria-live="polite">
        {reading.state === 'invalid' && <Mistake text={text} reason={reading.reason} column={reading.column} />}
      </p>
    </form>
  );
}

function Conditions({
  conditions,
  onChange,
}: {
  readonly conditions: readonly Condition[];
  readonly onChange: (expression: string) => void;
}): ReactElement {
  return (
    <ul className="chips" aria-label="Conditions of the filter">
      {conditions.map(({ label, without }) => (
        <li key={label}>
          <button
            type="button"
            className="chip chip-set"
            onClick={() => onChange(without)}
            aria-label={`Remove ${label}`}
          >
            {label} <span aria-hidden="true">×</span>
          </button>
        </li>
      ))}
    </ul>
  );
}

interface FilterBarProps {
  readonly filter: string;
  readonly onFilter: (expression: string) => void;
  /** Absent where the mode says nothing: papers like an example are always found both ways. */
  readonly choice: ModeChoiceProps | undefined;
  readonly counts: BreakdownCounts;
}

/** Everything that narrows a search. All controls write into one expression, the one that the terminal takes, too. */
export function FilterBar({ filter, onFilter, choice, counts }: FilterBarProps): ReactElement {
  const [panel, setPanel] = useState<'closed' | 'open'>('closed');
  const draft = useFilterDraft(filter, onFilter);
  const conditions = draft.reading.state === 'valid' ? conditionsOf(draft.reading.filter) : [];
  const id = useId();
  return (
    <section className="filter-bar" aria-label="Filter">
      <button
        type="button"
        className="button filter-toggle"
        aria-expanded={panel === 'open'}
        aria-controls={id}
        onClick={() => setPanel(panel === 'open' ? 'closed' : 'open')}
      >
        Filter{conditions.length > 0 && ` (${conditions.length})`}
      </button>
      {conditions.length > 0 && (
        <div className="conditions">
          <Conditions conditions={conditions} onChange={draft.set} />
          <button type="button" className="text-button" onClick={() => draft.set('')}>
            Clear filter
          </button>
        </div>
      )}
      <div className="filter-panel" id={id} data-panel={panel}>
        {choice && <ModeChoice {...choice} />}
        <Expression draft={draft} />
        <BreakdownPanel draft={draft} counts={counts} />
      </div>
    </section>
  );
}
