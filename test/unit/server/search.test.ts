import { describe, expect, it } from 'vitest';
import { AppError } from '../../../src/errors.ts';
import { paper as libraryPaper } from '../../support/library.ts';
import { answer, breakdown, gate, get, postJson, raw, serve } from './serving.ts';

describe('GET /api/search', () => {
  it('answers with the answer and the times in a header', async () => {
    const server = await serve();
    const got = await get(`${server.url}/api/search?q=graph+networks`);
    expect(got.status).toBe(200);
    expect(got.body).toMatchObject({ query: 'graph networks', total: 1, hits: [{ rank: 1, paper: { id: 'P1' } }] });
    expect(got.body).not.toHaveProperty('times');
    expect(got.headers.get('server-timing')).toBe(
      'encode;dur=1.00, lexical;dur=2.35, dense;dur=3.00, fuse;dur=0.00, refine;dur=0.00, rerank;dur=0.00, evidence;dur=4.00, fetch;dur=5.00, total;dur=12.50',
    );
    expect(got.headers.get('cache-control')).toBe('no-store');
    expect(server.searches).toEqual([
      {
        query: 'graph networks',
        k: 10,
        mode: 'hybrid',
        sort: 'relevance',
        filter: { clauses: [] },
        explain: false,
        lastWord: 'whole',
        rerank: false,
      },
    ]);
  });

  it('reads every parameter and joins repeated filters', async () => {
    const server = await serve();
    const address =
      '/api/search?q=caf%C3%A9%20%2B&k=100&mode=dense&sort=recent&explain=true&typing=1&rerank=true&minScore=.5&filter=year%3E%3D2020&filter=has:doi';
    expect((await get(server.url + address)).status).toBe(200);
    expect(server.searches[0]).toEqual({
      query: 'café +',
      k: 100,
      mode: 'dense',
      sort: 'recent',
      explain: true,
      lastWord: 'prefix',
      rerank: true,
      minScore: 0.5,
      filter: {
        clauses: [
          { kind: 'year', from: 2020, to: 9999 },
          { kind: 'has', value: 'doi' },
        ],
      },
    });
  });

  it.each([
    ['no q', '', 'q', 'missing'],
    ['an empty q', '?q=', 'q', 'empty'],
    ['a blank q', '?q=+%09+', 'q', 'empty'],
    ['q twice', '?q=a&q=b', 'q', 'more than once'],
    ['a long q', `?q=${'a'.repeat(10_001)}`, 'q', '10000'],
    ['k of 0', '?q=a&k=0', 'k', '1 to 200'],
    ['k of 201', '?q=a&k=201', 'k', '1 to 200'],
    ['k in words', '?q=a&k=ten', 'k', '1 to 200'],
    ['k twice', '?q=a&k=1&k=2', 'k', 'more than once'],
    ['an unknown mode', '?q=a&mode=fast', 'mode', 'hybrid, dense, lexical'],
    ['an unknown order', '?q=a&sort=old', 'sort', 'relevance, recent, newest, trending'],
    ['a relevance above 1', '?q=a&minScore=1.01', 'minScore', '0 to 1'],
    ['a negative relevance', '?q=a&minScore=-0.5', 'minScore', '0 to 1'],
    ['a relevance in words', '?q=a&minScore=', 'minScore', '0 to 1'],
    ['relevance twice', '?q=a&minScore=0&minScore=1', 'minScore', 'more than once'],
    ['a broken flag', '?q=a&explain=maybe', 'explain', 'true or false'],
    ['an unknown parameter', '?q=a&fliter=x', 'fliter', 'did you mean filter?'],
    ['a parameter named __proto__', '?q=a&__proto__=x', '__proto__', 'unknown'],
  ])('refuses %s', async (_case, query, field, words) => {
    const server = await serve();
    const got = await get(`${server.url}/api/search${query}`);
    expect(got.status).toBe(400);
    expect(got.headers.get('content-type')).toContain('application/problem+json');
    expect(got.body).toMatchObject({ type: '/problems/invalid-request', code: 'INVALID_REQUEST', status: 400 });
    expect(got.body['errors']).toEqual([{ field, message: expect.stringContaining(words) }]);
    expect(got.body['detail']).toContain(words);
    expect(server.searches).toEqual([]);
  });

  it('takes 10,000 characters of any script', async () => {
    const server = await serve();
    const q = '図'.repeat(10_000);
    expect((await get(`${server.url}/api/search?q=${encodeURIComponent(q)}`)).status).toBe(200);
    expect(server.searches[0]?.query).toBe(q);
  });

  it('tells every mistake at once', async () => {
    const server = await serve();
    const got = await get(`${server.url}/api/search?q=&k=0&x=1`);
    expect(got.body['errors']).toHaveLength(3);
  });

  it('gives the column of a mistake in the filter', async () => {
    const server = await serve();
    const got = await get(`${server.url}/api/search?q=a&filter=has:doi+colour:red`);
    expect(got.status).toBe(400);
    expect(got.body).toMatchObject({ type: '/problems/invalid-filter', code: 'INVALID_FILTER', column: 9 });
  });

  it('refuses broken percent-encoding', async () => {
    const server = await serve();
    for (const path of ['/api/search?q=%E0%A4%A', '/api/papers/%E0%A4%A', '/%E0%A4%A', '/api/search?q=%']) {
      const got = await get(server.url + path);
      expect([path, got.status, got.body['code']]).toEqual([path, 400, 'INVALID_REQUEST']);
    }
  });

  it('answers HEAD as GET without a body', async () => {
    const server = await serve();
    const got = await get(`${server.url}/api/search?q=a`, { method: 'HEAD' });
    expect([got.status, got.body['text']]).toEqual([200, '']);
  });

  it('is not ready before the services are', async () => {
    const server = await serve({ readiness: () => ({ ready: false, reason: 'the model is loading' }) });
    for (const path of ['/api/search?q=a', '/api/papers/P1/related', '/readyz']) {
      const got = await get(server.url + path);
      expect(got.status).toBe(503);
      expect(got.headers.get('retry-after')).toBe('1');
      expect(got.body).toMatchObject({ code: 'NOT_READY', detail: expect.stringContaining('the model is loading') });
    }
    expect((await get(`${server.url}/healthz`)).status).toBe(200);
    expect((await get(`${server.url}/api/papers/P1`)).status).toBe(200);
  });

  it('gives up in time', async () => {
    const never = new Promise<never>(() => undefined);
    const server = await serve(
      { retrieval: { search: () => never, related: () => never } },
      { requestTimeoutMs: 20, shutdownTimeoutMs: 20 },
    );
    const got = await get(`${server.url}/api/search?q=a`);
    expect(got.status).toBe(503);
    expect(got.body).toMatchObject({ code: 'REQUEST_TIMEOUT', timeoutMs: 20 });
  });

  it('drops a search whose client left, without an error in the log', async () => {
    const asked = gate();
    const go = gate();
    const search = async () => {
      asked.open();
      await go.opened;
      return answer('a');
    };
    const server = await serve({ retrieval: { search, related: search } });
    const abort = new AbortController();
    const left = fetch(`${server.url}/api/search?q=secret`, { signal: abort.signal });
    await asked.opened;
    abort.abort();
    await expect(left).rejects.toThrow();
    await expect.poll(() => server.log.join('')).toContain('"aborted":true');
    go.open();
    expect((await get(`${server.url}/api/search?q=secret`)).status).toBe(200);
    expect(server.log.filter((line) => line.includes('"level":50'))).toEqual([]);
  });

  it('lets a search whose client left know, so that it can stop', async () => {
    const asked = gate();
    const signals: (AbortSignal | undefined)[] = [];
    const search = ({ signal }: { readonly signal?: AbortSignal | undefined }): Promise<never> => {
      signals.push(signal);
      asked.open();
      return new Promise((_, reject) => signal?.addEventListener('abort', () => reject(new Error('stopped'))));
    };
    const server = await serve({ retrieval: { search, breakdown: search } });
    for (const path of ['search', 'breakdown']) {
      const abort = new AbortController();
      const left = fetch(`${server.url}/api/${path}?q=a`, { signal: abort.signal });
      await asked.opened;
      await expect.poll(() => signals.length).toBe(path === 'search' ? 1 : 2);
      abort.abort();
      await expect(left).rejects.toThrow();
      await expect.poll(() => signals.at(-1)?.aborted).toBe(true);
    }
    expect(server.log.filter((line) => line.includes('"level":50'))).toEqual([]);
  });

  it('keeps bugs to the log and known errors to their status', async () => {
    let thrown: Error = new TypeError('secret internals');
    const fail = () => Promise.reject(thrown);
    const server = await serve({ retrieval: { search: fail, related: fail } });
    const bug = await get(`${server.url}/api/search?q=a`);
    expect(bug.status).toBe(500);
    expect(bug.body).toMatchObject({ code: 'INTERNAL', type: '/problems/internal' });
    expect(JSON.stringify(bug.body)).not.toContain('secret internals');
    await expect.poll(() => server.log.join('')).toContain('secret internals');
    expect(server.log.join('')).toContain('search.test.ts');
    thrown = new AppError('SEARCH_UNAVAILABLE', { reasons: 'none' });
    expect(await get(`${server.url}/api/search?q=a`)).toMatchObject({
      status: 503,
      body: { code: 'SEARCH_UNAVAILABLE' },
    });
  });
});

