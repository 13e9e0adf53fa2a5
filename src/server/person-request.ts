import type { Request, Response } from 'express';
import { z } from 'zod';
import { FEEDBACK_KINDS, type FeedbackKind, HIDDEN_KINDS, type HiddenKind } from '../domain/mod.ts';
import { AppError } from '../errors.ts';
import type { TopicChange } from '../store/mod.ts';
import { body, bodyAs, ids } from './request.ts';

// How much may be said is the store's to limit, for the command line as well.
const text = z.string('must be a text');
const texts = z.array(z.string('must be a text'), 'must be a list of texts');
const hiddenKind = z.enum(HIDDEN_KINDS, `must be one of ${HIDDEN_KINDS.join(', ')}`);

const FeedbackBody = body({
  kind: z.enum(FEEDBACK_KINDS, `must be one of ${FEEDBACK_KINDS.join(', ')}`),
});
const HiddenBody = body({ kind: hiddenKind, value: text });

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

/** Throws INVALID_REQUEST, PAYLOAD_TOO_LARGE and UNSUPPORTED_MEDIA_TYPE, as all of these. */
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
