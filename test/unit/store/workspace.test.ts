import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import Database from 'better-sqlite3';
import { describe, expect, it, onTestFinished } from 'vitest';
import { lockForSync, lockForWriting, newSource, Workspace } from '../../../src/store/mod.ts';
import { openStore, paper, temporaryWorkspace } from '../../support/library.ts';

const failsWith = (code: string, more: object = {}): unknown => expect.objectContaining({ code, ...more });

describe('workspace.json', () => {
  it('is made with a new workspace and read again as it was left', async () => {
    const folder = join(temporaryWorkspace(), 'deep', 'inside');
    const made = await Workspace.open(folder, { create: true });
    expect(made.state).toEqual({ version: 2, model: null, generation: 0, sources: [] });
    const model = { name: 'hashing', fingerprint: 'hashing-1', dimensions: 64 };
    await made.update({ model, generation: 3 });
    const read = await Workspace.open(folder, { create: false });
    expect(read.state).toEqual({ version: 2, model, generation: 3, sources: [] });
    await made.update({ generation: 4 });
    await read.reload();
    expect(read.state.generation).toBe(4);
    expect(readdirSync(folder)).toEqual(['workspace.json', 'workspace.lock']);
  });

  it('keeps what other programs have written meanwhile', async () => {
    const folder = temporaryWorkspace();
    const one = await Workspace.open(folder, { create: true });
    const other = await Workspace.open(folder, { create: false });
    const feed = newSource({ name: 'feed', kind: 'rss', settings: { url: 'http://a' }, allowPrivateNetwork: false });
    await Promise.all([
      one.update({ generation: 7 }),
      other.updateSources((sources) => [...sources, feed]),
      ...Array.from({ length: 5 }, () => one.updateSources((sources) => [...sources])),
    ]);
    await other.updateSource('feed', { paused: true });
    await one.reload();
    expect(one.state).toMatchObject({ generation: 7, sources: [{ name: 'feed', paused: true }] });
  });

  it('keeps sources whose kind it does not know, with all that is said of them', async () => {
    const folder = temporaryWorkspace();
    const workspace = await Workspace.open(folder, { create: true });
    const file = join(folder, 'workspace.json');
    const newer = { name: 'newer', kind: 'telepathy', settings: { mind: [1, null] }, cursor: { at: 5 }, mood: 'good' };
    writeFileSync(file, JSON.stringify({ version: 2, model: null, generation: 0, sources: [newer, { name: 'old' }] }));
    await workspace.update({ generation: 1 });
    const kept: unknown = JSON.parse(readFileSync(file, 'utf8'));
    expect(kept).toMatchObject({ generation: 1, sources: [newer, { name: 'old', paused: false }] });
  });

  it('read again after it was damaged says so, after it was removed stays as it was', async () => {
    const folder = temporaryWorkspace();
    const workspace = await Workspace.open(folder, { create: true });
    await workspace.update({ generation: 3 });
    rmSync(join(folder, 'workspace.json'));
    await workspace.reload();
    expect(workspace.state.generation).toBe(3);
    writeFileSync(join(folder, 'workspace.json'), '{"version":1}');
    await expect(workspace.reload()).rejects.toEqual(failsWith('WORKSPACE_CORRUPT'));
    expect(workspace.state.generation).toBe(3);
  });

  it('is not made, nor is its folder, where nothing may be made', async () => {
    const folder = join(temporaryWorkspace(), 'absent');
    await expect(Workspace.open(folder, { create: false })).rejects.toEqual(failsWith('WORKSPACE_NOT_FOUND'));
    expect(existsSync(folder)).toBe(false);
  });

  it('of a newer version is refused and left as it is, whatever else it says', async () => {
    const folder = temporaryWorkspace();
    const text = JSON.stringify({ version: 99, model: 'a new shape', shards: 4 });
    writeFileSync(join(folder, 'workspace.json'), text);
    const details = { workspace: folder, found: 99, supported: 2 };
    await expect(Workspace.open(folder, { create: true })).rejects.toEqual(failsWith('WORKSPACE_TOO_NEW', { details }));
    expect(readFileSync(join(folder, 'workspace.json'), 'utf8')).toBe(text);
  });

  it.each([
    ['empty', ''],
    ['cut short', '{"version": 1, "mod'],
    ['null', 'null'],
    ['no object', '"hello"'],
    ['without a version', '{"model":null,"generation":0,"sources":[]}'],
    ['of another shape', '{"version":1,"model":{"name":5},"generation":0,"sources":[]}'],
  ])('%s counts as damaged, and the message says what to do', async (_, text) => {
    const folder = temporaryWorkspace();
    const file = join(folder, 'workspace.json');
    writeFileSync(file, text);
    for (const create of [true, false]) {
      const opening = Workspace.open(folder, { create });
      await expect(opening).rejects.toEqual(
        failsWith('WORKSPACE_CORRUPT', { message: expect.stringContaining('remove this file') }),
      );
    }
    expect(readFileSync(file, 'utf8')).toBe(text);
  });

  it('says so where the workspace’s place is taken by a file', async () => {
    const place = join(temporaryWorkspace(), 'file');
    writeFileSync(place, '');
    await expect(Workspace.open(place, { create: true })).rejects.toEqual(failsWith('WORKSPACE_CORRUPT'));
  });
});

