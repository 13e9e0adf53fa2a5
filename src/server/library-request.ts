import type { Request, Response } from 'express';
import { z } from 'zod';
import { type Writer, writerNamed, WRITERS } from '../collection/mod.ts';
import {
  type Filter,
  LIBRARY_SORTS,
  parseFilter,
  READING_STATES,
  type SavedPaper,
  SORT_ORDERS,
} from '../domain/mod.ts';
import { type LibraryQuery, type SavedChange, type Saying, type Verdict, VERDICTS } from '../store/mod.ts';
import { invalidRequest } from './problem.ts';
import { body, bodyAs, filterText, ids, MAX_IDS, once, parameters, parse, someIds } from './request.ts';

/** A page of a library: with a paper of 2 kB, 2 MB at most. */
const MAX_PAGE = 1_000;
const DEFAULT_PAGE = 100;
const MAX_TEXT_CHARACTERS = 1_000;
/** `full`: with the papers; `row`: as lines of a table; `id`: ids alone, of all that pass. */
const FORMS = ['full', 'row', 'id'] as const;
export type LibraryForm = (typeof FORMS)[number];

// How much may be said is the store's to limit, for the command line as well.
const text = z.string('must be a text');
const texts = z.array(z.string('must be a text'), 'must be a list of texts');
const oneOf = <T extends string>(values: readonly T[]) =>
  z.enum(values, { error: once(`must be one of ${values.join(', ')}`) });
const state = oneOf(READING_STATES);
const formatName = oneOf(WRITERS.map(({ name }) => name));

const wholeParameter = (least: number, most: number) => {
  const message = `must be a whole number from ${least} to ${most}`;
  return z
    .string({ error: once(message) })
    .regex(/^\d{1,9}$/, message)
    .transform(Number)
    .pipe(z.number().min(least, message).max(most, message));
};

const conditions = {
  state: state.optional(),
  tag: z.string({ error: once('must be a tag') }).optional(),
  text: z
    .string({ error: once('must be a text') })
    .max(MAX_TEXT_CHARACTERS, `must have at most ${MAX_TEXT_CHARACTERS} characters`)
    .optional(),
  sort: oneOf(LIBRARY_SORTS).default('saved'),
  order: oneOf(SORT_ORDERS).default('desc'),
};
const LibraryParameters = z.strictObject({
  ...conditions,
  form: oneOf(FORMS).default('full'),
  k: wholeParameter(1, MAX_PAGE).default(DEFAULT_PAGE),
  skip: wholeParameter(0, 1_000_000).default(0),
});
const ExportParameters = z.strictObject({ ...conditions, format: formatName.default('jsonl') });
const ExportBody = body({ ids, format: formatName.default('jsonl') });

const said = { state: state.exactOptional(), tags: texts.exactOptional(), note: text.exactOptional() };
const SavedBody = body(said);
const SaveBody = body({ ids, filter: filterText.default(''), ...said, dropTags: texts.exactOptional() });
const TakeBody = body({ ids: someIds });
const SettleBody = body({
  papers: z.tuple([text, text], 'must be two ids'),
  verdict: oneOf([...VERDICTS, 'open'] as const),
});
const PutBackBody = body({
  papers: z
    .array(
      body({ paper: text, savedAt: z.iso.datetime('must be an instant'), state, tags: texts, note: text }),
      'must be a list',
    )
    .max(MAX_IDS, `must have at most ${MAX_IDS} papers`),
});

/** Throws INVALID_REQUEST, as all of these; those that read a body also PAYLOAD_TOO_LARGE and UNSUPPORTED_MEDIA_TYPE. */
export function libraryRequest(req: Request): {
  readonly query: LibraryQuery;
  readonly form: LibraryForm;
  readonly k: number;
  readonly skip: number;
} {
  const { k, skip, form, ...query } = parse(LibraryParameters, parameters(req));
  return { query, form, k, skip };
}

export function libraryExport(req: Request): { readonly query: LibraryQuery; readonly writer: Writer } {
  const { format, ...query } = parse(ExportParameters, parameters(req));
  return { query, writer: writerNamed(format) };
}

/** Of papers by their ids; as many as a body of 1 MiB holds. */
export async function chosenExport(
  req: Request,
  res: Response,
): Promise<{ readonly ids: readonly string[]; readonly writer: Writer }> {
  const { ids, format } = await bodyAs(ExportBody, req, res);
  return { ids, writer: writerNamed(format) };
}

/** What is said of one saved paper; its tags are then those given. */
export const savedRequest = (req: Request, res: Response): Promise<SavedChange> => bodyAs(SavedBody, req, res);

/**
 * What is said of several; each keeps the tags it has, beside those given. `filter`: papers that pass it are meant as well.
 * Throws INVALID_FILTER as well.
 */
export async function saveRequest(
  req: Request,
  res: Response,
): Promise<{ readonly ids: readonly string[]; readonly filter: Filter | undefined; readonly saying: Saying }> {
  const { ids, filter, tags, ...saying } = await bodyAs(SaveBody, req, res);
  const parsed = parseFilter(filter);
  // One without a condition would save everything there is.
  const isFiltered = parsed.clauses.length > 0;
  if ((ids.length === 0 && !isFiltered) || ids.length > MAX_IDS) {
    throw invalidRequest([{ field: 'ids', message: `must have 1 to ${MAX_IDS} ids, or filter must be given` }]);
  }
  return {
    ids,
    filter: isFiltered ? parsed : undefined,
    saying: tags ? { ...saying, addTags: tags } : saying,
  };
}

export const takeRequest = async (req: Request, res: Response): Promise<readonly string[]> =>
  (await bodyAs(TakeBody, req, res)).ids;

export const putBackRequest = async (req: Request, res: Response): Promise<readonly SavedPaper[]> =>
  (await bodyAs(PutBackBody, req, res)).papers;

export const settleRequest = (
  req: Request,
  res: Response,
): Promise<{ readonly papers: readonly [string, string]; readonly verdict: Verdict | 'open' }> =>
  bodyAs(SettleBody, req, res);
