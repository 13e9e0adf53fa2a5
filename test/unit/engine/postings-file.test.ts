import { mkdtemp, readFile, readdir, rm, truncate, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { writeFileAtomically } from '../../../src/engine/embedded/atomic-file.ts';
import { Postings } from '../../../src/engine/embedded/postings.ts';
import { readPostings, writePostings } from '../../../src/engine/embedded/postings-file.ts';

let folder = '';
let path = '';
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'postings-file-'));
  path = join(folder, 'postings.bin');
});
afterEach(() => rm(folder, { recursive: true }));

function some(): Postings {
  const postings = new Postings();
  postings.upsert([
    { key: 3, title: 'Otters of the inlet', abstract: 'They sleep in kelp; 検索 and C++.' },
    { key: 8, title: 'Herons', abstract: '' },
    { key: 1, title: '', abstract: 'A pond in winter' },
  ]);
  return postings;
}

describe('postings file', () => {
  it('gives back what was written, with its revision, ready for changes', async () => {
    await writePostings(some(), path, 2 ** 40);
    const read = await readPostings(path);
    expect(read?.revision).toBe(2 ** 40);
    const postings = read?.postings ?? new Postings();
    for (const query of ['otter kelp', '検索', 'c++', 'pond winter']) {
      const request = { query, lastWord: 'whole', k: 5 } as const;
      expect(postings.search(request)).toEqual(some().search(request));
    }
    postings.upsert([{ key: 3, title: '', abstract: 'cedar' }]);
    postings.remove([8]);
    expect(postings.size).toBe(2);
    expect([...postings.search({ query: 'cedar', lastWord: 'whole', k: 5 }).keys]).toEqual([3]);
  });

  it('holds an empty index', async () => {
    await writePostings(new Postings(), path, 0);
    expect((await readPostings(path))?.postings.size).toBe(0);
  });

  it('is unknown when absent', async () => {
    expect(await readPostings(path)).toBeUndefined();
  });

  it('is unknown wherever it is cut short', async () => {
    await writePostings(some(), path, 1);
    const { length } = await readFile(path);
    for (const bytes of [length - 1, Math.floor(length / 2), 64, 63, 4, 0]) {
      await truncate(path, bytes);
      expect([bytes, await readPostings(path)]).toEqual([bytes, undefined]);
    }
  });

  it('is unknown when any byte is another', async () => {
    await writePostings(some(), path, 1);
    const whole = await readFile(path);
    for (let at = 0; at < whole.length; at += 1) {
      const damaged = Buffer.from(whole);
      damaged[at] = (damaged[at] ?? 0) ^ 0x41;
      await writeFile(path, damaged);
      expect([at, await readPostings(path)]).toEqual([at, undefined]);
    }
  });
});

describe('writeFileAtomically', () => {
  it('replaces the file and leaves nothing beside it', async () => {
    await writeFile(path, 'old');
    await writeFileAtomically(path, [Buffer.from('ne'), Buffer.from(''), Buffer.from('w')]);
    expect(await readFile(path, 'utf8')).toBe('new');
    expect(await readdir(folder)).toEqual(['postings.bin']);
  });

  it('leaves the old file when writing fails', async () => {
    await writeFile(path, 'old');
    function* failing(): Generator<Uint8Array> {
      yield Buffer.from('half');
      throw new Error('disk full');
    }
    await expect(writeFileAtomically(path, failing())).rejects.toThrow('disk full');
    expect(await readFile(path, 'utf8')).toBe('old');
    expect(await readdir(folder)).toEqual(['postings.bin']);
  });
});
