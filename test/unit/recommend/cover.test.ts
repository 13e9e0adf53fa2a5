import { describe, expect, it } from 'vitest';
import { cover } from '../../../src/recommend/cover.ts';
import { unit } from '../../support/vectors.ts';

const at = (vector: readonly number[], weight = 1) => ({ vector: unit([...vector]), weight });
/** Five about one thing, three about another, one about a third. */
const PAPERS = [
  ...[-0.2, -0.1, 0, 0.1, 0.2].map((turn) => at([1, turn, 0])),
  ...[-0.1, 0, 0.1].map((turn) => at([0, turn, 1])),
  at([-1, 0, 0]),
];

describe('papers that tell most about all', () => {
  it('begin with the middle of the largest group, and stand for different groups', () => {
    const chosen = cover(PAPERS, 3);
    expect(chosen.map(({ at: place }) => place)).toEqual([2, 6, 8]);
    expect(chosen.map(({ share }) => Number(share.toFixed(2)))).toEqual([0.56, 0.33, 0.11]);
  });

  it('leave out what is known: a group of no weight is not asked about', () => {
    const known = PAPERS.map((paper, i) => ({ ...paper, weight: i < 5 ? 0 : 1 }));
    expect(cover(known, 2).map(({ at: place }) => place)).toEqual([6, 8]);
  });

  it('are no more than there are', () => {
    expect(cover(PAPERS, 50)).toHaveLength(PAPERS.length);
    expect(cover([], 5)).toEqual([]);
  });
});
