import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { QUERY_FORMS, STAGES } from '../../../src/domain/mod.ts';
import type { Fused } from '../../../src/retrieval/fuse.ts';
import { type Pool, refine, sharesOf, type Weights, WEIGHTS } from '../../../src/retrieval/stages.ts';
import { unit } from '../../support/vectors.ts';

const NO_WEIGHTS: Weights = {
  ...{ lexical: 0, dense: 0, rest: 0, coverage: 0, nearness: 0, feedback: 0, neighbours: 0 },
};

describe('the weights of the parts', () => {
  it('sum to 1 whatever takes part, and are 0 for what does not', () => {
    fc.assert(
      fc.property(
        fc.constantFrom(...QUERY_FORMS),
        fc.constantFrom(
          { lexical: true, dense: true },
          { lexical: true, dense: false },
          { lexical: false, dense: true },
        ),
        fc.subarray([...STAGES]),
        (form, sides, without) => {
          const shares = sharesOf(WEIGHTS[form], sides, without);
          expect(Object.values(shares).reduce((sum, each) => sum + each, 0)).toBeCloseTo(1, 6);
          for (const stage of without) expect(shares[stage]).toBe(0);
          if (!sides.dense)
            expect([shares.dense, shares.rest, shares.feedback, shares.neighbours]).toEqual([0, 0, 0, 0]);
          if (!(sides.lexical && sides.dense)) expect([shares.coverage, shares.nearness]).toEqual([0, 0]);
          if (!sides.lexical) expect([shares.lexical, shares.coverage, shares.nearness]).toEqual([0, 0, 0]);
        },
      ),
    );
  });
});

/** The papers' vectors by key; nothing else is asked for by feedback and neighbours. */
const vectorsOnly = (vectors: ReadonlyMap<number, Float32Array>): Pool => ({
  vectors: async (keys) => keys.map((key) => vectors.get(key)),
  match: () => Promise.reject(new Error('not asked for')),
  cosines: () => Promise.reject(new Error('not asked for')),
});

const fusedOf = (scores: readonly number[]): Fused[] =>
  scores.map((score, i) => ({ key: i + 1, score, explanation: { lexical: null, dense: null } }));

describe('refine', () => {
  const [north, east, both] = [unit([1, 0, 0]), unit([0, 1, 0]), unit([1, 0.2, 0])];
  const asked = { text: 'owls', embedding: unit([0, 0, 1]), cosines: { best: 1, last: 0 } };

  it('feedback lifts what is like the best over what is not', async () => {
    const vectors = new Map([
      [1, north],
      [2, east],
      [3, both],
    ]);
    const weights = { ...NO_WEIGHTS, feedback: 0.4 };
    const engine = vectorsOnly(vectors);
    const found = await refine({ ...asked, fused: fusedOf([0.6, 0.1, 0.05]), weights }, engine);
    expect(found.map(({ key }) => key)).toEqual([1, 3, 2]);
    expect(found[0]?.explanation.feedback).toEqual({ value: expect.closeTo(1, 1), weight: 0.4 });
  });

  it('a paper whose neighbours score well passes one that stands alone', async () => {
    const others = Array.from({ length: 20 }, (_, i): [number, Float32Array] => [
      i + 3,
      i < 10 ? both : unit([0, 1, i]),
    ]);
    const vectors = new Map([[1, unit([0, -1, 5])], [2, north], ...others]);
    const scores = [0.5, 0.49, ...Array.from({ length: 20 }, (_, i) => (i < 10 ? 0.4 : 0.01))];
    const engine = vectorsOnly(vectors);
    const found = await refine(
      { ...asked, fused: fusedOf(scores), weights: { ...NO_WEIGHTS, neighbours: 0.3 } },
      engine,
    );
    const places = found.map(({ key }) => key);
    expect(places.indexOf(2)).toBeLessThan(places.indexOf(1));
  });

  it('a paper without an embedding keeps what it has', async () => {
    const engine = vectorsOnly(new Map([[1, north]]));
    const weights = { ...NO_WEIGHTS, feedback: 0.2, neighbours: 0.2 };
    const found = await refine({ ...asked, fused: fusedOf([0.5, 0.4]), weights }, engine);
    expect(found.find(({ key }) => key === 2)).toMatchObject({
      score: 0.4,
      explanation: { lexical: null, dense: null },
    });
  });
});
