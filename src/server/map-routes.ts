import { type RequestHandler, Router } from 'express';
import { packPoints } from '../domain/mod.ts';
import type { ServerOptions, ServerServices } from './contract.ts';
import { layoutRequest, mapPapersRequest, mapRequest, rowsRequest } from './map-request.ts';
import { answering } from './reply.ts';
import { noParameters } from './request.ts';
import { onlyAllow } from './routing.ts';

export interface MapParts {
  readonly services: Pick<ServerServices, 'projection'>;
  readonly options: Pick<ServerOptions, 'requestTimeoutMs'>;
  /** Throws NOT_READY while papers may be missing. */
  readonly requireReady: () => void;
}

/** The picture of the collection. */
export function mapRoutes({ services, options, requireReady }: MapParts): Router {
  const router = Router({ caseSensitive: true, strict: true });
  const { projection } = services;
  const timed = (answer: Parameters<typeof answering>[1]): RequestHandler =>
    answering(options.requestTimeoutMs, answer);
  const ready: RequestHandler = (_req, _res, next) => {
    requireReady();
    next();
  };
  const readable = onlyAllow('GET, HEAD');
  router
    .route('/api/map')
    .get(
      ready,
      timed(async (req) => {
        noParameters(req);
        return { body: await projection.status() };
      }),
    )
    .post(
      ready,
      timed(async (req, res) => {
        projection.begin(await mapRequest(req, res));
        return { status: 202, body: await projection.status() };
      }),
    )
    .all(onlyAllow('GET, HEAD, POST'));
  router.route('/api/map/points').get(ready, sendingPoints(projection)).all(readable);
  router
    .route('/api/map/regions')
    .get(
      ready,
      timed((req) => ({ body: { regions: projection.regions(layoutRequest(req)) } })),
    )
    .all(readable);
  router
    .route('/api/map/papers')
    .get(
      ready,
      timed((req) => {
        const { layout, k, skip, ...which } = mapPapersRequest(req);
        if (which.region !== undefined) return { body: projection.papersIn(layout, which.region, { k, skip }) };
        const rows = which.rows ?? [];
        return { body: { total: rows.length, papers: projection.papersAt(layout, rows) } };
      }),
    )
    .all(readable);
  router
    .route('/api/map/rows')
    .post(
      ready,
      timed(async (req, res) => {
        const { layout, ids } = await rowsRequest(req, res);
        return { body: { rows: projection.rowsOf(layout, ids) } };
      }),
    )
    .all(onlyAllow('POST'));
  return router;
}

function sendingPoints(projection: ServerServices['projection']): RequestHandler {
  return async (req, res) => {
    const points = packPoints(await projection.points(layoutRequest(req)));
    res.type('application/octet-stream').send(Buffer.from(points.buffer));
  };
}
