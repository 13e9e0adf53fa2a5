import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { type Encoder, openReranker } from '../../../src/encoder/mod.ts';
import type { EmbeddedEngine } from '../../../src/engine/mod.ts';
import { sentences } from '../../../src/domain/sentences.ts';
import { followStore } from '../../../src/indexing/mod.ts';
import { createRetrieval, type Retrieval } from '../../../src/retrieval/mod.ts';
import { type Paper, STAGES } from '../../../src/domain/mod.ts';
import type { Store } from '../../../src/store/mod.ts';
import { scoreOf, writeCrossEncoder } from '../../support/cross-encoder.ts';
import { paper, temporaryWorkspace } from '../../support/library.ts';
import { embedded } from '../../support/searchable.ts';

const OWLS = { abstract: 'Owls hunt voles at dusk. They hear them under the snow.', authors: ['Edda Quill'] };
const PAPERS: readonly Paper[] = [
  paper({ id: 'owl:1', title: 'Owls that hunt voles', year: 2001, ...OWLS }),
  paper({ id: 'owl:2', title: 'Owls which hunt voles', year: 2009, ...OWLS, authors: ['Noor Tal'] }),
  paper({ id: 'owl:3', title: 'Voles and owls of the north', abstract: 'Voles fear owls, and owls need voles.' }),
  paper({ id: 'moth:1', title: 'Moths at lamps', abstract: 'Moths circle lamps at night.' }),
  paper({ id: 'moth:2', title: 'Why moths circle', abstract: 'Lamps mislead moths, which keep the light above.' }),
  paper({ id: 'ice:1', title: 'Ice on rivers', abstract: 'Rivers freeze from the banks.', year: 1999 }),
];

let store: Store;
let engine: EmbeddedEngine;
let encoder: Encoder;
let close: () => Promise<void>;

beforeEach(async () => {
  ({ store, engine, encoder, close } = await embedded(PAPERS));
});
afterEach(() => close());

const request = { k: 10, mode: 'hybrid' as const, filter: { clauses: [] }, explain: false, lastWord: 'whole' as const };
const kin = { positive: [], negative: [], k: 10, filter: { clauses: [] }, explain: false };
const idsOf = ({ hits }: Awaited<ReturnType<Retrieval['search']>>): string[] => hits.map((hit) => hit.paper.id);
const relevances = ({ hits }: Awaited<ReturnType<Retrieval['search']>>): Map<string, number | undefined> =>
  new Map(hits.map(({ paper: { id }, relevance }) => [id, relevance]));

