import { useState, type KeyboardEvent, type ReactElement, type ReactNode } from 'react';

interface EditableProps {
  /** What it is, for screen readers: "Note of …". */
  readonly label: string;
  readonly value: string;
  readonly hint: string;
  readonly children: ReactNode;
  /** Resolves with whether it was kept; where it was not, what was typed stays. */
  readonly onSave: (value: string) => Promise<boolean>;
}

/** A text that becomes a field where it stands. Enter and leaving it save, Escape does not. */
export function Editable({ label, value, hint, children, onSave }: EditableProps): ReactElement {
  const [draft, setDraft] = useState<string>();
  if (draft === undefined) {
    return (
      <button type="button" className="editable" onClick={() => setDraft(value)}>
        {children}
        <span className="visually-hidden">, edit {label}</span>
      </button>
    );
  }
  const save = async (): Promise<void> => {
    if (draft === value || (await onSave(draft))) setDraft(undefined);
  };
  const onKey = (event: KeyboardEvent): void => {
    if (event.key === 'Enter') void save();
    if (event.key === 'Escape') setDraft(undefined);
  };
  return (
    <input
      className="editable-field"
      aria-label={label}
      placeholder={hint}
      value={draft}
      // oxlint-disable-next-line jsx-a11y/no-autofocus -- the reader has just pressed the button that it takes the place of
      autoFocus
      onChange={({ target }) => setDraft(target.value)}
      onKeyDown={onKey}
      onBlur={() => void save()}
    />
  );
}
