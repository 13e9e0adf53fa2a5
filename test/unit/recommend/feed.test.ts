import { describe, expect, it } from 'vitest';
import type { Feed } from '../../../src/domain/mod.ts';
import {
  idsOf,
  likelySubjects,
  type Recommended,
  recommending,
  someoneElse,
  subjectOf,
  subjectPaper,
  subjectPapers,
} from '../../support/recommending.ts';

/** Near to a volcano and farther from it than what is liked, as its words have more of something else. */
const onTheEdge = (at: number) =>
  subjectPaper('beetle', 500 + at, {
    abstract: `A beetle, a beetle and a beetle by the volcano, counted in spring ${at}.`,
    title: `Beetle walk ${at}`,
  });
const EDGE = Array.from({ length: 30 }, (_, at) => onTheEdge(at));

/** Somebody who reads about volcanoes and orchids. */
async function reading(more: Parameters<typeof recommending>[0] = []): Promise<Recommended> {
  const reader = await recommending([...subjectPapers(20), ...more]);
  reader.desk.save(['volcano:0', 'volcano:1', 'orchid:0', 'orchid:1']);
  return reader;
}

async function allPages(reader: Recommended, asked: Parameters<Recommended['read']>[0] = {}): Promise<Feed[]> {
  const pages = [await reader.read(asked)];
  for (let next = pages[0]?.next ?? null; next !== null; next = pages.at(-1)?.next ?? null) {
    pages.push(await reader.read({ cursor: next }));
  }
  return pages;
}

