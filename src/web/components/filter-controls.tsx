import { useId, useState, type FormEvent, type ReactElement } from 'react';
import type { Stats } from '../../domain/mod.ts';
import { withValue, withYears, yearsOf, type ValueField } from '../filter-expression.ts';
import type { FilterDraft } from '../hooks/use-filter-draft.ts';

interface ControlsProps {
  readonly draft: FilterDraft;
  readonly stats: Stats | undefined;
}

/** A year is used once it is complete: on Enter, on leaving the field, or at its fourth digit. */
function YearField({
  label,
  value,
  onYear,
}: {
  readonly label: string;
  readonly value: number | undefined;
  readonly onYear: (year: number | undefined) => void;
}): ReactElement {
  const id = useId();
  const [typed, setTyped] = useState<string>();
  const use = (text: string): void => {
    setTyped(undefined);
    const year = /^\d{1,4}$/.test(text) ? Number(text) : undefined;
    if (year !== value) onYear(year);
  };
  const change = (text: string): void => {
    const digits = text.replace(/\D/g, '').slice(0, 4);
    if (digits.length === 4 || digits === '') use(digits);
    else setTyped(digits);
  };
  return (
    <div className="field">
      <label htmlFor={id}>{label}</label>
      <input
        id={id}
        type="text"
        inputMode="numeric"
        autoComplete="off"
        placeholder="any"
        value={typed ?? value ?? ''}
        onChange={(event) => change(event.target.value)}
        onBlur={() => typed !== undefined && use(typed)}
        onKeyDown={(event) => event.key === 'Enter' && typed !== undefined && use(typed)}
      />
    </div>
  );
}

interface ValueControlProps {
  readonly label: string;
  readonly values: readonly { readonly name: string; readonly papers: number }[];
  readonly onValue: (value: string) => void;
}

function ValueControl({ label, values, onValue }: ValueControlProps): ReactElement {
  const id = useId();
  const [text, setText] = useState('');
  const add = (value: string): void => {
    if (value.trim() !== '') onValue(value.trim());
    setText('');
  };
  const change = (typed: string, input: Event): void => {
    // Choosing from the list arrives as a replacement without text of its own; it is meant as it stands.
    const chosen = !(input instanceof InputEvent) || input.inputType === 'insertReplacementText';
    if (chosen && values.some(({ name }) => name === typed)) add(typed);
    else setText(typed);
  };
  const submit = (event: FormEvent): void => {
    event.preventDefault();
    add(text);
  };
  return (
    <form className="field field-wide" onSubmit={submit}>
      <label htmlFor={id}>{label}</label>
      <div className="field-row">
        <input
          id={id}
          type="text"
          list={`${id}-list`}
          autoComplete="off"
          spellCheck={false}
          placeholder="any"
          value={text}
          onChange={(event) => change(event.target.value, event.nativeEvent)}
        />
        {text !== '' && (
          <button type="submit" className="button" aria-label={`Add this ${label.toLowerCase()} to the filter`}>
            Add
          </button>
        )}
      </div>
      <datalist id={`${id}-list`}>
        {values.map(({ name, papers }) => (
          <option key={name} value={name}>{`${papers.toLocaleString('en')} papers`}</option>
        ))}
      </datalist>
    </form>
  );
}

/** Controls that write into the filter's expression. While it cannot be read they rest, so as not to destroy it. */
export function FilterControls({ draft, stats }: ControlsProps): ReactElement {
  const { reading, text } = draft;
  const years = reading.state === 'valid' ? yearsOf(reading.filter) : { from: undefined, to: undefined };
  const add = (field: ValueField) => (value: string) => draft.set(withValue(text, field, value));
  return (
    <fieldset className="controls" disabled={reading.state === 'invalid'}>
      <legend className="visually-hidden">Conditions</legend>
      <YearField
        label="From year"
        value={years.from}
        onYear={(from) => draft.set(withYears(text, { ...years, from }))}
      />
      <YearField label="To year" value={years.to} onYear={(to) => draft.set(withYears(text, { ...years, to }))} />
      <ValueControl label="Category" values={stats?.categories ?? []} onValue={add('category')} />
      <ValueControl label="Venue" values={stats?.venues ?? []} onValue={add('venue')} />
      <ValueControl label="Source" values={stats?.sources ?? []} onValue={add('source')} />
    </fieldset>
  );
}
