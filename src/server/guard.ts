import type { RequestHandler } from 'express';
import helmet from 'helmet';
import { AppError } from '../errors.ts';

const LOOPBACK = /^(?:localhost|127(?:\.\d{1,3}){3}|::1|\[::1\])$/i;
const ALLOWED_HOSTS = ['localhost', '127.0.0.1', '[::1]'];
/** How long what follows a refused or answered request is read and dropped before the connection is cut. */
const LINGER_MS = 5_000;

/**
 * Headers that keep the browser from doing more than the interface needs. Neither HSTS nor upgrade-insecure-requests:
 * the server speaks HTTP on loopback. The referrer policy is not `no-referrer`, because some browsers then send
 * `Origin: null` with the interface's own requests, which the origin check would refuse.
 */
export function securityHeaders(): RequestHandler {
  return helmet({
    contentSecurityPolicy: {
      useDefaults: false,
      directives: {
        'default-src': ["'self'"],
        'script-src': ["'self'"],
        'style-src': ["'self'"],
        'img-src': ["'self'"],
        'font-src': ["'self'"],
        'connect-src': ["'self'"],
        'object-src': ["'none'"],
        'base-uri': ["'none'"],
        'form-action': ["'self'"],
        'frame-ancestors': ["'none'"],
      },
    },
    strictTransportSecurity: false,
    referrerPolicy: { policy: 'same-origin' },
    xFrameOptions: { action: 'deny' },
  });
}

/** Whether only this machine can connect to a server that is bound to this address. */
export const isLoopback = (listensOn: string): boolean => LOOPBACK.test(listensOn);

/**
 * On loopback, refuses names other than loopback's: a page elsewhere may point its own name at 127.0.0.1 (DNS
 * rebinding) and would then read this server as its own origin. The name in `publicUrl` is the server's own, behind a proxy.
 * Fails with FORBIDDEN_HOST.
 */
export function hostGuard(listensOn: string, publicUrl?: string): RequestHandler {
  if (!isLoopback(listensOn)) return (_req, _res, next) => next();
  const ownNames = publicUrl === undefined ? [] : [new URL(publicUrl).hostname];
  const allowed = new Set([...ALLOWED_HOSTS, listensOn.toLowerCase(), ...ownNames]);
  return (req, _res, next) => {
    const host = req.headers.host ?? '';
    const name = host.replace(/:\d*$/, '').toLowerCase();
    next(allowed.has(name) ? undefined : new AppError('FORBIDDEN_HOST', { host }));
  };
}

/** Refuses what pages of other origins ask to change. Fails with FORBIDDEN_ORIGIN. */
export const originGuard: RequestHandler = (req, _res, next) => {
  if (req.method === 'GET' || req.method === 'HEAD' || req.method === 'OPTIONS') {
    next();
    return;
  }
  const { origin, host } = req.headers;
  // The scheme is left out: a proxy that speaks TLS passes the Host on, but not its scheme.
  const foreign = origin !== undefined && hostOf(origin) !== host?.toLowerCase();
  const crossSite = req.headers['sec-fetch-site'] === 'cross-site';
  next(
    foreign || crossSite ? new AppError('FORBIDDEN_ORIGIN', { origin: origin ?? 'a page of another site' }) : undefined,
  );
};

function hostOf(origin: string): string | undefined {
  return URL.canParse(origin) ? new URL(origin).host : undefined;
}

/** Refuses broken percent-encoding in the path once, before any route reads it. Fails with INVALID_REQUEST. */
export const pathGuard: RequestHandler = (req, _res, next) => {
  try {
    decodeURIComponent(req.path);
  } catch {
    next(
      new AppError('INVALID_REQUEST', { message: 'the percent-encoding of the path is broken (UTF-8 is expected)' }),
    );
    return;
  }
  next();
};

/** Cuts connections that go on sending a body after their answer. */
export const endlessBodyGuard: RequestHandler = (req, res, next) => {
  res.once('finish', () => {
    if (req.complete) return;
    const timer = setTimeout(() => req.socket.destroy(), LINGER_MS);
    timer.unref();
    req.once('end', () => clearTimeout(timer));
    req.once('close', () => clearTimeout(timer));
  });
  next();
};
