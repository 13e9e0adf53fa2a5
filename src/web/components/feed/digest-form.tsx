import { useId, useState, type FormEvent, type ReactElement } from 'react';
import {
  DIGEST_RHYTHMS,
  type DigestSchedule,
  type DigestSettings,
  WEEKDAYS,
  type Weekday,
} from '../../../domain/mod.ts';
import { previewRequest } from '../../api/feed-requests.ts';
import { isRecord } from '../../api/requests.ts';
import { momentText } from '../../days.ts';
import { useAnswer } from '../../hooks/use-answer.ts';
import { useChange } from '../../hooks/use-change.ts';
import { useServices } from '../../services.ts';
import { ProblemNotice } from '../notices.tsx';

const DAY_NAMES: { readonly [day in Weekday]: string } = {
  ...{ mon: 'Mon', tue: 'Tue', wed: 'Wed', thu: 'Thu', fri: 'Fri', sat: 'Sat', sun: 'Sun' },
};
const RHYTHM_NAMES = { daily: 'Daily', weekly: 'Weekly' } as const;
const HOURS = Array.from({ length: 24 }, (_, hour) => hour);
const PAPERS = [5, 8, 12, 20, 30, 50];

type Draft = Pick<DigestSchedule, 'to' | 'every' | 'hour' | 'zone' | 'days' | 'k'>;

/** As it is set, or for a first one as most would have it, in the zone of this browser. */
function draftOf(schedule: DigestSchedule | null): Draft {
  if (schedule) return schedule;
  const { timeZone } = new Intl.DateTimeFormat().resolvedOptions();
  return { to: '', every: 'daily', hour: 7, zone: timeZone, days: WEEKDAYS, k: 12 };
}

/** How things stand, in a sentence. */
function Standing({ settings }: { readonly settings: DigestSettings }): ReactElement {
  const { schedule, inWords, next, mail, latest } = settings;
  return (
    <div className="standing">
      {mail === 'not-set-up' && (
        <p className="notice">
          This server has no mail server yet, so no mail goes out: set <code>smtpUrl</code> and <code>mailFrom</code> in
          its settings. What you set here is kept, and begins then. The preview works already.
        </p>
      )}
      {!schedule && <p>No mail is sent. Say where to, and your feed comes by itself.</p>}
      {schedule && schedule.paused !== null && (
        <p className="notice">Paused: {schedule.paused}. Save to start it again.</p>
      )}
      {schedule && !schedule.on && <p>No mail is sent; it was {inWords}.</p>}
      {schedule?.on && schedule.paused === null && (
        <p>
          To {schedule.to} {inWords}, at most {schedule.k} papers.{' '}
          {next !== null && mail === 'set-up' && `The next one: ${momentText(next)}.`}
        </p>
      )}
      {latest && (
        <p className="drawer-none">
          The last one, {latest.period}: {latest.state}, {latest.papers.length} papers
          {latest.reason !== null && ` (${latest.reason})`}.
        </p>
      )}
    </div>
  );
}

interface FieldsProps {
  readonly draft: Draft;
  readonly onDraft: (change: Partial<Draft>) => void;
}

function DayChoice({ draft, onDraft }: FieldsProps): ReactElement {
  const { days, every } = draft;
  const toggle = (day: Weekday): void => {
    if (every === 'weekly') onDraft({ days: [day] });
    else onDraft({ days: WEEKDAYS.filter((one) => (one === day) !== days.includes(one)) });
  };
  const first = WEEKDAYS.find((day) => days.includes(day));
  const isSet = (day: Weekday): boolean => (every === 'weekly' ? day === first : days.includes(day));
  return (
    <fieldset className="day-choice">
      <legend>{every === 'weekly' ? 'On' : 'On these days'}</legend>
      <div className="chips">
        {WEEKDAYS.map((day) => (
          <button
            key={day}
            type="button"
            className="chip chip-choice"
            aria-pressed={isSet(day)}
            onClick={() => toggle(day)}
          >
            {DAY_NAMES[day]}
          </button>
        ))}
      </div>
    </fieldset>
  );
}

