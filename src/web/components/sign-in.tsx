import { useId, type FormEvent, type ReactElement } from 'react';
import { useSignIn } from '../hooks/use-sign-in.ts';
import { useServices } from '../services.ts';

/** For a server that several persons share: what is kept is told to their tokens only. */
export function SignIn({ refused }: { readonly refused: string }): ReactElement {
  const { client } = useServices();
  const signIn = useSignIn();
  const id = useId();
  const submit = (event: FormEvent<HTMLFormElement>): void => {
    event.preventDefault();
    const token = new FormData(event.currentTarget).get('token');
    signIn(typeof token === 'string' && token.trim() !== '' ? token.trim() : undefined);
  };
  return (
    <form className="message" onSubmit={submit}>
      <h2>Whose library is it?</h2>
      <p>
        This server keeps papers for several people. Paste the token that you were given when you were added; this
        browser remembers it. Whoever runs Paperkin makes tokens, on the page Settings or by{' '}
        <code>paperkin person token</code>.
      </p>
      <div className="field field-row">
        <label htmlFor={id} className="visually-hidden">
          Your token
        </label>
        <input id={id} name="token" type="password" autoComplete="current-password" placeholder="paperkin_…" required />
        <button type="submit" className="button">
          Sign in
        </button>
      </div>
      <output className="field-error">{client.signedIn() ? `The token was refused: ${refused}` : ''}</output>
    </form>
  );
}
