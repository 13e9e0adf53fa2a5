import { useEffect, useMemo, useState, type ReactElement } from 'react';
import type { Feed, FeedItem, Fewer } from '../../domain/mod.ts';
import { DiversityDial } from '../components/feed/diversity-dial.tsx';
import { FeedItemCard } from '../components/feed/feed-item.tsx';
import { InterestLinks } from '../components/feed/interest-links.tsx';
import { Onboarding } from '../components/feed/onboarding.tsx';
import { ProfileDrawer } from '../components/feed/profile-drawer.tsx';
import { SubscribeDialog } from '../components/feed/subscribe-dialog.tsx';
import { Link } from '../components/link.tsx';
import { HitsSkeleton, ProblemNotice } from '../components/notices.tsx';
import { weekdayText } from '../days.ts';
import { fewerKey, type Gone, goneFrom, groupsOf, hiddenBy, type FeedGroup } from '../feed-groups.ts';
import { useFeed, type FeedPages } from '../hooks/use-feed.ts';
import { useMarks, type Marks } from '../hooks/use-marks.ts';
import { useProfile, type Profile } from '../hooks/use-profile.ts';
import { navigate } from '../hooks/use-route.ts';
import { useScroll } from '../hooks/use-scroll.ts';
import { useSeen } from '../hooks/use-seen.ts';
import { useTitle } from '../hooks/use-title.ts';
import { feedPath } from '../routes.ts';
import { useServices } from '../services.ts';
import '../styles/feed.css';

/** Says and takes back what makes items leave; each shows at once and can be undone. */
function useFewer(profile: Profile, marks: Marks) {
  const { toasts } = useServices();
  const [actedOn, setActedOn] = useState<ReadonlyMap<string, string>>(new Map());
  const undo = ({ paper }: FeedItem, fewer: Fewer): void => {
    const kind = hiddenBy(fewer);
    if (kind) void profile.unhide(kind, fewer.value);
    else if (fewer.action === 'mute-interest') void profile.changeInterest(Number(fewer.value), { muted: false });
    else marks.forget(fewer.value === paper.id ? paper : { ...paper, id: fewer.value });
  };
  const apply = async (item: FeedItem, fewer: Fewer): Promise<void> => {
    setActedOn((before) => new Map([...before, [fewerKey(fewer), item.paper.id]]));
    const kind = hiddenBy(fewer);
    if (fewer.action === 'not-this-paper' || fewer.action === 'not-this-kind') {
      marks.tell(item.paper, fewer.action);
      return;
    }
    const done = kind
      ? await profile.hide(kind, fewer.value)
      : await profile.changeInterest(Number(fewer.value), { muted: true });
    const text = kind ? `Nothing ${kind === 'author' ? 'by' : 'from'} ${fewer.value} any more` : 'Interest muted';
    if (done) toasts.show({ kind: 'done', text, undo: () => undo(item, fewer) });
  };
  return { actedOn, apply, undo };
}

const GROUP_NAMES = { other: 'Also near what you like', exploration: 'To find out what else you like' } as const;

interface GroupProps {
  readonly group: FeedGroup;
  readonly id: string;
  readonly of: 'all' | 'one';
  readonly render: (item: FeedItem) => ReactElement | null;
}

function Group({ group, id, of, render }: GroupProps): ReactElement | null {
  const { interest, kind, items } = group;
  const cards = items.map(render);
  if (cards.every((card) => card === null)) return null;
  const name = kind === 'interest' ? (interest?.name ?? '') : GROUP_NAMES[kind];
  return (
    <section className="feed-group" aria-labelledby={id}>
      <h2 id={id}>{of === 'all' && interest ? <Link to={feedPath(String(interest.id))}>{name}</Link> : name}</h2>
      {kind === 'exploration' && (
        <p className="feed-group-lead">
          A little further from what you have saved. Like or dismiss them: each answer teaches your feed a lot.
        </p>
      )}
      {cards}
    </section>
  );
}

interface PagesProps {
  readonly feed: FeedPages;
  readonly interest: string;
  readonly profile: Profile;
  readonly marks: Marks;
}

function Pages({ feed, interest, profile, marks }: PagesProps): ReactElement {
  const watch = useSeen();
  const { actedOn, apply, undo } = useFewer(profile, marks);
  const items = useMemo(() => feed.pages.flatMap((page) => page.items), [feed.pages]);
  const said = { feedbackOn: marks.feedbackOn, profile: profile.asked.value };
  const gone: ReadonlyMap<string, Gone> = goneFrom(items, said, actedOn);
  const card = (item: FeedItem): ReactElement | null => {
    const why = gone.get(item.paper.id);
    if (why?.place === 'nothing') return null;
    return (
      <FeedItemCard
        key={item.paper.id}
        {...{ item, marks, watch }}
        gone={why}
        onFewer={(fewer) => void apply(item, fewer)}
        onUndo={(fewer) => undo(item, fewer)}
      />
    );
  };
  return (
    <div className="feed-items" aria-busy={feed.state === 'loading'}>
      {feed.pages.flatMap((page, at) =>
        groupsOf(page.items).map((group) => {
          const id = `group-${at}-${group.kind}-${group.interest?.id ?? ''}`;
          return <Group key={id} {...{ group, id }} of={interest === '' ? 'all' : 'one'} render={card} />;
        }),
      )}
    </div>
  );
}

