import type { DigestSchedule, DigestState, DigestTest, PaperKey, Person } from '../../domain/mod.ts';
import { AppError, reasonOf } from '../../errors.ts';
import type { Lock, Outbox, People } from '../../store/mod.ts';
import type { FeedFor, Letter, Mailer, MailOutcome } from '../contract.ts';
import { plain } from '../plain.ts';
import { composeDigest, type ComposeParts } from './compose.ts';
import { changedSchedule, DIGEST_SETTING, duePeriod, periodAt, scheduleOf } from './schedule.ts';

/** 5, 10, 20 … minutes: eight tries take ten and a half hours, a night that a mail server is down, and end before the next day. */
const FIRST_RETRY_MS = 5 * 60_000;
const MAX_ATTEMPTS = 8;
const BOUNCES_TO_PAUSE = 3;

export interface DigestParts extends ComposeParts {
  readonly people: People;
  readonly feedFor: FeedFor;
  /** The paper that came last. */
  readonly lastKey: () => PaperKey;
  /** `undefined` where no mail server is set. */
  readonly mailer: Mailer | undefined;
  /** Taken while digests are sent. Throws DIGEST_RUNNING. */
  readonly lock: () => Lock;
  readonly clock: () => Date;
}

/** What became of one person's digest; `error` where it was not even tried. */
export interface DigestReport {
  readonly person: string;
  readonly period: string;
  readonly state: DigestState | 'error';
  readonly papers: number;
  readonly reason: string | null;
}

export interface SendRequest {
  /** Everyone without it. */
  readonly person?: Person;
  /** Not waiting for the hour; still once a period. */
  readonly now?: boolean;
  readonly signal?: AbortSignal;
}

export interface Digests {
  readonly mail: 'set-up' | 'not-set-up';
  /** What would be sent now. `undefined` for an empty feed, with `why`. Changes nothing, and needs no schedule. */
  readonly preview: (person: Person) => Promise<{ readonly letter: Letter | undefined; readonly why: string | null }>;
  /**
   * Sends what would be sent now to the person's address, to try it: nothing of it counts as shown, and the digest that is due
   * is sent all the same. Throws MAIL_NOT_SET_UP, and USAGE for a person without a schedule.
   */
  readonly test: (person: Person) => Promise<DigestTest>;
  /**
   * Sends the digests that are due, one after another. Throws DIGEST_RUNNING, MAIL_NOT_SET_UP, and with `now` USAGE for a
   * person without a schedule.
   */
  readonly send: (request?: SendRequest) => Promise<DigestReport[]>;
}

export function createDigests(parts: DigestParts): Digests {
  return {
    mail: parts.mailer ? 'set-up' : 'not-set-up',
    async preview(person) {
      const now = parts.clock();
      const set = scheduleOf(parts.people.signals(person).settings());
      const schedule = set ?? changedSchedule(undefined, { to: 'you@example.org' }, now);
      const feed = await parts.feedFor(person, { k: schedule.k });
      if (feed.items.length === 0) return { letter: undefined, why: feed.why };
      const period = periodAt(schedule, now).key;
      return { letter: composeDigest({ person, schedule, period, feed, now }, parts), why: feed.why };
    },
    test: (person) => sendTest(parts, person),
    send: (request = {}) => sendDue(parts, request),
  };
}

/** Throws MAIL_NOT_SET_UP. */
function mailerOf({ mailer }: DigestParts): Mailer {
  if (mailer) return mailer;
  throw new AppError('MAIL_NOT_SET_UP', { reason: 'the settings smtpUrl and mailFrom name no mail server' });
}

/** Throws USAGE. */
function scheduleFor({ people }: DigestParts, person: Person): DigestSchedule {
  const schedule = scheduleOf(people.signals(person).settings());
  if (schedule) return schedule;
  const how = '`paperkin digest schedule --to ADDRESS` sets one';
  throw new AppError('USAGE', { message: `no digest is set for ${person.name}; ${how}` });
}

async function sendTest(parts: DigestParts, person: Person): Promise<DigestTest> {
  const [mailer, schedule, now] = [mailerOf(parts), scheduleFor(parts, person), parts.clock()];
  const { to, k } = schedule;
  const feed = await parts.feedFor(person, { k });
  if (feed.items.length === 0) return { to, state: 'empty', reason: feed.why };
  // A name of its own, so that no mail program takes the digest of the day for the same mail.
  const letter = composeDigest({ person, schedule, period: `test-${now.getTime()}`, feed, now }, parts);
  const outcome = await mailer.send({ ...letter, subject: `Test: ${letter.subject}` });
  if (outcome.kind === 'taken') return { to, state: 'sent', reason: null };
  return { to, state: outcome.kind === 'uncertain' ? 'uncertain' : 'failed', reason: outcome.reason };
}

