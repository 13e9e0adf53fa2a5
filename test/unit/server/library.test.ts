import { describe, expect, it } from 'vitest';
import { AppError } from '../../../src/errors.ts';
import { paper } from '../../support/library.ts';
import { get, type Got, postJson, serve } from './serving.ts';

type Method = 'GET' | 'PUT' | 'POST' | 'DELETE';

/** A library of three papers, one of which has gone from the workspace. */
async function serving(services: Parameters<typeof serve>[0] = {}) {
  const server = await serve(services);
  server.store.ingest([
    {
      source: 'a',
      paper: paper({ id: 'arXiv:2001.00001', title: 'Zebras in Café light', authors: ['Ada Holm'], year: 2001 }),
    },
    {
      source: 'a',
      paper: paper({ id: 'arXiv:2001.00002', title: 'An owl at night', authors: ['Bo Lind'], year: 2020 }),
    },
  ]);
  const signals = server.people.signals(server.people.person());
  signals.save(['arXiv:2001.00001'], {
    savedAt: '2026-01-01T00:00:00.000Z',
    state: 'read',
    tags: ['Thesis', 'stripes'],
  });
  signals.save(['arXiv:2001.00002'], { savedAt: '2026-01-02T00:00:00.000Z', tags: ['thesis'], note: 'figure 3' });
  signals.save(['arXiv:1999.99999'], { savedAt: '2026-01-03T00:00:00.000Z', state: 'reading' });
  const ask = (method: Method, path: string, body?: unknown): Promise<Got> =>
    get(server.url + path, {
      method,
      headers: body === undefined ? {} : { 'Content-Type': 'application/json' },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    });
  const idsOf = async (parameters: string): Promise<unknown> =>
    (await ask('GET', `/api/library?form=id${parameters}`)).body['papers'];
  return { server, ask, idsOf };
}

const [ZEBRAS, OWL, GONE] = ['arXiv:2001.00001', 'arXiv:2001.00002', 'arXiv:1999.99999'];

describe('a library as a table', () => {
  it('has rows without abstracts, how many pass, and all tags with how many have each', async () => {
    const { ask } = await serving();
    const { body } = await ask('GET', '/api/library?form=row&k=1&skip=1&state=to-read&tag=THESIS');
    expect(body).toEqual({ total: 1, all: 3, tags: expect.any(Array), papers: [] });
    const rows = (await ask('GET', '/api/library?form=row&k=2')).body;
    expect(rows).toEqual({
      total: 3,
      all: 3,
      tags: [
        { tag: 'thesis', papers: 2 },
        { tag: 'stripes', papers: 1 },
      ],
      papers: [
        {
          id: GONE,
          title: null,
          authors: [],
          year: null,
          venue: null,
          state: 'reading',
          tags: [],
          note: '',
          savedAt: '2026-01-03T00:00:00.000Z',
        },
        expect.objectContaining({
          id: OWL,
          title: 'An owl at night',
          authors: ['Bo Lind'],
          year: 2020,
          note: 'figure 3',
        }),
      ],
    });
  });

  it.each([
    ['', [GONE, OWL, ZEBRAS]],
    ['&sort=saved&order=asc', [ZEBRAS, OWL, GONE]],
    ['&sort=title&order=asc', [OWL, GONE, ZEBRAS]],
    ['&sort=title', [ZEBRAS, GONE, OWL]],
    ['&sort=author&order=asc', [GONE, ZEBRAS, OWL]],
    ['&sort=year', [OWL, ZEBRAS, GONE]],
    ['&sort=state&order=asc', [OWL, GONE, ZEBRAS]],
    ['&text=cafe%20zeb', [ZEBRAS]],
    ['&text=bras', []],
    ['&text=HOLM', [ZEBRAS]],
    ['&text=2020', [OWL]],
    ['&text=figure', [OWL]],
    ['&text=stripes', [ZEBRAS]],
    ['&text=1999.99999', [GONE]],
    ['&tag=thesis&state=read', [ZEBRAS]],
  ])('is sorted and filtered by %s', async (parameters, ids) => {
    const { idsOf } = await serving();
    expect(await idsOf(parameters)).toEqual(ids);
  });

  it('is as it is now after each change, of what is said and of papers', async () => {
    const { ask, idsOf, server } = await serving();
    expect(await idsOf('&text=eagle')).toEqual([]);
    await ask('PUT', `/api/library/${ZEBRAS}`, { note: 'an eagle' });
    expect(await idsOf('&text=eagle')).toEqual([ZEBRAS]);
    server.store.ingest([{ source: 'a', paper: paper({ id: GONE, title: 'The eagle is back' }) }]);
    expect(await idsOf('&text=eagle')).toEqual([GONE, ZEBRAS]);
  });

  it.each(['sort=colour', 'order=up', 'form=all', 'text=a&text=b', 'k=0'])('refuses %s', async (parameters) => {
    const { ask } = await serving();
    expect(await ask('GET', `/api/library?${parameters}`)).toMatchObject({
      status: 400,
      body: { code: 'INVALID_REQUEST' },
    });
  });
});