describe('search', () => {
  it('takes a word that no paper has for the nearest, and says so', async () => {
    const answer = await createRetrieval({ engine, store, encoder }).search({ ...request, query: 'mohts at lamps' });
    expect(answer.understood).toMatchObject({
      text: 'moths at lamps',
      corrections: [{ typed: 'mohts', taken: 'moths' }],
    });
    expect(idsOf(answer)[0]).toBe('moth:1');
  });

  it('puts papers of the authors it names first, in the order of the rest', async () => {
    const retrieval = createRetrieval({ engine, store, encoder });
    const query = 'moths at lamps, papers by Noor Tal';
    for (const mode of ['hybrid', 'lexical', 'dense'] as const) {
      const answer = await retrieval.search({ ...request, mode, query, explain: true });
      expect(answer.understood).toMatchObject({ text: 'moths at lamps', authors: ['Noor Tal'] });
      expect(idsOf(answer)[0]).toBe('owl:2');
      if (mode !== 'dense') expect(idsOf(answer)[1]).toBe('moth:1');
      expect(answer.hits[0]?.explanation).toMatchObject({ author: 2 });
    }
    const none = { clauses: [{ kind: 'year', from: 1900, to: 1950 }] as const };
    expect(idsOf(await retrieval.search({ ...request, query, filter: none }))).toEqual([]);
  });

  it.each(['relevance', 'recent'] as const)(
    'puts papers of the authors named before all others though none is of the year named, by %s',
    async (sort) => {
      const query = 'owls which hunt voles, Quill et al. 1950';
      const asked = { ...request, mode: 'lexical' as const, query, sort, explain: true };
      const { hits, understood } = await createRetrieval({ engine, store, encoder }).search(asked);
      expect(understood).toMatchObject({ authors: ['Quill'] });
      expect(hits).toHaveLength(PAPERS.length);
      // Newer than theirs, and nearest to the query.
      expect(hits.at(-1)?.paper.id).toBe('owl:2');
      const { author, recency = 1, lexical } = hits[0]?.explanation ?? {};
      expect(hits[0]?.score).toBeCloseTo(((author ?? 0) + (lexical?.scaled ?? 0)) * recency);
    },
  );

  it('sorts the relevant papers by date or by votes when asked, and counts these alone', async () => {
    const keyOf = (id: string): number => store.findKey(id) ?? -1;
    const retrieval = createRetrieval({
      ...{ engine, store, encoder },
      trends: (keys) => keys.map((key) => (key === keyOf('owl:1') ? 3 : 0)),
    });
    const query = 'owls hunt voles';
    const newest = await retrieval.search({ ...request, query, mode: 'lexical', sort: 'newest' });
    expect(idsOf(newest).slice(0, 2)).toEqual(['owl:2', 'owl:1']);
    expect(newest.total).toBe(newest.hits.length);
    const asked = { ...request, query, sort: 'trending', explain: true } as const;
    const trending = await retrieval.search(asked);
    expect(idsOf(trending)[0]).toBe('owl:1');
    expect(trending.hits[0]?.explanation?.trend).toBe(3);
  });

  it('sorts by relevance and date together when asked for the recent ones', async () => {
    const retrieval = createRetrieval({ engine, store, encoder });
    const query = 'owls hunting voles';
    const recent = await retrieval.search({ ...request, query, sort: 'recent', explain: true });
    const [first, second] = recent.hits;
    expect(first?.paper.id).toBe('owl:2');
    expect(first?.explanation?.recency).toBe(1);
    for (const { score, explanation } of [first, second].flatMap((hit) => hit ?? [])) {
      const { lexical = null, dense = null, recency = 1 } = explanation ?? {};
      const sides = [lexical, dense].map((side) => (side ? side.weight * side.scaled : 0));
      const stages = STAGES.map((stage) => explanation?.[stage]).map((each) => (each ? each.weight * each.value : 0));
      const sum = [...sides, ...stages].reduce((all, each) => all + each, 0);
      expect(score).toBeCloseTo(sum * recency);
    }
  });

  it('finds by both sides and shows the sentence that answers', async () => {
    const answer = await createRetrieval({ engine, store, encoder }).search({ ...request, query: 'lamps and moths' });
    expect(idsOf(answer).slice(0, 2).sort()).toEqual(['moth:1', 'moth:2']);
    expect(answer.hits[0]?.evidence?.text).toMatch(/moths/i);
    expect(answer).toMatchObject({ degraded: [], total: PAPERS.length });
    expect(answer.hits.map(({ rank }) => rank)).toEqual(answer.hits.map((_, i) => i + 1));
  });

  it('shows the sentence that means what is asked, in searches by meaning, where sentences are embedded', async () => {
    const query = 'owls at dusk';
    const { embedding: vector } = await encoder.encodeQuery(query);
    const [first = 0, second = 0] = sentences(OWLS.abstract).map(({ end }) => end);
    const { fingerprint } = engine;
    store.putSentences(
      store.pendingSentences(fingerprint, 0, 100).flatMap(({ label, abstract }) =>
        abstract === OWLS.abstract
          ? [
              {
                label,
                sentences: [
                  { start: 0, end: first, vector: vector.map((x) => -x) },
                  { start: first + 1, end: second, vector },
                ],
              },
            ]
          : [],
      ),
    );
    const retrieval = createRetrieval({ engine, store, encoder });
    const shown = async (mode: 'hybrid' | 'dense' | 'lexical') =>
      (await retrieval.search({ ...request, mode, query })).hits.find(({ paper: { id } }) => id === 'owl:1')?.evidence;
    const byMeaning = { text: 'They hear them under the snow.', start: first + 1, end: second };
    expect(await shown('hybrid')).toEqual(byMeaning);
    expect(await shown('dense')).toEqual(byMeaning);
    expect((await shown('lexical'))?.text).toBe('Owls hunt voles at dusk.');
  });

  it('answers by words alone, saying why, where there is no encoder; by meaning alone it cannot', async () => {
    const retrieval = createRetrieval({ engine, store, encoder: { unavailable: 'the model is not there' } });
    const answer = await retrieval.search({ ...request, query: 'moths' });
    expect(idsOf(answer).sort()).toEqual(['moth:1', 'moth:2']);
    expect(answer.degraded).toMatchObject([
      { part: 'dense', reason: expect.stringContaining('the model is not there') },
    ]);
    expect(answer.hits[0]?.score).toBeCloseTo(1, 6);
    const dense = retrieval.search({ ...request, query: 'moths', mode: 'dense' });
    await expect(dense).rejects.toMatchObject({ code: 'SEARCH_UNAVAILABLE' });
  });

  it('explains each score as the sum of what its sides and stages add', async () => {
    const retrieval = createRetrieval({ engine, store, encoder });
    for (const mode of ['hybrid', 'lexical', 'dense'] as const) {
      for (const query of ['owls, voles', 'how do owls hunt voles?', 'Moths circle lamps at night.']) {
        const { hits } = await retrieval.search({ ...request, query, mode, explain: true });
        expect(hits.length).toBeGreaterThan(1);
        for (const { score, explanation } of hits) {
          const { lexical = null, dense = null } = explanation ?? {};
          const sides = [lexical, dense].map((side) => (side ? side.weight * side.scaled : 0));
          const stages = STAGES.map((stage) => explanation?.[stage]).map((each) =>
            each ? each.weight * each.value : 0,
          );
          expect([...sides, ...stages].reduce((sum, each) => sum + each, 0)).toBeCloseTo(score, 5);
          expect(score).toBeLessThanOrEqual(1 + 1e-6);
        }
        const scores = hits.map(({ score }) => score);
        expect(scores).toEqual(scores.toSorted((a, b) => b - a));
      }
    }
  });

  it('leaves out the stages it is told to, and weighs the others so that a score still cannot pass 1', async () => {
    const retrieval = createRetrieval({ engine, store, encoder });
    const asked = { ...request, query: 'how do owls hunt voles?', explain: true };
    const { hits } = await retrieval.search({ ...asked, without: STAGES });
    const [first] = hits;
    expect(STAGES.filter((stage) => first?.explanation?.[stage])).toEqual([]);
    const { lexical, dense } = first?.explanation ?? {};
    expect((lexical?.weight ?? 0) + (dense?.weight ?? 0)).toBeCloseTo(1, 6);
    const without = await retrieval.search({ ...asked, without: ['feedback'] });
    expect(without.hits[0]?.explanation).not.toHaveProperty('feedback');
    expect(without.hits[0]?.explanation).toHaveProperty('coverage');
  });

  it('begins a long page as a short one', async () => {
    const retrieval = createRetrieval({ engine, store, encoder });
    const asked = { ...request, query: 'owls that hunt' };
    const [short, long] = [await retrieval.search({ ...asked, k: 3 }), await retrieval.search({ ...asked, k: 1000 })];
    expect(idsOf(long).slice(0, 3)).toEqual(idsOf(short));
  });

  it('does not live with a bug of the encoder', async () => {
    const broken: Encoder = { ...encoder, encodeQuery: () => Promise.reject(new TypeError('a bug')) };
    const answer = createRetrieval({ engine, store, encoder: broken }).search({ ...request, query: 'moths' });
    await expect(answer).rejects.toThrow(TypeError);
  });

  it('says how many papers are not embedded yet', async () => {
    store.ingest([{ source: 'zoo', paper: paper({ id: 'new:1', title: 'New beetles' }) }]);
    await followStore(store, engine, { fingerprint: engine.fingerprint, from: 0 }).catchUp();
    const answer = await createRetrieval({ engine, store, encoder }).search({ ...request, query: 'beetles' });
    expect(idsOf(answer)[0]).toBe('new:1');
    expect(answer.degraded).toMatchObject([{ part: 'embeddings', reason: expect.stringContaining('1 of 7 papers') }]);
  });

  it('encodes a query once, however often it is asked', async () => {
    let encoded = 0;
    const counting: Encoder = {
      ...encoder,
      encodeQuery: (text) => {
        encoded += 1;
        return encoder.encodeQuery(text);
      },
    };
    const retrieval = createRetrieval({ engine, store, encoder: counting });
    for (const query of ['moths', 'moths ', 'owls', 'moths']) await retrieval.search({ ...request, query });
    expect(encoded).toBe(2);
  });

  it('leaves the evidence out when told to, of searches and of related papers', async () => {
    const retrieval = createRetrieval({ engine, store, encoder });
    const asked = { ...request, query: 'owls that hunt' };
    const [told, untold] = [await retrieval.search({ ...asked, evidence: 'none' }), await retrieval.search(asked)];
    expect(told.hits).toEqual(untold.hits.map((hit) => ({ ...hit, evidence: null })));
    expect(untold.hits[0]?.evidence).not.toBeNull();
    const related = await retrieval.related({ ...kin, positive: ['moth:1'], evidence: 'none' });
    expect(related.hits.map(({ evidence }) => evidence)).toEqual(related.hits.map(() => null));
    expect(related.hits.length).toBeGreaterThan(0);
  });

  it('refuses an empty query', async () => {
    const blank = createRetrieval({ engine, store, encoder }).search({ ...request, query: ' \n' });
    await expect(blank).rejects.toMatchObject({ code: 'USAGE' });
  });
});

