import type { ReactElement } from 'react';
import type { ImportProgress, ImportSummary } from '../../domain/mod.ts';
import type { QueuedImport } from '../api/import-queue.ts';
import { bytesText, countText, durationText } from '../numbers.ts';

const STAGES: { readonly [stage in ImportProgress['stage']]: string } = {
  read: 'Reading',
  encode: 'Embedding',
  index: 'Indexing',
  sentences: 'Embedding sentences',
  compare: 'Comparing',
};
/** Rejected lines listed; the count says how many there are in all. */
const LISTED = 100;

interface BarProps {
  readonly name: string;
  readonly done: number;
  readonly total: number | undefined;
  readonly text: string;
}

export function ProgressBar({ name, done, total, text }: BarProps): ReactElement {
  const known = total !== undefined && total > 0;
  return (
    <div className="import-bar">
      <progress aria-label={name} {...(known ? { max: total, value: Math.min(done, total) } : {})} />
      <p className="import-bar-text">{text}</p>
    </div>
  );
}

/** How far an import or a sync has got. */
export function progressText({ stage, done, total, unit, rate }: ImportProgress): string {
  const amount = unit === 'bytes' ? bytesText : countText;
  const of = total === undefined ? '' : ` of ${amount(total)}`;
  const what = unit === 'bytes' ? '' : ' papers';
  const speed = rate > 0 ? ` · ${amount(Math.round(rate))} a second` : '';
  return `${STAGES[stage]}: ${amount(done)}${of}${what}${speed}`;
}

function Running({ name, progress }: { readonly name: string; readonly progress: ImportProgress }): ReactElement {
  return (
    <>
      <ProgressBar name={name} done={progress.done} total={progress.total} text={progressText(progress)} />
      <p className="import-counts">
        {countText(progress.added)} added · {countText(progress.updated)} updated · {countText(progress.unchanged)}{' '}
        unchanged · {countText(progress.merged)} merged · {countText(progress.rejected)} rejected
      </p>
    </>
  );
}

function Rejections({ rejected, rejectedTotal }: ImportSummary): ReactElement | null {
  if (rejected.length === 0) return null;
  const shown = rejected.slice(0, LISTED);
  return (
    <div className="rejections">
      <h4>
        {countText(rejectedTotal)} {rejectedTotal === 1 ? 'record was' : 'records were'} rejected
      </h4>
      {/* oxlint-disable-next-line jsx-a11y/no-noninteractive-tabindex -- it scrolls, and has to from the keyboard, too */}
      <section className="table-frame" tabIndex={0} aria-label="Rejected records">
        <table>
          <thead>
            <tr>
              <th scope="col">File</th>
              <th scope="col">Line</th>
              <th scope="col">Why</th>
            </tr>
          </thead>
          <tbody>
            {shown.map(({ file, line, reason }) => (
              <tr key={`${file} ${line} ${reason}`}>
                <td>{file}</td>
                <td className="number">{line}</td>
                <td>{reason}</td>
              </tr>
            ))}
          </tbody>
        </table>
      </section>
      {rejectedTotal > shown.length && (
        <p>
          The first {LISTED} are listed. On the command line <code>paperkin import --json</code> lists more.
        </p>
      )}
    </div>
  );
}

function Summary({ summary }: { readonly summary: ImportSummary }): ReactElement {
  const counts: [name: string, value: number][] = [
    ['added', summary.added],
    ['updated', summary.updated],
    ['unchanged', summary.unchanged],
    ['merged', summary.merged],
    ['rejected', summary.rejectedTotal],
  ];
  return (
    <div data-testid="import-summary" className="import-summary">
      <dl>
        {counts.map(([name, value]) => (
          <div key={name}>
            <dt>{name}</dt>
            <dd>{countText(value)}</dd>
          </div>
        ))}
      </dl>
      <output>Done in {durationText(summary.seconds)}.</output>
      <Rejections {...summary} />
    </div>
  );
}

function state({ name, state: now }: QueuedImport): ReactElement {
  switch (now.kind) {
    case 'waiting':
      return <p className="import-counts">Waits for the file before it.</p>;
    case 'uploading': {
      const { sentBytes, totalBytes } = now;
      const text = `Sending: ${bytesText(sentBytes)} of ${bytesText(totalBytes)}`;
      return <ProgressBar name={name} done={sentBytes} total={totalBytes} text={text} />;
    }
    case 'progress':
      return <Running name={name} progress={now.progress} />;
    case 'done':
      return <Summary summary={now.summary} />;
    case 'failed':
    default:
      return (
        <div className="message-problem" role="alert">
          <p>
            <strong>{now.problem.title}.</strong> {now.problem.message}
          </p>
        </div>
      );
  }
}

export function ImportEntry({ entry }: { readonly entry: QueuedImport }): ReactElement {
  return (
    <li className="import-entry">
      <h3>{entry.name}</h3>
      {state(entry)}
    </li>
  );
}
