import { describe, expect, it } from 'vitest';
import type { PaperJson } from '../../../src/domain/mod.ts';
import { linksOf } from '../../../src/domain/mod.ts';
import { paperPath, routeOf, searchPath } from '../../../src/web/routes.ts';

describe('addresses', () => {
  it.each(['DOI:10.1000/a/b', 'arXiv:math/0309136', 'local <é>?#%/x', 'https://x.org/a?b=c'])(
    'carry the id %j',
    (id) => {
      const { pathname, search } = new URL(paperPath(id), 'http://localhost');
      expect(routeOf(pathname, search)).toEqual({ page: 'paper', id });
    },
  );

  it('take an id with bare slashes, too', () => {
    expect(routeOf('/paper/DOI:10.1000/a/b', '')).toEqual({ page: 'paper', id: 'DOI:10.1000/a/b' });
  });

  it('carry a search, without what is usual', () => {
    expect(searchPath({ query: 'a & b', filter: 'year>=2000', mode: 'dense', k: 40 })).toBe(
      '/?q=a+%26+b&filter=year%3E%3D2000&mode=dense&k=40',
    );
    expect(searchPath({ query: '', mode: 'hybrid', k: 20 })).toBe('/');
    expect(routeOf('/', '?q=a+%26+b&filter=year%3E%3D2000&mode=dense&k=40')).toEqual({
      page: 'search',
      query: 'a & b',
      filter: 'year>=2000',
      mode: 'dense',
      k: 40,
    });
  });

  it('survive nonsense', () => {
    expect(routeOf('/', '?mode=best&k=-3')).toMatchObject({ mode: 'hybrid', k: 20 });
    expect(routeOf('/', '?k=100000')).toMatchObject({ k: 200 });
    expect(routeOf('/paper/%E0%A4%A', '')).toEqual({ page: 'unknown' });
    expect(routeOf('/paper/', '')).toEqual({ page: 'unknown' });
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
