import { useId, useState, type ReactElement } from 'react';
import type { FeedUrl, MadeFeedUrl, TopicJson } from '../../../domain/mod.ts';
import { feedUrlsRequest, isMadeFeedUrl, topicsRequest } from '../../api/feed-requests.ts';
import { shortDayText } from '../../days.ts';
import { useAnswer } from '../../hooks/use-answer.ts';
import { useChange } from '../../hooks/use-change.ts';
import { useServices } from '../../services.ts';
import { ProblemNotice } from '../notices.tsx';

const FORMATS = [
  ['Atom', 'atom'],
  ['RSS', 'rss'],
  ['JSON Feed', 'json'],
] as const;

/** The addresses of a feed that was just made; they are shown this once. */
function Made({ made, onDone }: { readonly made: MadeFeedUrl; readonly onDone: () => void }): ReactElement {
  const { toasts } = useServices();
  const id = useId();
  const copy = async (text: string, field: HTMLElement | null): Promise<void> => {
    try {
      await navigator.clipboard.writeText(text);
      toasts.show({ kind: 'done', text: 'Copied' });
    } catch {
      // Not over plain HTTP from another machine: selected, it is one key away.
      if (field instanceof HTMLInputElement) field.select();
    }
  };
  return (
    <fieldset className="made">
      <legend>
        <strong>Copy one now: it is shown this once.</strong> Whoever has an address can read the feed.
      </legend>
      {FORMATS.map(([name, format]) => (
        <div className="field" key={format}>
          <label htmlFor={`${id}-${format}`}>{name}</label>
          <div className="field-row">
            <input
              id={`${id}-${format}`}
              type="text"
              readOnly
              className="expression"
              value={made[format]}
              onFocus={(event) => event.target.select()}
            />
            <button
              type="button"
              className="button"
              aria-label={`Copy the ${name} address`}
              onClick={() => void copy(made[format], document.getElementById(`${id}-${format}`))}
            >
              Copy
            </button>
          </div>
        </div>
      ))}
      <button type="button" className="text-button" onClick={onDone}>
        Done
      </button>
    </fieldset>
  );
}

interface LineProps {
  readonly url: FeedUrl;
  readonly topics: readonly TopicJson[];
  readonly onRevoke: () => void;
}

const nameOf = ({ topic }: FeedUrl, topics: readonly TopicJson[]): string =>
  topic === null ? 'All of your feed' : (topics.find(({ id }) => id === topic)?.name ?? `Topic ${topic}`);

function Line({ url, topics, onRevoke }: LineProps): ReactElement {
  const [asking, setAsking] = useState<'no' | 'yes'>('no');
  const { createdAt, readAt } = url;
  return (
    <li className="web-feed">
      <span>
        <span className="web-feed-name">{nameOf(url, topics)}</span>
        <span className="drawer-none">
          made {shortDayText(createdAt)}, {readAt === null ? 'never read' : `read ${shortDayText(readAt)}`}
        </span>
      </span>
      {asking === 'no' ? (
        <button type="button" className="text-button" onClick={() => setAsking('yes')}>
          Revoke …
        </button>
      ) : (
        <span className="drawer-row" role="alert">
          <button type="button" className="button button-problem" onClick={onRevoke}>
            Revoke it
          </button>
          <button type="button" className="button" onClick={() => setAsking('no')}>
            Keep it
          </button>
        </span>
      )}
    </li>
  );
}

/** Secret addresses under which programs read the feed. */
export function WebFeeds(): ReactElement {
  const { toasts } = useServices();
  const id = useId();
  const asked = useAnswer(feedUrlsRequest);
  const topics = useAnswer(topicsRequest).value?.topics ?? [];
  const { change, pending } = useChange(['/api/feed-urls']);
  const [topic, setTopic] = useState('');
  const [made, setMade] = useState<MadeFeedUrl>();
  const make = async (): Promise<void> => {
    try {
      const body = topic === '' ? {} : { topic: Number(topic) };
      const answer = await change({ method: 'POST', url: '/api/feed-urls', body });
      if (isMadeFeedUrl(answer)) setMade(answer);
    } catch {
      // Told as a toast already.
    }
  };
  const revoke = async (url: FeedUrl): Promise<void> => {
    try {
      await change({ method: 'DELETE', url: `/api/feed-urls/${url.id}` });
      if (made?.id === url.id) setMade(undefined);
      toasts.show({ kind: 'done', text: `Revoked: ${nameOf(url, topics)}` });
    } catch {
      // Told as a toast already.
    }
  };
  return (
    <section className="drawer-section" aria-labelledby="web-feeds-heading">
      <h3 id="web-feeds-heading">In a feed reader</h3>
      <p className="drawer-none">
        An address for programs that read web feeds, such as NetNewsWire, Feedly or Thunderbird. It is secret, and can
        be revoked at any time.
      </p>
      {asked.state === 'failed' && <ProblemNotice problem={asked.problem} onRetry={asked.retry} />}
      <ul className="web-feed-list">
        {asked.value?.feedUrls.map((url) => (
          <Line key={url.id} url={url} topics={topics} onRevoke={() => void revoke(url)} />
        ))}
      </ul>
      {made ? (
        <Made made={made} onDone={() => setMade(undefined)} />
      ) : (
        <div className="drawer-row">
          {topics.length > 0 && (
            <div className="field field-grows">
              <label htmlFor={`${id}-topic`}>Of</label>
              <select id={`${id}-topic`} value={topic} onChange={(event) => setTopic(event.target.value)}>
                <option value="">All of your feed</option>
                {topics.map((one) => (
                  <option key={one.id} value={one.id}>
                    {one.name}
                  </option>
                ))}
              </select>
            </div>
          )}
          <button type="button" className="button" disabled={pending} onClick={() => void make()}>
            Make an address
          </button>
        </div>
      )}
    </section>
  );
}
