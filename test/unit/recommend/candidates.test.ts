import { describe, expect, it } from 'vitest';
import type { TopicText } from '../../../src/domain/mod.ts';
import { findCandidates, isHidden, isOfTopic, says } from '../../../src/recommend/candidates.ts';
import {
  idsOf,
  likelySubjects,
  recommending,
  subjectOf,
  subjectPaper,
  subjectPapers,
} from '../../support/recommending.ts';

const paperOf = async (id: string) => {
  const { store, find } = await recommending([
    subjectPaper('violin', 1, {
      id: 'owl:1',
      title: 'State-of-the-art Owls',
      abstract: 'They hunt U-Boats.',
      authors: ['Ada Holm', 'Bo Lind'],
      venue: 'Journal of Owls',
      categories: ['cs.LG', 'q-bio'],
    }),
  ]);
  const [paper] = store.papers([find(id) ?? -1]);
  if (!paper) throw new Error(`no paper ${id}`);
  return paper;
};

describe('what a paper says', () => {
  it('are whole words in any case, accents and hyphens aside', () => {
    expect(says('State-of-the-art Öwls hunt', 'state of the ART')).toBe(true);
    expect(says('Owls hunt', 'owl')).toBe(false);
    expect(says('Owls hunt', 'owls hunt')).toBe(true);
  });

  it('meets the conditions of a topic: every word required, none excluded, one of the categories or what is under it', async () => {
    const paper = await paperOf('zoo:owl:1');
    const meets = (more: Partial<TopicText>): boolean =>
      isOfTopic(paper, { require: [], exclude: [], categories: [], ...more });
    expect(meets({})).toBe(true);
    expect(meets({ require: ['owls', 'hunt'] })).toBe(true);
    expect(meets({ require: ['owls', 'voles'] })).toBe(false);
    expect(meets({ exclude: ['voles'] })).toBe(true);
    expect(meets({ exclude: ['voles', 'U-Boats'] })).toBe(false);
    for (const category of ['cs.LG', 'CS', 'q-bio']) expect(meets({ categories: ['x', category] })).toBe(true);
    for (const category of ['cs.L', 'math', 'q-bio.NC']) expect(meets({ categories: [category] })).toBe(false);
  });

  it('is hidden by an author, a venue or a term, each as a whole', async () => {
    const paper = await paperOf('zoo:owl:1');
    const hides = (kind: 'author' | 'venue' | 'term', value: string): boolean =>
      isHidden(paper, [{ kind, value, at: '' }]);
    expect([hides('author', 'bo LIND'), hides('author', 'Lind')]).toEqual([true, false]);
    expect([hides('venue', 'journal of owls'), hides('venue', 'Journal')]).toEqual([true, false]);
    expect([hides('term', 'owls'), hides('term', 'owl')]).toEqual([true, false]);
  });
});

