import { keepPreviousData, useInfiniteQuery, useQueryClient } from '@tanstack/react-query';
import { useEffect, useId, useState, type ChangeEvent, type DragEvent, type ReactElement } from 'react';
import type { PaperJson, ProfileJson, Stats } from '../../../domain/mod.ts';
import { onboardingRequest } from '../../api/feed-requests.ts';
import { asProblem } from '../../api/problem.ts';
import { withValue } from '../../filter-expression.ts';
import { useBringFiles } from '../../hooks/use-bring-files.ts';
import { useReadersMarks, type Marks } from '../../hooks/use-marks.ts';
import { useScroll } from '../../hooks/use-scroll.ts';
import { useStats } from '../../hooks/use-stats.ts';
import { countText } from '../../numbers.ts';
import { feedPath } from '../../routes.ts';
import { useServices } from '../../services.ts';
import { Abstract } from '../abstract.tsx';
import { Byline } from '../byline.tsx';
import { ImportEntry } from '../import-progress.tsx';
import { Link } from '../link.tsx';
import { HitsSkeleton, ProblemNotice } from '../notices.tsx';
import { RichText } from '../rich-text.tsx';

/** Papers asked about at a time: few enough to answer, and each stands for a part of the library. */
const BATCH = 6;
/** As many as the server gives at once. */
const MOST = 100;
const CATEGORIES = 18;
const TYPED_MS = 500;
const ASKED = 'onboarding';
const NONE: readonly string[] = [];

interface CategoriesProps {
  readonly stats: Stats;
  readonly chosen: readonly string[];
  readonly onChoose: (category: string) => void;
}

function Categories({ stats, chosen, onChoose }: CategoriesProps): ReactElement | null {
  if (stats.categories.length === 0) return null;
  return (
    <fieldset className="onboarding-categories">
      <legend>What do you read about?</legend>
      <ul className="chips">
        {stats.categories.slice(0, CATEGORIES).map(({ name, papers, label }) => (
          <li key={name}>
            <button
              type="button"
              className="chip chip-choice"
              aria-pressed={chosen.includes(name)}
              aria-label={`${name}${label === undefined ? '' : ` ${label}`}, ${countText(papers)} papers`}
              onClick={() => onChoose(name)}
            >
              <span className={label === undefined ? undefined : 'chip-code'}>{name}</span>{' '}
              {label !== undefined && <span className="category-name">{label} </span>}
              <span className="chip-count">{countText(papers)}</span>
            </button>
          </li>
        ))}
      </ul>
    </fieldset>
  );
}

/** A paper to answer about; answered, it folds to its title. */
function Question({ paper, marks }: { readonly paper: PaperJson; readonly marks: Marks }): ReactElement {
  const said = marks.feedbackOn(paper.id);
  const title = paper.title || paper.id;
  return (
    <article className={said ? 'question question-answered' : 'question'} data-paper-id={paper.id}>
      <h3>
        <RichText text={title} />
      </h3>
      {!said && (
        <>
          <Byline paper={paper} />
          <Abstract abstract={paper.abstract} evidence={null} />
        </>
      )}
      <div className="question-answers">
        <button
          type="button"
          className="toggle"
          aria-pressed={said === 'like'}
          aria-label={`I would read this: ${title}`}
          onClick={() => (said === 'like' ? marks.forget(paper) : marks.tell(paper, 'like'))}
        >
          I would read this
        </button>
        <button
          type="button"
          className="toggle"
          aria-pressed={said !== undefined && said !== 'like'}
          aria-label={`Not for me: ${title}`}
          onClick={() =>
            said !== undefined && said !== 'like' ? marks.forget(paper) : marks.tell(paper, 'not-this-paper')
          }
        >
          Not for me
        </button>
      </div>
    </article>
  );
}

/** How many papers are known to be liked, and how many are enough. */
function Progress({ known }: { readonly known: ProfileJson['known'] | undefined }): ReactElement {
  const { papers, enough } = known ?? { papers: 0, enough: 5 };
  const left = Math.max(0, enough - papers);
  const text =
    left === 0
      ? `${papers} papers that you like: enough for a good feed.`
      : `${papers} of ${enough}: ${left} more, and your feed has something to go by.`;
  return (
    <div className="onboarding-progress">
      <progress aria-label="Papers that you like" max={enough} value={Math.min(papers, enough)} />
      <output aria-live="polite">{known && text}</output>
      {papers > 0 && (
        <Link to={feedPath()} className={left === 0 ? 'button button-main' : 'button'}>
          Show my feed
        </Link>
      )}
    </div>
  );
}

/** Takes a file of papers that the reader has anyway. */
function BringFile(): ReactElement {
  const { bringAll, entries } = useBringFiles();
  const onDrop = (event: DragEvent): void => {
    // Marks it as taken: anywhere else on the page a dropped file is imported and no more.
    event.preventDefault();
    bringAll(event.dataTransfer.files);
  };
  const choose = (event: ChangeEvent<HTMLInputElement>): void => {
    bringAll([...(event.target.files ?? [])]);
    event.target.value = '';
  };
  return (
    <section className="bring" aria-labelledby="bring-heading">
      <h2 id="bring-heading">Or bring what you have</h2>
      <label className="file-field bring-field">
        <input
          type="file"
          multiple
          onDrop={onDrop}
          onChange={choose}
          accept=".bib,.bibtex,.ris,.json,.jsonl,.csv,.tsv,.xml,.zip"
        />
        <span className="file-field-text">
          <strong>Choose a file</strong> or drop it here: BibTeX, RIS, CSL-JSON, Zotero, CSV. Its papers are saved to
          your library, and the feed follows from them.
        </span>
      </label>
      <ol className="import-list">
        {entries.map((entry) => (
          <ImportEntry key={entry.number} entry={entry} />
        ))}
      </ol>
    </section>
  );
}

