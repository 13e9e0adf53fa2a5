import { randomUUID } from 'node:crypto';
import { type Request, type RequestHandler, type Response, Router } from 'express';
import * as z from 'zod';
import {
  changedSchedule,
  DIGEST_SETTING,
  MAX_DIGEST_PAPERS,
  nextDue,
  scheduleInWords,
  scheduleOf,
} from '../delivery/mod.ts';
import {
  DIGEST_RHYTHMS,
  type DigestPreview,
  type DigestSettings,
  type DigestTest,
  type Person,
  WEEKDAYS,
} from '../domain/mod.ts';
import { AppError } from '../errors.ts';
import type { DeliveryServices } from './contract.ts';
import { type PersonParts, theirs } from './person-routes.ts';
import { invalidRequest } from './problem.ts';
import { answeringUntimed } from './reply.ts';
import { body, bodyAs, noParameters } from './request.ts';
import { onlyAllow, wildcard } from './routing.ts';

const hourMessage = 'must be a full hour of the day, 0 to 23';
const papersMessage = `must be a whole number from 1 to ${MAX_DIGEST_PAPERS}`;

/** Addresses and zones are checked where schedules are made, for the command line as well. */
const ScheduleBody = body({
  to: z.string('must be an address').exactOptional(),
  every: z.enum(DIGEST_RHYTHMS, `must be one of ${DIGEST_RHYTHMS.join(', ')}`).exactOptional(),
  hour: z.int(hourMessage).min(0, hourMessage).max(23, hourMessage).exactOptional(),
  zone: z.string('must be the name of a time zone').exactOptional(),
  days: z
    .array(z.enum(WEEKDAYS, `must be one of ${WEEKDAYS.join(', ')}`), 'must be a list of days')
    .min(1, 'must have at least one day')
    .exactOptional(),
  k: z.int(papersMessage).min(1, papersMessage).max(MAX_DIGEST_PAPERS, papersMessage).exactOptional(),
  on: z.boolean('must be true or false').exactOptional(),
});

/** A person's digest: when and where to it is sent, what it would be now, and a mail to try it. */
export function digestRoutes({ digests }: DeliveryServices, parts: PersonParts): Router {
  const router = Router({ caseSensitive: true, strict: true });
  const previews = new Previews();
  router
    .route('/api/digest/schedule')
    .get(
      theirs(parts)(({ req, person }) => {
        noParameters(req);
        return { body: settingsOf(parts, digests.mail, person) };
      }),
    )
    .put(
      theirs(parts)(async ({ req, res, person }) => {
        await setSchedule(parts, person, req, res);
        return { body: settingsOf(parts, digests.mail, person) };
      }),
    )
    .all(onlyAllow('GET, HEAD, PUT'));
  router
    .route('/api/digest/preview')
    .get(
      theirs(parts)(async ({ req, person }) => {
        noParameters(req);
        const { letter, why } = await digests.preview(person);
        const page = letter ? `/previews/${previews.keep(letter.html)}` : null;
        return { body: { subject: letter?.subject ?? null, page, why } satisfies DigestPreview };
      }),
    )
    .all(onlyAllow('GET, HEAD'));
  router
    .route('/api/digest/test')
    .post(
      // As long as the mail server takes, which has times of its own.
      answeringUntimed(async (req) => {
        noParameters(req);
        return { body: (await digests.test(parts.personOf(req))) satisfies DigestTest };
      }),
    )
    .all(onlyAllow('POST'));
  router.route('/previews/:name').get(previewPage(previews)).all(onlyAllow('GET, HEAD'));
  return router;
}

function settingsOf({ services }: PersonParts, mail: DigestSettings['mail'], person: Person): DigestSettings {
  const { people } = services;
  const schedule = scheduleOf(people.signals(person).settings()) ?? null;
  return {
    ...{ schedule, mail },
    inWords: schedule && scheduleInWords(schedule),
    next: (schedule && nextDue(schedule, new Date())?.toISOString()) ?? null,
    latest: people.outbox(person).list()[0] ?? null,
  };
}

/** Throws INVALID_REQUEST, USAGE and what reading a body throws. */
async function setSchedule({ services }: PersonParts, person: Person, req: Request, res: Response): Promise<void> {
  const signals = services.people.signals(person);
  const change = await bodyAs(ScheduleBody, req, res);
  const before = scheduleOf(signals.settings());
  if (!before && change.to === undefined) {
    throw invalidRequest([{ field: 'to', message: 'is missing: say where the digest goes' }]);
  }
  signals.set(DIGEST_SETTING, changedSchedule(before, change, new Date()));
}

/** Long enough to look at one; nobody looks at more. */
const KEPT_MS = 10 * 60_000;
const MOST = 20;

/**
 * Mails that were made to be looked at, each under a name that nobody can guess: a frame sends no token along, and its page
 * is told apart from the interface by a policy of its own.
 */
class Previews {
  readonly #kept = new Map<string, { readonly html: string; readonly at: number }>();

  keep(html: string): string {
    const name = randomUUID();
    this.#kept.set(name, { html, at: Date.now() });
    for (const old of [...this.#kept.keys()].slice(0, -MOST)) this.#kept.delete(old);
    return name;
  }

  find(name: string): string | undefined {
    const kept = this.#kept.get(name);
    return kept && Date.now() - kept.at < KEPT_MS ? kept.html : undefined;
  }
}

/** No script, nothing fetched, and no access to the interface around it; links open in a tab of their own. */
const PREVIEW_POLICY =
  "default-src 'none'; style-src 'unsafe-inline'; base-uri 'none'; form-action 'none'; frame-ancestors 'self'; " +
  'sandbox allow-popups allow-popups-to-escape-sandbox';

function previewPage(previews: Previews): RequestHandler {
  return (req, res) => {
    const html = previews.find(wildcard(req.params['name']));
    if (html === undefined) throw new AppError('NOT_FOUND', { path: '/previews/…' });
    res.set({
      ...{ 'Content-Security-Policy': PREVIEW_POLICY, 'X-Frame-Options': 'SAMEORIGIN' },
      ...{ 'Cache-Control': 'no-store', 'Referrer-Policy': 'no-referrer' },
    });
    res.type('html').send(html.replace('<head>', '<head>\n<base target="_blank">'));
  };
}
