import { describe, expect, it, onTestFinished } from 'vitest';
import { createTrending, createTrends } from '../../../src/recommend/trending.ts';
import { People } from '../../../src/store/mod.ts';
import { openStore, paper, temporaryWorkspace } from '../../support/library.ts';

const NOW = new Date('2026-03-20T15:00:00Z');

function library(papers: readonly { readonly id: string; readonly date: string; readonly upvotes?: number }[]) {
  const workspace = temporaryWorkspace();
  const store = openStore(workspace);
  const people = People.open(workspace);
  onTestFinished(() => people.close());
  store.ingest(papers.map((told) => ({ source: 'a', paper: paper(told) })));
  const trending = createTrending({ store, people, now: () => NOW });
  const ids = (request: Parameters<typeof trending>[0]): string[] =>
    trending(request).items.map((entry) => entry.paper.id);
  return { people, trending, ids };
}

describe('what is trending', () => {
  const papers = [
    { id: 'arXiv:2603.00001', date: '2026-03-20', upvotes: 10 },
    { id: 'arXiv:2603.00002', date: '2026-03-20', upvotes: 40 },
    { id: 'arXiv:2603.00003', date: '2026-03-15', upvotes: 50 },
    { id: 'arXiv:2602.00004', date: '2026-02-25', upvotes: 500 },
    { id: 'arXiv:2603.00005', date: '2026-03-20' },
    { id: 'arXiv:2603.00006', date: '2026-03-21', upvotes: 900 },
  ];

  it('of a day is what came out that day, by votes; what nobody voted for is not there, nor what is dated tomorrow', () => {
    const { ids } = library(papers);
    expect(ids({ period: 'day', k: 10 })).toEqual(['arXiv:2603.00002', 'arXiv:2603.00001']);
  });

  it('of a week and a month lets votes fade with age', () => {
    const { ids } = library(papers);
    expect(ids({ period: 'week', k: 10 })).toEqual(['arXiv:2603.00002', 'arXiv:2603.00003', 'arXiv:2603.00001']);
    expect(ids({ period: 'month', k: 1 })).toEqual(['arXiv:2602.00004']);
  });

  it('ends with the newest day of an archive, or on the day that is asked for', () => {
    const { trending, ids } = library([papers[3] ?? { id: '', date: '' }]);
    expect(trending({ period: 'day', k: 10 })).toMatchObject({
      date: '2026-02-25',
      items: [{ upvotes: 500 }],
      why: null,
    });
    expect(ids({ period: 'day', k: 10, date: '2026-02-24' })).toEqual([]);
  });

  it('counts what persons of this server save, a whole library brought along for no more than a few', () => {
    const { people, trending } = library([
      { id: 'arXiv:1001.00001', date: '2010-01-01' },
      { id: 'arXiv:1001.00002', date: '2010-01-01' },
    ]);
    people.signals(people.add('ada').person).save(['arXiv:1001.00001'], { savedAt: '2026-03-20T08:00:00.000Z' });
    const brought = [...Array(500).keys()].map((i) => `arXiv:1002.${String(i).padStart(5, '0')}`);
    people.signals(people.person()).save(['arXiv:1001.00002', ...brought], { savedAt: '2026-03-20T08:00:00.000Z' });
    expect(trending({ period: 'day', k: 10 })).toMatchObject({
      date: '2026-03-20',
      items: [
        { rank: 1, score: 1, paper: { id: 'arXiv:1001.00001' }, saves: 1, upvotes: null },
        { rank: 2, paper: { id: 'arXiv:1001.00002' }, saves: 1 },
      ],
    });
  });

  it('says why there is nothing', () => {
    const { trending } = library([{ id: 'arXiv:2603.00005', date: '2026-03-20' }]);
    expect(trending({ period: 'week', k: 10 })).toMatchObject({ items: [], date: '2026-03-20' });
    expect(trending({ period: 'week', k: 10 }).why).toMatch(/from 2026-03-14 to 2026-03-20 has votes/);
  });
});

describe('what votes count for today', () => {
  it('fades with the age of the paper, also over years, and counts saves of the last month', () => {
    const workspace = temporaryWorkspace();
    const store = openStore(workspace);
    const people = People.open(workspace);
    onTestFinished(() => people.close());
    const told = [
      { id: 'arXiv:2603.00001', date: '2026-03-20', upvotes: 10 },
      { id: 'arXiv:2603.00002', date: '2026-03-05', upvotes: 10 },
      { id: 'arXiv:1603.00003', date: '2016-03-05', upvotes: 10 },
      { id: 'arXiv:1503.00004', date: '2015-03-05', upvotes: 10 },
      { id: 'arXiv:1403.00005', date: '2014-03-05' },
      { id: 'arXiv:1303.00006', date: '2013-03-05' },
    ];
    store.ingest(told.map((each) => ({ source: 'a', paper: paper(each) })));
    people.signals(people.person()).save(['arXiv:1403.00005'], { savedAt: '2026-03-20T08:00:00.000Z' });
    const keys = told.map(({ id }) => store.findKey(id) ?? -1);
    const [today = 0, twoWeeks = 0, tenYears = 0, elevenYears = 0, saved, none] = createTrends({
      store,
      people,
      now: () => NOW,
    })(keys);
    expect([today, twoWeeks]).toEqual([10, 5]);
    expect(tenYears).toBeGreaterThan(elevenYears);
    expect(elevenYears).toBeGreaterThan(0);
    expect([saved, none]).toEqual([5, 0]);
  });
});
