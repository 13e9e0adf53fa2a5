import { describe, expect, it } from 'vitest';
import { diversify, type Ranked } from '../../../src/recommend/diversify.ts';
import { unit } from '../../support/vectors.ts';

const candidate = (key: number, score: number, vector: readonly number[], groups: Ranked['groups'] = {}): Ranked => ({
  ...{ key, score, groups },
  vector: unit([...vector]),
});
const NORTH = [1, 0, 0];
const EAST = [0, 1, 0];
const UP = [0, 0, 1];
const keys = (pages: readonly (readonly Ranked[])[]): number[][] => pages.map((page) => page.map(({ key }) => key));
const asked = { pageSize: 3, most: 100, diversity: 0.5, caps: {} };

describe('a feed’s order', () => {
  const ranked = [
    candidate(1, 1, NORTH),
    candidate(2, 0.9, NORTH),
    candidate(3, 0.8, NORTH),
    candidate(4, 0.7, EAST),
    candidate(5, 0.1, UP),
  ];

  it('with a diversity of 0 is that of the scores, whatever is alike and whoever wrote it', () => {
    const alike = ranked.map((each) => ({ ...each, groups: { author: ['x'] } }));
    expect(keys(diversify(alike, { ...asked, diversity: 0, caps: { author: 0.1 } }))).toEqual([
      [1, 2, 3],
      [4, 5],
    ]);
  });

  it('with a diversity of 1 takes what is least like all before it', () => {
    expect(keys(diversify(ranked, { ...asked, diversity: 1 }))[0]).toEqual([1, 4, 5]);
  });

  it('between them weighs what is gained against what is repeated', () => {
    expect(keys(diversify(ranked, asked))[0]).toEqual([1, 4, 5]);
    expect(keys(diversify(ranked, { ...asked, diversity: 0.05 }))[0]).toEqual([1, 2, 3]);
  });

  it('leaves no group more than its share of a page, and ends the page short rather than go beyond it', () => {
    const grouped = ranked.map((each, i) => ({ ...each, groups: { author: [i < 3 ? 'x' : `other ${i}`] } }));
    const pages = keys(diversify(grouped, { ...asked, diversity: 0.01, caps: { author: 0.34 } }));
    expect(pages).toEqual([[1, 4, 5], [2], [3]]);
  });

  it('repeats nothing over its pages and stops at the most', () => {
    const pages = keys(diversify(ranked, { ...asked, most: 4 }));
    expect(pages.flat()).toHaveLength(4);
    expect(new Set(pages.flat()).size).toBe(4);
  });

  it('a paper without an embedding is like nothing', () => {
    const bare = { key: 9, score: 0.95, vector: undefined, groups: {} };
    expect(keys(diversify([...ranked.slice(0, 2), bare], { ...asked, diversity: 0.5 }))[0]).toEqual([1, 9, 2]);
  });
});
