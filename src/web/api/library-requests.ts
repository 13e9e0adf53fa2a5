import type { LibraryPage, SavedPairs, SavedPaper, SavedRow } from '../../domain/mod.ts';
import type { LibraryState } from '../routes.ts';
import { isRecord, type Request } from './requests.ts';

/** Lines of the table fetched at once: some screenfuls, 60 kB. */
export const ROWS_AT_ONCE = 200;
/** As many ids as the server takes in one request. */
const IDS_AT_ONCE = 1_000;

const isPage = (body: unknown): body is LibraryPage<SavedRow> =>
  isRecord(body) && typeof body['total'] === 'number' && Array.isArray(body['papers']);
const isIds = (body: unknown): body is LibraryPage<string> =>
  isRecord(body) && Array.isArray(body['papers']) && body['papers'].every((id) => typeof id === 'string');
const isPairs = (body: unknown): body is SavedPairs => isRecord(body) && Array.isArray(body['pairs']);

export const duplicatesRequest: Request<SavedPairs> = { url: '/api/library/duplicates', reads: isPairs };

/** Formats that a library can be taken away in, and what people call them. */
export const EXPORT_FORMATS = [
  ['bibtex', 'BibTeX'],
  ['ris', 'RIS'],
  ['csl-json', 'CSL-JSON'],
  ['csv', 'CSV'],
  ['markdown', 'Markdown'],
  ['jsonl', 'JSON Lines'],
] as const;

function conditions({ text, state, tag, sort, order }: LibraryState): URLSearchParams {
  const parameters = new URLSearchParams({ sort, order });
  if (text.trim() !== '') parameters.set('text', text);
  if (state !== '') parameters.set('state', state);
  if (tag !== '') parameters.set('tag', tag);
  return parameters;
}

export function rowsRequest(library: LibraryState, page: number): Request<LibraryPage<SavedRow>> {
  const parameters = conditions(library);
  parameters.set('form', 'row');
  parameters.set('k', String(ROWS_AT_ONCE));
  if (page > 0) parameters.set('skip', String(page * ROWS_AT_ONCE));
  return { url: `/api/library?${parameters}`, reads: isPage };
}

/** All that pass, in their order: for a range or everything to be chosen, rows need not have been seen. */
export function idsRequest(library: LibraryState): Request<LibraryPage<string>> {
  const parameters = conditions(library);
  parameters.set('form', 'id');
  return { url: `/api/library?${parameters}`, reads: isIds };
}

export function exportPath(library: LibraryState, format: string): string {
  const parameters = conditions(library);
  parameters.set('format', format);
  return `/api/library/export?${parameters}`;
}

/** Ids in as many lists as the server wants. */
export function inLists<T>(all: readonly T[]): T[][] {
  const lists: T[][] = [];
  for (let at = 0; at < all.length; at += IDS_AT_ONCE) lists.push(all.slice(at, at + IDS_AT_ONCE));
  return lists;
}

/** What the server says was kept before a change, to be put back. */
export function keptIn(body: unknown, name: 'removed' | 'was'): readonly SavedPaper[] {
  const isSaved = (one: unknown): one is SavedPaper => isRecord(one) && typeof one['paper'] === 'string';
  const kept = isRecord(body) ? body[name] : undefined;
  return Array.isArray(kept) ? kept.filter(isSaved) : [];
}
