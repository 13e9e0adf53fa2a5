import { useId, useState, type FormEvent, type ReactElement } from 'react';
import { HIDDEN_KINDS, type Hidden, type HiddenKind, type ProfileJson, type TopicJson } from '../../../domain/mod.ts';
import { topicsRequest } from '../../api/feed-requests.ts';
import { useAnswer } from '../../hooks/use-answer.ts';
import { useChange } from '../../hooks/use-change.ts';
import type { Profile } from '../../hooks/use-profile.ts';
import { useServices } from '../../services.ts';
import { Dialog } from '../dialog.tsx';
import { HitsSkeleton, ProblemNotice } from '../notices.tsx';
import { DrivingPapers, InterestCard, Terms } from './interest-card.tsx';
import { TopicForm, type TopicSaid } from './topic-form.tsx';

interface HiddenListProps {
  readonly hidden: readonly Hidden[];
  readonly onHide: (kind: HiddenKind, value: string) => void;
  readonly onUnhide: (kind: HiddenKind, value: string) => void;
}

/** What is kept out of the feed for good, and the way back. */
function HiddenList({ hidden, onHide, onUnhide }: HiddenListProps): ReactElement {
  const kindId = useId();
  const valueId = useId();
  const [kind, setKind] = useState<HiddenKind>('author');
  const [value, setValue] = useState('');
  const submit = (event: FormEvent): void => {
    event.preventDefault();
    if (value.trim() === '') return;
    onHide(kind, value.trim());
    setValue('');
  };
  return (
    <section className="drawer-section" aria-labelledby="hidden-heading">
      <h3 id="hidden-heading">Hidden</h3>
      {hidden.length === 0 && <p className="drawer-none">No author, venue or word is hidden.</p>}
      <ul className="hidden-list">
        {hidden.map((one) => (
          <li key={`${one.kind} ${one.value}`}>
            <span className="hidden-kind">{one.kind}</span>
            <span className="hidden-value">{one.value}</span>
            <button
              type="button"
              className="text-button"
              aria-label={`Show ${one.value} again`}
              onClick={() => onUnhide(one.kind, one.value)}
            >
              Take back
            </button>
          </li>
        ))}
      </ul>
      <form className="drawer-row" onSubmit={submit}>
        <div className="field">
          <label htmlFor={kindId}>Hide</label>
          <select id={kindId} value={kind} onChange={(event) => setKind(kindOf(event.target.value))}>
            {HIDDEN_KINDS.map((name) => (
              <option key={name} value={name}>
                {name}
              </option>
            ))}
          </select>
        </div>
        <div className="field field-grows">
          <label htmlFor={valueId}>Name, word or phrase</label>
          <input id={valueId} type="text" value={value} onChange={(event) => setValue(event.target.value)} />
        </div>
        <button type="submit" className="button">
          Hide
        </button>
      </form>
    </section>
  );
}

const kindOf = (text: string): HiddenKind => HIDDEN_KINDS.find((kind) => kind === text) ?? 'author';

/** What speaks against papers: those dismissed as a kind. */
function Against({ against }: Pick<ProfileJson, 'against'>): ReactElement | null {
  if (against.papers.length === 0) return null;
  return (
    <section className="drawer-section" aria-labelledby="against-heading">
      <h3 id="against-heading">What speaks against papers</h3>
      <Terms terms={against.terms} kind="against" />
      <DrivingPapers papers={against.papers} />
    </section>
  );
}

/** Forgets what was learned, after asking. */
function Reset({ onReset }: { readonly onReset: () => void }): ReactElement {
  const [asking, setAsking] = useState<'no' | 'yes'>('no');
  return (
    <section className="drawer-section" aria-labelledby="reset-heading">
      <h3 id="reset-heading">Begin anew</h3>
      <p className="drawer-none">
        Forgets what you liked, dismissed and hid, what you were shown, and the interests that were found. Saved papers
        and topics stay.
      </p>
      {asking === 'no' ? (
        <button type="button" className="button button-problem" onClick={() => setAsking('yes')}>
          Reset the profile …
        </button>
      ) : (
        <p className="drawer-row" role="alert">
          <span>This cannot be undone.</span>
          <button
            type="button"
            className="button button-problem"
            onClick={() => {
              setAsking('no');
              onReset();
            }}
          >
            Reset it
          </button>
          <button type="button" className="button" onClick={() => setAsking('no')}>
            Keep it
          </button>
        </p>
      )}
    </section>
  );
}

