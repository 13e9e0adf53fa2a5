import { spawnSync } from 'node:child_process';
import { mkdirSync, readdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { lastJson, run, start, temporaryFolder } from '../support/cli.ts';
import { asJsonLines, inventPapers } from '../support/invented.ts';
import { evaluationSet, hasShared, SHARED } from '../support/judged.ts';

let folder: ReturnType<typeof temporaryFolder>;
let cache: string;

beforeEach(() => {
  folder = temporaryFolder();
  cache = join(folder.path, 'cache');
});
afterEach(() => folder.remove());

const environment = () => ({ env: { PAPERKIN_EVALUATION_DIR: cache } });
const paperkin = (...args: string[]) => run(args, environment());
const evaluate = (...args: string[]) => paperkin('evaluate', ...args, '--json', '--model', 'hashing');

const DOCUMENTS = inventPapers(40);

/** A set of 40 documents; each topic is the title of one, and the last has no relevant document. */
function inventedSet(name = 'invented', documents = DOCUMENTS): string {
  const path = join(folder.path, name);
  mkdirSync(join(path, 'qrels'), { recursive: true });
  const beir = documents.map(({ id, title, abstract }) => ({ _id: id, title, text: abstract }));
  writeFileSync(join(path, 'corpus.jsonl'), asJsonLines(beir));
  const queries = documents.slice(0, 6).map(({ title }, i) => ({ _id: `q${i}`, text: title }));
  writeFileSync(join(path, 'queries.jsonl'), asJsonLines(queries));
  const judged = documents.slice(0, 6).map(({ id }, i) => `q${i}\t${id}\t${i < 5 ? 2 : 0}\n`);
  writeFileSync(join(path, 'qrels', 'test.tsv'), `query-id\tcorpus-id\tscore\n${judged.join('')}`);
  return path;
}

describe('evaluate', () => {
  it('prints the figures that scripts rely on, and those of each topic when asked', async () => {
    const set = inventedSet();
    const finished = await evaluate(set, '--topics');
    expect(finished.code, finished.stderr).toBe(0);
    const { perTopic, ...told } = lastJson(finished);
    expect(Object.keys(told)).toEqual([
      ...['set', 'mode', 'as', 'topics', 'ndcg@10', 'ndcg@20', 'map', 'recall@100', 'mrr', 'success@1', 'success@10'],
      'msPerTopic',
    ]);
    expect(told).toMatchObject({ set: 'invented', mode: 'hybrid', as: 'search', topics: 5, 'recall@100': 1 });
    expect(perTopic).toHaveLength(5);
    expect(Object.keys(lastJson(await evaluate(set)))).not.toContain('perTopic');
    const shown = await paperkin('evaluate', set, '--topics', '--model', 'hashing');
    expect(shown.stdout).toContain('5 topics');
    expect(shown.stdout).toContain(DOCUMENTS[0]?.title.slice(0, 20));
  });

  it('builds the workspace once for the same content, wherever it lies, and anew for another', async () => {
    const set = inventedSet();
    await evaluate(set);
    const [built = ''] = readdirSync(cache);
    const before = readFileSync(join(cache, built, 'workspace.json'), 'utf8');
    renameSync(set, join(folder.path, 'moved'));
    await evaluate(join(folder.path, 'moved'));
    expect(readdirSync(cache)).toEqual([built]);
    expect(readFileSync(join(cache, built, 'workspace.json'), 'utf8')).toBe(before);
    await evaluate(inventedSet('other', inventPapers(40, 2)));
    expect(readdirSync(cache)).toHaveLength(2);
  });

  it('goes on with a build that was killed', async () => {
    const set = inventedSet('large', inventPapers(4000));
    const child = start(['evaluate', set, '--json', '--model', 'hashing'], environment());
    const gone = new Promise((resolve) => child.once('close', resolve));
    const partial = (): boolean => {
      try {
        return readdirSync(cache).some((name) => name.endsWith('.partial'));
      } catch {
        return false;
      }
    };
    while (!partial() && child.exitCode === null) await new Promise((resolve) => setTimeout(resolve, 5));
    child.kill('SIGKILL');
    await gone;
    expect(readdirSync(cache)).toEqual([expect.stringMatching(/\.partial$/)]);
    expect(lastJson(await evaluate(set))).toMatchObject({ topics: 5 });
    expect(readdirSync(cache)).toEqual([expect.not.stringMatching(/\.partial$/)]);
  });

  it('ranks judged documents alone, takes topics for papers, and reads the documents from elsewhere', async () => {
    const set = inventedSet();
    const out = join(folder.path, 'out.trec');
    expect(lastJson(await evaluate(set, '--candidates', 'judged', '--run', out))).toMatchObject({ map: 1, mrr: 1 });
    expect(
      readFileSync(out, 'utf8')
        .trim()
        .split('\n')
        .map((line) => line.split(' ')[2]),
    ).toEqual(DOCUMENTS.slice(0, 5).map(({ id }) => id));
    expect(lastJson(await evaluate(set, '--as', 'related', '-k', '20'))).toMatchObject({ as: 'related', topics: 5 });
    const elsewhere = join(folder.path, 'documents.jsonl');
    renameSync(join(set, 'corpus.jsonl'), elsewhere);
    expect(lastJson(await evaluate(set, '--corpus', elsewhere, '--mode', 'lexical'))).toMatchObject({
      mode: 'lexical',
    });
    const finished = await evaluate(set);
    expect([finished.code, lastJson(finished)]).toMatchObject([3, { error: { code: 'FILE_NOT_FOUND' } }]);
  });

  it('finds a judged document under the paper it was merged into or whose id it writes another way', async () => {
    const set = inventedSet();
    const twin = {
      _id: 'twin',
      title: 'Owls of the north',
      text: 'Owls hunt voles at dusk under the snow of the north.',
    };
    writeFileSync(
      join(set, 'corpus.jsonl'),
      asJsonLines([
        { ...twin, _id: '10.1000/OWL' },
        { ...twin, _id: 'moth' },
      ]),
    );
    writeFileSync(join(set, 'queries.jsonl'), asJsonLines([{ _id: 'q', text: 'owls of the north' }]));
    writeFileSync(join(set, 'qrels', 'test.tsv'), 'q\t10.1000/OWL\t1\nq\tmoth\t1\n');
    const out = join(folder.path, 'out.trec');
    expect(lastJson(await evaluate(set, '--run', out))).toMatchObject({ 'recall@100': 1, map: 1 });
    expect(readFileSync(out, 'utf8').trim().split('\n')).toHaveLength(2);
  });

  it('refuses what cannot be measured', async () => {
    const set = inventedSet();
    const codeOf = async (...args: string[]) => lastJson(await evaluate(set, ...args))['error'];
    expect(await codeOf('--as', 'related', '--mode', 'dense')).toMatchObject({ code: 'USAGE' });
    expect(await codeOf('-k', '1001')).toMatchObject({ code: 'USAGE' });
    expect(await codeOf('--candidates', 'some')).toMatchObject({ code: 'USAGE' });
    const other = join(folder.path, 'other.jsonl');
    writeFileSync(other, asJsonLines(inventPapers(3, 9)));
    expect(await codeOf('--corpus', other)).toMatchObject({
      code: 'USAGE',
      message: expect.stringContaining('none of the documents'),
    });
    writeFileSync(join(set, 'qrels', 'test.tsv'), 'q0 x 1\n');
    expect(await codeOf()).toMatchObject({ code: 'BAD_INPUT', details: { line: 1 } });
  });
});

describe('compare', () => {
  it('says where two runs differ', async () => {
    const set = inventedSet();
    const [a, b] = [join(folder.path, 'a.trec'), join(folder.path, 'b.trec.gz')];
    await evaluate(set, '--mode', 'dense', '--run', a);
    await evaluate(set, '--run', b);
    const judged = ['--qrels', join(set, 'qrels', 'test.tsv'), '--queries', join(set, 'queries.jsonl')];
    const told = lastJson(await paperkin('compare', a, b, ...judged, '--json'));
    expect(told).toMatchObject({ a, b, topics: 5, metric: 'ndcg@10' });
    expect(Object.keys(Object(told['metrics']))).toContain('recall@100');
    expect((await paperkin('compare', a, a, ...judged)).stdout).toContain('5 topics');
    expect((await paperkin('compare', a, b)).code).toBe(2);
    writeFileSync(a, 'q0 Q0 x 1\n');
    const broken = await paperkin('compare', a, b, ...judged, '--json');
    expect([broken.code, lastJson(broken)]).toMatchObject([3, { error: { code: 'BAD_INPUT', details: { line: 1 } } }]);
  });
});

it.skipIf(!hasShared)('scores cacm as pytrec_eval does (skipped where the shared data is absent)', async () => {
  const out = join(folder.path, 'cacm.trec');
  const told = lastJson(await evaluate(evaluationSet('cacm'), '--run', out));
  const script = join(SHARED, 'tools', 'score_run.py');
  const qrels = join(evaluationSet('cacm'), 'qrels', 'test.tsv');
  const { stdout, stderr } = spawnSync('python3', [script, qrels, out], { encoding: 'utf8' });
  // Without pytrec_eval there is nothing to hold the figures to; unit tests say so.
  if (stderr.includes('pytrec_eval')) return;
  const found: Record<string, number> = JSON.parse(stdout);
  for (const [ours, theirs] of [
    ['ndcg@10', 'ndcg_cut_10'],
    ['ndcg@20', 'ndcg_cut_20'],
    ['map', 'map'],
    ['recall@100', 'recall_100'],
  ] as const) {
    // prettier-ignore
    expect(Math.abs(Number(told[ours]) - (found[theirs] ?? NaN)), ours).toBeLessThanOrEqual(1e-4);
  }
});
