import express, { type Request, type Response } from 'express';
import { closest } from 'fastest-levenshtein';
import { z } from 'zod';
import { writerNamed, WRITERS, type Writer } from '../collection/mod.ts';
import { CITATION_FORMATS, FACETS, type Filter, parseFilter, SEARCH_MODES, SEARCH_ORDERS } from '../domain/mod.ts';
import { AppError, reasonOf } from '../errors.ts';
import type { BreakdownRequest, RelatedRequest, SearchRequest } from '../retrieval/contract.ts';
import { invalidRequest } from './problem.ts';
import type { FieldError, ServerServices } from './contract.ts';

/** A query longer than this is no query; a text to compare with goes to /api/related. */
const MAX_QUERY_CHARACTERS = 10_000;
const MAX_K = 200;
const DEFAULT_K = 10;
export const MAX_IDS = 1_000;
/** Long URL ids are near 300; the limit only keeps garbage away from the store. */
const MAX_ID_CHARACTERS = 2_000;
const MAX_TEXT_CHARACTERS = 50_000;
const MAX_JSON_BYTES = 1024 * 1024;
const MAX_FILTER_CHARACTERS = 10_000;
const MAX_NAME_CHARACTERS = 200;

const TWICE = 'is given more than once';
export const once = (otherwise: string) => (issue: { readonly input?: unknown }) =>
  Array.isArray(issue.input) ? TWICE : otherwise;

const kMessage = (most: number): string => `must be a whole number from 1 to ${most}`;
const wholeK = (most: number) => z.int(kMessage(most)).min(1, kMessage(most)).max(most, kMessage(most));

/** How many, as a parameter. */
export const kUpTo = (most: number) =>
  z
    .string({ error: once(kMessage(most)) })
    .regex(/^\d{1,4}$/, kMessage(most))
    .transform(Number)
    .pipe(wholeK(most))
    .default(DEFAULT_K);
export const kParameter = kUpTo(MAX_K);
const flagParameter = z
  .enum(['true', 'false', '1', '0', ''], { error: once('must be true or false') })
  .transform((value) => value !== 'false' && value !== '0')
  .default(false);
const shareMessage = 'must be a number from 0 to 1';
export const shareParameter = z
  .string({ error: once(shareMessage) })
  .regex(/^(?:\d+|\d*\.\d+)$/, shareMessage)
  .transform(Number)
  .pipe(z.number().max(1, shareMessage))
  .optional();
export const filterText = z
  .string('must be a text')
  .max(MAX_FILTER_CHARACTERS, `must have at most ${MAX_FILTER_CHARACTERS} characters`);
export const filterParameter = z
  .union([z.string(), z.array(z.string()).transform((parts) => parts.join(' '))])
  .pipe(filterText)
  .default('');

const relatedParameters = { k: kParameter, filter: filterParameter, explain: flagParameter };

const SearchParameters = z.strictObject({
  q: z
    .string({ error: once('is missing; write what you look for, e.g. q=graph+neural+networks') })
    .max(
      MAX_QUERY_CHARACTERS,
      `must have at most ${MAX_QUERY_CHARACTERS} characters; longer texts go to POST /api/related`,
    )
    .refine((q) => q.trim() !== '', 'is empty; write what you look for, e.g. q=graph+neural+networks'),
  mode: z.enum(SEARCH_MODES, { error: once(`must be one of ${SEARCH_MODES.join(', ')}`) }).default('hybrid'),
  sort: z.enum(SEARCH_ORDERS, { error: once(`must be one of ${SEARCH_ORDERS.join(', ')}`) }).default('relevance'),
  typing: flagParameter,
  rerank: flagParameter,
  minScore: shareParameter,
  ...relatedParameters,
});

const BreakdownParameters = SearchParameters.pick({ q: true, mode: true, filter: true, typing: true });

const WRITER_NAMES = WRITERS.map(({ name }) => name);

const ExportParameters = z.strictObject({
  format: z.enum(WRITER_NAMES, { error: once(`must be one of ${WRITER_NAMES.join(', ')}`) }).default('jsonl'),
  filter: filterParameter,
});

const PAPER_FORMATS = ['json', ...CITATION_FORMATS] as const;

const facetParameter = z.enum(FACETS, { error: once(`must be one of ${FACETS.join(', ')}`) }).optional();

const RelatedParameters = z.strictObject({ facet: facetParameter, ...relatedParameters });
const PaperParameters = z.strictObject({
  format: z.enum(PAPER_FORMATS, { error: once(`must be one of ${PAPER_FORMATS.join(', ')}`) }).default('json'),
});
const NoParameters = z.strictObject({});

export const ids = z
  .array(
    z
      .string('must be an id')
      .max(MAX_ID_CHARACTERS, `must have at most ${MAX_ID_CHARACTERS} characters`)
      .refine((id) => id.trim() !== '', 'must not be empty'),
    'must be a list of ids',
  )
  .default([]);

