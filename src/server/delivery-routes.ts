import busboy from 'busboy';
import { type Request, type RequestHandler, Router } from 'express';
import * as z from 'zod';
import { feedAddresses, type Link, unsubscribe, WEB_FEED_FORMATS, type WebFeed } from '../delivery/mod.ts';
import type { MadeFeedUrl } from '../domain/mod.ts';
import { AppError, reasonOf } from '../errors.ts';
import type { People } from '../store/mod.ts';
import { confirmingPage, donePage, failedPage } from './link-pages.ts';
import type { PersonOf } from './person.ts';
import { answering } from './reply.ts';
import type { DeliveryServices } from './contract.ts';
import { body, bodyAs, noParameters } from './request.ts';
import { onlyAllow, wildcard } from './routing.ts';

interface DeliveryRoutes {
  /** Whoever has such an address may use it: from mail programs, readers of feeds, and pages of any origin. */
  readonly open: Router;
  /** For the person that asks. */
  readonly own: Router;
}

export function deliveryRoutes(
  services: DeliveryServices,
  personOf: PersonOf,
  requestTimeoutMs: number,
): DeliveryRoutes {
  return { open: openRoutes(services, requestTimeoutMs), own: ownRoutes(services, personOf, requestTimeoutMs) };
}

/** A form's button or one click of a mail program (RFC 8058); both are far smaller. */
const MAX_FORM_BYTES = 4096;

const PAGE_HEADERS = {
  'Cache-Control': 'no-store',
  // The address is the key: it must not reach another site.
  'Referrer-Policy': 'no-referrer',
  'Content-Security-Policy':
    "default-src 'none'; style-src 'unsafe-inline'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'",
};

function openRoutes(services: DeliveryServices, requestTimeoutMs: number): Router {
  const router = Router({ caseSensitive: true, strict: true });
  router
    .route('/links/:token')
    .get(linkPage((link) => confirmingPage(link.purpose, titleFor(services, link)), services))
    .post(
      linkPage(async (link, req) => {
        await confirmed(req, link, requestTimeoutMs);
        follow(services.people, link);
        return donePage(link.purpose, titleFor(services, link));
      }, services),
    )
    .all(onlyAllow('GET, HEAD, POST'));
  router.route('/feeds/:secret/:format').get(webFeed(services)).all(onlyAllow('GET, HEAD'));
  return router;
}

type LinkAnswer = (link: Link, req: Request) => string | Promise<string>;

/** Answers a person, so mistakes are pages too. */
function linkPage(answer: LinkAnswer, { links, people }: DeliveryServices): RequestHandler {
  return async (req, res) => {
    res.set(PAGE_HEADERS).type('html');
    try {
      const link = links.read(wildcard(req.params['token']), new Date());
      if (!people.personWithId(link.person)) {
        throw new AppError('LINK_REFUSED', { reason: 'is of somebody who is no longer here' });
      }
      res.send(await answer(link, req));
    } catch (thrown) {
      if (!(thrown instanceof AppError)) throw thrown;
      res.status(thrown.status).send(failedPage(thrown.title, thrown.message));
    }
  };
}

const titleFor = ({ titleOf }: DeliveryServices, { paper }: Link): string | undefined =>
  paper === '' ? undefined : (titleOf(paper) ?? paper);

function follow(people: People, { purpose, person, paper }: Link): void {
  const signals = people.signals({ id: person });
  switch (purpose) {
    case 'save':
      signals.save([paper]);
      break;
    case 'dismiss':
      signals.tell(paper, 'not-this-paper');
      break;
    case 'unsubscribe':
      unsubscribe(signals);
      break;
  }
}

/** The button was pressed, or a mail program says that it was. Throws INVALID_REQUEST and what `formOf` throws. */
async function confirmed(req: Request, { purpose }: Link, timeoutMs: number): Promise<void> {
  const form = await formOf(req, timeoutMs);
  if (form.get('confirm') === 'yes') return;
  if (purpose === 'unsubscribe' && form.get('List-Unsubscribe') === 'One-Click') return;
  throw new AppError('INVALID_REQUEST', { message: 'this is not what the button sends; open the link and press it' });
}

