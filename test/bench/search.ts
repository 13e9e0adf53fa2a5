import Database from 'better-sqlite3';
import { once } from 'node:events';
import { Agent, type IncomingMessage, request } from 'node:http';
import { join } from 'node:path';
import { loadConfig } from '../../src/config.ts';
import { openSearch } from '../../src/app/mod.ts';
import { lastJson, run, start, temporaryFolder } from '../support/cli.ts';
import { serve } from '../support/server.ts';
import { otherPapers, needShared, PAPERS20K, queries, tenth, WHOLE, workspaceOf } from './collections.ts';
import { median, print, quantile, say } from './machine.ts';

const CLIENTS = 2;
const ROUNDS = 3;
const WARM_UP = 50;
const QUERIES = 500;
const STAGES = ['encode', 'lexical', 'dense', 'fuse', 'evidence', 'fetch'] as const;
const WITHIN_IMPORT = 4000;

interface Measured {
  readonly times: number[];
  readonly stages: Map<string, number[]>;
}

/** Reads an answer to its end; its Server-Timing header. A bare client: it shares the machine with what it measures. */
async function get(url: string, agent: Agent): Promise<string> {
  const [response]: IncomingMessage[] = await once(request(url, { agent }).end(), 'response');
  if (!response) throw new Error(`no answer from ${url}`);
  response.resume();
  await once(response, 'end');
  if (response.statusCode !== 200) throw new Error(`${response.statusCode} from ${url}`);
  return String(response.headers['server-timing'] ?? '');
}

/** Every query once, from several clients at a time; milliseconds from the request to the end of the answer. */
async function ask(url: string, texts: readonly string[], mode: string, until?: Promise<unknown>): Promise<Measured> {
  const agent = new Agent({ keepAlive: true });
  const times: number[] = [];
  const stages = new Map<string, number[]>();
  let next = 0;
  let stopped = false;
  void until?.then(() => (stopped = true));
  const client = async (): Promise<void> => {
    while (!stopped && (until !== undefined || next < texts.length)) {
      const query = texts[next % texts.length] ?? '';
      next += 1;
      // A number apart, so that no query is answered from the cache of embeddings.
      const q = encodeURIComponent(`${query} ${next}`);
      const started = performance.now();
      const timing = await get(`${url}/api/search?k=10&mode=${mode}&q=${q}`, agent);
      times.push(performance.now() - started);
      for (const [, stage, ms] of timing.matchAll(/(\w+);dur=([\d.]+)/g)) {
        if (stage) stages.set(stage, [...(stages.get(stage) ?? []), Number(ms)]);
      }
    }
  };
  await Promise.all(Array.from({ length: CLIENTS }, client));
  agent.destroy();
  return { times, stages };
}

async function benchServer(name: string, workspace: string, mode: string): Promise<void> {
  const server = await serve(['--workspace', workspace, '--quiet']);
  try {
    const all = queries();
    await ask(server.url, all.slice(-WARM_UP), mode);
    const rounds: Measured[] = [];
    for (let i = 0; i < ROUNDS; i += 1)
      rounds.push(await ask(server.url, all.slice(i * QUERIES, (i + 1) * QUERIES), mode));
    const over = (share: number) => median(rounds.map(({ times }) => quantile(times, share)));
    print({ name: `search, ${name}, ${mode}, HTTP, ${CLIENTS} clients, p50`, value: over(0.5), unit: 'ms', n: ROUNDS });
    print({
      name: `search, ${name}, ${mode}, HTTP, ${CLIENTS} clients, p99`,
      value: over(0.99),
      unit: 'ms',
      n: ROUNDS,
    });
    for (const stage of STAGES) {
      const spent = rounds.flatMap(({ stages }) => stages.get(stage) ?? []);
      print({ name: `search, ${name}, ${mode}, ${stage}, p50`, value: median(spent), unit: 'ms', n: spent.length });
    }
  } finally {
    await server.stop();
  }
}

/** Words of a query as FTS5's own OR of all of them, for comparison. */
function ftsQuery(query: string): string {
  const words = query.match(/[\p{L}\p{N}]+/gu) ?? ['x'];
  return words.map((word) => `"${word}"`).join(' OR ');
}

