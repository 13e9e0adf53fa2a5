import type { ReactElement } from 'react';
import { searchRequest } from '../api/requests.ts';
import { FilterBar } from '../components/filter-bar.tsx';
import { ProblemNotice } from '../components/notices.tsx';
import { Results } from '../components/results.tsx';
import { Welcome } from '../components/welcome.tsx';
import { readFilter, withValue } from '../filter-expression.ts';
import { useAnswer } from '../hooks/use-answer.ts';
import { navigate } from '../hooks/use-route.ts';
import { useScroll } from '../hooks/use-scroll.ts';
import { useStats } from '../hooks/use-stats.ts';
import { useTitle } from '../hooks/use-title.ts';
import { HITS, searchPath, type SearchState } from '../routes.ts';

interface SearchPageProps {
  readonly search: SearchState;
  readonly lastWord: 'whole' | 'prefix';
}

export function SearchPage({ search, lastWord }: SearchPageProps): ReactElement {
  const { query, filter, mode, k } = search;
  // A filter in an address may have been written by hand; one that cannot be read is shown, not sent.
  const reading = readFilter(filter);
  const ready = query !== '' && reading.state === 'valid';
  const stats = useStats();
  const asked = useAnswer(ready ? searchRequest({ query, filter, mode, k, lastWord }) : undefined);
  useTitle(query);
  useScroll(`${query}\n${filter}\n${mode}`, asked.state === 'loading' ? 'pending' : 'settled');

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
        mode={mode}
        onMode={(chosen) => change({ mode: chosen })}
        stats={stats.value}
      />
      <div className="column">
        {query === '' && stats.state === 'failed' && <ProblemNotice problem={stats.problem} onRetry={stats.retry} />}
        {query === '' && stats.state !== 'failed' && <Welcome stats={stats.value} onCategory={addCategory} />}
        {query !== '' && <h1 className="visually-hidden">Papers for “{query}”</h1>}
        {query !== '' && reading.state === 'invalid' && (
          <div className="message" role="alert">
            <h2>The filter cannot be read</h2>
            <p>
              Column {reading.column} of <code>{filter}</code>: {reading.reason}.
            </p>
          </div>
        )}
        {ready && <Results search={search} asked={asked} stats={stats.value} />}
      </div>
    </div>
  );
}