describe('a feed', () => {
  it('has papers near to what is saved, with the paper they follow from, a sentence and the interest', async () => {
    const reader = await reading();
    const feed = await reader.read();
    expect(new Set(likelySubjects(feed))).toEqual(new Set(['volcano', 'orchid']));
    for (const { paper, because, evidence, interest, score } of feed.items) {
      const subject = subjectOf(paper.id);
      expect(because[0]?.paper).toContain(subject);
      expect(because[0]?.title).toContain(subject);
      const weights = because.map(({ weight }) => weight);
      expect(weights).toEqual(weights.toSorted((a, b) => b - a));
      expect(weights.reduce((sum, weight) => sum + weight, 0)).toBeLessThanOrEqual(1.000001);
      expect(evidence && paper.abstract.slice(evidence.start, evidence.end)).toBe(evidence?.text);
      expect(interest?.name).toContain(subject);
      expect(score).toBeGreaterThanOrEqual(0);
      expect(score).toBeLessThanOrEqual(1);
    }
    expect(feed.items.map(({ rank }) => rank)).toEqual(feed.items.map((_, i) => i + 1));
    expect(feed).toMatchObject({ person: 'me', generatedAt: '2026-03-02T07:00:00.000Z' });
  });

  it('never has what is saved, liked or dismissed', async () => {
    const reader = await reading();
    reader.desk.tell(['volcano:2'], 'like');
    reader.desk.tell(['volcano:3'], 'not-this-paper');
    reader.desk.addTopic({ name: 'sea', papers: ['harbour:0'] });
    const ids = (await allPages(reader)).flatMap(idsOf);
    for (const id of ['volcano:0', 'volcano:1', 'volcano:2', 'volcano:3', 'harbour:0']) expect(ids).not.toContain(id);
    expect(ids).toContain('volcano:4');
  });

  it('has nothing that repeats what is saved or dismissed, and near-duplicates once', async () => {
    const titled = (id: string, of: number) =>
      subjectPaper('volcano', of, { id, authors: ['Else Where'], year: 1999, abstract: `A volcano seen from ${id}.` });
    const reader = await reading([titled('copy:0', 0), titled('copy:3', 3), titled('copy:4', 4)]);
    expect(reader.find('copy:4')).not.toBe(reader.find('volcano:4'));
    reader.desk.tell(['volcano:3'], 'not-this-paper');
    const items = (await allPages(reader)).flatMap((page) => page.items);
    const ids = items.map(({ paper }) => paper.id);
    expect(ids).not.toContain('copy:0');
    expect(ids).not.toContain('copy:3');
    const kept = items.filter(({ paper }) => ['volcano:4', 'copy:4'].includes(paper.id));
    expect(kept).toHaveLength(1);
    expect(kept[0]?.duplicates).toEqual([kept[0]?.paper.id === 'copy:4' ? 'volcano:4' : 'copy:4']);
  });

  it('shows the same to whoever looks twice in a morning, and other papers on another day', async () => {
    const reader = await reading();
    const first = await reader.read();
    await reader.see(first);
    reader.later(3);
    const again = await reader.read();
    expect(idsOf(again)).toEqual(idsOf(first));
    await reader.see(again);
    reader.later(20);
    const tomorrow = await reader.read();
    expect(idsOf(tomorrow).filter((id) => idsOf(first).includes(id))).toEqual([]);
    expect(tomorrow.items.length).toBeGreaterThan(5);
    await reader.see(tomorrow);
    reader.later(24);
    const seen = new Set([...idsOf(first), ...idsOf(tomorrow)]);
    expect(idsOf(await reader.read()).filter((id) => seen.has(id))).toEqual([]);
  });

  it('that nobody saw is not remembered', async () => {
    const reader = await reading();
    const first = idsOf(await reader.read());
    reader.later(48);
    const likely = (ids: readonly string[]): string[] => ids.filter((id) => /volcano|orchid/.test(id));
    expect(likely(idsOf(await reader.read()))).toEqual(likely(first));
  });

  it('marks what came since the last feed, and gives it most of the page', async () => {
    const reader = await reading();
    const first = await reader.read();
    expect(first.items.some(({ isNew }) => isNew)).toBe(false);
    await reader.see(first);
    reader.later(24);
    await reader.add(Array.from({ length: 20 }, (_, i) => subjectPaper(i % 2 ? 'volcano' : 'orchid', 100 + i)));
    const { items } = await reader.read();
    for (const { paper, isNew } of items) expect([paper.id, isNew]).toEqual([paper.id, /:1\d\d$/.test(paper.id)]);
    expect(items.filter(({ isNew }) => isNew).length).toBeGreaterThanOrEqual(7);
  });

  it('leaves one author a seventh of a page, and one interest six tenths where there are others', async () => {
    const busy = Array.from({ length: 15 }, (_, i) => subjectPaper('volcano', 200 + i, { authors: ['Ada Holm'] }));
    const reader = await reading(busy);
    const { items } = await reader.read({ k: 20 });
    expect(items.filter(({ paper }) => paper.authors.includes('Ada Holm')).length).toBeLessThanOrEqual(3);
    for (const subject of ['volcano', 'orchid']) {
      expect(items.filter(({ paper }) => subjectOf(paper.id) === subject).length).toBeLessThanOrEqual(12);
    }
    expect(items).toHaveLength(20);
    const byScore = await reader.read({ k: 20, diversity: 0 });
    const scores = byScore.items.filter(({ exploration }) => !exploration).map(({ score }) => score);
    expect(scores).toEqual(scores.toSorted((a, b) => b - a));
  });

  it('has all that an author of the asked topic wrote, and of others a seventh', async () => {
    const by = (author: string, places: readonly number[]) =>
      places.map((at) => subjectPaper('beetle', at, { authors: [author] }));
    const reader = await recommending([...by('Ada Holm', [1, 2, 3, 4]), ...by('Bo Lind', [5, 6, 7])]);
    reader.desk.addTopic({ name: 'beetles', text: 'a beetle', authors: ['Ada Holm'] });
    const { items } = await reader.read({ topic: 'beetles', k: 7 });
    const authors = items.flatMap(({ paper }) => paper.authors);
    expect(authors.toSorted()).toEqual([...Array.from({ length: 4 }, () => 'Ada Holm'), 'Bo Lind']);
  });

  it('is of the topic of that number where another is called by it', async () => {
    const reader = await recommending(subjectPapers(12));
    const first = reader.desk.addTopic({ name: 'placeholder', text: 'one glacier and its place' });
    const second = reader.desk.addTopic({ name: 'volcanoes', text: 'one volcano and its place' });
    reader.desk.changeTopic(first.id, { name: String(second.id) });
    const { items } = await reader.read({ topic: String(second.id), k: 3 });
    expect(items.map(({ interest }) => interest?.name)).toEqual(Array.from({ length: 3 }, () => 'volcanoes'));
  });

  it('follows the diversity that is set for the person, unless another is asked for', async () => {
    const reader = await reading();
    const byScore = idsOf(await reader.read({ diversity: 0 }));
    expect(idsOf(await reader.read({ diversity: 1 }))).not.toEqual(byScore);
    reader.reading.setDiversity(reader.person, 0);
    expect(idsOf(await reader.read())).toEqual(byScore);
    expect((await reader.reading.profile(reader.person)).diversity).toBe(0);
  });

  it('tells a paper by what its person named, the words of a topic by its name', async () => {
    const reader = await recommending(subjectPapers(12));
    reader.desk.addTopic({ name: 'Ice', text: 'one glacier and its place' });
    const { items } = await reader.read();
    expect(items.length).toBeGreaterThan(3);
    for (const item of items.filter(({ exploration }) => !exploration)) {
      expect(item.because).toEqual([{ paper: null, title: 'Ice', weight: expect.closeTo(1, 5) }]);
      expect(item.interest?.name).toBe('Ice');
    }
  });

  it('shows the papers that answer the words of a topic best, though they are what it is ranked by', async () => {
    const reader = await recommending(subjectPapers(12));
    reader.desk.addTopic({ name: 'Ice', text: 'one glacier and its place' });
    const { items } = await reader.read({ k: 50, diversity: 0 });
    const glaciers = items.filter(({ paper }) => paper.id.startsWith('glacier:'));
    expect(glaciers).toHaveLength(12);
  });
});

