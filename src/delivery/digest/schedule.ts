import { DateTime, IANAZone } from 'luxon';
import * as z from 'zod';
import { DIGEST_RHYTHMS, type DigestSchedule, WEEKDAYS } from '../../domain/mod.ts';
import { AppError } from '../../errors.ts';
import type { Signals } from '../../store/mod.ts';

/** Name of the setting that a person's schedule is kept under. */
export const DIGEST_SETTING = 'digest';
export const MAX_DIGEST_PAPERS = 50;

const schema = z.object({
  to: z.email('it takes one address, e.g. ada@example.org').max(254),
  every: z.enum(DIGEST_RHYTHMS),
  hour: z.number().int().min(0).max(23),
  zone: z.string().refine((name) => IANAZone.isValidZone(name), 'it takes a time zone by name, e.g. Europe/Berlin'),
  days: z
    .array(z.enum(WEEKDAYS))
    .min(1, 'it takes at least one day')
    .transform((days) => WEEKDAYS.filter((day) => days.includes(day))),
  k: z.number().int().min(1).max(MAX_DIGEST_PAPERS),
  on: z.boolean(),
  since: z.iso.datetime(),
  paused: z.string().nullable(),
});

/** As it is kept among a person's settings. `undefined` where none is kept. */
export function scheduleOf(settings: Readonly<Record<string, unknown>>): DigestSchedule | undefined {
  const parsed = schema.safeParse(settings[DIGEST_SETTING]);
  return parsed.success ? parsed.data : undefined;
}

const DEFAULTS = { every: 'daily', hour: 7, days: WEEKDAYS, k: 12, on: true } as const;

export type ScheduleChange = Partial<Omit<DigestSchedule, 'since' | 'paused'>>;

/** A schedule with changes, set now; what was not said of a new one has its default. Throws USAGE. */
export function changedSchedule(before: DigestSchedule | undefined, change: ScheduleChange, now: Date): DigestSchedule {
  const zone = DateTime.local().zoneName;
  const merged = { ...DEFAULTS, zone, ...before, ...change, since: now.toISOString(), paused: null };
  if (!('to' in merged)) {
    throw new AppError('USAGE', { message: 'say where the digest goes: paperkin digest schedule --to ADDRESS' });
  }
  const parsed = schema.safeParse(merged);
  if (parsed.success) return parsed.data;
  const [issue] = parsed.error.issues;
  throw new AppError('USAGE', { message: `digest ${issue?.path.join('.')}: ${issue?.message}` });
}

/** Ends a person's mails, until they set a schedule again. */
export function unsubscribe(signals: Signals): void {
  const schedule = scheduleOf(signals.settings());
  if (schedule) signals.set(DIGEST_SETTING, { ...schedule, on: false });
}

export interface Period {
  /** `2026-11-27`, or for a weekly one `2026-W48`. */
  readonly key: string;
  /** When its digest is due; `undefined` on a day without one. */
  readonly at: Date | undefined;
}

/**
 * The period that a moment lies in, by the calendar of the schedule's zone. An hour that a change of clocks leaves out comes
 * at once after it, and one that comes twice counts the first time.
 */
export function periodAt({ every, hour, zone, days }: DigestSchedule, now: Date): Period {
  const local = DateTime.fromJSDate(now, { zone });
  const at = (day: DateTime): Date => day.set({ hour }).toJSDate();
  if (every === 'weekly') {
    const offset = WEEKDAYS.findIndex((day) => days.includes(day));
    return { key: local.toFormat("kkkk-'W'WW"), at: at(local.startOf('week').plus({ days: offset })) };
  }
  const weekday = WEEKDAYS[local.weekday - 1];
  const wanted = weekday !== undefined && days.includes(weekday);
  return { key: local.toFormat('yyyy-MM-dd'), at: wanted ? at(local.startOf('day')) : undefined };
}

/** The period whose digest is due now; `undefined` for none. */
export function duePeriod(schedule: DigestSchedule, now: Date): string | undefined {
  const { key, at } = periodAt(schedule, now);
  if (!schedule.on || schedule.paused !== null || at === undefined) return undefined;
  return at <= now && at > new Date(schedule.since) ? key : undefined;
}

const DAYS_AHEAD = 14;

/** When the next digest is due; `undefined` while none is sent. */
export function nextDue(schedule: DigestSchedule, now: Date): Date | undefined {
  if (!schedule.on || schedule.paused !== null) return undefined;
  const today = DateTime.fromJSDate(now, { zone: schedule.zone }).startOf('day');
  for (let ahead = 0; ahead <= DAYS_AHEAD; ahead += 1) {
    // Noon is on its day whatever the clocks do.
    const { at } = periodAt(schedule, today.plus({ days: ahead }).set({ hour: 12 }).toJSDate());
    if (at !== undefined && at > now) return at;
  }
  return undefined;
}

/** In words: `every Monday and Friday at 7:00 (Europe/Berlin)`. */
export function scheduleInWords({ every, hour, zone, days }: DigestSchedule): string {
  const names = new Intl.ListFormat('en').format(days.map((day) => DAY_NAMES[day]));
  const when = every === 'weekly' ? DAY_NAMES[days[0] ?? 'mon'] : days.length === 7 ? 'day' : names;
  return `every ${when} at ${hour}:00 (${zone})`;
}

const DAY_NAMES = {
  ...{ mon: 'Monday', tue: 'Tuesday', wed: 'Wednesday', thu: 'Thursday' },
  ...{ fri: 'Friday', sat: 'Saturday', sun: 'Sunday' },
} as const;

/** The day in the zone, for a reader: `Friday 27 November 2026`. */
export function dayInWords(date: Date, zone: string): string {
  return DateTime.fromJSDate(date, { zone }).setLocale('en').toFormat('cccc d LLLL yyyy');
}
