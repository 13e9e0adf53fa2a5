import { describe, expect, it } from 'vitest';
import { rankForProfile, trainProfile } from '../../../src/recommend/ranking.ts';
import { onTopics } from '../../support/on-topics.ts';

const liked = (keys: readonly (number | undefined)[]) => keys.map((key) => ({ key: key ?? -1, weight: 1 }));

describe('a pool ranked by a profile', () => {
  it('begins with what is on the topic of the liked papers, and loses nobody', async () => {
    const { engine, keys, topics } = await onTopics();
    const profile = await trainProfile(engine, liked([keys[0], keys[3], keys[6]]));
    const pool = Int32Array.from(keys.slice(9));
    const ranking = await rankForProfile(engine, profile, pool);
    const onTopic = topics(pool).filter((topic) => topic === 0).length;
    expect(topics(ranking.keys).slice(0, onTopic)).toEqual(Array.from({ length: onTopic }, () => 0));
    expect(ranking.keys.toSorted()).toEqual(pool);
    expect([...ranking.scores]).toEqual([...ranking.scores.toSorted()].reverse());
  });

  it('serves each of several interests', async () => {
    const { engine, keys, topics } = await onTopics();
    const profile = await trainProfile(engine, liked([keys[0], keys[3], keys[1], keys[4]]));
    const { keys: ranked } = await rankForProfile(engine, profile, Int32Array.from(keys.slice(6)));
    const found = topics(ranked.subarray(0, 36));
    expect(found.filter((topic) => topic === 0)).toHaveLength(18);
    expect(found.filter((topic) => topic === 1)).toHaveLength(18);
  });

  it('turns from what is dismissed', async () => {
    const { engine, keys, topics } = await onTopics();
    const both = liked([keys[0], keys[1]]);
    const pool = Int32Array.from(keys.slice(3));
    const profile = await trainProfile(engine, [...both, { key: keys[4] ?? -1, weight: -1 }]);
    const { keys: ranked } = await rankForProfile(engine, profile, pool);
    expect(topics(ranked.subarray(0, 10)).filter((topic) => topic === 0)).toHaveLength(10);
  });

  it('goes by words where the papers, or some of them, have no embedding', async () => {
    for (const embedded of [() => false, (at: number) => at % 2 === 0]) {
      const { engine, keys, topics } = await onTopics({ embedded });
      const profile = await trainProfile(engine, liked([keys[0], keys[3]]));
      const { keys: ranked, scores } = await rankForProfile(engine, profile, Int32Array.from(keys.slice(6)));
      expect(topics(ranked.subarray(0, 18))).toEqual(Array.from({ length: 18 }, () => 0));
      expect(scores.every(Number.isFinite)).toBe(true);
    }
  });

  it('is the same each time, and empty for an empty pool', async () => {
    const { engine, keys } = await onTopics();
    const profile = await trainProfile(engine, liked([keys[0]]));
    const pool = Int32Array.from(keys);
    expect(await rankForProfile(engine, profile, pool)).toEqual(await rankForProfile(engine, profile, pool));
    const nothing = { keys: new Int32Array(0), scores: new Float32Array(0) };
    expect(await rankForProfile(engine, profile, new Int32Array(0))).toEqual(nothing);
  });
});
