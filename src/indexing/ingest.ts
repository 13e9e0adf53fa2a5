import type { Rejection } from '../domain/mod.ts';
import type { Reading } from '../collection/contract.ts';
import type { SourceRecord, Store } from '../store/mod.ts';
import { AppError } from '../errors.ts';

export interface IngestCounts {
  added: number;
  updated: number;
  unchanged: number;
  merged: number;
  /** The first of them (MOST_REJECTIONS). */
  readonly rejected: Rejection[];
  rejectedTotal: number;
}

export interface IngestOptions {
  readonly store: Store;
  readonly source: string;
  /** `strict`: the first rejection throws BAD_INPUT; inside the store's `allOrNothing`, nothing is written then. */
  readonly onRejection: 'skip' | 'strict';
  readonly signal: AbortSignal;
  /** After each batch, once it is stored. */
  readonly onStored: (counts: IngestCounts) => void;
}

// Enough to mend a file by; three million bad lines would take a gigabyte.
const MOST_REJECTIONS = 10_000;

// One transaction a batch: large enough that its sync costs little, small enough that another program waits briefly.
const BATCH = 256;

export function noCounts(): IngestCounts {
  return { added: 0, updated: 0, unchanged: 0, merged: 0, rejected: [], rejectedTotal: 0 };
}

/**
 * Stores what a reader yields, batch by batch; every batch reported by `onStored` is durable. Adds to `counts`, so that
 * several files make one summary. Stops between batches when the signal aborts.
 */
export async function ingest(
  readings: AsyncIterable<Reading>,
  counts: IngestCounts,
  { store, source, onRejection, signal, onStored }: IngestOptions,
): Promise<void> {
  let batch: SourceRecord[] = [];
  const flush = (): void => {
    for (const outcome of store.ingest(batch)) counts[outcome] += 1;
    batch = [];
    onStored(counts);
  };
  try {
    for await (const reading of readings) {
      if (reading.kind === 'paper') {
        batch.push({ source, paper: reading.paper });
      } else if (reading.kind === 'withdrawn') {
        batch.push({ source, withdrawn: reading.id });
      } else {
        const { kind: _, ...rejection } = reading;
        if (onRejection === 'strict') throw new AppError('BAD_INPUT', { ...rejection });
        counts.rejectedTotal += 1;
        if (counts.rejected.length < MOST_REJECTIONS) counts.rejected.push(rejection);
      }
      if (batch.length >= BATCH) flush();
      if (signal.aborted) break;
    }
    if (onRejection === 'strict' && signal.aborted) throw new AppError('INTERRUPTED');
  } finally {
    // What was read before an input broke off is good, and kept; in strict mode it is rolled back with the rest.
    flush();
  }
}