describe('many saved papers at once', () => {
  it('get and lose tags, and keep the others', async () => {
    const { ask } = await serving();
    await ask('POST', '/api/library', { ids: [ZEBRAS, OWL], tags: ['new'], dropTags: ['THESIS'] });
    const { papers } = (await ask('GET', '/api/library?form=row&sort=year&order=asc')).body;
    expect(papers).toMatchObject([{ tags: [] }, { tags: ['new', 'stripes'] }, { tags: ['new'] }]);
  });

  it('are put back as they were by what changing them answers', async () => {
    const { ask } = await serving();
    const before = (await ask('GET', '/api/library?form=row')).body;
    const { body } = await ask('POST', '/api/library', { ids: [ZEBRAS, GONE], tags: ['new'], state: 'to-read' });
    expect(body).toMatchObject({ saved: 0, already: 2, was: [{ paper: ZEBRAS, state: 'read' }, { paper: GONE }] });
    expect((await ask('GET', '/api/library?form=row')).body).not.toEqual(before);
    await ask('PUT', '/api/library', { papers: body['was'] });
    expect((await ask('GET', '/api/library?form=row')).body).toEqual(before);
  });

  it('are taken out, and put back as they were', async () => {
    const { ask, idsOf } = await serving();
    const before = (await ask('GET', '/api/library?form=row')).body;
    const { removed } = (await ask('DELETE', '/api/library', { ids: [OWL, GONE] })).body;
    expect(await idsOf('')).toEqual([ZEBRAS]);
    expect((await ask('PUT', '/api/library', { papers: removed })).body).toEqual({ saved: 2 });
    expect((await ask('GET', '/api/library?form=row')).body).toEqual(before);
  });

  it('are changed all, or none where one is unknown', async () => {
    const { ask, idsOf } = await serving();
    const got = await ask('DELETE', '/api/library', { ids: [OWL, 'arXiv:1501.00001'] });
    expect(got).toMatchObject({ status: 404, body: { code: 'PAPER_NOT_FOUND' } });
    expect(await idsOf('')).toHaveLength(3);
    expect(await ask('DELETE', '/api/library', { ids: [] })).toMatchObject({ status: 400 });
    const papers = [{ paper: OWL, savedAt: 'today', state: 'read', tags: [], note: '' }];
    expect(await ask('PUT', '/api/library', { papers })).toMatchObject({ status: 400 });
  });
});

