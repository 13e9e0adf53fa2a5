import { problemOf, unreachable } from './problem.ts';
import type { Request } from './requests.ts';

/** Answers kept so that going back shows the page at once, scrolled where it was. */
const KEPT_ANSWERS = 60;
/** On a shared server others import, too: an answer older than this is asked for again. */
const KEPT_FOR_MS = 5 * 60_000;

export interface Api {
  /** Answers from memory where it can. Throws Problem; an aborted request throws what `fetch` throws. */
  readonly ask: <T>(request: Request<T>, signal: AbortSignal) => Promise<T>;
  /** The answer to an equal question asked lately. */
  readonly known: <T>(request: Request<T>) => T | undefined;
  /** After an import, or before asking again on purpose. */
  readonly forget: () => void;
}

export const keyOf = (request: Pick<Request<unknown>, 'url' | 'body'>): string =>
  `${request.url} ${request.body ?? ''}`;

async function readBody(response: Response): Promise<unknown> {
  try {
    return await response.json();
  } catch {
    // Not JSON: the caller words the problem from the status.
    return undefined;
  }
}

export function createApi(): Api {
  const kept = new Map<string, { readonly value: unknown; readonly at: number }>();

  const keep = (key: string, value: unknown): void => {
    kept.delete(key);
    kept.set(key, { value, at: Date.now() });
    for (const oldest of kept.keys()) {
      if (kept.size <= KEPT_ANSWERS) break;
      kept.delete(oldest);
    }
  };
  const known = <T>(request: Request<T>): T | undefined => {
    const entry = kept.get(keyOf(request));
    if (!entry || Date.now() - entry.at > KEPT_FOR_MS) return undefined;
    return request.reads(entry.value) ? entry.value : undefined;
  };
  const send = async (request: Request<unknown>, signal: AbortSignal): Promise<Response> => {
    const post = { method: 'POST', headers: { 'content-type': 'application/json' }, body: request.body ?? '' };
    try {
      return await fetch(request.url, { ...(request.body === undefined ? {} : post), signal });
    } catch (error) {
      if (signal.aborted) throw error;
      throw unreachable();
    }
  };
  return {
    known,
    async ask<T>(request: Request<T>, signal: AbortSignal): Promise<T> {
      const remembered = known(request);
      if (remembered !== undefined) return remembered;
      const response = await send(request, signal);
      const body = await readBody(response);
      signal.throwIfAborted();
      if (!response.ok || !request.reads(body)) throw problemOf(body, response.status);
      keep(keyOf(request), body);
      return body;
    },
    forget: () => kept.clear(),
  };
}
