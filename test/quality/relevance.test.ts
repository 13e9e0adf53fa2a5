import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { openSearch, type Search } from '../../src/app.ts';
import { loadConfig } from '../../src/config.ts';
import type { SearchMode } from '../../src/domain/mod.ts';
import { run, temporaryFolder } from '../support/cli.ts';
import { hasShared, type Judgements, mean, ndcg, readJudged, reciprocalRank, ROOT, SHARED } from '../support/judged.ts';

const CUTOFF = 10;
// A drop of more than this is a change of relevance, not of rounding.
const TOLERANCE = 0.005;

interface Measured {
  readonly ndcg: number;
  readonly mrr: number;
  readonly success: number;
}

/** A judged set, imported with the real model and searched through the same retrieval that serves. */
function judgedSet(corpus: string, folder: string) {
  const temporary = temporaryFolder();
  const workspace = join(temporary.path, 'index');
  let search: Search | undefined;
  return {
    async open(): Promise<void> {
      const imported = await run(['import', corpus, '--workspace', workspace, '--quiet']);
      if (imported.code !== 0) throw new Error(imported.stderr);
      search = await openSearch(loadConfig({ workspace }).config, { create: false, encoder: 'load' });
      await search.follower.catchUp();
    },
    async measure(mode: SearchMode): Promise<Measured> {
      const { topics, judgements }: { topics: readonly { id: string; text: string }[]; judgements: Judgements } =
        readJudged(folder);
      const rankings = [];
      for (const { id, text } of topics) {
        const request = {
          query: text,
          k: CUTOFF,
          mode,
          filter: { clauses: [] },
          explain: false,
          lastWord: 'whole' as const,
        };
        const { hits = [] } = (await search?.retrieval.search(request)) ?? {};
        rankings.push({
          ranked: hits.map((hit) => hit.paper.id),
          judged: judgements.get(id) ?? new Map<string, number>(),
        });
      }
      const reciprocal = rankings.map(({ ranked, judged }) => reciprocalRank(ranked, judged, CUTOFF));
      return {
        ndcg: mean(rankings.map(({ ranked, judged }) => ndcg(ranked, judged, CUTOFF))),
        mrr: mean(reciprocal),
        success: mean(reciprocal.map((value) => (value > 0 ? 1 : 0))),
      };
    },
    async close(): Promise<void> {
      await search?.close();
      temporary.remove();
    },
  };
}

describe('the bundled sample library', () => {
  const sample = judgedSet(join(ROOT, 'sample', 'papers.jsonl'), join(ROOT, 'sample', 'questions'));
  beforeAll(() => sample.open());
  afterAll(() => sample.close());

  it('answers its questions as well as measured, each within the first ten', async () => {
    const { ndcg: hybrid, success } = await sample.measure('hybrid');
    expect(hybrid).toBeGreaterThanOrEqual(0.817 - TOLERANCE);
    expect(success).toBe(1);
  });

  it('puts the first answer higher with both sides than with either alone', async () => {
    const hybrid = await sample.measure('hybrid');
    expect(hybrid.mrr).toBeGreaterThan((await sample.measure('dense')).mrr);
    expect(hybrid.mrr).toBeGreaterThan((await sample.measure('lexical')).mrr);
  });
});

describe.each([
  { set: 'cacm', hybrid: 0.57, lexical: 0.486 },
  { set: 'cranfield', hybrid: 0.481, lexical: 0.427 },
])('the judged set $set (skipped where the shared data is absent)', ({ set, hybrid, lexical }) => {
  const folder = join(SHARED, 'data', 'eval', set);
  const judged = judgedSet(join(folder, 'corpus.jsonl'), folder);
  beforeAll(async () => {
    if (hasShared) await judged.open();
  });
  afterAll(() => judged.close());

  it.skipIf(!hasShared)('keeps its nDCG@10, fused and by words alone', async () => {
    expect((await judged.measure('hybrid')).ndcg).toBeGreaterThanOrEqual(hybrid - TOLERANCE);
    expect((await judged.measure('lexical')).ndcg).toBeGreaterThanOrEqual(lexical - TOLERANCE);
  });
});
