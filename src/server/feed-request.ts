import type { Request, Response } from 'express';
import { z } from 'zod';
import { type Filter, isDay, parseFilter, PLACES, TRENDING_PERIODS, type TrendingPeriod } from '../domain/mod.ts';
import {
  body,
  bodyAs,
  filterParameter,
  kParameter,
  kUpTo,
  once,
  parameters,
  parse,
  shareParameter,
  someIds,
} from './request.ts';

/** Papers of a page of a feed, or to be asked about: more than anyone looks at, and each is compared with all others. */
const MAX_PAPERS = 100;
const MAX_NAME_CHARACTERS = 200;
const MAX_TEXT_CHARACTERS = 10_000;

const dayMessage = 'must be a day such as 2026-11-27';
const dayParameter = z
  .string({ error: once(dayMessage) })
  .refine(isDay, dayMessage)
  .optional();
const weightMessage = 'must be a number from 0.1 to 10';
const weight = z.number(weightMessage).min(0.1, weightMessage).max(10, weightMessage).exactOptional();

const FeedParameters = z.strictObject({
  k: kUpTo(MAX_PAPERS),
  topic: z
    .string({ error: once('must be the name or number of a topic or interest') })
    .max(MAX_NAME_CHARACTERS)
    .optional(),
  since: dayParameter,
  diversity: shareParameter,
  cursor: z
    .string({ error: once('must be what `next` of the page before said') })
    .max(100)
    .optional(),
});
const TrendingParameters = z.strictObject({
  k: kParameter,
  period: z.enum(TRENDING_PERIODS, { error: once(`must be one of ${TRENDING_PERIODS.join(', ')}`) }).default('day'),
  date: dayParameter,
});
const OnboardingParameters = z.strictObject({
  k: kUpTo(MAX_PAPERS),
  filter: filterParameter,
  text: z
    .string({ error: once('must be a text') })
    .max(MAX_TEXT_CHARACTERS, `must have at most ${MAX_TEXT_CHARACTERS} characters`)
    .optional(),
});
const ShownBody = body({ ids: someIds, place: z.enum(PLACES, `must be one of ${PLACES.join(', ')}`).default('feed') });
const InterestBody = body({
  name: z
    .string('must be a text')
    .max(MAX_NAME_CHARACTERS, `must have at most ${MAX_NAME_CHARACTERS} characters`)
    .exactOptional(),
  weight,
  muted: z.boolean('must be true or false').exactOptional(),
});
const MergeBody = body({
  from: z.union([z.string(), z.int()], 'must be the number or name of an interest').transform(String),
});
const SettingsBody = body({
  diversity: z.number('must be a number from 0 to 1').min(0, 'must be from 0 to 1').max(1, 'must be from 0 to 1'),
});

/** Throws INVALID_REQUEST, as all of these; those that read a body also PAYLOAD_TOO_LARGE and UNSUPPORTED_MEDIA_TYPE. */
export const feedRequest = (req: Request): z.output<typeof FeedParameters> => parse(FeedParameters, parameters(req));

export function trendingRequest(req: Request): {
  readonly k: number;
  readonly period: TrendingPeriod;
  readonly date?: string | undefined;
} {
  return parse(TrendingParameters, parameters(req));
}

export function onboardingRequest(req: Request): {
  readonly k: number;
  readonly filter: Filter;
  readonly text?: string | undefined;
} {
  const { filter, ...rest } = parse(OnboardingParameters, parameters(req));
  return { ...rest, filter: parseFilter(filter) };
}

export const shownRequest = (req: Request, res: Response): Promise<z.output<typeof ShownBody>> =>
  bodyAs(ShownBody, req, res);
export const interestRequest = (req: Request, res: Response): Promise<z.output<typeof InterestBody>> =>
  bodyAs(InterestBody, req, res);
export const mergeRequest = (req: Request, res: Response): Promise<z.output<typeof MergeBody>> =>
  bodyAs(MergeBody, req, res);
export const settingsRequest = (req: Request, res: Response): Promise<z.output<typeof SettingsBody>> =>
  bodyAs(SettingsBody, req, res);
