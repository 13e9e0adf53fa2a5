import { describe, expect, it } from 'vitest';
import { STAGES } from '../../../src/domain/mod.ts';
import type { Fused } from '../../../src/retrieval/fuse.ts';
import { type Pool, refine, type Weights } from '../../../src/retrieval/stages.ts';
import { unit } from '../../support/vectors.ts';

const NO_WEIGHTS: Weights = {
  ...{ lexical: 0, dense: 0, rest: 0, coverage: 0, nearness: 0, alignment: 0, feedback: 0, neighbours: 0 },
};

// Two words, in two dimensions.
const TOKENS = { dimensions: 2, vectors: Int8Array.of(127, 0, 0, 127) };

interface PaperValues {
  readonly key: number;
  readonly lexical?: number;
  readonly whole?: number;
  readonly rest?: number;
  readonly coverage?: number;
  readonly nearness?: number;
  readonly vector?: Float32Array;
  readonly words?: Int8Array;
}

/** An engine that knows of these papers what is written here. */
function engineOf(papers: readonly PaperValues[]): Pool {
  const of = (keys: ArrayLike<number>, value: (paper: PaperValues) => number | undefined, none: number) =>
    Float32Array.from(Array.from(keys), (key) => {
      const paper = papers.find((each) => each.key === key);
      return (paper && value(paper)) ?? none;
    });
  return {
    tokenVectors: (keys) => keys.map((key) => papers.find((each) => each.key === key)?.words),
    vectors: async (keys) => keys.map((key) => papers.find((each) => each.key === key)?.vector),
    match: async (_, keys) => ({
      coverage: of(keys, ({ coverage }) => coverage, 0),
      nearness: of(keys, ({ nearness }) => nearness, 0),
    }),
    cosines: async (_, keys) => ({
      whole: of(keys, ({ whole }) => whole, NaN),
      rest: of(keys, ({ rest }) => rest, NaN),
    }),
  };
}

/** Candidates in the order given; papers with a lexical value are candidates of that side. */
function fusedOf(papers: readonly PaperValues[]): Fused[] {
  return papers.map(({ key, lexical }, i) => ({
    key,
    score: 1 - i / papers.length,
    explanation: {
      lexical: lexical === undefined ? null : { rank: i + 1, score: lexical, scaled: 0, weight: 0 },
      dense: null,
    },
  }));
}

function refined(papers: readonly PaperValues[], weights: Partial<Weights>, more: object = {}): Promise<Fused[]> {
  const asked = {
    text: 'owls',
    query: { embedding: unit([0, 0, 1]), tokens: TOKENS },
    mode: 'hybrid' as const,
    without: [],
  };
  return refine(
    { ...asked, fused: fusedOf(papers), weights: { ...NO_WEIGHTS, ...weights }, ...more },
    engineOf(papers),
  );
}

const keysOf = (found: readonly Fused[]): number[] => found.map(({ key }) => key);

