import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { compareRuns, mostChanged } from '../../../src/evaluation/compare.ts';
import { randomisationTest } from '../../../src/evaluation/significance.ts';

describe('the randomisation test', () => {
  it('comes near the share of all sign changes that give as large a sum', () => {
    // All 5 differences positive: of 32 ways, 2 give a sum as large (all kept, all turned).
    expect(randomisationTest([1, 1, 1, 1, 1])).toBeCloseTo(2 / 32, 1.5);
    expect(randomisationTest([1, 2, 3, 4, 5, 6, 7, 8, 9, 10])).toBeCloseTo(2 / 1024, 2);
    expect(randomisationTest([1, -1, 1, -1])).toBe(1);
  });

  it('finds nothing where nothing differs, and never p = 0', () => {
    expect(randomisationTest([])).toBe(1);
    expect(randomisationTest([0, 0, 0])).toBe(1);
    expect(randomisationTest(Array.from({ length: 200 }, () => 0.3))).toBeGreaterThan(0);
  });

  it('says the same each time, whichever run comes first, whatever ties stand among the topics', () => {
    const differences = fc.array(fc.integer({ min: -5, max: 5 }), { maxLength: 12 });
    fc.assert(
      fc.property(differences, (told) => {
        const p = randomisationTest(told);
        expect(p).toBeGreaterThan(0);
        expect(p).toBeLessThanOrEqual(1);
        expect(randomisationTest(told)).toBe(p);
        expect(randomisationTest(told.map((difference) => -difference))).toBe(p);
        expect(randomisationTest(told.flatMap((difference) => [0, difference]))).toBe(p);
      }),
      { numRuns: 30 },
    );
  });
});

describe('two runs', () => {
  const judgements = new Map(['q1', 'q2', 'q3', 'q4'].map((topic) => [topic, new Map([['a', 1]])]));
  const ranked = (...ids: string[]) => ids.map((document, i) => ({ document, score: -i }));
  const a = new Map([['q1', ranked('x', 'a')], ['q2', ranked('a')], ['q3', ranked('a')]]); // prettier-ignore
  const b = new Map([['q1', ranked('a')], ['q2', ranked('a')], ['q4', ranked('a')], ['q9', ranked('a')]]); // prettier-ignore
  const comparison = compareRuns(a, b, judgements, new Map([['q1', { id: 'q1', text: 'owls' }]]));

  it('win and lose topics; one that a run lacks counts 0, one that is not judged not at all', () => {
    expect(comparison.topics.map(({ topic }) => topic)).toEqual(['q1', 'q2', 'q3', 'q4']);
    expect(comparison.metrics.mrr).toMatchObject({ a: 0.625, b: 0.75, difference: 0.125, wins: 2, losses: 1, ties: 1 });
    expect(comparison.metrics['success@10']).toMatchObject({ wins: 1, losses: 1, ties: 2, p: 1 });
  });

  it('differ most where the difference is largest, either way', () => {
    const changed = mostChanged(comparison, 'mrr', 10);
    expect(changed.map(({ topic, text }) => [topic, text])).toEqual([
      ['q3', undefined],
      ['q4', undefined],
      ['q1', 'owls'],
    ]);
    expect(mostChanged(comparison, 'mrr', 1)).toHaveLength(1);
  });
});
