import { once } from 'node:events';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { lastJson, run, start, temporaryFolder } from '../support/cli.ts';
import { asJsonLines, inventPapers } from '../support/invented.ts';
import { type RunningServer, serve } from '../support/server.ts';

let folder: ReturnType<typeof temporaryFolder>;
let workspace: string;
let server: RunningServer | undefined;

beforeEach(() => {
  folder = temporaryFolder();
  workspace = join(folder.path, 'index');
});
afterEach(async () => {
  await server?.stop();
  server = undefined;
  folder.remove();
});

const HASHING = ['--model', 'hashing'];
const PATIENCE_MS = 20_000;

interface Hits {
  readonly hits: { readonly paper: { readonly id: string } }[];
  readonly degraded: { readonly part: string }[];
}

async function ask(url: string, query: string, more = ''): Promise<Hits> {
  const response = await fetch(`${url}/api/search?q=${encodeURIComponent(query)}${more}`);
  expect(response.status).toBe(200);
  const answer: Hits = JSON.parse(await response.text());
  return answer;
}

/** Asks again until the paper is the first hit. */
async function untilFound(url: string, query: string, id: string, more = ''): Promise<void> {
  const until = performance.now() + PATIENCE_MS;
  for (;;) {
    const { hits } = await ask(url, query, more);
    if (hits[0]?.paper.id === id) return;
    if (performance.now() > until) throw new Error(`${id} is not found within ${PATIENCE_MS} ms`);
    await sleep(50);
  }
}

function papersFile(name: string, count: number, seed: number): string {
  const path = join(folder.path, name);
  writeFileSync(path, asJsonLines(inventPapers(count, seed)));
  return path;
}

it('finds what another process imports, by words and by meaning, without a restart', async () => {
  await run(['import', papersFile('first.jsonl', 100, 1), '--workspace', workspace, ...HASHING]);
  server = await serve(['--workspace', workspace, '--quiet', ...HASHING]);
  expect(JSON.parse(await (await fetch(`${server.url}/api/stats`)).text())).toMatchObject({
    papers: 100,
    generation: 1,
  });
  expect((await ask(server.url, 'part 150')).hits.map((hit) => hit.paper.id)).not.toContain('invented:2-150');
  const importing = run(['import', papersFile('second.jsonl', 2000, 2), '--workspace', workspace, ...HASHING]);
  await untilFound(server.url, 'part 1987', 'invented:2-1987', '&mode=lexical');
  expect((await importing).code).toBe(0);
  const paper = inventPapers(2000, 2).find(({ id }) => id === 'invented:2-1987');
  await untilFound(server.url, `${paper?.title}. ${paper?.abstract}`, 'invented:2-1987', '&mode=dense');
  const { hits, degraded } = await ask(server.url, 'part 1987');
  expect([hits[0]?.paper.id, degraded]).toEqual(['invented:2-1987', []]);
  const stats: unknown = JSON.parse(await (await fetch(`${server.url}/api/stats`)).text());
  expect(stats).toMatchObject({ papers: 2100, pending: 0, generation: 2 });
});

it('keeps out what is less likely to be relevant than minScore, in hybrid searches only', async () => {
  await run(['import', papersFile('few.jsonl', 30, 1), '--workspace', workspace, ...HASHING]);
  server = await serve(['--workspace', workspace, '--quiet', ...HASHING]);
  expect(await ask(server.url, 'graph colouring', '&k=4&minScore=1')).toMatchObject({ hits: [], heldBack: 4 });
  const refused = await fetch(`${server.url}/api/search?q=graph&mode=dense&minScore=0.5`);
  expect([refused.status, await refused.json()]).toMatchObject([400, { code: 'USAGE' }]);
});

