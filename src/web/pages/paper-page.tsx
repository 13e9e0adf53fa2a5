import type { ReactElement } from 'react';
import type { PaperJson } from '../../domain/mod.ts';
import { paperRequest } from '../api/requests.ts';
import { BibtexBlock } from '../components/bibtex-block.tsx';
import { AllAuthors } from '../components/byline.tsx';
import { Kin } from '../components/kin.tsx';
import { Link } from '../components/link.tsx';
import { HitsSkeleton, ProblemNotice } from '../components/notices.tsx';
import { RichText } from '../components/rich-text.tsx';
import { useAnswer } from '../hooks/use-answer.ts';
import { useScroll } from '../hooks/use-scroll.ts';
import { useTitle } from '../hooks/use-title.ts';
import { linksOf } from '../../domain/mod.ts';
import { plainText } from '../text/tex.ts';

const DAY = new Intl.DateTimeFormat('en', { dateStyle: 'long', timeZone: 'UTC' });

function dateOf({ date, year }: PaperJson): string | undefined {
  const at = date === null ? Number.NaN : Date.parse(`${date}T00:00:00Z`);
  if (!Number.isNaN(at)) return DAY.format(at);
  return year === null ? undefined : String(year);
}

function Facts({ paper }: { readonly paper: PaperJson }): ReactElement {
  const facts: [name: string, value: string | undefined][] = [
    ['Published', dateOf(paper)],
    ['In', paper.venue ?? undefined],
    ['Cited', paper.citations === null ? undefined : `${paper.citations.toLocaleString('en')} times`],
    ['Keywords', paper.keywords.length > 0 ? paper.keywords.join(', ') : undefined],
    ['Comment', paper.comment ?? undefined],
    ['Imported from', paper.sources.join(', ')],
    ['Id', paper.id],
  ];
  return (
    <dl className="facts">
      {facts.map(([name, value]) =>
        value === undefined ? null : (
          <div key={name}>
            <dt>{name}</dt>
            <dd>
              <RichText text={value} />
            </dd>
          </div>
        ),
      )}
    </dl>
  );
}

function PaperHead({ paper }: { readonly paper: PaperJson }): ReactElement {
  const links = linksOf(paper);
  return (
    <header className="paper-head">
      <h1>
        <RichText text={paper.title || paper.id} />
      </h1>
      <AllAuthors names={paper.authors} />
      {paper.categories.length > 0 && (
        <ul className="chips" aria-label="Categories">
          {paper.categories.map((category) => (
            <li key={category}>
              <span className="chip">{category}</span>
            </li>
          ))}
        </ul>
      )}
      {links.length > 0 && (
        <ul className="links" aria-label="This paper elsewhere">
          {links.map(({ label, href }) => (
            <li key={label}>
              <a href={href} target="_blank" rel="noopener noreferrer">
                {label}
              </a>
            </li>
          ))}
        </ul>
      )}
    </header>
  );
}

function PaperView({ paper }: { readonly paper: PaperJson }): ReactElement {
  return (
    <>
      <article className="paper">
        <PaperHead paper={paper} />
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
        <BibtexBlock paper={paper} />
      </article>
      <Kin paper={paper} />
    </>
  );
}

export default function PaperPage({ id, hash }: { readonly id: string; readonly hash: string }): ReactElement {
  const asked = useAnswer(paperRequest(id));
  useTitle(asked.value ? plainText(asked.value.title) : '');
  useScroll(id, asked.state === 'loading' ? 'pending' : 'settled', hash);
  const missing = asked.state === 'failed' && asked.problem.status === 404;
  return (
    <div className="column paper-page" aria-busy={asked.state === 'loading'}>
      {asked.state === 'loading' && <HitsSkeleton count={1} />}
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
      {asked.state === 'ready' && <PaperView paper={asked.value} />}
    </div>
  );
}
