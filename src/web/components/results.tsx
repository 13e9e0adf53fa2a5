import { memo, useCallback, useMemo, type ReactElement, type ReactNode } from 'react';
import { type Answer, type Hit, SEARCH_ORDERS, type SearchOrder, type Stats } from '../../domain/mod.ts';
import { withValue } from '../filter-expression.ts';
import type { Asked } from '../hooks/use-answer.ts';
import { navigate } from '../hooks/use-route.ts';
import { countText, papersText } from '../numbers.ts';
import { HITS, isExample, MAX_HITS, searchPath, type SearchState } from '../routes.ts';
import { FollowButton } from './follow-button.tsx';
import { HitCard } from './hit-card.tsx';
import { Link } from './link.tsx';
import { DegradedNotice, HitsSkeleton, ProblemNotice, UnderstoodNotice } from './notices.tsx';

function summary({ hits, total, mode, tookMs }: Answer, { sort }: SearchState): string {
  const time = tookMs < 1 ? 'under 1 ms' : `${countText(Math.round(tookMs))} ms`;
  const shown = hits.length;
  if (shown === 0) return `No paper found · ${time}`;
  if (total === null || total <= shown) return `${papersText(shown)} · ${time}`;
  const first = sort === 'newest' || sort === 'trending' ? 'First' : 'Best';
  const what = first === 'First' ? ' that are relevant' : mode === 'lexical' ? ' that match' : ' searched';
  return `${first} ${shown} of ${papersText(total)}${what} · ${time}`;
}

const ORDER_NAMES: { readonly [order in SearchOrder]: string } = {
  relevance: 'Most relevant',
  recent: 'Relevant and recent',
  newest: 'Newest',
  trending: 'Trending',
};

function SortChoice({ search }: { readonly search: SearchState }): ReactElement {
  const change = (chosen: string): void => {
    const sort = SEARCH_ORDERS.find((order) => order === chosen) ?? 'relevance';
    navigate(searchPath({ ...search, sort, k: HITS }));
  };
  return (
    <label className="sort-choice">
      <span className="visually-hidden">Order</span>
      <select value={search.sort} onChange={(event) => change(event.target.value)}>
        {SEARCH_ORDERS.map((order) => (
          <option key={order} value={order}>
            {ORDER_NAMES[order]}
          </option>
        ))}
      </select>
    </label>
  );
}

interface NothingProps {
  readonly search: SearchState;
  readonly answer: Answer;
  readonly stats: Stats | undefined;
}

/** No hit: why that may be, and what to do about it. */
function Nothing({ search, answer, stats }: NothingProps): ReactElement {
  const wordsOnly = search.mode === 'lexical' || answer.degraded.some(({ part }) => part === 'dense');
  if (stats?.papers === 0) {
    return (
      <div className="message">
        <h2>Your library is empty</h2>
        <p>
          There is nothing to search yet. <Link to="/import">Import papers</Link> first.
        </p>
      </div>
    );
  }
  return (
    <div className="message">
      <h2>Nothing found</h2>
      {search.filter !== '' && (
        <p>
          {answer.total === 0 && !wordsOnly ? 'No paper passes the filter ' : 'No paper that passes the filter '}
          <code>{search.filter}</code>
          {answer.total === 0 && !wordsOnly ? '.' : ' answers this query.'} Loosen it, or{' '}
          <Link to={searchPath({ ...search, filter: '' })}>search without the filter</Link>.
        </p>
      )}
      {search.filter === '' && wordsOnly && <p>No paper contains these words. Try fewer or other words.</p>}
      {search.filter === '' && !wordsOnly && <p>Try other words, or describe in a sentence what the paper does.</p>}
      {search.mode === 'lexical' && (
        <p>
          <Link to={searchPath({ ...search, mode: 'hybrid' })}>Search by meaning, too</Link>: it needs no shared words.
        </p>
      )}
    </div>
  );
}