/** Papers to ask about, batch by batch: answers change what is worth asking next, and what stands there keeps its place. */
function useQuestions(filter: string, text: string) {
  const { client } = useServices();
  return useInfiniteQuery({
    queryKey: [ASKED, filter, text],
    queryFn: async ({ pageParam, signal }: { readonly pageParam: readonly string[]; readonly signal: AbortSignal }) => {
      const request = onboardingRequest({ k: Math.min(MOST, BATCH + pageParam.length), filter, text });
      const { papers } = await client.ask(request, signal);
      return papers.filter(({ paper }) => !pageParam.includes(paper.id)).slice(0, BATCH);
    },
    initialPageParam: NONE,
    getNextPageParam: (last, pages) => (last.length === 0 ? undefined : pages.flat().map(({ paper }) => paper.id)),
    placeholderData: keepPreviousData,
    staleTime: Infinity,
    gcTime: 0,
  });
}

interface QuestionsProps {
  readonly filter: string;
  readonly text: string;
  readonly marks: Marks;
}

function Questions({ filter, text, marks }: QuestionsProps): ReactElement {
  const asked = useQuestions(filter, text);
  const { data, error, hasNextPage, isFetching, fetchNextPage } = asked;
  const papers = data?.pages.flat() ?? [];
  const answered = papers.length > 0 && papers.every(({ paper }) => marks.feedbackOn(paper.id) !== undefined);
  useEffect(() => {
    if (answered && hasNextPage && !isFetching) void fetchNextPage();
  }, [answered, hasNextPage, isFetching, fetchNextPage]);
  return (
    <section aria-labelledby="questions-heading" aria-busy={isFetching}>
      <h2 id="questions-heading">Would you read these?</h2>
      {error !== null && <ProblemNotice problem={asProblem(error)} onRetry={() => void asked.refetch()} />}
      {!data && error === null && <HitsSkeleton count={3} />}
      {data && papers.length === 0 && (
        <p className="message">
          No paper is left to ask about here: choose another category, other words, or bring a file.
        </p>
      )}
      <div className="questions">
        {papers.map(({ paper }) => (
          <Question key={paper.id} paper={paper} marks={marks} />
        ))}
      </div>
      {hasNextPage && papers.length > 0 && (
        <button type="button" className="button more-button" onClick={() => void fetchNextPage()}>
          {isFetching ? 'Looking …' : 'Ask about other papers'}
        </button>
      )}
    </section>
  );
}

/** The first visit: a few answers, or a file, and there is a feed. */
export function Onboarding({ profile }: { readonly profile: ProfileJson | undefined }): ReactElement {
  const stats = useStats();
  const marks = useReadersMarks('in place');
  const queries = useQueryClient();
  const textId = useId();
  const [chosen, setChosen] = useState<readonly string[]>([]);
  const [typed, setTyped] = useState('');
  const [text, setText] = useState('');
  useScroll('feed start', 'settled');
  useEffect(() => {
    // Whatever feed there was follows from what was known before.
    queries.removeQueries({ predicate: ({ queryKey: [url] }) => String(url).startsWith('/api/feed?') });
  }, [queries]);
  useEffect(() => {
    const timer = setTimeout(() => setText(typed), TYPED_MS);
    return () => clearTimeout(timer);
  }, [typed]);
  const choose = (category: string): void =>
    setChosen((before) =>
      before.includes(category) ? before.filter((one) => one !== category) : [...before, category],
    );
  const filter = chosen.reduce((expression, category) => withValue(expression, 'category', category), '');
  if (stats.value?.papers === 0) {
    return (
      <div className="column onboarding">
        <h1>A feed of your own</h1>
        <p className="lead">The library has no papers yet. Bring some: those of a file are saved, and speak for you.</p>
        <BringFile />
      </div>
    );
  }
  return (
    <div className="column onboarding">
      <h1>A feed of your own</h1>
      <p className="lead">
        Say which papers you would read, and Paperkin picks what to read next, each with its reason. Nothing of it
        leaves this machine.
      </p>
      <Progress known={profile?.known} />
      {stats.value && <Categories stats={stats.value} chosen={chosen} onChoose={choose} />}
      <div className="field">
        <label htmlFor={textId}>
          {stats.value?.categories.length === 0 ? 'What do you read about?' : 'Or in your own words'}
        </label>
        <input
          id={textId}
          type="text"
          value={typed}
          maxLength={1000}
          placeholder="how databases recover from crashes"
          onChange={(event) => setTyped(event.target.value)}
        />
      </div>
      <Questions filter={filter} text={text} marks={marks} />
      <BringFile />
    </div>
  );
}
