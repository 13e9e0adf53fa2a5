import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { Facet, Paper } from '../../../src/domain/mod.ts';
import type { Encoder } from '../../../src/encoder/mod.ts';
import type { EmbeddedEngine } from '../../../src/engine/mod.ts';
import { createRetrieval, type RelatedRequest, type Retrieval } from '../../../src/retrieval/mod.ts';
import type { Store } from '../../../src/store/mod.ts';
import { paper } from '../../support/library.ts';
import { embedded } from '../../support/searchable.ts';

const PROBLEMS = {
  glacier: 'Why glaciers surge is still unknown.',
  bakery: 'It is unclear how much bread a bakery must bake.',
};
const METHODS = {
  kalman: 'We propose a Kalman filter that tracks a hidden state.',
  survey: 'We conducted interviews with forty experts.',
};
const RESULTS = {
  half: 'Results show that the error falls by half.',
  none: 'We find that nothing improves on guessing.',
};

function told(
  id: string,
  problem: keyof typeof PROBLEMS,
  method: keyof typeof METHODS,
  result: keyof typeof RESULTS,
): Paper {
  return paper({
    id,
    title: `Notes, part ${id}`,
    abstract: `${PROBLEMS[problem]} ${METHODS[method]} ${RESULTS[result]}`,
  });
}

const PAPERS: readonly Paper[] = [
  told('seed:1', 'glacier', 'kalman', 'half'),
  told('problem:1', 'glacier', 'survey', 'none'),
  told('method:1', 'bakery', 'kalman', 'none'),
  told('result:1', 'bakery', 'survey', 'half'),
  paper({ id: 'title:1', title: 'A Kalman filter for a hidden state', abstract: '' }),
  paper({ id: 'silent:1', title: 'Glaciers', abstract: 'Glaciers are widely used as an image of slowness.' }),
];

let store: Store;
let engine: EmbeddedEngine;
let encoder: Encoder;
let close: () => Promise<void>;

beforeEach(async () => {
  ({ store, engine, encoder, close } = await embedded(PAPERS));
});
afterEach(() => close());

const related = (request: Partial<RelatedRequest>, parts: { readonly encoder?: { unavailable: string } } = {}) =>
  createRetrieval({ engine, store, encoder, ...parts }).related({
    ...{ positive: [], negative: [], k: 10, filter: { clauses: [] }, explain: true },
    ...request,
  });
const idsOf = ({ hits }: Awaited<ReturnType<Retrieval['related']>>): string[] => hits.map((hit) => hit.paper.id);
const FACETS: readonly Facet[] = ['problem', 'method', 'result'];

describe('papers related by a facet', () => {
  it.each(FACETS)('share the %s first, and show the sentence that tells it', async (facet) => {
    const answer = await related({ positive: ['seed:1'], facet });
    expect(idsOf(answer)[0]).toBe(`${facet}:1`);
    const shared = { problem: PROBLEMS.glacier, method: METHODS.kalman, result: RESULTS.half };
    expect(answer.hits[0]?.evidence?.text).toBe(shared[facet]);
    expect(answer.degraded).toEqual([]);
  });

  it('have scores that are what their explanations add up to', async () => {
    const { hits } = await related({ positive: ['seed:1'], facet: 'method' });
    for (const { score, explanation } of hits) {
      const { lexical, dense, facet } = explanation ?? { lexical: null, dense: null };
      const sides = [lexical, dense].map((side) => (side ? side.weight * side.scaled : 0));
      expect(score).toBeCloseTo((sides[0] ?? 0) + (sides[1] ?? 0) + (facet ? facet.weight * facet.value : 0), 6);
    }
    expect(hits[0]?.explanation?.facet?.value).toBe(1);
  });

  it('come last where they tell nothing of it', async () => {
    const answer = await related({ positive: ['seed:1'], facet: 'method' });
    expect(idsOf(answer).slice(-2).sort()).toEqual(['silent:1', 'title:1']);
    for (const hit of answer.hits.slice(-2)) expect(hit.explanation).not.toHaveProperty('facet');
  });

  it('start from several papers, from a text, away from others, and within a filter', async () => {
    const both = await related({ positive: ['seed:1', 'problem:1'], facet: 'method' });
    expect(idsOf(both).slice(0, 2).sort()).toEqual(['method:1', 'result:1']);
    const away = await related({ positive: ['seed:1', 'problem:1'], negative: ['method:1'], facet: 'method' });
    expect(idsOf(away)[0]).toBe('result:1');
    const text = `${PROBLEMS.bakery} ${METHODS.kalman}`;
    const byText = await related({ text, facet: 'method', k: 2 });
    expect(idsOf(byText).sort()).toEqual(['method:1', 'seed:1']);
    const filter = { clauses: [{ kind: 'text' as const, value: 'bread' }] };
    expect(idsOf(await related({ positive: ['seed:1'], facet: 'problem', filter })).sort()).toEqual([
      'method:1',
      'result:1',
    ]);
  });

  it('start from the title of a paper that has no such sentence, and from a text as it is', async () => {
    expect(
      idsOf(await related({ positive: ['title:1'], facet: 'method' }))
        .slice(0, 2)
        .sort(),
    ).toEqual(['method:1', 'seed:1']);
    expect(
      idsOf(await related({ text: 'interviews', facet: 'method' }))
        .slice(0, 2)
        .sort(),
    ).toEqual(['problem:1', 'result:1']);
  });

  it('are related as a whole, saying so, where nothing given tells of the facet', async () => {
    const answer = await related({ positive: ['silent:1'], facet: 'result' });
    expect(answer.degraded).toMatchObject([{ part: 'facet', reason: expect.stringContaining('tells of a result') }]);
    expect(idsOf(answer)).toEqual(idsOf(await related({ positive: ['silent:1'] })));
  });

  it('are found by words alone, saying so, where there is no encoder', async () => {
    const answer = await related(
      { positive: ['seed:1'], facet: 'method' },
      { encoder: { unavailable: 'no model here' } },
    );
    expect(idsOf(answer)[0]).toBe('method:1');
    expect(answer.degraded).toMatchObject([{ part: 'dense', reason: expect.stringContaining('no model here') }]);
  });

  it('are found by the first twenty of many papers, saying so', async () => {
    const answer = await related({ positive: Array.from({ length: 21 }, () => 'seed:1'), facet: 'method' });
    expect(answer.degraded).toMatchObject([{ part: 'facet', reason: expect.stringContaining('first 20') }]);
  });
});
