import type { ErrorRequestHandler, Response } from 'express';
import { AppError, ERRORS, type ErrorCode } from '../errors.ts';
import type { FieldError, Problem } from './contract.ts';

/** Details of an error that a client can use; everything else stays in the log. */
const SHOWN_DETAILS = new Set(['column', 'reason', 'id', 'job', 'line', 'limit', 'limitBytes', 'timeoutMs', 'errors']);

const RETRY_AFTER_SECONDS: { readonly [code in ErrorCode]?: number } = { NOT_READY: 1, IMPORT_QUEUE_FULL: 30 };

/** The client closed the connection before its answer was ready: nobody is left to answer, and nothing went wrong. */
export class ClientLeft extends Error {}

/** INVALID_REQUEST whose detail lists every mistake, so that one attempt shows all of them. */
export function invalidRequest(errors: readonly FieldError[]): AppError {
  return new AppError('INVALID_REQUEST', {
    message: errors.map(({ field, message }) => `${field} ${message}`).join('; '),
    errors,
  });
}

/** What is told of anything thrown: the table's words for an AppError, a bare INTERNAL for the rest. */
export function problemOf(thrown: unknown): Problem {
  const error = thrown instanceof AppError ? thrown : new AppError('INTERNAL');
  const shown = Object.entries(error.details).filter(([name]) => SHOWN_DETAILS.has(name));
  return {
    type: problemType(error.code),
    title: error.title,
    status: error.status,
    detail: error.message,
    code: error.code,
    ...Object.fromEntries(shown),
  };
}

/** `INVALID_FILTER` -> `/problems/invalid-filter`. */
export function problemType(code: ErrorCode): string {
  return `/problems/${code.toLowerCase().replaceAll('_', '-')}`;
}

/** Last handler of the chain: one place writes every error. */
export const answerProblem: ErrorRequestHandler = (thrown: unknown, _req, res, _next) => {
  if (thrown instanceof ClientLeft || res.destroyed) return;
  const error = byLibrary(thrown);
  const problem = problemOf(error);
  // Being busy or not ready is no fault to trace; a 500 is.
  if (problem.status === 500) res.err = error instanceof Error ? error : new Error(String(error));
  if (res.headersSent) {
    // Half an answer must not look like a whole one.
    res.destroy();
    return;
  }
  if (error instanceof AppError) setErrorHeaders(res, error);
  res.status(problem.status).type('application/problem+json').send(JSON.stringify(problem));
};

function setErrorHeaders(res: Response, error: AppError): void {
  const retryAfter = RETRY_AFTER_SECONDS[error.code];
  if (retryAfter !== undefined) res.set('Retry-After', String(retryAfter));
  if (error.code === 'TOKEN_REFUSED') res.set('WWW-Authenticate', 'Bearer realm="Paperkin"');
  const allow = error.details['allow'];
  if (typeof allow === 'string') res.set('Allow', allow);
}

/** Express and its static files throw errors of their own that carry a status; only those the client caused are told. */
function byLibrary(thrown: unknown): unknown {
  if (!(thrown instanceof Error) || thrown instanceof AppError || !('status' in thrown)) return thrown;
  if (typeof thrown.status !== 'number' || thrown.status < 400 || thrown.status >= 500) return thrown;
  return new AppError('INVALID_REQUEST', { message: thrown.message }, { cause: thrown });
}

/** A whole HTTP answer for connections that never became a request, e.g. after headers that are too large. */
export function rawProblem(error: AppError): string {
  const body = JSON.stringify(problemOf(error));
  return [
    `HTTP/1.1 ${error.status} ${ERRORS[error.code].title}`,
    'Content-Type: application/problem+json; charset=utf-8',
    `Content-Length: ${Buffer.byteLength(body)}`,
    'Connection: close',
    '',
    body,
  ].join('\r\n');
}
