import type { Digests } from '../delivery/mod.ts';
import { AppError, reasonOf } from '../errors.ts';

/** Digests are due at full hours, so a minute late is soon enough. */
const EVERY_MS = 60_000;

export interface DigestTimerParts {
  readonly digests: Digests;
  readonly tell: (line: string) => void;
  readonly everyMs?: number;
}

/** Sends the digests that are due, each minute, until it is closed; one round at a time. */
export class DigestTimer {
  readonly #parts: DigestTimerParts;
  readonly #stop = new AbortController();
  #timer: NodeJS.Timeout | undefined;
  #round: Promise<void> = Promise.resolve();

  constructor(parts: DigestTimerParts) {
    this.#parts = parts;
  }

  start(): void {
    this.#round = this.#send();
  }

  /** Resolves when the mail that is being handed over has been; no other follows. */
  async close(): Promise<void> {
    this.#stop.abort();
    clearTimeout(this.#timer);
    await this.#round;
  }

  async #send(): Promise<void> {
    const { digests, tell, everyMs = EVERY_MS } = this.#parts;
    const { signal } = this.#stop;
    try {
      for (const { person, period, state, reason } of await digests.send({ signal })) {
        tell(`${person}, ${period}: ${state}${reason === null ? '' : ` (${reason})`}`);
      }
    } catch (thrown) {
      // Somebody sends by hand, and with that what is due.
      if (!(thrown instanceof AppError && thrown.code === 'DIGEST_RUNNING')) tell(reasonOf(thrown));
    }
    if (signal.aborted) return;
    this.#timer = setTimeout(() => void (this.#round = this.#send()), everyMs);
  }
}
