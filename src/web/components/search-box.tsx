import {
  lazy,
  Suspense,
  useEffect,
  useEffectEvent,
  useRef,
  useState,
  type ChangeEvent,
  type ClipboardEvent,
  type DragEvent,
  type FormEvent,
  type KeyboardEvent,
  type ReactElement,
} from 'react';
import { entryKind, navigate, type EntryKind, type Location } from '../hooks/use-route.ts';
import { HITS, isExample, NO_SEARCH, searchPath } from '../routes.ts';

const BibliographyDialog = lazy(() => import('./bibliography-dialog.tsx'));

const BIBLIOGRAPHY = /\.(?:bib|ris)$/i;
/** What an address of the server may hold of a query; an abstract has some 1,500. */
const MOST_CHARACTERS = 10_000;
/** After this the last word counts as finished even though Enter was not pressed. */
const SETTLE_MS = 1_000;

interface Draft {
  readonly text: string;
  readonly type: (text: string) => void;
  readonly commit: (text: string, kind: EntryKind) => void;
}

/**
 * The text being typed and its way into the address. Typing on the search page is followed key by key, all keys of one
 * query sharing one entry of the history; on other pages nothing moves before Enter.
 */
function useDraft({ route }: Location): Draft {
  const search = route.page === 'search' ? route : NO_SEARCH;
  const [text, setText] = useState(search.query);
  const committed = useRef(search.query);

  const follow = useEffectEvent((query: string): void => {
    // The address changed by other means: a link, an example, the back button. What was being typed no longer counts.
    if (query === committed.current) return;
    committed.current = query;
    setText(query);
  });

  useEffect(() => {
    if (route.page === 'search') follow(route.query);
  }, [route]);

  const commit = (typed: string, kind: EntryKind): void => {
    const query = typed.trim();
    const same = query === committed.current && route.page === 'search';
    if (same && kind === entryKind()) return;
    committed.current = query;
    const how = same || (entryKind() !== 'settled' && route.page === 'search') ? 'replace' : 'push';
    navigate(searchPath({ ...search, query, like: '', k: same ? search.k : HITS }), how, kind);
  };
  const type = (typed: string): void => {
    setText(typed);
    if (route.page === 'search') commit(typed, 'typing');
  };
  return { text, type, commit };
}

export function SearchBox({ location }: { readonly location: Location }): ReactElement {
  const { text, type, commit } = useDraft(location);
  const input = useRef<HTMLInputElement>(null);
  const [dropped, setDropped] = useState<File>();
  const onSearchPage = location.route.page === 'search';

  // The search page is for searching; other pages are read first. Not by autoFocus, for which React lays the page out as it
  // draws it; an effect comes after the first paint.
  const focusFirst = useEffectEvent((): void => {
    if (onSearchPage) input.current?.focus();
  });
  useEffect(() => focusFirst(), []);

  const pause = useEffectEvent((typed: string): void => commit(typed, 'paused'));

  useEffect(() => {
    if (location.kind !== 'typing') return undefined;
    const timer = setTimeout(() => pause(text), SETTLE_MS);
    return () => clearTimeout(timer);
  }, [location.kind, text]);

  /** A text of several lines stays whole, its lines as blanks, and is searched with at once. */
  const onPaste = (event: ClipboardEvent<HTMLInputElement>): void => {
    const pasted = event.clipboardData.getData('text/plain').replace(/\s+/gu, ' ').trim();
    if (!isExample({ query: pasted, like: '' })) return;
    event.preventDefault();
    const whole = pasted.slice(0, MOST_CHARACTERS);
    type(whole);
    commit(whole, 'settled');
  };
  /** A bibliography dropped here is asked about; on the rest of the page any file is imported. */
  const onDrop = (event: DragEvent<HTMLInputElement>): void => {
    const [file, ...others] = event.dataTransfer.files;
    if (!file || others.length > 0 || !BIBLIOGRAPHY.test(file.name)) return;
    event.preventDefault();
    setDropped(file);
  };
  const submit = (event: FormEvent): void => {
    event.preventDefault();
    commit(text, 'settled');
  };
  const onKeyDown = (event: KeyboardEvent): void => {
    if (event.key !== 'Escape' || text === '') return;
    event.preventDefault();
    clear();
  };
  const clear = (): void => {
    type('');
    if (onSearchPage) commit('', 'settled');
    input.current?.focus();
  };
  return (
    // oxlint-disable-next-line jsx-a11y/prefer-tag-over-role -- the search element is too young to be known everywhere
    <form role="search" className="search-box" onSubmit={submit} action="/" aria-label="Papers">
      <svg viewBox="0 0 20 20" width="18" height="18" aria-hidden="true" focusable="false" className="icon">
        <path d="M8.5 3a5.5 5.5 0 1 0 0 11 5.5 5.5 0 0 0 0-11ZM12.6 12.6 17 17" />
      </svg>
      <label htmlFor="query" className="visually-hidden">
        Search papers by a question or by words
      </label>
      <input
        ref={input}
        id="query"
        name="q"
        type="text"
        inputMode="search"
        enterKeyHint="search"
        autoComplete="off"
        autoCapitalize="none"
        spellCheck={false}
        placeholder="Ask a question, name a topic, or paste an abstract"
        value={text}
        onChange={(event: ChangeEvent<HTMLInputElement>) => type(event.target.value)}
        onKeyDown={onKeyDown}
        onPaste={onPaste}
        onDrop={onDrop}
        maxLength={MOST_CHARACTERS}
      />
      {text !== '' && (
        <button type="button" className="clear-button" onClick={clear} aria-label="Clear the query">
          ×
        </button>
      )}
      {dropped && (
        <Suspense>
          <BibliographyDialog file={dropped} onClose={() => setDropped(undefined)} />
        </Suspense>
      )}
    </form>
  );
}
