import { once } from 'node:events';
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import Database from 'better-sqlite3';
import { beforeAll, describe, expect, it, onTestFinished } from 'vitest';
import { lastJson, run, start, temporaryFolder } from '../support/cli.ts';
import { seeded } from '../../src/domain/seeded.ts';
import { asJsonLines, inventPapers } from '../support/invented.ts';
import { ROOT } from '../support/judged.ts';
import { serve } from '../support/server.ts';
import { servedPapers, type SourceServer, startSourceServer } from '../support/source-server.ts';

const PAPERS = 1200;
const PAGE = 150;
const RANDOM_KILLS = 6;
/** Sources begin with the last days by the machine's clock. */
const YESTERDAY = new Date(Date.now() - 86_400_000).toISOString().slice(0, 10);

function folder(): string {
  const made = temporaryFolder();
  onTestFinished(() => made.remove());
  return made.path;
}

/** Settings that lead every kind to the local server. */
const environment = ({ url }: SourceServer): Record<string, string> => ({
  PAPERKIN_ARXIV_URL: `${url}/oai`,
  PAPERKIN_BIORXIV_URL: url,
  PAPERKIN_HUGGING_FACE_URL: url,
  PAPERKIN_ZOTERO_URL: url,
  PAPERKIN_CONTACT: 'mailto:ada@example.org',
});

async function until(condition: () => boolean, what: string): Promise<void> {
  for (let waited = 0; waited < 30_000; waited += 5) {
    if (condition()) return;
    await sleep(5);
  }
  throw new Error(`it never came to pass that ${what}`);
}

/** How far a sync has got, as anyone who opens the database sees it. */
function progressIn(workspace: string): { papers: number; embedded: number } {
  let db: Database.Database | undefined;
  try {
    db = new Database(join(workspace, 'papers.db'), { readonly: true });
    const count = (table: string): number => Number(db?.prepare(`SELECT count(*) FROM ${table}`).pluck().get());
    return { papers: count('papers'), embedded: count('embeddings') };
  } catch {
    return { papers: 0, embedded: 0 };
  } finally {
    db?.close();
  }
}

/** Everything that a library holds, but for numbers that tell of the way there. */
function contentOf(workspace: string): unknown {
  const db = new Database(join(workspace, 'papers.db'), { readonly: true });
  try {
    const papers = db.prepare<[], object>('SELECT * FROM papers ORDER BY id').all();
    const ids = db.prepare('SELECT scheme, value FROM paper_ids ORDER BY scheme, value').all();
    return { papers: papers.map((paper) => ({ ...paper, key: 0, revision: 0 })), ids };
  } finally {
    db.close();
  }
}

