/** Counts, sizes and durations as the pages write them. */

/** Not by Intl, whose first use on a page stops it for some 20 ms (2 cores AMD EPYC, Chromium): counts are on every page. */
export const countText = (n: number): string => String(n).replace(/\B(?=(?:\d{3})+$)/g, ',');

export const papersText = (n: number): string => `${countText(n)} ${n === 1 ? 'paper' : 'papers'}`;

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
