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

/** A kind of source, and what it is told when one is added. */
export interface SourceKindJson {
  readonly kind: string;
  readonly about: string;
  /** What it is fetched from, where that is to be said. */
  readonly argument: 'url' | 'path' | null;
  /** Settings beside the argument; all are texts. */
  readonly options: readonly SourceOption[];
}

/** The settings of sources that a person may give. */
export const SOURCE_OPTIONS = ['categories', 'since', 'server', 'set', 'prefix', 'library'] as const;
export type SourceOption = (typeof SOURCE_OPTIONS)[number];

/** What `GET /api/sources` answers. */
export interface SourcesJson {
  readonly sources: readonly SourceJson[];
  readonly kinds: readonly SourceKindJson[];
  /** When everything that is due is synced next; `null` where the server has no interval for it. */
  readonly nextSync: string | null;
}
