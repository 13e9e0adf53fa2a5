import type { ImportProgress, ImportSummary } from './answer.ts';
import type { SyncSummary } from './sync.ts';

export type JobKind = 'import' | 'sync';
export type JobState = 'queued' | 'running' | 'done' | 'failed';

/** Something that a server has done in a process of its own: an import, or a sync of sources. Times are ISO 8601 in UTC. */
export interface JobJson {
  readonly job: string;
  readonly kind: JobKind;
  /** Of an import, what its file is called; of a sync, the sources that were named, or `''` for all that are due. */
  readonly name: string;
  readonly state: JobState;
  readonly queuedAt: string;
  readonly endedAt?: string;
  /** Of a sync, the source under way. */
  readonly source?: string;
  readonly progress?: ImportProgress;
  /** Of an import that is done. */
  readonly summary?: ImportSummary;
  /** Of a sync that is done; a source that failed says so in its report. */
  readonly sync?: SyncSummary;
  /** Of a job that failed as a whole, as a problem document says it. */
  readonly problem?: {
    readonly code: string;
    readonly title: string;
    readonly status: number;
    readonly detail: string;
  };
}
