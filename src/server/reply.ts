import type { Request, RequestHandler, Response } from 'express';
import { AppError } from '../errors.ts';
import { ClientLeft } from './problem.ts';

/** What a route answers; status 200 unless said. */
export interface Reply {
  readonly status?: number;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body: unknown;
}

/** `left`: aborted when the client has closed the connection; whoever looks at it may stop then. */
type Answering = (req: Request, res: Response, left: AbortSignal) => Reply | Promise<Reply>;

/**
 * A route that answers in JSON within a time. Later answers and those whose client left are dropped unwritten.
 * Fails with REQUEST_TIMEOUT.
 */
export function answering(timeoutMs: number, answer: Answering): RequestHandler {
  return async (req, res) => {
    const reply = await within(timeoutMs, res, async (left) => answer(req, res, left));
    send(res, reply);
  };
}

/** As `answering`, for a route that takes as long as its client keeps sending. */
export function answeringUntimed(answer: (req: Request, res: Response) => Promise<Reply>): RequestHandler {
  return async (req, res) => {
    send(res, await answer(req, res));
  };
}

function send(res: Response, reply: Reply): void {
  res
    .status(reply.status ?? 200)
    .set({ ...reply.headers })
    .json(reply.body);
}

async function within<T>(timeoutMs: number, res: Response, work: (left: AbortSignal) => Promise<T>): Promise<T> {
  const { promise: cut, reject } = rejectable();
  const timer = setTimeout(() => reject(new AppError('REQUEST_TIMEOUT', { timeoutMs })), timeoutMs);
  const connection = new AbortController();
  const left = (): void => {
    const gone = new ClientLeft();
    connection.abort(gone);
    reject(gone);
  };
  res.once('close', left);
  try {
    return await Promise.race([work(connection.signal), cut]);
  } finally {
    clearTimeout(timer);
    res.off('close', left);
  }
}

function rejectable(): { readonly promise: Promise<never>; readonly reject: (reason: Error) => void } {
  let reject: (reason: Error) => void = () => undefined;
  const promise = new Promise<never>((_resolve, rejectPromise) => {
    reject = rejectPromise;
  });
  return { promise, reject };
}
