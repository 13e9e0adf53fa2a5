import { z } from 'zod';
import { AppError } from '../../errors.ts';
import { type Batch, kindOf, type Request, since } from './contract.ts';
import { dayOf, daysAfter, daysBefore, isWeekend } from './days.ts';
import type { HttpAnswer } from './http.ts';
import { envelopeOf, papersOf, these, wholePage } from './page.ts';

/** Upvotes come in for some days after a paper is listed. */
const OVERLAP_DAYS = 3;
/** A request a day: a week is enough to have something. */
const FIRST_DAYS = 7;
/** The most that the service gives at once. */
const PAGE = 100;
/** Days that are not there yet are refused. */
const NOT_THERE = [400, 404];

const settings = z.strictObject({ since });
type Settings = z.infer<typeof settings>;

const cursor = z.object({ day: z.iso.date(), page: z.number().int().nonnegative() });
type Cursor = z.infer<typeof cursor>;

const envelope = z.array(z.unknown());

function startOf({ settings: { since }, cursor, clock }: Request<Settings, Cursor>): Cursor {
  return cursor ?? { day: since ?? daysBefore(dayOf(clock.now()), FIRST_DAYS), page: 0 };
}

function addressOf({ bases }: Request<Settings, Cursor>, { day, page }: Cursor): string {
  const url = new URL(`${bases.huggingFace.replace(/\/+$/, '')}/api/daily_papers`);
  url.search = new URLSearchParams({ date: day, limit: String(PAGE), p: String(page) }).toString();
  return url.href;
}

/** Day by day up to the server's today. */
async function* batches(request: Request<Settings, Cursor>): AsyncGenerator<Batch & { readonly cursor: Cursor }> {
  let at = startOf(request);
  for (;;) {
    const read = (answer: HttpAnswer) => ({
      answer,
      listed: answer.status === 200 ? envelopeOf(answer, envelope).length : 0,
    });
    const { answer, listed } = await wholePage(request.http, addressOf(request, at), read, { accept: NOT_THERE });
    const today = dayOf(answer.servedAt ?? request.clock.now());
    if (answer.status !== 200 && at.day < today) {
      const reason = `the server answered with status ${answer.status}`;
      throw new AppError('SOURCE_FAILED', { url: answer.url, reason });
    }
    const next = listed === PAGE ? { day: at.day, page: at.page + 1 } : { day: daysAfter(at.day, 1), page: 0 };
    const done = next.day > today;
    const again = { day: daysBefore(today, OVERLAP_DAYS), page: 0 };
    yield { readings: listed === 0 ? these([]) : papersOf(answer, 'huggingface'), cursor: done ? again : next };
    if (done) return;
    at = next;
  }
}

function remainingDays(request: Request<Settings, Cursor>): string[] {
  const requests: string[] = [];
  const today = dayOf(request.clock.now());
  let at = startOf(request);
  do {
    requests.push(addressOf(request, at));
    at = { day: daysAfter(at.day, 1), page: 0 };
  } while (at.day <= today);
  return requests;
}

export const huggingface = kindOf<Settings, Cursor>({
  kind: 'huggingface',
  base: 'huggingFace',
  about: 'the daily papers of Hugging Face, with their upvotes',
  settings,
  cursor,
  name: () => 'huggingface',
  describe: ({ since }) => (since === null ? 'daily papers' : `daily papers since ${since}`),
  whyEmpty: (_, now) =>
    isWeekend(now) ? 'Hugging Face lists no papers at weekends' : 'Hugging Face has listed nothing since',
  plan: async (request) => ({ requests: remainingDays(request) }),
  batches,
});
