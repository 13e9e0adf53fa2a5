import { useId, useState, type FormEvent, type ReactElement } from 'react';
import type { SourceKindJson, SourceOption } from '../../../domain/mod.ts';
import { useChange } from '../../hooks/use-change.ts';
import { useServices } from '../../services.ts';
import { kindText } from './kinds.ts';

interface Wording {
  readonly label: string;
  readonly hint: string;
}

const OPTIONS: { readonly [option in SourceOption]: Wording } = {
  categories: { label: 'Categories', hint: 'cs.IR, cs.CL' },
  since: { label: 'Since (optional)', hint: '2026-01-31' },
  server: { label: 'Server (optional)', hint: 'biorxiv or medrxiv' },
  set: { label: 'Set (optional)', hint: 'cs:cs:IR' },
  prefix: { label: 'Form of metadata (optional)', hint: 'oai_dc' },
  library: { label: 'Library (optional)', hint: 'users/0 or groups/1234' },
};
const ARGUMENTS: { readonly [argument in 'url' | 'path']: Wording } = {
  url: { label: 'Address', hint: 'https://journal.example.org/feed.xml' },
  path: { label: 'Path of the folder, on the machine of the server', hint: '/home/ada/papers' },
};

interface FieldProps extends Wording {
  readonly value: string;
  readonly onValue: (value: string) => void;
  readonly required?: boolean;
}

function Field({ label, hint, value, onValue, required = false }: FieldProps): ReactElement {
  const id = useId();
  return (
    <div className="field">
      <label htmlFor={id}>{label}</label>
      <input
        id={id}
        value={value}
        placeholder={hint}
        required={required}
        autoComplete="off"
        spellCheck={false}
        onChange={({ target }) => onValue(target.value)}
      />
    </div>
  );
}

interface AddSourceProps {
  readonly kinds: readonly SourceKindJson[];
  readonly onClose: () => void;
}

/** What is typed stays when another kind is looked at, and when the server refuses it. */
export function AddSource({ kinds, onClose }: AddSourceProps): ReactElement {
  const { toasts } = useServices();
  const { change, pending, problem } = useChange(['/api/sources']);
  const [kindName, setKind] = useState('arxiv');
  const [values, setValues] = useState<Readonly<Record<string, string>>>({});
  const kindId = useId();
  const kind = kinds.find((known) => known.kind === kindName) ?? kinds[0];
  const valueOf = (name: string): string => values[name] ?? '';
  const setValue = (name: string) => (value: string) => setValues((before) => ({ ...before, [name]: value }));
  if (!kind) return <p className="empty">This server knows no kind of source.</p>;
  const { argument, options } = kind;
  const add = async (event: FormEvent): Promise<void> => {
    event.preventDefault();
    const given = (name: string): string => valueOf(name).trim();
    const settings = Object.fromEntries(options.map((option) => [option, given(option)]));
    const name = given('name');
    const body = {
      kind: kind.kind,
      settings,
      ...(argument === null ? {} : { argument: given(argument) }),
      ...(name === '' ? {} : { name }),
    };
    try {
      await change({ method: 'POST', url: '/api/sources', body });
      toasts.show({ kind: 'done', text: `Added ${name || kindText(kind.kind)}; sync it to fetch its papers` });
      onClose();
    } catch {
      // Said beside the form.
    }
  };
  return (
    <form className="settings-form" aria-label="Add a source" onSubmit={(event) => void add(event)}>
      <div className="field">
        <label htmlFor={kindId}>Kind</label>
        <select id={kindId} value={kind.kind} onChange={({ target }) => setKind(target.value)}>
          {kinds.map((known) => (
            <option key={known.kind} value={known.kind}>
              {kindText(known.kind)}
            </option>
          ))}
        </select>
      </div>
      {argument !== null && (
        <Field {...ARGUMENTS[argument]} value={valueOf(argument)} onValue={setValue(argument)} required />
      )}
      {options.map((option) => (
        <Field
          key={option}
          {...OPTIONS[option]}
          value={valueOf(option)}
          onValue={setValue(option)}
          required={option === 'categories' && kind.kind === 'arxiv'}
        />
      ))}
      <Field label="Name (optional)" hint={kind.kind} value={valueOf('name')} onValue={setValue('name')} />
      <p className="field-error" role="alert">
        {problem?.message}
      </p>
      <div className="settings-actions">
        <button type="submit" className="button button-main" disabled={pending}>
          Add
        </button>
        <button type="button" className="text-button" onClick={onClose}>
          Cancel
        </button>
      </div>
    </form>
  );
}
