import { Readable } from 'node:stream';
import { z } from 'zod';
import { AppError } from '../../errors.ts';
import type { Reading } from '../contract.ts';
import { readPapers } from '../read.ts';
import type { GetOptions, Http, HttpAnswer } from './http.ts';

/** What a page may unpack to, should its body be an archive in disguise. */
const MAX_PAGE_BYTES = 256 * 1024 ** 2;

/** A page that was cut short is asked for as often; the pauses between are those between any two requests. */
const ATTEMPTS = 3;

/** A page that ended early though its connection did not say so. */
export function cutShort(url: string, reason: string, cause: unknown): AppError {
  return new AppError('SOURCE_FAILED', { url, reason, cutShort: true }, { cause });
}

/** What is read from a page, which is asked for again where it was `cutShort`. Throws as `Http.get` and `read` do. */
export async function wholePage<Page>(
  http: Http,
  url: string,
  read: (answer: HttpAnswer) => Promise<Page> | Page,
  options: GetOptions = {},
): Promise<Page> {
  for (let attempt = 1; ; attempt += 1) {
    const answer = await http.get(url, options);
    try {
      return await read(answer);
    } catch (thrown) {
      const again = thrown instanceof AppError && thrown.details['cutShort'] === true && attempt < ATTEMPTS;
      if (!again) throw thrown;
    }
  }
}

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
    throw cutShort(url, 'the answer is no whole JSON', thrown);
  }
  const envelope = schema.safeParse(parsed);
  if (envelope.success) return envelope.data;
  const reason = `the answer has another shape than expected: ${z.prettifyError(envelope.error).replace(/\s+/g, ' ')}`;
  throw new AppError('SOURCE_FAILED', { url, reason });
}