describe('a sync that is killed', () => {
  const into = (workspace: string): string[] => ['--workspace', workspace, '--model', 'hashing', '--json'];
  const syncInto = (workspace: string): string[] => ['sync', 'arxiv', '--categories', 'cs.IR', ...into(workspace)];

  async function serving(...whenDone: Parameters<typeof startSourceServer>): Promise<SourceServer> {
    const server = await startSourceServer(...whenDone);
    server.papers = servedPapers(PAPERS, YESTERDAY);
    server.pageSize = PAGE;
    server.now = new Date();
    return server;
  }

  /** Of a library whose sync was never disturbed: the same for every test. */
  let undisturbed: unknown;

  beforeAll(async () => {
    const stops: (() => Promise<void>)[] = [];
    const server = await serving((stop) => stops.push(stop));
    const made = temporaryFolder();
    const workspace = join(made.path, 'index');
    const finished = await run(syncInto(workspace), { env: environment(server) });
    expect(finished.code, finished.stdout + finished.stderr).toBe(0);
    undisturbed = contentOf(workspace);
    made.remove();
    for (const stop of stops) await stop();
  });

  async function syncing() {
    const server = await serving();
    const workspace = join(folder(), 'index');
    const env = environment(server);
    const args = syncInto(workspace);
    /** Starts a sync, and kills it when the moment has come. */
    const killWhen = async (moment: () => boolean, what: string): Promise<void> => {
      const child = start(args, { env });
      const closed = once(child, 'close');
      await until(moment, what);
      child.kill('SIGKILL');
      await closed;
      expect(child.signalCode, what).toBe('SIGKILL');
    };
    /** Syncs to the end, and gives the library's content. */
    const finish = async () => {
      server.faults.length = 0;
      const finished = await run(args, { env });
      expect(finished.code, finished.stdout + finished.stderr).toBe(0);
      expect(progressIn(workspace)).toEqual({ papers: PAPERS, embedded: PAPERS });
      const doctor = await run(['doctor', ...into(workspace)], { env });
      expect(lastJson(doctor)['ok'], doctor.stdout).toBe(true);
      return contentOf(workspace);
    };
    return { server, workspace, env, args, killWhen, finish };
  }

  it('before anything came has lost nothing', async () => {
    const { server, killWhen, finish } = await syncing();
    server.faults.push({ hang: true });
    await killWhen(() => server.asked.length === 1, 'it asked');
    expect(await finish()).toEqual(undisturbed);
  });

  it('between two pages goes on with the second one', async () => {
    const { server, workspace, killWhen, finish } = await syncing();
    server.faults.push(undefined, undefined, undefined, { hang: true });
    await killWhen(() => server.asked.length === 4, 'it asked for the fourth page');
    expect(progressIn(workspace).papers).toBe(3 * PAGE);
    server.asked.length = 0;
    expect(await finish()).toEqual(undisturbed);
    expect(server.asked[0]).toContain('resumptionToken=token-3');
  });

  it('after papers were stored and before the cursor was has no paper twice', async () => {
    const { server, workspace, killWhen, finish } = await syncing();
    server.faults.push(undefined, { hang: true });
    await killWhen(() => server.asked.length === 2, 'it asked for the second page');
    // Whoever holds this lock keeps the cursor from being written.
    const lock = new Database(join(workspace, 'workspace.lock'));
    lock.exec('BEGIN EXCLUSIVE');
    server.faults.length = 0;
    await killWhen(() => progressIn(workspace).papers === 2 * PAGE, 'it stored the second page');
    lock.close();
    server.asked.length = 0;
    expect(await finish()).toEqual(undisturbed);
    expect(server.asked[0]).toContain('resumptionToken=token-1');
  });

  it('while it embeds leaves the rest to the next one', async () => {
    const { workspace, killWhen, finish } = await syncing();
    await killWhen(() => progressIn(workspace).embedded > 0, 'it embedded');
    expect(progressIn(workspace).papers).toBe(PAPERS);
    expect(await finish()).toEqual(undisturbed);
  });

  it(`${RANDOM_KILLS} times at any moment comes to the same end`, async () => {
    const { args, env, finish } = await syncing();
    const seed = Date.now() % 100_000;
    const next = seeded(seed);
    for (let kill = 0; kill < RANDOM_KILLS; kill += 1) {
      const child = start(args, { env });
      const closed = once(child, 'close');
      await Promise.race([sleep(next() * 2000), closed]);
      child.kill('SIGKILL');
      await closed;
    }
    expect(await finish()).toEqual(undisturbed);
  });
});

