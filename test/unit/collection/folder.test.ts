import { execFileSync } from 'node:child_process';
import { mkdir, mkdtemp, rm, symlink, writeFile } from 'node:fs/promises';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join, relative } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { filesIn, readPapers } from '../../../src/collection/mod.ts';
import { collect } from './reading.ts';

let folder = '';
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'paperkin-folders-'));
});
afterAll(() => rm(folder, { recursive: true }));

async function made(name: string, files: Readonly<Record<string, string>>): Promise<string> {
  const root = join(folder, name);
  await mkdir(root);
  for (const [path, content] of Object.entries(files)) {
    await mkdir(join(root, path, '..'), { recursive: true });
    await writeFile(join(root, path), content);
  }
  return root;
}

const found = async (root: string): Promise<string[]> =>
  (await collect(filesIn(root))).map((path) => relative(root, path));

describe('the files of a folder', () => {
  it('come in the order of their names, folders among them', async () => {
    const root = await made('sorted', { 'b.bib': '', 'a/z.jsonl': '', 'a/b/c.txt': '', 'C.csv': '', 'ä.ris': '' });
    expect(await found(root)).toEqual(['C.csv', 'a/b/c.txt', 'a/z.jsonl', 'b.bib', 'ä.ris']);
  });

  it('are without hidden ones, workspaces and what systems leave behind', async () => {
    const root = await made('hidden', {
      '.hidden/a.jsonl': '',
      '.DS_Store': '',
      'Thumbs.db': '',
      '__MACOSX/a.jsonl': '',
      'index/workspace.json': '{}',
      'index/papers.db': '',
      'papers.jsonl': '',
    });
    expect(await found(root)).toEqual(['papers.jsonl']);
  });

  it('are the corpus alone in a folder as BEIR has them', async () => {
    const root = await made('beir', {
      'scifact/corpus.jsonl': '',
      'scifact/queries.jsonl': '',
      'scifact/qrels/test.tsv': '',
      'scifact/README': '',
      'other/corpus.jsonl': '',
      'other/more.jsonl': '',
    });
    expect(await found(root)).toEqual(['other/corpus.jsonl', 'other/more.jsonl', 'scifact/corpus.jsonl']);
  });

  it('come once where links lead in circles or to the same place', async () => {
    const root = await made('links', { 'a/papers.jsonl': '', 'b.jsonl': '' });
    await symlink(root, join(root, 'a', 'circle'));
    await symlink(join(root, 'a'), join(root, 'again'));
    await symlink('self', join(root, 'self'));
    await symlink('nowhere', join(root, 'broken'));
    expect(await found(root)).toEqual(['a/papers.jsonl', 'b.jsonl', 'broken', 'self']);
  });

  it('of a path that is no folder are that path', async () => {
    const absent = join(folder, 'absent');
    expect(await collect(filesIn(absent))).toEqual([absent]);
    expect(await collect(filesIn('-'))).toEqual(['-']);
  });
});

const reasonsOf = async (path: string) =>
  (await collect(readPapers({ path }, { onFailure: 'reject' }))).map((reading) =>
    reading.kind === 'rejected' ? reading.reason : reading.kind,
  );

describe('what is no file', () => {
  it('is rejected by name where others are to be read, and thrown where it was asked for', async () => {
    const root = await made('kinds', { 'unknown.bin': '\0\x01\x02', 'damaged.jsonl': '{"title": "A"}\n' });
    const socket = join(root, 'socket');
    const server = createServer().listen(socket);
    await symlink('nowhere', join(root, 'broken'));
    try {
      expect(await reasonsOf(socket)).toEqual(['is a socket']);
      await expect(collect(readPapers({ path: socket }))).rejects.toMatchObject({
        code: 'FILE_NOT_FOUND',
        details: { file: socket, reason: 'is a socket' },
      });
    } finally {
      server.close();
    }
    expect(await reasonsOf('/dev/zero')).toEqual(['is a device']);
    expect(await reasonsOf(root)).toEqual(['is a folder']);
    expect(await reasonsOf(join(root, 'broken'))).toEqual(['there is no such file']);
    expect(await reasonsOf(join(root, 'unknown.bin'))).toEqual(['the format is not recognised from the content']);
    expect(await reasonsOf(join(root, 'damaged.jsonl'))).toEqual(['paper']);
  });

  it.skipIf(process.platform === 'win32')('but a named pipe is read like a file', async () => {
    const pipe = join(folder, 'pipe');
    execFileSync('mkfifo', [pipe]);
    const [readings] = await Promise.all([reasonsOf(pipe), writeFile(pipe, '{"title": "Through a pipe"}\n')]);
    expect(readings).toEqual(['paper']);
  });
});