describe('POST /api/related with papers like those of a filter', () => {
  it('takes the papers that pass for wanted, beside those named', async () => {
    const server = await serve({ papersThrough: () => [libraryPaper({ id: 'x:1' }), libraryPaper({ id: 'x:2' })] });
    const body = { like: 'source:mine', positive: ['P1'], text: 'owls' };
    expect((await postJson(`${server.url}/api/related`, body)).status).toBe(200);
    expect(server.related[0]).toMatchObject({ positive: ['P1', 'x:1', 'x:2'], text: 'owls' });
    expect(server.related[0]).not.toHaveProperty('like');
  });

  it('takes the papers that pass for unwanted, beside those named', async () => {
    const server = await serve({ papersThrough: () => [libraryPaper({ id: 'x:1' })] });
    const body = { unlike: 'source:others', positive: ['P1'], negative: ['P2'] };
    expect((await postJson(`${server.url}/api/related`, body)).status).toBe(200);
    expect(server.related[0]).toMatchObject({ positive: ['P1'], negative: ['P2', 'x:1'] });
  });

  it('says so where no paper passes, and where the filter cannot be read', async () => {
    const server = await serve();
    expect(await postJson(`${server.url}/api/related`, { like: 'source:none' })).toMatchObject({
      status: 404,
      body: { code: 'PAPER_NOT_FOUND' },
    });
    expect(await postJson(`${server.url}/api/related`, { like: 'colour:red' })).toMatchObject({
      status: 400,
      body: { code: 'INVALID_FILTER' },
    });
  });
});