describe('a database without its workspace.json', () => {
  /** Papers embedded with a first model, and one of them with a second, as a reindex that broke off leaves it. */
  async function withoutFile(): Promise<string> {
    const folder = temporaryWorkspace();
    await Workspace.open(folder, { create: true });
    const store = openStore(folder);
    store.ingest(['P1', 'P2'].map((id) => ({ source: 'a', paper: paper({ id }) })));
    const [first, second] = [
      store.fingerprintNumber('first-1', 'first'),
      store.fingerprintNumber('second-1', 'second'),
    ];
    const pending = store.pending(first, 0, 10);
    store.putEmbeddings(
      second,
      pending.slice(0, 1).map(({ textHash }) => ({ textHash, vector: Float32Array.of(1, 0) })),
    );
    store.putEmbeddings(
      first,
      pending.map(({ textHash }) => ({ textHash, vector: Float32Array.of(1, 0, 0) })),
    );
    rmSync(join(folder, 'workspace.json'));
    return folder;
  }
  const model = { name: 'first', fingerprint: 'first-1', dimensions: 3 };

  it('is a workspace: its model is read from the database', async () => {
    const folder = await withoutFile();
    const workspace = await Workspace.open(folder, { create: false });
    expect(workspace.state).toEqual({ version: 2, model, generation: 0, sources: [] });
    // Looking writes nothing.
    expect(existsSync(join(folder, 'workspace.json'))).toBe(false);
  });

  it('gets the file again when it is opened for writing', async () => {
    const folder = await withoutFile();
    await Workspace.open(folder, { create: true });
    expect(JSON.parse(readFileSync(join(folder, 'workspace.json'), 'utf8'))).toMatchObject({ model });
  });

  it('has no model as long as nothing is embedded', async () => {
    const folder = temporaryWorkspace();
    openStore(folder);
    const workspace = await Workspace.open(folder, { create: false });
    expect(workspace.state.model).toBeNull();
  });

  it('is refused when it is of a newer layout, or no database', async () => {
    const folder = temporaryWorkspace();
    const file = join(folder, 'papers.db');
    new Database(file).exec('PRAGMA user_version = 99').close();
    await expect(Workspace.open(folder, { create: true })).rejects.toEqual(failsWith('WORKSPACE_TOO_NEW'));
    writeFileSync(file, 'not a database, though it is called one');
    await expect(Workspace.open(folder, { create: true })).rejects.toEqual(failsWith('WORKSPACE_CORRUPT'));
    expect(readdirSync(folder)).toEqual(['papers.db']);
  });
});

describe('the lock for writing', () => {
  async function holder(folder: string): Promise<ChildProcess> {
    const script = fileURLToPath(new URL('./holding-lock.mjs', import.meta.url));
    const child = spawn(process.execPath, [script, folder], { stdio: ['pipe', 'pipe', 'inherit'] });
    onTestFinished(() => void child.kill('SIGKILL'));
    if (!child.stdout) throw new Error('the process has no output');
    await once(child.stdout, 'data');
    return child;
  }

  it('is refused while another process holds it, and had once that lets go', async () => {
    const folder = temporaryWorkspace();
    const child = await holder(folder);
    expect(() => lockForWriting(folder)).toThrow(failsWith('WORKSPACE_LOCKED', { details: { workspace: folder } }));
    child.stdin?.write('release');
    if (child.stdout) await once(child.stdout, 'data');
    lockForWriting(folder).release();
    child.stdin?.end();
  });

  it('is had at once when its holder was killed', async () => {
    const folder = temporaryWorkspace();
    const child = await holder(folder);
    child.kill('SIGKILL');
    await once(child, 'exit');
    expect(() => lockForWriting(folder).release()).not.toThrow();
  });

  it('is one per process, too, and can be taken again after its release', () => {
    const folder = temporaryWorkspace();
    const lock = lockForWriting(folder);
    expect(() => lockForWriting(folder)).toThrow(failsWith('WORKSPACE_LOCKED'));
    lock.release();
    lock.release();
    lockForWriting(folder).release();
  });

  it('of a sync is another one', () => {
    const folder = temporaryWorkspace();
    const lock = lockForSync(folder);
    expect(() => lockForSync(folder)).toThrow(failsWith('SYNC_RUNNING', { details: { workspace: folder } }));
    lockForWriting(folder).release();
    lock.release();
    lockForSync(folder).release();
  });

  it('does not keep readers out', () => {
    const folder = temporaryWorkspace();
    const store = openStore(folder);
    const { release } = lockForWriting(folder);
    expect(openStore(folder).counts(0).papers).toBe(store.counts(0).papers);
    release();
  });

  it('says what is wrong where no lock can be had, rather than that another has it', () => {
    const folder = temporaryWorkspace();
    writeFileSync(join(folder, 'write.lock'), 'x'.repeat(5000));
    expect(() => lockForWriting(folder)).toThrow(failsWith('WORKSPACE_CORRUPT'));
    const place = join(folder, 'file');
    writeFileSync(place, '');
    expect(() => lockForWriting(place)).toThrow(failsWith('WORKSPACE_CORRUPT'));
  });
});