const sentence = (text: string): string => text.charAt(0).toUpperCase() + text.slice(1);

/** Why there are few papers, or none, and what can be done about it here. */
function Why({ feed, interest }: { readonly feed: Feed; readonly interest: string }): ReactElement | null {
  if (feed.why === null) return null;
  if (feed.items.length > 0) return <p className="feed-why">{sentence(feed.why)}</p>;
  return (
    <div className="message">
      <h2>Nothing new today</h2>
      <p>{sentence(feed.why)}</p>
      <p className="message-ways">
        {interest !== '' && <Link to={feedPath()}>Show all interests</Link>}
        <Link to="/trending">See what is trending</Link>
        <Link to={`${feedPath(interest)}#start`}>Tell more of what you like</Link>
        <Link to="/import">Import papers</Link>
      </p>
    </div>
  );
}

function MoreButton({ feed }: { readonly feed: FeedPages }): ReactElement | null {
  const last = feed.pages.at(-1);
  if (!last || feed.state !== 'ready') return null;
  if (feed.more === 'none') {
    return feed.pages.some(({ items }) => items.length > 0) ? (
      <p className="feed-end">That is all for today. What you saw here will not come again tomorrow.</p>
    ) : null;
  }
  return (
    <button type="button" className="button more-button" aria-disabled={feed.more === 'coming'} onClick={feed.showMore}>
      {feed.more === 'coming' ? 'Looking …' : 'Show more'}
    </button>
  );
}

interface FeedColumnProps {
  readonly interest: string;
  readonly profile: Profile;
  readonly feed: FeedPages;
}

function FeedColumn({ interest, profile, feed }: FeedColumnProps): ReactElement {
  const marks = useMarks();
  const [first] = feed.pages;
  const count = feed.pages.reduce((sum, { items }) => sum + items.length, 0);
  return (
    <div className="column feed-column">
      <output className="visually-hidden" aria-live="polite">
        {feed.state === 'ready' && `${count} ${count === 1 ? 'paper' : 'papers'} in your feed`}
      </output>
      {feed.problem && <ProblemNotice problem={feed.problem} onRetry={feed.renew} />}
      {!first && feed.state === 'loading' && <HitsSkeleton />}
      {first && <Why feed={first} interest={interest} />}
      {first && <Pages key={interest} {...{ feed, interest, profile, marks }} />}
      <MoreButton feed={feed} />
    </div>
  );
}

function FeedView({ interest, hash, profile }: FeedPageProps & { readonly profile: Profile }): ReactElement {
  const feed = useFeed(interest);
  const { value } = profile.asked;
  const [first] = feed.pages;
  useScroll(`feed ${interest}`, feed.pages.length === 0 && feed.state === 'loading' ? 'pending' : 'settled');
  const close = (): void => navigate(feedPath(interest), 'replace');
  const setDiversity = async (diversity: number): Promise<void> => {
    if (await profile.setDiversity(diversity)) feed.renew();
  };
  const few = value && value.known.papers < value.known.enough;
  return (
    <div className="feed-page">
      <header className="feed-head">
        <h1>For you</h1>
        <p className="feed-day">{first ? weekdayText(first.generatedAt) : '\u00A0'}</p>
        <button type="button" className="text-button" onClick={feed.renew}>
          Refresh
        </button>
      </header>
      <aside className="feed-side" aria-label="What the feed follows from">
        <InterestLinks profile={value} interest={interest} />
        <DiversityDial diversity={value?.diversity} onDiversity={(diversity) => void setDiversity(diversity)} />
        <p className="feed-doors">
          <Link to={`${feedPath(interest)}#profile`}>Your profile</Link>
          <Link to={`${feedPath(interest)}#subscribe`}>By mail or feed reader</Link>
        </p>
      </aside>
      <div className="feed-main">
        {few && (
          <p className="notice">
            This follows from {value.known.papers === 1 ? 'one paper' : `${value.known.papers} papers`} that you like;{' '}
            {value.known.enough} make a good feed. <Link to={`${feedPath()}#start`}>Tell more</Link>.
          </p>
        )}
        <FeedColumn interest={interest} profile={profile} feed={feed} />
      </div>
      {hash === '#profile' && <ProfileDrawer profile={profile} onClose={close} onChanged={feed.renew} />}
      {hash === '#subscribe' && <SubscribeDialog onClose={close} />}
    </div>
  );
}

interface FeedPageProps {
  readonly interest: string;
  readonly hash: string;
}

/** What to read next, and why. Whoever nothing is known of is asked first. */
export default function FeedPage({ interest, hash }: FeedPageProps): ReactElement {
  const profile = useProfile();
  const { asked } = profile;
  useTitle('For you');
  const isNew = asked.value?.known.papers === 0 && asked.value.interests.length === 0;
  useEffect(() => {
    // Said in the address, so that the first answer does not end the questions.
    if (isNew && hash === '') navigate(`${feedPath()}#start`, 'replace');
  }, [isNew, hash]);
  if (asked.state === 'failed' && !asked.value) {
    return (
      <div className="column">
        <ProblemNotice problem={asked.problem} onRetry={asked.retry} />
      </div>
    );
  }
  if (hash === '#start') return <Onboarding profile={asked.value} />;
  if (isNew && hash === '') return <HitsSkeleton count={3} />;
  return <FeedView {...{ interest, hash, profile }} />;
}
