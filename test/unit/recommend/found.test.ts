import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type Group, groupPapers, MAX_GROUPS, type Placed } from '../../../src/recommend/found.ts';
import { unit } from '../../support/vectors.ts';

/** A paper in a direction of twelve and more, and a little off it. */
const placed = (paper: string, axis: number, off = 0): Placed => ({
  paper,
  vector: unit(Array.from({ length: 20 }, (_, d) => (d === axis ? 1 : d === 19 ? off : 0))),
});
const LIBRARY = [placed('a1', 0), placed('b1', 1), placed('a2', 0, 0.3), placed('a3', 0, -0.3), placed('b2', 1, 0.2)];
const papersOf = (groups: readonly Group[]): string[] => groups.map(({ papers }) => papers.join(' '));
/** As they are filed: each with a number. */
const filed = (groups: readonly Group[]): Group[] => groups.map((group, i) => ({ ...group, id: group.id ?? i + 1 }));

describe('groups of a library', () => {
  it('are papers about one thing', () => {
    expect(papersOf(groupPapers(LIBRARY, []))).toEqual(['a1 a2 a3', 'b1 b2']);
    expect(groupPapers([], [])).toEqual([]);
  });

  it('are the same again for the same library, with the numbers they had', () => {
    const before = filed(groupPapers(LIBRARY, []));
    expect(groupPapers(LIBRARY, before)).toEqual(before);
  });

  it('keep their numbers when a paper comes, which joins the nearest or begins one', () => {
    const before = filed(groupPapers(LIBRARY, []));
    const after = groupPapers([...LIBRARY, placed('b3', 1, -0.2), placed('c1', 2)], before);
    expect(after.map(({ id, papers }) => [id, papers.join(' ')])).toEqual([
      [1, 'a1 a2 a3'],
      [2, 'b1 b2 b3'],
      [undefined, 'c1'],
    ]);
  });

  it('lose papers that have gone, and go with the last one', () => {
    const before = filed(groupPapers(LIBRARY, []));
    expect(papersOf(groupPapers(LIBRARY.slice(0, 1), before))).toEqual(['a1']);
  });

  it('that were begun by papers far apart become one when papers between them come, under the first number', () => {
    const apart = [placed('a1', 0, 0.9), placed('a2', 0, -0.9)];
    const before = filed(groupPapers(apart, []));
    expect(papersOf(before)).toEqual(['a1', 'a2']);
    const between = ['a3', 'a4', 'a5'].map((paper) => placed(paper, 0));
    const after = groupPapers([...apart, ...between, placed('b1', 1)], before);
    expect(after.map(({ id, papers }) => [id, papers.toSorted().join(' ')])).toEqual([
      [1, 'a1 a2 a3 a4 a5'],
      [undefined, 'b1'],
    ]);
  });

  it('about one thing stay apart where their person changed one of them', () => {
    const held: Group = { id: 7, held: true, papers: ['a1'] };
    const other: Group = { id: 8, held: false, papers: ['a2'] };
    const groups = groupPapers([placed('a1', 0, 0.1), placed('a2', 0, 1.1)], [held, other]);
    expect(groups.map(({ id }) => id)).toEqual([7, 8]);
  });

  it('keep the papers that their person put together, and take more in', () => {
    const held: Group = { id: 7, held: true, papers: ['a1', 'b1'] };
    const groups = groupPapers([...LIBRARY, placed('c1', 2)], [held]);
    expect(groups.find(({ id }) => id === 7)?.papers).toEqual(expect.arrayContaining(['a1', 'b1']));
    expect(groups.flatMap(({ papers }) => papers).toSorted()).toEqual(['a1', 'a2', 'a3', 'b1', 'b2', 'c1']);
  });

  it('that their person put together of different things take in what is like any of them', () => {
    const held: Group = { id: 7, held: true, papers: ['a1', 'a2', 'a3', 'b1'] };
    const groups = groupPapers([...LIBRARY, placed('b3', 1, 1.2)], [held]);
    expect(groups.map(({ id }) => id)).toEqual([7]);
  });

  it('stay when their person changed them and all their papers have gone', () => {
    expect(groupPapers([], [{ id: 7, held: true, papers: ['gone'] }])).toEqual([{ id: 7, held: true, papers: [] }]);
  });

  it('are at most twelve, however different the papers are', () => {
    const different = Array.from({ length: 19 }, (_, axis) => placed(`p${axis}`, axis));
    expect(groupPapers(different, [])).toHaveLength(MAX_GROUPS);
  });

  it('hold every paper exactly once, whatever there was before', () => {
    const vector = fc
      .array(fc.integer({ min: -9, max: 9 }), { minLength: 4, maxLength: 4 })
      .map((values) => unit(values));
    const library = fc
      .array(vector, { maxLength: 40 })
      .map((vectors) => vectors.map((at, i): Placed => ({ paper: `p${i}`, vector: at })));
    // Each paper, and some that have gone, in at most one group: -1 for none.
    const earlier = fc.tuple(
      fc.array(fc.integer({ min: -1, max: 15 }), { minLength: 45, maxLength: 45 }),
      fc.array(fc.boolean(), { minLength: 16, maxLength: 16 }),
    );
    fc.assert(
      fc.property(library, earlier, (papers, [of, held]) => {
        const before = held.map((isHeld, id): Group => ({
          ...{ id, held: isHeld },
          papers: of.flatMap((group, i) => (group === id ? [`p${i}`] : [])),
        }));
        const known = new Set(papers.map(({ paper }) => paper));
        const groups = groupPapers(papers, before);
        expect(groups.flatMap((group) => group.papers).toSorted()).toEqual([...known].toSorted());
        const heldCount = held.filter(Boolean).length;
        const full = groups.filter((group) => group.papers.length > 0);
        expect(full.length).toBeLessThanOrEqual(Math.max(MAX_GROUPS, heldCount));
        for (const { id, held: isHeld, papers: own } of before.filter((group) => group.held)) {
          const now = groups.find((group) => group.id === id);
          expect(now?.held).toBe(isHeld);
          expect(now?.papers).toEqual(expect.arrayContaining(own.filter((paper) => known.has(paper))));
        }
      }),
      { numRuns: 300 },
    );
  });
});