/** The lexical side and plain FTS5 with every word ORed, query by query in one process. */
async function benchLexical(name: string, workspace: string, count: number): Promise<void> {
  const { config } = loadConfig({ workspace });
  const search = await openSearch(config, { create: false, encoder: 'none' });
  await search.follower.catchUp();
  const db = new Database(join(workspace, 'papers.db'), { readonly: true });
  const fts = db.prepare(
    'SELECT rowid FROM papers_fts WHERE papers_fts MATCH ? ORDER BY bm25(papers_fts, 1.5, 1, 0, 0) LIMIT 1000',
  );
  const ours: number[] = [];
  const plain: number[] = [];
  for (const query of queries().slice(0, count)) {
    let started = performance.now();
    await search.engine.lexical({ query, lastWord: 'whole', filter: { clauses: [] }, k: 1000 });
    ours.push(performance.now() - started);
    started = performance.now();
    fts.all(ftsQuery(query));
    plain.push(performance.now() - started);
  }
  for (const [label, share] of [
    ['p50', 0.5],
    ['p99', 0.99],
  ] as const) {
    const [value, baseline] = [quantile(ours, share), quantile(plain, share)];
    const figure = { value, baseline, ratio: baseline / value, unit: 'ms', n: ours.length };
    print({ name: `lexical side alone against plain FTS5, ${name}, ${label}`, ...figure });
  }
  db.close();
  await search.close();
}

/** How much of the exact ten nearest the index finds. */
async function benchRecall(name: string, workspace: string): Promise<void> {
  const { config } = loadConfig({ workspace });
  const search = await openSearch(config, { create: false, encoder: 'none' });
  await search.follower.catchUp();
  const db = new Database(join(workspace, 'papers.db'), { readonly: true });
  const keys = db.prepare<[], number>('SELECT key FROM papers ORDER BY key').pluck().all();
  const asked = keys.filter((_, i) => i % 100 === 0);
  const vectors = await search.engine.vectors(keys);
  let found = 0;
  for (const [embedding] of await Promise.all(asked.map((key) => search.engine.vectors([key])))) {
    if (!embedding) continue;
    const cosines = vectors.map((vector) =>
      vector ? vector.reduce((sum, x, i) => sum + x * (embedding[i] ?? 0), 0) : -1,
    );
    const exact = keys
      .map((key, i) => ({ key, cosine: cosines[i] ?? -1 }))
      .sort((a, b) => b.cosine - a.cosine || a.key - b.key);
    const nearest = new Set(exact.slice(0, 10).map(({ key }) => key));
    const { keys: hits } = await search.engine.dense({ embedding, filter: { clauses: [] }, k: 10 });
    found += hits.filter((key) => nearest.has(key)).length / 10;
  }
  print({
    name: `dense side, recall@10 against exact, ${name}`,
    value: found / asked.length,
    unit: 'share',
    n: asked.length,
  });
  db.close();
  await search.close();
}

/** Slowest answers of a server while another process imports, against the same server idle. */
async function benchDuringImport(workspace: string): Promise<void> {
  const copy = temporaryFolder();
  const inCopy = join(copy.path, 'index');
  const backup = new Database(join(workspace, 'papers.db'), { readonly: true });
  await run(['import', '-', '--workspace', inCopy, '--no-embed'], { input: '' });
  await backup.backup(join(inCopy, 'papers.db'));
  backup.close();
  const importing = async (): Promise<void> => {
    const child = start(['import', await otherPapers(WITHIN_IMPORT), '--workspace', inCopy, '--quiet']);
    await once(child, 'close');
    if (child.exitCode !== 0) throw new Error(`the import ended with ${child.exitCode}`);
  };
  await run(['rebuild', '--workspace', inCopy]);
  const server = await serve(['--workspace', inCopy, '--quiet']);
  try {
    const all = queries();
    await ask(server.url, all.slice(-WARM_UP), 'hybrid');
    const idle = await ask(server.url, all.slice(0, 2 * QUERIES), 'hybrid');
    const busy = await ask(server.url, all, 'hybrid', importing());
    const [value, baseline] = [quantile(busy.times, 0.99), quantile(idle.times, 0.99)];
    const name = 'search, 20,000 papers, hybrid p99 during an import against idle';
    print({ name, value, baseline, ratio: value / baseline, unit: 'ms', n: busy.times.length });
  } finally {
    await server.stop();
    copy.remove();
  }
}

/** A tenth of papers20k and the whole, end to end over HTTP, recall, and a running import. */
export async function benchSearch(): Promise<void> {
  needShared();
  const small = await workspaceOf('tenth', [tenth()]);
  const large = await workspaceOf('papers20k', [PAPERS20K]);
  await benchServer('2,000 papers', small, 'hybrid');
  await benchServer('20,000 papers', large, 'hybrid');
  await benchLexical('2,000 papers', small, QUERIES);
  await benchLexical('20,000 papers', large, QUERIES);
  await benchRecall('20,000 papers', large);
  await benchDuringImport(large);
}

/** The lexical side over every paper there is, words only. */
export async function benchWhole(): Promise<void> {
  needShared();
  const whole = await workspaceOf('whole', WHOLE, '--no-embed');
  const { papers } = lastJson(await run(['stats', '--workspace', whole, '--json']));
  say(`${String(papers)} papers`);
  await benchServer(`${String(papers)} papers`, whole, 'lexical');
  await benchLexical(`${String(papers)} papers`, whole, 200);
}
