import { describe, expect, it } from 'vitest';
import type { InterestJson } from '../../../src/domain/mod.ts';
import {
  idsOf,
  likelySubjects,
  type Recommended,
  recommending,
  subjectOf,
  subjectPapers,
} from '../../support/recommending.ts';

/** Somebody who reads about volcanoes, twice as much as about orchids. */
async function reading(): Promise<Recommended> {
  const reader = await recommending(subjectPapers(15));
  reader.desk.save(['volcano:0', 'volcano:1', 'volcano:2', 'volcano:3', 'orchid:0', 'orchid:1']);
  return reader;
}
const profile = ({ reading: { profile: read }, person }: Recommended) => read(person);
const interests = async (reader: Recommended): Promise<readonly InterestJson[]> => (await profile(reader)).interests;
const numbers = async (reader: Recommended): Promise<string[]> => (await interests(reader)).map(({ id }) => String(id));
const subjects = async (reader: Recommended): Promise<string[]> => [
  ...new Set(likelySubjects(await reader.read({ k: 40 }))),
];

describe('a profile', () => {
  it('is read by interest: name, share, the papers that drive it, and the terms that tell it', async () => {
    const reader = await reading();
    const [volcanoes, orchids] = await interests(reader);
    expect(volcanoes).toMatchObject({ origin: 'found', held: false, muted: false, weight: 1 });
    expect(volcanoes?.name).toMatch(/^volcano/);
    expect([volcanoes?.share, orchids?.share]).toEqual([expect.closeTo(2 / 3, 5), expect.closeTo(1 / 3, 5)]);
    expect(volcanoes?.papers.map(({ paper }) => paper).toSorted()).toEqual(
      [0, 1, 2, 3].map((at) => `zoo:volcano:${at}`),
    );
    expect(volcanoes?.papers.every(({ weight, title }) => weight === 0.25 && title?.includes('volcano'))).toBe(true);
    expect(volcanoes?.terms[0]?.term).toBe('volcano');
  });

  it('tells what speaks against papers, what is hidden, and topics beside what was found', async () => {
    const reader = await reading();
    reader.desk.tell(['beetle:0', 'beetle:1'], 'not-this-kind');
    reader.desk.addTopic({ name: 'Sea', papers: ['harbour:0'] });
    reader.signals.hide('term', 'quartz');
    const { against, hidden, interests: all, person } = await profile(reader);
    expect(Object.fromEntries(against.papers.map(({ paper, weight }) => [paper, weight]))).toEqual({
      'zoo:beetle:0': 0.5,
      'zoo:beetle:1': 0.5,
    });
    expect(against.terms[0]?.term).toBe('beetle');
    expect(hidden).toMatchObject([{ kind: 'term', value: 'quartz' }]);
    expect(all.find(({ origin }) => origin === 'topic')).toMatchObject({
      name: 'Sea',
      share: expect.closeTo(1 / 7, 5),
    });
    expect(person).toBe('me');
    expect((await profile(reader)).known).toEqual({ papers: 7, enough: 5 });
  });

  it('of nobody known is empty', async () => {
    expect(await profile(await recommending(subjectPapers(1)))).toMatchObject({
      known: { papers: 0, enough: 5 },
      interests: [],
      against: { papers: [], terms: [] },
      hidden: [],
      diversity: 0.3,
    });
  });
});

