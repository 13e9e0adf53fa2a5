import type { Clock } from '../../src/collection/mod.ts';

/** A clock that stands still until somebody sleeps, and then jumps. */
export interface JumpingClock extends Clock {
  set(time: string): void;
  /** How long was slept, each time, in milliseconds. */
  readonly slept: number[];
}

export function jumpingClock(start: string): JumpingClock {
  let ms = Date.parse(start);
  const slept: number[] = [];
  return {
    now: () => ms,
    random: () => 0.5,
    sleep: async (waitMs, signal) => {
      signal.throwIfAborted();
      slept.push(waitMs);
      ms += waitMs;
    },
    set: (time) => void (ms = Date.parse(time)),
    slept,
  };
}
