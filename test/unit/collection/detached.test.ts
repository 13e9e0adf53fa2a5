import { describe, expect, it } from 'vitest';
import type { Reading } from '../../../src/collection/mod.ts';
import { papersIn, readBytes } from './reading.ts';

/** Feeds, each of one record of `megabytes` that tells little. */
const feedOf = (at: number, megabytes: number): string => `<rss version="2.0"><channel><title>Knots</title><item>
<title>A knot by the number of ${at}</title><link>https://example.org/${at}</link><author>Ada Loom the ${at}th</author>
<enclosure>${'x'.repeat(megabytes * 1024 * 1024)}</enclosure></item></channel></rss>`;

describe('readings', () => {
  it('keep nothing of a large record but what they say', async () => {
    const kept: Reading[] = [];
    const before = process.memoryUsage().rss;
    for (let at = 0; at < 200; at += 1) {
      for await (const reading of readBytes(feedOf(at, 3), {}, 1024 * 1024)) kept.push(reading);
    }
    // 600 MB were read.
    expect(process.memoryUsage().rss - before).toBeLessThan(300e6);
    expect(papersIn(kept).at(-1)).toMatchObject({
      title: 'A knot by the number of 199',
      authors: ['Ada Loom the 199th'],
    });
  });
});
