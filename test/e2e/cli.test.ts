import type { ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import Database from 'better-sqlite3';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { hitIds, lastJson, run, start, temporaryFolder } from '../support/cli.ts';
import { asJsonLines, inventPapers } from '../support/invented.ts';
import { hasShared, SHARED } from '../support/judged.ts';

let folder: ReturnType<typeof temporaryFolder>;
let workspace: string;

beforeEach(() => {
  folder = temporaryFolder();
  workspace = join(folder.path, 'index');
});
afterEach(() => folder.remove());

const HASHING = ['--model', 'hashing'];

function file(name: string, content: string | Uint8Array): string {
  const path = join(folder.path, name);
  writeFileSync(path, content);
  return path;
}

const paperkin = (command: string, ...args: string[]) => run([command, '--workspace', workspace, ...args]);

/** Waits until a program has said something on standard error. */
function said({ stderr }: ChildProcess, words: RegExp): Promise<void> {
  return new Promise((resolve, reject) => {
    let text = '';
    stderr?.on('data', (chunk: Buffer) => {
      text += chunk.toString();
      if (words.test(text)) resolve();
    });
    stderr?.on('end', () => reject(new Error(`it never said ${words}: ${text}`)));
  });
}

async function imported(count = 50): Promise<void> {
  const path = file('papers.jsonl', asJsonLines(inventPapers(count)));
  expect((await paperkin('import', path, ...HASHING)).code).toBe(0);
}

describe('import', () => {
  it('prints the summary that scripts rely on as the last line', async () => {
    const path = file('mine.jsonl', `${asJsonLines(inventPapers(3))}{"title": 7}\n`);
    const finished = await paperkin('import', path, '--json', ...HASHING);
    expect(finished.code).toBe(0);
    expect(lastJson(finished)).toEqual({
      added: 3,
      updated: 0,
      unchanged: 0,
      merged: 0,
      rejected: [{ file: path, line: 4, field: 'title', reason: expect.stringContaining('title') }],
      rejectedTotal: 1,
      seconds: expect.any(Number),
    });
  });

  it('reads gzip by content and BEIR corpora by shape, whatever the file is called', async () => {
    const beir = inventPapers(5, 2).map(({ id, title, abstract }) => ({ _id: id, title, text: abstract }));
    const path = file('no-ending', gzipSync(asJsonLines(beir)));
    expect(lastJson(await paperkin('import', path, '--json', ...HASHING))).toMatchObject({ added: 5, rejected: [] });
    const shown = lastJson(await paperkin('show', 'invented:2-3', '--json'));
    expect(shown).toMatchObject({ id: 'invented:2-3', title: beir[3]?.title, sources: ['no-ending'] });
  });

  it('reads standard input', async () => {
    const args = ['import', '-', '--json', '--workspace', workspace, ...HASHING];
    const finished = await run(args, { input: asJsonLines(inventPapers(4)) });
    expect(lastJson(finished)).toMatchObject({ added: 4 });
  });

  it('counts updated, unchanged and merged, and embeds a text that comes back no second time', async () => {
    const paper = { ...inventPapers(1)[0], doi: '10.1000/xyz' };
    const first = file('a.jsonl', asJsonLines([paper]));
    const edited = file('b.jsonl', asJsonLines([{ ...paper, abstract: 'Another text altogether.' }]));
    const twin = file('c.jsonl', asJsonLines([{ ...paper, id: 'elsewhere:1' }]));
    const source = ['--source', 'mine', '--json', ...HASHING];
    expect(lastJson(await paperkin('import', first, ...source))).toMatchObject({ added: 1 });
    expect(lastJson(await paperkin('import', first, ...source))).toMatchObject({ unchanged: 1 });
    expect(lastJson(await paperkin('import', edited, ...source))).toMatchObject({ updated: 1 });
    expect(lastJson(await paperkin('import', first, ...source))).toMatchObject({ updated: 1 });
    expect(lastJson(await paperkin('import', twin, ...source))).toMatchObject({ merged: 1 });
    const db = new Database(join(workspace, 'papers.db'), { readonly: true });
    expect(db.prepare('SELECT count(*) FROM embeddings').pluck().get()).toBe(2);
    db.close();
    expect(lastJson(await paperkin('show', 'elsewhere:1', '--json'))).toMatchObject({
      id: 'elsewhere:1',
      aliases: ['invented:1-0'],
    });
  });

  it('stops at the first bad line with nothing written when strict, and says which', async () => {
    const path = file('bad.jsonl', `${asJsonLines(inventPapers(400))}nonsense\n`);
    const finished = await paperkin('import', path, '--strict', '--json', ...HASHING);
    expect(finished.code).toBe(3);
    expect(finished.stderr).toContain(`${path}, line 401`);
    expect(lastJson(await paperkin('stats', '--json'))).toMatchObject({ papers: 0 });
  });

  it('keeps what came before the damage of a broken gzip, and exits with 3', async () => {
    const whole = gzipSync(asJsonLines(inventPapers(3000)));
    const path = file('cut.jsonl.gz', whole.subarray(0, Math.floor(whole.length * 0.6)));
    const finished = await paperkin('import', path, '--json', ...HASHING);
    expect(finished.code).toBe(3);
    const { added, error } = lastJson(finished);
    expect(Number(added)).toBeGreaterThan(500);
    expect(error).toMatchObject({ code: 'BAD_INPUT' });
    expect(lastJson(await paperkin('stats', '--json'))).toMatchObject({ papers: added, pending: 0 });
  });

  it('finishes the batch, saves and exits with 130 on Ctrl-C, and goes on when run again', async () => {
    const all = inventPapers(1500);
    const flags = ['--workspace', workspace, '--source', 'many', '--json', '--progress', 'json', ...HASHING];
    // What is left to read comes only when the signal has arrived, so that it always does in the middle.
    const child = start(['import', '-', ...flags]);
    child.stdin?.on('error', () => undefined);
    child.stdin?.write(asJsonLines(all.slice(0, 750)));
    await said(child, /"added":[1-9]/);
    child.kill('SIGINT');
    await said(child, /stopping after the batch/);
    child.stdin?.end(asJsonLines(all.slice(750)));
    await once(child, 'close');
    expect(child.exitCode).toBe(130);
    const { papers } = lastJson(await paperkin('stats', '--json'));
    expect(Number(papers)).toBeGreaterThan(0);
    expect(Number(papers)).toBeLessThan(all.length);
    const again = lastJson(await run(['import', file('many.jsonl', asJsonLines(all)), ...flags]));
    expect(again).toMatchObject({ unchanged: papers, added: all.length - Number(papers) });
  });

  it('refuses a second writer with exit code 5 while the first is at work', async () => {
    const path = file('many.jsonl', asJsonLines(inventPapers(20_000)));
    const child = start(['import', path, '--workspace', workspace, '--progress', 'json', ...HASHING]);
    if (child.stderr) await once(child.stderr, 'data');
    const second = await paperkin('import', path, ...HASHING);
    child.kill('SIGKILL');
    await once(child, 'close');
    expect(second.code).toBe(5);
    expect(second.stderr).toContain('another program is writing');
  });

  it('takes a query of 100 kB with the model loaded', async () => {
    await paperkin('import', file('few.jsonl', asJsonLines(inventPapers(3))), '--json');
    const found = await paperkin('search', 'owls '.repeat(20_000), '--json');
    expect(found.code).toBe(0);
    expect(lastJson(found)).toMatchObject({ degraded: [] });
  });

  it('says what is wrong with a file it cannot read or recognise', async () => {
    const missing = await paperkin('import', join(folder.path, 'absent.jsonl'), ...HASHING);
    expect([missing.code, missing.stderr]).toEqual([3, expect.stringContaining('absent.jsonl')]);
    const strange = await paperkin('import', file('x.bin', Buffer.from([1, 2, 3, 250, 0, 7])), ...HASHING);
    expect([strange.code, strange.stderr]).toEqual([3, expect.stringContaining('--format')]);
  });

  it.skipIf(!hasShared)('reads the plain listing of a papers page: 55 papers and no furniture', async () => {
    const listing = join(SHARED, 'data', 'seed-listing.txt');
    const finished = await paperkin('import', listing, '--json', ...HASHING);
    expect(lastJson(finished)).toMatchObject({ added: 55, rejected: [] });
    const found = lastJson(
      await paperkin('search', 'signed barcodes measures', '--mode', 'lexical', '-k', '1', '--json'),
    );
    const title = 'Stable Vectorization of Multiparameter Persistent Homology using Signed Barcodes as Measures';
    expect(found).toMatchObject({ hits: [{ paper: { title } }] });
  });
});

describe('search, related and show', () => {
  it('answers with the shape that scripts rely on', async () => {
    await imported();
    const finished = await paperkin('search', 'graph colouring', '-k', '2', '--json', '--explain');
    expect(finished.code).toBe(0);
    const side = () => ({
      rank: expect.any(Number),
      score: expect.any(Number),
      scaled: expect.any(Number),
      weight: expect.any(Number),
    });
    expect(lastJson(finished)).toMatchObject({
      query: 'graph colouring',
      mode: 'hybrid',
      tookMs: expect.any(Number),
      total: 50,
      degraded: [],
      hits: [
        {
          rank: 1,
          score: expect.any(Number),
          paper: { id: expect.any(String), ids: {}, title: expect.any(String), year: expect.any(Number), date: null },
          evidence: { text: expect.any(String), start: expect.any(Number), end: expect.any(Number) },
          explanation: { lexical: side(), dense: side() },
        },
        { rank: 2 },
      ],
    });
  });

  it('gives exactly k hits under a filter whenever k papers match it', async () => {
    await imported(300);
    for (const filter of ['category:gr-qc', 'year>=2000 category:cs.LG', 'author:"Ada Author7"', '-category:cs']) {
      const all = lastJson(await paperkin('search', 'neural networks', '--filter', filter, '-k', '300', '--json'));
      const matching = Number(all['total']);
      const few = lastJson(await paperkin('search', 'neural networks', '--filter', filter, '-k', '5', '--json'));
      expect(few['hits'], filter).toHaveLength(Math.min(5, matching));
      expect(all['hits'], filter).toHaveLength(matching);
    }
  });

  it('points at the column of a mistake in a filter', async () => {
    await imported(1);
    const finished = await paperkin('search', 'x', '--filter', 'year>=2020 colour:red', '--json');
    expect(finished.code).toBe(2);
    expect(lastJson(finished)).toMatchObject({ error: { code: 'INVALID_FILTER', details: { column: 12 } } });
  });

  it('finds kin of papers and of a text, never the given ones', async () => {
    await imported();
    const ids = ['invented:1-3', 'invented:1-8'];
    const finished = await paperkin('related', ...ids, '--not', 'invented:1-5', '-k', '20', '--json');
    const found = hitIds(finished);
    expect(found).toHaveLength(20);
    for (const id of [...ids, 'invented:1-5']) expect(found).not.toContain(id);
    const byText = await paperkin('related', '--text', 'black holes and message passing', '-k', '3', '--json');
    expect(lastJson(byText)['hits']).toHaveLength(3);
    const byFacet = await paperkin('related', ...ids, '--facet', 'method', '-k', '5', '--explain', '--json');
    expect(hitIds(byFacet)).toHaveLength(5);
    const refused = await paperkin('related', ...ids, '--facet', 'colour');
    expect([refused.code, refused.stderr]).toEqual([2, expect.stringContaining('problem, method, result')]);
  });

  it('survives any query: quotes, operators, emoji, control characters, ten thousand characters', async () => {
    await imported(20);
    const queries = [
      'a AND OR NOT (',
      'NEAR(x, 3) *',
      'owls 🙂🙂',
      "'; DROP TABLE papers",
      'x'.repeat(10_000),
      '\\u0000',
    ];
    for (const query of queries) {
      const finished = await paperkin('search', '--json', '--', query);
      expect(finished.code, query.slice(0, 40)).toBe(0);
    }
    for (const signs of ['"', '🙂🙂', '-']) {
      const refused = await paperkin('search', '--json', '--', signs);
      expect([refused.code, refused.stderr], signs).toEqual([2, expect.stringContaining('say in words')]);
    }
  });

  it('reads phrases, exclusions and fields, and says so; what leaves nothing to look for is wrong usage', async () => {
    await imported(20);
    const finished = await paperkin('search', '"graph colouring" -survey title:part year>=1900');
    expect(finished.stdout.split('\n')[0]).toBe(
      'understood: graph colouring part; only papers with text:"graph colouring" -text:survey title:part year>=1900',
    );
    const plain = await paperkin('search', 'graph colouring');
    expect(plain.stdout).not.toContain('understood');
    const nothing = await paperkin('search', '--json', '--', '-survey -year:2020');
    expect([nothing.code, nothing.stderr]).toEqual([2, expect.stringContaining('add words to look for')]);
  });

  it('keeps out what is less likely to be relevant than --min-score, and never in silence', async () => {
    await imported(30);
    const all = await paperkin('search', 'graph colouring', '-k', '4');
    expect(all.stdout).not.toMatch(/held back|probably/);
    expect((await paperkin('search', 'graph colouring', '-k', '4', '--explain')).stdout).toMatch(
      /probably relevant: [01]\.\d\d\n/,
    );
    const none = await paperkin('search', 'graph colouring', '-k', '4', '--min-score', '1');
    expect(none.code).toBe(0);
    expect(none.stdout).toMatch(/^held back: 4 papers whose relevance is below 1 or not known\n0 of 30 papers/);
    const json = lastJson(await paperkin('search', 'graph colouring', '-k', '4', '--min-score', '0', '--json'));
    expect(json).toMatchObject({ heldBack: 0, hits: [{ relevance: expect.any(Number) }, {}, {}, {}] });
    for (const wrong of ['2', '-1', 'half', '']) {
      const finished = await paperkin('search', 'x', `--min-score=${wrong}`);
      expect([finished.code, finished.stderr]).toEqual([2, expect.stringContaining('from 0 to 1')]);
    }
    const lexical = await paperkin('search', 'x', '--mode', 'lexical', '--min-score', '.5');
    expect([lexical.code, lexical.stderr]).toEqual([2, expect.stringContaining('mode hybrid')]);
  });

  it('exits with 4 for an unknown paper and 5 where there is no workspace', async () => {
    expect((await paperkin('show', 'arXiv:1234.56789')).code).toBe(5);
    await imported(1);
    expect((await paperkin('show', 'arXiv:1201.00001')).code).toBe(4);
    expect((await paperkin('related', 'arXiv:1201.00001')).code).toBe(4);
  });
});

describe('the workspace', () => {
  it('explains what to do when it was made with another model, and reindex does it', async () => {
    await imported(10);
    const other = await paperkin('search', 'graph', '--model', 'paperkin-minilm', '--json');
    expect(other.code).toBe(5);
    expect(lastJson(other)).toMatchObject({ error: { code: 'MODEL_MISMATCH' } });
    expect(other.stderr).toContain('paperkin reindex');
    const reindexed = await paperkin('reindex', '--model', 'paperkin-minilm', '--json');
    expect(lastJson(reindexed)).toMatchObject({ model: 'paperkin-minilm', embedded: 10 });
    const found = await paperkin('search', 'graph colouring', '--json', '-k', '3');
    expect(lastJson(found)).toMatchObject({ degraded: [] });
    expect((await paperkin('doctor')).code).toBe(0);
  });

  it('searches lexically without any model', async () => {
    await imported(10);
    const found = await paperkin('search', 'part 4', '--mode', 'lexical', '--json', '--models-dir', folder.path);
    expect(lastJson(found)).toMatchObject({ mode: 'lexical', hits: expect.arrayContaining([]) });
    expect(found.code).toBe(0);
  });

  it('is refused, unchanged, when a newer program wrote it', async () => {
    await imported(2);
    const path = join(workspace, 'workspace.json');
    const newer = readFileSync(path, 'utf8').replace(/"version": \d+/, '"version": 99');
    writeFileSync(path, newer);
    const finished = await paperkin('search', 'x');
    expect([finished.code, finished.stderr]).toEqual([5, expect.stringContaining('newer Paperkin')]);
    expect(readFileSync(path, 'utf8')).toBe(newer);
  });

  it('answers the same after its index files were lost or damaged, and rebuild makes them again', async () => {
    await imported(200);
    const ask = async () => hitIds(await paperkin('search', 'tree search', '--json'));
    const before = await ask();
    for (const name of ['vectors.hnsw', 'postings.bin']) writeFileSync(join(workspace, name), 'damaged');
    expect(await ask()).toEqual(before);
    const examined = await paperkin('doctor', '--json');
    expect(lastJson(examined)).toMatchObject({ ok: true, problems: [{ part: 'postings' }, { part: 'graph' }] });
    expect((await paperkin('rebuild')).code).toBe(0);
    expect(lastJson(await paperkin('doctor', '--json'))).toMatchObject({ ok: true, problems: [] });
    expect(await ask()).toEqual(before);
  });

  it('is found damaged by doctor with exit code 5 when rows are missing', async () => {
    await imported(5);
    const db = new Database(join(workspace, 'papers.db'));
    db.pragma('foreign_keys = OFF');
    db.exec('DELETE FROM paper_ids WHERE key = 2');
    db.close();
    const finished = await paperkin('doctor', '--json');
    expect(finished.code).toBe(5);
    expect(lastJson(finished)).toMatchObject({ ok: false });
  });
});

describe('usage', () => {
  it('exits with 2 for an unknown command, flag, mode or setting and names the nearest', async () => {
    expect((await run(['serch', 'x'])).code).toBe(2);
    expect((await run(['search', 'x', '--filtre', 'y'])).stderr).toContain('--filter');
    expect((await paperkin('search', 'x', '--mode', 'fuzzy')).code).toBe(2);
    expect((await paperkin('search', 'x', '-k', '0')).code).toBe(2);
    const setting = await run(['config'], { env: { PAPERKIN_WORKSPCE: 'x' } });
    expect([setting.code, setting.stderr]).toEqual([2, expect.stringContaining('PAPERKIN_WORKSPACE')]);
  });

  it('takes settings from flags over environment over file, and says which', async () => {
    file('paperkin.config.json', JSON.stringify({ port: 1111, host: '127.0.0.2', threads: 1 }));
    const env = { PAPERKIN_PORT: '2222', PAPERKIN_HOST: '127.0.0.3' };
    const finished = await run(['config', '--json', '--threads', '2'], { cwd: folder.path, env });
    expect(lastJson(finished)).toMatchObject({
      port: { value: 2222, origin: 'environment' },
      threads: { value: 2, origin: 'flag' },
      host: { value: '127.0.0.3', origin: 'environment' },
      model: { origin: 'default' },
    });
  });

  it('does not mind a reader that closes early', async () => {
    await imported(300);
    const child = start(['search', 'neural', '-k', '300', '--workspace', workspace]);
    child.stdout?.once('data', () => child.stdout?.destroy());
    await once(child, 'close');
    expect([child.exitCode, child.signalCode]).toEqual([0, null]);
  });
});
