import type { ReactElement, ReactNode } from 'react';
import type { Problem } from '../../api/problem.ts';
import { ProblemNotice } from '../notices.tsx';

interface SectionProps {
  readonly id: string;
  readonly title: string;
  readonly lead?: ReactNode;
  readonly children: ReactNode;
}

/** One part of the settings, with an address of its own. */
export function Section({ id, title, lead, children }: SectionProps): ReactElement {
  return (
    <section id={id} className="settings-section" aria-labelledby={`${id}-heading`}>
      <header>
        <h2 id={`${id}-heading`}>{title}</h2>
        {lead !== undefined && <p className="settings-lead">{lead}</p>}
      </header>
      <div className="settings-body">{children}</div>
    </section>
  );
}

interface SectionProblemProps {
  readonly problem: Problem;
  readonly onRetry?: () => void;
}

/** Why a part cannot be shown. Where a token is wanted, the one form for it is further down the page. */
export function SectionProblem({ problem, onRetry }: SectionProblemProps): ReactElement {
  if (problem.code !== 'TOKEN_REFUSED') return <ProblemNotice problem={problem} onRetry={onRetry} />;
  return (
    <p>
      Sign in first, under <a href="#reader">This browser</a>.
    </p>
  );
}

/** Holds the place of rows until they are there. */
export function RowsSkeleton({ rows }: { readonly rows: number }): ReactElement {
  return (
    <div className="skeleton settings-skeleton" aria-hidden="true">
      {Array.from({ length: rows }, (_, row) => (
        <div className="settings-row" key={row}>
          <div className="bone bone-title" />
          <div className="bone" />
        </div>
      ))}
    </div>
  );
}
