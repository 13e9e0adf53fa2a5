import type { Readable } from 'node:stream';
import { setTimeout as delay } from 'node:timers/promises';
import { Agent, type Dispatcher, request } from 'undici';
import { AppError, reasonOf } from '../../errors.ts';
import { isOwnMachine, publicLookup, refusePrivate, webUrl } from './address.ts';
import { bodyOf, TooLarge } from './body.ts';

/** Time, so that tests need not wait for it. */
export interface Clock {
  /** Milliseconds since 1970. */
  readonly now: () => number;
  /** Rejects when the signal aborts. */
  readonly sleep: (ms: number, signal: AbortSignal) => Promise<void>;
  /** From 0 up to 1. */
  readonly random: () => number;
}

export const SYSTEM_CLOCK: Clock = {
  now: () => Date.now(),
  sleep: (ms, signal) => delay(ms, undefined, { signal }),
  random: () => Math.random(),
};

export interface HttpOptions {
  /** Says who asks and where to reach them. */
  readonly userAgent: string;
  readonly allowPrivateNetwork: boolean;
  /** Addresses that the configuration names: requests for these very origins may go to a private network. */
  readonly trusted: readonly string[];
  /** Requests that may still be made; SOURCE_WAITS beyond. */
  readonly maxRequests: number;
  /** When each host was last asked, shared by sources that may ask the same one. */
  readonly asked?: Map<string, number>;
  readonly signal: AbortSignal;
  readonly clock?: Clock;
  readonly limits?: Partial<Limits>;
}

interface Limits {
  readonly connectMs: number;
  /** Until the headers of the answer; arXiv thinks for half a minute before it lists a large set. */
  readonly headersMs: number;
  /** Between two pieces of the body. */
  readonly idleMs: number;
  readonly wholeMs: number;
  /** Of the body, decompressed. */
  readonly bodyBytes: number;
  readonly attempts: number;
  readonly redirects: number;
  /** A server that asks to wait for longer is left alone, and the run ends. */
  readonly patienceMs: number;
}

const LIMITS: Limits = {
  connectMs: 10_000,
  headersMs: 90_000,
  idleMs: 60_000,
  wholeMs: 10 * 60_000,
  // The largest pages known are arXiv's, of some 5 MB; a page is held in memory until it is read.
  bodyBytes: 64 * 1024 ** 2,
  attempts: 5,
  redirects: 5,
  patienceMs: 5 * 60_000,
};

/** Backoff grows from the first to the last; with five attempts the last is not reached by far. */
const FIRST_BACKOFF_MS = 1_000;
const LONGEST_BACKOFF_MS = 60_000;
/** arXiv asks for three seconds between requests (https://info.arxiv.org/help/api/tou.html). */
const ARXIV_GAP_MS = 3_000;
/** Longer quiet than any service asks for: a mistaken date must not end a source for good. */
const LONGEST_QUIET_MS = 7 * 24 * 3_600_000;
/** Times after it have no four-digit year, and days would not be days any more. */
const END_OF_TIME_MS = Date.UTC(10_000, 0);
/** Nobody else says; a request a second is what careful crawlers keep to. */
const GAP_MS = 1_000;

/** How long a host is left in peace between two requests; this machine needs no peace. */
export function gapMs(url: URL): number {
  if (isOwnMachine(url)) return 0;
  return /(?:^|\.)arxiv\.org$/.test(url.hostname) ? ARXIV_GAP_MS : GAP_MS;
}

export interface HttpAnswer {
  /** Where it came from at last, after redirects. */
  readonly url: string;
  readonly status: number;
  /** A header by its name in lower case. */
  readonly header: (name: string) => string | undefined;
  /** Decompressed. */
  readonly body: Buffer;
  /** The server's clock, in milliseconds, where it told it. */
  readonly servedAt: number | undefined;
}

export interface Http {
  /**
   * The answer to a GET, after retries and redirects; of status 200, or one of those accepted. Throws SOURCE_FAILED,
   * SOURCE_WAITS (the server asks for more patience than we have, or the day's requests are used up), ADDRESS_REFUSED
   * and INTERRUPTED.
   */
  get(url: string, options?: GetOptions): Promise<HttpAnswer>;
  /** Requests made so far, retries and redirects included. */
  readonly requests: () => number;
  close(): Promise<void>;
}

export interface GetOptions {
  readonly headers?: Readonly<Record<string, string>>;
  /** Statuses besides 200 that are an answer, such as 304. */
  readonly accept?: readonly number[];
}

