import { SEARCH_MODES, type SearchMode } from '../domain/mod.ts';

/** What a search page shows; all of it lives in the address. */
export interface SearchState {
  readonly query: string;
  readonly filter: string;
  readonly mode: SearchMode;
  readonly k: number;
}

export type Route =
  | ({ readonly page: 'search' } & SearchState)
  | { readonly page: 'paper'; readonly id: string }
  | { readonly page: 'import' }
  | { readonly page: 'unknown' };

/** Hits on a page of results, and the most that "Show more" adds up to. */
export const HITS = 20;
export const MAX_HITS = 200;

function modeOf(text: string | null): SearchMode {
  return SEARCH_MODES.find((mode) => mode === text) ?? 'hybrid';
}

function hitsOf(text: string | null): number {
  const k = Number(text ?? HITS);
  return Number.isInteger(k) && k >= 1 ? Math.min(k, MAX_HITS) : HITS;
}

function paperRoute(encoded: string): Route {
  try {
    const id = decodeURIComponent(encoded);
    return id === '' ? { page: 'unknown' } : { page: 'paper', id };
  } catch {
    return { page: 'unknown' };
  }
}

/** Reads an address (path and query) into the page it names. */
export function routeOf(pathname: string, search: string): Route {
  if (pathname === '/') {
    const parameters = new URLSearchParams(search);
    return {
      page: 'search',
      query: parameters.get('q') ?? '',
      filter: parameters.get('filter') ?? '',
      mode: modeOf(parameters.get('mode')),
      k: hitsOf(parameters.get('k')),
    };
  }
  if (pathname.startsWith('/paper/')) return paperRoute(pathname.slice('/paper/'.length));
  return pathname === '/import' ? { page: 'import' } : { page: 'unknown' };
}

/** Address of a search; what has its default value is left out. */
export function searchPath(state: Partial<SearchState>): string {
  const parameters = new URLSearchParams();
  if (state.query) parameters.set('q', state.query);
  if (state.filter) parameters.set('filter', state.filter);
  if (state.mode && state.mode !== 'hybrid') parameters.set('mode', state.mode);
  if (state.k !== undefined && state.k !== HITS) parameters.set('k', String(state.k));
  const text = parameters.toString();
  return text === '' ? '/' : `/?${text}`;
}

export function paperPath(id: string): string {
  return `/paper/${encodeURIComponent(id)}`;
}
