import { Readable } from 'node:stream';
import { z } from 'zod';
import { AppError } from '../../errors.ts';
import type { Reading } from '../contract.ts';
import { readPapers } from '../read.ts';
import type { HttpAnswer } from './http.ts';

/** What a page may unpack to, should its body be an archive in disguise. */
const MAX_PAGE_BYTES = 256 * 1024 ** 2;

/** Readings that are there already. */
export async function* these(readings: readonly Reading[]): AsyncGenerator<Reading> {
  yield* readings;
}

/** The papers of a page; its address stands in rejections. */
export function papersOf({ url, body }: HttpAnswer, format?: string): AsyncIterable<Reading> {
  const named = format === undefined ? {} : { format };
  return readPapers({ name: url, stream: Readable.from([body]) }, { maxBytes: MAX_PAGE_BYTES, ...named });
}

/** What a page of JSON says around its papers. Throws SOURCE_FAILED where it is not what the service promises. */
export function envelopeOf<Envelope>({ url, body }: HttpAnswer, schema: z.ZodType<Envelope>): Envelope {
  let parsed: unknown;
  try {
    parsed = JSON.parse(body.toString('utf8'));
  } catch (thrown) {
    throw new AppError('SOURCE_FAILED', { url, reason: 'the answer is not JSON' }, { cause: thrown });
  }
  const envelope = schema.safeParse(parsed);
  if (envelope.success) return envelope.data;
  const reason = `the answer has another shape than expected: ${z.prettifyError(envelope.error).replace(/\s+/g, ' ')}`;
  throw new AppError('SOURCE_FAILED', { url, reason });
}