interface MoreButtonProps {
  readonly search: SearchState;
  readonly answer: Answer;
  readonly pending: boolean;
}

/** It stays while more are fetched, so that the keyboard does not lose its place. */
function MoreButton({ search, answer, pending }: MoreButtonProps): ReactElement | null {
  const hits = pending ? search.k : answer.hits.length;
  const exhausted = hits < search.k || (answer.total !== null && answer.total <= answer.hits.length);
  if (exhausted || search.k >= MAX_HITS) return null;
  const more = (): void => navigate(searchPath({ ...search, k: Math.min(MAX_HITS, search.k + HITS) }), 'replace');
  return (
    <button type="button" className="button more-button" onClick={more}>
      Show more
    </button>
  );
}

function exampleOf({ query, like }: SearchState): ReactElement {
  if (like !== '') {
    return (
      <>
        Papers like those of <code>{like}</code>
        {query !== '' && ', and like your text'}. None of them is listed.
      </>
    );
  }
  return <>Papers like the text you pasted: it is compared as a whole, as papers are with each other.</>;
}

/** Hits drawn with the answer, as many as most windows show; the others follow as soon as nothing else waits. */
const AT_ONCE = 5;

interface HitsProps {
  readonly hits: readonly Hit[];
  readonly onCategory: (category: string) => void;
}

const Hits = memo(function Hits({ hits, onCategory }: HitsProps): ReactNode {
  return hits.map((hit) => <HitCard key={hit.paper.id} hit={hit} onCategory={onCategory} />);
});

interface ResultsProps {
  readonly search: SearchState;
  readonly asked: Asked<Answer>;
  /** The answer whose hits past the first few are drawn: it may be behind. */
  readonly drawn: Answer | undefined;
  readonly stats: Stats | undefined;
}

export function Results({ search, asked, drawn, stats }: ResultsProps): ReactElement {
  const answer = asked.value;
  const first = useMemo(() => answer?.hits.slice(0, AT_ONCE) ?? [], [answer]);
  const rest = useMemo(() => drawn?.hits.slice(AT_ONCE) ?? [], [drawn]);
  // Until the new answer is in, the old count stays: a screen reader would speak every key typed otherwise.
  const waiting = asked.state === 'loading' ? 'Searching …' : '\u00A0';
  const addCategory = useCallback(
    (category: string): void =>
      navigate(searchPath({ ...search, filter: withValue(search.filter, 'category', category), k: HITS })),
    [search],
  );

  return (
    <section className="results" aria-label="Results" aria-busy={asked.state === 'loading'}>
      <h2 className="visually-hidden">Results</h2>
      <div className="results-head">
        <output className="result-count" aria-live="polite">
          {answer && asked.state !== 'failed' ? summary(answer, search) : waiting}
        </output>
        {answer && asked.state !== 'failed' && <FollowButton search={search} answer={answer} />}
        {!isExample(search) && <SortChoice search={search} />}
      </div>
      {isExample(search) && <p className="understood">{exampleOf(search)}</p>}
      {answer && asked.state !== 'failed' && <UnderstoodNotice understood={answer.understood} />}
      {answer && asked.state !== 'failed' && <DegradedNotice degraded={answer.degraded} />}
      {asked.state === 'failed' && <ProblemNotice problem={asked.problem} onRetry={asked.retry} />}
      {asked.state === 'loading' && !answer && <HitsSkeleton />}
      {asked.state === 'ready' && asked.value.hits.length === 0 && (
        <Nothing search={search} answer={asked.value} stats={stats} />
      )}
      {answer && asked.state !== 'failed' && (
        <div className="hits" data-query={answer.query}>
          <Hits hits={first} onCategory={addCategory} />
          <Hits hits={rest} onCategory={addCategory} />
        </div>
      )}
      {answer && asked.state !== 'failed' && (
        <MoreButton search={search} answer={answer} pending={asked.state === 'loading'} />
      )}
    </section>
  );
}
