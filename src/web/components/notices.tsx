import type { ReactElement } from 'react';
import type { Degradation, Understood } from '../../domain/mod.ts';
import type { Problem } from '../api/problem.ts';
import { SignIn } from './sign-in.tsx';

const LACKS: { readonly [part in Degradation['part']]: string } = {
  dense: 'Search by meaning is off, these results come from words alone',
  embeddings: 'Not every paper is searched by meaning yet',
  lexical: 'Search by words is off, these results come from meaning alone',
  evidence: 'Evidence sentences are missing',
  rerank: 'The first hits are not reranked',
  facet: 'Not by that alone',
  relevance: 'No paper is held back as irrelevant',
};

/** What the answer lacks and why. */
export function DegradedNotice({ degraded }: { readonly degraded: readonly Degradation[] }): ReactElement | null {
  if (degraded.length === 0) return null;
  return (
    <output className="notice">
      {degraded.map(({ part, reason }) => (
        <span className="notice-line" key={part}>
          {LACKS[part]}: {reason.replace(/\.$/, '')}.
        </span>
      ))}
    </output>
  );
}

/** What a query was taken for, where that is more than words to look for. */
export function UnderstoodNotice({ understood }: { readonly understood: Understood | null }): ReactElement | null {
  if (!understood) return null;
  const { filter, corrections, authors } = understood;
  if (filter === null && corrections.length === 0 && authors.length === 0) return null;
  return (
    <p className="understood">
      {filter !== null && (
        <span>
          Only papers with <code>{filter}</code>.{' '}
        </span>
      )}
      {corrections.map(({ typed, taken }) => (
        <span key={typed}>
          No paper has “{typed}”: searched for <strong>{taken}</strong>.{' '}
        </span>
      ))}
      {authors.length > 0 && <span>Papers by {authors.join(', ')} come first.</span>}
    </p>
  );
}

interface ProblemNoticeProps {
  readonly problem: Problem;
  readonly onRetry?: (() => void) | undefined;
}

/** A failed request. A server that is starting is no failure: it is asked again by itself. */
export function ProblemNotice({ problem, onRetry }: ProblemNoticeProps): ReactElement {
  if (problem.code === 'NOT_READY') {
    return (
      <div className="message">
        <h2>Paperkin is starting</h2>
        <output>{problem.message}. This page goes on by itself.</output>
      </div>
    );
  }
  if (problem.code === 'TOKEN_REFUSED') return <SignIn refused={problem.message} />;
  return (
    <div className="message message-problem" role="alert">
      <h2>{problem.title}</h2>
      <p>{problem.message}</p>
      {onRetry && (
        <button type="button" className="button" onClick={onRetry}>
          Try again
        </button>
      )}
    </div>
  );
}

const WIDTHS = [72, 58, 66, 80, 61];

/** Holds the place of hits, in their measures, until the first answer is in. */
export function HitsSkeleton({ count = 5 }: { readonly count?: number }): ReactElement {
  return (
    <div aria-hidden="true">
      {WIDTHS.slice(0, count).map((width) => (
        <div className="hit skeleton" key={width}>
          <div className="bone bone-title" style={{ width: `${width}%` }} />
          <div className="bone" style={{ width: `${width - 30}%` }} />
          <div className="bone-gap" />
          <div className="bone" />
          <div className="bone" style={{ width: '97%' }} />
          <div className="bone" style={{ width: `${width}%` }} />
        </div>
      ))}
    </div>
  );
}
