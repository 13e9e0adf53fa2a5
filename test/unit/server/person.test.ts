import { describe, expect, it } from 'vitest';
import { type Filter, PERSON_LIMITS } from '../../../src/domain/mod.ts';
import { paper } from '../../support/library.ts';
import { get, type Got, raw, serve, type Serving } from './serving.ts';

type Method = 'GET' | 'PUT' | 'POST' | 'PATCH' | 'DELETE';
type Headers = Readonly<Record<string, string>>;

const HOSTILE = 'x/<img src=x onerror=alert(1)>/../%2e%2e/?#"\'&related';

/** A server with four papers, and the person from the start asking. */
async function serving(options: Parameters<typeof serve>[1] = {}, services: Parameters<typeof serve>[0] = {}) {
  const server = await serve(services, options);
  server.store.ingest([
    { source: 'a', paper: paper({ id: 'arXiv:1706.03762', also: ['10.1234/a/b'], authors: ['Ada Holm'] }) },
    { source: 'a', paper: paper({ id: 'arXiv:1810.04805', authors: ['Bo Lind'] }) },
    { source: 'b', paper: paper({ id: HOSTILE, title: 'Hostile <b>title</b>', authors: ['Mallory'] }) },
  ]);
  const ask = (method: Method, path: string, body?: unknown, headers: Headers = {}): Promise<Got> =>
    get(server.url + path, {
      method,
      headers: { ...(body === undefined ? {} : { 'Content-Type': 'application/json' }), ...headers },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    });
  return { server, ask };
}

const bearer = (token: string): Headers => ({ Authorization: `Bearer ${token}` });
const addAda = (server: Serving): Headers => bearer(server.people.add('Ada').token);
const problem = (status: number, code: string): object => ({ status, body: { code } });

const ROUTES: ReadonlyArray<readonly [method: Method, path: string, body: unknown]> = [
  ['GET', '/api/person', undefined],
  ['GET', '/api/person/export', undefined],
  ['DELETE', '/api/person', { name: 'me' }],
  ['GET', '/api/library', undefined],
  ['POST', '/api/library', { ids: ['1706.03762'] }],
  ['GET', '/api/library/1706.03762', undefined],
  ['PUT', '/api/library/1706.03762', {}],
  ['DELETE', '/api/library/1706.03762', undefined],
  ['GET', '/api/marks', undefined],
  ['GET', '/api/feedback', undefined],
  ['PUT', '/api/feedback/1706.03762', { kind: 'like' }],
  ['DELETE', '/api/feedback/1706.03762', undefined],
  ['GET', '/api/hidden', undefined],
  ['POST', '/api/hidden', { kind: 'term', value: 'owl' }],
  ['DELETE', '/api/hidden', { kind: 'term', value: 'owl' }],
  ['GET', '/api/topics', undefined],
  ['POST', '/api/topics', { name: 'owls', text: 'owls' }],
  ['GET', '/api/topics/1', undefined],
  ['PATCH', '/api/topics/1', { muted: true }],
  ['DELETE', '/api/topics/1', undefined],
];

describe('POST /api/library with a filter', () => {
  it('saves the papers that pass it, beside those named', async () => {
    const { server } = await serving();
    const known = ['arXiv:1706.03762', 'arXiv:1810.04805'].map((id) => paper({ id }));
    const filtered = await serve({ papersThrough: () => known });
    filtered.store.ingest(known.map((each) => ({ source: 'mine', paper: each })));
    const save = (url: string, body: unknown): Promise<Got> =>
      get(`${url}/api/library`, {
        method: 'POST',
        headers: { 'Content-Type': 'application/json' },
        body: JSON.stringify(body),
      });
    expect(await save(filtered.url, { filter: 'source:mine', ids: ['1706.03762'] })).toMatchObject({
      status: 200,
      body: { saved: 2 },
    });
    // Nothing passes: nothing is saved, and that is said.
    expect(await save(server.url, { filter: 'source:mine' })).toMatchObject({ status: 200, body: { saved: 0 } });
    expect(await save(server.url, { filter: 'colour:red' })).toMatchObject(problem(400, 'INVALID_FILTER'));
    expect(await save(server.url, {})).toMatchObject(problem(400, 'INVALID_REQUEST'));
  });
});

