import { useId, useState, type FormEvent, type ReactElement } from 'react';
import type { PersonJson } from '../../../domain/mod.ts';
import { isWithToken, personsRequest, type WithToken } from '../../api/settings-requests.ts';
import { useAnswer } from '../../hooks/use-answer.ts';
import { useChange } from '../../hooks/use-change.ts';
import { whenText } from '../../days.ts';
import { useServices } from '../../services.ts';
import { Dialog } from '../dialog.tsx';
import { RowsSkeleton, Section, SectionProblem } from './section.tsx';

const pathOf = ({ name }: PersonJson): string => `/api/persons/${encodeURIComponent(name)}`;

function NewToken({ made, onClose }: { readonly made: WithToken; readonly onClose: () => void }): ReactElement {
  const [copied, setCopied] = useState(false);
  const copy = (): void => {
    navigator.clipboard.writeText(made.token).then(
      () => setCopied(true),
      // Not allowed here: the field is selected by a click, and copied by hand.
      () => undefined,
    );
  };
  return (
    <Dialog title={`The token of ${made.person.name}`} onClose={onClose}>
      <p>
        It is shown this once. Whoever has it reads and writes what {made.person.name} keeps; only its hash is stored.
      </p>
      <input
        className="token"
        readOnly
        value={made.token}
        aria-label="Token"
        onFocus={({ target }) => target.select()}
      />
      <div className="settings-actions">
        <button type="button" className="button button-main" onClick={copy}>
          {copied ? 'Copied' : 'Copy'}
        </button>
        <button type="button" className="button" onClick={onClose}>
          Done
        </button>
      </div>
    </Dialog>
  );
}

function Erase({ person, onClose }: { readonly person: PersonJson; readonly onClose: () => void }): ReactElement {
  const { toasts } = useServices();
  const { change, pending } = useChange(['/api/persons', '/api/person', '/api/library', '/api/marks', '/api/feed']);
  const [typed, setTyped] = useState('');
  const id = useId();
  const { name, isDefault } = person;
  const erase = async (event: FormEvent): Promise<void> => {
    event.preventDefault();
    try {
      await change({ method: 'DELETE', url: pathOf(person), body: { name: typed } });
      toasts.show({ kind: 'done', text: `Everything kept of ${name} is erased` });
      onClose();
    } catch {
      // Told as a toast.
    }
  };
  return (
    <Dialog title={`Erase ${name}?`} onClose={onClose}>
      <form className="settings-form-plain" onSubmit={(event) => void erase(event)}>
        <p>
          Library, notes, topics, feedback, mails and web feeds of {name} are erased for good
          {isDefault ? '; the person stays, with nothing' : ''}. Backups are yours to erase.
        </p>
        <div className="field">
          <label htmlFor={id}>Type the name to do so</label>
          <input id={id} value={typed} autoComplete="off" onChange={({ target }) => setTyped(target.value)} />
        </div>
        <div className="settings-actions">
          <button type="submit" className="button button-problem" disabled={pending || typed !== name}>
            Erase
          </button>
          <button type="button" className="button" onClick={onClose}>
            Cancel
          </button>
        </div>
      </form>
    </Dialog>
  );
}

interface PersonRowProps {
  readonly person: PersonJson;
  readonly onToken: (made: WithToken) => void;
  readonly onErase: () => void;
}

function PersonRow({ person, onToken, onErase }: PersonRowProps): ReactElement {
  const { toasts } = useServices();
  const { change, pending } = useChange(['/api/persons']);
  const { name, isDefault, hasToken, createdAt } = person;
  const renew = async (): Promise<void> => {
    try {
      const made = await change({ method: 'POST', url: `${pathOf(person)}/token` });
      if (isWithToken(made)) onToken(made);
    } catch {
      // Told as a toast.
    }
  };
  const revoke = (): void => {
    change({ method: 'DELETE', url: `${pathOf(person)}/token` })
      .then(() => toasts.show({ kind: 'done', text: `The token of ${name} speaks for nobody any more` }))
      .catch(() => undefined);
  };
  return (
    <li className="settings-row">
      <div className="settings-row-main">
        <h3>{name}</h3>
        <p className="soft">
          {isDefault
            ? 'Keeps this library; whoever asks on this machine without a token'
            : `Since ${whenText(createdAt)}`}
          {' · '}
          {hasToken ? 'has a token' : 'no token'}
        </p>
      </div>
      <div className="settings-row-actions">
        <button
          type="button"
          className="button"
          disabled={pending}
          aria-label={`New token for ${name}`}
          onClick={() => void renew()}
        >
          New token
        </button>
        {hasToken && (
          <button
            type="button"
            className="text-button"
            disabled={pending}
            aria-label={`Revoke the token of ${name}`}
            onClick={revoke}
          >
            Revoke
          </button>
        )}
        <button type="button" className="text-button" aria-label={`Erase ${name}`} onClick={onErase}>
          Erase
        </button>
      </div>
    </li>
  );
}

function AddPerson({ onToken }: { readonly onToken: (made: WithToken) => void }): ReactElement {
  const { change, pending } = useChange(['/api/persons']);
  const [name, setName] = useState('');
  const id = useId();
  const add = async (event: FormEvent): Promise<void> => {
    event.preventDefault();
    try {
      const made = await change({ method: 'POST', url: '/api/persons', body: { name } });
      setName('');
      if (isWithToken(made)) onToken(made);
    } catch {
      // Told as a toast; what was typed stays.
    }
  };
  return (
    <form className="settings-inline" onSubmit={(event) => void add(event)}>
      <div className="field">
        <label htmlFor={id}>Add somebody</label>
        <input
          id={id}
          value={name}
          required
          maxLength={64}
          autoComplete="off"
          onChange={({ target }) => setName(target.value)}
        />
      </div>
      <button type="submit" className="button" disabled={pending || name.trim() === ''}>
        Add
      </button>
    </form>
  );
}

export function People(): ReactElement {
  const asked = useAnswer(personsRequest);
  const [made, setMade] = useState<WithToken>();
  const [erasing, setErasing] = useState<PersonJson>();
  const { value } = asked;
  return (
    <Section
      id="people"
      title="People and tokens"
      lead="Each has a library, topics and a feed of their own. A token speaks for one person, in a browser or a program."
    >
      {asked.state === 'failed' && !value && <SectionProblem problem={asked.problem} onRetry={asked.retry} />}
      {asked.state === 'loading' && !value && <RowsSkeleton rows={1} />}
      {value && (
        <>
          <ul className="settings-rows">
            {value.persons.map((person) => (
              <PersonRow key={person.name} person={person} onToken={setMade} onErase={() => setErasing(person)} />
            ))}
          </ul>
          <AddPerson onToken={setMade} />
        </>
      )}
      {made && <NewToken made={made} onClose={() => setMade(undefined)} />}
      {erasing && <Erase person={erasing} onClose={() => setErasing(undefined)} />}
    </Section>
  );
}
