import {
  useEffect,
  useEffectEvent,
  useRef,
  useState,
  type ChangeEvent,
  type FormEvent,
  type KeyboardEvent,
  type ReactElement,
} from 'react';
import { entryKind, navigate, type EntryKind, type Location } from '../hooks/use-route.ts';
import { HITS, searchPath, type SearchState } from '../routes.ts';

/** A pause between two keys of fluent typing is shorter; waiting longer would be felt. */
const DEBOUNCE_MS = 150;
/** After this the last word counts as finished even though Enter was not pressed. */
const SETTLE_MS = 1_000;

const NO_SEARCH: SearchState = { query: '', filter: '', mode: 'hybrid', k: HITS };

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
  const timer = useRef<ReturnType<typeof setTimeout>>(undefined);

  const follow = useEffectEvent((query: string): void => {
    // The address changed by other means: a link, an example, the back button. What was being typed no longer counts.
    if (query === committed.current) return;
    clearTimeout(timer.current);
    committed.current = query;
    setText(query);
  });

  useEffect(() => {
    if (route.page === 'search') follow(route.query);
  }, [route]);
  useEffect(() => () => clearTimeout(timer.current), []);

  const commit = (typed: string, kind: EntryKind): void => {
    clearTimeout(timer.current);
    const query = typed.trim();
    const same = query === committed.current && route.page === 'search';
    if (same && kind === entryKind()) return;
    committed.current = query;
    const how = same || (entryKind() !== 'settled' && route.page === 'search') ? 'replace' : 'push';
    navigate(searchPath({ ...search, query, k: same ? search.k : HITS }), how, kind);
  };
  const type = (typed: string): void => {
    setText(typed);
    clearTimeout(timer.current);
    if (route.page !== 'search') return;
    timer.current = setTimeout(() => commit(typed, 'typing'), DEBOUNCE_MS);
  };
  return { text, type, commit };
}

export function SearchBox({ location }: { readonly location: Location }): ReactElement {
  const { text, type, commit } = useDraft(location);
  const input = useRef<HTMLInputElement>(null);
  const onSearchPage = location.route.page === 'search';

  const pause = useEffectEvent((typed: string): void => commit(typed, 'paused'));

  useEffect(() => {
    if (location.kind !== 'typing') return undefined;
    const timer = setTimeout(() => pause(text), SETTLE_MS);
    return () => clearTimeout(timer);
  }, [location.kind, text]);

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
        // oxlint-disable-next-line jsx-a11y/no-autofocus -- the search page is for searching; other pages are read first
        autoFocus={onSearchPage}
        placeholder="Ask a question, or name what the paper is about"
        value={text}
        onChange={(event: ChangeEvent<HTMLInputElement>) => type(event.target.value)}
        onKeyDown={onKeyDown}
      />
      {text !== '' && (
        <button type="button" className="clear-button" onClick={clear} aria-label="Clear the query">
          ×
        </button>
      )}
    </form>
  );
}
