import { chmod, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { gzipSync } from 'node:zlib';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { FORMATS, readPapers, sizeOf } from '../../../src/collection/mod.ts';
import { collect, collectUntil, inventedLines, papersIn, readBytes, rejectionsIn } from './reading.ts';

let folder = '';
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'paperkin-collection-'));
});
afterAll(() => rm(folder, { recursive: true }));

async function file(name: string, content: string | Uint8Array): Promise<string> {
  const path = join(folder, name);
  await writeFile(path, content);
  return path;
}

const many = inventedLines(2000);
const text = many.join('\n');

describe('files', () => {
  it('are read whatever they are called, plain or gzip', async () => {
    for (const content of [text, gzipSync(text), Buffer.concat([gzipSync(`${text}\n`), gzipSync(text)])]) {
      const path = await file('papers.pdf', content);
      const readings = await collect(readPapers({ path }));
      expect(readings.length % 2000).toBe(0);
      expect(readings[1999]).toMatchObject({ kind: 'paper', file: path, line: 2000, paper: { id: 'invented:1999' } });
      expect(readings.map((reading) => reading.line)).toEqual(readings.map((_, at) => at + 1));
    }
  });

  it('have a size and tell how far they are read', async () => {
    const zipped = gzipSync(text);
    const path = await file('sized', zipped);
    const bytes: number[] = [];
    await collect(readPapers({ path }, { onBytes: (bytesRead) => bytes.push(bytesRead) }));
    expect(await sizeOf(path)).toBe(zipped.length);
    expect(bytes.at(-1)).toBe(zipped.length);
    expect(await sizeOf('-')).toBeUndefined();
  });

  it('that cannot be read give FILE_NOT_FOUND with the reason', async () => {
    const absent = join(folder, 'absent');
    await expect(collect(readPapers({ path: absent }))).rejects.toMatchObject({
      code: 'FILE_NOT_FOUND',
      details: { file: absent, reason: 'there is no such file' },
    });
    await expect(collect(readPapers({ path: folder }))).rejects.toMatchObject({ details: { reason: 'is a folder' } });
    await expect(sizeOf(absent)).rejects.toMatchObject({ code: 'FILE_NOT_FOUND' });
    await expect(sizeOf(folder)).rejects.toMatchObject({ code: 'FILE_NOT_FOUND' });
  });

  it.skipIf(process.getuid?.() === 0)('without permission give FILE_NOT_FOUND', async () => {
    const path = await file('secret', text);
    await chmod(path, 0);
    await expect(collect(readPapers({ path }))).rejects.toMatchObject({ code: 'FILE_NOT_FOUND' });
  });

  it('that are an empty list give nothing', async () => {
    expect(await collect(readPapers({ path: await file('empty.json', Buffer.from('[ ]\n')) }))).toEqual([]);
  });

  it('that are empty, zipped or not, give nothing', async () => {
    for (const content of ['', '\n \n', gzipSync(''), '\uFEFF']) {
      expect(await collect(readPapers({ path: await file('empty', content) }))).toEqual([]);
    }
  });

  it('are closed when the reader stops early', async () => {
    const stream = Readable.from([Buffer.from(text)]);
    for await (const reading of readPapers({ name: 'upload', stream })) {
      expect(reading.line).toBe(1);
      break;
    }
    expect(stream.destroyed).toBe(true);
  });

  it('in UTF-16 are decoded', async () => {
    const wide = Buffer.from(`\uFEFF${text}`, 'utf16le');
    expect(papersIn(await collect(readBytes(wide, {}, 777)))).toHaveLength(2000);
    expect(papersIn(await collect(readBytes(Buffer.from(wide).swap16(), {}, 777)))).toHaveLength(2000);
  });
});

