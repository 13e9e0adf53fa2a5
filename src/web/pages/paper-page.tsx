import type { ReactElement } from 'react';
import type { Facet, PaperJson } from '../../domain/mod.ts';
import { paperRequest } from '../api/requests.ts';
import { Kept } from '../components/kept.tsx';
import { Kin } from '../components/kin.tsx';
import { Link } from '../components/link.tsx';
import { ProblemNotice } from '../components/notices.tsx';
import { Facts } from '../components/paper-facts.tsx';
import { PaperHead } from '../components/paper-head.tsx';
import { RichText } from '../components/rich-text.tsx';
import { TrayPanel } from '../components/tray.tsx';
import { useAnswer } from '../hooks/use-answer.ts';
import { useCitation } from '../hooks/use-citation.ts';
import { usePaperKeys } from '../hooks/use-paper-keys.ts';
import { useScroll } from '../hooks/use-scroll.ts';
import { useTitle } from '../hooks/use-title.ts';
import { plainText } from '../text/tex.ts';
import '../styles/paper.css';

function PaperView({ paper, facet }: { readonly paper: PaperJson; readonly facet: Facet | '' }): ReactElement {
  const citing = useCitation(paper);
  usePaperKeys(() => void citing.copy('bibtex'));
  return (
    <>
      <article className="paper">
        <PaperHead paper={paper} citing={citing} />
        {paper.tldr && (
          <p className="tldr">
            <RichText text={paper.tldr} />
          </p>
        )}
        <section aria-labelledby="abstract-heading">
          <h2 id="abstract-heading">Abstract</h2>
          {paper.abstract === '' ? (
            <p className="no-abstract">No abstract is known for this paper.</p>
          ) : (
            <p className="whole-abstract">
              <RichText text={paper.abstract} />
            </p>
          )}
        </section>
        <Facts paper={paper} />
      </article>
      <div className="paper-side">
        <div className="paper-side-inner">
          <TrayPanel paper={paper} />
          <Kept paper={paper} />
        </div>
      </div>
      <Kin paper={paper} facet={facet} />
    </>
  );
}

/** Holds the paper's place in its measures. */
function PaperSkeleton(): ReactElement {
  return (
    <div className="paper skeleton" aria-hidden="true">
      <div className="paper-head">
        <div className="bone bone-headline" />
        <div className="bone bone-lead" />
        <div className="bone bone-lead" />
      </div>
      <div className="paper-bones">
        {['a', 'b', 'c', 'd', 'e', 'f', 'g'].map((line) => (
          <div key={line} className="bone" />
        ))}
      </div>
    </div>
  );
}

interface PaperPageProps {
  readonly id: string;
  readonly facet: Facet | '';
  readonly hash: string;
}

export default function PaperPage({ id, facet, hash }: PaperPageProps): ReactElement {
  const asked = useAnswer(paperRequest(id));
  useTitle(asked.value ? plainText(asked.value.title) : '');
  useScroll(id, asked.state === 'loading' ? 'pending' : 'settled', hash);
  const missing = asked.state === 'failed' && asked.problem.status === 404;
  return (
    <div className="paper-page" aria-busy={asked.state === 'loading'}>
      {asked.state === 'loading' && <PaperSkeleton />}
      {missing && (
        <div className="message" role="alert">
          <h1>No such paper</h1>
          <p>
            <code>{id}</code> is not in this library. <Link to="/">Search for it</Link>, or{' '}
            <Link to="/import">import it</Link>.
          </p>
        </div>
      )}
      {asked.state === 'failed' && !missing && <ProblemNotice problem={asked.problem} onRetry={asked.retry} />}
      {asked.state === 'ready' && <PaperView paper={asked.value} facet={facet} />}
    </div>
  );
}
