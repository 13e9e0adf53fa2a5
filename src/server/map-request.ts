import type { Request, Response } from 'express';
import { z } from 'zod';
import { body, bodyAs, ids, once, parameters, parse } from './request.ts';

/** A page of papers with their abstracts: 2 kB each. */
const MAX_PAGE = 200;
const DEFAULT_PAGE = 20;
/** A large library at once; each is looked up in 30 µs. */
const MAX_LOOKED_UP = 10_000;

const wholeParameter = (most: number) => {
  const message = `must be a whole number from 0 to ${most}`;
  return z
    .string({ error: once(message) })
    .regex(/^\d{1,15}$/, message)
    .transform(Number)
    .pipe(z.number().max(most, message));
};
const layoutMessage = 'is the number of a layout; GET /api/map tells the one there is';
const layout = z
  .string({ error: once(layoutMessage) })
  .regex(/^\d{1,15}$/, layoutMessage)
  .transform(Number);
const rowsMessage = `must be 1 to ${MAX_PAGE} rows with commas between, e.g. 3,14,15`;

const LayoutParameters = z.strictObject({ layout });
const PapersParameters = z
  .strictObject({
    layout,
    rows: z
      .string({ error: once(rowsMessage) })
      .regex(/^\d{1,9}(?:,\d{1,9})*$/, rowsMessage)
      .transform((text) => text.split(',').map(Number))
      .refine((rows) => rows.length <= MAX_PAGE, rowsMessage)
      .optional(),
    region: wholeParameter(1_000_000).optional(),
    k: wholeParameter(MAX_PAGE).default(DEFAULT_PAGE),
    skip: wholeParameter(100_000_000).default(0),
  })
  .refine(({ rows, region }) => (rows === undefined) !== (region === undefined), {
    path: ['rows'],
    error: 'or region must be given, and not both',
  });
const MapBody = body({ anew: z.boolean('must be true or false').default(false) });
const RowsBody = body({
  layout: z.number(layoutMessage),
  ids: ids.removeDefault().max(MAX_LOOKED_UP, `must have at most ${MAX_LOOKED_UP} ids`),
});

/** Throws INVALID_REQUEST, as all of these; those that read a body also PAYLOAD_TOO_LARGE and UNSUPPORTED_MEDIA_TYPE. */
export const layoutRequest = (req: Request): number => parse(LayoutParameters, parameters(req)).layout;
export const mapPapersRequest = (req: Request) => parse(PapersParameters, parameters(req));
export const mapRequest = (req: Request, res: Response): Promise<z.infer<typeof MapBody>> => bodyAs(MapBody, req, res);
export const rowsRequest = (req: Request, res: Response): Promise<z.infer<typeof RowsBody>> =>
  bodyAs(RowsBody, req, res);
