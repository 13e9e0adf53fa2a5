import { Problem, problemOf, unreachable } from './problem.ts';
import type { Request } from './requests.ts';

/** Where a browser keeps the token of a person of a server that has several. */
const PERSON_TOKEN = 'paperkin.person-token';

export type Method = 'POST' | 'PUT' | 'PATCH' | 'DELETE';

/** Something to change; a body goes as JSON. */
export interface Change {
  readonly method: Method;
  readonly url: string;
  readonly body?: unknown;
}

export interface Client {
  /** Throws Problem; an aborted request throws what `fetch` throws. */
  readonly ask: <T>(request: Request<T>, signal?: AbortSignal) => Promise<T>;
  /** Carries the page token, and asks for another where the server was restarted. Throws Problem. */
  readonly change: (change: Change) => Promise<unknown>;
  /** Headers that a request which changes something needs, for what is not sent by `change`. Throws Problem. */
  readonly headers: () => Promise<Readonly<Record<string, string>>>;
  /** Whose token goes with every request from now on; `undefined` for nobody's. */
  readonly signIn: (token: string | undefined) => void;
  readonly signedIn: () => boolean;
}

async function readBody(response: Response): Promise<unknown> {
  try {
    return await response.json();
  } catch {
    // Not JSON: the caller words the problem from the status.
    return undefined;
  }
}

async function send(url: string, init: RequestInit): Promise<unknown> {
  let response: Response;
  try {
    response = await fetch(url, init);
  } catch (error) {
    if (init.signal?.aborted) throw error;
    throw unreachable();
  }
  const body = await readBody(response);
  init.signal?.throwIfAborted();
  if (!response.ok) throw problemOf(body, response.status);
  return body;
}

function remembered(): string | undefined {
  try {
    return localStorage.getItem(PERSON_TOKEN) ?? undefined;
  } catch {
    // Storage is forbidden: whoever has a token gives it anew in each visit.
    return undefined;
  }
}

function remember(token: string | undefined): void {
  try {
    if (token === undefined) localStorage.removeItem(PERSON_TOKEN);
    else localStorage.setItem(PERSON_TOKEN, token);
  } catch {
    // As above.
  }
}

export function createClient(): Client {
  let personToken = remembered();
  let pageToken: Promise<string> | undefined;

  const person = (): Record<string, string> => (personToken ? { authorization: `Bearer ${personToken}` } : {});
  const freshToken = async (): Promise<string> => {
    const body = await send('/api/session', {});
    if (typeof body === 'object' && body !== null && 'token' in body) return String(body.token);
    throw problemOf(body, 200);
  };
  const headers = async (): Promise<Record<string, string>> => {
    pageToken ??= freshToken();
    try {
      return { ...person(), 'x-paperkin-token': await pageToken };
    } catch (error) {
      pageToken = undefined;
      throw error;
    }
  };
  const once = async ({ method, url, body }: Change, signal?: AbortSignal): Promise<unknown> =>
    send(url, {
      method,
      headers: { ...(await headers()), ...(body === undefined ? {} : { 'content-type': 'application/json' }) },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
      ...(signal ? { signal } : {}),
    });
  const change = async (wanted: Change, signal?: AbortSignal): Promise<unknown> => {
    try {
      return await once(wanted, signal);
    } catch (error) {
      if (!(error instanceof Problem) || error.code !== 'PAGE_TOKEN_REFUSED') throw error;
      pageToken = undefined;
      return once(wanted, signal);
    }
  };
  return {
    async ask<T>(request: Request<T>, signal?: AbortSignal): Promise<T> {
      const { url, body } = request;
      const answer =
        body === undefined
          ? await send(url, { headers: person(), ...(signal ? { signal } : {}) })
          : await change({ method: 'POST', url, body }, signal);
      if (!request.reads(answer)) throw problemOf(answer, 200);
      return answer;
    },
    change: (wanted) => change(wanted),
    headers,
    signIn(token) {
      personToken = token;
      remember(token);
    },
    signedIn: () => personToken !== undefined,
  };
}