describe('relevance', () => {
  const query = 'owls that hunt voles at dusk';

  it('is a probability, higher for what answers better, and the same with and without an explanation', async () => {
    const retrieval = createRetrieval({ engine, store, encoder });
    const plain = await retrieval.search({ ...request, query });
    const told = plain.hits.map(({ relevance }) => relevance ?? -1);
    expect(told).toHaveLength(PAPERS.length);
    expect(told.every((each) => each > 0 && each < 1)).toBe(true);
    expect(told[0]).toBeGreaterThan(told.at(-1) ?? 1);
    expect(relevances(await retrieval.search({ ...request, query, explain: true }))).toEqual(relevances(plain));
  });

  it('is told of the paper whose id or title the query is: it is certain', async () => {
    const retrieval = createRetrieval({ engine, store, encoder });
    for (const exact of ['ice:1', 'Ice on rivers']) {
      expect((await retrieval.search({ ...request, query: exact })).hits[0]).toMatchObject({
        relevance: 1,
        paper: { id: 'ice:1' },
      });
    }
  });

  it('is what words and meaning say, whoever wrote a paper and whenever', async () => {
    const retrieval = createRetrieval({ engine, store, encoder });
    const plain = relevances(await retrieval.search({ ...request, query }));
    expect(relevances(await retrieval.search({ ...request, query, sort: 'recent' }))).toEqual(plain);
    const byAuthor = await retrieval.search({ ...request, query: `${query}, papers by Noor Tal` });
    expect(byAuthor.understood).toMatchObject({ text: query, authors: ['Noor Tal'] });
    expect(relevances(byAuthor)).toEqual(plain);
  });

  it('is not known by words or meaning alone, of papers that are not embedded, and of related ones', async () => {
    const retrieval = createRetrieval({ engine, store, encoder });
    for (const mode of ['lexical', 'dense'] as const) {
      const { hits } = await retrieval.search({ ...request, query, mode });
      expect(hits.filter((hit) => 'relevance' in hit)).toEqual([]);
    }
    const related = await retrieval.related({ ...kin, positive: ['owl:1'] });
    expect(related.hits.filter((hit) => 'relevance' in hit)).toEqual([]);
    store.ingest([{ source: 'zoo', paper: paper({ id: 'owl:4', title: 'Owls that hunt' }) }]);
    await followStore(store, engine, { fingerprint: engine.fingerprint, from: 0 }).catchUp();
    const found = relevances(await retrieval.search({ ...request, query }));
    expect([found.has('owl:4'), found.get('owl:4')]).toEqual([true, undefined]);
    expect(found.get('owl:1')).toBeGreaterThan(0);
  });
});

