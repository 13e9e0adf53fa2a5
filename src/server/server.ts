import { once } from 'node:events';
import { createServer as createHttpServer, type Server } from 'node:http';
import type { Duplex } from 'node:stream';
import { setTimeout as delay } from 'node:timers/promises';
import type { DestinationStream } from 'pino';
import { AppError, reasonOf } from '../errors.ts';
import { listenOn, urlOf } from './address.ts';
import type { PaperkinServer, ServerOptions, ServerServices } from './contract.ts';
import { createJobs, type Jobs } from './jobs.ts';
import { createLog } from './log.ts';
import { rawProblem } from './problem.ts';
import { createApp } from './routes.ts';
import { createUploads, declaresTooMuch } from './uploads.ts';

/**
 * A query of 10,000 characters that is not ASCII takes up to 90 kB once percent-encoded; Node's 16 KiB would cut queries
 * in most scripts at a fifth of what is promised.
 */
const MAX_HEADER_BYTES = 128 * 1024;
/** Connections that dribble their headers are cut after this. */
const HEADERS_TIMEOUT_MS = 15_000;
const CHECK_CONNECTIONS_MS = 5_000;
/** A connection on which nothing moves for this long is cut, also in the middle of an upload. */
const IDLE_TIMEOUT_MS = 120_000;

/**
 * The HTTP server over the given services. Nothing is opened before `listen`. The log goes to standard error unless a
 * stream is given.
 */
export function createServer(
  services: ServerServices,
  options: ServerOptions,
  logStream?: DestinationStream,
): PaperkinServer {
  const log = createLog(options.logLevel, logStream);
  const uploads = createUploads(options.uploadsDir, options.maxUploadBytes);
  const jobs = createJobs(services, log);
  let closing: Promise<void> | undefined;
  const app = createApp({ services, options, jobs, uploads, log, closing: () => closing !== undefined });
  const server = createHttpServer(
    {
      maxHeaderSize: MAX_HEADER_BYTES,
      headersTimeout: HEADERS_TIMEOUT_MS,
      // Uploads take as long as they take; JSON bodies have requestTimeoutMs, quiet connections the idle timeout.
      requestTimeout: 0,
      connectionsCheckingInterval: CHECK_CONNECTIONS_MS,
    },
    app,
  );
  server.setTimeout(Math.max(IDLE_TIMEOUT_MS, 2 * options.requestTimeoutMs));
  server.on('clientError', answerClientError);
  server.on('checkContinue', (req, res) => {
    // Without the go-ahead, a client that asked for it never sends what is refused anyway.
    if (!declaresTooMuch(req, options.maxUploadBytes)) res.writeContinue();
    server.emit('request', req, res);
  });
  server.on('request', (_req, res) => {
    res.once('close', () => closing && setImmediate(() => server.closeIdleConnections()));
  });

  return {
    async listen() {
      await uploads.prepare().catch((thrown: unknown) => {
        const reason = `the folder for uploads cannot be used: ${reasonOf(thrown)}`;
        throw new AppError('SERVER_FAILED', { reason }, { cause: thrown });
      });
      const port = await listenOn(server, options);
      const url = urlOf(options.host, port);
      log.info({ url }, 'listening');
      return { url, port };
    },
    sync: async (names) => (closing ? undefined : jobs.ended(jobs.sync(names))),
    close() {
      closing ??= shutDown(server, jobs, options.shutdownTimeoutMs);
      return closing;
    },
  };
}

async function shutDown(server: Server, jobs: Jobs, timeoutMs: number): Promise<void> {
  const closed = server.listening ? once(server, 'close') : Promise.resolve();
  if (server.listening) server.close();
  const timer = new AbortController();
  const tooLong = delay(timeoutMs, undefined, { signal: timer.signal }).catch(() => undefined);
  await Promise.race([Promise.all([closed, jobs.close()]), tooLong]);
  timer.abort();
  server.closeAllConnections();
  await closed;
}

/** What was no HTTP request still gets an answer, where somebody can read one. */
function answerClientError(thrown: NodeJS.ErrnoException, socket: Duplex): void {
  if (thrown.code === 'ECONNRESET' || !socket.writable) {
    socket.destroy();
    return;
  }
  socket.end(rawProblem(clientError(thrown)));
}

function clientError(thrown: NodeJS.ErrnoException): AppError {
  switch (thrown.code) {
    case 'HPE_HEADER_OVERFLOW':
      return new AppError('HEADERS_TOO_LARGE', { limitBytes: MAX_HEADER_BYTES });
    case 'ERR_HTTP_REQUEST_TIMEOUT':
      return new AppError('REQUEST_INCOMPLETE');
    default:
      return new AppError('INVALID_REQUEST', { message: 'this is not an HTTP request' });
  }
}
