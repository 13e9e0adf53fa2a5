import { describe, expect, it } from 'vitest';
import { readLines } from '../../../src/collection/lines.ts';
import { collect, collectUntil } from './reading.ts';

async function* chunksOf(bytes: Uint8Array, size: number): AsyncGenerator<Uint8Array> {
  for (let at = 0; at < bytes.length; at += size) yield bytes.subarray(at, at + size);
}

async function textsOf(bytes: Uint8Array | string, size = 3): Promise<string[]> {
  const lines = await collect(
    readLines({ chunks: chunksOf(Buffer.from(bytes), size), file: 'f', maxRecordBytes: 1000 }),
  );
  return lines.map((line) => ('text' in line ? line.text : '(too long)'));
}

describe('readLines', () => {
  it('splits at newlines with or without carriage return, whatever the chunks', async () => {
    for (const size of [1, 2, 3, 5, 100]) {
      expect(await textsOf('one\r\ntwo\n\nfour', size)).toEqual(['one', 'two', '', 'four']);
    }
  });

  it('numbers from 1 and gives no line after the last newline', async () => {
    const lines = await collect(
      readLines({ chunks: chunksOf(Buffer.from('a\nb\n'), 2), file: 'f', maxRecordBytes: 1000 }),
    );
    expect(lines).toEqual([
      { number: 1, text: 'a' },
      { number: 2, text: 'b' },
    ]);
    expect(await textsOf('')).toEqual([]);
  });

  it('keeps a lone carriage return, joins split characters, skips the byte order mark of the first line only', async () => {
    expect(await textsOf('\uFEFFnaïve 🜁\rtext\n\uFEFFx', 1)).toEqual(['naïve 🜁\rtext', '\uFEFFx']);
  });

  it('replaces invalid UTF-8', async () => {
    expect(await textsOf(Buffer.from([0x61, 0xff, 0x62, 0x0a, 0xe2, 0x82]))).toEqual(['a\uFFFDb', '\uFFFD']);
  });

  it('reports a line over the limit and goes on', async () => {
    const bytes = Buffer.from(`${'x'.repeat(10)}\n${'y'.repeat(11)}\nz`);
    for (const size of [1, 4, 100]) {
      expect(await collect(readLines({ chunks: chunksOf(bytes, size), file: 'f', maxRecordBytes: 10 }))).toEqual([
        { number: 1, text: 'x'.repeat(10) },
        { number: 2, tooLong: true, limitBytes: 10 },
        { number: 3, text: 'z' },
      ]);
    }
  });

  it('drops the bytes of a line without end while they stream', async () => {
    const chunk = Buffer.alloc(1024 * 1024, 'x');
    async function* endless() {
      for (let megabytes = 0; megabytes < 1024; megabytes += 1) yield chunk.subarray();
      yield Buffer.from('\nend');
    }
    const before = process.memoryUsage().rss;
    const lines = await collect(readLines({ chunks: endless(), file: 'f', maxRecordBytes: 1000 }));
    expect(lines.map((line) => 'tooLong' in line)).toEqual([true, false]);
    expect(process.memoryUsage().rss - before).toBeLessThan(100e6);
  });

  it('says at which line the source failed, after the lines before', async () => {
    async function* failing() {
      yield Buffer.from('a\nb\nc');
      throw new Error('the disk is gone');
    }
    const { values, thrown } = await collectUntil(readLines({ chunks: failing(), file: 'f', maxRecordBytes: 1000 }));
    expect(values).toHaveLength(2);
    expect(thrown).toMatchObject({ code: 'BAD_INPUT', details: { file: 'f', line: 3, reason: 'the disk is gone' } });
  });
});
