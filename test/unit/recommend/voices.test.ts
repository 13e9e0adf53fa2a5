import { describe, expect, it } from 'vitest';
import type { Interest } from '../../../src/domain/mod.ts';
import { createFinder, membership, voicesOf, voicesOfWords } from '../../../src/recommend/voices.ts';
import { type Recommended, recommending, subjectPapers } from '../../support/recommending.ts';

const LONG_AGO = '2020-01-01T00:00:00.000Z';
const SOME_DAY = '2099-01-01T00:00:00.000Z';

const spoken = ({ signals, find }: Recommended): Record<string, number> =>
  Object.fromEntries(voicesOf(signals, find).map(({ paper, weight }) => [paper.replace('zoo:', ''), weight]));

describe('what speaks for papers and against them', () => {
  it('is what is saved, less what is liked, and against what is dismissed as a kind; one paper dismissed is silent', async () => {
    const reader = await recommending(subjectPapers(3));
    reader.desk.save(['volcano:0']);
    reader.desk.tell(['volcano:1'], 'like');
    reader.desk.tell(['beetle:0'], 'not-this-kind');
    reader.desk.tell(['beetle:1'], 'not-this-paper');
    expect(spoken(reader)).toEqual({ 'volcano:0': 1, 'volcano:1': 0.7, 'beetle:0': -1 });
  });

  it('is the latest word on a paper: dismissed after it was saved, or saved after it was dismissed', async () => {
    const reader = await recommending(subjectPapers(3));
    for (const [paper, savedAt] of [
      ['volcano:0', LONG_AGO],
      ['volcano:1', SOME_DAY],
    ] as const) {
      reader.desk.save([paper], { savedAt });
      reader.desk.tell([paper], 'not-this-kind');
    }
    expect(spoken(reader)).toEqual({ 'volcano:0': -1, 'volcano:1': 1 });
    reader.desk.tell(['volcano:0'], 'like');
    expect(spoken(reader)).toEqual({ 'volcano:0': 1, 'volcano:1': 1 });
    reader.desk.tell(['volcano:0'], 'not-this-paper');
    expect(spoken(reader)).toEqual({ 'volcano:1': 1 });
    reader.desk.forget(['volcano:0']);
    expect(spoken(reader)).toEqual({ 'volcano:0': 1, 'volcano:1': 1 });
  });

  it('weighs papers by their interest, and leaves out those of muted and deleted ones, which stay saved', async () => {
    const reader = await recommending(subjectPapers(3));
    reader.desk.save(['volcano:0', 'orchid:0', 'harbour:0', 'glacier:0']);
    const id = (paper: string): number => membership(reader.signals.interests()).get(`zoo:${paper}`)?.id ?? -1;
    await reader.profileOf(reader.person);
    reader.signals.changeInterest(id('volcano:0'), { weight: 3 });
    reader.signals.changeInterest(id('orchid:0'), { muted: true });
    reader.signals.changeInterest(id('harbour:0'), { deleted: true });
    expect(spoken(reader)).toEqual({ 'volcano:0': 3, 'glacier:0': 1 });
    expect(reader.signals.library()).toHaveLength(4);
  });

  it('are papers given for a topic, saved or not; what is in a topic and in a group counts for the topic', async () => {
    const reader = await recommending(subjectPapers(3));
    reader.desk.save(['volcano:0']);
    await reader.profileOf(reader.person);
    const topic = reader.desk.addTopic({ name: 'lava', papers: ['volcano:0', 'volcano:1'], weight: 2 });
    expect(spoken(reader)).toEqual({ 'volcano:0': 2, 'volcano:1': 2 });
    const voices = voicesOf(reader.signals, reader.find);
    expect(voices.map(({ interest }) => interest)).toEqual([topic.id, topic.id]);
  });

  it('passes over papers that have gone from the library', async () => {
    const reader = await recommending(subjectPapers(1));
    reader.signals.save(['zoo:gone', 'zoo:volcano:0']);
    expect(spoken(reader)).toEqual({ 'volcano:0': 1 });
  });
});

describe('the words of a topic', () => {
  const topicOf = (reader: Recommended, said: Parameters<Recommended['desk']['addTopic']>[0]): readonly Interest[] => {
    reader.desk.addTopic(said);
    return reader.signals.interests();
  };

  it('speak through the papers that answer them best, which together weigh as one', async () => {
    const reader = await recommending(subjectPapers(9));
    const interests = topicOf(reader, { name: 'ice', text: 'a glacier in its place', weight: 2 });
    const voices = await voicesOfWords(interests, reader.retrieval, reader.find);
    expect(voices).toHaveLength(5);
    expect(voices.every(({ paper, topic }) => paper.includes('glacier') && topic === 'ice')).toBe(true);
    expect(voices.reduce((sum, { weight }) => sum + weight, 0)).toBeCloseTo(2, 6);
  });

  it.each(['glacier -glacier', 'a glacier author:nobody', '"some glacier nobody measured"', '-glacier'])(
    'are an example and no query: %s asks for glaciers',
    async (text) => {
      const reader = await recommending(subjectPapers(9));
      const voices = await voicesOfWords(topicOf(reader, { name: 'ice', text }), reader.retrieval, reader.find);
      expect(voices).toHaveLength(5);
      expect(voices.every(({ paper }) => paper.includes('glacier'))).toBe(true);
    },
  );

  it.each([
    ['is muted', { text: 'a glacier', muted: true }],
    ['has signs alone', { text: '?!' }],
    ['has papers alone', { papers: ['glacier:0'] }],
    ['has papers and a condition', { papers: ['glacier:0'], require: ['glacier'] }],
  ])('say nothing where the topic %s', async (_, said) => {
    const reader = await recommending(subjectPapers(2));
    const interests = topicOf(reader, { name: 'ice', ...said });
    expect(await voicesOfWords(interests, reader.retrieval, reader.find)).toEqual([]);
  });
});

describe('a finder', () => {
  it('looks papers up again once the store has changed', () => {
    const keys = new Map([['a', 1]]);
    let asked = 0;
    const find = createFinder({
      findKey: (id) => {
        asked += 1;
        return keys.get(id);
      },
    });
    find.upTo(1);
    expect([find('a'), find('a'), find('b'), find('b'), asked]).toEqual([1, 1, undefined, undefined, 2]);
    keys.set('a', 7).set('b', 8);
    find.upTo(1);
    expect([find('a'), find('b')]).toEqual([1, undefined]);
    find.upTo(2);
    expect([find('a'), find('b')]).toEqual([7, 8]);
  });
});