describe('GET /api/breakdown', () => {
  it('reads what a search reads of whom to count, and answers with the counts', async () => {
    const server = await serve();
    const got = await get(`${server.url}/api/breakdown?q=owls&mode=lexical&typing=true&filter=year:2020`);
    expect(got.status).toBe(200);
    expect(got.body).toEqual(breakdown('owls'));
    expect(server.breakdowns).toEqual([
      {
        query: 'owls',
        mode: 'lexical',
        lastWord: 'prefix',
        filter: { clauses: [{ kind: 'year', from: 2020, to: 2020 }] },
      },
    ]);
  });

  it('refuses what it does not read, and waits for the index like a search', async () => {
    const server = await serve();
    for (const query of ['', '?q=a&k=10', '?q=a&sort=newest', '?q=a&q=b']) {
      expect(await get(`${server.url}/api/breakdown${query}`)).toMatchObject({
        status: 400,
        body: { code: 'INVALID_REQUEST' },
      });
    }
    const starting = await serve({ readiness: () => ({ ready: false, reason: 'loading' }) });
    expect((await get(`${starting.url}/api/breakdown?q=a`)).status).toBe(503);
  });
});

describe('papers', () => {
  const shapes: ReadonlyArray<readonly [string, string]> = [
    ['arXiv:1706.03762', 'arXiv:1706.03762'],
    ['arXiv%3A1706.03762', 'arXiv:1706.03762'],
    ['DOI:10.1000/a.b(c)', 'DOI:10.1000/a.b(c)'],
    ['DOI:10.1002%2F(sici)1097%3C1%3A%3Aaid%3E3.0.co%3B2-6', 'DOI:10.1002/(sici)1097<1::aid>3.0.co;2-6'],
    ['https://example.org/a//b.html', 'https://example.org/a//b.html'],
    ['https%3A%2F%2Fexample.org%2Fa%2F', 'https://example.org/a/'],
    ['https://example.org/a/', 'https://example.org/a/'],
    ['https%3A%2F%2Fexample.org%2F%3Fid%3D1', 'https://example.org/?id=1'],
    ['math/0309136', 'math/0309136'],
    ['50%25+1', '50%+1'],
    ['%C3%A9t%C3%A9', 'été'],
  ];

  it.each(shapes)('finds %s', async (path, id) => {
    const server = await serve();
    const got = await get(`${server.url}/api/papers/${path}`);
    expect([got.status, got.body['id']]).toEqual([200, id]);
    const near = await get(`${server.url}/api/papers/${path}/related?k=3&filter=has:doi&explain=true`);
    expect(near.status).toBe(200);
    expect(server.related).toEqual([
      { positive: [id], negative: [], k: 3, explain: true, filter: { clauses: [{ kind: 'has', value: 'doi' }] } },
    ]);
  });

  it('finds kin by a facet, and refuses one that papers do not have', async () => {
    const server = await serve();
    expect((await get(`${server.url}/api/papers/P1/related?facet=method`)).status).toBe(200);
    expect((await postJson(`${server.url}/api/related`, { text: 'alone', facet: 'result' })).status).toBe(200);
    expect(server.related.map(({ facet }) => facet)).toEqual(['method', 'result']);
    const refused = await get(`${server.url}/api/papers/P1/related?facet=colour`);
    expect(refused.status).toBe(400);
    expect(JSON.stringify(refused.body)).toContain('must be one of problem, method, result');
    expect((await postJson(`${server.url}/api/related`, { text: 'alone', facet: 'colour' })).status).toBe(400);
  });

  it.each([
    ['bibtex', 'application/x-bibtex', /^@misc\{lovelace2020title,\n/],
    ['ris', 'application/x-research-info-systems', /^TY {2}- UNPB\n/],
  ])('writes a citation in %s', async (format, type, text) => {
    const server = await serve();
    const got = await get(`${server.url}/api/papers/P1?format=${format}`);
    expect([got.status, got.headers.get('content-type')]).toEqual([200, `${type}; charset=utf-8`]);
    expect(got.body['text']).toMatch(text);
    expect((await get(`${server.url}/api/papers/unknown:1?format=${format}`)).status).toBe(404);
  });

  it('writes a citation in CSL-JSON, and refuses formats that nobody cites in', async () => {
    const server = await serve();
    const got = await get(`${server.url}/api/papers/P1?format=csl-json`);
    expect(got.headers.get('content-type')).toBe('application/vnd.citationstyles.csl+json; charset=utf-8');
    expect(got.body).toMatchObject({ 0: { id: 'lovelace2020title' } });
    const refused = await get(`${server.url}/api/papers/P1?format=csv`);
    expect(refused.status).toBe(400);
    expect(refused.body['detail']).toContain('must be one of json, bibtex, ris, csl-json');
  });

  it('takes characters that a client forgot to encode', async () => {
    const server = await serve();
    const request = `GET /api/papers/DOI:10.1002/(x)1<1::aid>3//y HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n`;
    expect(await raw(server.port, request)).toContain('"id":"DOI:10.1002/(x)1<1::aid>3//y"');
  });

  it('finds an id that ends in /related when its slash is encoded', async () => {
    const server = await serve();
    expect((await get(`${server.url}/api/papers/x%2Frelated`)).body['id']).toBe('x/related');
    await get(`${server.url}/api/papers/x%2Frelated/related`);
    expect(server.related[0]?.positive).toEqual(['x/related']);
    expect((await get(`${server.url}/api/papers/related`)).body['id']).toBe('related');
  });

  it('says when there is none', async () => {
    const related = () => Promise.reject(new AppError('PAPER_NOT_FOUND', { id: 'unknown:1' }));
    const server = await serve({ retrieval: { search: related, related } });
    for (const path of ['unknown:1', 'unknown:1/related']) {
      const got = await get(`${server.url}/api/papers/${path}`);
      expect(got.status).toBe(404);
      expect(got.body).toMatchObject({ type: '/problems/paper-not-found', code: 'PAPER_NOT_FOUND', id: 'unknown:1' });
    }
  });

  it('refuses parameters it does not read', async () => {
    const server = await serve();
    expect((await get(`${server.url}/api/papers/P1?k=1`)).status).toBe(400);
    expect((await get(`${server.url}/api/papers/P1/related?mode=dense`)).status).toBe(400);
    expect((await get(`${server.url}/api/stats?x=1`)).status).toBe(400);
  });
});

describe('POST /api/related', () => {
  it('takes ids, ids not wanted and a text', async () => {
    const server = await serve();
    const body = { positive: ['P1'], negative: ['P2'], text: 'A text.', k: 5, filter: 'year>=2020', explain: true };
    expect((await postJson(`${server.url}/api/related`, body)).status).toBe(200);
    expect(server.related).toEqual([{ ...body, filter: { clauses: [{ kind: 'year', from: 2020, to: 9999 }] } }]);
    expect((await postJson(`${server.url}/api/related`, { text: 'alone' })).status).toBe(200);
    expect(server.related[1]).toEqual({
      positive: [],
      negative: [],
      text: 'alone',
      k: 10,
      filter: { clauses: [] },
      explain: false,
    });
    expect((await postJson(`${server.url}/api/related`, { positive: ['P1'], text: ' ' })).status).toBe(200);
    expect(server.related[2]).not.toHaveProperty('text');
  });

  const many = (n: number): string[] => Array.from({ length: n }, (_, at) => `P${at}`);

  it.each([
    ['nothing to start from', {}, 'positive'],
    ['a blank text alone', { text: '  ' }, 'positive'],
    ['ids in a text', { positive: 'P1' }, 'positive'],
    ['an id that is none', { positive: ['P1', 2] }, 'positive.1'],
    ['an empty id', { positive: [' '] }, 'positive.0'],
    ['too many ids', { positive: many(600), negative: many(401) }, 'positive'],
    ['a long text', { text: 'a'.repeat(50_001) }, 'text'],
    ['k as text', { positive: ['P1'], k: '5' }, 'k'],
    ['k with a fraction', { positive: ['P1'], k: 1.5 }, 'k'],
    ['an unknown member', { positve: ['P1'] }, 'positve'],
    ['a list', [], 'the body'],
    ['null', null, 'the body'],
  ])('refuses %s', async (_case, body, field) => {
    const server = await serve();
    const got = await postJson(`${server.url}/api/related`, body);
    expect(got.status).toBe(400);
    expect(got.body['code']).toBe('INVALID_REQUEST');
    expect(got.body['errors']).toContainEqual({ field, message: expect.any(String) });
  });

  it('accepts a thousand ids and 50,000 characters', async () => {
    const server = await serve();
    const body = { positive: many(1_000), text: 'a'.repeat(50_000) };
    expect((await postJson(`${server.url}/api/related`, body)).status).toBe(200);
  });

  it('refuses what is not JSON, not said to be JSON, or too large', async () => {
    const server = await serve();
    const headers = { 'Content-Type': 'application/json' };
    const send = (init: RequestInit) => get(`${server.url}/api/related`, { method: 'POST', ...init });
    expect(await send({ headers, body: '{"k":' })).toMatchObject({ status: 400, body: { code: 'INVALID_REQUEST' } });
    expect(await send({ headers })).toMatchObject({ status: 400, body: { code: 'INVALID_REQUEST' } });
    expect(await send({ headers: { 'Content-Type': 'text/plain' }, body: '{}' })).toMatchObject({
      status: 415,
      body: { code: 'UNSUPPORTED_MEDIA_TYPE' },
    });
    expect(await send({ headers, body: JSON.stringify({ text: 'a'.repeat(2_000_000) }) })).toMatchObject({
      status: 413,
      body: { code: 'PAYLOAD_TOO_LARGE', limitBytes: 1_048_576 },
    });
  });
});
