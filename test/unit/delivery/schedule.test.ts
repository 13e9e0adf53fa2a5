import { describe, expect, it } from 'vitest';
import {
  changedSchedule,
  dayInWords,
  duePeriod,
  nextDue,
  periodAt,
  scheduleInWords,
  scheduleOf,
} from '../../../src/delivery/digest/schedule.ts';

const LONG_AGO = new Date('2026-01-01T00:00:00Z');
const at = (text: string): Date => new Date(text);
const schedule = (change: Parameters<typeof changedSchedule>[1]) =>
  changedSchedule(undefined, { to: 'ada@example.org', zone: 'Europe/Berlin', ...change }, LONG_AGO);

describe('a digest is due', () => {
  it('from its hour in its zone, until the day is over there', () => {
    const berlin = schedule({ hour: 7 });
    expect(duePeriod(berlin, at('2026-11-27T05:59:59Z'))).toBeUndefined();
    expect(duePeriod(berlin, at('2026-11-27T06:00:00Z'))).toBe('2026-11-27');
    expect(duePeriod(berlin, at('2026-11-27T22:59:59Z'))).toBe('2026-11-27');
    expect(duePeriod(berlin, at('2026-11-27T23:00:00Z'))).toBeUndefined();
    expect(duePeriod(schedule({ hour: 7, zone: 'Pacific/Kiritimati' }), at('2026-11-26T17:00:00Z'))).toBe('2026-11-27');
  });

  it('an hour earlier by the clock of the world in summer', () => {
    const berlin = schedule({ hour: 7 });
    expect(nextDue(berlin, at('2026-03-28T12:00:00Z'))).toEqual(at('2026-03-29T05:00:00Z'));
    expect(nextDue(berlin, at('2026-10-24T12:00:00Z'))).toEqual(at('2026-10-25T06:00:00Z'));
  });

  it('once where the clocks leave its hour out or show it twice', () => {
    const two = schedule({ hour: 2 });
    expect(duePeriod(two, at('2026-03-29T00:59:59Z'))).toBeUndefined();
    expect(duePeriod(two, at('2026-03-29T01:00:00Z'))).toBe('2026-03-29');
    expect(duePeriod(two, at('2026-10-24T23:59:59Z'))).toBeUndefined();
    for (const hour of ['00:00', '01:00', '01:30', '02:00']) {
      expect(duePeriod(two, at(`2026-10-25T${hour}:00Z`))).toBe('2026-10-25');
    }
  });

  it('on its days alone', () => {
    const days = schedule({ days: ['fri', 'mon'] });
    expect(days.days).toEqual(['mon', 'fri']);
    expect(duePeriod(days, at('2026-11-26T12:00:00Z'))).toBeUndefined();
    expect(duePeriod(days, at('2026-11-27T12:00:00Z'))).toBe('2026-11-27');
    expect(nextDue(days, at('2026-11-27T12:00:00Z'))).toEqual(at('2026-11-30T06:00:00Z'));
  });

  it('once an ISO week, from the first of its days to the end of Sunday', () => {
    const weekly = schedule({ every: 'weekly', days: ['wed'] });
    expect(duePeriod(weekly, at('2026-11-24T12:00:00Z'))).toBeUndefined();
    expect(duePeriod(weekly, at('2026-11-25T06:00:00Z'))).toBe('2026-W48');
    expect(duePeriod(weekly, at('2026-11-29T22:00:00Z'))).toBe('2026-W48');
    expect(duePeriod(weekly, at('2026-11-30T06:00:00Z'))).toBeUndefined();
    expect(periodAt(weekly, at('2027-01-01T12:00:00Z')).key).toBe('2026-W53');
    expect(nextDue(weekly, at('2026-11-25T06:00:00Z'))).toEqual(at('2026-12-02T06:00:00Z'));
  });

  it('not for an hour that had passed when it was set, nor while it is off or paused', () => {
    const set = changedSchedule(undefined, { to: 'a@b.org', zone: 'UTC', hour: 7 }, at('2026-11-27T09:00:00Z'));
    expect(duePeriod(set, at('2026-11-27T10:00:00Z'))).toBeUndefined();
    expect(duePeriod(set, at('2026-11-28T07:00:00Z'))).toBe('2026-11-28');
    for (const stopped of [
      { ...set, on: false },
      { ...set, paused: 'bounces' },
    ]) {
      expect(duePeriod(stopped, at('2026-11-28T07:00:00Z'))).toBeUndefined();
      expect(nextDue(stopped, at('2026-11-28T07:00:00Z'))).toBeUndefined();
    }
  });
});

describe('a schedule', () => {
  it('keeps what is not changed, and setting it again ends a pause', () => {
    const paused = { ...schedule({ hour: 9 }), paused: 'refused' };
    expect(changedSchedule(paused, { every: 'weekly' }, at('2026-11-27T09:00:00Z'))).toEqual({
      ...{ ...paused, every: 'weekly', paused: null, since: '2026-11-27T09:00:00.000Z' },
    });
  });

  it.each([
    [{ to: 'ada' }, /address/],
    [{ to: 'a@b.org\r\nBcc: eve@example.org' }, /address/],
    [{ to: 'a@b.org, eve@example.org' }, /address/],
    [{ zone: 'Europe/Atlantis' }, /time zone/],
    [{ hour: 24 }, /hour/],
    [{ days: [] }, /at least one day/],
    [{ k: 0 }, /k:/],
  ])('refuses %j', (change, reason) => {
    expect(() => schedule(change)).toThrow(reason);
  });

  it('needs an address', () => {
    expect(() => changedSchedule(undefined, { hour: 7 }, LONG_AGO)).toThrow(/--to ADDRESS/);
  });

  it('that is kept is read as it was, and anything else is none', () => {
    const kept = schedule({});
    expect(scheduleOf({ digest: JSON.parse(JSON.stringify(kept)) })).toEqual(kept);
    expect([scheduleOf({}), scheduleOf({ digest: { to: 'x' } })]).toEqual([undefined, undefined]);
  });

  it('is told in words', () => {
    expect(scheduleInWords(schedule({}))).toBe('every day at 7:00 (Europe/Berlin)');
    expect(scheduleInWords(schedule({ days: ['mon', 'fri'], hour: 17 }))).toBe(
      'every Monday and Friday at 17:00 (Europe/Berlin)',
    );
    expect(scheduleInWords(schedule({ every: 'weekly', days: ['sun'] }))).toBe('every Sunday at 7:00 (Europe/Berlin)');
    expect(dayInWords(at('2026-11-27T23:30:00Z'), 'Europe/Berlin')).toBe('Saturday 28 November 2026');
  });
});