const someIdsMessage = `must have 1 to ${MAX_IDS} ids`;
export const someIds = ids.removeDefault().min(1, someIdsMessage).max(MAX_IDS, someIdsMessage);

const notAnObject = (issue: { readonly code?: string | undefined }): string | undefined =>
  issue.code === 'invalid_type' ? 'must be a JSON object' : undefined;

/** A body with these members and no others. */
export const body = <Shape extends z.ZodRawShape>(shape: Shape) => z.strictObject(shape, { error: notAnObject });

const RelatedBody = body({
  positive: ids,
  negative: ids,
  like: filterText.default(''),
  unlike: filterText.default(''),
  text: z
    .string('must be a text')
    .max(MAX_TEXT_CHARACTERS, `must have at most ${MAX_TEXT_CHARACTERS} characters`)
    .optional(),
  facet: facetParameter,
  k: wholeK(MAX_K).default(DEFAULT_K),
  filter: filterText.default(''),
  explain: z.boolean('must be true or false').default(false),
})
  .refine(({ positive, negative }) => positive.length + negative.length <= MAX_IDS, {
    path: ['positive'],
    error: `and negative must have at most ${MAX_IDS} ids together`,
  })
  .refine(({ positive, like, text }) => positive.length > 0 || like.trim() !== '' || (text ?? '').trim() !== '', {
    path: ['positive'],
    error: 'must have an id, or text or like must be given',
  });

export const LabelParameters = z.strictObject({
  name: z.string({ error: once('must be a file name') }).optional(),
  format: z
    .string({ error: once('must be the name of a format') })
    .regex(/^[\w.+-]{1,40}$/, 'must be the name of a format')
    .optional(),
});

/** What the user calls an upload, and its format where the content does not tell. */
export interface UploadLabels {
  readonly name: string;
  readonly format?: string;
}

/** The search that the address asks for. Throws INVALID_REQUEST or INVALID_FILTER. */
export function searchRequest(req: Request): SearchRequest {
  const { q, filter, typing, ...rest } = parse(SearchParameters, parameters(req));
  return { ...rest, query: q, filter: parseFilter(filter), lastWord: typing ? 'prefix' : 'whole' };
}

/** How one paper is to be written. Throws INVALID_REQUEST. */
export function paperFormat(req: Request): (typeof PAPER_FORMATS)[number] {
  return parse(PaperParameters, parameters(req)).format;
}

/** The search whose papers are to be counted. Throws INVALID_REQUEST or INVALID_FILTER. */
export function breakdownRequest(req: Request): BreakdownRequest {
  const { q, mode, filter, typing } = parse(BreakdownParameters, parameters(req));
  return { query: q, mode, filter: parseFilter(filter), lastWord: typing ? 'prefix' : 'whole' };
}

/** Papers near one paper. Throws INVALID_REQUEST or INVALID_FILTER. */
export function relatedToPaper(req: Request, id: string): RelatedRequest {
  const { filter, ...rest } = parse(RelatedParameters, parameters(req));
  return { ...rest, positive: [id], negative: [], filter: parseFilter(filter) };
}

/**
 * Papers near several papers, a text, or both, from a JSON body; `idsThrough` gives ids of the papers that a filter lets
 * through, at most so many. Throws INVALID_REQUEST, INVALID_FILTER, PAPER_NOT_FOUND, PAYLOAD_TOO_LARGE,
 * UNSUPPORTED_MEDIA_TYPE.
 */
export async function relatedRequest(
  req: Request,
  res: Response,
  idsThrough: (filter: Filter, most: number) => readonly string[],
): Promise<RelatedRequest> {
  noParameters(req);
  const { filter, text, like, unlike, positive, negative, ...rest } = parse(RelatedBody, await jsonBody(req, res));
  const given = text !== undefined && text.trim() !== '' ? { text } : {};
  const alike = like.trim() === '' ? [] : idsThrough(parseFilter(like), MAX_IDS - positive.length - negative.length);
  const all = [...positive, ...alike];
  const others = unlike.trim() === '' ? [] : idsThrough(parseFilter(unlike), MAX_IDS - all.length - negative.length);
  if (all.length === 0 && !('text' in given)) throw new AppError('PAPER_NOT_FOUND', { id: like });
  return { ...rest, ...given, positive: all, negative: [...negative, ...others], filter: parseFilter(filter) };
}

/** The papers that are asked for, and how they are to be written. Throws INVALID_REQUEST or INVALID_FILTER. */
export function exportRequest(req: Request): { readonly writer: Writer; readonly filter: Filter } {
  const { format, filter } = parse(ExportParameters, parameters(req));
  return { writer: writerNamed(format), filter: parseFilter(filter) };
}

/** Throws INVALID_REQUEST when the address has parameters that the route does not read. */
export function noParameters(req: Request): void {
  parse(NoParameters, parameters(req));
}