describe('pages of a feed', () => {
  it('neither repeat nor skip anything, whatever comes in meanwhile', async () => {
    const reader = await reading(EDGE);
    const whole = idsOf(await reader.read({ k: 100, diversity: 0 }));
    const first = await reader.read({ k: 5, diversity: 0 });
    await reader.add([subjectPaper('volcano', 300), subjectPaper('volcano', 301)]);
    const pages = [first];
    for (let { next } = first; next !== null; { next } = pages.at(-1) ?? first) {
      pages.push(await reader.read({ cursor: next }));
    }
    const ids = pages.flatMap(idsOf);
    expect(new Set(ids).size).toBe(ids.length);
    expect(ids.filter((id) => /30[01]$/.test(id))).toEqual([]);
    const likely = (of: readonly string[]): string[] => of.filter((id) => /volcano|orchid/.test(id));
    expect(likely(ids)).toEqual(likely(whole));
    expect(pages.flatMap(({ items }) => items.map(({ rank }) => rank))).toEqual(ids.map((_, i) => i + 1));
    expect(pages.slice(1).every(({ why }) => why === null)).toBe(true);
  });

  it('leave out what was saved or dismissed since the first', async () => {
    const reader = await reading();
    const first = await reader.read({ k: 5 });
    const before = await reader.read({ cursor: first.next ?? '' });
    const [saved = '', dismissed = ''] = idsOf(before);
    reader.desk.save([saved]);
    reader.desk.tell([dismissed], 'not-this-paper');
    expect(idsOf(await reader.read({ cursor: first.next ?? '' }))).toEqual(idsOf(before).slice(2));
  });

  it('are one person’s, for an hour', async () => {
    const reader = await reading();
    const { next } = await reader.read({ k: 5 });
    const cursor = next ?? '';
    const expired = { code: 'FEED_EXPIRED' };
    await expect(reader.read({ person: someoneElse(reader), cursor })).rejects.toMatchObject(expired);
    for (const wrong of ['', 'x', `${cursor}0`, cursor.replace(/\d$/, 'x'), '00000000-0000-0000-0000-000000000000.1']) {
      await expect(reader.read({ cursor: wrong })).rejects.toMatchObject(expired);
    }
    reader.later(0.9);
    expect((await reader.read({ cursor })).items.length).toBeGreaterThan(0);
    reader.later(0.2);
    await expect(reader.read({ cursor })).rejects.toMatchObject(expired);
  });

  it('of the oldest feed are let go of where there are more than a hundred', async () => {
    const reader = await reading();
    const cursors: string[] = [];
    for (let i = 0; i < 101; i += 1) cursors.push((await reader.read({ k: 5 })).next ?? '');
    await expect(reader.read({ cursor: cursors[0] ?? '' })).rejects.toMatchObject({ code: 'FEED_EXPIRED' });
    expect((await reader.read({ cursor: cursors[1] ?? '' })).items.length).toBeGreaterThan(0);
  });
});

