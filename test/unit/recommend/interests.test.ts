import { describe, expect, it } from 'vitest';
import { interestsOf, MAX_INTERESTS, unitSum } from '../../../src/recommend/interests.ts';
import { clusteredVectors, cosine, unit } from '../../support/vectors.ts';

const weighted = (vectors: readonly Float32Array[], weight = 1) => vectors.map((vector) => ({ vector, weight }));

describe('interests', () => {
  it('are the papers themselves while these are few, each by its weight', () => {
    const [a, b] = [unit([1, 0]), unit([0, 1])];
    const interests = interestsOf([
      { vector: a, weight: 3 },
      { vector: b, weight: 1 },
    ]);
    expect(interests).toEqual([
      { centre: a, share: 0.75 },
      { centre: b, share: 0.25 },
    ]);
    expect(interestsOf([])).toEqual([]);
  });

  it('of many papers are clusters that each paper is near to, and the shares make a whole', () => {
    const topics = clusteredVectors(4, 16, 3);
    const papers = topics.flatMap((topic) =>
      Array.from({ length: 10 }, (_, i) => unit([...topic].map((x, d) => x + (d === i ? 0.05 : 0)))),
    );
    const interests = interestsOf(weighted(papers));
    expect(interests.length).toBeLessThanOrEqual(MAX_INTERESTS);
    expect(interests.reduce((sum, { share }) => sum + share, 0)).toBeCloseTo(1, 6);
    for (const topic of topics) {
      expect(Math.max(...interests.map(({ centre }) => cosine(centre, topic)))).toBeGreaterThan(0.97);
    }
    expect(interestsOf(weighted(papers))).toEqual(interests);
  });

  it('of the same paper many times are one', () => {
    const interests = interestsOf(weighted(Array.from({ length: 20 }, () => unit([1, 2, 3]))));
    expect(interests).toHaveLength(1);
    expect(interests[0]?.share).toBeCloseTo(1, 6);
  });

  it('sum to a unit vector, or to nothing where they cancel out', () => {
    expect(Math.hypot(...unitSum(weighted([unit([1, 0]), unit([0, 1])])))).toBeCloseTo(1, 6);
    const cancelled = unitSum([
      { vector: unit([1, 0]), weight: 1 },
      { vector: unit([1, 0]), weight: -1 },
    ]);
    expect([...cancelled]).toEqual([0, 0]);
  });
});
