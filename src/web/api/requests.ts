import type {
  Answer,
  Breakdown,
  CitationFormat,
  Facet,
  MarksJson,
  PaperJson,
  SavedJson,
  Stats,
  TopicJson,
} from '../../domain/mod.ts';
import { isExample, type SearchState } from '../routes.ts';

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

const isBreakdown = (body: unknown): body is Breakdown => isRecord(body) && Array.isArray(body['years']);
const isTopics = (body: unknown): body is TopicList => isRecord(body) && Array.isArray(body['topics']);

export interface TopicList {
  readonly topics: readonly TopicJson[];
}

/** `prefix`: the reader is still typing the last word. */
type LastWord = 'whole' | 'prefix';

export function searchRequest(search: SearchState, lastWord: LastWord): Request<Answer> {
  const { query, filter, mode, sort, like, unlike, k } = search;
  if (isExample(search)) {
    const text = query === '' ? {} : { text: query };
    return { url: '/api/related', body: { ...text, like, unlike, filter, k, explain: true }, reads: isAnswer };
  }
  const parameters = new URLSearchParams({ q: query, k: String(k), mode, sort, explain: 'true' });
  if (filter) parameters.set('filter', filter);
  if (lastWord === 'prefix') parameters.set('typing', 'true');
  return { url: `/api/search?${parameters}`, reads: isAnswer };
}

export function breakdownRequest({ query, filter, mode }: SearchState, lastWord: LastWord): Request<Breakdown> {
  const parameters = new URLSearchParams({ q: query, mode });
  if (filter) parameters.set('filter', filter);
  if (lastWord === 'prefix') parameters.set('typing', 'true');
  return { url: `/api/breakdown?${parameters}`, reads: isBreakdown };
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
export const topicsRequest: Request<TopicList> = { url: '/api/topics', reads: isTopics };