it('forgets a text that was edited, and shows the new one', async () => {
  const [paper] = inventPapers(1, 3);
  const file = (text: string): string => {
    const path = join(folder.path, 'one.jsonl');
    writeFileSync(path, asJsonLines([{ ...paper, abstract: text }]));
    return path;
  };
  await run(['import', file('About gizmology alone.'), '--workspace', workspace, ...HASHING]);
  server = await serve(['--workspace', workspace, '--quiet', ...HASHING]);
  expect((await ask(server.url, 'gizmology', '&mode=lexical')).hits).toHaveLength(1);
  await run(['import', file('About widgetry instead.'), '--workspace', workspace, ...HASHING]);
  await untilFound(server.url, 'widgetry', 'invented:3-0', '&mode=lexical');
  expect((await ask(server.url, 'gizmology', '&mode=lexical')).hits).toHaveLength(0);
});

it('imports an upload with progress as events, and finds it', async () => {
  server = await serve(['--workspace', workspace, '--quiet', ...HASHING]);
  const body = `${asJsonLines(inventPapers(300, 4))}not json\n`;
  const accepted = await fetch(`${server.url}/api/import?name=upload.jsonl`, { method: 'POST', body });
  expect(accepted.status).toBe(202);
  const { events }: { events: string } = JSON.parse(await accepted.text());
  const stream = await (await fetch(`${server.url}${events}`)).text();
  expect(stream).toContain('event: progress');
  const done = /event: done\ndata: (.*)/.exec(stream)?.[1] ?? '';
  expect(JSON.parse(done)).toMatchObject({
    added: 300,
    rejected: [{ file: 'upload.jsonl', line: 301, reason: expect.any(String) }],
  });
  await untilFound(server.url, 'part 299', 'invented:4-299');
});

it('says which file of an upload is wrong, by the name the user gave', async () => {
  server = await serve(['--workspace', workspace, '--quiet', ...HASHING]);
  const accepted = await fetch(`${server.url}/api/import?name=strange.bin`, { method: 'POST', body: '\u0001\u0002 ?' });
  const { events }: { events: string } = JSON.parse(await accepted.text());
  const stream = await (await fetch(`${server.url}${events}`)).text();
  expect(stream).toContain('event: failed');
  expect(stream).toContain('UNKNOWN_FORMAT');
  expect(stream).toContain('strange.bin');
  expect(stream).not.toContain(folder.path);
});

it('goes on by words alone when the model cannot be loaded, and says so in each answer', async () => {
  await run(['import', papersFile('papers.jsonl', 50, 5), '--workspace', workspace, ...HASHING]);
  server = await serve([
    '--workspace',
    workspace,
    '--quiet',
    '--model',
    'paperkin-minilm',
    '--models-dir',
    folder.path,
  ]);
  const { hits, degraded } = await ask(server.url, 'part 7');
  expect(hits[0]?.paper.id).toBe('invented:5-7');
  expect(degraded).toMatchObject([{ part: 'dense' }]);
});

it('stops by SIGTERM with exit code 0 and lets an upload under way be stored and resumed', async () => {
  server = await serve(['--workspace', workspace, '--quiet', ...HASHING]);
  const body = asJsonLines(inventPapers(20_000, 6));
  const accepted = await fetch(`${server.url}/api/import?name=many.jsonl`, { method: 'POST', body });
  const { events }: { events: string } = JSON.parse(await accepted.text());
  const reader = (await fetch(`${server.url}${events}`)).body?.getReader();
  await reader?.read();
  expect(await server.stop()).toBe(0);
  server = undefined;
  const doctor = lastJson(await run(['doctor', '--workspace', workspace, '--json']));
  expect(doctor).toMatchObject({ ok: true });
});

it('takes the next free port when the wanted one is taken, and fails when it must not', async () => {
  server = await serve(['--workspace', workspace, '--quiet', ...HASHING]);
  const { port } = new URL(server.url);
  const strict = await run(['serve', '--workspace', workspace, '--port', port, '--strict-port', '--quiet', ...HASHING]);
  expect(strict.code).toBe(6);
  const second = start(['serve', '--workspace', workspace, '--port', port, '--json', '--quiet', ...HASHING]);
  const [line]: Buffer[] = second.stdout ? await once(second.stdout, 'data') : [];
  const other: { url: string } = JSON.parse(line?.toString() ?? '{}');
  expect(new URL(other.url).port).not.toBe(port);
  expect((await fetch(`${other.url}/readyz`)).status).toBe(200);
  second.kill('SIGTERM');
  await once(second, 'close');
});
