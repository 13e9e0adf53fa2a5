import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { lastJson, run, temporaryFolder } from '../support/cli.ts';
import { serve } from '../support/server.ts';
import { zipOf } from '../support/zip.ts';

const folder = temporaryFolder();
afterAll(() => folder.remove());

let workspaces = 0;
/** Flags of a workspace of its own, without a real model. */
function ownWorkspace(): string[] {
  workspaces += 1;
  return ['--workspace', join(folder.path, `index-${workspaces}`), '--model', 'hashing', '--quiet'];
}

function file(name: string, content: string | Uint8Array): string {
  const path = join(folder.path, name);
  mkdirSync(join(path, '..'), { recursive: true });
  writeFileSync(path, content);
  return path;
}

const bib = (title: string): string => `@misc{a,\n  title = {${title}},\n  abstract = {About it.},\n}\n`;
const titleOf = async (workspace: readonly string[], filter: string): Promise<unknown[]> => {
  const { stdout } = await run(['export', ...workspace, '--filter', filter]);
  return stdout
    .split('\n')
    .filter(Boolean)
    .map((line): unknown => JSON.parse(line).title);
};

describe('paperkin import', () => {
  it('takes the columns of a table from --map, in one flag or several', async () => {
    const table = file('table.csv', 'Name,Summary,"Last, first"\nOn Tables,They have rows.,"Rivers, Sam"\n');
    const workspace = ownWorkspace();
    const flags = ['--map', 'title=Name,abstract=Summary', '--map', 'authors=Last, first'];
    expect(lastJson(await run(['import', table, ...flags, ...workspace, '--json']))).toMatchObject({ added: 1 });
    expect(await titleOf(workspace, 'author:"sam rivers"')).toEqual(['On Tables']);

    for (const [map, said] of [
      ['title=Nmae', 'its columns are Name, Summary, Last, first'],
      ['titel=Name', 'papers have no field \\"titel\\"'],
      ['Name', '--map takes field=Column'],
      ['title=', '--map takes field=Column'],
    ] as const) {
      const finished = await run(['import', table, '--map', map, ...ownWorkspace(), '--json']);
      expect(finished.code).toBe(2);
      expect(finished.stdout + finished.stderr).toContain(said);
    }
  });

  it('rejects papers without an abstract when asked to, and tells the field', async () => {
    const papers = file('bare.jsonl', '{"title": "Bare"}\n{"title": "Clad", "abstract": "In words."}\n');
    const kept = await run(['import', papers, ...ownWorkspace(), '--json']);
    expect(lastJson(kept)).toMatchObject({ added: 2, rejected: [] });
    const strict = await run(['import', papers, '--require-abstract', ...ownWorkspace(), '--json']);
    expect(lastJson(strict)).toMatchObject({
      added: 1,
      rejected: [{ file: papers, line: 1, field: 'abstract', reason: 'there is no abstract' }],
    });
  });

  it('tells people what is wrong in which record', async () => {
    const papers = file('wrong.jsonl', '{"title": "Fine"}\n{"title": ["a"]}\n');
    const { stdout } = await run(['import', papers, ...ownWorkspace()]);
    expect(stdout).toMatch(/^ {2}.*wrong\.jsonl:2: title must be text/m);
  });

  it('imports a folder file by file, each a source named as by itself', async () => {
    file('library/birds/owls.bib', bib('Owls'));
    file('library/fish.zip', zipOf([{ name: 'pikes.bib', content: bib('Pikes') }]));
    file('library/scifact/corpus.jsonl', '{"_id": "1", "title": "Facts", "text": "Some."}');
    file('library/scifact/queries.jsonl', '{"_id": "q", "text": "which?"}');
    file('library/photo.jpg', '\0\x01');
    const workspace = ownWorkspace();
    const finished = await run(['import', join(folder.path, 'library'), ...workspace, '--json']);
    expect(finished.code).toBe(0);
    expect(lastJson(finished)).toMatchObject({
      added: 3,
      rejected: [{ file: join(folder.path, 'library/photo.jpg'), reason: expect.stringContaining('not recognised') }],
    });
    expect(await titleOf(workspace, 'source:owls')).toEqual(['Owls']);
    expect(await titleOf(workspace, 'source:fish')).toEqual(['Pikes']);
    expect(await titleOf(workspace, 'source:scifact')).toEqual(['Facts']);

    const named = await run(['import', join(folder.path, 'library'), '--name', 'x', ...workspace]);
    expect(named.code).toBe(2);
  });

  it('names a source after the name it is given, whatever folder the file lies in', async () => {
    const papers = file('received/corpus.jsonl', '{"title": "Owls"}');
    const workspace = ownWorkspace();
    await run(['import', papers, '--name', 'corpus.jsonl', ...workspace]);
    expect(await titleOf(workspace, 'source:corpus')).toEqual(['Owls']);
  });

  it('reads a zip from standard input', async () => {
    const input = zipOf([{ name: 'a.bib', content: bib('Through a pipe') }]);
    const workspace = ownWorkspace();
    expect(lastJson(await run(['import', '-', ...workspace, '--json'], { input }))).toMatchObject({ added: 1 });
    expect(await titleOf(workspace, 'source:stdin')).toEqual(['Through a pipe']);
  });

  it('stores nothing of a folder with --strict, when one file in it cannot be read', async () => {
    file('partly/a.bib', bib('Good'));
    file('partly/b.bin', '\0\x01');
    const workspace = ownWorkspace();
    const finished = await run(['import', join(folder.path, 'partly'), '--strict', ...workspace, '--json']);
    expect(finished.code).toBe(3);
    expect(await titleOf(workspace, '')).toEqual([]);
  });
});

describe('an upload', () => {
  it('may be a zip: its members are named by the name the user gave', async () => {
    const server = await serve(ownWorkspace());
    try {
      const body = zipOf([
        { name: 'good.bib', content: bib('Uploaded') },
        { name: 'bad.bin', content: '\0\x01' },
      ]);
      const accepted = await fetch(`${server.url}/api/import?name=mine.zip`, { method: 'POST', body });
      const { events }: { events: string } = JSON.parse(await accepted.text());
      const stream = await (await fetch(`${server.url}${events}`)).text();
      const done = /event: done\ndata: (.*)/.exec(stream)?.[1] ?? '';
      expect(JSON.parse(done)).toMatchObject({
        added: 1,
        rejected: [{ file: 'mine.zip/bad.bin', line: 1, reason: expect.stringContaining('not recognised') }],
      });
      expect(done).not.toContain(folder.path);
    } finally {
      await server.stop();
    }
  });
});
