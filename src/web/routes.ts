import {
  type Facet,
  FACETS,
  LIBRARY_SORTS,
  READING_STATES,
  SEARCH_MODES,
  SEARCH_ORDERS,
  SORT_ORDERS,
  TRENDING_PERIODS,
  type LibrarySort,
  type ReadingState,
  type SearchMode,
  type SearchOrder,
  type SortOrder,
  type TrendingPeriod,
} from '../domain/mod.ts';

/** What a search page shows; all of it lives in the address. */
export interface SearchState {
  readonly query: string;
  readonly filter: string;
  readonly mode: SearchMode;
  readonly sort: SearchOrder;
  readonly k: number;
  /** A filter whose papers are an example of what is looked for; `''` for none. */
  readonly like: string;
  /** A filter whose papers are an example of what is not looked for, beside `like`; `''` for none. */
  readonly unlike: string;
}

/** Of 1,358 summaries in one sentence and 489 questions 9 have more words: what is longer was pasted. */
const MOST_TYPED_WORDS = 45;

/** Whether papers like what is given are looked for, and not papers that answer it: a pasted abstract, or papers of one's own. */
export const isExample = ({ query, like }: Pick<SearchState, 'query' | 'like'>): boolean =>
  like !== '' || query.trim().split(/\s+/).length > MOST_TYPED_WORDS;

/** What a page of trending papers shows; `date` is the last day of the period, `''` for the latest. */
export interface TrendingState {
  readonly period: TrendingPeriod;
  readonly date: string;
}

/** Which of the saved papers are shown, `''` for all, and in which order. */
export interface LibraryState {
  readonly text: string;
  readonly state: ReadingState | '';
  readonly tag: string;
  readonly sort: LibrarySort;
  readonly order: SortOrder;
}

/** What the map shows: its view (see map/view.ts), the search whose hits are lit, and what is not lit though it could be. */
export interface MapState {
  readonly at: string;
  readonly query: string;
  readonly filter: string;
  /** Names of what is not lit, with commas between. */
  readonly unlit: string;
}

export type Route =
  | ({ readonly page: 'search' } & SearchState)
  /** `facet`: what the kin that are shown have in common, `''` for everything. */
  | { readonly page: 'paper'; readonly id: string; readonly facet: Facet | '' }
  /** `interest`: the number of the topic or interest that alone is shown, `''` for all. */
  | { readonly page: 'feed'; readonly interest: string }
  | ({ readonly page: 'trending' } & TrendingState)
  | ({ readonly page: 'library' } & LibraryState)
  | ({ readonly page: 'map' } & MapState)
  | { readonly page: 'settings' }
  | { readonly page: 'import' }
  | { readonly page: 'unknown' };

export type PageName = Route['page'];

/** Hits on a page of results, and the most that "Show more" adds up to. */
export const HITS = 20;
export const MAX_HITS = 200;

/** What a search is where nothing else is said. */
export const NO_SEARCH: SearchState = {
  query: '',
  filter: '',
  mode: 'hybrid',
  sort: 'relevance',
  like: '',
  unlike: '',
  k: HITS,
};

const PAPERS = '/papers/';

/** The value that an address gives if it is one of these, else the first. */
function oneOf<T extends string>(values: readonly [T, ...T[]], text: string | null): T {
  return values.find((value) => value === text) ?? values[0];
}

function hitsOf(text: string | null): number {
  const k = Number(text ?? HITS);
  return Number.isInteger(k) && k >= 1 ? Math.min(k, MAX_HITS) : HITS;
}

function paperRoute(encoded: string, facet: string | null): Route {
  try {
    const id = decodeURIComponent(encoded);
    return id === '' ? { page: 'unknown' } : { page: 'paper', id, facet: oneOf(['', ...FACETS], facet) };
  } catch {
    return { page: 'unknown' };
  }
}

/** Reads an address (path and query) into the page it names. */
export function routeOf(pathname: string, search: string): Route {
  const parameters = new URLSearchParams(search);
  const text = (name: string): string => parameters.get(name) ?? '';
  switch (pathname) {
    case '/':
      return {
        page: 'search',
        query: text('q'),
        filter: text('filter'),
        mode: oneOf(SEARCH_MODES, parameters.get('mode')),
        sort: oneOf(SEARCH_ORDERS, parameters.get('sort')),
        like: text('like'),
        unlike: text('unlike'),
        k: hitsOf(parameters.get('k')),
      };
    case '/feed':
      return { page: 'feed', interest: text('interest') };
    case '/trending':
      return { page: 'trending', period: oneOf(TRENDING_PERIODS, parameters.get('period')), date: text('date') };
    case '/library':
      return {
        page: 'library',
        text: text('text'),
        state: oneOf(['', ...READING_STATES], parameters.get('state')),
        tag: text('tag'),
        sort: oneOf(LIBRARY_SORTS, parameters.get('sort')),
        order: oneOf(SORT_ORDERS, parameters.get('order')),
      };
    case '/map':
      return { page: 'map', at: text('at'), query: text('q'), filter: text('filter'), unlit: text('unlit') };
    case '/settings':
      return { page: 'settings' };
    case '/import':
      return { page: 'import' };
    default:
      return pathname.startsWith(PAPERS)
        ? paperRoute(pathname.slice(PAPERS.length), parameters.get('facet'))
        : { page: 'unknown' };
  }
}

/** An address; what is `''` or undefined, as what has its default value, is left out. */
function address(path: string, parameters: Readonly<Record<string, string | undefined>>): string {
  const given = Object.entries(parameters).flatMap(([name, value]): [string, string][] =>
    value ? [[name, value]] : [],
  );
  return given.length === 0 ? path : `${path}?${new URLSearchParams(given)}`;
}

/** Address of a search. */
export function searchPath({ query, filter, mode, sort, like, unlike, k }: Partial<SearchState>): string {
  return address('/', {
    q: query,
    like,
    unlike,
    filter,
    mode: mode === 'hybrid' ? undefined : mode,
    sort: sort === 'relevance' ? undefined : sort,
    k: k === HITS ? undefined : k?.toString(),
  });
}

export function paperPath(id: string, facet: Facet | '' = ''): string {
  return address(`${PAPERS}${encodeURIComponent(id)}`, { facet });
}

export function feedPath(interest = ''): string {
  return address('/feed', { interest });
}

export function trendingPath({ period, date }: Partial<TrendingState> = {}): string {
  return address('/trending', { period: period === 'day' ? undefined : period, date });
}

export function libraryPath({ text, state, tag, sort, order }: Partial<LibraryState> = {}): string {
  return address('/library', {
    ...{ text, state, tag },
    sort: sort === 'saved' ? undefined : sort,
    order: order === 'desc' ? undefined : order,
  });
}

export function mapPath({ at, query, filter, unlit }: Partial<MapState> = {}): string {
  return address('/map', { at, q: query, filter, unlit });
}
