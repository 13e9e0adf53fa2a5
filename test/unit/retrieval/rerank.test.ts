import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { PaperJson } from '../../../src/domain/mod.ts';
import { openReranker, type Reranker } from '../../../src/encoder/mod.ts';
import { rerank } from '../../../src/retrieval/rerank.ts';
import { scoreOf, writeCrossEncoder } from '../../support/cross-encoder.ts';
import { openStore, paper, temporaryWorkspace } from '../../support/library.ts';

const ZOO = [
  paper({ id: 'moth', title: 'Moths', abstract: 'At night they circle lamps.' }),
  paper({ id: 'ice', title: 'Ice on rivers', abstract: 'Rivers freeze from the banks.' }),
  paper({ id: 'owl', title: 'Owls in snow', abstract: 'They hunt at night.' }),
  paper({ id: 'bat', title: 'Bats', abstract: 'Bats hunt at night, as owls do.' }),
];

async function open(folder: string, options: Parameters<typeof writeCrossEncoder>[1] & { depth: number }) {
  await writeCrossEncoder(folder, options);
  return openReranker({ model: folder, modelsDir: 'models', allowDownload: false, threads: 1, depth: options.depth });
}

describe('reranking', () => {
  let reranker: Reranker;
  let ranking: { readonly paper: PaperJson; readonly place: number }[];

  beforeEach(async () => {
    const workspace = temporaryWorkspace();
    const store = openStore(workspace);
    store.ingest(ZOO.map((each) => ({ source: 'zoo', paper: each })));
    const keys = ZOO.map(({ id }) => store.findKey(id) ?? 0);
    ranking = store.papers(keys).flatMap((found, place) => (found ? [{ paper: found, place }] : []));
    reranker = await open(join(workspace, 'overlap'), { depth: 3 });
  }, 30_000);
  afterEach(() => reranker.close());

  const order = (reranked: readonly { readonly place: number }[]): number[] => reranked.map(({ place }) => place);

  it('orders the first by what the cross-encoder says, and leaves the rest after them', async () => {
    const reranked = await rerank(reranker, 'owls hunt at night', ranking);
    expect(reranked.degraded).toEqual([]);
    expect(order(reranked.ranking)).toEqual([2, 0, 1, 3]);
    const [first, second, third, last] = reranked.ranking;
    expect(first?.rerank).toEqual({ rank: 1, score: expect.closeTo(scoreOf(1), 5) });
    expect(second?.rerank).toEqual({ rank: 2, score: expect.closeTo(scoreOf(0.5), 5) });
    expect(third?.rerank).toEqual({ rank: 3, score: expect.closeTo(scoreOf(0), 5) });
    expect(last).not.toHaveProperty('rerank');
  });

  it('keeps the order of equals', async () => {
    expect(order((await rerank(reranker, 'beetles', ranking)).ranking)).toEqual([0, 1, 2, 3]);
  });

  it('takes a ranking shorter than its depth, and an empty one', async () => {
    expect(order((await rerank(reranker, 'rivers', ranking.slice(0, 2))).ranking)).toEqual([1, 0]);
    expect(await rerank(reranker, 'rivers', [])).toEqual({ ranking: [], degraded: [] });
  });

  it('leaves the ranking as it is where the model fails, and says so', async () => {
    const broken = await open(join(temporaryWorkspace(), 'broken'), { head: 'broken', depth: 3 });
    const { ranking: same, degraded } = await rerank(broken, 'owls', ranking);
    await broken.close();
    expect(same).toEqual(ranking);
    expect(degraded).toEqual([{ part: 'rerank', reason: expect.stringContaining('no usable score') }]);
  }, 30_000);

  it('does not live with a bug', async () => {
    const wrong: Reranker = { ...reranker, score: () => Promise.reject(new TypeError('a bug')) };
    await expect(rerank(wrong, 'owls', ranking)).rejects.toThrow(TypeError);
  });
});
