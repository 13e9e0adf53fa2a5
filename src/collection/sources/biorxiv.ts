import { z } from 'zod';
import type { Reading } from '../contract.ts';
import { type Batch, kindOf, listOf, type Request, since } from './contract.ts';
import { dayOf, daysBefore, isWeekend } from './days.ts';
import { envelopeOf, papersOf, these, wholePage } from './page.ts';
import type { HttpAnswer } from './http.ts';
import { AppError } from '../../errors.ts';

/** As for arXiv. */
const FIRST_DAYS = 30;
/** A preprint may be listed a day after the date it carries. */
const OVERLAP_DAYS = 2;

const settings = z.strictObject({
  server: z.enum(['biorxiv', 'medrxiv']).default('biorxiv'),
  since,
  // Their names hold blanks: `cell biology`.
  categories: listOf(/,/)
    .transform((names) => names.map(categoryKey))
    .default([]),
});
type Settings = z.infer<typeof settings>;

/** A window of days, and how much of it is stored. */
const cursor = z.object({ from: z.iso.date(), to: z.iso.date().nullable(), offset: z.number().int().nonnegative() });
type Cursor = z.infer<typeof cursor>;

const envelope = z.object({
  messages: z.array(
    z.looseObject({ status: z.string().optional(), total: z.coerce.number().int().nonnegative().optional() }),
  ),
  collection: z.array(z.unknown()).default([]),
});

/** The API says `cell biology`, its own pages `cell_biology`. */
function categoryKey(name: string): string {
  return name
    .toLowerCase()
    .replace(/[\s_-]+/g, ' ')
    .trim();
}

async function* ofCategories(readings: AsyncIterable<Reading>, categories: readonly string[]): AsyncGenerator<Reading> {
  for await (const reading of readings) {
    const wanted =
      reading.kind !== 'paper' || reading.paper.categories.some((name) => categories.includes(categoryKey(name)));
    if (wanted) yield reading;
  }
}

function windowOf({ settings: { since }, cursor, clock }: Request<Settings, Cursor>): Cursor & { to: string } {
  const today = dayOf(clock.now());
  const { from, to, offset } = cursor ?? { from: since ?? daysBefore(today, FIRST_DAYS), to: null, offset: 0 };
  const end = to ?? today;
  return { from, to: end < from ? from : end, offset };
}

function addressOf({ settings: { server }, bases }: Request<Settings, Cursor>, window: Cursor): string {
  const { from, to, offset } = window;
  return `${bases.biorxiv.replace(/\/+$/, '')}/details/${server}/${from}/${to}/${offset}`;
}

async function pageAt(request: Request<Settings, Cursor>, window: Cursor) {
  const read = (answer: HttpAnswer) => ({ answer, ...envelopeOf(answer, envelope) });
  const { answer, messages, collection } = await wholePage(request.http, addressOf(request, window), read);
  const [message] = messages;
  if (collection.length === 0 && message?.status !== 'ok' && !/^no (?:posts|articles)/i.test(message?.status ?? '')) {
    throw new AppError('SOURCE_FAILED', {
      url: answer.url,
      reason: `the service says: ${message?.status ?? 'nothing'}`,
    });
  }
  return { answer, count: collection.length, total: message?.total };
}

/** A fixed window of days, page by page by offset, so that what arrives meanwhile moves no page. */
async function* batches(request: Request<Settings, Cursor>): AsyncGenerator<Batch & { readonly cursor: Cursor }> {
  const { categories } = request.settings;
  const { from, to, offset: first } = windowOf(request);
  let offset = first;
  for (;;) {
    const { answer, count, total } = await pageAt(request, { from, to, offset });
    offset += count;
    const done = count === 0 || (total !== undefined && offset >= total);
    // Whichever clock is behind, ours or the server's: days before that are over, the rest is asked for again.
    const asOf = [to, dayOf(answer.servedAt ?? request.clock.now())].sort()[0] ?? to;
    const next = daysBefore(asOf, OVERLAP_DAYS);
    const cursor = done ? { from: next < from ? from : next, to: null, offset: 0 } : { from, to, offset };
    const readings = count === 0 ? these([]) : papersOf(answer, 'biorxiv');
    yield { readings: categories.length === 0 ? readings : ofCategories(readings, categories), cursor };
    if (done) return;
  }
}

const NAMES = { biorxiv: 'bioRxiv', medrxiv: 'medRxiv' } as const;

export const biorxiv = kindOf<Settings, Cursor>({
  kind: 'biorxiv',
  base: 'biorxiv',
  about: 'preprints of bioRxiv or medRxiv',
  settings,
  cursor,
  name: ({ server }) => server,
  describe: ({ server, categories, since }) =>
    [NAMES[server], ...categories].join(', ') + (since === null ? '' : ` since ${since}`),
  whyEmpty: ({ server, categories }, now) => {
    if (isWeekend(now)) return `${NAMES[server]} posts little at weekends`;
    return `${NAMES[server]} has posted nothing${categories.length === 0 ? '' : ' of these categories'} since`;
  },
  plan: async (request) => {
    const window = windowOf(request);
    const { total } = await pageAt(request, window);
    const requests = [addressOf(request, window)];
    return total === undefined ? { requests } : { requests, papers: Math.max(0, total - window.offset) };
  },
  batches,
});