describe('refine', () => {
  it('weighs each part by how far it tells the papers apart, and explains the sum', async () => {
    const papers = [
      { key: 1, lexical: 9, whole: 0.5, coverage: 0.2 },
      { key: 2, lexical: 1, whole: 0.6, coverage: 0.2 },
      { key: 3, whole: 0.4, coverage: 0.2 },
    ];
    const found = await refined(papers, { lexical: 1, dense: 1, coverage: 1 });
    expect(keysOf(found)).toEqual([1, 2, 3]);
    const [first] = found;
    // All have the same coverage, so that it counts for nothing and the other two for all.
    const { lexical, dense, coverage } = first?.explanation ?? {};
    expect(coverage).toBeUndefined();
    expect((lexical?.weight ?? 0) + (dense?.weight ?? 0)).toBeCloseTo(1, 6);
    expect(first?.score).toBeCloseTo((lexical?.weight ?? 0) * 1 + (dense?.weight ?? 0) * 0.5, 6);
    // The cosine of a paper that is no candidate of that side is known all the same; its words are not there.
    expect(found[2]?.explanation).toMatchObject({ lexical: null, dense: { rank: null, scaled: 0 } });
  });

  it('takes the whole where nothing lies past the cut of a text', async () => {
    const papers = [
      { key: 1, whole: 0.5 },
      { key: 2, whole: 0.4, rest: 0.9 },
      { key: 3, whole: 0.3, rest: 0.1 },
    ];
    expect(keysOf(await refined(papers, { rest: 1 }))).toEqual([2, 1, 3]);
  });

  it('feedback lifts what is like the best over what is not', async () => {
    const [north, east] = [unit([1, 0, 0]), unit([0, 1, 0])];
    const papers = [
      { key: 1, lexical: 9, vector: north },
      { key: 2, lexical: 1.2, vector: east },
      { key: 3, lexical: 1, vector: unit([1, 0.2, 0]) },
      { key: 4, lexical: 0, vector: east },
    ];
    expect(keysOf(await refined(papers, { lexical: 1 }))).toEqual([1, 2, 3, 4]);
    const found = await refined(papers, { lexical: 1, feedback: 1 });
    expect(keysOf(found)).toEqual([1, 3, 2, 4]);
    const fed = (key: number) => found.find((each) => each.key === key)?.explanation.feedback?.value ?? 0;
    expect(fed(1)).toBeGreaterThan(0.9);
    expect(fed(3)).toBeGreaterThan(fed(2));
  });

  it('a paper whose neighbours score well passes one that stands alone', async () => {
    const crowd = Array.from({ length: 20 }, (_, i) => ({
      ...{ key: i + 3, lexical: i < 10 ? 4 : 0.1 },
      vector: i < 10 ? unit([1, 0.2, 0]) : unit([0, 1, i]),
    }));
    const papers = [
      { key: 1, lexical: 5, vector: unit([0, -1, 5]) },
      { key: 2, lexical: 4.9, vector: unit([1, 0, 0]) },
      ...crowd,
    ];
    const places = keysOf(await refined(papers, { lexical: 1, neighbours: 0.5 }));
    expect(places.indexOf(2)).toBeLessThan(places.indexOf(1));
  });

  it('a paper without an embedding is taken for a middling one in meaning', async () => {
    const papers = [
      { key: 1, lexical: 2, whole: 0.5, vector: unit([1, 0, 0]) },
      { key: 2, lexical: 9 },
      { key: 3, lexical: 1, whole: 0.4, vector: unit([0, 1, 0]) },
    ];
    const found = await refined(papers, { lexical: 1, dense: 1, feedback: 0.2, neighbours: 0.2 });
    const alone = found.find(({ key }) => key === 2);
    expect(alone?.explanation).toMatchObject({ lexical: { scaled: 1 }, dense: { rank: null, score: null } });
    expect(alone?.explanation.feedback?.value).toBeGreaterThan(0);
    expect(keysOf(found)[0]).toBe(2);
  });

  it('lifts a paper that has a word for each of the query, whatever else it says', async () => {
    const papers = [
      { key: 1, lexical: 3, words: Int8Array.of(127, 0, 127, 0) },
      { key: 2, lexical: 2, words: Int8Array.of(-127, 0, 0, 127, 127, 0, 0, -127) },
      { key: 3, lexical: 1 },
    ];
    const found = await refined(papers, { lexical: 1, alignment: 1 });
    expect(keysOf(found)).toEqual([2, 1, 3]);
    expect(found[0]?.explanation.alignment?.value).toBe(1);
  });

  it('a single paper keeps the score it came with, since it stands out in nothing', async () => {
    const papers = [{ key: 7, lexical: 3, whole: 0.5, coverage: 0.9 }];
    expect(await refined(papers, { lexical: 1, dense: 1, coverage: 1 })).toEqual(fusedOf(papers));
  });

  it('leaves out the stages it is told to', async () => {
    const papers = [
      { key: 1, lexical: 2, coverage: 0.1 },
      { key: 2, lexical: 1, coverage: 0.9 },
    ];
    const weights = { lexical: 1, coverage: 2 };
    expect(keysOf(await refined(papers, weights))).toEqual([2, 1]);
    const found = await refined(papers, weights, { without: STAGES });
    expect(keysOf(found)).toEqual([1, 2]);
    expect(found[0]?.explanation.lexical?.weight).toBeCloseTo(1, 6);
  });

  it('ranks what was not looked at by its sides, on the same scale', async () => {
    const papers = Array.from({ length: 200 }, (_, i) => ({ key: i + 1, lexical: 300 - i, coverage: 0.5 }));
    const found = await refined(papers, { lexical: 1, coverage: 1 });
    expect(keysOf(found)).toEqual(papers.map(({ key }) => key));
    expect(found.at(-1)?.score).toBeLessThan(0);
  });
});
