import { describe, expect, it } from 'vitest';
import type { PaperJson } from '../../../src/domain/mod.ts';
import { linksOf } from '../../../src/domain/mod.ts';
import { feedPath, libraryPath, paperPath, routeOf, searchPath, trendingPath } from '../../../src/web/routes.ts';

describe('addresses', () => {
  it.each(['DOI:10.1000/a/b', 'arXiv:math/0309136', 'local <é>?#%/x', 'https://x.org/a?b=c'])(
    'carry the id %j',
    (id) => {
      const { pathname, search } = new URL(paperPath(id), 'http://localhost');
      expect(routeOf(pathname, search)).toEqual({ page: 'paper', id, facet: '' });
    },
  );

  it('take an id with bare slashes, too', () => {
    expect(routeOf('/papers/DOI:10.1000/a/b', '')).toEqual({ page: 'paper', id: 'DOI:10.1000/a/b', facet: '' });
  });

  it('carry what kin have in common', () => {
    const { pathname, search } = new URL(paperPath('a/b', 'method'), 'http://localhost');
    expect([pathname, search]).toEqual(['/papers/a%2Fb', '?facet=method']);
    expect(routeOf(pathname, search)).toEqual({ page: 'paper', id: 'a/b', facet: 'method' });
    expect(routeOf('/papers/x', '?facet=colour')).toEqual({ page: 'paper', id: 'x', facet: '' });
  });

  it('carry a search, without what is usual', () => {
    const path = '/?q=a+%26+b&like=source%3Amine&unlike=id%3Aa%2F1&filter=year%3E%3D2000&mode=dense&sort=newest&k=40';
    const search = {
      query: 'a & b',
      like: 'source:mine',
      unlike: 'id:a/1',
      filter: 'year>=2000',
      mode: 'dense',
      sort: 'newest',
      k: 40,
    } as const;
    expect(searchPath(search)).toBe(path);
    expect(searchPath({ query: '', like: '', unlike: '', mode: 'hybrid', sort: 'relevance', k: 20 })).toBe('/');
    expect(routeOf('/', path.slice(1))).toEqual({ page: 'search', ...search });
  });

  it('carry what the other pages show', () => {
    const read = (path: string) => {
      const { pathname, search } = new URL(path, 'http://localhost');
      return routeOf(pathname, search);
    };
    expect(read(feedPath('7'))).toEqual({ page: 'feed', interest: '7' });
    expect(read(trendingPath({ period: 'week', date: '2026-11-01' }))).toEqual({
      page: 'trending',
      period: 'week',
      date: '2026-11-01',
    });
    const shown = { text: 'owls & bees', state: 'to-read', tag: 'thesis', sort: 'title', order: 'asc' } as const;
    expect(read(libraryPath(shown))).toEqual({ page: 'library', ...shown });
    expect([feedPath(), trendingPath({ period: 'day' }), libraryPath()]).toEqual(['/feed', '/trending', '/library']);
    expect(read('/trending?period=century&date=')).toEqual({ page: 'trending', period: 'day', date: '' });
  });

  it('survive nonsense', () => {
    expect(routeOf('/', '?mode=best&k=-3')).toMatchObject({ mode: 'hybrid', k: 20 });
    expect(routeOf('/', '?k=100000')).toMatchObject({ k: 200 });
    expect(routeOf('/papers/%E0%A4%A', '')).toEqual({ page: 'unknown' });
    expect(routeOf('/papers/', '')).toEqual({ page: 'unknown' });
    expect(routeOf('/feeds', '')).toEqual({ page: 'unknown' });
  });
});

const withIds = (ids: PaperJson['ids'], url: string | null): PaperJson => ({
  id: 'x',
  ids,
  title: '',
  authors: [],
  year: null,
  date: null,
  venue: null,
  categories: [],
  keywords: [],
  abstract: '',
  tldr: null,
  comment: null,
  citations: null,
  upvotes: null,
  url,
  version: null,
  versions: [],
  withdrawn: false,
  aliases: [],
  sources: ['x'],
});

describe('links of a paper', () => {
  it('are made from its ids, each place once', () => {
    const links = linksOf(
      withIds({ arxiv: 'math/0309136', doi: '10.1000/x<y>#z' }, 'http://dx.doi.org/10.1000/x<y>#z'),
    );
    expect(links).toEqual([
      { label: 'arXiv', href: 'https://arxiv.org/abs/math/0309136' },
      { label: 'PDF', href: 'https://arxiv.org/pdf/math/0309136' },
      { label: 'DOI', href: 'https://doi.org/10.1000/x%3Cy%3E%23z' },
    ]);
  });

  it.each(['javascript:alert(1)', 'data:text/html,x', ' javascript:alert(1)', '//x.org', null])(
    'never lead to %j',
    (url) => {
      expect(linksOf(withIds({}, url))).toEqual([]);
    },
  );
});