async function sendDue(parts: DigestParts, { person, now = false, signal }: SendRequest): Promise<DigestReport[]> {
  const { people } = parts;
  const mailer = mailerOf(parts);
  const lock = parts.lock();
  try {
    // Nobody else holds the lock, so whoever began these has ended.
    for (const known of people.persons()) people.outbox(known, parts.clock).markInterrupted();
    const reports: DigestReport[] = [];
    for (const known of person ? [person] : people.persons()) {
      if (signal?.aborted) break;
      const schedule = now && person ? scheduleFor(parts, known) : scheduleOf(people.signals(known).settings());
      const period = schedule && (now ? periodAt(schedule, parts.clock()).key : duePeriod(schedule, parts.clock()));
      if (!schedule || period === undefined) continue;
      const report = await sendOne({ ...parts, mailer }, { person: known, schedule, period });
      if (report) reports.push(report);
    }
    return reports;
  } finally {
    lock.release();
  }
}

interface Due {
  readonly person: Person;
  readonly schedule: DigestSchedule;
  readonly period: string;
}

type SendParts = DigestParts & { readonly mailer: Mailer };

/** `undefined` where there is nothing to do. */
async function sendOne(parts: SendParts, due: Due): Promise<DigestReport | undefined> {
  const { people, feedFor, clock, mailer, lastingId } = parts;
  const { person, schedule, period } = due;
  const outbox = people.outbox(person, clock);
  const before = outbox.find(period);
  if (before && (before.state !== 'ready' || (before.nextTry !== null && new Date(before.nextTry) > clock()))) {
    return undefined;
  }
  outbox.giveUpBefore(period);
  const report = (state: DigestReport['state'], papers: number, reason: string | null): DigestReport => ({
    ...{ person: person.name, period, state, papers, reason },
  });
  try {
    const feed = await feedFor(person, { k: schedule.k });
    if (feed.items.length === 0) {
      const reason = plain(feed.why ?? 'there is nothing new');
      outbox.conclude(period, schedule.to, 'empty', reason);
      return report('empty', 0, reason);
    }
    const letter = composeDigest({ ...due, feed, now: clock() }, parts);
    const papers = feed.items.map(({ paper }) => lastingId(paper.id));
    if (!outbox.begin(period, schedule.to, papers)) return undefined;
    const outcome = await mailer
      .send(letter)
      .catch((thrown: unknown): MailOutcome => ({ kind: 'uncertain', reason: plain(reasonOf(thrown)) }));
    settle(parts, due, papers, outcome);
    const after = outbox.find(period);
    return report(after?.state ?? 'error', papers.length, after?.reason ?? null);
  } catch (thrown) {
    // One person's trouble keeps nobody else's digest.
    return report('error', 0, plain(reasonOf(thrown)));
  }
}

function settle(
  { people, clock, lastKey }: SendParts,
  due: Due,
  papers: readonly string[],
  outcome: MailOutcome,
): void {
  const { person, schedule, period } = due;
  const signals = people.signals(person);
  const outbox = people.outbox(person, clock);
  signals.atOnce(() => {
    switch (outcome.kind) {
      case 'taken':
        outbox.settle(period, { state: 'sent' });
        signals.show(papers, 'mail', lastKey(), clock().toISOString());
        break;
      case 'uncertain':
        outbox.settle(period, { state: 'uncertain', reason: outcome.reason });
        break;
      case 'refused':
        outbox.settle(period, { state: 'failed', reason: outcome.reason, bounced: outcome.bounced });
        pauseAfterBounces(outbox, schedule, (paused) => signals.set(DIGEST_SETTING, { ...schedule, paused }));
        break;
      case 'not-taken': {
        const attempts = outbox.find(period)?.attempts ?? MAX_ATTEMPTS;
        const nextTry = new Date(clock().getTime() + FIRST_RETRY_MS * 2 ** (attempts - 1)).toISOString();
        const { reason } = outcome;
        outbox.settle(
          period,
          attempts < MAX_ATTEMPTS ? { state: 'ready', reason, nextTry } : { state: 'failed', reason },
        );
        break;
      }
    }
  });
}

function pauseAfterBounces(outbox: Outbox, { to, since }: DigestSchedule, pause: (reason: string) => void): void {
  const ended = outbox.list().filter(({ state }) => state === 'sent' || state === 'failed');
  const latest = ended.slice(0, BOUNCES_TO_PAUSE);
  const refused = latest.filter(({ bounced, address, changedAt }) => bounced && address === to && changedAt >= since);
  if (refused.length < BOUNCES_TO_PAUSE) return;
  pause(`${to} was refused ${BOUNCES_TO_PAUSE} times in a row, the last time with: ${latest[0]?.reason ?? ''}`);
}
