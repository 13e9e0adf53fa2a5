import { dayOf, findSourceKind } from '../collection/mod.ts';
import type { SourceJson, SourceReport } from '../domain/mod.ts';
import { AppError } from '../errors.ts';
import type { SourceState } from '../store/mod.ts';

/** From then on a source counts as late: twice may be chance, three times in a row is worth a look. */
const LATE_AFTER = 3;
/** A failed run is tried again after a quarter of an hour, then after twice that, up to a day. */
const FIRST_REST_MS = 15 * 60_000;
const LONGEST_REST_MS = 24 * 3_600_000;
/** So that sources that failed together, as when the network was down, do not all come back together. */
const JITTER = 0.25;

interface End {
  readonly report: SourceReport;
  readonly at: number;
  readonly now: number;
  readonly random: () => number;
}

/** Whether it is to be synced without being named. */
export function isDue({ paused, nextTry, notBefore }: SourceState, nowMs: number): boolean {
  return !paused && [nextTry, notBefore].every((time) => time === null || Date.parse(time) <= nowMs);
}

function usedToday({ requestsToday }: SourceState, nowMs: number): number {
  return requestsToday?.day === dayOf(nowMs) ? requestsToday.requests : 0;
}

export function requestsLeft(source: SourceState, mostADay: number, nowMs: number): number {
  return Math.max(0, mostADay - usedToday(source, nowMs));
}

/** The day's requests with those of a run that began with this state. */
export function used(source: SourceState, requests: number, nowMs: number): SourceState['requestsToday'] {
  return { day: dayOf(nowMs), requests: usedToday(source, nowMs) + requests };
}

function runOf({ at, report }: End): SourceState['lastRun'] {
  const { seconds, added, updated, unchanged, merged, rejectedTotal, requests, note } = report;
  const counts = { added, updated, unchanged, merged, rejected: rejectedTotal };
  return { at: new Date(at).toISOString(), seconds, ...counts, requests, note };
}

export function afterSuccess(end: End): Partial<SourceState> {
  const lastSuccess = new Date(end.now).toISOString();
  return { lastSuccess, lastRun: runOf(end), failures: 0, reason: null, nextTry: null, notBefore: null };
}

/** A server that asks for quiet has failed, too; a day whose requests are used up has not. */
export function afterFailure(source: SourceState, error: AppError, end: End): Partial<SourceState> {
  const { until, by, source: refusedBefore } = error.details;
  const notBefore = typeof until === 'string' ? until : null;
  const reason = notBefore === null ? error.message : String(error.details['reason']);
  // It was not asked at all.
  if (refusedBefore !== undefined && notBefore !== null) return {};
  if (by === 'us') return { lastRun: runOf(end), reason, notBefore };
  const failures = source.failures + 1;
  const restMs = Math.min(LONGEST_REST_MS, FIRST_REST_MS * 2 ** (failures - 1));
  const jitter = 1 - JITTER + 2 * JITTER * end.random();
  const nextTry = new Date(end.now + restMs * jitter).toISOString();
  return { lastRun: runOf(end), failures, reason, nextTry, notBefore };
}

/** The later of what holds it back. */
function nextTryOf({ nextTry, notBefore }: SourceState): string | null {
  const times = [nextTry, notBefore].flatMap((time) => time ?? []);
  return times.sort().at(-1) ?? null;
}

/** What a source is; one whose settings are of another program is shown among the others all the same. */
function aboutOf({ kind, settings }: SourceState): string {
  try {
    return findSourceKind(kind)?.describe(settings) ?? 'of a kind that this Paperkin does not know';
  } catch (thrown) {
    if (!(thrown instanceof AppError)) throw thrown;
    return thrown.message;
  }
}

export function sourceJson(source: SourceState, nowMs: number): SourceJson {
  const { name, kind, settings, paused, allowPrivateNetwork, failures, reason, lastSuccess, lastRun } = source;
  return {
    name,
    kind,
    about: aboutOf(source),
    settings,
    paused,
    allowPrivateNetwork,
    late: failures >= LATE_AFTER,
    failures,
    reason,
    nextTry: nextTryOf(source),
    lastSuccess,
    lastRun,
    requestsToday: usedToday(source, nowMs),
  };
}