/** Fields of a small form in either encoding. Throws UNSUPPORTED_MEDIA_TYPE, PAYLOAD_TOO_LARGE, REQUEST_INCOMPLETE. */
function formOf(req: Request, timeoutMs: number): Promise<ReadonlyMap<string, string>> {
  return new Promise((resolve, reject) => {
    const fields = new Map<string, string>();
    let bytes = 0;
    const timer = setTimeout(() => fail(new AppError('REQUEST_INCOMPLETE')), timeoutMs);
    const fail = (error: AppError): void => {
      clearTimeout(timer);
      req.unpipe();
      req.resume();
      reject(error);
    };
    const wrong = (thrown: unknown): void =>
      fail(new AppError('UNSUPPORTED_MEDIA_TYPE', { message: `a form is expected: ${reasonOf(thrown)}` }));
    try {
      const form = busboy({
        headers: req.headers,
        limits: { fields: 4, files: 0, fieldSize: 100, fieldNameSize: 100 },
      });
      form.on('field', (name, value) => fields.set(name, value));
      form.on('error', wrong);
      form.on('close', () => {
        clearTimeout(timer);
        resolve(fields);
      });
      req.on('data', (chunk: Buffer) => {
        bytes += chunk.length;
        if (bytes > MAX_FORM_BYTES) fail(new AppError('PAYLOAD_TOO_LARGE', { limitBytes: MAX_FORM_BYTES }));
      });
      req.pipe(form);
    } catch (thrown) {
      wrong(thrown);
    }
  });
}

function webFeed({ webFeeds }: DeliveryServices): RequestHandler {
  return async (req, res) => {
    const format = WEB_FEED_FORMATS.find((known) => known === wildcard(req.params['format']));
    const how = req.method === 'HEAD' ? 'look' : 'read';
    const feed = format && (await webFeeds.of(wildcard(req.params['secret']), format, how));
    // What was wrong, the secret or the format, is nobody's business.
    if (!feed) throw new AppError('NOT_FOUND', { path: '/feeds/…' });
    res.set({
      ...{ ETag: feed.etag, 'Last-Modified': feed.lastModified.toUTCString() },
      ...{ 'Cache-Control': 'private, no-cache', 'Referrer-Policy': 'no-referrer', 'X-Robots-Tag': 'noindex' },
    });
    if (isHeld(req, feed)) res.status(304).end();
    else res.set('Content-Type', feed.type).send(feed.body);
  };
}

/**
 * Whether the client has the feed as it is (RFC 9110, 13.2.2). Not as express tells it: a client that sends no-cache with its
 * tag, as Node's fetch does, asks to be told, and not to be sent it again.
 */
function isHeld({ headers }: Request, { etag, lastModified }: Pick<WebFeed, 'etag' | 'lastModified'>): boolean {
  const tags = headers['if-none-match'];
  if (tags !== undefined) {
    const held = new Set(tags.split(',').map((tag) => tag.trim().replace(/^W\//, '')));
    return held.has(etag) || held.has('*');
  }
  const since = Date.parse(headers['if-modified-since'] ?? '');
  // Dates over HTTP have no milliseconds.
  return Math.floor(lastModified.getTime() / 1000) * 1000 <= since;
}

const NewFeedUrl = body({ topic: z.int('must be the number of a topic').optional() });

function ownRoutes({ people, publicUrl }: DeliveryServices, personOf: PersonOf, requestTimeoutMs: number): Router {
  const router = Router({ caseSensitive: true, strict: true });
  const timed = (answer: Parameters<typeof answering>[1]): RequestHandler => answering(requestTimeoutMs, answer);
  router
    .route('/api/feed-urls')
    .get(
      timed((req) => {
        noParameters(req);
        return { body: { feedUrls: people.feedUrls(personOf(req)).list() } };
      }),
    )
    .post(
      timed(async (req, res) => {
        const person = personOf(req);
        const { topic } = await bodyAs(NewFeedUrl, req, res);
        const number = topic === undefined ? null : people.signals(person).interest(topic).id;
        const { url, secret } = people.feedUrls(person).add(number);
        const body: MadeFeedUrl = { ...url, ...feedAddresses(publicUrl, secret) };
        return { status: 201, body };
      }),
    )
    .all(onlyAllow('GET, HEAD, POST'));
  router
    .route('/api/feed-urls/:id')
    .delete(
      timed((req) => {
        const person = personOf(req);
        noParameters(req);
        const id = wildcard(req.params['id']);
        const removed = /^\d{1,15}$/.test(id) && people.feedUrls(person).revoke(Number(id));
        if (!removed) throw new AppError('FEED_URL_NOT_FOUND', { id });
        return { body: { id: Number(id), revoked: true } };
      }),
    )
    .all(onlyAllow('DELETE'));
  return router;
}