describe('damaged gzip', () => {
  const few = inventedLines(5).join('\n') + '\n';

  it('cut off: what came before is yielded, then the line reached is named', async () => {
    const whole = gzipSync(text);
    const { values, thrown } = await collectUntil(readBytes(whole.subarray(0, whole.length / 2)));
    expect(values.length).toBeGreaterThan(700);
    expect(papersIn(values)).toHaveLength(values.length);
    expect(thrown).toMatchObject({
      code: 'BAD_INPUT',
      details: { file: 'upload', line: values.length + 1, reason: 'the gzip is damaged: unexpected end of file' },
    });
  });

  it('changed within: the lines before the change survive even in a small file', async () => {
    const whole = gzipSync(few);
    const checksum = Buffer.from(whole);
    checksum.writeUInt32LE(1, whole.length - 8);
    const { values, thrown } = await collectUntil(readBytes(checksum));
    expect(papersIn(values)).toHaveLength(5);
    expect(thrown).toMatchObject({ code: 'BAD_INPUT', details: { line: 6 } });

    const large = gzipSync(text);
    const half = Math.floor(large.length / 2);
    large.fill(0xff, half, half + 50);
    const middle = await collectUntil(readBytes(large));
    expect(papersIn(middle.values).length).toBeGreaterThan(700);
    expect(middle.thrown).toMatchObject({ code: 'BAD_INPUT' });
  });

  it('followed by something else: nothing is lost in silence, zeros are padding', async () => {
    const whole = gzipSync(few);
    for (const chunkBytes of [1, 1000]) {
      for (const tail of ['junk', '\0\0junk']) {
        const { values, thrown } = await collectUntil(
          readBytes(Buffer.concat([whole, Buffer.from(tail)]), {}, chunkBytes),
        );
        expect(papersIn(values)).toHaveLength(5);
        expect(thrown).toMatchObject({ code: 'BAD_INPUT' });
      }
      const padded = Buffer.concat([whole, Buffer.alloc(40_000)]);
      expect(papersIn(await collect(readBytes(padded, {}, chunkBytes)))).toHaveLength(5);
    }
  });

  it('with nothing left to recognise says so instead of an unknown format', async () => {
    await expect(collect(readBytes(gzipSync(few).subarray(0, 12)))).rejects.toMatchObject({ code: 'BAD_INPUT' });
  });

  it('a source that fails is named as what it is', async () => {
    async function* failing() {
      yield gzipSync(few);
      throw new Error('connection lost');
    }
    const upload = { name: 'upload', stream: Readable.from(failing()) };
    const { values, thrown } = await collectUntil(readPapers(upload));
    expect(values.length).toBeLessThanOrEqual(5);
    expect(thrown).toMatchObject({ code: 'BAD_INPUT', details: { reason: 'connection lost' } });
  });
});

describe('hostile input', () => {
  it('past maxBytes after decompression is refused', async () => {
    const bomb = gzipSync(Buffer.alloc(50_000_000, 'x'));
    await expect(collect(readBytes(bomb, { format: 'jsonl', maxBytes: 1_000_000 }))).rejects.toMatchObject({
      code: 'PAYLOAD_TOO_LARGE',
      details: { limitBytes: 1_000_000 },
    });
    const { values, thrown } = await collectUntil(readBytes(text, { maxBytes: 100_000 }));
    expect(values.length).toBeGreaterThan(500);
    expect(thrown).toMatchObject({ code: 'PAYLOAD_TOO_LARGE' });
  });

  it('takes constant memory: 300 MB of rejected lines out of a small gzip', async () => {
    const megabyte = gzipSync(Buffer.from(`{"title": "${'x'.repeat(1_000_000)}"}\n`));
    async function* members() {
      for (let count = 0; count < 300; count += 1) yield megabyte;
    }
    const before = process.memoryUsage().rss;
    let peak = 0;
    let rejected = 0;
    const upload = { name: 'upload', stream: Readable.from(members()) };
    for await (const reading of readPapers(upload, { format: 'jsonl', maxRecordBytes: 500_000 })) {
      rejected += reading.kind === 'rejected' ? 1 : 0;
      peak = Math.max(peak, process.memoryUsage().rss);
    }
    expect(rejected).toBe(300);
    expect(peak - before).toBeLessThan(150e6);
  });

  it('a line over the limit is rejected in its place', async () => {
    const readings = await collect(
      readBytes([many[0], `"${'y'.repeat(2000)}"`, many[1]].join('\r\n'), { maxRecordBytes: 1000 }),
    );
    expect(rejectionsIn(readings)).toEqual(['2: the line is longer than 1000 bytes']);
    expect(readings.map((reading) => reading.kind)).toEqual(['paper', 'rejected', 'paper']);
  });
});

describe('format', () => {
  it('not recognised gives UNKNOWN_FORMAT with the names there are', async () => {
    for (const content of ['just a line', '%PDF-1.7\0\x01', '<html></html>', '{"_id": "q1", "text": "a query"}']) {
      await expect(collect(readBytes(content))).rejects.toMatchObject({
        code: 'UNKNOWN_FORMAT',
        details: { file: 'upload', formats: FORMATS.map(({ name }) => name).join(', ') },
      });
    }
  });

  it('by name overrides the content; a name there is not is wrong usage', async () => {
    expect(rejectionsIn(await collect(readBytes('just a line', { format: 'jsonl' })))[0]).toContain('1: not JSON:');
    await expect(collect(readBytes(text, { format: 'nonsense' }))).rejects.toMatchObject({ code: 'USAGE' });
  });

  it('survives a bad first line', async () => {
    const readings = await collect(readBytes(`{"title": \n${text}`));
    expect(readings).toHaveLength(2001);
    expect(rejectionsIn(readings)[0]).toMatch(/^1: not JSON: /);
  });
});
