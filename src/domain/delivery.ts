export const DIGEST_RHYTHMS = ['daily', 'weekly'] as const;
export const WEEKDAYS = ['mon', 'tue', 'wed', 'thu', 'fri', 'sat', 'sun'] as const;
export type Weekday = (typeof WEEKDAYS)[number];

/** When and where a person's digest is sent. */
export interface DigestSchedule {
  readonly to: string;
  readonly every: (typeof DIGEST_RHYTHMS)[number];
  /** Full hour of the day in the zone, 0 to 23. */
  readonly hour: number;
  /** IANA name, e.g. `Europe/Berlin`. */
  readonly zone: string;
  /** Daily: the days it is sent on. Weekly: the first of them. Monday first, at least one. */
  readonly days: readonly Weekday[];
  /** The most papers in one. */
  readonly k: number;
  readonly on: boolean;
  /** Set by the person then: what was due before is not sent afterwards. */
  readonly since: string;
  /** Why no more is sent until the person sets the schedule again; `null` for none. */
  readonly paused: string | null;
}

/**
 * `ready`: to be tried (again). `sending`: handed to the mail server from here on. `sent`: taken by it. `failed`: certainly not
 * sent, and not tried again. `empty`: there was nothing to send. `uncertain`: perhaps sent, for which it is never sent again.
 */
export const DIGEST_STATES = ['ready', 'sending', 'sent', 'failed', 'empty', 'uncertain'] as const;
export type DigestState = (typeof DIGEST_STATES)[number];

/** What became of the digest of one period. */
export interface Digest {
  /** `2026-11-27` or `2026-W48`, by the calendar of the person's zone. */
  readonly period: string;
  readonly state: DigestState;
  readonly address: string;
  /** Ids of the papers in it. */
  readonly papers: readonly string[];
  /** How often sending it was begun. */
  readonly attempts: number;
  /** Not tried before; `null` for at once, or never. */
  readonly nextTry: string | null;
  /** The address refused it for good. */
  readonly bounced: boolean;
  readonly reason: string | null;
  readonly changedAt: string;
}

/** What a person has set of their digest, and what comes of it. */
export interface DigestSettings {
  readonly schedule: DigestSchedule | null;
  /** `every Monday at 8:00 (Europe/Berlin)`; `null` where none is set. */
  readonly inWords: string | null;
  /** When the next one is due, ISO 8601; `null` while none is sent. */
  readonly next: string | null;
  /** Whether there is a mail server that digests can be handed to. */
  readonly mail: 'set-up' | 'not-set-up';
  /** What became of the latest. */
  readonly latest: Digest | null;
}

export interface DigestPreview {
  /** `null` where there is nothing to send. */
  readonly subject: string | null;
  /** Address of the mail's page on this server, for a while; `null` where there is nothing to send. */
  readonly page: string | null;
  /** Why there are no papers, or few. */
  readonly why: string | null;
}

/** What became of a mail that was sent to try the settings. */
export interface DigestTest {
  readonly to: string;
  readonly state: Extract<DigestState, 'sent' | 'failed' | 'uncertain' | 'empty'>;
  readonly reason: string | null;
}

/** A web feed's address, without its secret, which is kept nowhere. */
export interface FeedUrl {
  readonly id: number;
  /** Number of the topic it is about; `null` for all of the person's feed. */
  readonly topic: number | null;
  readonly createdAt: string;
  /** When it was last read by a program; `null` for never. */
  readonly readAt: string | null;
}

/** A web feed that was just made, with its addresses, which are told this once. */
export interface MadeFeedUrl extends FeedUrl {
  readonly atom: string;
  readonly rss: string;
  readonly json: string;
}
