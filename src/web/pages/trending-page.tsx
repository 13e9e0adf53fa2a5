import type { ReactElement } from 'react';
import { type Trending, type TrendingItem, TRENDING_PERIODS, type TrendingPeriod } from '../../domain/mod.ts';
import { trendingRequest } from '../api/feed-requests.ts';
import { SubscribeDialog } from '../components/feed/subscribe-dialog.tsx';
import { Link } from '../components/link.tsx';
import { MarkButtons } from '../components/mark-buttons.tsx';
import { HitsSkeleton, ProblemNotice } from '../components/notices.tsx';
import { RichText } from '../components/rich-text.tsx';
import { besideText, dayText, daysText } from '../days.ts';
import { useAnswer } from '../hooks/use-answer.ts';
import { navigate } from '../hooks/use-route.ts';
import { useScroll } from '../hooks/use-scroll.ts';
import { useTitle } from '../hooks/use-title.ts';
import { countText } from '../numbers.ts';
import { paperPath, trendingPath, type TrendingState } from '../routes.ts';
import '../styles/trending.css';

const PERIOD_NAMES: { readonly [period in TrendingPeriod]: string } = { day: 'Day', week: 'Week', month: 'Month' };

/** Who thinks so: votes elsewhere, and persons of this server that have saved it. */
function votesText({ upvotes, saves }: TrendingItem): string {
  const said = [
    upvotes !== null && upvotes > 0 ? `${countText(upvotes)} ${upvotes === 1 ? 'vote' : 'votes'}` : '',
    saves > 0 ? `saved by ${saves === 1 ? 'one reader' : `${countText(saves)} readers`} here` : '',
  ];
  return said.filter((text) => text !== '').join(' · ');
}

function Entry({ item }: { readonly item: TrendingItem }): ReactElement {
  const { paper, rank } = item;
  const id = `trending-${rank}`;
  return (
    <article className="hit trending-entry" data-paper-id={paper.id} aria-labelledby={id}>
      <h2 className="hit-title" id={id}>
        <Link to={paperPath(paper.id)}>
          <RichText text={paper.title || paper.id} />
        </Link>
      </h2>
      {paper.abstract !== '' && (
        <p className="trending-abstract">
          <RichText text={paper.abstract} />
        </p>
      )}
      <div className="trending-foot">
        <span className="trending-votes">{votesText(item)}</span>
        <span className="hit-actions">
          <MarkButtons paper={paper} />
        </span>
      </div>
    </article>
  );
}

const sentence = (text: string): string => `${text.charAt(0).toUpperCase()}${text.slice(1)}.`;

function Nothing({ trending, period }: { readonly trending: Trending; readonly period: TrendingPeriod }): ReactElement {
  const { why, earlier } = trending;
  return (
    <div className="message">
      <h2>Nothing on this {period === 'day' ? 'day' : period}</h2>
      {why !== null && <p>{sentence(why)}</p>}
      <p className="message-ways">
        {earlier !== null && <Link to={trendingPath({ period, date: earlier })}>Go to {dayText(earlier)}</Link>}
        {period === 'day' && (
          <Link to={trendingPath({ period: 'month', date: trending.date })}>See the whole month</Link>
        )}
        <Link to="/feed">Read your own feed</Link>
      </p>
    </div>
  );
}

/** Ways to the days before and after that have anything. */
function Neighbours({
  trending,
  period,
  name,
}: {
  readonly trending: Trending;
  readonly period: TrendingPeriod;
  readonly name: string;
}): ReactElement {
  const { earlier, later, date } = trending;
  return (
    <nav className="trending-days" aria-label={name}>
      {earlier !== null && (
        <Link to={trendingPath({ period, date: earlier })} rel="prev">
          ← {besideText(earlier, date)}
        </Link>
      )}
      {later !== null && (
        <Link to={trendingPath({ period, date: later })} rel="next" className="trending-later">
          {besideText(later, date)} →
        </Link>
      )}
    </nav>
  );
}

interface TrendingPageProps {
  readonly state: TrendingState;
  readonly hash: string;
}

/** What readers vote for and save: titles and abstracts under a date. */
export default function TrendingPage({ state, hash }: TrendingPageProps): ReactElement {
  const { period, date } = state;
  const asked = useAnswer(trendingRequest(period, date));
  const trending = asked.value;
  const here = trendingPath(state);
  useTitle('Trending');
  useScroll(here, asked.state === 'loading' ? 'pending' : 'settled');
  return (
    <div className="trending-page">
      <header className="trending-head">
        <p className="trending-offer">
          <span>Papers for you, in your inbox.</span> <Link to={`${here}#subscribe`}>Subscribe</Link>
        </p>
        <h1>{trending ? daysText(trending.from, trending.date) : '\u00A0'}</h1>
        <div className="trending-bar">
          <nav className="period-links" aria-label="Period">
            {TRENDING_PERIODS.map((one) => (
              <Link
                key={one}
                to={trendingPath({ period: one, date })}
                aria-current={one === period ? 'page' : undefined}
              >
                {PERIOD_NAMES[one]}
              </Link>
            ))}
          </nav>
          {trending && <Neighbours trending={trending} period={period} name="Other days" />}
        </div>
      </header>
      <output className="visually-hidden" aria-live="polite">
        {asked.state === 'ready' && `${asked.value.items.length} papers`}
      </output>
      {asked.state === 'failed' && <ProblemNotice problem={asked.problem} onRetry={asked.retry} />}
      {!trending && asked.state === 'loading' && <HitsSkeleton />}
      {trending && asked.state !== 'failed' && (
        <div className="trending-list" aria-busy={asked.state === 'loading'}>
          {trending.items.map((item) => (
            <Entry key={item.paper.id} item={item} />
          ))}
          {trending.items.length === 0 && <Nothing trending={trending} period={period} />}
        </div>
      )}
      {trending && trending.items.length > 0 && (
        <Neighbours trending={trending} period={period} name="On to other days" />
      )}
      {hash === '#subscribe' && <SubscribeDialog onClose={() => navigate(here, 'replace')} />}
    </div>
  );
}