describe('exploration', () => {
  it('is one item in ten, marked, near the edge of what is liked and never its first', async () => {
    const reader = await reading(EDGE);
    for (const [k, explored] of [
      [4, 0],
      [5, 1],
      [10, 1],
      [20, 2],
    ] as const) {
      const { items } = await reader.read({ k });
      const surprises = items.filter(({ exploration }) => exploration);
      expect([k, items.length, surprises.length]).toEqual([k, k, explored]);
      for (const { paper, because, interest, rank } of surprises) {
        expect([paper.id.includes('volcano'), because, interest]).toEqual([false, [], null]);
        expect(rank).toBeGreaterThan(1);
      }
    }
  });

  it('is the same all day, and of a larger library another choice each day', async () => {
    const reader = await reading(Array.from({ length: 600 }, (_, at) => onTheEdge(at)));
    const surprises = async (): Promise<string> =>
      (await reader.read({ k: 50 })).items.flatMap(({ exploration, paper }) => (exploration ? paper.id : [])).join();
    const today = await surprises();
    reader.later(2);
    expect(await surprises()).toBe(today);
    reader.later(24);
    expect(await surprises()).not.toBe(today);
  });

  it('gives way to what is likely where there is nothing to explore', async () => {
    const { items } = await (await reading()).read();
    expect(items).toHaveLength(10);
    expect(items.some(({ exploration }) => exploration)).toBe(false);
  });

  it('never shows a kind that was dismissed, what is hidden, or what was shown', async () => {
    const reader = await reading(EDGE);
    const beetles = async (): Promise<string[]> =>
      (await reader.read({ k: 100 })).items.flatMap(({ exploration, paper }) =>
        exploration && paper.title.startsWith('Beetle walk') ? paper.id : [],
      );
    const [first = '', second = ''] = await beetles();
    reader.desk.tell([first], 'not-this-kind');
    expect(await beetles()).toEqual([]);
    reader.desk.forget([first]);
    expect(await beetles()).toContain(second);
    reader.signals.hide('term', 'beetle walk');
    expect(await beetles()).toEqual([]);
    reader.signals.unhide('term', 'beetle walk');
    await reader.shown(reader.person, [first], 'mail');
    reader.later(24);
    const left = await beetles();
    expect([left.includes(first), left.includes(second)]).toEqual([false, true]);
  });
});

describe('why a feed is short', () => {
  it('is that nobody knows the person yet, who gets a spread of papers instead', async () => {
    const reader = await recommending(subjectPapers(10));
    const feed = await reader.read({ k: 6 });
    expect(new Set(idsOf(feed).map(subjectOf)).size).toBe(6);
    expect(feed.items.every(({ exploration }) => exploration)).toBe(true);
    expect(feed).toMatchObject({
      why: expect.stringMatching(/nothing is known yet.*save some, or add a topic/),
      next: null,
    });
  });

  it('of one topic is that no paper answers it, or that it is muted', async () => {
    const reader = await recommending(subjectPapers(3));
    const { id } = reader.desk.addTopic({ name: 'a writer', authors: ['Nobody Known'] });
    const why = async () => (await reader.read({ topic: 'a writer' })).why;
    expect(await why()).toMatch(/^no paper of the library answers this interest/);
    reader.desk.changeTopic(id, { muted: true });
    expect(await why()).toMatch(/^this interest is muted/);
  });

  it('is that there are no papers', async () => {
    const reader = await recommending([]);
    expect(await reader.read()).toMatchObject({ items: [], why: expect.stringContaining('nothing is known yet') });
    reader.signals.save(['zoo:gone']);
    expect(await reader.read()).toMatchObject({ items: [] });
    reader.desk.addTopic({ name: 'x', authors: ['Nobody'] });
    expect((await reader.read()).why).not.toBeNull();
  });

  it('is that nothing has come since, and that sources are late', async () => {
    const reader = await recommending(subjectPapers(4));
    reader.desk.save(['volcano:0']);
    const first = await reader.read();
    expect(first.why).toMatch(/^of 24 papers, 20 fit nothing you like closely enough, 1 are saved or dismissed\./);
    await reader.see(first);
    reader.later(24);
    reader.sayLate(['the source arxiv is late: it last answered on 2026-02-01']);
    const { items, why } = await reader.read();
    expect(items).toEqual([]);
    expect(why).toMatch(
      /^nothing has come since 2026-03-02; the source arxiv is late: it last answered on 2026-02-01; of/,
    );
    expect(why).toMatch(/ 3 were shown before.*\. To see more, sync a source/);
  });

  it('is that the rest would be too much of the same', async () => {
    const reader = await recommending([
      ...subjectPapers(20, ['volcano', 'harbour']),
      subjectPaper('orchid', 0),
      subjectPaper('orchid', 1),
    ]);
    reader.desk.save(['volcano:0', 'orchid:0']);
    const { items, why, next } = await reader.read();
    expect(items.length).toBeLessThan(10);
    expect(next).not.toBeNull();
    expect(why).toMatch(/^\d+ more papers would be too much of the same for one page.*diversity of 0/);
    expect(await reader.read({ diversity: 0 })).toMatchObject({ why: null });
  });

  it('is that every interest is muted; what else there is is shown, and nothing of them', async () => {
    const reader = await reading();
    await reader.profileOf(reader.person);
    for (const { id } of reader.signals.interests()) reader.signals.changeInterest(id, { muted: true });
    const feed = await reader.read({ k: 20 });
    expect(feed.why).toContain('all your interests are muted');
    expect(feed.items.length).toBeGreaterThan(5);
    for (const id of idsOf(feed)) expect(id).not.toMatch(/volcano|orchid/);
  });

  it('is nothing for a full feed', async () => {
    expect((await (await reading()).read()).why).toBeNull();
  });
});