describe('a change shows at once in the next feed:', () => {
  it('a new name', async () => {
    const reader = await reading();
    const [volcanoes = ''] = await numbers(reader);
    await reader.reading.change(reader.person, volcanoes, { name: 'Fire' });
    const items = (await reader.read()).items.filter(({ paper }) => subjectOf(paper.id) === 'volcano');
    expect(items.length).toBeGreaterThan(0);
    for (const { interest } of items) expect(interest?.name).toBe('Fire');
    expect((await reader.reading.named(reader.person, 'fire')).held).toBe(true);
  });

  it('a weight', async () => {
    const reader = await reading();
    const orchids = async (): Promise<number> => {
      const first = (await reader.read({ k: 10, diversity: 0 })).items;
      return first.filter(({ paper }) => subjectOf(paper.id) === 'orchid').length;
    };
    const before = await orchids();
    const [volcanoes = '', orchid = ''] = await numbers(reader);
    await reader.reading.change(reader.person, orchid, { weight: 10 });
    await reader.reading.change(reader.person, volcanoes, { weight: 0.1 });
    expect(await orchids()).toBeGreaterThan(before);
    expect((await interests(reader))[0]?.share).toBeCloseTo(20 / 20.4, 5);
  });

  it('muting, and unmuting', async () => {
    const reader = await reading();
    const [volcanoes = ''] = await numbers(reader);
    await reader.reading.change(reader.person, volcanoes, { muted: true });
    expect(await subjects(reader)).toEqual(['orchid']);
    expect((await interests(reader)).find(({ muted }) => muted)).toMatchObject({ share: 0, papers: [{}, {}, {}, {}] });
    expect((await reader.read({ k: 100 })).why).toMatch(/fit nothing you like/);
    await reader.reading.change(reader.person, volcanoes, { muted: false });
    expect((await subjects(reader)).toSorted()).toEqual(['orchid', 'volcano']);
  });

  it('merging, which keeps the first one’s name and weight and stays so when papers come', async () => {
    const reader = await reading();
    const [volcanoes = '', orchids = ''] = await numbers(reader);
    await reader.reading.change(reader.person, volcanoes, { name: 'Fire and flowers', weight: 2 });
    await reader.reading.merge(reader.person, 'fire and flowers', orchids);
    expect(await interests(reader)).toMatchObject([{ name: 'Fire and flowers', weight: 2, held: true, share: 1 }]);
    reader.desk.save(['orchid:5', 'glacier:0']);
    const after = await interests(reader);
    expect(after.map(({ name, papers }) => [name.split(' ')[0], papers.length])).toEqual([
      ['Fire', 7],
      ['Papers', 1],
    ]);
    await expect(reader.reading.merge(reader.person, volcanoes, volcanoes)).rejects.toMatchObject({ code: 'USAGE' });
  });

  it('merging a topic, whose conditions are kept whichever of them stays', async () => {
    for (const topicFirst of [true, false]) {
      const reader = await reading();
      reader.desk.addTopic({ name: 'Ice', text: 'a glacier', exclude: ['9 years'], authors: ['Author of harbour 3'] });
      const volcanoes = (await interests(reader)).find(({ name }) => name.startsWith('volcano'));
      const [into, from] = topicFirst ? ['ice', String(volcanoes?.id)] : [String(volcanoes?.id), 'ice'];
      await reader.reading.merge(reader.person, into, from);
      const merged = (await interests(reader)).find(({ origin }) => origin === 'topic');
      expect(merged?.name).toBe(topicFirst ? 'Ice' : volcanoes?.name);
      expect(merged).toMatchObject({ exclude: ['9 years'], authors: ['Author of harbour 3'], text: 'a glacier' });
      expect((await interests(reader)).map(({ id }) => id)).not.toContain(volcanoes?.id);
      const ids = idsOf(await reader.read({ topic: merged?.name ?? '', k: 60 }));
      expect(new Set(ids.map(subjectOf))).toEqual(new Set(['volcano', 'glacier', 'harbour']));
      expect(ids).not.toContain('volcano:6');
    }
  });

  it('deleting, after which its papers speak for nothing and stay saved', async () => {
    const reader = await reading();
    const [volcanoes = ''] = await numbers(reader);
    await reader.reading.change(reader.person, volcanoes, { deleted: true });
    expect(await subjects(reader)).toEqual(['orchid']);
    expect(await interests(reader)).toHaveLength(1);
    expect(reader.desk.saved('volcano:0')).toBeDefined();
    expect(idsOf(await reader.read({ k: 40 }))).not.toContain('volcano:0');
    await expect(reader.reading.named(reader.person, volcanoes)).rejects.toMatchObject({ code: 'INTEREST_NOT_FOUND' });
  });

  it('a reset, which keeps library and topics and forgets the rest', async () => {
    const reader = await reading();
    reader.desk.tell(['beetle:0'], 'like');
    reader.desk.tell(['orchid:2'], 'not-this-kind');
    reader.signals.hide('term', 'volcano');
    reader.desk.addTopic({ name: 'Sea', papers: ['harbour:0'] });
    await reader.see(await reader.read());
    reader.later(24);
    expect((await reader.read()).items.some(({ paper }) => subjectOf(paper.id) === 'volcano')).toBe(false);
    reader.reading.reset(reader.person);
    const { interests: after, hidden, against } = await profile(reader);
    expect([hidden, against.papers, after.length]).toEqual([[], [], 3]);
    expect((await subjects(reader)).toSorted()).toEqual(['harbour', 'orchid', 'volcano']);
    expect(reader.signals.library()).toHaveLength(6);
    expect((await reader.read()).why ?? '').not.toContain('nothing has come since');
  });
});

describe('an interest', () => {
  it('is named by number, or by what it is called in any case', async () => {
    const reader = await reading();
    const [first] = await interests(reader);
    for (const name of [String(first?.id), first?.name ?? '', ` ${first?.name.toUpperCase()} `]) {
      expect((await reader.reading.named(reader.person, name)).id).toBe(first?.id);
    }
    await expect(reader.reading.named(reader.person, 'nothing')).rejects.toMatchObject({ code: 'INTEREST_NOT_FOUND' });
  });

  it('keeps its number and its papers when more are saved', async () => {
    const reader = await reading();
    const before = await numbers(reader);
    reader.desk.save(['volcano:7', 'glacier:0']);
    expect((await numbers(reader)).slice(0, 2)).toEqual(before);
    expect((await interests(reader)).map(({ papers }) => papers.length)).toEqual([5, 2, 1]);
  });

  it('is there from the first embedding on, though papers came before', async () => {
    const reader = await recommending(subjectPapers(6), { embedded: false });
    reader.desk.save(['volcano:0', 'volcano:1']);
    expect(await interests(reader)).toEqual([]);
    await reader.embed();
    expect(await interests(reader)).toMatchObject([{ papers: [{}, {}] }]);
  });
});
