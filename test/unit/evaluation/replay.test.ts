import { describe, expect, it } from 'vitest';
import { replay } from '../../../src/evaluation/replay.ts';
import type { Reader } from '../../../src/evaluation/readers.ts';
import { rankForProfile } from '../../../src/recommend/mod.ts';
import { onTopics } from '../../support/on-topics.ts';

const { signal } = new AbortController();
const ids = (from: number, to: number): string[] => Array.from({ length: to - from }, (_, i) => `P${from + i}`);
/** Papers come on three topics in turn: this reader wants those of the first. */
const VOLCANOES: Reader = {
  id: 'ada',
  liked: ['P0', 'P3'],
  candidates: ids(6, 60),
  future: ['P6', 'P9', 'P30'],
};

describe('a replay of readers', () => {
  it('ranks candidates as the feed does, and measures what came of it', async () => {
    const { engine, store } = await onTopics();
    const { readers, mean, run, missing } = await replay({ engine, store }, [VOLCANOES], { signal });
    // 18 of the topic before 36 others, three of the 18 wanted.
    expect(mean.auc).toBeGreaterThan(36 / 51);
    expect(mean.recall100).toBe(1);
    expect(readers).toEqual([{ reader: 'ada', ...mean }]);
    const ranked = [...(run.get('ada') ?? [])].sort((a, b) => b.score - a.score).map(({ document }) => document);
    expect(ranked.slice(0, 18).map((id) => Number(id.slice(1)) % 3)).toEqual(Array.from({ length: 18 }, () => 0));
    expect(missing).toEqual([]);
  });

  it('counts papers that the corpus lacks as not found', async () => {
    const { engine, store } = await onTopics();
    const absent = { ...VOLCANOES, candidates: [...VOLCANOES.candidates, 'X'], future: [...VOLCANOES.future, 'X'] };
    const { mean, missing } = await replay({ engine, store }, [absent], { signal });
    expect(missing).toEqual(['X']);
    expect(mean.recall100).toBe(0.75);
    const none = { ...VOLCANOES, candidates: ['X', 'Y'], future: ['X'] };
    await expect(replay({ engine, store }, [none], { signal })).rejects.toMatchObject({ code: 'USAGE' });
  });

  it('measures another ranking in the place of the feed’s', async () => {
    const { engine, store } = await onTopics();
    const nothing = { words: 0, mean: 0, nearness: 0, recency: 0, smoothing: 0 };
    const { run } = await replay({ engine, store }, [VOLCANOES], {
      signal,
      rank: (profile, pool) => rankForProfile(engine, profile, pool, nothing),
    });
    expect(new Set(run.get('ada')?.map(({ score }) => score))).toEqual(new Set([0]));
  });

  it('stops when it is told to', async () => {
    const parts = await onTopics();
    await expect(replay(parts, [VOLCANOES], { signal: AbortSignal.abort() })).rejects.toMatchObject({
      code: 'INTERRUPTED',
    });
  });
});
