import { randomBytes, timingSafeEqual } from 'node:crypto';
import { type RequestHandler, Router } from 'express';
import { AppError } from '../errors.ts';
import { onlyAllow } from './routing.ts';

const HEADER = 'x-paperkin-token';

export interface PageTokens {
  /** `GET /api/session`: pages of this server fetch their token here, and pages of other origins cannot read it. */
  readonly routes: Router;
  /** Refuses what a browser asks to change without the token. Fails with PAGE_TOKEN_REFUSED. */
  readonly guard: RequestHandler;
}

/**
 * A token beside the check of the origin, against forged requests from a browser, which is what sends `Origin` or
 * `Sec-Fetch-Site`; programs send neither and need no token. It lives as long as the server: pages fetch another after a
 * restart.
 */
export function pageTokens(): PageTokens {
  const token = randomBytes(32).toString('base64url');
  const expected = Buffer.from(token);
  const routes = Router({ caseSensitive: true, strict: true });
  routes
    .route('/api/session')
    .get((_req, res) => void res.json({ token }))
    .all(onlyAllow('GET, HEAD'));
  return {
    routes,
    guard: (req, _res, next) => {
      const reads = req.method === 'GET' || req.method === 'HEAD' || req.method === 'OPTIONS';
      const ofABrowser = req.headers.origin !== undefined || req.headers['sec-fetch-site'] !== undefined;
      if (reads || !ofABrowser) {
        next();
        return;
      }
      const given = Buffer.from(req.get(HEADER) ?? '');
      const holds = given.length === expected.length && timingSafeEqual(given, expected);
      next(holds ? undefined : new AppError('PAGE_TOKEN_REFUSED', {}));
    },
  };
}
