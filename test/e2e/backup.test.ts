import { writeFileSync } from 'node:fs';
import { mkdir, rm } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { pipeline } from 'node:stream/promises';
import { createWriteStream } from 'node:fs';
import { openPromise } from 'yauzl';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { hitIds, lastJson, run, temporaryFolder } from '../support/cli.ts';
import { serve } from '../support/server.ts';

describe('a backup', () => {
  const folder = temporaryFolder();
  const workspace = join(folder.path, 'index');
  const of = (...args: string[]) => run([...args, '--workspace', workspace, '--json']);

  beforeAll(async () => {
    expect((await of('import', 'sample/papers.jsonl', '--model', 'hashing')).code).toBe(0);
    expect((await of('save', 'arXiv:1706.03762', '--tag', 'thesis', '--note', 'section 3 again')).code).toBe(0);
    expect((await of('source', 'add', 'huggingface')).code).toBe(0);
  });
  afterAll(() => folder.remove());

  it('from a server that goes on, restored, is the same library', async () => {
    const server = await serve(['--workspace', workspace, '--quiet']);
    const zip = join(folder.path, 'papers.zip');
    const response = await fetch(`${server.url}/api/backup`);
    expect(response.status).toBe(200);
    writeFileSync(zip, Buffer.from(await response.arrayBuffer()));
    await server.stop();
    const restored = await unzipped(zip, folder.path);
    const there = (...args: string[]) => run([...args, '--workspace', restored, '--json']);
    const query = ['search', 'attention is all you need'];
    expect(hitIds(await there(...query))).toEqual(hitIds(await of(...query)));
    expect(lastJson(await there('library'))).toEqual(lastJson(await of('library')));
    expect(lastJson(await there('source', 'list'))).toEqual(lastJson(await of('source', 'list')));
    expect((await there('rebuild')).code).toBe(0);
    expect((await there('doctor')).code).toBe(0);
    await rm(restored, { recursive: true });
  });

  it('is made once at a time, and leaves nothing behind where it was killed', async () => {
    // A folder of copies without a lock is that of one that died.
    await mkdir(join(workspace, 'backup'), { recursive: true });
    writeFileSync(join(workspace, 'backup', 'papers.db'), 'half a copy');
    const zip = join(folder.path, 'again.zip');
    expect(lastJson(await of('backup', '-o', zip))).toEqual({ file: zip });
    const restored = await unzipped(zip, folder.path);
    expect((await run(['stats', '--workspace', restored])).stdout).toContain('papers       180');
    expect((await of('doctor')).code).toBe(0);
  });

  it('needs a workspace', async () => {
    const finished = await run(['backup', '--workspace', join(folder.path, 'nowhere'), '--json']);
    expect([finished.code, lastJson(finished)]).toMatchObject([5, { error: { code: 'WORKSPACE_NOT_FOUND' } }]);
  });
});

/** The one folder of a zip. */
async function unzipped(zip: string, into: string): Promise<string> {
  let folder = '';
  const opened = await openPromise(zip);
  for await (const entry of opened.eachEntry()) {
    const file = join(into, entry.fileName);
    folder = dirname(file);
    await mkdir(folder, { recursive: true });
    await pipeline(await opened.openReadStreamPromise(entry), createWriteStream(file));
  }
  return folder;
}
