import { useId, useState, type FormEvent, type ReactElement } from 'react';
import type { DrivingPaper, InterestJson, TermJson, TopicJson } from '../../../domain/mod.ts';
import type { InterestChange } from '../../hooks/use-profile.ts';
import { paperPath } from '../../routes.ts';
import { Link } from '../link.tsx';
import { RichText } from '../rich-text.tsx';
import { TopicForm, type TopicSaid } from './topic-form.tsx';

const percent = (share: number): string => `${Math.round(100 * share)}\u00A0%`;
/** Papers of an interest named before the rest is asked for. */
const NAMED = 4;

/** What an interest counts for next to the others. */
const WEIGHTS: ReadonlyArray<readonly [weight: number, name: string]> = [
  [0.25, 'A quarter'],
  [0.5, 'Half'],
  [1, 'Normal'],
  [2, 'Double'],
  [4, 'Four times'],
];

export function Terms({
  terms,
  kind,
}: {
  readonly terms: readonly TermJson[];
  readonly kind: 'for' | 'against';
}): ReactElement | null {
  if (terms.length === 0) return null;
  return (
    <ul className={`chips terms-${kind}`} aria-label={kind === 'for' ? 'Terms that speak for it' : 'Terms against'}>
      {terms.map(({ term }) => (
        <li key={term}>
          <span className="chip">{term}</span>
        </li>
      ))}
    </ul>
  );
}

export function DrivingPapers({ papers }: { readonly papers: readonly DrivingPaper[] }): ReactElement | null {
  const [extent, setExtent] = useState<'some' | 'all'>('some');
  if (papers.length === 0) return null;
  const shown = extent === 'all' ? papers : papers.slice(0, NAMED);
  return (
    <>
      <ul className="driving">
        {shown.map(({ paper, title, weight }) => (
          <li key={paper}>
            <Link to={paperPath(paper)}>
              <RichText text={title ?? paper} />
            </Link>
            {weight > 0 && <span className="reason-weight">{percent(weight)}</span>}
          </li>
        ))}
      </ul>
      {papers.length > shown.length && (
        <button type="button" className="text-button" onClick={() => setExtent('all')}>
          Show all {papers.length} papers
        </button>
      )}
    </>
  );
}

interface RenameProps {
  readonly name: string;
  readonly onName: (name: string) => void;
  readonly onCancel: () => void;
}

function Rename({ name, onName, onCancel }: RenameProps): ReactElement {
  const id = useId();
  const [text, setText] = useState(name);
  const submit = (event: FormEvent): void => {
    event.preventDefault();
    if (text.trim() !== '' && text.trim() !== name) onName(text.trim());
    else onCancel();
  };
  return (
    <form className="drawer-row" onSubmit={submit}>
      <div className="field field-grows">
        <label htmlFor={id}>New name</label>
        <input id={id} type="text" value={text} maxLength={200} onChange={(event) => setText(event.target.value)} />
      </div>
      <button type="submit" className="button">
        Rename
      </button>
      <button type="button" className="button" onClick={onCancel}>
        Cancel
      </button>
    </form>
  );
}

interface InterestCardProps {
  readonly interest: InterestJson;
  readonly others: readonly InterestJson[];
  /** What its person told, where it is a topic. */
  readonly topic: TopicJson | undefined;
  readonly onChange: (change: InterestChange, text: string) => void;
  readonly onMerge: (from: number) => void;
  readonly onDelete: () => void;
  readonly onTopic: (topic: TopicJson, said: TopicSaid) => Promise<boolean>;
  readonly onRemove: (topic: TopicJson) => void;
}

