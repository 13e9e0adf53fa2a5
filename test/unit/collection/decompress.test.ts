import { readFileSync } from 'node:fs';
import { Readable } from 'node:stream';
import { gzipSync } from 'node:zlib';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { readPapers } from '../../../src/collection/mod.ts';
import { bunzipped } from '../../../src/collection/bunzip.ts';
import { unzstd } from '../../../src/collection/unzstd.ts';
import { AppError } from '../../../src/errors.ts';
import { collect, collectUntil, inventedLines, papersIn, readBytes } from './reading.ts';

const fixture = (name: string): Buffer => readFileSync(new URL(`../../fixtures/collection/${name}`, import.meta.url));

/** The same 2,000 papers, as `bzip2 -1` and `zstd` write them. */
const BZIP2 = fixture('invented.jsonl.bz2');
const ZSTD = fixture('invented.jsonl.zst');
const GZIP = gzipSync(inventedLines(2000).join('\n'));
const PACKED = [
  ['gzip', GZIP],
  ['bzip2', BZIP2],
  ['zstd', ZSTD],
] as const;

const MAGIC = [0x28, 0xb5, 0x2f, 0xfd];
/** A block's header: its type is 0 for bytes as they are, 1 for one byte repeated, 2 for a compressed block. */
const block = (type: number, size: number, body: readonly number[], isLast: boolean): number[] => {
  const header = (size << 3) | (type << 1) | (isLast ? 1 : 0);
  return [header & 0xff, (header >> 8) & 0xff, header >> 16, ...body];
};
/** A frame with a window of 2^`log` bytes. */
const frame = (log: number, ...blocks: readonly number[][]): Buffer =>
  Buffer.from([...MAGIC, 0, (log - 10) << 3, ...blocks.flat()]);
const bytesOf = (text: string): number[] => [...Buffer.from(text)];

const chunked = (bytes: Uint8Array, chunkBytes = 1000) => {
  const chunks: Uint8Array[] = [];
  for (let at = 0; at < bytes.length; at += chunkBytes) chunks.push(bytes.subarray(at, at + chunkBytes));
  return Readable.from(chunks);
};

describe.each(PACKED)('%s', (name, packed) => {
  it('is recognised by its first bytes and read, in whatever chunks', async () => {
    for (const chunkBytes of [1, 777, packed.length]) {
      const papers = papersIn(await collect(readBytes(packed, {}, chunkBytes)));
      expect(papers.map(({ id }) => id)).toEqual(Array.from({ length: 2000 }, (_, at) => `invented:${at}`));
    }
  });

  it('may be several, one after the other', async () => {
    const newline = { gzip: gzipSync('\n'), bzip2: undefined, zstd: frame(10, block(0, 1, [10], true)) }[name];
    // bzip2 has no newline at hand: the last line of the first and the first of the second become one, which is no JSON.
    const readings = await collect(readBytes(Buffer.concat([packed, newline ?? Buffer.alloc(0), packed])));
    expect(papersIn(readings)).toHaveLength(newline ? 4000 : 3998);
  });

  it('cut off anywhere: papers before the cut are whole, then the line reached is named', async () => {
    for (const share of [0.001, 0.3, 0.6, 0.99]) {
      const cut = packed.subarray(0, Math.max(7, Math.floor(packed.length * share)));
      const { values, thrown } = await collectUntil(readBytes(cut));
      expect(papersIn(values)).toHaveLength(values.length);
      if (share === 0.99) expect(values.length).toBeGreaterThan(1000);
      expect(thrown).toMatchObject({
        code: 'BAD_INPUT',
        details: { line: values.length + 1, reason: `the ${name} is damaged: unexpected end of file` },
      });
    }
  });

  it('followed by something else: nothing is lost in silence', async () => {
    const { values, thrown } = await collectUntil(readBytes(Buffer.concat([packed, Buffer.from('something else')])));
    expect(papersIn(values).length).toBeGreaterThanOrEqual(1999);
    expect(thrown).toMatchObject({ code: 'BAD_INPUT' });
  });

  it('damaged anywhere ends in papers or BAD_INPUT', async () => {
    await fc.assert(
      fc.asyncProperty(fc.nat(packed.length - 7), fc.integer({ min: 1, max: 255 }), async (at, change) => {
        const damaged = Buffer.from(packed);
        damaged[at + 6] = (damaged[at + 6] ?? 0) ^ change;
        const { thrown } = await collectUntil(readBytes(damaged, { format: 'jsonl' }, 64 * 1024));
        expect([undefined, 'BAD_INPUT']).toContain(thrown instanceof AppError ? thrown.code : thrown);
      }),
      { numRuns: 15 },
    );
  });

  it('past maxBytes after decompression is refused', async () => {
    const { values, thrown } = await collectUntil(readBytes(packed, { maxBytes: 150_000 }));
    expect(values.length).toBeGreaterThan(0);
    expect(thrown).toMatchObject({ code: 'PAYLOAD_TOO_LARGE', details: { limitBytes: 150_000 } });
  });

  it('whose source fails names the failure as what it is', async () => {
    async function* failing() {
      yield packed.subarray(0, packed.length / 2);
      throw new Error('connection lost');
    }
    const upload = { name: 'upload', stream: Readable.from(failing()) };
    expect((await collectUntil(readPapers(upload))).thrown).toMatchObject({
      code: 'BAD_INPUT',
      details: { reason: 'connection lost' },
    });
  });
});

