import type { ReactElement } from 'react';
import { searchOfTopic, type Stats } from '../../domain/mod.ts';
import { topicsRequest } from '../api/requests.ts';
import { useAnswer } from '../hooks/use-answer.ts';
import { countText, papersText } from '../numbers.ts';
import { searchPath } from '../routes.ts';
import { Link } from './link.tsx';

/** Questions that the bundled sample library answers, one from each of its fields. */
const EXAMPLES = [
  'how can a network learn from its own errors',
  'finding texts that share no words with the question',
  'making pictures by removing noise step by step',
  'keeping unreliable servers in agreement',
  'which problems are as hard as all the others',
  'publishing statistics without exposing anyone',
  'do black holes give off heat',
  'patterns that must appear among the primes',
  'switching genes off with RNA',
];

const TOP_CATEGORIES = 12;

function Library({ stats }: { readonly stats: Stats }): ReactElement {
  if (stats.papers === 0) {
    return (
      <p className="lead">
        Your library is empty. <Link to="/import">Import papers</Link>, or drop a file anywhere on this page.
      </p>
    );
  }
  const { years } = stats;
  return (
    <>
      <p className="lead">
        {papersText(stats.papers)}
        {years && (years.from === years.to ? ` from ${years.from}` : ` from ${years.from} to ${years.to}`)}, searched by
        meaning and by words on this machine.
      </p>
      {stats.pending > 0 && (
        <p className="notice">
          {papersText(stats.pending)} {stats.pending === 1 ? 'is' : 'are'} not embedded yet: found by words only until
          then.
        </p>
      )}
    </>
  );
}

function Examples(): ReactElement {
  return (
    <section aria-labelledby="examples">
      <h2 id="examples">Try a question</h2>
      <ul className="examples">
        {EXAMPLES.map((query) => (
          <li key={query}>
            <Link to={searchPath({ query })}>{query}</Link>
          </li>
        ))}
      </ul>
    </section>
  );
}

/** Searches that the reader follows. */
function Topics(): ReactElement | null {
  const { value } = useAnswer(topicsRequest);
  if (!value || value.topics.length === 0) return null;
  return (
    <section aria-labelledby="topics">
      <h2 id="topics">Searches you follow</h2>
      <ul className="examples">
        {value.topics.map((topic) => (
          <li key={topic.id}>
            <Link to={searchPath(searchOfTopic(topic))}>{topic.name}</Link>
          </li>
        ))}
      </ul>
    </section>
  );
}

/** Other ways in than words, for whoever has something at hand. */
function WaysIn(): ReactElement {
  return (
    <section aria-labelledby="ways">
      <h2 id="ways">Or start from what you have</h2>
      <ul className="ways">
        <li>
          <strong>Paste an abstract</strong> into the search box: papers like it are found, whatever words they use.
        </li>
        <li>
          <strong>Drop a .bib file</strong> on the search box: it is saved to your library, or papers like those in it
          are found.
        </li>
        <li>
          <strong>Type an id or a title</strong> that you remember in part: misspelt words and names of authors are
          understood.
        </li>
      </ul>
    </section>
  );
}

function TopCategories({
  stats,
  onCategory,
}: {
  readonly stats: Stats;
  readonly onCategory: (name: string) => void;
}): ReactElement | null {
  if (stats.categories.length === 0) return null;
  return (
    <section aria-labelledby="categories">
      <h2 id="categories">What is in it</h2>
      <ul className="chips">
        {stats.categories.slice(0, TOP_CATEGORIES).map(({ name, papers, label }) => (
          <li key={name}>
            <button
              type="button"
              className="chip"
              onClick={() => onCategory(name)}
              aria-label={`Only ${name}${label === undefined ? '' : ` ${label}`}, ${papersText(papers)}`}
            >
              <span className={label === undefined ? undefined : 'chip-code'}>{name}</span>{' '}
              {label !== undefined && <span className="category-name">{label} </span>}
              <span className="chip-count">{countText(papers)}</span>
            </button>
          </li>
        ))}
      </ul>
    </section>
  );
}

interface WelcomeProps {
  readonly stats: Stats | undefined;
  readonly onCategory: (name: string) => void;
}

/** The search page before there is a query: what there is to search, and what a query may look like. */
export function Welcome({ stats, onCategory }: WelcomeProps): ReactElement {
  return (
    <div className="welcome">
      <h1>Find the kin of an idea.</h1>
      {stats ? <Library stats={stats} /> : <p className="lead bone bone-lead" aria-hidden="true" />}
      <Topics />
      {stats?.papers !== 0 && <Examples />}
      {stats?.papers !== 0 && <WaysIn />}
      {stats && <TopCategories stats={stats} onCategory={onCategory} />}
      <section aria-labelledby="own">
        <h2 id="own">Bring your own papers</h2>
        <p>
          Drop a file anywhere on this page, or <Link to="/import">choose one</Link>: BibTeX, RIS, a table, what PubMed,
          arXiv, Zotero and others export, or a plain listing of titles and abstracts.
        </p>
      </section>
    </div>
  );
}
