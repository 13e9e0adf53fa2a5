import { describe, expect, it } from 'vitest';
import type { Reading } from '../../../src/collection/mod.ts';
import { ingest, type IngestOptions, noCounts } from '../../../src/indexing/mod.ts';
import { openStore, paper, readingsOf, temporaryWorkspace } from '../../support/library.ts';

const many = (count: number) => Array.from({ length: count }, (_, i) => paper({ id: `P${i}`, authors: [] }));

function start(more: Partial<IngestOptions> = {}) {
  const store = openStore(temporaryWorkspace());
  const counts = noCounts();
  const durable: number[] = [];
  const options: IngestOptions = {
    store,
    source: 'a',
    onRejection: 'skip',
    signal: new AbortController().signal,
    onStored: () => durable.push(store.counts(0).papers),
    ...more,
  };
  return { store, counts, durable, run: (readings: AsyncIterable<Reading>) => ingest(readings, counts, options) };
}

describe('ingest', () => {
  it('stores batch by batch, and tells of each once it is stored', async () => {
    const { store, counts, durable, run } = start();
    await run(readingsOf(many(600)));
    expect(durable).toEqual([256, 512, 600]);
    expect(counts).toEqual({ added: 600, updated: 0, unchanged: 0, merged: 0, rejected: [], rejectedTotal: 0 });
    expect(store.problems()).toEqual([]);
  });

  it('counts every outcome, over several inputs together', async () => {
    const { counts, run } = start();
    await run(readingsOf([...many(3), paper({ id: 'P1', authors: [], title: 'Other' })]));
    await run(readingsOf([...many(1), paper({ id: '10.1234/x', also: ['P2'] })]));
    expect(counts).toMatchObject({ added: 3, updated: 1, unchanged: 1, merged: 1 });
  });

  it('passes rejections by, with file, line and reason', async () => {
    const { counts, durable, run } = start();
    await run(readingsOf([...many(2), { reason: 'no title' }, paper({ id: 'later', authors: [] })]));
    expect(counts).toMatchObject({ added: 3, rejected: [{ file: 'invented', line: 3, reason: 'no title' }] });
    expect(durable).toEqual([3]);
  });

  it('counts every rejection, and keeps the first ten thousand', async () => {
    const { counts, run } = start();
    await run(readingsOf(Array.from({ length: 10_001 }, () => ({ reason: 'no title' }))));
    expect(counts.rejectedTotal).toBe(10_001);
    expect(counts.rejected).toHaveLength(10_000);
    expect(counts.rejected.at(-1)).toMatchObject({ line: 10_000 });
  });

  it('marks papers that the source takes back', async () => {
    const { store, counts, run } = start();
    async function* takingBack(): AsyncGenerator<Reading> {
      yield* readingsOf(many(2));
      yield { kind: 'withdrawn', id: 'P1', file: 'invented', line: 3 };
      yield { kind: 'withdrawn', id: 'never told', file: 'invented', line: 4 };
    }
    await run(takingBack());
    expect(counts).toMatchObject({ added: 2, updated: 1, unchanged: 1, rejected: [] });
    expect([...store.allPapers()].map(({ withdrawn }) => withdrawn)).toEqual([undefined, true]);
  });

  it('strict: throws at the first rejection, and all of it can be rolled back', async () => {
    const { store, run } = start({ onRejection: 'strict' });
    const work = store.allOrNothing(() => run(readingsOf([...many(300), { reason: 'no title' }, ...many(400)])));
    await expect(work).rejects.toMatchObject({
      code: 'BAD_INPUT',
      details: { file: 'invented', line: 301, reason: 'no title' },
    });
    expect(store.lastRevision()).toBe(0);
  });

  it('keeps what came before a reader broke off, and passes its failure on', async () => {
    const { store, counts, run } = start();
    async function* breaking(): AsyncGenerator<Reading> {
      yield* readingsOf(many(300));
      throw new Error('the file is damaged');
    }
    await expect(run(breaking())).rejects.toThrow('the file is damaged');
    expect(counts.added).toBe(300);
    expect(store.counts(0).papers).toBe(300);
  });

  it('stops when the signal aborts; what was read is stored, and the reader is closed', async () => {
    const stop = new AbortController();
    const { store, counts, run } = start({ signal: stop.signal });
    let closed = false;
    async function* endless(): AsyncGenerator<Reading> {
      try {
        for (let i = 0; ; i += 1) {
          if (i === 700) stop.abort();
          yield* readingsOf([paper({ id: `P${i}`, authors: [] })]);
        }
      } finally {
        closed = true;
      }
    }
    await run(endless());
    expect(closed).toBe(true);
    expect(store.counts(0).papers).toBe(counts.added);
    expect(counts.added).toBe(701);
  });

  it('strict: an abort undoes everything', async () => {
    const stop = new AbortController();
    const { store, run } = start({ onRejection: 'strict', signal: stop.signal });
    async function* aborting(): AsyncGenerator<Reading> {
      yield* readingsOf(many(300));
      stop.abort();
      yield* readingsOf([paper({ id: 'last', authors: [] })]);
    }
    await expect(store.allOrNothing(() => run(aborting()))).rejects.toMatchObject({ code: 'INTERRUPTED' });
    expect(store.counts(0).papers).toBe(0);
  });

  it('reads nothing, and an input of rejections alone', async () => {
    const { counts, run } = start();
    await run(readingsOf([]));
    await run(readingsOf([{ reason: 'one' }, { reason: 'two' }]));
    expect(counts).toMatchObject({ added: 0, rejected: [{ line: 1 }, { line: 2 }] });
  });
});
