import type { PaperKey } from '../domain/mod.ts';
import type { Signals } from '../store/mod.ts';

/** A feed that its person has seen. */
interface Visit {
  readonly at: string;
  /** The last paper that had come by then. */
  readonly key: PaperKey;
}

/** What was shown stays in the feed for so long: whoever looks twice in a morning sees the same. */
export const STAYS_MS = 12 * 3_600_000;

function visitsOf(signals: Signals): readonly Visit[] {
  const { visits } = signals.settings();
  return Array.isArray(visits) ? (visits as readonly Visit[]) : [];
}

/** The last feed of another day, or rather of more than half a day ago. */
export function lastVisit(signals: Signals, now: Date): Visit | undefined {
  return visitsOf(signals).findLast(({ at }) => now.getTime() - Date.parse(at) > STAYS_MS);
}

/** Notes a feed that is seen; one on the same day as the last changes nothing. Two are kept, as `lastVisit` asks for no more. */
export function noteVisit(signals: Signals, visit: Visit): void {
  const last = visitsOf(signals).at(-1);
  if (last && Date.parse(visit.at) - Date.parse(last.at) <= STAYS_MS) return;
  signals.set('visits', [...(last ? [last] : []), visit]);
}

export function forgetVisits(signals: Signals): void {
  signals.set('visits', undefined);
}
