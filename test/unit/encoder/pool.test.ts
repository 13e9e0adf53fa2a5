import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { createEncodingPool, type EncodingPool, MAX_WAITING } from '../../../src/encoder/pool.ts';

describe('encoding pool', () => {
  let pool: EncodingPool<string, Float32Array>;

  beforeEach(async () => {
    pool = createEncodingPool({
      workerFile: new URL('./crashing-worker.mjs', import.meta.url),
      settings: {},
      threads: 2,
    });
    await pool.encode('ready', 'paper');
  });
  afterEach(() => pool.close());

  it('shares texts among its threads', async () => {
    const all = await Promise.all(Array.from({ length: 40 }, () => pool.encode('text', 'paper')));
    expect(new Set(all.map(([thread]) => thread)).size).toBe(2);
  });

  it('lets a query pass a queue of papers', async () => {
    const order: string[] = [];
    const papers = Array.from({ length: 50 }, async () => {
      await pool.encode('text', 'paper');
      order.push('paper');
    });
    await pool.encode('text', 'query');
    order.push('query');
    await Promise.all(papers);
    expect(order.indexOf('query')).toBeLessThanOrEqual(4);
  });

  it('refuses a query when too many wait, and serves those that do', async () => {
    const asked = Array.from({ length: MAX_WAITING.query + 10 }, () => pool.encode('text', 'query'));
    const settled = await Promise.allSettled(asked);
    const refused = settled.flatMap((each) => (each.status === 'rejected' ? [each.reason] : []));
    expect(refused).toHaveLength(8);
    expect(refused[0]).toMatchObject({ code: 'ENCODER_BUSY', details: { waiting: MAX_WAITING.query } });
    await expect(pool.encode('text', 'query')).resolves.toHaveLength(1);
  });

  it('reports a failure and goes on', async () => {
    const failure = pool.encode('throw', 'paper');
    await expect(failure).rejects.toMatchObject({ code: 'ENCODER_FAILED', details: { reason: 'no such word' } });
    await expect(pool.encode('text', 'paper')).resolves.toHaveLength(1);
  });

  it('replaces a worker that dies', async () => {
    for (let death = 0; death < 4; death += 1) {
      await expect(pool.encode('crash', 'paper')).rejects.toMatchObject({ code: 'ENCODER_FAILED' });
    }
    const all = await Promise.all(Array.from({ length: 40 }, () => pool.encode('text', 'paper')));
    expect(new Set(all.map(([thread]) => thread)).size).toBe(2);
  });

  it('does not lose the texts that wait behind a crash', async () => {
    const crash = pool.encode('crash', 'paper').catch((error: unknown) => error);
    const all = Array.from({ length: 20 }, () => pool.encode('text', 'paper'));
    await expect(Promise.all(all)).resolves.toHaveLength(20);
    expect(await crash).toMatchObject({ code: 'ENCODER_FAILED' });
  });

  it('ends at once, refusing what waits', async () => {
    const waiting = Array.from({ length: 1000 }, () => pool.encode('text', 'paper'));
    const settled = Promise.allSettled(waiting);
    await pool.close();
    const rejected = (await settled).filter(({ status }) => status === 'rejected');
    expect(rejected).toHaveLength(998);
    await expect(pool.encode('text', 'query')).rejects.toMatchObject({ code: 'ENCODER_FAILED' });
  });
});
