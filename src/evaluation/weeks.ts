const DAYS = 7;
const DAY_MS = 86_400_000;
/** 1 January 1970 was a Thursday: the fourth day of a week that begins on a Monday. */
const EPOCH_WEEKDAY = 3;

/** Number of the week that a day lies in, Monday to Sunday; days are counted since 1970. */
export const weekOf = (day: number): number => Math.floor((day + EPOCH_WEEKDAY) / DAYS);

export const mondayOf = (week: number): number => week * DAYS - EPOCH_WEEKDAY;

/** The day of a point of time, in UTC. */
export const dayOf = (at: string): number => Math.floor(Date.parse(at) / DAY_MS);

/** As ISO 8601 writes it: `2026-W09`. The year is that of the week's Thursday. */
export function weekName(week: number): string {
  const thursday = new Date((mondayOf(week) + 3) * DAY_MS);
  const year = thursday.getUTCFullYear();
  const first = weekOf(Date.UTC(year, 0, 4) / DAY_MS);
  return `${String(year).padStart(4, '0')}-W${String(week - first + 1).padStart(2, '0')}`;
}