describe('paperkin source and sync', () => {
  async function program() {
    const server = await startSourceServer();
    server.papers = servedPapers(3, YESTERDAY);
    server.now = new Date();
    const workspace = join(folder(), 'index');
    const env = environment(server);
    const common = ['--workspace', workspace, '--model', 'hashing', '--json'];
    const call = (...args: string[]) => run([...args, ...common], { env });
    return { server, workspace, env, call };
  }

  it('keep a list, and sync what is on it', async () => {
    const { server, call } = await program();
    const feed = `${server.url}/feed.xml`;
    expect(
      lastJson(await call('source', 'add', 'rss', feed, '--allow-private-network', '--name', 'feed')),
    ).toMatchObject({
      name: 'feed',
      kind: 'rss',
      about: feed,
      late: false,
      lastRun: null,
    });
    const synced = await call('sync');
    expect(synced.code).toBe(0);
    expect(lastJson(synced)).toMatchObject({
      sources: [
        {
          name: 'feed',
          kind: 'rss',
          added: 3,
          updated: 0,
          unchanged: 0,
          merged: 0,
          rejected: [],
          requests: 1,
          note: null,
        },
      ],
    });
    expect(server.agents[0]).toMatch(/^Paperkin\/\d+\.\d+\.\d+ \(\+mailto:ada@example\.org\)$/);
    expect(lastJson(await call('source', 'list'))).toMatchObject({
      sources: [{ name: 'feed', lastRun: { added: 3 } }],
    });
    expect((await call('source', 'pause', 'feed')).code).toBe(0);
    expect(lastJson(await call('sync'))).toMatchObject({ sources: [] });
    expect((await call('source', 'resume', 'feed')).code).toBe(0);
    expect((await call('source', 'remove', 'feed')).code).toBe(0);
    expect(lastJson(await call('source', 'list'))).toEqual({ sources: [] });
    expect(lastJson(await call('stats'))).toMatchObject({
      papers: 3,
      embedded: 3,
      sources: [{ name: 'feed', papers: 3 }],
    });
  });

  it('refuse private addresses unless told otherwise', async () => {
    const { server, call } = await program();
    await call('source', 'add', 'rss', `${server.url}/feed.xml`);
    const finished = await call('sync');
    expect(finished.code).toBe(6);
    expect(lastJson(finished)).toMatchObject({
      sources: [{ requests: 0, error: { code: 'ADDRESS_REFUSED' } }],
      error: { code: 'SYNC_FAILED' },
    });
    expect(server.asked).toEqual([]);
  });

  it('name a new source after its kind, and know it again', async () => {
    const { call } = await program();
    expect(lastJson(await call('sync', 'arxiv', '--categories', 'cs.IR,cs.CL'))).toMatchObject({
      sources: [{ name: 'arxiv', added: 3 }],
    });
    expect(lastJson(await call('sync', 'arxiv', '--categories', 'cs.CL,cs.IR'))).toMatchObject({
      sources: [{ name: 'arxiv', unchanged: 3 }],
    });
    expect(lastJson(await call('sync', 'arxiv', '--categories', 'hep-th'))).toMatchObject({
      sources: [{ name: 'arxiv-2', added: 0 }],
    });
    expect((await call('source', 'add', 'arxiv', '--categories', 'hep-th')).code).toBe(2);
  });

  it('end with an exit code that tells what was wrong', async () => {
    const { call } = await program();
    await call('source', 'add', 'zotero');
    const calls: ReadonlyArray<readonly [number, string]> = [
      [2, 'source add telepathy'],
      [2, 'source add arxiv'],
      [2, 'source add rss ftp://example.org/feed'],
      [2, 'source add huggingface https://example.org'],
      [2, 'source add huggingface --set x'],
      [2, 'source rename a b'],
      [4, 'source remove nosuch'],
      [4, 'sync nosuch'],
    ];
    for (const [code, words] of calls) expect((await call(...words.split(' '))).code, words).toBe(code);
  });

  it('do not sync twice at once', async () => {
    const { server, env, workspace, call } = await program();
    server.faults.push({ hang: true });
    await call('source', 'add', 'huggingface');
    const first = start(['sync', '--workspace', workspace, '--model', 'hashing'], { env });
    const closed = once(first, 'close');
    await until(() => server.asked.length === 1, 'it asked');
    const second = await call('sync');
    expect(second.code).toBe(5);
    expect(lastJson(second)).toMatchObject({ error: { code: 'SYNC_RUNNING' } });
    first.kill('SIGINT');
    await closed;
    expect(first.exitCode).toBe(130);
  });

  it('say what they would do, and do nothing', async () => {
    const { server, call } = await program();
    await call('source', 'add', 'biorxiv', '--since', YESTERDAY);
    expect(lastJson(await call('sync', '--dry-run'))).toMatchObject({
      sources: [
        {
          name: 'biorxiv',
          papers: 3,
          requests: [expect.stringContaining(`${server.url}/details/biorxiv/${YESTERDAY}/`)],
        },
      ],
    });
    expect(lastJson(await call('stats'))).toMatchObject({ papers: 0 });
  });
});

