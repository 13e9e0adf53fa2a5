import { describe, expect, it } from 'vitest';
import type { Fused } from '../../../src/retrieval/fuse.ts';
import { judge } from '../../../src/retrieval/relevance.ts';

/** A paper that was looked at more closely. */
const hit = (key: number, score: number, cosine: number): Fused => ({
  ...{ key, score },
  explanation: {
    lexical: null,
    dense: { rank: key, score: cosine, scaled: 0.5, weight: 0.5 },
    coverage: { value: 0.5, weight: 0.5 },
  },
});

const hybrid = (fused: readonly Fused[]) => ({ fused, by: 'hybrid' as const });
const relevances = (fused: readonly Fused[]) => new Map(fused.map(({ key, relevance }) => [key, relevance]));
const ALL = Array.from({ length: 40 }, (_, i) => hit(i + 1, 0.95 - i / 50, 0.6 - i / 100));
const NARROW = { clauses: [{ kind: 'year', from: 2020, to: 2020 }] } as const;
const never = () => Promise.reject(new Error('not asked for'));

describe('judge', () => {
  it('gives the papers that stand out more, and nothing to those that were not looked at', async () => {
    const unseen: Fused = { key: 99, score: -0.1, explanation: { lexical: null, dense: null } };
    const found = relevances(await judge(hybrid([...ALL, unseen]), { clauses: [] }, never));
    expect(found.get(1)).toBeGreaterThan(0.5);
    expect(found.get(1)).toBeGreaterThan(found.get(20) ?? 1);
    expect(found.get(99)).toBeUndefined();
  });

  it('gives a paper the same under a narrow filter as without it, however it stands among the few', async () => {
    const all = relevances(await judge(hybrid(ALL), { clauses: [] }, never));
    const few = [hit(30, 1, 0.3), hit(1, 0, 0.6)];
    const found = relevances(await judge(hybrid(few), NARROW, () => Promise.resolve(hybrid(ALL))));
    expect(found.get(30)).toBe(all.get(30));
    expect(found.get(1)).toBe(all.get(1));
  });

  it('says nothing of rankings by one side', async () => {
    const found = await judge({ fused: ALL, by: 'lexical' }, NARROW, never);
    expect(found.filter((entry) => 'relevance' in entry)).toEqual([]);
  });
});
