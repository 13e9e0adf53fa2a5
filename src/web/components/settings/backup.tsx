import { useState, type ReactElement } from 'react';
import { downloadFrom } from '../../api/download.ts';
import { asProblem, type Problem } from '../../api/problem.ts';
import { useServices } from '../../services.ts';
import { Section, SectionProblem } from './section.tsx';

const ADDRESS = '/api/backup';

export function Backup(): ReactElement {
  const { client } = useServices();
  const [state, setState] = useState<'idle' | 'fetching' | Problem>('idle');
  /** With a token, which a link cannot send: the whole is fetched first, and then handed to the reader. */
  const fetchWhole = async (): Promise<void> => {
    setState('fetching');
    try {
      await downloadFrom(client, ADDRESS);
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
        {client.signedIn() ? (
          <button type="button" className="button" disabled={state === 'fetching'} onClick={() => void fetchWhole()}>
            {state === 'fetching' ? 'Fetching…' : 'Download a backup'}
          </button>
        ) : (
          <a className="button" href={ADDRESS} download>
            Download a backup
          </a>
        )}
      </div>
      {typeof state === 'object' && <SectionProblem problem={state} onRetry={() => void fetchWhole()} />}
    </Section>
  );
}
