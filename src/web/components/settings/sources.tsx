import { useState, type ReactElement } from 'react';
import type { SourceJson } from '../../../domain/mod.ts';
import { sourcesRequest } from '../../api/settings-requests.ts';
import { useAnswer } from '../../hooks/use-answer.ts';
import { useChange } from '../../hooks/use-change.ts';
import { whenText } from '../../days.ts';
import { countText } from '../../numbers.ts';
import { useServices } from '../../services.ts';
import { ProblemNotice } from '../notices.tsx';
import { AddSource } from './add-source.tsx';
import { kindText } from './kinds.ts';
import { RowsSkeleton, Section } from './section.tsx';

type Health = { readonly name: 'paused' | 'late' | 'failed' | 'good' | 'new'; readonly text: string };

function healthOf({ paused, late, failures, reason, lastSuccess }: SourceJson): Health {
  if (paused) return { name: 'paused', text: 'Paused' };
  const because = reason === null ? '' : `: ${reason}`;
  if (late) return { name: 'late', text: `${failures} runs in a row failed${because}` };
  if (failures > 0) return { name: 'failed', text: `The last run failed${because}` };
  return lastSuccess === null ? { name: 'new', text: 'Not synced yet' } : { name: 'good', text: 'Healthy' };
}

function lastText({ lastRun, lastSuccess }: SourceJson): string {
  if (!lastRun) return 'never';
  const { added, updated, note } = lastRun;
  const counts = `${countText(added)} added, ${countText(updated)} updated`;
  const outcome = lastSuccess === null ? '' : ` · ${added + updated === 0 && note !== null ? note : counts}`;
  return `${whenText(lastRun.at)}${outcome}`;
}

function nextText({ paused, nextTry }: SourceJson, nextSync: string | null): string {
  if (paused) return 'when it is resumed';
  const times = [nextSync, nextTry].filter((time) => time !== null).sort();
  const latest = times.at(-1);
  return nextSync === null || latest === undefined ? 'when you ask for it' : whenText(latest);
}

function Source({ source, nextSync }: { readonly source: SourceJson; readonly nextSync: string | null }): ReactElement {
  const { toasts } = useServices();
  const { change, pending } = useChange(['/api/sources']);
  const { name, kind, about, paused } = source;
  const path = `/api/sources/${encodeURIComponent(name)}`;
  const health = healthOf(source);
  const told = (done: Promise<unknown>, text: string): void => {
    // What goes wrong is told by the change itself.
    done.then(() => toasts.show({ kind: 'done', text })).catch(() => undefined);
  };
  return (
    <li className="settings-row source-row" data-source={name}>
      <div className="settings-row-main">
        <h3>{name}</h3>
        <p className="soft">
          {kindText(kind)}
          {about === '' ? '' : ` · ${about}`}
        </p>
        <p className={`health health-${health.name}`}>
          <span className="health-mark" aria-hidden="true" />
          {health.text}
        </p>
        <dl className="source-facts">
          <div>
            <dt>Last sync</dt>
            <dd>{lastText(source)}</dd>
          </div>
          <div>
            <dt>Next sync</dt>
            <dd>{nextText(source, nextSync)}</dd>
          </div>
        </dl>
      </div>
      <div className="settings-row-actions">
        <button
          type="button"
          className="button"
          disabled={pending}
          aria-label={`Sync ${name} now`}
          onClick={() => told(change({ method: 'POST', url: '/api/sync', body: { names: [name] } }), `Syncing ${name}`)}
        >
          Sync now
        </button>
        <button
          type="button"
          className="text-button"
          disabled={pending}
          aria-label={`${paused ? 'Resume' : 'Pause'} ${name}`}
          onClick={() =>
            told(
              change({ method: 'PATCH', url: path, body: { change: paused ? 'resume' : 'pause' } }),
              `${paused ? 'Resumed' : 'Paused'} ${name}`,
            )
          }
        >
          {paused ? 'Resume' : 'Pause'}
        </button>
        <button
          type="button"
          className="text-button"
          disabled={pending}
          aria-label={`Remove ${name}`}
          onClick={() => told(change({ method: 'DELETE', url: path }), `Removed ${name}; its papers stay`)}
        >
          Remove
        </button>
      </div>
    </li>
  );
}

export function Sources(): ReactElement {
  const { toasts } = useServices();
  const asked = useAnswer(sourcesRequest);
  const { change, pending } = useChange([]);
  const [adding, setAdding] = useState(false);
  const { value } = asked;
  const syncAll = (): void => {
    change({ method: 'POST', url: '/api/sync', body: {} })
      .then(() => toasts.show({ kind: 'done', text: 'Syncing what is due' }))
      .catch(() => undefined);
  };
  return (
    <Section id="sources" title="Sources" lead="Where new papers come from. Removing a source keeps its papers.">
      {asked.state === 'failed' && !value && <ProblemNotice problem={asked.problem} onRetry={asked.retry} />}
      {asked.state === 'loading' && !value && <RowsSkeleton rows={2} />}
      {value && (
        <>
          {value.sources.length === 0 && (
            <p className="empty">No sources yet. Add arXiv by category, a journal’s feed, a folder, or Zotero.</p>
          )}
          <ul className="settings-rows">
            {value.sources.map((source) => (
              <Source key={source.name} source={source} nextSync={value.nextSync} />
            ))}
          </ul>
          <div className="settings-actions">
            {!adding && (
              <button type="button" className="button" onClick={() => setAdding(true)}>
                Add a source
              </button>
            )}
            {value.sources.length > 0 && (
              <button type="button" className="button" disabled={pending} onClick={syncAll}>
                Sync all that are due
              </button>
            )}
          </div>
          {adding && <AddSource kinds={value.kinds} onClose={() => setAdding(false)} />}
        </>
      )}
    </Section>
  );
}
