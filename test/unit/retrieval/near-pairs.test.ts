import { describe, expect, it } from 'vitest';
import { dot } from '../../../src/domain/dot.ts';
import { seeded } from '../../../src/domain/seeded.ts';
import { nearPairs } from '../../../src/retrieval/near-pairs.ts';

const DIMENSIONS = 384;
const random = seeded(7);
const normal = (): number => Math.sqrt(-2 * Math.log(1 - random())) * Math.cos(2 * Math.PI * random());

function unit(values: Float32Array): Float32Array {
  const length = Math.hypot(...values);
  return values.map((value) => value / length);
}

/** On one side of the origin, as embeddings of papers are. */
const MIDDLE = unit(Float32Array.from({ length: DIMENSIONS }, normal));
const anyVector = (): Float32Array => {
  const own = unit(Float32Array.from({ length: DIMENSIONS }, normal));
  return unit(own.map((value, at) => value + 0.85 * (MIDDLE[at] ?? 0)));
};
const near = (vector: Float32Array, distance: number): Float32Array => {
  const away = unit(Float32Array.from({ length: DIMENSIONS }, normal));
  return unit(vector.map((value, at) => value + distance * (away[at] ?? 0)));
};

describe('pairs of near embeddings', () => {
  it('are those that comparing each with every other finds', async () => {
    const far = Array.from({ length: 1_000 }, anyVector);
    const embeddings = [...far, ...far.slice(0, 100).map((vector, at) => near(vector, 0.1 + at / 500))];
    const expected: [number, number][] = [];
    for (const [b, one] of embeddings.entries()) {
      for (let a = 0; a < b; a += 1) if (dot(embeddings[a] ?? one, one) >= 0.95) expected.push([a, b]);
    }
    expect(expected.length).toBeGreaterThan(90);
    const found = await nearPairs(embeddings, 0.95);
    expect(found.map(({ a, b }) => [a, b]).toSorted(([, b = 0], [, d = 0]) => b - d)).toEqual(expected);
    for (const { a, b, cosine } of found) expect(cosine).toBe(dot(embeddings[a] ?? MIDDLE, embeddings[b] ?? MIDDLE));
  });

  it('tie all copies of one embedding together without being all pairs of them', async () => {
    const vector = anyVector();
    const copies = 2_000;
    const found = await nearPairs(
      Array.from({ length: copies }, () => vector),
      0.95,
    );
    expect(found.length).toBeLessThan(copies * 50);
    expect(new Set(found.map(({ b }) => b)).size).toBe(copies - 1);
  });

  it('are none where there are no embeddings, or the search was given up', async () => {
    expect(await nearPairs([], 0.9)).toEqual([]);
    const vector = anyVector();
    expect(await nearPairs([vector, vector], 0.9, AbortSignal.abort())).toEqual([]);
  });
});