describe('a least relevance', () => {
  const query = 'owls that hunt voles at dusk';

  it('keeps only papers that reach it, fills the page with them, and says how many of the first it held back', async () => {
    const retrieval = createRetrieval({ engine, store, encoder });
    const all = await retrieval.search({ ...request, query });
    const minScore = all.hits[2]?.relevance ?? 1;
    const held = await retrieval.search({ ...request, query, minScore });
    expect(held.hits).toEqual(all.hits.slice(0, 3));
    expect(held).toMatchObject({ heldBack: PAPERS.length - 3, total: PAPERS.length, degraded: [] });
    expect(await retrieval.search({ ...request, query, minScore, k: 2 })).toMatchObject({ heldBack: 0 });
    expect(all).not.toHaveProperty('heldBack');

    const recent = await retrieval.search({ ...request, query, sort: 'recent' });
    const likely = recent.hits.filter(({ relevance = 0 }) => relevance >= minScore).map((hit) => hit.paper.id);
    expect(idsOf(await retrieval.search({ ...request, query, sort: 'recent', minScore }))).toEqual(likely);
  });

  it('may leave nothing, and then says so', async () => {
    const retrieval = createRetrieval({ engine, store, encoder });
    const none = await retrieval.search({ ...request, query, minScore: 1, k: 4 });
    expect(none).toMatchObject({ hits: [], heldBack: 4, total: PAPERS.length });
    const exact = await retrieval.search({ ...request, query: 'Ice on rivers', minScore: 1 });
    expect(idsOf(exact)).toEqual(['ice:1']);
  });

  it('keeps out what is not known to be relevant: papers that are not embedded', async () => {
    store.ingest([{ source: 'zoo', paper: paper({ id: 'owl:4', title: 'Owls that hunt' }) }]);
    await followStore(store, engine, { fingerprint: engine.fingerprint, from: 0 }).catchUp();
    const retrieval = createRetrieval({ engine, store, encoder });
    const held = await retrieval.search({ ...request, query, minScore: 0 });
    expect(idsOf(held).toSorted()).toEqual(PAPERS.map(({ id }) => id).toSorted());
    expect(held.heldBack).toBe(1);
  });

  it('is refused where only words or only meaning are asked', async () => {
    const retrieval = createRetrieval({ engine, store, encoder });
    for (const mode of ['lexical', 'dense'] as const) {
      const refused = retrieval.search({ ...request, query, mode, minScore: 0.5 });
      await expect(refused).rejects.toMatchObject({ code: 'USAGE', message: expect.stringContaining('hybrid') });
    }
  });

  it('holds nothing back where the encoder is not there, and says so', async () => {
    const retrieval = createRetrieval({ engine, store, encoder: { unavailable: 'the model is not there' } });
    const answer = await retrieval.search({ ...request, query, minScore: 0.9 });
    expect(answer.hits.length).toBeGreaterThan(0);
    expect(answer.heldBack).toBe(0);
    expect(answer.degraded.map(({ part }) => part)).toEqual(['dense', 'relevance']);
  });
});

