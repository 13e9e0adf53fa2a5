import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { gunzipSync } from 'node:zlib';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { loadConfig } from '../../src/config.ts';
import { importCorpus, readReaders, replay } from '../../src/evaluation/mod.ts';
import { seeded } from '../../src/domain/seeded.ts';
import { openSearch, type Search, withWriting } from '../../src/app/mod.ts';
import { temporaryFolder } from '../support/cli.ts';
import { asJsonLines } from '../support/invented.ts';
import { evaluationSet, hasShared } from '../support/judged.ts';

/** Every fifth of the 300 readers. */
const EACH = 5;
/** Of papers that none of them likes, a fifth is kept: embedding all 20,000 takes minutes. */
const KEPT = 0.2;
const SEED = 6;
/** What ties and the order of sums may move; a drop of more is one of the ranking. */
const TOLERANCE = 0.005;

const linesOf = (path: string): string[] => gunzipSync(readFileSync(path)).toString('utf8').trim().split('\n');

/** Sixty readers with fewer candidates, and the papers that they need, as files beside each other; the path of the readers'. */
async function sample(folder: string): Promise<string> {
  const from = evaluationSet('papers20k');
  const readers = (await readReaders(join(from, 'readers.jsonl.gz'))).filter((_, i) => i % EACH === 0);
  const needed = new Set(readers.flatMap(({ liked, future }) => [...liked, ...future]));
  const next = seeded(SEED);
  const kept = new Set<string>();
  const documents = linesOf(join(from, 'corpus.jsonl.gz')).filter((line) => {
    const { _id: id }: { readonly _id: string } = JSON.parse(line);
    // Drawn for each, so that other readers change nothing about the rest.
    const isDrawn = next() < KEPT;
    if (isDrawn || needed.has(id)) kept.add(id);
    return kept.has(id);
  });
  writeFileSync(join(folder, 'corpus.jsonl'), documents.map((line) => `${line}\n`).join(''));
  const lines = readers.map(({ id, liked, candidates, future }) => ({
    ...{ reader: id, liked, future },
    candidates: candidates.filter((paper) => kept.has(paper)),
  }));
  writeFileSync(join(folder, 'readers.jsonl'), asJsonLines(lines));
  return join(folder, 'readers.jsonl');
}

describe('sixty readers of papers20k, with a fifth of the papers (skipped where the shared data is absent)', () => {
  const temporary = temporaryFolder();
  const { signal } = new AbortController();
  let search: Search | undefined;
  let readers = '';

  beforeAll(async () => {
    if (!hasShared) return;
    readers = await sample(temporary.path);
    const { config } = loadConfig({ workspace: join(temporary.path, 'index') });
    await withWriting(config, { waitMs: 0 }, async ({ parts }) => {
      const corpus = [join(temporary.path, 'corpus.jsonl')];
      await importCorpus(corpus, parts, { signal, onProgress: () => undefined });
    });
    search = await openSearch(config, { create: false, encoder: 'none' });
    await search.follower.catchUp();
    // Some 5,300 papers: a minute on two cores that have nothing else to do.
  }, 600_000);
  afterAll(async () => {
    await search?.close();
    temporary.remove();
  });

  it.skipIf(!hasShared)('get what they came to want as far ahead as measured', async () => {
    if (!search) throw new Error('the search is not open');
    const { mean, missing } = await replay(search, await readReaders(readers), { signal });
    expect(missing).toEqual([]);
    expect(mean.ndcg20).toBeGreaterThanOrEqual(0.566 - TOLERANCE);
    expect(mean.auc).toBeGreaterThanOrEqual(0.891 - TOLERANCE);
  });
});
