import { useState, type ReactElement } from 'react';
import { asProblem, problemOf, type Problem } from '../../api/problem.ts';
import { useServices } from '../../services.ts';
import { ProblemNotice } from '../notices.tsx';
import { Section } from './section.tsx';

const ADDRESS = '/api/backup';

export function Backup(): ReactElement {
  const { client } = useServices();
  const [state, setState] = useState<'idle' | 'fetching' | Problem>('idle');
  /** With a token, which a link cannot send: the whole is fetched first, and then handed to the reader. */
  const fetchWhole = async (): Promise<void> => {
    setState('fetching');
    try {
      const response = await fetch(ADDRESS, { headers: await client.headers() });
      if (!response.ok) throw problemOf(await response.json(), response.status);
      const url = URL.createObjectURL(await response.blob());
      const link = document.createElement('a');
      link.href = url;
      link.download =
        /filename="([^"]+)"/.exec(response.headers.get('content-disposition') ?? '')?.[1] ?? 'paperkin.zip';
      link.click();
      URL.revokeObjectURL(url);
      setState('idle');
    } catch (thrown) {
      setState(asProblem(thrown));
    }
  };
  return (
    <Section
      id="backup"
      title="Backup"
      lead="A zip of all papers and of what people keep: unpacked, it is a workspace again. Index files are made anew."
    >
      <div className="settings-actions">
        {client.isSignedIn() ? (
          <button type="button" className="button" disabled={state === 'fetching'} onClick={() => void fetchWhole()}>
            {state === 'fetching' ? 'Fetching…' : 'Download a backup'}
          </button>
        ) : (
          <a className="button" href={ADDRESS} download>
            Download a backup
          </a>
        )}
      </div>
      {typeof state === 'object' && <ProblemNotice problem={state} onRetry={() => void fetchWhole()} />}
    </Section>
  );
}
