const DAY_MS = 86_400_000;

/** The day of a moment, `YYYY-MM-DD`, in UTC as every source counts. */
export function dayOf(ms: number): string {
  return new Date(ms).toISOString().slice(0, 10);
}

export function daysAfter(day: string, days: number): string {
  return dayOf(Date.parse(day) + days * DAY_MS);
}

export function daysBefore(day: string, days: number): string {
  return daysAfter(day, -days);
}

/** Whether it is Saturday or Sunday in UTC. */
export function isWeekend(now: Date): boolean {
  return [0, 6].includes(now.getUTCDay());
}