function Fields({ draft, onDraft }: FieldsProps): ReactElement {
  const id = useId();
  return (
    <>
      <div className="field">
        <label htmlFor={`${id}-to`}>Address</label>
        <input
          id={`${id}-to`}
          type="email"
          required
          autoComplete="email"
          placeholder="you@example.org"
          value={draft.to}
          onChange={(event) => onDraft({ to: event.target.value })}
        />
      </div>
      <div className="drawer-row">
        <fieldset className="rhythm">
          <legend className="visually-hidden">How often</legend>
          <div className="segmented">
            {DIGEST_RHYTHMS.map((every) => (
              <label key={every}>
                <input
                  type="radio"
                  name={`${id}-every`}
                  checked={draft.every === every}
                  onChange={() => onDraft({ every })}
                />
                <span>{RHYTHM_NAMES[every]}</span>
              </label>
            ))}
          </div>
        </fieldset>
        <div className="field">
          <label htmlFor={`${id}-hour`}>At</label>
          <select
            id={`${id}-hour`}
            value={draft.hour}
            onChange={(event) => onDraft({ hour: Number(event.target.value) })}
          >
            {HOURS.map((hour) => (
              <option key={hour} value={hour}>
                {hour}:00
              </option>
            ))}
          </select>
        </div>
        <div className="field">
          <label htmlFor={`${id}-k`}>Papers, at most</label>
          <select id={`${id}-k`} value={draft.k} onChange={(event) => onDraft({ k: Number(event.target.value) })}>
            {[...new Set([...PAPERS, draft.k])]
              .sort((a, b) => a - b)
              .map((k) => (
                <option key={k} value={k}>
                  {k}
                </option>
              ))}
          </select>
        </div>
      </div>
      <DayChoice draft={draft} onDraft={onDraft} />
      <div className="field">
        <label htmlFor={`${id}-zone`}>Time zone</label>
        <input
          id={`${id}-zone`}
          type="text"
          required
          list={`${id}-zones`}
          value={draft.zone}
          onChange={(event) => onDraft({ zone: event.target.value })}
        />
        <datalist id={`${id}-zones`}>
          {Intl.supportedValuesOf('timeZone').map((zone) => (
            <option key={zone} value={zone}>
              {zone}
            </option>
          ))}
        </datalist>
      </div>
    </>
  );
}

/** The mail as it would be sent now, in a frame that can do nothing but be looked at. */
function Preview(): ReactElement {
  const asked = useAnswer(previewRequest);
  if (asked.state === 'failed') return <ProblemNotice problem={asked.problem} onRetry={asked.retry} />;
  if (!asked.value) return <div className="bone bone-frame" aria-hidden="true" />;
  const { subject, page, why } = asked.value;
  if (page === null) {
    return <p className="message">There is nothing to send now{why === null ? '' : `: ${why}`}</p>;
  }
  return (
    <figure className="preview">
      <figcaption>
        Subject: <strong>{subject}</strong>
      </figcaption>
      <iframe src={page} sandbox="allow-popups allow-popups-to-escape-sandbox" title="Preview of the mail" />
    </figure>
  );
}

const TESTED: Readonly<Record<string, string>> = {
  sent: 'The mail server took the test mail',
  empty: 'There is nothing to send now',
  uncertain: 'The mail server did not answer: perhaps it was sent',
  failed: 'The test mail was not sent',
};

/** A mail to try the settings. */
function useTestMail() {
  const { toasts } = useServices();
  const { change, pending } = useChange([]);
  const send = async (): Promise<void> => {
    try {
      const answer = await change({ method: 'POST', url: '/api/digest/test' });
      if (!isRecord(answer)) return;
      const said = TESTED[String(answer['state'])] ?? String(answer['state']);
      const text = typeof answer['reason'] === 'string' ? `${said}: ${answer['reason']}` : said;
      toasts.show({ kind: answer['state'] === 'sent' ? 'done' : 'problem', text });
    } catch {
      // Told as a toast already.
    }
  };
  return { send, pending };
}

/** When a person's feed is sent by mail. What is typed stays until it is taken. */
export function DigestForm({ settings }: { readonly settings: DigestSettings }): ReactElement {
  const { toasts } = useServices();
  const { schedule, mail } = settings;
  const { change, pending } = useChange(['/api/digest/schedule']);
  const test = useTestMail();
  const [draft, setDraft] = useState(() => draftOf(schedule));
  const [preview, setPreview] = useState<'open' | 'closed'>('closed');
  const put = async (body: Partial<DigestSchedule>, text: string): Promise<void> => {
    try {
      await change({ method: 'PUT', url: '/api/digest/schedule', body });
      toasts.show({ kind: 'done', text });
    } catch {
      // Told as a toast already.
    }
  };
  const submit = (event: FormEvent): void => {
    event.preventDefault();
    const { to, every, hour, zone, days, k } = draft;
    const all = days.length === 0 ? WEEKDAYS : days;
    void put({ to: to.trim(), every, hour, zone, days: all, k, on: true }, 'Subscribed');
  };
  return (
    <>
      <Standing settings={settings} />
      <form className="digest-form" onSubmit={submit}>
        <Fields draft={draft} onDraft={(changed) => setDraft({ ...draft, ...changed })} />
        <p className="drawer-row">
          <button type="submit" className="button button-main" disabled={pending}>
            {schedule?.on ? 'Save' : 'Subscribe'}
          </button>
          {schedule?.on && (
            <button type="button" className="button" onClick={() => void put({ on: false }, 'No more mails are sent')}>
              Unsubscribe
            </button>
          )}
          <button
            type="button"
            className="button"
            aria-expanded={preview === 'open'}
            onClick={() => setPreview(preview === 'open' ? 'closed' : 'open')}
          >
            {preview === 'open' ? 'Hide the preview' : 'Preview'}
          </button>
          {mail === 'set-up' && schedule && (
            <button type="button" className="button" disabled={test.pending} onClick={() => void test.send()}>
              {test.pending ? 'Sending …' : 'Send a test'}
            </button>
          )}
        </p>
      </form>
      {preview === 'open' && <Preview />}
    </>
  );
}
