import express, { type Express, type RequestHandler, Router } from 'express';
import type { Logger } from 'pino';
import { CITATIONS } from '../collection/mod.ts';
import { type Answer, type CitationFormat, type PaperJson, paperOf } from '../domain/mod.ts';
import { withNames } from '../domain/category-names.ts';
import { AppError } from '../errors.ts';
import type { StageTimes } from '../retrieval/contract.ts';
import { browserRoutes } from './browser.ts';
import type { ServerOptions, ServerServices } from './contract.ts';
import { deliveryRoutes } from './delivery-routes.ts';
import { digestRoutes } from './digest-routes.ts';
import { streamJobEvents } from './events.ts';
import { feedRoutes } from './feed-routes.ts';
import { exporting } from './export.ts';
import { endlessBodyGuard, hostGuard, originGuard, pathGuard, securityHeaders } from './guard.ts';
import type { Jobs } from './jobs.ts';
import { libraryRoutes } from './library-routes.ts';
import { requestLog } from './log.ts';
import { mapRoutes } from './map-routes.ts';
import { pageTokens } from './page-token.ts';
import { askers } from './person.ts';
import { personRoutes } from './person-routes.ts';
import { answerProblem } from './problem.ts';
import { answering, answeringUntimed, type Reply } from './reply.ts';
import {
  breakdownRequest,
  idsThrough,
  noParameters,
  paperFormat,
  relatedRequest,
  relatedToPaper,
  searchRequest,
} from './request.ts';
import { onlyAllow, wildcard } from './routing.ts';
import { settingsRoutes } from './settings-routes.ts';
import type { Uploads } from './uploads.ts';

export interface RouteParts {
  readonly services: ServerServices;
  readonly options: ServerOptions;
  readonly jobs: Jobs;
  readonly uploads: Uploads;
  readonly log: Logger;
  /** True once the server has begun to shut down. */
  readonly closing: () => boolean;
}

/** The whole HTTP surface: guards first, then the API, then the interface, then errors. */
export function createApp(parts: RouteParts): Express {
  const app = express();
  app.disable('x-powered-by');
  app.disable('etag');
  app.set('query parser', false);
  app.use(requestLog(parts.log), endlessBodyGuard, lastAnswers(parts.closing), securityHeaders());
  const { delivery, people } = parts.services;
  const personOf = askers(people, parts.options.host);
  const routes = delivery && deliveryRoutes(delivery, personOf, parts.options.requestTimeoutMs);
  app.use(hostGuard(parts.options.host, delivery?.publicUrl), pathGuard);
  // Before the origin is looked at: a mail program acts for its reader from wherever it is.
  if (routes) app.use(routes.open);
  const tokens = pageTokens();
  app.use(originGuard, tokens.guard);
  app.use('/api', noStore);
  app.use(tokens.routes);
  const ready = (): void => requireReady(parts.services);
  app.use(healthRoutes(parts), searchRoutes(parts), importRoutes(parts), mapRoutes({ ...parts, requireReady: ready }));
  const personal = { ...parts, personOf };
  app.use(settingsRoutes(personal), libraryRoutes(personal));
  app.use(personRoutes(personal), feedRoutes({ ...personal, requireReady: ready }));
  if (routes) app.use(routes.own);
  if (delivery) app.use(digestRoutes(delivery, personal));
  app.use('/api', nothingHere);
  app.use(onlyReadable, browserRoutes(parts.options.webRoot), nothingHere);
  app.use(answerProblem);
  return app;
}

function healthRoutes({ services, options, closing }: RouteParts): Router {
  const router = Router({ caseSensitive: true });
  router
    .route('/healthz')
    .get((_req, res) => void res.set('Cache-Control', 'no-store').json({ status: 'ok' }))
    .all(onlyAllow('GET, HEAD'));
  router
    .route('/readyz')
    .get(
      answering(options.requestTimeoutMs, () => {
        if (closing()) throw new AppError('NOT_READY', { reason: 'it is shutting down' });
        requireReady(services);
        return { body: { status: 'ready' } };
      }),
    )
    .all(onlyAllow('GET, HEAD'));
  return router;
}