describe('a search that is reranked', () => {
  it.each(['newest', 'trending'] as const)('is refused where %s is to give the order', async (sort) => {
    const asked = createRetrieval({ engine, store, encoder }).search({
      ...request,
      query: 'moths',
      sort,
      rerank: true,
    });
    await expect(asked).rejects.toMatchObject({
      code: 'USAGE',
      message: expect.stringContaining('leave out --rerank'),
    });
  });

  it('is refused where no cross-encoder is there', async () => {
    const asked = createRetrieval({ engine, store, encoder }).search({ ...request, query: 'moths', rerank: true });
    await expect(asked).rejects.toMatchObject({ code: 'NO_RERANKER' });
  });

  it('looks through as many hits whatever the page, keeps the rest after them, and explains', async () => {
    const model = join(temporaryWorkspace(), 'overlap');
    await writeCrossEncoder(model);
    const reranker = await openReranker({ model, modelsDir: 'models', allowDownload: false, threads: 1, depth: 4 });
    const retrieval = createRetrieval({ engine, store, encoder, reranker });
    const query = 'voles fear the north';
    const fused = await retrieval.search({ ...request, query, explain: true });
    const asked = { ...request, query, explain: true, rerank: true };
    const [short, long] = [await retrieval.search({ ...asked, k: 1 }), await retrieval.search(asked)];
    await reranker.close();

    expect(fused.hits[0]?.explanation).not.toHaveProperty('rerank');
    expect(idsOf(short)).toEqual(['owl:3']);
    expect(idsOf(long)[0]).toBe('owl:3');
    expect(long.hits[0]?.explanation?.rerank).toEqual({ rank: 1, score: expect.closeTo(scoreOf(1), 5) });
    expect(long.hits.slice(0, 4).map(({ explanation }) => explanation?.rerank?.rank)).toEqual([1, 2, 3, 4]);
    expect(idsOf(long).slice(4)).toEqual(idsOf(fused).slice(4));
    expect(long.hits[4]?.explanation).not.toHaveProperty('rerank');
    expect(long.times.rerank).toBeGreaterThan(0);
    expect(relevances(long)).toEqual(relevances(fused));
    expect(long.degraded).toEqual([]);
  }, 30_000);

  it('keeps its fused order where the cross-encoder fails, and says so', async () => {
    const model = join(temporaryWorkspace(), 'broken');
    await writeCrossEncoder(model, { head: 'broken' });
    const reranker = await openReranker({ model, modelsDir: 'models', allowDownload: false, threads: 1, depth: 4 });
    const retrieval = createRetrieval({ engine, store, encoder, reranker });
    const query = 'rivers of ice';
    const fused = await retrieval.search({ ...request, query });
    const answer = await retrieval.search({ ...request, query, rerank: true });
    await reranker.close();
    expect(idsOf(answer)).toEqual(idsOf(fused));
    expect(answer.degraded).toMatchObject([{ part: 'rerank', reason: expect.stringContaining('no usable score') }]);
  }, 30_000);
});

