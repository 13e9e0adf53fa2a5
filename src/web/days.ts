import { differenceInCalendarDays, format, isValid, parseISO } from 'date-fns';

// As the pages write days and instants. Not by Intl, whose first use on a page stops it for some 30 ms (2 cores AMD EPYC, Chromium).

/** A day (`2017-06-12`, of no zone) or an instant (in the reader's zone): `12 June 2017`; as it is written where it is neither. */
export function dayText(date: string): string {
  const at = parseISO(date);
  return isValid(at) ? format(at, 'd MMMM yyyy') : date;
}

/** As above, in a column of a table: `12 Jun 2017`. */
export const shortDayText = (date: string): string => format(parseISO(date), 'd MMM yyyy');

/** A day beside another: its year is said where it is not the same. */
export const besideText = (date: string, other: string): string =>
  date.slice(0, 4) === other.slice(0, 4) ? format(parseISO(date), 'd MMM') : shortDayText(date);

/** The days of a period, its year said once: `5 – 12 June 2017`. */
export function daysText(from: string, to: string): string {
  if (from === to) return dayText(to);
  const same = from.slice(0, 7) === to.slice(0, 7) ? 'd' : from.slice(0, 4) === to.slice(0, 4) ? 'd MMMM' : 'd MMMM yyyy';
  return `${format(parseISO(from), same)} – ${dayText(to)}`;
}

/** `Monday, 12 June`, in the reader's zone. */
export const weekdayText = (instant: string): string => format(parseISO(instant), 'EEEE, d MMMM');

/** `Monday, 12 June 2017, 07:00`, in the reader's zone. */
export const momentText = (instant: string): string => format(parseISO(instant), 'EEEE, d MMMM yyyy, HH:mm');

const NEAR_DAYS = new Map([
  [-1, 'yesterday'],
  [0, 'today'],
  [1, 'tomorrow'],
]);

/** An instant as it is said: with the time for today and the days beside it, else the day alone. */
export function whenText(instant: string, now = new Date()): string {
  const at = parseISO(instant);
  const near = NEAR_DAYS.get(differenceInCalendarDays(at, now));
  return near === undefined ? dayText(instant) : `${near}, ${format(at, 'HH:mm')}`;
}
