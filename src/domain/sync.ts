import type { Rejection } from './answer.ts';

/** What became of one source in a sync; the shape that `paperkin sync --json` prints. */
export interface SourceReport {
  readonly name: string;
  readonly kind: string;
  readonly added: number;
  readonly updated: number;
  readonly unchanged: number;
  readonly merged: number;
  readonly rejected: readonly Rejection[];
  readonly rejectedTotal: number;
  readonly requests: number;
  readonly seconds: number;
  /** Why there is nothing new, or what else is worth knowing. */
  readonly note: string | null;
  readonly error?: { readonly code: string; readonly message: string; readonly details: unknown };
}

export interface SyncSummary {
  readonly sources: readonly SourceReport[];
  readonly seconds: number;
}

/** How the last run of a source went. */
export interface SourceRun {
  readonly at: string;
  readonly seconds: number;
  readonly added: number;
  readonly updated: number;
  readonly unchanged: number;
  readonly merged: number;
  readonly rejected: number;
  readonly requests: number;
  readonly note: string | null;
}

/** A source as `paperkin source list --json` and `GET /api/sources` show it. Times are ISO 8601 in UTC. */
export interface SourceJson {
  readonly name: string;
  readonly kind: string;
  readonly about: string;
  readonly settings: Readonly<Record<string, unknown>>;
  readonly paused: boolean;
  readonly allowPrivateNetwork: boolean;
  /** Whether it has failed several times in a row. */
  readonly late: boolean;
  readonly failures: number;
  readonly reason: string | null;
  readonly nextTry: string | null;
  readonly lastSuccess: string | null;
  readonly lastRun: SourceRun | null;
  readonly requestsToday: number;
}
