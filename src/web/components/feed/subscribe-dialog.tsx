import type { ReactElement } from 'react';
import { digestRequest } from '../../api/feed-requests.ts';
import { useAnswer } from '../../hooks/use-answer.ts';
import { Dialog } from '../dialog.tsx';
import { ProblemNotice } from '../notices.tsx';
import { DigestForm } from './digest-form.tsx';
import { WebFeeds } from './web-feeds.tsx';

/** The ways in which a feed comes to its reader: by mail, or into a program for web feeds. */
export function SubscribeDialog({ onClose }: { readonly onClose: () => void }): ReactElement {
  const asked = useAnswer(digestRequest);
  return (
    <Dialog title="By mail or feed reader" place="drawer" onClose={onClose}>
      <section className="drawer-section" aria-labelledby="mail-heading">
        <h3 id="mail-heading">By mail</h3>
        {asked.state === 'failed' && <ProblemNotice problem={asked.problem} onRetry={asked.retry} />}
        {!asked.value && asked.state === 'loading' && <div className="bone bone-form" aria-hidden="true" />}
        {asked.value && <DigestForm settings={asked.value} />}
      </section>
      <WebFeeds />
    </Dialog>
  );
}