/** What the address of an upload says about it. Throws INVALID_REQUEST. */
export function uploadParameters(req: Request): {
  readonly name?: string | undefined;
  readonly format?: string | undefined;
} {
  return parse(LabelParameters, parameters(req));
}

/** The name as it may be shown and stored: without folders and control characters. It is never part of a path. */
export function uploadLabels(name: string | undefined, format: string | undefined): UploadLabels {
  const base = (name ?? '').split(/[\\/]/).at(-1) ?? '';
  const shown = base.replace(/\p{C}/gu, '').trim().slice(0, MAX_NAME_CHARACTERS);
  return { name: shown === '' ? 'upload' : shown, ...(format === undefined ? {} : { format }) };
}

/** Checks a value against a schema; every mistake is told. Throws INVALID_REQUEST. */
export function parse<T>(schema: z.ZodType<T> & { readonly shape: z.ZodRawShape }, value: unknown): T {
  const result = schema.safeParse(value);
  if (result.success) return result.data;
  const known = Object.keys(schema.shape);
  throw invalidRequest(result.error.issues.flatMap((issue) => fieldErrors(issue, known)));
}

/** Ids of the first papers that a filter lets through. */
export const idsThrough =
  ({ papersThrough }: Pick<ServerServices, 'papersThrough'>) =>
  (filter: Filter, most: number): string[] => {
    const ids: string[] = [];
    if (most <= 0) return ids;
    for (const { id } of papersThrough(filter)) if (ids.push(id) >= most) break;
    return ids;
  };

function fieldErrors(issue: z.core.$ZodIssue, known: readonly string[]): FieldError[] {
  if (issue.code !== 'unrecognized_keys') {
    return [{ field: issue.path.join('.') || 'the body', message: issue.message }];
  }
  const advice = (name: string): string =>
    known.length === 0
      ? 'is unknown; none is read here'
      : `is unknown; did you mean ${closest(name.toLowerCase(), known)}? Known are ${known.join(', ')}`;
  return issue.keys.map((name) => ({ field: name, message: advice(name) }));
}

/**
 * Parameters of the address. Parsed here and not by the library, which reads broken percent-encoding as replacement
 * characters: the reader would get the answer to another question.
 */
export function parameters(req: Request): Readonly<Record<string, string | readonly string[]>> {
  const at = req.originalUrl.indexOf('?');
  const values = new Map<string, string[]>();
  for (const pair of at < 0 ? [] : req.originalUrl.slice(at + 1).split('&')) {
    if (pair === '') continue;
    const equals = pair.indexOf('=');
    const name = decoded(equals < 0 ? pair : pair.slice(0, equals));
    const value = equals < 0 ? '' : decoded(pair.slice(equals + 1));
    values.set(name, [...(values.get(name) ?? []), value]);
  }
  return Object.fromEntries([...values].map(([name, all]) => [name, all.length === 1 ? (all[0] ?? '') : all]));
}

function decoded(text: string): string {
  try {
    return decodeURIComponent(text.replaceAll('+', ' '));
  } catch {
    throw new AppError('INVALID_REQUEST', {
      message: 'the percent-encoding of the parameters is broken (UTF-8 is expected)',
    });
  }
}

/** The body by a schema, of a route without parameters. Throws INVALID_REQUEST, PAYLOAD_TOO_LARGE, UNSUPPORTED_MEDIA_TYPE. */
export async function bodyAs<T>(schema: Parameters<typeof parse<T>>[0], req: Request, res: Response): Promise<T> {
  noParameters(req);
  return parse(schema, await jsonBody(req, res));
}

const readJson = express.json({ limit: MAX_JSON_BYTES, strict: false });

/** Throws UNSUPPORTED_MEDIA_TYPE, PAYLOAD_TOO_LARGE, INVALID_REQUEST. */
export async function jsonBody(req: Request, res: Response): Promise<unknown> {
  if (!req.is('application/json')) {
    throw new AppError('UNSUPPORTED_MEDIA_TYPE', {
      message: 'send JSON with the header Content-Type: application/json',
    });
  }
  await new Promise<void>((resolve, reject) => {
    readJson(req, res, (thrown?: unknown) => (thrown === undefined ? resolve() : reject(bodyError(thrown))));
  });
  const body: unknown = req.body;
  return body;
}

function bodyError(thrown: unknown): AppError {
  const type = thrown instanceof Error && 'type' in thrown ? thrown.type : undefined;
  switch (type) {
    case 'entity.too.large':
      return new AppError('PAYLOAD_TOO_LARGE', { limitBytes: MAX_JSON_BYTES });
    case 'entity.parse.failed':
      return new AppError('INVALID_REQUEST', { message: `the body is not JSON: ${reasonOf(thrown)}` });
    case 'encoding.unsupported':
    case 'charset.unsupported':
      return new AppError('UNSUPPORTED_MEDIA_TYPE', { message: reasonOf(thrown) });
    default:
      return new AppError('INVALID_REQUEST', { message: `the body cannot be read: ${reasonOf(thrown)}` });
  }
}
