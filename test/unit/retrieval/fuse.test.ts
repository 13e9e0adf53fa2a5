import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Candidates } from '../../../src/engine/contract.ts';
import { fuse } from '../../../src/retrieval/fuse.ts';

function candidates(scores: Readonly<Record<number, number>>, total?: number): Candidates {
  const ranked = Object.entries(scores).sort(([, a], [, b]) => b - a);
  return {
    keys: Int32Array.from(ranked, ([key]) => Number(key)),
    scores: Float32Array.from(ranked, ([, score]) => score),
    total: total ?? ranked.length + 1,
  };
}

describe('fusion', () => {
  it('adds the weighted scaled scores of both sides, best first', () => {
    const lexical = { candidates: candidates({ 1: 10, 2: 5, 3: 0 }), weight: 0.6, depth: 1000 };
    const dense = { candidates: candidates({ 2: 0.9, 4: 0.6, 1: 0.5 }), weight: 0.4, depth: 1000 };
    const fused = fuse({ lexical, dense });
    expect(fused.map(({ key }) => key)).toEqual([2, 1, 4, 3]);
    expect(fused.map(({ score }) => Number(score.toFixed(3)))).toEqual([0.7, 0.6, 0.1, 0]);
  });

  it('explains each score by the parts it is the sum of, with ranks from 1', () => {
    const lexical = { candidates: candidates({ 7: 4, 8: 2, 9: 1 }), weight: 0.6, depth: 1000 };
    const dense = { candidates: candidates({ 9: 0.8, 5: 0.1 }), weight: 0.4, depth: 1000 };
    for (const { key, score, explanation } of fuse({ lexical, dense })) {
      const parts = [explanation.lexical, explanation.dense];
      const sum = parts.reduce((total, side) => total + (side ? side.weight * side.scaled : 0), 0);
      expect(score, String(key)).toBeCloseTo(sum, 6);
    }
    const [first] = fuse({ dense });
    expect(first?.explanation).toMatchObject({ lexical: null, dense: { rank: 1, scaled: 1, weight: 0.4 } });
  });

  it('counts having no word of the query as 0 where every paper that has one is a candidate', () => {
    const few = candidates({ 1: 8, 2: 6 }, 2);
    const cut = candidates({ 1: 8, 2: 6 }, 50);
    const scoreOfSecond = (side: Candidates): number | undefined =>
      fuse({ lexical: { candidates: side, weight: 1, depth: 1000 } }).find(({ key }) => key === 2)?.score;
    expect(scoreOfSecond(few)).toBeCloseTo(0.75, 6);
    expect(scoreOfSecond(cut)).toBe(0);
  });

  it('prefers the older paper where scores are equal, and answers with nothing to no candidates', () => {
    const tied = { candidates: candidates({ 9: 1, 3: 1, 5: 1 }), weight: 1, depth: 1000 };
    expect(fuse({ dense: tied }).map(({ key }) => key)).toEqual([3, 5, 9]);
    expect(fuse({})).toEqual([]);
    expect(fuse({ lexical: { candidates: candidates({}, 0), weight: 1, depth: 1000 } })).toEqual([]);
  });

  it('begins the same way however many candidates are asked for, and puts the further ones last', () => {
    const score = fc.float({ min: -1, max: 1, noNaN: true });
    const side = fc.array(fc.tuple(fc.integer({ min: 0, max: 40 }), score), { maxLength: 30 }).map(Object.fromEntries);
    fc.assert(
      fc.property(side, side, fc.integer({ min: 1, max: 10 }), (a, b, depth) => {
        const long = [candidates(a, 100), candidates(b, 100)].map((all) => ({ candidates: all, weight: 0.5, depth }));
        const short = long.map(({ candidates: { keys, scores, total }, ...rest }) => ({
          ...rest,
          candidates: { keys: keys.slice(0, depth), scores: scores.slice(0, depth), total },
        }));
        const [few, many] = [short, long].map(([lexical, dense]) =>
          fuse({ ...(lexical ? { lexical } : {}), ...(dense ? { dense } : {}) }),
        );
        const known = new Set(few?.map(({ key }) => key));
        expect(many?.filter(({ key }) => known.has(key)).map(({ key, score }) => [key, score])).toEqual(
          few?.map(({ key, score }) => [key, score]),
        );
        expect(many?.filter(({ key }) => !known.has(key)).every(({ score }) => score <= 0)).toBe(true);
      }),
    );
  });

  it('gives scores from 0 to 1 in falling order, whatever the sides say', () => {
    const side = fc.dictionary(
      fc.integer({ min: 0, max: 40 }).map(String),
      fc.float({ min: -10, max: 100, noNaN: true }),
      { maxKeys: 20 },
    );
    fc.assert(
      fc.property(side, side, (a, b) => {
        const lexical = { candidates: candidates(a), weight: 0.6, depth: 1000 };
        const dense = { candidates: candidates(b), weight: 0.4, depth: 1000 };
        const scores = fuse({ lexical, dense }).map(({ score }) => score);
        expect(scores).toHaveLength(new Set([...Object.keys(a), ...Object.keys(b)]).size);
        expect(scores.every((score) => score >= 0 && score <= 1 + 1e-6)).toBe(true);
        expect(scores).toEqual(scores.toSorted((x, y) => y - x));
      }),
    );
  });
});