describe('related papers', () => {
  it('are kin, never the given paper nor a near-duplicate of it', async () => {
    const retrieval = createRetrieval({ engine, store, encoder });
    const answer = await retrieval.related({ ...kin, positive: ['owl:3'] });
    expect(idsOf(answer)).not.toContain('owl:3');
    expect(['owl:1', 'owl:2']).toContain(idsOf(answer)[0]);
  });

  it('fold near-duplicates into the best-ranked of them', async () => {
    store.ingest([
      {
        source: 'zoo',
        paper: paper({ id: 'moth:3', title: 'Moths at Lamps!', abstract: 'Moths again.', authors: ['Ilse Reprint'] }),
      },
    ]);
    await followStore(store, engine, { fingerprint: engine.fingerprint, from: 0 }).catchUp();
    const { hits } = await createRetrieval({ engine, store, encoder }).related({ ...kin, positive: ['moth:2'] });
    const kept = hits.filter(({ paper: { id } }) => id === 'moth:1' || id === 'moth:3');
    expect(kept).toHaveLength(1);
    expect(kept[0]?.duplicates).toHaveLength(1);
  });

  it('start from a text as well, and keep away from what is not wanted', async () => {
    const retrieval = createRetrieval({ engine, store, encoder });
    const byText = await retrieval.related({ ...kin, text: 'Moths circle lamps' });
    expect(idsOf(byText)[0]).toMatch(/^moth/);
    const away = await retrieval.related({ ...kin, positive: ['owl:1'], negative: ['moth:1'] });
    expect(idsOf(away)).not.toContain('moth:1');
  });

  it('need something to start from that is there', async () => {
    const retrieval = createRetrieval({ engine, store, encoder });
    await expect(retrieval.related(kin)).rejects.toMatchObject({ code: 'USAGE' });
    await expect(retrieval.related({ ...kin, positive: ['no:1'] })).rejects.toMatchObject({ code: 'PAPER_NOT_FOUND' });
  });
});
