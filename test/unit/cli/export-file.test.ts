import { execFileSync } from 'node:child_process';
import { mkdtempSync, readdirSync, readFileSync, readlinkSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gunzipSync } from 'node:zlib';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { writeFileWhole } from '../../../src/cli/export-file.ts';

let folder = '';
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'paperkin-export-'));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

const path = (name: string): string => join(folder, name);
const never = new AbortController().signal;
const plain = { compress: false, signal: never };

async function* text(...pieces: string[]): AsyncGenerator<string> {
  yield* pieces;
}

describe('writeFileWhole', () => {
  it('writes a new file, and nothing beside it', async () => {
    await writeFileWhole(path('a.txt'), text('one ', 'two ✓'), plain);
    expect(readFileSync(path('a.txt'), 'utf8')).toBe('one two ✓');
    expect(readdirSync(folder)).toEqual(['a.txt']);
  });

  it('compresses where that is asked for', async () => {
    await writeFileWhole(path('a.gz'), text('one ', 'two'), { ...plain, compress: true });
    expect(gunzipSync(readFileSync(path('a.gz'))).toString()).toBe('one two');
  });

  it('replaces a file only when the new one is whole', async () => {
    writeFileSync(path('a.txt'), 'old');
    let during = '';
    async function* slow(): AsyncGenerator<string> {
      yield 'new';
      during = readFileSync(path('a.txt'), 'utf8');
      yield 'er';
    }
    await writeFileWhole(path('a.txt'), slow(), plain);
    expect(during).toBe('old');
    expect(readFileSync(path('a.txt'), 'utf8')).toBe('newer');
  });

  it('leaves the old file alone, and no other behind, when the text fails', async () => {
    writeFileSync(path('a.txt'), 'old');
    async function* failing(): AsyncGenerator<string> {
      yield 'half';
      throw new Error('the library is gone');
    }
    await expect(writeFileWhole(path('a.txt'), failing(), plain)).rejects.toThrow('the library is gone');
    expect(readFileSync(path('a.txt'), 'utf8')).toBe('old');
    expect(readdirSync(folder)).toEqual(['a.txt']);
  });

  it('leaves the old file alone when it is interrupted', async () => {
    writeFileSync(path('a.txt'), 'old');
    const controller = new AbortController();
    async function* endless(): AsyncGenerator<string> {
      for (let piece = 0; ; piece += 1) {
        if (piece === 5) controller.abort();
        yield 'more';
      }
    }
    const writing = writeFileWhole(path('a.txt'), endless(), { compress: false, signal: controller.signal });
    await expect(writing).rejects.toMatchObject({ code: 'INTERRUPTED' });
    expect(readFileSync(path('a.txt'), 'utf8')).toBe('old');
    expect(readdirSync(folder)).toEqual(['a.txt']);
  });

  it('keeps a link and replaces what it leads to', async () => {
    writeFileSync(path('real.txt'), 'old');
    symlinkSync('real.txt', path('link.txt'));
    await writeFileWhole(path('link.txt'), text('new'), plain);
    expect(readlinkSync(path('link.txt'))).toBe('real.txt');
    expect(readFileSync(path('real.txt'), 'utf8')).toBe('new');
  });

  it.skipIf(process.platform === 'win32')('writes into a pipe as it comes, and leaves it a pipe', async () => {
    execFileSync('mkfifo', [path('pipe')]);
    const [got] = await Promise.all([
      readFile(path('pipe'), 'utf8'),
      writeFileWhole(path('pipe'), text('a', 'b'), plain),
    ]);
    expect(got).toBe('ab');
    expect(readdirSync(folder)).toEqual(['pipe']);
  });

  it('says what cannot be written', async () => {
    const missing = path('no/such/folder.txt');
    await expect(writeFileWhole(missing, text('x'), plain)).rejects.toMatchObject({
      code: 'OUTPUT_FAILED',
      details: { file: missing, reason: expect.stringContaining('ENOENT') },
    });
    await expect(writeFileWhole(folder, text('x'), plain)).rejects.toMatchObject({ code: 'USAGE' });
  });
});