describe('who asks', () => {
  it('is whom the token speaks for, else the person from the start', async () => {
    const { server, ask } = await serving();
    const ada = addAda(server);
    expect(await ask('GET', '/api/person')).toMatchObject({
      status: 200,
      body: { name: 'me', isDefault: true, hasToken: false },
    });
    expect((await ask('GET', '/api/person', undefined, ada)).body).toEqual({
      name: 'Ada',
      isDefault: false,
      hasToken: true,
      createdAt: expect.any(String),
    });
    expect(
      (await ask('GET', '/api/person', undefined, { Authorization: ada['Authorization']?.replace('B', 'b') ?? '' }))
        .body['name'],
    ).toBe('Ada');
    // What a proxy's login sends along is not for us.
    expect((await ask('GET', '/api/person', undefined, { Authorization: 'Basic YTpi' })).body['name']).toBe('me');
  });

  it.each([
    'Bearer',
    'Bearer ',
    'Bearer nonsense',
    'bearer paperkin_x',
    'Bearer me',
    'Bearer a b',
    'paperkin_x',
    'Token paperkin_x',
  ])('is nobody for the header %s', async (Authorization) => {
    const { ask } = await serving();
    const got = await ask('GET', '/api/library', undefined, { Authorization });
    expect(got).toMatchObject(problem(401, 'TOKEN_REFUSED'));
    expect(got.headers.get('www-authenticate')).toBe('Bearer realm="Paperkin"');
  });

  it.each(ROUTES)('%s %s is refused to a stranger and writes nothing', async (method, path, body) => {
    const { server, ask } = await serving();
    const got = await ask(method, path, body, bearer('paperkin_wrong'));
    expect(got).toMatchObject(problem(401, 'TOKEN_REFUSED'));
    expect(got.headers.get('cache-control')).toBe('no-store');
    expect(server.people.signals(server.people.person()).revision()).toBe(0);
  });

  it('must be said where others than this machine can connect', async () => {
    const { server, ask } = await serving({ host: '0.0.0.0' });
    const ada = addAda(server);
    for (const [method, path, body] of ROUTES) {
      const got = await ask(method, path, body);
      expect([path, got.status, got.body['code']]).toEqual([path, 401, 'TOKEN_REFUSED']);
      expect(got.body['detail']).toContain('paperkin person add');
    }
    expect((await ask('GET', '/api/person', undefined, ada)).body['name']).toBe('Ada');
    expect((await ask('GET', '/api/papers/P1')).status).toBe(200);
  });
});

describe('what changes something', () => {
  it.each(ROUTES.filter(([method]) => method !== 'GET'))(
    '%s %s is refused to pages of other origins, with a token or without',
    async (method, path, body) => {
      const { server, ask } = await serving();
      const ada = addAda(server);
      for (const headers of [{}, ada]) {
        const foreign = await ask(method, path, body, { ...headers, Origin: 'http://evil.example' });
        expect(foreign).toMatchObject(problem(403, 'FORBIDDEN_ORIGIN'));
        const crossSite = await ask(method, path, body, { ...headers, 'Sec-Fetch-Site': 'cross-site' });
        expect(crossSite).toMatchObject(problem(403, 'FORBIDDEN_ORIGIN'));
      }
    },
  );

  it('is JSON, which no page can send elsewhere without asking', async () => {
    const { server, ask } = await serving();
    for (const [method, path, body] of ROUTES.filter(([, , body]) => body !== undefined)) {
      for (const type of ['text/plain', 'application/x-www-form-urlencoded', 'multipart/form-data; boundary=x']) {
        const got = await get(server.url + path, {
          method,
          headers: { 'Content-Type': type },
          body: JSON.stringify(body),
        });
        expect([path, type, got.status]).toEqual([path, type, 415]);
      }
    }
    const preflight = await get(`${server.url}/api/library/x`, {
      method: 'OPTIONS',
      headers: { Origin: 'http://evil.example', 'Access-Control-Request-Method': 'PUT' },
    });
    expect(preflight.headers.get('access-control-allow-origin')).toBeNull();
    expect((await ask('GET', '/api/library')).body).toMatchObject({ total: 0, papers: [] });
  });

  it('is never a GET', async () => {
    const { server, ask } = await serving();
    const mine = server.people.signals(server.people.person());
    mine.save(['arXiv:1706.03762']);
    const before = server.people.export(server.people.person(), () => null);
    for (const [method, path] of ROUTES) if (method === 'GET') await ask('GET', path);
    expect(server.people.export(server.people.person(), () => null)).toEqual({
      ...before,
      exportedAt: expect.any(String),
    });
  });
});

