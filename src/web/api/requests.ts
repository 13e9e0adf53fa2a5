import type { Answer, Breakdown, MarksJson, PaperJson, Stats, TopicJson } from '../../domain/mod.ts';
import { isExample, type SearchState } from '../routes.ts';

/** A question to the server; `body` makes it a POST. */
export interface Request<T> {
  readonly url: string;
  readonly body?: unknown;
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
const isStats = (body: unknown): body is Stats => isRecord(body) && typeof body['papers'] === 'number';

const isBreakdown = (body: unknown): body is Breakdown => isRecord(body) && Array.isArray(body['years']);
const isTopics = (body: unknown): body is TopicList => isRecord(body) && Array.isArray(body['topics']);

export interface TopicList {
  readonly topics: readonly TopicJson[];
}

/** `prefix`: the reader is still typing the last word. */
type LastWord = 'whole' | 'prefix';

export function searchRequest(search: SearchState, lastWord: LastWord): Request<Answer> {
  const { query, filter, mode, sort, like, k } = search;
  if (isExample(search)) {
    const text = query === '' ? {} : { text: query };
    return { url: '/api/related', body: { ...text, like, filter, k, explain: true }, reads: isAnswer };
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

export interface Kinship {
  readonly more: readonly string[];
  readonly less: readonly string[];
}

/** Kin of one paper; with opinions about other papers it becomes a question about several. */
export function relatedRequest(id: string, { more, less }: Kinship, k: number): Request<Answer> {
  if (more.length === 0 && less.length === 0) {
    return { url: `/api/papers/${encodeURIComponent(id)}/related?k=${k}`, reads: isAnswer };
  }
  return { url: '/api/related', body: { positive: [id, ...more], negative: less, k }, reads: isAnswer };
}

export const statsRequest: Request<Stats> = { url: '/api/stats', reads: isStats };
export const marksRequest: Request<MarksJson> = { url: '/api/marks', reads: isMarks };
export const topicsRequest: Request<TopicList> = { url: '/api/topics', reads: isTopics };