/** An attempt that failed, though another one may not. */
class Failed extends Error {
  readonly retryAfterMs: number | undefined;

  constructor(message: string, retryAfterMs?: number, options?: ErrorOptions) {
    super(message, options);
    this.retryAfterMs = retryAfterMs;
  }
}

/** What a source fetches with: one request at a time, with pauses, retries and limits, and never where it must not go. */
export function createHttp(options: HttpOptions): Http {
  return new PoliteHttp(options);
}

class PoliteHttp implements Http {
  readonly #options: HttpOptions;
  readonly #clock: Clock;
  readonly #limits: Limits;
  readonly #trusted: ReadonlySet<string>;
  readonly #public: Agent;
  readonly #private: Agent;
  readonly #asked: Map<string, number>;
  /** The request under way: the next one begins when it has ended. */
  #turn: Promise<unknown> = Promise.resolve();
  #requests = 0;

  constructor(options: HttpOptions) {
    this.#options = options;
    this.#clock = options.clock ?? SYSTEM_CLOCK;
    this.#asked = options.asked ?? new Map<string, number>();
    this.#limits = { ...LIMITS, ...options.limits };
    this.#trusted = new Set(options.trusted.map((url) => new URL(url).origin));
    const { connectMs, headersMs, idleMs } = this.#limits;
    const common = { connections: 1, headersTimeout: headersMs, bodyTimeout: idleMs };
    this.#public = new Agent({ ...common, connect: { timeout: connectMs, lookup: publicLookup } });
    this.#private = new Agent({ ...common, connect: { timeout: connectMs } });
  }

  requests = (): number => this.#requests;

  get(url: string, options: GetOptions = {}): Promise<HttpAnswer> {
    const answer = this.#turn.then(() => this.#persist(webUrl(url), options));
    this.#turn = answer.catch(() => undefined);
    return answer;
  }

