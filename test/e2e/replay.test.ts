import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { People } from '../../src/store/mod.ts';
import { lastJson, run, temporaryFolder } from '../support/cli.ts';
import { asJsonLines, inventPapers } from '../support/invented.ts';

const folder = temporaryFolder();
afterAll(() => folder.remove());

const at = (name: string): string => join(folder.path, name);
const paperkin = (...args: string[]) =>
  run([...args, '--model', 'hashing', '--workspace', at('index')], {
    env: { PAPERKIN_EVALUATION_DIR: at('cache') },
  });

function write(name: string, lines: readonly object[]): string {
  writeFileSync(at(name), asJsonLines(lines));
  return at(name);
}

const PAPERS = inventPapers(60);
const ids = PAPERS.map(({ id }) => id);
const onSubject = (subject: string): string[] =>
  PAPERS.filter(({ title }) => title.includes(subject)).map(({ id }) => id);
const networks = onSubject('neural networks');
const reader = {
  reader: 'ada',
  liked: networks.slice(0, 3),
  candidates: ids.filter((id) => !networks.slice(0, 3).includes(id)),
  future: networks.slice(3),
};

describe('replay of readers', () => {
  beforeAll(() => {
    write(
      'corpus.jsonl',
      PAPERS.map(({ id, title, abstract }) => ({ _id: id, title, text: abstract })),
    );
  });

  it('prints the figures that scripts rely on, and writes the rankings as a run', async () => {
    const file = write('readers.jsonl', [reader, { ...reader, reader: 'bo' }]);
    const finished = await paperkin('replay', file, '--run', at('out.trec'), '--json');
    expect(finished.code, finished.stderr).toBe(0);
    const told = lastJson(finished);
    expect(Object.keys(told)).toEqual([
      ...['readers', 'ndcg@20', 'recall@100', 'auc', 'msPerReader', 'msTraining', 'msRanking'],
    ]);
    expect(told).toMatchObject({ readers: 2, 'ndcg@20': 1, 'recall@100': 1, auc: 1 });
    const lines = readFileSync(at('out.trec'), 'utf8').trim().split('\n');
    expect(lines).toHaveLength(2 * reader.candidates.length);
    expect(networks).toContain(lines[0]?.split(' ')[2]);
    expect((await paperkin('replay', file)).stdout).toMatch(/2 readers[^]*ndcg@20[^]*1\.0000/);
    const parts = ['words', 'mean', 'nearness', 'recency', 'smoothing'];
    const unranked = lastJson(await paperkin('replay', file, '--without', ...parts, '--json'));
    expect(Number(unranked['ndcg@20'])).toBeLessThan(1);
  });

  it('refuses lines that are no readers, with file and line, and flags that do not go together', async () => {
    const file = write('broken.jsonl', [reader, { reader: 'bo' }]);
    const errorOf = async (...args: string[]) => lastJson(await paperkin('replay', ...args, '--json'))['error'];
    expect(await errorOf(file)).toMatchObject({ code: 'BAD_INPUT', details: { file, line: 2 } });
    expect(await errorOf()).toMatchObject({ code: 'USAGE', message: expect.stringContaining('--mine') });
    expect(await errorOf(file, '--mine')).toMatchObject({ code: 'USAGE' });
    expect(await errorOf(file, '--person', 'ada')).toMatchObject({ code: 'USAGE' });
    expect(await errorOf('--mine', '--run', at('out.trec'))).toMatchObject({ code: 'USAGE' });
    expect(await errorOf(file, '--without', 'luck')).toMatchObject({ code: 'USAGE' });
  });
});

it('replays a person’s own history, once there is one', async () => {
  const papers = PAPERS.map((paper, i) => ({
    ...paper,
    date: `2026-01-${String(5 + Math.floor(i / 3)).padStart(2, '0')}`,
  }));
  expect((await paperkin('import', write('papers.jsonl', papers))).code).toBe(0);
  const none = lastJson(await paperkin('replay', '--mine', '--json'));
  expect(none).toMatchObject({
    person: 'me',
    weeks: 0,
    shown: null,
    why: expect.stringContaining('too little history'),
  });
  expect((await paperkin('save', ...networks)).code).toBe(0);
  // As if each had been saved on the day that it came out.
  const people = People.open(at('index'));
  const signals = people.signals(people.person());
  for (const { paper } of signals.library()) {
    const date = papers.find(({ id }) => paper.endsWith(id))?.date ?? '';
    signals.save([paper], { savedAt: `${date}T12:00:00.000Z` });
  }
  people.close();
  const told = lastJson(await paperkin('replay', '--mine', '-k', '5', '--json'));
  expect(told).toMatchObject({ k: 5, weeks: 2, why: null });
  const { feed, newest }: Record<string, number> = JSON.parse(JSON.stringify(told['shown']));
  expect(feed).toBeGreaterThan(newest ?? NaN);
  const shown = await paperkin('replay', '--mine', '-k', '5');
  expect(shown.stdout).toMatch(/2026-W03[^]*2026-W04[^]*all/);
});
