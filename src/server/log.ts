import type { IncomingMessage, ServerResponse } from 'node:http';
import { type DestinationStream, destination, type Logger, pino } from 'pino';
import { type HttpLogger, pinoHttp } from 'pino-http';
import type { ServerOptions } from './contract.ts';

const STDERR = 2;
/** What somebody keeps, and thinks of what they read, is nobody else's: these paths are logged without the id. */
const SAVED = /^(\/api\/(?:library|feedback))\/.+$/s;
const UNLOGGED = new Set(['/healthz', '/readyz']);

/** Log in JSON lines, to standard error unless a stream is given. */
export function createLog(level: ServerOptions['logLevel'], stream: DestinationStream = destination(STDERR)): Logger {
  return pino({ level, base: null }, stream);
}

/**
 * One line a request: method, path, status, milliseconds, and the error where the server is to blame. What somebody
 * searches is private, so of the query only its presence is logged.
 */
export function requestLog(logger: Logger): HttpLogger {
  return pinoHttp({
    logger,
    // Without both, the library adds the whole request to each line, query and all.
    quietReqLogger: true,
    quietResLogger: true,
    autoLogging: { ignore: (req) => UNLOGGED.has(pathOf(req)) },
    customLogLevel: (_req, res) => {
      if (res.err !== undefined) return 'error';
      if (aborted(res)) return 'debug';
      return res.statusCode >= 500 ? 'warn' : 'info';
    },
    customSuccessMessage: () => 'request',
    customErrorMessage: () => 'request',
    customSuccessObject: (req, res, timed: unknown) => line(req, res, timed),
    customErrorObject: (req, res, _error, timed: unknown) => ({
      ...line(req, res, timed),
      ...(res.err === undefined ? {} : { err: res.err }),
    }),
  });
}

function line(req: IncomingMessage, res: ServerResponse, timed: unknown): Record<string, unknown> {
  const ms = typeof timed === 'object' && timed !== null && 'responseTime' in timed ? timed.responseTime : undefined;
  return {
    method: req.method,
    path: pathOf(req),
    query: urlOf(req).includes('?'),
    status: res.statusCode,
    ms,
    ...(aborted(res) ? { aborted: true } : {}),
  };
}

function aborted(res: ServerResponse): boolean {
  return !res.writableFinished;
}

/** Whoever has such an address may use it, so the log has none. */
const KEYS = /^(\/(?:links|feeds|previews))\/[^/]*/i;

function pathOf(req: IncomingMessage): string {
  const path = urlOf(req).split('?', 1)[0] ?? '';
  return path.replace(KEYS, '$1/…').replace(SAVED, '$1/…');
}

/** Routers shorten `url` while they run; express keeps the whole one. */
function urlOf(req: IncomingMessage): string {
  return 'originalUrl' in req && typeof req.originalUrl === 'string' ? req.originalUrl : (req.url ?? '');
}
