import { Readable } from 'node:stream';
import { z } from 'zod';
import { AppError } from '../../errors.ts';
import type { Reading } from '../contract.ts';
import { detached } from '../detached.ts';
import { DEFAULT_MAX_RECORD_BYTES } from '../lines.ts';
import { type OaiPage, readOaiPage } from '../oai.ts';
import type { Batch, Request } from './contract.ts';
import { daysBefore } from './days.ts';
import type { HttpAnswer } from './http.ts';
import { cutShort, these, wholePage } from './page.ts';

/**
 * Records may get their datestamp before they can be seen, and a mirror may lag: what changed in the last two days is
 * asked for again. It comes back as unchanged.
 */
const OVERLAP_DAYS = 2;

const place = z.object({
  /** Changes since this day are still to be fetched; `null`: everything. */
  from: z.iso.date().nullable(),
  /** The server's day when this harvest began. */
  asOf: z.iso.date().nullable(),
  /** The server's own mark within an unfinished harvest. */
  token: z.string().nullable(),
});

/** Where each set has come to. */
export const harvestCursor = z.object({ sets: z.record(z.string(), place) });
export type HarvestCursor = z.infer<typeof harvestCursor>;
type Place = z.infer<typeof place>;

export interface Harvest {
  readonly base: string;
  readonly prefix: string;
  /** Names of sets; `''`: all there is. */
  readonly sets: readonly string[];
  readonly from: string | null;
}

interface Page {
  readonly url: string;
  readonly readings: readonly Reading[];
  /** The day by the server's clock. */
  readonly day: string;
  readonly token: string | null;
  readonly error: OaiPage['error'];
}

/** A page as a whole, for what it says of itself stands behind its records. Throws SOURCE_FAILED where it is no answer. */
async function pageOf({ url, body }: HttpAnswer): Promise<Page> {
  const content = { file: url, chunks: Readable.from([body]), maxRecordBytes: DEFAULT_MAX_RECORD_BYTES, columns: {} };
  const readings: Reading[] = [];
  let said: OaiPage | undefined;
  try {
    for await (const reading of detached(content, readOaiPage)) {
      if (reading.kind === 'page') said = reading;
      else readings.push(reading);
    }
  } catch (thrown) {
    if (!(thrown instanceof AppError)) throw thrown;
    throw cutShort(url, `the answer is no whole XML: ${thrown.message}`, thrown);
  }
  const day = z.iso.date().safeParse(said?.responseDate?.slice(0, 10));
  if (!said || !day.success) throw new AppError('SOURCE_FAILED', { url, reason: 'the answer is none of OAI-PMH' });
  return { url, readings, day: day.data, token: said.token?.value ?? null, error: said.error };
}

function addressOf({ base, prefix }: Harvest, set: string, { from, token }: Place): string {
  const url = new URL(base);
  url.searchParams.set('verb', 'ListRecords');
  if (token === null) {
    url.searchParams.set('metadataPrefix', prefix);
    if (set !== '') url.searchParams.set('set', set);
    if (from !== null) url.searchParams.set('from', from);
  } else {
    url.searchParams.set('resumptionToken', token);
  }
  return url.href;
}

function placeOf(harvest: Harvest, cursor: HarvestCursor | undefined, set: string): Place {
  return cursor?.sets[set] ?? { from: harvest.from, asOf: null, token: null };
}

/** The first request for each set. */
export function firstRequests(harvest: Harvest, cursor: HarvestCursor | undefined): string[] {
  return harvest.sets.map((set) => addressOf(harvest, set, placeOf(harvest, cursor, set)));
}

/** The overlap reaches no further back than this harvest did: what is older was not wanted. */
function nextFrom(from: string | null, asOf: string): string {
  const overlapping = daysBefore(asOf, OVERLAP_DAYS);
  return from !== null && from > overlapping && from <= asOf ? from : overlapping;
}

/**
 * Set by set, page by page. The next harvest begins at the day that the server said this one began, by the server's
 * clock, which also stamps the records. A token that the server does not know any more costs the pages since the
 * harvest's beginning.
 */
export async function* harvest(
  request: Pick<Request<unknown, HarvestCursor>, 'cursor' | 'http'>,
  wanted: Harvest,
): AsyncGenerator<Batch & { readonly cursor: HarvestCursor }> {
  let cursor = request.cursor ?? { sets: {} };
  for (const set of wanted.sets) {
    let at = placeOf(wanted, cursor, set);
    let restarted = false;
    for (;;) {
      const page = await wholePage(request.http, addressOf(wanted, set, at), pageOf);
      if (page.error?.code === 'badResumptionToken' && at.token !== null && !restarted) {
        restarted = true;
        at = { from: at.from, asOf: null, token: null };
        continue;
      }
      if (page.error && page.error.code !== 'noRecordsMatch') {
        const reason = `the repository says ${page.error.code}: ${page.error.message}`;
        throw new AppError('SOURCE_FAILED', { url: page.url, reason });
      }
      if (page.token !== null && page.token === at.token) {
        throw new AppError('SOURCE_FAILED', { url: page.url, reason: 'the repository gives the same page for ever' });
      }
      const asOf = at.asOf ?? page.day;
      at =
        page.token === null
          ? { from: nextFrom(at.from, asOf), asOf: null, token: null }
          : { from: at.from, asOf, token: page.token };
      cursor = { sets: { ...cursor.sets, [set]: at } };
      yield { readings: these(page.readings), cursor };
      if (page.token === null) break;
    }
  }
}
