import { useDeferredValue, type ReactElement } from 'react';
import type { Stats } from '../../domain/mod.ts';
import { breakdownRequest, searchRequest } from '../api/requests.ts';
import type { BreakdownCounts } from '../components/breakdown-panel.tsx';
import { FilterBar } from '../components/filter-bar.tsx';
import { ProblemNotice } from '../components/notices.tsx';
import { Results } from '../components/results.tsx';
import { Welcome } from '../components/welcome.tsx';
import { readFilter, withValue } from '../filter-expression.ts';
import { useAnswer } from '../hooks/use-answer.ts';
import { isRemembered, navigate } from '../hooks/use-route.ts';
import { useScroll } from '../hooks/use-scroll.ts';
import { useStats } from '../hooks/use-stats.ts';
import { useLast } from '../hooks/use-last.ts';
import { useTitle } from '../hooks/use-title.ts';
import { HITS, isExample, searchPath, type SearchState } from '../routes.ts';

interface SearchPageProps {
  readonly search: SearchState;
  readonly lastWord: 'whole' | 'prefix';
}

const HAS_WORD = /[\p{L}\p{N}]/u;

const NO_COUNTS: BreakdownCounts = { years: [], categories: [], venues: [], sources: [], authors: [] };

/** What the whole library has, for as long as nothing is searched for. */
function countsOf(stats: Stats | undefined): BreakdownCounts {
  const values = (counts: Stats['venues']) => counts.map(({ name, papers }) => ({ value: name, papers }));
  if (!stats) return NO_COUNTS;
  const { categories, venues, sources } = stats;
  return { ...NO_COUNTS, categories: values(categories), venues: values(venues), sources: values(sources) };
}

export function SearchPage({ search, lastWord }: SearchPageProps): ReactElement {
  const { query, filter, mode, sort, like } = search;
  // A filter in an address may have been written by hand; one that cannot be read is shown, not sent.
  const reading = readFilter(filter);
  const asks = query !== '' || like !== '';
  // The first key may be a sign, which the server rightly refuses.
  const hasWord = like !== '' || HAS_WORD.test(query);
  const ready = asks && hasWord && reading.state === 'valid';
  const stats = useStats();
  const asked = useAnswer(ready ? searchRequest(search, lastWord) : undefined);
  // Back at an entry of the history everything is drawn at once, so that the window can stand where it stood.
  const drawn = useDeferredValue(asked.value, isRemembered() ? asked.value : undefined);
  // Asked once the hits are there: they come first, and a key typed meanwhile takes the question back.
  const counted = asked.state === 'ready' && query !== '' && like === '';
  const breakdown = useAnswer(counted ? breakdownRequest(search, lastWord) : undefined);
  const lastCounts = useLast(breakdown.value);
  useTitle(query);
  useScroll(
    `${query}\n${like}\n${filter}\n${mode}\n${sort}`,
    asked.state === 'loading' || drawn !== asked.value ? 'pending' : 'settled',
  );

  const change = (changed: Partial<SearchState>): void => navigate(searchPath({ ...search, k: HITS, ...changed }));
  const addCategory = (category: string): void => {
    change({ filter: withValue(filter, 'category', category) });
    document.querySelector<HTMLElement>('#query')?.focus();
  };
  return (
    <div className="search-page">
      <FilterBar
        filter={filter}
        onFilter={(expression) => change({ filter: expression })}
        choice={isExample(search) ? undefined : { mode, onMode: (chosen) => change({ mode: chosen }) }}
        counts={query === '' ? countsOf(stats.value) : (lastCounts ?? NO_COUNTS)}
      />
      <div className="column">
        {!asks && stats.state === 'failed' && <ProblemNotice problem={stats.problem} onRetry={stats.retry} />}
        {!asks && stats.state !== 'failed' && <Welcome stats={stats.value} onCategory={addCategory} />}
        {asks && <h1 className="visually-hidden">Papers for “{query || like}”</h1>}
        {asks && !hasWord && <p className="lead">Say in words what you look for.</p>}
        {asks && reading.state === 'invalid' && (
          <div className="message" role="alert">
            <h2>The filter cannot be read</h2>
            <p>
              Column {reading.column} of <code>{filter}</code>: {reading.reason}.
            </p>
          </div>
        )}
        {ready && <Results search={search} asked={asked} drawn={drawn} stats={stats.value} />}
      </div>
    </div>
  );
}
