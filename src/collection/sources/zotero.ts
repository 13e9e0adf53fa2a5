import { z } from 'zod';
import { AppError } from '../../errors.ts';
import { type Batch, kindOf, type Request } from './contract.ts';
import type { HttpAnswer } from './http.ts';
import { papersOf } from './page.ts';

/** The most that Zotero gives at once. */
const PAGE = 100;
/** A library that is edited while it is read is read again from its beginning, but not for ever. */
const MOST_RESTARTS = 3;

const settings = z.strictObject({
  library: z
    .string()
    .regex(/^(?:users|groups)\/\d+$/, 'it takes users/0 or groups/NUMBER')
    .default('users/0'),
});
type Settings = z.infer<typeof settings>;

/** The library's version that everything is stored up to. */
const cursor = z.object({ version: z.number().int().nonnegative() });
type Cursor = z.infer<typeof cursor>;

function addressOf({ settings, cursor, bases }: Request<Settings, Cursor>, start: number, limit = PAGE): string {
  const url = new URL(`${bases.zotero.replace(/\/+$/, '')}/api/${settings.library}/items`);
  url.search = new URLSearchParams({
    format: 'json',
    since: String(cursor?.version ?? 0),
    limit: String(limit),
    start: String(start),
    itemType: '-attachment || -note',
  }).toString();
  return url.href;
}

function numberIn(answer: HttpAnswer, name: string): number {
  const text = answer.header(name) ?? '';
  if (/^\d+$/.test(text)) return Number(text);
  throw new AppError('SOURCE_FAILED', { url: answer.url, reason: `the answer has no ${name}: is this Zotero?` });
}

/**
 * Everything that has changed since the library's version at the last time. The version moves on only with the last page:
 * until then a run that was broken off begins with the first page again, which on one's own machine costs next to nothing.
 */
async function* batches(request: Request<Settings, Cursor>): AsyncGenerator<Batch & { readonly cursor: Cursor }> {
  const before = request.cursor ?? { version: 0 };
  let version: number | undefined;
  let start = 0;
  let restarts = 0;
  for (;;) {
    const answer = await request.http.get(addressOf(request, start), { headers: { 'zotero-api-version': '3' } });
    const now = numberIn(answer, 'last-modified-version');
    if (version !== undefined && now !== version && restarts < MOST_RESTARTS) {
      restarts += 1;
      start = 0;
      version = undefined;
      continue;
    }
    version ??= now;
    const done = start + PAGE >= numberIn(answer, 'total-results');
    yield { readings: papersOf(answer, 'zotero'), cursor: done ? { version } : before };
    if (done) return;
    start += PAGE;
  }
}

export const zotero = kindOf<Settings, Cursor>({
  kind: 'zotero',
  base: 'zotero',
  about: 'a library of a Zotero that runs on this machine; it is only read',
  settings,
  cursor,
  name: ({ library }) => (library === 'users/0' ? 'zotero' : `zotero-${library.replace('/', '-')}`),
  describe: ({ library }) => (library === 'users/0' ? 'my library' : library),
  whyEmpty: () => 'nothing in Zotero has changed',
  plan: async (request) => {
    const answer = await request.http.get(addressOf(request, 0, 1), { headers: { 'zotero-api-version': '3' } });
    return { requests: [addressOf(request, 0)], papers: numberIn(answer, 'total-results') };
  },
  batches,
});
