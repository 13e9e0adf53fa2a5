import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { FACETS } from '../../../src/domain/mod.ts';
import { embedPendingSentences } from '../../../src/indexing/mod.ts';
import { createRetrieval, type RelatedRequest } from '../../../src/retrieval/mod.ts';
import { paper } from '../../support/library.ts';
import { type Embedded, embedded } from '../../support/searchable.ts';

const GLACIER = 'Why glaciers surge is still unknown.';
const KALMAN = 'We propose a Kalman filter that tracks a hidden state.';
const HALF = 'Results show that the error falls by half.';
const BREAD = 'It is unclear how much bread a bakery must bake.';
const INTERVIEWS = 'We conducted interviews with forty experts.';
const NOTHING = 'We find that nothing improves on guessing.';

const told = (id: string, ...sentences: string[]) =>
  paper({ id, title: `Notes, part ${id}`, abstract: sentences.join(' ') });

const PAPERS = [
  told('seed:1', GLACIER, KALMAN, HALF),
  told('seed:2', BREAD, INTERVIEWS, NOTHING),
  told('other:1', BREAD, KALMAN, NOTHING),
  told('other:2', GLACIER, INTERVIEWS, HALF),
  paper({ id: 'silent:1', title: 'Glaciers', abstract: 'Glaciers are widely used as an image of slowness.' }),
];

let parts: Embedded;

beforeEach(async () => {
  parts = await embedded(PAPERS);
});
afterEach(() => parts.close());

const embedSentences = ({ store, encoder, engine }: Embedded): Promise<number> =>
  embedPendingSentences({
    ...{ store, encoder, fingerprint: engine.fingerprint },
    ...{ signal: new AbortController().signal, onStored: () => undefined },
  });
const related = (request: Partial<RelatedRequest>) =>
  createRetrieval(parts).related({
    ...{ positive: [], negative: [], k: 10, filter: { clauses: [] }, explain: false },
    ...request,
  });

describe('the counterpart of a hit', () => {
  it.each([undefined, ...FACETS])('is the nearest sentence of the papers given, by %s', async (facet) => {
    await embedSentences(parts);
    const { hits } = await related({ positive: ['seed:1', 'seed:2'], facet });
    const tellers = hits.filter((hit) => hit.paper.id.startsWith('other:'));
    expect(tellers).toHaveLength(2);
    for (const { evidence, counterpart } of tellers) {
      // Each sentence of theirs is word for word one of a paper given.
      expect(counterpart?.text).toBe(evidence?.text);
      const given = PAPERS.find(({ id }) => id === counterpart?.paper);
      expect(given?.abstract.slice(counterpart?.start, counterpart?.end)).toBe(counterpart?.text);
    }
  });

  it('is absent where the papers given tell nothing of the facet, or hits show no sentence of it', async () => {
    await embedSentences(parts);
    const { hits } = await related({ positive: ['seed:1'], facet: 'method' });
    expect(hits.find((hit) => hit.paper.id === 'silent:1')).not.toHaveProperty('counterpart');
    const title = await related({ positive: ['silent:1'], facet: 'method' });
    for (const hit of title.hits) expect(hit).not.toHaveProperty('counterpart');
  });

  it('is absent where sentences are not embedded, where only a text is given, and where none are asked for', async () => {
    for (const hit of (await related({ positive: ['seed:1'] })).hits) expect(hit).not.toHaveProperty('counterpart');
    await embedSentences(parts);
    for (const request of [{ text: KALMAN }, { positive: ['seed:1'], evidence: 'none' as const }]) {
      for (const hit of (await related(request)).hits) expect(hit).not.toHaveProperty('counterpart');
    }
  });
});