describe('candidates of a feed', () => {
  const saved = async (more: Parameters<typeof recommending>[0] = []) => {
    const reader = await recommending([...subjectPapers(12), ...more]);
    reader.desk.save(['volcano:0', 'volcano:1']);
    return reader;
  };

  it('leave out what is hidden, and say how much that was', async () => {
    const reader = await saved();
    expect(idsOf(await reader.read())).toContain('volcano:5');
    reader.signals.hide('author', 'author of volcano 5');
    reader.signals.hide('term', '9 years');
    const feed = await reader.read();
    expect(idsOf(feed)).not.toContain('volcano:5');
    expect(idsOf(feed)).not.toContain('volcano:6');
    expect(feed.why).toMatch(/ 2 are kept out by what you hide.*unhide/);
  });

  it('have some of a small interest, however many papers are more like a large one', async () => {
    const reader = await recommending([...subjectPapers(60), ...subjectPapers(80, ['volcano']).slice(60)]);
    const { engine, store, person } = reader;
    reader.desk.save(Array.from({ length: 20 }, (_, i) => `volcano:${i}`));
    reader.desk.addTopic({ name: 'ice', papers: ['glacier:0'], weight: 0.1 });
    const conditions = { shown: new Set<number>(), newAfter: 0, enough: 20, since: undefined };
    const known = new Set([...reader.signals.library().map(({ paper }) => reader.find(paper) ?? -1)]);
    const learned = await reader.profileOf(person);
    const { candidates } = await findCandidates({ engine, store }, learned, { ...conditions, known });
    const subjects = candidates.map(({ paper }) => subjectOf(paper.id));
    expect(subjects).toHaveLength(20);
    expect(subjects.filter((subject) => subject === 'glacier')).toHaveLength(10);
    expect(candidates.map(({ score }) => score)).toEqual(
      candidates.map(({ score }) => score).toSorted((a, b) => b - a),
    );
  });

  it('leave out withdrawn papers', async () => {
    const reader = await saved();
    reader.store.ingest([{ source: 'zoo', paper: { ...subjectPaper('volcano', 5), withdrawn: true } }]);
    await reader.embed();
    expect(idsOf(await reader.read({ k: 50 }))).not.toContain('volcano:5');
  });

  it('leave out what is nearer to a dismissed kind than to anything liked', async () => {
    const reader = await saved();
    reader.desk.save(['orchid:0', 'orchid:1']);
    const orchids = async (): Promise<number> =>
      likelySubjects(await reader.read({ k: 50 })).filter((subject) => subject === 'orchid').length;
    expect(await orchids()).toBe(10);
    reader.desk.tell(['orchid:0'], 'not-this-kind');
    const left = await orchids();
    expect([left > 0, left < 10]).toEqual([true, true]);
    expect((await reader.read({ k: 50 })).why).toContain(` ${10 - left} are of a kind you dismissed`);
    reader.desk.tell(['orchid:1'], 'not-this-kind');
    expect(await orchids()).toBe(0);
  });

  it('have every paper by a followed author, whatever it says, and say so', async () => {
    const stray = subjectPaper('harbour', 90, { authors: ['Edda Quill'] });
    const reader = await saved([stray]);
    reader.desk.addTopic({ name: 'lava', text: 'volcano', require: ['volcano'], authors: ['Edda Quill'] });
    const { items } = await reader.read({ k: 20 });
    const item = items.find(({ paper }) => paper.id === 'harbour:90');
    expect(item?.because).toEqual([{ paper: null, title: 'lava: Edda Quill', weight: 1 }]);
    expect(item?.interest?.name).toBe('lava');
    expect(items.filter(({ paper }) => subjectOf(paper.id) === 'harbour')).toHaveLength(1);
  });

  it('meet the conditions of the topic they are of', async () => {
    const reader = await recommending(subjectPapers(12));
    reader.desk.addTopic({ name: 'lava', papers: ['volcano:0'], exclude: ['8 years'], require: ['neighbours'] });
    const feed = await reader.read({ k: 50 });
    expect(likelySubjects(feed)).toEqual(Array.from({ length: 10 }, () => 'volcano'));
    expect(idsOf(feed)).not.toContain('volcano:5');
    expect(feed.why).toContain(' 1 do not meet the conditions of your topics');
  });

  it('are all of a topic’s categories where it says nothing else', async () => {
    const inCategory = [1, 2].map((at) => subjectPaper('beetle', 90 + at, { categories: ['q-bio.PE'] }));
    const reader = await recommending([...subjectPapers(6), ...inCategory]);
    reader.desk.addTopic({ name: 'life', categories: ['q-bio'] });
    const { items } = await reader.read({ topic: 'life' });
    expect(items.map(({ paper, because }) => [paper.id, because[0]?.title])).toEqual([
      ['beetle:91', 'life: q-bio'],
      ['beetle:92', 'life: q-bio'],
    ]);
  });

  it('of one topic are its own alone', async () => {
    const reader = await recommending(subjectPapers(12));
    reader.desk.save(['orchid:0', 'orchid:1']);
    reader.desk.addTopic({ name: 'Lava', papers: ['volcano:0'] });
    const ofTopic = await reader.read({ topic: 'lava', k: 20 });
    expect(new Set(idsOf(ofTopic).map(subjectOf))).toEqual(new Set(['volcano']));
    const found = reader.signals.interests().find(({ origin }) => origin === 'found');
    const ofFound = await reader.read({ topic: String(found?.id), k: 20 });
    expect(new Set(idsOf(ofFound).map(subjectOf))).toEqual(new Set(['orchid']));
    await expect(reader.read({ topic: 'nothing' })).rejects.toMatchObject({ code: 'INTEREST_NOT_FOUND' });
  });

  it('came out on the day asked for or later, those for exploration too', async () => {
    const old = subjectPapers(12).map((each) => ({ ...each, date: '2020-06-01' }));
    const recent = Array.from({ length: 12 }, (_, at) =>
      subjectPaper(at % 2 ? 'volcano' : 'harbour', 100 + at, { date: `2026-02-0${1 + (at % 9)}` }),
    );
    const reader = await recommending([...old, ...recent]);
    reader.desk.save(['volcano:0']);
    const feed = await reader.read({ since: '2026-02-02', k: 20 });
    expect(feed.items.length).toBeGreaterThan(0);
    for (const { paper } of feed.items) expect(paper.date ?? '').toMatch(/^2026-02-0[2-9]$/);
    expect(feed.why).toMatch(/ \d+ came out before 2026-02-02/);
    for (const since of ['2026-02-30', 'yesterday', '2026']) {
      await expect(reader.read({ since })).rejects.toMatchObject({ code: 'USAGE' });
    }
  });

  it('wait until they are embedded', async () => {
    const reader = await recommending(subjectPapers(4), { embedded: false });
    reader.desk.save(['volcano:0']);
    const feed = await reader.read();
    expect(feed.items).toEqual([]);
    expect(feed.why).toMatch(/of 24 papers, 23 wait to be embedded, 1 are saved.*run an import/);
    await reader.embed();
    expect(new Set(likelySubjects(await reader.read()))).toEqual(new Set(['volcano']));
  });
});