describe('a server', () => {
  it('syncs a folder soon after a file in it changes, and shows its sources', async () => {
    const papers = folder();
    const workspace = join(folder(), 'index');
    const common = ['--workspace', workspace, '--model', 'hashing'];
    writeFileSync(join(papers, 'a.jsonl'), asJsonLines(inventPapers(3, 1)));
    const server = await serve([...common, '--sync-every', '6h']);
    try {
      // Added beside the running server, which learns of it.
      await run(['source', 'add', 'folder', papers, '--name', 'mine', ...common]);
      await until(() => progressIn(workspace).papers === 3, 'the folder was read');
      mkdirSync(join(papers, 'deep'));
      writeFileSync(join(papers, 'deep', 'b.jsonl'), asJsonLines(inventPapers(2, 2)));
      await until(() => progressIn(workspace).papers === 5, 'the new file was read');
      await until(
        () => readFileSync(join(workspace, 'workspace.json'), 'utf8').includes('"added": 2'),
        'the run was noted',
      );
      // The list has been written by runs meanwhile, and is watched all the same.
      const more = folder();
      writeFileSync(join(more, 'c.jsonl'), asJsonLines(inventPapers(4, 3)));
      await run(['source', 'add', 'folder', more, '--name', 'more', ...common]);
      await until(() => progressIn(workspace).papers === 9, 'the new folder was read');
      const response = await fetch(`${server.url}/api/sources`);
      expect(await response.json()).toMatchObject({
        sources: [{ name: 'mine', kind: 'folder', about: papers, lastRun: { added: 2 } }, { name: 'more' }],
      });
    } finally {
      expect(await server.stop()).toBe(0);
    }
  });
});

describe('docs/sources.md', () => {
  const page = readFileSync(join(ROOT, 'docs/sources.md'), 'utf8');
  const commands = Array.from(page.matchAll(/^paperkin ((?:source add|sync) .*)$/gm), ([, command = '']) => command);

  it('has an example of every kind', () => {
    const kinds = new Set(commands.map((command) => /^(?:source add|sync) (\w+)/.exec(command)?.[1]));
    expect(kinds).toEqual(new Set(['arxiv', 'biorxiv', 'folder', 'huggingface', 'oai', 'rss', 'zotero']));
  });

  it.each(commands)('paperkin %s', async (command) => {
    const server = await startSourceServer();
    server.now = new Date();
    server.papers = servedPapers(3, YESTERDAY).map((paper) => ({ ...paper, categories: ['cs.IR', 'cs.CL'] }));
    const cwd = folder();
    mkdirSync(join(cwd, 'papers'));
    writeFileSync(join(cwd, 'papers', 'a.jsonl'), asJsonLines(inventPapers(3, 1)));
    const env = environment(server);
    const words = command.replaceAll(/https:\/\/\w+\.example\.org/g, server.url).split(' ');
    const common = ['--workspace', join(cwd, 'index'), '--model', 'hashing', '--json', '--allow-private-network'];
    const added = await run([...words, ...common], { cwd, env });
    expect(added.code, added.stderr).toBe(0);
    const synced = words[0] === 'sync' ? added : await run(['sync', ...common.slice(0, -1)], { cwd, env });
    expect(synced.code, synced.stderr).toBe(0);
    // The categories of the example are not those of the server's invented preprints.
    expect(lastJson(synced)).toMatchObject({ sources: [{ added: words[2] === 'biorxiv' ? 0 : 3, rejected: [] }] });
  });
});