describe('saved papers that may be one', () => {
  const PAIR = { a: ZEBRAS, b: OWL, cosine: null, title: 0.4 };

  async function suspicious() {
    const asked: (readonly string[])[] = [];
    const settled: unknown[] = [];
    const given = await serving({
      duplicatesAmong: async (ids) => {
        asked.push(ids);
        return [PAIR];
      },
      settleDuplicates: async (...what) => {
        if (what.includes('arXiv:1999.99999')) throw new AppError('WORKSPACE_LOCKED', { workspace: 'w' });
        settled.push(what);
      },
    });
    return { ...given, asked, settled };
  }

  it('are looked for among what is saved, and shown with what is kept of each', async () => {
    const { ask, asked } = await suspicious();
    const { body } = await ask('GET', '/api/library/duplicates');
    expect(asked).toEqual([[GONE, OWL, ZEBRAS]]);
    expect(body).toEqual({
      pairs: [
        {
          a: expect.objectContaining({ id: ZEBRAS, tags: ['stripes', 'Thesis'] }),
          b: expect.objectContaining({ id: OWL, note: 'figure 3' }),
          cosine: null,
          title: 0.4,
        },
      ],
    });
  });

  it('become one with the tags, notes and state of both, and two again as they were', async () => {
    const { ask, settled } = await suspicious();
    await ask('PUT', `/api/library/${ZEBRAS}`, { note: 'page 2' });
    const before = (await ask('GET', '/api/library?form=row')).body;
    const same = await ask('POST', '/api/library/duplicates', { papers: [OWL, ZEBRAS], verdict: 'same' });
    expect((await ask('GET', '/api/library?form=row')).body['papers']).toMatchObject([
      { id: GONE },
      {
        id: OWL,
        state: 'read',
        tags: ['stripes', 'thesis'],
        note: 'figure 3\npage 2',
        savedAt: '2026-01-01T00:00:00.000Z',
      },
    ]);
    await ask('POST', '/api/library/duplicates', { papers: [OWL, ZEBRAS], verdict: 'open' });
    await ask('PUT', '/api/library', { papers: same.body['was'] });
    expect((await ask('GET', '/api/library?form=row')).body).toEqual(before);
    expect(settled).toEqual([
      [OWL, ZEBRAS, 'same'],
      [OWL, ZEBRAS, 'open'],
    ]);
  });

  it('are settled as different without a change to the library', async () => {
    const { ask, settled, idsOf } = await suspicious();
    const got = await ask('POST', '/api/library/duplicates', { papers: [OWL, ZEBRAS], verdict: 'different' });
    expect(got.body).toEqual({ was: [] });
    expect(settled).toEqual([[OWL, ZEBRAS, 'different']]);
    expect(await idsOf('')).toHaveLength(3);
  });

  it('stay as they were where settling fails', async () => {
    const { ask } = await suspicious();
    const before = (await ask('GET', '/api/library?form=row')).body;
    const got = await ask('POST', '/api/library/duplicates', { papers: [OWL, GONE], verdict: 'same' });
    expect(got).toMatchObject({ status: 409, body: { code: 'WORKSPACE_LOCKED' } });
    expect((await ask('GET', '/api/library?form=row')).body).toEqual(before);
  });

  it('are settled by the keeper of the collection alone, and only where both are saved', async () => {
    const { ask, server, settled } = await suspicious();
    const { token } = server.people.add('Ada');
    const body = { papers: [OWL, ZEBRAS], verdict: 'same' };
    const theirs = await postJson(`${server.url}/api/library/duplicates`, body, { Authorization: `Bearer ${token}` });
    expect(theirs).toMatchObject({ status: 403, body: { code: 'KEEPER_ONLY' } });
    const unknown = { ...body, papers: [OWL, 'arXiv:1501.00001'] };
    expect((await ask('POST', '/api/library/duplicates', unknown)).status).toBe(404);
    expect((await ask('POST', '/api/library/duplicates', { ...body, papers: [OWL] })).status).toBe(400);
    expect((await ask('POST', '/api/library/duplicates', { ...body, verdict: 'alike' })).status).toBe(400);
    expect(settled).toEqual([]);
  });
});

describe('a library taken elsewhere', () => {
  it('is written as its conditions say, with tags as keywords, without what has gone', async () => {
    const { server } = await serving();
    const response = await fetch(`${server.url}/api/library/export?format=bibtex&sort=title&order=asc`);
    expect(response.headers.get('content-disposition')).toBe('attachment; filename="library.bib"');
    const bib = await response.text();
    expect(bib.indexOf('An owl at night')).toBeLessThan(bib.indexOf('Zebras'));
    expect(bib).toMatch(/keywords\s*=\s*\{[^}]*stripes/);
    expect(bib).not.toContain('1999.99999');
  });

  it.each([
    ['bibtex', 'note = {Read on the train}'],
    ['ris', 'N1  - Read on the train'],
    ['csl-json', '"note":"Read on the train"'],
    ['csv', ',Read on the train,'],
    ['markdown', '> Read on the train'],
    ['jsonl', '"note":"Read on the train"'],
  ])('is written with notes, as %s', async (format, expected) => {
    const { ask, server } = await serving();
    await ask('PUT', `/api/library/${encodeURIComponent(OWL)}`, { note: 'Read on the train' });
    const response = await fetch(`${server.url}/api/library/export?format=${format}`);
    expect(await response.text()).toContain(expected);
  });

  it('is written of chosen papers, and of nobody else’s', async () => {
    const { server } = await serving();
    const token = server.people.add('Ada').token;
    const chosen = async (headers: Record<string, string>): Promise<string> => {
      const response = await fetch(`${server.url}/api/library/export`, {
        method: 'POST',
        headers: { 'Content-Type': 'application/json', ...headers },
        body: JSON.stringify({ ids: [OWL], format: 'ris' }),
      });
      return response.text();
    };
    expect(await chosen({})).toContain('An owl at night');
    expect(await chosen({ Authorization: `Bearer ${token}` })).not.toContain('An owl');
  });

  it('leaves a paper of that id its own', async () => {
    const { ask, server } = await serving();
    server.store.ingest([{ source: 'a', paper: paper({ id: 'export' }) }]);
    expect((await ask('PUT', '/api/library/export', {})).status).toBe(201);
    expect((await ask('DELETE', '/api/library/export')).body).toMatchObject({ removed: true, was: { id: 'a:export' } });
  });
});