describe('the library', () => {
  it('is saved, changed and shown with the papers, named by any id', async () => {
    const { ask } = await serving();
    const put = await ask('PUT', '/api/library/10.1234/a/b', { state: 'reading', tags: ['owls'], note: '<b>good</b>' });
    expect(put).toMatchObject({
      status: 201,
      body: { id: 'arXiv:1706.03762', state: 'reading', tags: ['owls'], paper: { authors: ['Ada Holm'] } },
    });
    expect(await ask('PUT', '/api/library/arXiv:1706.03762v3', { tags: ['mice'] })).toMatchObject({
      status: 200,
      body: { tags: ['mice'], note: '<b>good</b>', state: 'reading' },
    });
    const many = await ask('POST', '/api/library', { ids: ['1706.03762', '1810.04805'], tags: ['new'] });
    expect(many).toMatchObject({ status: 200, body: { saved: 1, already: 1 } });
    expect((await ask('GET', '/api/library?state=reading&tag=NEW')).body).toMatchObject({
      total: 1,
      papers: [{ id: 'arXiv:1706.03762', tags: ['mice', 'new'] }],
    });
    const page = await ask('GET', '/api/library?k=1&skip=1');
    expect(page.body).toMatchObject({ total: 2, papers: [{ id: expect.any(String) }] });
    const one = { id: 'arXiv:1706.03762', state: 'reading', tags: ['mice', 'new'], note: '<b>good</b>' };
    expect((await ask('GET', '/api/library/1706.03762')).body).toMatchObject({ saved: one });
    expect((await ask('DELETE', '/api/library/1706.03762')).body).toMatchObject({ removed: true, was: one });
    expect((await ask('DELETE', '/api/library/1706.03762')).body).toEqual({ removed: false, was: null });
    expect((await ask('GET', '/api/library/1706.03762')).body).toEqual({ saved: null });
    expect(await ask('GET', '/api/library/nosuch:1')).toMatchObject(problem(404, 'PAPER_NOT_FOUND'));
    expect((await ask('GET', '/api/library')).body).toMatchObject({ total: 1, papers: [{ id: 'arXiv:1810.04805' }] });
  });

  it('takes ids with slashes, HTML and percent signs as they are', async () => {
    const { ask } = await serving();
    const path = `/api/library/${encodeURIComponent(HOSTILE)}`;
    expect(await ask('PUT', path, {})).toMatchObject({ status: 201, body: { paper: { id: HOSTILE } } });
    const listed = await ask('GET', '/api/library');
    expect(listed.headers.get('content-type')).toContain('application/json');
    expect(listed.body).toMatchObject({ papers: [{ id: `b:${HOSTILE}`, paper: { title: 'Hostile <b>title</b>' } }] });
    expect((await ask('PUT', `/api/feedback/${encodeURIComponent(HOSTILE)}`, { kind: 'like' })).status).toBe(200);
    expect((await ask('DELETE', path)).body).toMatchObject({ removed: true });
    const unknown = await ask('PUT', `/api/library/${encodeURIComponent('<script>/nosuch')}`, {});
    expect(unknown).toMatchObject(problem(404, 'PAPER_NOT_FOUND'));
    expect(unknown.headers.get('content-type')).toContain('application/problem+json');
    expect((await ask('PUT', '/api/library/a%ZZ', {})).status).toBe(400);
  });

  it('is given all papers that pass a filter, and none for want of a condition', async () => {
    const asked: Filter[] = [];
    const { ask } = await serving(
      {},
      {
        papersThrough: (filter) => {
          asked.push(filter);
          return [paper({ id: 'arXiv:1706.03762' }), paper({ id: 'arXiv:1810.04805' })];
        },
      },
    );
    const saved = await ask('POST', '/api/library', { filter: 'source:"my refs.bib"', tags: ['mine'] });
    expect(saved).toMatchObject({ status: 200, body: { saved: 2, already: 0 } });
    expect(asked).toEqual([{ clauses: [{ kind: 'source', values: ['my refs.bib'] }] }]);
    expect((await ask('GET', '/api/library?tag=mine')).body).toMatchObject({ total: 2 });
    expect(await ask('POST', '/api/library', { filter: 'sauce:x' })).toMatchObject(problem(400, 'INVALID_FILTER'));
    expect(asked).toHaveLength(1);
  });

  it('keeps a paper that has gone from the workspace, by its id', async () => {
    const { server, ask } = await serving();
    server.people.signals(server.people.person()).save(['DOI:10.1234/gone'], { note: 'kept' });
    expect((await ask('GET', '/api/library')).body).toMatchObject({
      papers: [{ id: 'DOI:10.1234/gone', paper: null, note: 'kept' }],
    });
    expect((await ask('PUT', '/api/library/10.1234/gone', { state: 'read' })).body).toMatchObject({ state: 'read' });
    expect((await ask('DELETE', '/api/library/10.1234/gone')).body).toMatchObject({ removed: true });
  });

  it.each([
    ['PUT', '/api/library/1706.03762', { state: 'unread' }, 'state'],
    ['PUT', '/api/library/1706.03762', { tags: 'owls' }, 'tags'],
    ['PUT', '/api/library/1706.03762', { note: 7 }, 'note'],
    ['PUT', '/api/library/1706.03762', { stat: 'read' }, 'stat'],
    ['PUT', '/api/library/1706.03762', [], 'the body'],
    ['PUT', '/api/library/1706.03762?state=read', {}, 'state'],
    ['POST', '/api/library', { ids: [] }, 'ids'],
    ['POST', '/api/library', {}, 'ids'],
    ['POST', '/api/library', { filter: ' ' }, 'ids'],
    ['POST', '/api/library', { ids: Array.from({ length: 1001 }, () => 'x') }, 'ids'],
    ['GET', '/api/library?state=unread', undefined, 'state'],
    ['GET', '/api/library?k=0', undefined, 'k'],
    ['GET', '/api/library?tags=x', undefined, 'tags'],
    ['PUT', '/api/feedback/1706.03762', { kind: 'love' }, 'kind'],
    ['POST', '/api/hidden', { kind: 'colour', value: 'red' }, 'kind'],
    ['POST', '/api/hidden', { kind: 'term' }, 'value'],
    ['POST', '/api/topics', { text: 'owls' }, 'name'],
    ['POST', '/api/topics', { name: 'owls', papers: [''] }, 'papers.0'],
    ['POST', '/api/topics', { name: 'owls', text: 'x', weight: 0 }, 'weight'],
    ['PATCH', '/api/topics/1', { id: 2 }, 'id'],
  ] as const)('%s %s with %j is refused, naming %s', async (method, path, body, field) => {
    const { server, ask } = await serving();
    const got = await ask(method, path, body);
    expect(got).toMatchObject({ status: 400, body: { code: 'INVALID_REQUEST', errors: [{ field }] } });
    expect(server.people.signals(server.people.person()).revision()).toBe(0);
  });

  it('refuses what is too much, and says how much may be', async () => {
    const { ask } = await serving();
    const { noteCharacters, tags, tagCharacters } = PERSON_LIMITS;
    const words = (count: number) => Array.from({ length: count }, (_, index) => `tag ${index}`);
    for (const [body, limit, of] of [
      [{ note: 'x'.repeat(noteCharacters + 1) }, noteCharacters, 'characters in a note'],
      [{ tags: words(tags + 1) }, tags, 'tags of a paper'],
      [{ tags: ['x'.repeat(tagCharacters + 1)] }, tagCharacters, 'characters in one of the tags of a paper'],
    ] as const) {
      expect(await ask('PUT', '/api/library/1706.03762', body)).toMatchObject({
        status: 422,
        body: { code: 'LIMIT_REACHED', limit, detail: `at most ${limit} ${of}; nothing was changed` },
      });
    }
    expect((await ask('GET', '/api/library')).body['total']).toBe(0);
  });

  it('saves several papers or none', async () => {
    const { ask } = await serving();
    expect(await ask('POST', '/api/library', { ids: ['1706.03762', 'nosuch'] })).toMatchObject(
      problem(404, 'PAPER_NOT_FOUND'),
    );
    expect((await ask('GET', '/api/library')).body['total']).toBe(0);
  });
});

