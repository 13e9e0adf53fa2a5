import type { Request, Response } from 'express';
import { z } from 'zod';
import {
  FEEDBACK_KINDS,
  type FeedbackKind,
  type Filter,
  HIDDEN_KINDS,
  type HiddenKind,
  parseFilter,
  READING_STATES,
} from '../domain/mod.ts';
import { AppError } from '../errors.ts';
import type { LibraryFilter, SavedChange, Saying, TopicChange } from '../store/mod.ts';
import { invalidRequest } from './problem.ts';
import { body, bodyAs, filterText, ids, MAX_IDS, once, parameters, parse } from './request.ts';

/** A page of a library: with a paper of 2 kB, 2 MB at most. */
const MAX_PAGE = 1_000;
const DEFAULT_PAGE = 100;

// How much may be said is the store's to limit, for the command line as well.
const text = z.string('must be a text');
const texts = z.array(z.string('must be a text'), 'must be a list of texts');
const state = z.enum(READING_STATES, { error: once(`must be one of ${READING_STATES.join(', ')}`) });
const hiddenKind = z.enum(HIDDEN_KINDS, `must be one of ${HIDDEN_KINDS.join(', ')}`);

const wholeParameter = (least: number, most: number) => {
  const message = `must be a whole number from ${least} to ${most}`;
  return z
    .string({ error: once(message) })
    .regex(/^\d{1,9}$/, message)
    .transform(Number)
    .pipe(z.number().min(least, message).max(most, message));
};

const LibraryParameters = z.strictObject({
  state: state.optional(),
  tag: z.string({ error: once('must be a tag') }).optional(),
  k: wholeParameter(1, MAX_PAGE).default(DEFAULT_PAGE),
  skip: wholeParameter(0, 1_000_000).default(0),
});

const said = { state: state.exactOptional(), tags: texts.exactOptional(), note: text.exactOptional() };
const SavedBody = body(said);
const SaveBody = body({ ids, filter: filterText.default(''), ...said });
const FeedbackBody = body({
  kind: z.enum(FEEDBACK_KINDS, `must be one of ${FEEDBACK_KINDS.join(', ')}`),
});
const HiddenBody = body({ kind: hiddenKind, value: text });
const EraseBody = body({ name: z.string('must be the name of the person to erase') });

const topic = {
  text: text.exactOptional(),
  require: texts.exactOptional(),
  exclude: texts.exactOptional(),
  authors: texts.exactOptional(),
  categories: texts.exactOptional(),
  papers: ids.removeDefault().exactOptional(),
  weight: z
    .number('must be a number')
    .min(0.01, 'must be from 0.01 to 100')
    .max(100, 'must be from 0.01 to 100')
    .exactOptional(),
  muted: z.boolean('must be true or false').exactOptional(),
};
const NewTopicBody = body({ name: text, ...topic });
const TopicBody = body({ name: text.exactOptional(), ...topic });

/** Throws INVALID_REQUEST, as all of these; those that read a body also PAYLOAD_TOO_LARGE and UNSUPPORTED_MEDIA_TYPE. */
export function libraryRequest(req: Request): {
  readonly filter: LibraryFilter;
  readonly k: number;
  readonly skip: number;
} {
  const { k, skip, ...filter } = parse(LibraryParameters, parameters(req));
  return { filter, k, skip };
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
  const isFiltered = filter.trim() !== '';
  if ((ids.length === 0 && !isFiltered) || ids.length > MAX_IDS) {
    throw invalidRequest([{ field: 'ids', message: `must have 1 to ${MAX_IDS} ids, or filter must be given` }]);
  }
  return {
    ids,
    filter: isFiltered ? parseFilter(filter) : undefined,
    saying: tags ? { ...saying, addTags: tags } : saying,
  };
}

export const feedbackRequest = async (req: Request, res: Response): Promise<FeedbackKind> =>
  (await bodyAs(FeedbackBody, req, res)).kind;

export const hiddenRequest = (
  req: Request,
  res: Response,
): Promise<{ readonly kind: HiddenKind; readonly value: string }> => bodyAs(HiddenBody, req, res);

export const newTopicRequest = (req: Request, res: Response): Promise<TopicChange> => bodyAs(NewTopicBody, req, res);
export const topicRequest = (req: Request, res: Response): Promise<TopicChange> => bodyAs(TopicBody, req, res);

/** The number of a topic in a path. Throws INTEREST_NOT_FOUND for what is none. */
export function topicNumber(parameter: string): number {
  if (!/^\d{1,15}$/.test(parameter)) throw new AppError('INTEREST_NOT_FOUND', { interest: parameter });
  return Number(parameter);
}

/** Throws INVALID_REQUEST unless the body names the person that is to be erased. */
export async function confirmErasing(req: Request, res: Response, name: string): Promise<void> {
  const confirmed = await bodyAs(EraseBody, req, res);
  if (confirmed.name !== name) {
    throw invalidRequest([{ field: 'name', message: `must be "${name}", whom the request is of: nothing was erased` }]);
  }
}
