import { z } from 'zod';
import { AppError } from '../../errors.ts';
import type { Reading } from '../contract.ts';
import { type Batch, kindOf, type Request, webAddress } from './contract.ts';
import { isWeekend } from './days.ts';
import type { HttpAnswer } from './http.ts';
import { papersOf, these } from './page.ts';

const settings = z.strictObject({ url: webAddress });
type Settings = z.infer<typeof settings>;

/** What the server gave to recognise an unchanged feed by. */
const cursor = z.object({ etag: z.string().nullable(), lastModified: z.string().nullable() });
type Cursor = z.infer<typeof cursor>;

/** Whatever a server sends as a mark must be fit to be sent back to it. */
function sendable(mark: string | undefined): string | null {
  return mark !== undefined && /^[\x20-\x7e]{1,1000}$/.test(mark) ? mark : null;
}

/** A feed, or whatever else of papers the address gives, recognised as a file would be. */
async function* readingsOf(answer: HttpAnswer): AsyncGenerator<Reading> {
  try {
    yield* papersOf(answer);
  } catch (thrown) {
    if (!(thrown instanceof AppError) || thrown.code !== 'UNKNOWN_FORMAT') throw thrown;
    const told = answer.header('content-type');
    const reason = `the answer is no feed, nor any other list of papers${told === undefined ? '' : ` (${told})`}`;
    throw new AppError('SOURCE_FAILED', { url: answer.url, reason }, { cause: thrown });
  }
}

async function* batches(request: Request<Settings, Cursor>): AsyncGenerator<Batch & { readonly cursor: Cursor }> {
  const held = request.cursor;
  const headers = {
    ...(held?.etag ? { 'if-none-match': held.etag } : {}),
    ...(held?.lastModified ? { 'if-modified-since': held.lastModified } : {}),
  };
  const answer = await request.http.get(request.settings.url, { headers, accept: [304] });
  if (held && answer.status === 304) {
    yield { readings: these([]), cursor: held, note: 'the feed has not changed' };
    return;
  }
  const cursor = { etag: sendable(answer.header('etag')), lastModified: sendable(answer.header('last-modified')) };
  yield { readings: readingsOf(answer), cursor };
}

export const rss = kindOf<Settings, Cursor>({
  kind: 'rss',
  about: 'an RSS or Atom feed of papers',
  argument: 'url',
  settings,
  cursor,
  name: ({ url }) => new URL(url).hostname,
  describe: ({ url }) => url,
  whyEmpty: ({ url }, now) =>
    isWeekend(now) && /(?:^|\.)arxiv\.org$/.test(new URL(url).hostname)
      ? 'arXiv announces nothing at weekends'
      : 'the feed has nothing new',
  plan: async ({ settings: { url } }) => ({ requests: [url] }),
  batches,
});
