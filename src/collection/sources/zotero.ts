import { z } from 'zod';
import { AppError } from '../../errors.ts';
import type { Reading } from '../contract.ts';
import { type Batch, kindOf, type Request } from './contract.ts';
import type { HttpAnswer } from './http.ts';
import { envelopeOf, papersOf, these } from './page.ts';

/** Zotero would give everything at once: pages keep an answer small. */
const PAGE = 100;
/** A library that is edited while it is read is read again from its beginning, but not for ever. */
const MOST_RESTARTS = 3;
/** Hang on papers, and are none. Each stands for itself: within one value Zotero reads no second minus. */
const PASSED_OVER = ['-attachment', '-note', '-annotation'];

const settings = z.strictObject({
  library: z
    .string()
    .regex(/^(?:users|groups)\/\d+$/, 'it takes users/0 or groups/NUMBER')
    .default('users/0'),
});
type Settings = z.infer<typeof settings>;

/** What everything is stored up to: the library's version, and the latest change of an entry (`''`: nothing yet). */
const cursor = z.object({ version: z.number().int().nonnegative(), modified: z.string() });
type Cursor = z.infer<typeof cursor>;

const envelope = z.array(z.looseObject({ data: z.looseObject({ dateModified: z.string().default('') }) }));

interface Page {
  readonly answer: HttpAnswer;
  readonly version: number;
  readonly total: number;
}

function addressOf({ settings, bases }: Request<Settings, Cursor>, start: number, since?: number): string {
  const url = new URL(`${bases.zotero.replace(/\/+$/, '')}/api/${settings.library}/items`);
  const order = { format: 'json', sort: 'dateModified', direction: 'desc', limit: String(PAGE), start: String(start) };
  url.search = new URLSearchParams(order).toString();
  if (since !== undefined) url.searchParams.set('since', String(since));
  for (const type of PASSED_OVER) url.searchParams.append('itemType', type);
  return url.href;
}

function numberIn(answer: HttpAnswer, name: string): number {
  const text = answer.header(name) ?? '';
  if (/^\d{1,15}$/.test(text)) return Number(text);
  throw new AppError('SOURCE_FAILED', { url: answer.url, reason: `the answer has no ${name}: is this Zotero?` });
}

async function pageAt({ http }: Request<Settings, Cursor>, address: string): Promise<Page> {
  const answer = await http.get(address, { headers: { 'zotero-api-version': '3' }, accept: [403] });
  if (answer.status === 403) {
    const reason =
      'Zotero lets nobody in; in its advanced settings, allow other applications on this computer to communicate with it';
    throw new AppError('SOURCE_FAILED', { url: answer.url, reason });
  }
  return { answer, version: numberIn(answer, 'last-modified-version'), total: numberIn(answer, 'total-results') };
}

/** Page by page, the latest change first; from the first page again where the library was changed meanwhile. */
async function* pages(
  request: Request<Settings, Cursor>,
  since?: number,
): AsyncGenerator<Page & { readonly isLast: boolean }> {
  let first: Page | undefined;
  let restarts = 0;
  for (let start = 0; ; start += PAGE) {
    let page = await pageAt(request, addressOf(request, start, since));
    if (first && (page.version !== first.version || page.total !== first.total) && restarts < MOST_RESTARTS) {
      restarts += 1;
      start = 0;
      first = undefined;
      page = await pageAt(request, addressOf(request, start, since));
    }
    first ??= page;
    const isLast = start + PAGE >= page.total;
    yield { ...page, isLast };
    if (isLast) return;
  }
}

/** The papers of a page that were changed at that time or later. */
function changedSince({ answer }: Page, modified: string): AsyncIterable<Reading> {
  const changed = envelopeOf(answer, envelope).filter(({ data }) => data.dateModified >= modified);
  return changed.length === 0
    ? these([])
    : papersOf({ ...answer, body: Buffer.from(JSON.stringify(changed)) }, 'zotero');
}

/**
 * What has changed since the last time. Zotero counts its version up when it syncs with its own server, and gives what was
 * never synced the version 0, so `since` alone would miss what was changed on this machine: that is at the top of the list by
 * time of change. What a sync of Zotero's brought in may have been changed long ago, and is asked for by version.
 * The cursor moves on only with the last page: until then a run that was broken off begins with the first page again, which
 * on one's own machine costs next to nothing.
 */
async function* batches(request: Request<Settings, Cursor>): AsyncGenerator<Batch & { readonly cursor: Cursor }> {
  const before = request.cursor ?? { version: 0, modified: '' };
  const isFirst = before.modified === '';
  let next: Cursor | undefined;
  for await (const page of pages(request)) {
    const times = envelopeOf(page.answer, envelope).map(({ data }) => data.dateModified);
    // A time to come, of a clock that was wrong, would hide every change until then.
    const now = new Date(request.clock.now()).toISOString();
    const latest = times.filter((time) => time <= now).sort();
    next ??= { version: page.version, modified: latest.at(-1) ?? before.modified };
    const isEnd = page.isLast || times.some((time) => time < before.modified);
    const isDone = isEnd && (isFirst || next.version === before.version);
    yield { readings: changedSince(page, before.modified), cursor: isDone ? next : before };
    if (isDone) return;
    if (isEnd) break;
  }
  for await (const page of pages(request, before.version)) {
    yield { readings: papersOf(page.answer, 'zotero'), cursor: page.isLast && next ? next : before };
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
    const address = addressOf(request, 0);
    // How much of a library that was read before has changed, one request does not tell.
    if (request.cursor) return { requests: [address] };
    return { requests: [address], papers: (await pageAt(request, address)).total };
  },
  batches,
});
