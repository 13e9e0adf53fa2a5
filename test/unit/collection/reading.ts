import { Readable } from 'node:stream';
import { readPapers, type Format, type ReadOptions, type Reading } from '../../../src/collection/mod.ts';
import type { Paper } from '../../../src/domain/mod.ts';

export async function collect<Value>(values: AsyncIterable<Value>): Promise<Value[]> {
  const collected: Value[] = [];
  for await (const value of values) collected.push(value);
  return collected;
}

/** The values before a failure, and the failure. */
export async function collectUntil<Value>(
  values: AsyncIterable<Value>,
): Promise<{ readonly values: Value[]; readonly thrown: unknown }> {
  const collected: Value[] = [];
  try {
    for await (const value of values) collected.push(value);
  } catch (thrown) {
    return { values: collected, thrown };
  }
  return { values: collected, thrown: undefined };
}

export function readAs(format: Format, text: string): Promise<Reading[]> {
  const chunks = Readable.from([Buffer.from(text)]);
  return collect(format.read({ file: 'papers', chunks, maxRecordBytes: 4 * 1024 * 1024, columns: {} }));
}

export function readBytes(bytes: Uint8Array | string, options: ReadOptions = {}, chunkBytes = 1000) {
  const all = Buffer.from(bytes);
  const chunks: Buffer[] = [];
  for (let at = 0; at < all.length; at += chunkBytes) chunks.push(all.subarray(at, at + chunkBytes));
  return readPapers({ name: 'upload', stream: Readable.from(chunks) }, options);
}

export function papersIn(readings: readonly Reading[]): Paper[] {
  return readings.flatMap((reading) => (reading.kind === 'paper' ? [reading.paper] : []));
}

export function rejectionsIn(readings: readonly Reading[]): string[] {
  return readings.flatMap((reading) => (reading.kind === 'rejected' ? [`${reading.line}: ${reading.reason}`] : []));
}

/** `count` lines of Paperkin JSONL about invented papers. */
export function inventedLines(count: number): string[] {
  return Array.from({ length: count }, (_, at) =>
    JSON.stringify({
      id: `invented:${at}`,
      title: `On Invented Matter ${at}`,
      abstract: `${Math.sin(at)} of it.`,
      year: 2020,
    }),
  );
}