  async close(): Promise<void> {
    await Promise.all([this.#public.destroy(), this.#private.destroy()]);
  }

  async #persist(url: URL, options: GetOptions): Promise<HttpAnswer> {
    for (let attempt = 1; ; attempt += 1) {
      try {
        return await this.#follow(url, options);
      } catch (thrown) {
        if (this.#options.signal.aborted) throw new AppError('INTERRUPTED', {}, { cause: thrown });
        if (!(thrown instanceof Failed)) throw thrown;
        const { retryAfterMs, message } = thrown;
        if (retryAfterMs !== undefined && retryAfterMs > this.#limits.patienceMs) {
          const until = new Date(this.#clock.now() + retryAfterMs).toISOString();
          throw new AppError('SOURCE_WAITS', { url: url.href, until, reason: `${url.host}: ${message}`, by: 'server' });
        }
        if (attempt >= this.#limits.attempts) {
          const reason = `${message}, ${attempt} times`;
          throw new AppError('SOURCE_FAILED', { url: url.href, reason }, { cause: thrown });
        }
        await this.#sleep(Math.max(retryAfterMs ?? 0, this.#backoffMs(attempt)));
      }
    }
  }

  /** Full jitter: anything up to the bound, so that many clients of a broken server do not come back together. */
  #backoffMs(attempt: number): number {
    return this.#clock.random() * Math.min(LONGEST_BACKOFF_MS, FIRST_BACKOFF_MS * 2 ** (attempt - 1));
  }

  async #sleep(ms: number): Promise<void> {
    await this.#clock.sleep(ms, this.#options.signal).catch((thrown: unknown) => {
      throw this.#options.signal.aborted ? new AppError('INTERRUPTED', {}, { cause: thrown }) : thrown;
    });
  }

  async #follow(start: URL, { headers = {}, accept = [] }: GetOptions): Promise<HttpAnswer> {
    let url = start;
    for (let hop = 0; hop <= this.#limits.redirects; hop += 1) {
      // What we say to one server (an ETag, a key) is nobody else's business.
      const answer = await this.#once(url, url.origin === start.origin ? headers : {}, accept);
      if (!('location' in answer)) return answer;
      url = webUrl(answer.location, url);
    }
    const reason = `more than ${this.#limits.redirects} redirects, the last one to ${url.href}`;
    throw new AppError('SOURCE_FAILED', { url: start.href, reason });
  }

  async #once(
    url: URL,
    headers: Readonly<Record<string, string>>,
    accept: readonly number[],
  ): Promise<HttpAnswer | { readonly location: string }> {
    const dispatcher = this.#dispatcherFor(url);
    await this.#waitForTurn(url);
    const whole = AbortSignal.timeout(this.#limits.wholeMs);
    const signal = AbortSignal.any([this.#options.signal, whole]);
    const sent = {
      accept: '*/*',
      'accept-encoding': 'gzip, br',
      'user-agent': this.#options.userAgent,
      ...headers,
    };
    try {
      const response = await request(url, { dispatcher, signal, headers: sent });
      const { statusCode: status, body } = response;
      const header = (name: string): string | undefined => [response.headers[name]].flat()[0];
      const location = header('location');
      if ([301, 302, 303, 307, 308].includes(status) && location !== undefined) {
        discard(body);
        return { location };
      }
      if (status !== 200 && !accept.includes(status)) {
        discard(body);
        throw failureOf(url, status, retryAfter(header('retry-after'), this.#clock.now()));
      }
      const bytes = await bodyOf(body, header('content-encoding'), this.#limits.bodyBytes);
      return { url: url.href, status, header, body: bytes, servedAt: momentIn(header('date')) };
    } catch (thrown) {
      throw explained(thrown, url, whole.aborted, this.#limits.wholeMs);
    } finally {
      this.#asked.set(url.host, this.#clock.now());
    }
  }

  #dispatcherFor(url: URL): Dispatcher {
    if (this.#options.allowPrivateNetwork || this.#trusted.has(url.origin)) return this.#private;
    refusePrivate(url);
    return this.#public;
  }

  async #waitForTurn(url: URL): Promise<void> {
    if (this.#requests >= this.#options.maxRequests) {
      const now = new Date(this.#clock.now());
      const until = new Date(Date.UTC(now.getUTCFullYear(), now.getUTCMonth(), now.getUTCDate() + 1)).toISOString();
      throw new AppError('SOURCE_WAITS', {
        url: url.href,
        until,
        reason: 'the requests of this day are used up',
        by: 'us',
      });
    }
    const asked = this.#asked.get(url.host);
    const waitMs = asked === undefined ? 0 : asked + gapMs(url) - this.#clock.now();
    if (waitMs > 0) await this.#sleep(waitMs);
    if (this.#options.signal.aborted) throw new AppError('INTERRUPTED');
    this.#requests += 1;
  }
}

/** Ends a body that nobody wants; that it was not read to its end is no news then. */
function discard(body: Readable): void {
  body.on('error', () => undefined).destroy();
}

/** The time that a header tells, in milliseconds since 1970. */
function momentIn(header: string | undefined): number | undefined {
  const at = Date.parse(header ?? '');
  return at >= 0 && at < END_OF_TIME_MS ? at : undefined;
}

/** Milliseconds that a `Retry-After` asks for: seconds, or a date. */
function retryAfter(header: string | undefined, now: number): number | undefined {
  if (header === undefined) return undefined;
  const at = /^\s*\d+\s*$/.test(header) ? now + Number(header) * 1000 : Date.parse(header);
  return Number.isNaN(at) ? undefined : Math.min(LONGEST_QUIET_MS, Math.max(0, at - now));
}

function failureOf(url: URL, status: number, retryAfterMs: number | undefined): Error {
  const reason = `the server answered with status ${status}`;
  if (status === 408 || status === 429 || status >= 500) return new Failed(reason, retryAfterMs);
  return new AppError('SOURCE_FAILED', { url: url.href, reason, status });
}

/** What an attempt threw: something to try again, unless it says by itself that this is of no use. */
function explained(thrown: unknown, url: URL, outOfTime: boolean, wholeMs: number): unknown {
  if (thrown instanceof AppError || thrown instanceof Failed) return thrown;
  if (thrown instanceof TooLarge) {
    return new AppError('SOURCE_FAILED', { url: url.href, reason: thrown.message }, { cause: thrown });
  }
  if (outOfTime) {
    // Nothing for another attempt: the other sources have waited long enough.
    const reason = `no whole answer within ${wholeMs / 1000} s`;
    return new AppError('SOURCE_FAILED', { url: url.href, reason }, { cause: thrown });
  }
  // Several addresses were tried: each attempt has its own error, and the refusal of a look-up is one of them.
  const causes = thrown instanceof AggregateError ? thrown.errors : [thrown];
  const refused: unknown = causes.find((cause) => cause instanceof AppError);
  return refused ?? new Failed(causes.map(reasonOf).join('; '), undefined, { cause: thrown });
}
