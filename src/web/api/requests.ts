import type {
  Answer,
  CitationFormat,
  Facet,
  MarksJson,
  PaperJson,
  SavedJson,
  SearchMode,
  Stats,
} from '../../domain/mod.ts';

/** A question to the server; `body` makes it a POST. */
export interface Request<T> {
  readonly url: string;
  readonly body?: unknown;
  /** The answer is a text, not JSON. */
  readonly as?: 'text';
  /** Whether an answer has the shape asked for. Page and server share their types, so what tells shapes apart is enough. */
  readonly reads: (body: unknown) => body is T;
}

/** What an answer is kept under. */
export const keyOf = ({ url, body }: Pick<Request<unknown>, 'url' | 'body'>): readonly unknown[] =>
  body === undefined ? [url] : [url, body];

export const isRecord = (body: unknown): body is Readonly<Record<string, unknown>> =>
  typeof body === 'object' && body !== null;

const isAnswer = (body: unknown): body is Answer => isRecord(body) && Array.isArray(body['hits']);
const isPaper = (body: unknown): body is PaperJson =>
  isRecord(body) && typeof body['id'] === 'string' && Array.isArray(body['authors']);
const isMarks = (body: unknown): body is MarksJson => isRecord(body) && Array.isArray(body['saved']);
const isSaved = (body: unknown): body is SavedJson => isRecord(body) && 'saved' in body;
const isText = (body: unknown): body is string => typeof body === 'string';
const isStats = (body: unknown): body is Stats => isRecord(body) && typeof body['papers'] === 'number';

export interface SearchParameters {
  readonly query: string;
  readonly filter: string;
  readonly mode: SearchMode;
  readonly k: number;
  /** `prefix`: the reader is still typing the last word. */
  readonly lastWord: 'whole' | 'prefix';
}

export function searchRequest({ query, filter, mode, k, lastWord }: SearchParameters): Request<Answer> {
  const parameters = new URLSearchParams({ q: query, k: String(k), mode, explain: 'true' });
  if (filter) parameters.set('filter', filter);
  if (lastWord === 'prefix') parameters.set('typing', 'true');
  return { url: `/api/search?${parameters}`, reads: isAnswer };
}

export function paperRequest(id: string): Request<PaperJson> {
  return { url: `/api/papers/${encodeURIComponent(id)}`, reads: isPaper };
}

/** A citation of a paper, to be pasted. */
export function citationRequest(id: string, format: CitationFormat): Request<string> {
  return { url: `/api/papers/${encodeURIComponent(id)}?format=${format}`, as: 'text', reads: isText };
}

/** What is kept of a paper. */
export function savedRequest(id: string): Request<SavedJson> {
  return { url: `/api/library/${encodeURIComponent(id)}`, reads: isSaved };
}

export interface Kinship {
  /** At least one. */
  readonly more: readonly string[];
  readonly less: readonly string[];
  /** What kin have in common; `''` for everything. */
  readonly facet: Facet | '';
  readonly k: number;
}

/** Papers near some papers and away from others. */
export function relatedRequest({ more, less, facet, k }: Kinship): Request<Answer> {
  const [id = ''] = more;
  if (more.length === 1 && less.length === 0) {
    const parameters = new URLSearchParams({ k: String(k), explain: 'true', ...(facet === '' ? {} : { facet }) });
    return { url: `/api/papers/${encodeURIComponent(id)}/related?${parameters}`, reads: isAnswer };
  }
  const body = { positive: more, negative: less, k, explain: true, ...(facet === '' ? {} : { facet }) };
  return { url: '/api/related', body, reads: isAnswer };
}

export const statsRequest: Request<Stats> = { url: '/api/stats', reads: isStats };
export const marksRequest: Request<MarksJson> = { url: '/api/marks', reads: isMarks };
