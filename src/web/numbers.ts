/** Counts, sizes and durations as the pages write them. */

export const countText = (n: number): string => n.toLocaleString('en');

const UNITS = ['bytes', 'kB', 'MB', 'GB', 'TB'];

export function bytesText(bytes: number): string {
  let value = bytes;
  let unit = 0;
  while (value >= 1000 && unit < UNITS.length - 1) {
    value /= 1000;
    unit += 1;
  }
  return `${unit === 0 || value >= 100 ? Math.round(value) : value.toFixed(1)} ${UNITS[unit] ?? ''}`;
}

export function durationText(seconds: number): string {
  if (seconds < 10) return `${seconds.toFixed(1)} s`;
  if (seconds < 60) return `${Math.round(seconds)} s`;
  const whole = Math.round(seconds);
  return `${Math.floor(whole / 60)} min ${whole % 60} s`;
}

const DAY_MS = 86_400_000;
const TIME: Intl.DateTimeFormatOptions = { hour: '2-digit', minute: '2-digit' };
const DATE: Intl.DateTimeFormatOptions = { day: 'numeric', month: 'long', year: 'numeric' };

/** An instant as it is said: with the time for today and the days beside it, else the day alone. */
export function whenText(instant: string, now = new Date()): string {
  const at = new Date(instant);
  const sameDay = at.toDateString() === now.toDateString();
  if (sameDay) return `today, ${at.toLocaleTimeString('en-GB', TIME)}`;
  const days = Math.round((new Date(at.toDateString()).getTime() - new Date(now.toDateString()).getTime()) / DAY_MS);
  if (days === 1) return `tomorrow, ${at.toLocaleTimeString('en-GB', TIME)}`;
  if (days === -1) return `yesterday, ${at.toLocaleTimeString('en-GB', TIME)}`;
  return at.toLocaleDateString('en-GB', DATE);
}

/** The day of an instant, in a column of a table. */
export const dayText = (instant: string): string =>
  new Date(instant).toLocaleDateString('en-GB', { day: 'numeric', month: 'short', year: 'numeric' });
