import type { ReactElement } from 'react';
import type { JobJson } from '../../../domain/mod.ts';
import { useJobs } from '../../hooks/use-jobs.ts';
import { whenText } from '../../days.ts';
import { countText } from '../../numbers.ts';
import { ProgressBar, progressText } from '../import-progress.tsx';
import { ProblemNotice } from '../notices.tsx';
import { RowsSkeleton, Section } from './section.tsx';

/** Ended ones that are shown; older ones are history. */
const SHOWN_ENDED = 8;

const titleOf = ({ kind, name }: JobJson): string => {
  if (kind === 'import') return `Import of ${name}`;
  return name === '' ? 'Sync of what is due' : `Sync of ${name}`;
};

function outcomeOf({ state, summary, sync, problem, endedAt, queuedAt }: JobJson): string {
  if (state === 'queued') return `Waits since ${whenText(queuedAt)}`;
  if (problem) return problem.detail;
  const when = endedAt === undefined ? '' : whenText(endedAt);
  if (summary) {
    const { added, updated, unchanged, rejectedTotal } = summary;
    return `${when} · ${countText(added)} added, ${countText(updated)} updated, ${countText(unchanged)} unchanged, ${countText(rejectedTotal)} rejected`;
  }
  if (!sync) return when;
  if (sync.sources.length === 0) return `${when} · nothing was due`;
  return `${when} · ${sync.sources
    .map(({ name, added, updated, note, error }) => {
      const counts =
        added + updated === 0 && note !== null ? note : `${countText(added)} added, ${countText(updated)} updated`;
      return `${name}: ${error?.message ?? counts}`;
    })
    .join('; ')}`;
}

function hasFailed({ state, sync }: JobJson): boolean {
  return state === 'failed' || (sync?.sources.some(({ error }) => error !== undefined) ?? false);
}

function Job({ job }: { readonly job: JobJson }): ReactElement {
  const { state, source, progress } = job;
  const title = titleOf(job);
  return (
    <li className="settings-row job-row" data-job-state={state}>
      <div className="settings-row-main">
        <h3>{title}</h3>
        {state === 'running' ? (
          <ProgressBar
            name={title}
            done={progress?.done ?? 0}
            total={progress?.total}
            text={[source, progress ? progressText(progress) : 'Starting'].filter(Boolean).join(' · ')}
          />
        ) : (
          <p className={hasFailed(job) ? 'health health-late' : 'soft'}>{outcomeOf(job)}</p>
        )}
      </div>
    </li>
  );
}

export function Jobs(): ReactElement {
  const told = useJobs();
  const jobs = told.state === 'ready' ? told.jobs : [];
  const open = jobs.filter(({ endedAt }) => endedAt === undefined);
  const ended = jobs.filter(({ endedAt }) => endedAt !== undefined).slice(0, SHOWN_ENDED);
  return (
    <Section id="jobs" title="Imports and syncs" lead="As they happen. They go on when you leave this page.">
      {told.state === 'loading' && <RowsSkeleton rows={1} />}
      {told.state === 'failed' && <ProblemNotice problem={told.problem} />}
      {told.state === 'ready' && jobs.length === 0 && (
        <p className="empty">Nothing has run since the server was started.</p>
      )}
      <ul className="settings-rows">
        {[...open, ...ended].map((job) => (
          <Job key={job.job} job={job} />
        ))}
      </ul>
      <output className="visually-hidden">
        {told.state === 'ready' && (open.length === 0 ? 'Nothing is running.' : `${open.length} running.`)}
      </output>
    </Section>
  );
}