describe('feedback, hiding and topics', () => {
  it('feedback holds until the next word, and is taken back', async () => {
    const { ask } = await serving();
    await ask('PUT', '/api/feedback/1706.03762', { kind: 'like' });
    expect((await ask('PUT', '/api/feedback/10.1234/a/b', { kind: 'not-this-kind' })).body).toEqual({
      kind: 'not-this-kind',
    });
    expect((await ask('GET', '/api/feedback')).body).toMatchObject({
      feedback: [{ id: 'arXiv:1706.03762', kind: 'not-this-kind', paper: { authors: ['Ada Holm'] } }],
    });
    expect((await ask('DELETE', '/api/feedback/1706.03762')).body).toEqual({ removed: true });
    expect((await ask('GET', '/api/feedback')).body).toEqual({ feedback: [] });
  });

  it('authors, venues and terms are hidden and shown again', async () => {
    const { ask } = await serving();
    const hidden = { kind: 'author', value: 'O’Brien, <i>K.</i>' };
    expect((await ask('POST', '/api/hidden', hidden)).body).toMatchObject({ hidden: [hidden] });
    expect((await ask('GET', '/api/hidden')).body).toMatchObject({ hidden: [hidden] });
    expect((await ask('DELETE', '/api/hidden', hidden)).body).toEqual({ removed: true });
    expect((await ask('DELETE', '/api/hidden', hidden)).body).toEqual({ removed: false });
  });

  it('topics are added, changed and removed', async () => {
    const { ask } = await serving();
    const added = await ask('POST', '/api/topics', { name: 'owls', papers: ['10.1234/a/b'], exclude: ['zoo'] });
    expect(added).toMatchObject({
      status: 201,
      body: { name: 'owls', papers: [{ id: 'arXiv:1706.03762' }], weight: 1 },
    });
    const path = added.headers.get('location') ?? '';
    expect(await ask('PATCH', path, { name: 'mice', weight: 2.5, muted: true })).toMatchObject({
      status: 200,
      body: { name: 'mice', weight: 2.5, muted: true, exclude: ['zoo'], papers: [{ id: 'arXiv:1706.03762' }] },
    });
    expect((await ask('GET', path)).body).toMatchObject({ name: 'mice' });
    expect((await ask('GET', '/api/topics')).body).toMatchObject({ topics: [{ name: 'mice' }] });
    expect(await ask('POST', '/api/topics', { name: 'MICE', text: 'x' })).toMatchObject(problem(400, 'USAGE'));
    expect((await ask('DELETE', path)).body).toEqual({ removed: true });
    for (const [method, body] of [['GET'], ['PATCH', {}], ['DELETE']] as const) {
      expect(await ask(method, path, body)).toMatchObject(problem(404, 'INTEREST_NOT_FOUND'));
      expect(await ask(method, '/api/topics/owls', body)).toMatchObject(problem(404, 'INTEREST_NOT_FOUND'));
    }
  });

  it("one person's are not another's", async () => {
    const { server, ask } = await serving();
    const ada = addAda(server);
    const { headers } = await ask('POST', '/api/topics', { name: 'owls', text: 'owls' });
    await ask('PUT', '/api/library/1706.03762', { note: 'mine' });
    await ask('PUT', '/api/feedback/1706.03762', { kind: 'like' });
    await ask('POST', '/api/hidden', { kind: 'term', value: 'owl' });
    for (const path of ['/api/library', '/api/feedback', '/api/hidden', '/api/topics']) {
      const listed = Object.values((await ask('GET', path, undefined, ada)).body).find(Array.isArray);
      expect([path, listed]).toEqual([path, []]);
    }
    const path = headers.get('location') ?? '';
    expect(await ask('PATCH', path, { muted: true }, ada)).toMatchObject(problem(404, 'INTEREST_NOT_FOUND'));
    expect(await ask('DELETE', path, undefined, ada)).toMatchObject(problem(404, 'INTEREST_NOT_FOUND'));
    expect((await ask('DELETE', '/api/library/1706.03762', undefined, ada)).body).toMatchObject({ removed: false });
    expect((await ask('GET', '/api/person/export', undefined, ada)).body).toMatchObject({ library: [], interests: [] });
    expect((await ask('GET', path)).body).toMatchObject({ muted: false });
  });
});

