import { useId, useState, type FormEvent, type ReactElement } from 'react';
import { personRequest } from '../../api/settings-requests.ts';
import { useAnswer } from '../../hooks/use-answer.ts';
import { useSignIn } from '../../hooks/use-sign-in.ts';
import { useServices } from '../../services.ts';
import { Section } from './section.tsx';

/** For whom this browser asks, on a server that has several people or can be reached from elsewhere. */
export function ReadingAs(): ReactElement {
  const { client } = useServices();
  const signIn = useSignIn();
  const asked = useAnswer(personRequest);
  const [token, setToken] = useState('');
  const id = useId();
  const submit = (event: FormEvent): void => {
    event.preventDefault();
    signIn(token.trim());
    setToken('');
  };
  const person = asked.state === 'ready' ? asked.value : undefined;
  const refused = asked.state === 'failed' && asked.problem.code === 'TOKEN_REFUSED';
  return (
    <Section id="reader" title="This browser" lead="Whose library and feed you see here.">
      <output>
        {person && (
          <>
            Reading as <strong>{person.name}</strong>.
          </>
        )}
        {refused &&
          !client.signedIn() &&
          'This server keeps papers for several people: paste your token, which whoever runs Paperkin gives.'}
        {asked.state === 'failed' && (!refused || client.signedIn()) && asked.problem.message}
      </output>
      <form className="settings-inline" onSubmit={submit}>
        <div className="field">
          <label htmlFor={id}>{refused ? 'Your token' : 'Read as somebody else, by their token'}</label>
          <input
            id={id}
            type="password"
            value={token}
            autoComplete="off"
            onChange={({ target }) => setToken(target.value)}
          />
        </div>
        <button type="submit" className="button" disabled={token.trim() === ''}>
          Use token
        </button>
        {client.signedIn() && (
          <button type="button" className="text-button" onClick={() => signIn(undefined)}>
            Forget the token
          </button>
        )}
      </form>
    </Section>
  );
}