describe('zstd', () => {
  const textOf = async (bytes: Uint8Array, limitMs?: number) =>
    Buffer.concat(await collect(unzstd(chunked(bytes, 3), limitMs))).toString();

  it('of all kinds of blocks and frames is read', async () => {
    const skipped = Buffer.from([0x5e, 0x2a, 0x4d, 0x18, 5, 0, 0, 0, 1, 2, 3, 4, 5]);
    const first = frame(10, block(0, 5, bytesOf('Hello'), false), block(0, 0, [], false), block(1, 3, [33], true));
    const sized = Buffer.from([...MAGIC, 0x20, 3, ...block(0, 3, bytesOf('Two'), true)]);
    expect(await textOf(Buffer.concat([skipped, first, skipped, sized]))).toBe('Hello!!!Two');
    expect(await textOf(frame(10, block(0, 0, [], true)))).toBe('');
  });

  it('that would take too much memory, or what we do not have, is refused', async () => {
    const last = block(0, 1, [33], true);
    await expect(textOf(frame(28, last))).rejects.toThrow('needs a window of more than 134217728 bytes');
    await expect(textOf(frame(41, last))).rejects.toThrow('needs a window');
    const dictionary = Buffer.from([...MAGIC, 0x01, 0, 7, ...last]);
    await expect(textOf(dictionary)).rejects.toThrow('needs a dictionary');
    await expect(textOf(frame(20, block(1, 2_000_000, [33], true)))).rejects.toThrow('make no sense');
    await expect(textOf(Buffer.from([...MAGIC, 0x20, 9, ...last]))).rejects.toThrow('its length is another');
  });

  it('made to keep the decoder busy for ever is given up', async () => {
    // The literals' table has a single symbol, which takes no bits: the library never comes to the end of the table.
    const literals = [0x82, 0x00, 0x05, 10, 0xf0, 0x03, ...Array<number>(8).fill(0xff), ...Array<number>(20).fill(0)];
    await expect(textOf(frame(20, block(2, literals.length, literals, true)), 100)).rejects.toThrow('make no sense');
  });
});

describe('bzip2', () => {
  it('that is damaged tells so in words of its own', async () => {
    const changed = Buffer.from(BZIP2);
    changed[60] = 0xff;
    expect((await collectUntil(bunzipped(chunked(changed)))).thrown).toMatchObject({
      message: expect.stringMatching(/^the bzip2 is damaged: its (?:bytes make no sense|checksum is another)$/),
    });
  });

  it('is told from text that begins alike', async () => {
    const { thrown } = await collectUntil(readBytes('BZh9 is how bzip2 begins.'));
    expect(thrown).toMatchObject({ code: 'UNKNOWN_FORMAT' });
  });
});
