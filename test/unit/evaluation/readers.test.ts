import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { corpusBeside, readReaders } from '../../../src/evaluation/readers.ts';
import { temporaryWorkspace } from '../../support/library.ts';

const READER = { reader: 'ada', liked: ['a'], since: '2026-01-01', candidates: ['b', 'c'], future: ['c'] };

function fileOf(...lines: readonly (object | string)[]): string {
  const path = join(temporaryWorkspace(), 'readers.jsonl');
  writeFileSync(path, lines.map((line) => `${typeof line === 'string' ? line : JSON.stringify(line)}\n`).join(''));
  return path;
}

describe('a file of readers', () => {
  it('is read line by line, blank lines passed over', async () => {
    const readers = await readReaders(fileOf(READER, '', { ...READER, reader: 'bo' }));
    expect(readers).toEqual(['ada', 'bo'].map((id) => ({ id, liked: ['a'], candidates: ['b', 'c'], future: ['c'] })));
  });

  it.each([
    ['no JSON', '{', 'no JSON'],
    ['a reader without papers', { ...READER, reader: 'bo', liked: [] }, 'liked is empty'],
    ['a list of other things', { ...READER, reader: 'bo', candidates: [1, 2] }, 'candidates.0'],
    ['a future paper that is no candidate', { ...READER, reader: 'bo', future: ['d'] }, 'd is no candidate'],
    ['a liked paper among the candidates', { ...READER, reader: 'bo', liked: ['b'] }, 'b is a candidate'],
    ['nothing to tell apart', { ...READER, reader: 'bo', future: ['b', 'c'] }, 'nothing to tell apart'],
    ['a reader told twice', READER, 'ada is there twice'],
  ])('is refused with file and line for %s', async (_, line, reason) => {
    const file = fileOf(READER, line);
    await expect(readReaders(file)).rejects.toMatchObject({
      code: 'BAD_INPUT',
      details: { file, line: 2, reason: expect.stringContaining(reason) },
    });
  });

  it('is refused where it has none, and where there is no file', async () => {
    await expect(readReaders(fileOf(''))).rejects.toMatchObject({ code: 'BAD_INPUT' });
    await expect(readReaders('/nowhere/readers.jsonl')).rejects.toMatchObject({ code: 'FILE_NOT_FOUND' });
  });

  it('has its papers beside it, compressed or not', () => {
    const file = fileOf(READER);
    expect(() => corpusBeside(file)).toThrow(/corpus\.jsonl.*--corpus/);
    for (const name of ['corpus.jsonl.gz', 'corpus.jsonl']) {
      writeFileSync(join(file, '..', name), '');
      expect(corpusBeside(file)).toBe(join(file, '..', name));
    }
  });
});