describe('fewer like this', () => {
  it('says for a kind how many items go, and so many go', async () => {
    const reader = await reading();
    const asked = { k: 100, diversity: 0 };
    const before = await reader.read(asked);
    for (const { paper, fewer } of before.items.slice(0, 3)) {
      const said = fewer.find(({ action }) => action === 'not-this-kind');
      reader.desk.tell([said?.value ?? ''], 'not-this-kind');
      const after = new Set(idsOf(await reader.read(asked)));
      expect(said?.value).toBe(paper.id);
      expect(said?.says).toContain(`${said?.items} item`);
      const gone = idsOf(before).filter((id) => !after.has(id));
      expect(gone).toHaveLength(said?.items ?? -1);
      expect(gone.toSorted()).toEqual([paper.id, ...(said?.others ?? [])].toSorted());
      reader.desk.forget([paper.id]);
    }
  });

  it('says the same of an author, a venue, an interest and the paper alone', async () => {
    const venue = 'Annals of Fire';
    const more = [0, 1, 2].map((at) => subjectPaper('volcano', 400 + at, { authors: ['Ada Holm', `Bo ${at}`], venue }));
    const reader = await reading(more);
    const asked = { k: 100, diversity: 0 };
    const before = await reader.read(asked);
    const { fewer = [] } = before.items.find(({ paper }) => paper.venue === venue) ?? {};
    const told = (action: string) => fewer.find((one) => one.action === action);
    const gone = async (): Promise<number> => {
      const after = new Set(idsOf(await reader.read(asked)));
      return idsOf(before).filter((id) => !after.has(id)).length;
    };
    expect(told('hide-author')).toMatchObject({ value: 'Ada Holm', items: 3 });
    expect(told('hide-author')?.others).toHaveLength(2);
    expect(told('not-this-paper')?.others).toEqual([]);
    reader.signals.hide('author', 'Ada Holm');
    expect(await gone()).toBe(3);
    reader.signals.unhide('author', 'Ada Holm');
    expect(told('hide-venue')).toMatchObject({ value: venue, items: 3 });
    reader.signals.hide('venue', venue);
    expect(await gone()).toBe(3);
    reader.signals.unhide('venue', venue);
    const muting = told('mute-interest');
    await reader.reading.change(reader.person, muting?.value ?? '', { muted: true });
    expect(await gone()).toBe(muting?.items);
    await reader.reading.change(reader.person, muting?.value ?? '', { muted: false });
    expect(await gone()).toBe(0);
    reader.desk.tell([told('not-this-paper')?.value ?? ''], 'not-this-paper');
    expect(await gone()).toBe(1);
  });
});

describe('what was shown', () => {
  it('is named by any id in any spelling, and refused where it is unknown', async () => {
    const reader = await reading();
    await reader.shown(reader.person, ['volcano:5', 'zoo:volcano:6'], 'mail');
    expect([...reader.signals.shown().keys()].toSorted()).toEqual(['zoo:volcano:5', 'zoo:volcano:6']);
    await expect(reader.shown(reader.person, ['volcano:7', 'nothing'], 'feed')).rejects.toMatchObject({
      code: 'PAPER_NOT_FOUND',
    });
    expect(reader.signals.shown().size).toBe(2);
    await reader.shown(reader.person, [], 'feed');
  });
});

describe('a merged paper', () => {
  it('stays saved under its new id, speaks on, and is not shown', async () => {
    const reader = await recommending(subjectPapers(12));
    reader.desk.save(['volcano:5']);
    const before = await reader.read();
    expect(new Set(likelySubjects(before))).toEqual(new Set(['volcano']));
    reader.store.decide('volcano:3', 'volcano:5', 'same');
    await reader.embed();
    expect(reader.desk.saved('volcano:3')).toBeDefined();
    const after = await reader.read({ k: 20 });
    expect(new Set(likelySubjects(after))).toEqual(new Set(['volcano']));
    expect(idsOf(after)).not.toContain('volcano:3');
    expect(idsOf(after)).not.toContain('volcano:5');
  });
});