describe('a person', () => {
  it('is exported whole, and erased when named in the body', async () => {
    const { server, ask } = await serving();
    const ada = addAda(server);
    await ask('PUT', '/api/library/1706.03762', { note: 'of Ada' }, ada);
    await ask('PUT', '/api/library/1706.03762', { note: 'of me' });
    const exported = await ask('GET', '/api/person/export', undefined, ada);
    expect(exported.headers.get('content-disposition')).toContain('attachment');
    expect(exported.body).toMatchObject({
      person: { name: 'Ada' },
      library: [{ note: 'of Ada', title: expect.any(String) }],
    });
    for (const body of [{}, { name: 'me' }, { name: 'ada ' }]) {
      expect(await ask('DELETE', '/api/person', body, ada)).toMatchObject(problem(400, 'INVALID_REQUEST'));
    }
    expect((await ask('DELETE', '/api/person', { name: 'Ada' }, ada)).body).toEqual({ erased: 'Ada' });
    expect(await ask('GET', '/api/person', undefined, ada)).toMatchObject(problem(401, 'TOKEN_REFUSED'));
    expect((await ask('GET', '/api/library')).body).toMatchObject({ papers: [{ note: 'of me' }] });
  });

  it('is not kept by caches, nor told by the log', async () => {
    const { server, ask } = await serving();
    const ada = addAda(server);
    for (const [method, path, body] of ROUTES.filter(([, path]) => path !== '/api/person')) {
      const got = await ask(method, path, body, ada);
      expect([path, got.headers.get('cache-control')]).toEqual([path, 'no-store']);
    }
    await expect.poll(() => server.log.filter((line) => line.includes('"request"')).length).toBe(ROUTES.length - 2);
    const log = server.log.join('');
    expect(log).toContain('"path":"/api/library/…"');
    for (const secret of ['1706.03762', 'paperkin_', 'owl', 'Ada']) expect(log).not.toContain(secret);
  });

  it.each(ROUTES)('%s %s knows its methods', async (_method, path) => {
    const { server } = await serving();
    const { headers, status } = await get(server.url + path, { method: 'OPTIONS' });
    const allowed = (headers.get('allow') ?? '').split(', ');
    const known = ROUTES.filter(([, other]) => other === path).map(([method]) => method);
    expect([status, known.filter((method) => !allowed.includes(method))]).toEqual([204, []]);
  });

  it('is not reached by another name of this machine', async () => {
    const { server } = await serving();
    const answer = await raw(
      server.port,
      'GET /api/library HTTP/1.1\r\nHost: evil.example\r\nConnection: close\r\n\r\n',
    );
    expect(answer).toMatch(/^HTTP\/1\.1 403 /);
  });
});