/** Weight and merging, which choose from a list. */
function Choices({ interest, others, onChange, onMerge }: InterestCardProps): ReactElement {
  const weightId = useId();
  const mergeId = useId();
  const { name, weight } = interest;
  const own = WEIGHTS.some(([known]) => known === weight);
  return (
    <div className="drawer-row">
      <div className="field">
        <label htmlFor={weightId}>Weight</label>
        <select
          id={weightId}
          value={weight}
          aria-label={`Weight of ${name}`}
          onChange={(event) => onChange({ weight: Number(event.target.value) }, `Weight changed: ${name}`)}
        >
          {!own && <option value={weight}>× {weight}</option>}
          {WEIGHTS.map(([value, label]) => (
            <option key={value} value={value}>
              {label}
            </option>
          ))}
        </select>
      </div>
      {others.length > 0 && (
        <div className="field field-grows">
          <label htmlFor={mergeId}>Merge with</label>
          <select
            id={mergeId}
            value=""
            aria-label={`Merge ${name} with`}
            onChange={(event) => event.target.value !== '' && onMerge(Number(event.target.value))}
          >
            <option value="">Choose an interest …</option>
            {others.map((other) => (
              <option key={other.id} value={other.id}>
                {other.name}
              </option>
            ))}
          </select>
        </div>
      )}
    </div>
  );
}

type Work = 'none' | 'renaming' | 'editing' | 'deleting';

/** An interest as it is: what it is called, made of and told by, and everything that can be done about it. */
export function InterestCard(props: InterestCardProps): ReactElement {
  const { interest, topic, onChange, onDelete, onTopic, onRemove } = props;
  const { name, share, muted, origin, papers, terms } = interest;
  const [work, setWork] = useState<Work>('none');
  const rename = (next: string): void => {
    setWork('none');
    onChange({ name: next }, `Renamed: ${next}`);
  };
  const drop = (): void => (topic ? onRemove(topic) : onDelete());
  return (
    <details className={muted ? 'interest interest-muted' : 'interest'}>
      <summary>
        <span className="interest-name">{name}</span>
        <span className="interest-share">{muted ? 'muted' : percent(share)}</span>
        <span className="share-bar" aria-hidden="true">
          <span style={{ width: `${100 * share}%` }} />
        </span>
      </summary>
      <div className="interest-body">
        <p className="interest-origin">
          {origin === 'topic' ? 'A topic that you told.' : 'Found among the papers that you save and like.'}
        </p>
        <Terms terms={terms} kind="for" />
        <DrivingPapers papers={papers} />
        {work === 'renaming' && <Rename name={name} onName={rename} onCancel={() => setWork('none')} />}
        {work === 'editing' && topic && (
          <TopicForm
            topic={topic}
            onSave={async (said) => {
              const done = await onTopic(topic, said);
              if (done) setWork('none');
              return done;
            }}
            onCancel={() => setWork('none')}
          />
        )}
        {work === 'deleting' && (
          <p className="drawer-row" role="alert">
            <span>{topic ? 'The topic is gone then.' : 'Its papers stay saved and speak for nothing.'}</span>
            <button type="button" className="button button-problem" onClick={drop}>
              {topic ? 'Remove it' : 'Delete it'}
            </button>
            <button type="button" className="button" onClick={() => setWork('none')}>
              Keep it
            </button>
          </p>
        )}
        {work === 'none' && (
          <>
            <Choices {...props} />
            <p className="interest-actions">
              {topic ? (
                <button type="button" className="text-button" onClick={() => setWork('editing')}>
                  Edit
                </button>
              ) : (
                <button type="button" className="text-button" onClick={() => setWork('renaming')}>
                  Rename
                </button>
              )}
              <button
                type="button"
                className="text-button"
                aria-pressed={muted}
                onClick={() => onChange({ muted: !muted }, muted ? `Unmuted: ${name}` : `Muted: ${name}`)}
              >
                {muted ? 'Unmute' : 'Mute'}
              </button>
              <button type="button" className="text-button" onClick={() => setWork('deleting')}>
                {topic ? 'Remove' : 'Delete'}
              </button>
            </p>
          </>
        )}
      </div>
    </details>
  );
}