interface ProfileDrawerProps {
  readonly profile: Profile;
  readonly onClose: () => void;
  /** Something was changed that the feed follows from. */
  readonly onChanged: () => void;
}

/** Adds, changes and removes topics; answers whether it was done, what went wrong is told. */
function useTopics(onChanged: () => void) {
  const asked = useAnswer(topicsRequest);
  const { change } = useChange(['/api/topics', '/api/profile']);
  const done = async (wanted: Parameters<typeof change>[0]): Promise<boolean> => {
    try {
      await change(wanted);
      onChanged();
      return true;
    } catch {
      // Told as a toast already.
      return false;
    }
  };
  return {
    topics: asked.value?.topics ?? [],
    add: (said: TopicSaid) => done({ method: 'POST', url: '/api/topics', body: said }),
    edit: ({ id }: TopicJson, said: TopicSaid) => done({ method: 'PATCH', url: `/api/topics/${id}`, body: said }),
    remove: ({ id }: TopicJson) => done({ method: 'DELETE', url: `/api/topics/${id}` }),
  };
}

type Topics = ReturnType<typeof useTopics>;

function NewTopic({ add }: Pick<Topics, 'add'>): ReactElement {
  const [form, setForm] = useState<'open' | 'closed'>('closed');
  if (form === 'closed') {
    return (
      <button type="button" className="button" onClick={() => setForm('open')}>
        Add a topic
      </button>
    );
  }
  return (
    <TopicForm
      onSave={async (said) => {
        const done = await add(said);
        if (done) setForm('closed');
        return done;
      }}
      onCancel={() => setForm('closed')}
    />
  );
}

interface ContentsProps {
  readonly value: ProfileJson;
  readonly profile: Profile;
  readonly topics: Topics;
  readonly after: (done: Promise<boolean>, text: string) => void;
}

function Contents({ value, profile, topics, after }: ContentsProps): ReactElement {
  return (
    <>
      <section className="drawer-section" aria-labelledby="interests-heading">
        <h3 id="interests-heading">Interests</h3>
        {value.interests.length === 0 && (
          <p className="drawer-none">None yet: save papers, like some, or add a topic in your own words.</p>
        )}
        <ul className="interest-list">
          {value.interests.map((interest) => (
            <li key={interest.id}>
              <InterestCard
                interest={interest}
                others={value.interests.filter(({ id }) => id !== interest.id)}
                topic={topics.topics.find(({ id }) => id === interest.id)}
                onChange={(change, text) => after(profile.changeInterest(interest.id, change), text)}
                onMerge={(from) => after(profile.merge(interest.id, from), 'Merged')}
                onDelete={() => after(profile.deleteInterest(interest.id), `Deleted: ${interest.name}`)}
                onTopic={topics.edit}
                onRemove={(topic) => after(topics.remove(topic), `Removed: ${topic.name}`)}
              />
            </li>
          ))}
        </ul>
        <NewTopic add={topics.add} />
      </section>
      <Against against={value.against} />
      <HiddenList
        hidden={value.hidden}
        onHide={(kind, text) => after(profile.hide(kind, text), `Hidden: ${text}`)}
        onUnhide={(kind, text) => after(profile.unhide(kind, text), `Shown again: ${text}`)}
      />
      <Reset onReset={() => after(profile.reset(), 'The profile is empty')} />
    </>
  );
}

/** What is known of the reader, to be read, changed and forgotten. */
export function ProfileDrawer({ profile, onClose, onChanged }: ProfileDrawerProps): ReactElement {
  const { toasts } = useServices();
  const { asked } = profile;
  const topics = useTopics(onChanged);
  const tell = async (done: Promise<boolean>, text: string): Promise<void> => {
    if (!(await done)) return;
    toasts.show({ kind: 'done', text });
    onChanged();
  };
  const after = (done: Promise<boolean>, text: string): void => void tell(done, text);
  return (
    <Dialog title="Your profile" place="drawer" onClose={onClose}>
      <p className="drawer-lead">
        The feed follows from this and from nothing else. It is learned on this machine from what you save and say;
        change whatever is wrong.
      </p>
      {asked.state === 'failed' && <ProblemNotice problem={asked.problem} onRetry={asked.retry} />}
      {!asked.value && asked.state === 'loading' && <HitsSkeleton count={3} />}
      {asked.value && <Contents value={asked.value} {...{ profile, topics, after }} />}
    </Dialog>
  );
}