function searchRoutes({ services, options }: RouteParts): Router {
  // Strict, as a trailing slash belongs to an id.
  const router = Router({ caseSensitive: true, strict: true });
  const { retrieval } = services;
  const timed = (answer: Parameters<typeof answering>[1]): RequestHandler =>
    answering(options.requestTimeoutMs, answer);
  const readable = onlyAllow('GET, HEAD');
  const ready: RequestHandler = (_req, _res, next) => {
    requireReady(services);
    next();
  };

  router
    .route('/api/search')
    .get(
      ready,
      timed(async (req, _res, signal) => answerReply(await retrieval.search({ ...searchRequest(req), signal }))),
    )
    .all(readable);
  router
    .route('/api/breakdown')
    .get(
      ready,
      timed(async (req, _res, signal) => {
        const counts = await retrieval.breakdown({ ...breakdownRequest(req), signal });
        return { body: { ...counts, categories: withNames(counts.categories, ({ value }) => value) } };
      }),
    )
    .all(readable);
  router
    .route('/api/related')
    .post(
      ready,
      timed(async (req, res) =>
        answerReply(await retrieval.related(await relatedRequest(req, res, idsThrough(services)))),
      ),
    )
    .all(onlyAllow('POST'));
  router
    .route('/api/stats')
    .get(
      timed(async (req) => {
        noParameters(req);
        const stats = await services.stats();
        return { body: { ...stats, categories: withNames(stats.categories, ({ name }) => name) } };
      }),
    )
    .all(readable);
  router.route('/api/export').get(exporting(services)).all(readable);
  // Wildcards are matched on the raw path: a slash that is encoded belongs to the id, so `…%2Frelated` is an id.
  router
    .route('/api/papers/*id/related')
    .get(
      ready,
      timed(async (req) => answerReply(await retrieval.related(relatedToPaper(req, wildcard(req.params['id']))))),
    )
    .all(readable);
  router
    .route('/api/papers/*id')
    .get(
      timed((req) => {
        const format = paperFormat(req);
        const id = wildcard(req.params['id']);
        const paper = services.findPaper(id);
        if (!paper) throw new AppError('PAPER_NOT_FOUND', { id });
        return format === 'json' ? { body: paper } : citation(paper, format);
      }),
    )
    .all(readable);
  return router;
}

function citation(paper: PaperJson, format: CitationFormat): Reply {
  const { mediaType, cite } = CITATIONS[format];
  return { headers: { 'Content-Type': `${mediaType}; charset=utf-8` }, text: cite(paperOf(paper)) };
}

function importRoutes({ options, jobs, uploads }: RouteParts): Router {
  const router = Router({ caseSensitive: true });
  const readable = onlyAllow('GET, HEAD');
  router
    .route('/api/import')
    .post(
      answeringUntimed(async (req) => {
        const place = jobs.reserve();
        const job = await uploads.receive(req, (upload) => place.fill(upload)).finally(() => place.release());
        const events = `/api/import/${job}/events`;
        return { status: 202, headers: { Location: `/api/import/${job}` }, body: { job, events } };
      }),
    )
    .all(onlyAllow('POST'));
  router
    .route('/api/import/:job')
    .get(answering(options.requestTimeoutMs, (req) => ({ body: foundJob(jobs, req.params['job']) })))
    .all(readable);
  router
    .route('/api/import/:job/events')
    .get((req, res) => streamJobEvents(req, res, jobs, foundJob(jobs, req.params['job']).job))
    .all(readable);
  return router;
}

function foundJob(jobs: Jobs, job: string | readonly string[] | undefined): { readonly job: string } {
  const found = jobs.find(wildcard(job));
  if (!found) throw new AppError('JOB_NOT_FOUND', { job });
  return found;
}

function requireReady(services: ServerServices): void {
  const readiness = services.readiness();
  if (!readiness.ready) throw new AppError('NOT_READY', { reason: readiness.reason });
}

const STAGES = ['encode', 'lexical', 'dense', 'fuse', 'refine', 'rerank', 'evidence', 'fetch'] as const;

function answerReply({ times, ...answer }: Answer & { readonly times: StageTimes }): Reply {
  const stages = STAGES.map((stage) => `${stage};dur=${times[stage].toFixed(2)}`);
  return {
    headers: { 'Server-Timing': [...stages, `total;dur=${answer.tookMs.toFixed(2)}`].join(', ') },
    body: answer,
  };
}

const noStore: RequestHandler = (_req, res, next) => {
  res.set('Cache-Control', 'no-store');
  next();
};

/** While the server shuts down, each answer is the last of its connection. */
function lastAnswers(closing: () => boolean): RequestHandler {
  return (_req, res, next) => {
    if (closing()) res.set('Connection', 'close');
    next();
  };
}

const nothingHere: RequestHandler = (req, _res, next) =>
  next(new AppError('NOT_FOUND', { path: req.originalUrl.split('?', 1)[0] }));

const onlyReadable: RequestHandler = (req, res, next) => {
  if (req.method === 'GET' || req.method === 'HEAD') next();
  else onlyAllow('GET, HEAD')(req, res, next);
};
