import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { createServer as createTcpServer } from 'node:net';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { ERRORS } from '../../../src/errors.ts';
import { answer, gate, get, postJson, raw, serve } from './serving.ts';

describe('who may ask', () => {
  const withHost = (port: number, host: string): Promise<string> =>
    raw(port, `GET /api/stats HTTP/1.1\r\nHost: ${host}\r\nConnection: close\r\n\r\n`);

  it.each(['localhost', 'LOCALHOST:80', '127.0.0.1:1234', '[::1]', '[::1]:8080'])(
    'answers the host %s',
    async (host) => {
      const server = await serve();
      expect(await withHost(server.port, host)).toMatch(/^HTTP\/1\.1 200 /);
    },
  );

  it.each(['evil.example', 'localhost.evil.example', '127.0.0.1.evil.example:80', '192.168.0.2', ''])(
    'refuses the host "%s"',
    async (host) => {
      const server = await serve();
      const text = await withHost(server.port, host);
      expect(text).toMatch(/^HTTP\/1\.1 403 /);
      expect(text).toContain('FORBIDDEN_HOST');
    },
  );

  it('answers any host when it listens beyond loopback', async () => {
    const server = await serve({}, { host: '0.0.0.0' });
    expect(server.url).toBe(`http://localhost:${server.port}`);
    expect(await withHost(server.port, 'papers.example')).toMatch(/^HTTP\/1\.1 200 /);
  });

  it('lets only its own pages change something', async () => {
    const server = await serve();
    const ask = (headers: Record<string, string>) => postJson(`${server.url}/api/related`, { text: 'a' }, headers);
    expect((await ask({})).status).toBe(200);
    for (const origin of ['https://evil.example', 'null', 'http://localhost:1']) {
      const got = await ask({ Origin: origin });
      expect([got.status, got.body['code']]).toEqual([403, 'FORBIDDEN_ORIGIN']);
    }
    const crossSite =
      'POST /api/import HTTP/1.1\r\nHost: localhost\r\nSec-Fetch-Site: cross-site\r\nConnection: close\r\n';
    expect(await raw(server.port, `${crossSite}Content-Length: 1\r\n\r\nx`)).toMatch(/^HTTP\/1\.1 403 /);
    expect((await get(`${server.url}/api/stats`, { headers: { Origin: 'https://evil.example' } })).status).toBe(200);
  });

  it('lets its own pages change something with the token of this server only', async () => {
    const server = await serve();
    const ask = (headers: Record<string, string>) => postJson(`${server.url}/api/related`, { text: 'a' }, headers);
    const token = String((await get(`${server.url}/api/session`)).body['token']);
    expect(token.length).toBeGreaterThan(40);
    const page = { Origin: server.url, 'X-Paperkin-Token': token };
    expect((await ask(page)).status).toBe(200);
    for (const headers of [{ Origin: server.url }, { ...page, 'X-Paperkin-Token': `${token}x` }]) {
      const got = await ask(headers);
      expect([got.status, got.body['code']]).toEqual([403, 'PAGE_TOKEN_REFUSED']);
    }
    const another = await serve();
    expect((await get(`${another.url}/api/session`)).body['token']).not.toBe(token);
  });
});

describe('headers', () => {
  it('keep the browser to what the interface needs', async () => {
    const server = await serve();
    for (const path of ['/api/stats', '/', '/nothing']) {
      const { headers } = await get(server.url + path);
      expect(headers.get('content-security-policy')).toBe(
        "default-src 'self';script-src 'self';style-src 'self';img-src 'self';" +
          "font-src 'self';connect-src 'self';object-src 'none';base-uri 'none';form-action 'self';" +
          "frame-ancestors 'none'",
      );
      expect(headers.get('x-content-type-options')).toBe('nosniff');
      expect(headers.get('strict-transport-security')).toBeNull();
      expect(headers.get('x-powered-by')).toBeNull();
      expect(headers.get('access-control-allow-origin')).toBeNull();
    }
  });

  it('that are too large, and what is not HTTP, get a problem', async () => {
    const server = await serve();
    const large = await raw(
      server.port,
      `GET / HTTP/1.1\r\nHost: localhost\r\nX-Large: ${'a'.repeat(200_000)}\r\n\r\n`,
    );
    expect(large).toMatch(/^HTTP\/1\.1 431 /);
    expect(large).toContain('HEADERS_TOO_LARGE');
    const noise = await raw(server.port, 'hello\r\n\r\n');
    expect(noise).toMatch(/^HTTP\/1\.1 400 /);
    expect(noise).toContain('INVALID_REQUEST');
  });
});

describe('routes', () => {
  it('that do not exist are problems', async () => {
    const server = await serve();
    for (const path of [
      '/api',
      '/api/',
      '/api/nothing',
      '/api/Search?q=a',
      '/api/papers/',
      '/nothing',
      '/assets/none.js',
    ]) {
      const got = await get(server.url + path);
      expect([path, got.status, got.body['code']]).toEqual([path, 404, 'NOT_FOUND']);
      expect(got.headers.get('content-type')).toContain('application/problem+json');
    }
  });

  it.each([
    ['POST', '/api/search', 'GET, HEAD'],
    ['DELETE', '/api/papers/P1', 'GET, HEAD'],
    ['PUT', '/api/papers/P1/related', 'GET, HEAD'],
    ['GET', '/api/related', 'POST'],
    ['GET', '/api/import', 'POST'],
    ['POST', '/api/import/x', 'GET, HEAD'],
    ['DELETE', '/api/import/x/events', 'GET, HEAD'],
    ['POST', '/api/stats', 'GET, HEAD'],
    ['POST', '/healthz', 'GET, HEAD'],
    ['POST', '/readyz', 'GET, HEAD'],
    ['POST', '/', 'GET, HEAD'],
  ])('%s %s is not allowed', async (method, path, allow) => {
    const server = await serve();
    const got = await get(server.url + path, { method });
    expect([got.status, got.body['code'], got.headers.get('allow')]).toEqual([405, 'METHOD_NOT_ALLOWED', allow]);
    const options = await get(server.url + path, { method: 'OPTIONS' });
    expect([options.status, options.headers.get('allow')]).toEqual([204, allow]);
  });

  it('stats, health and readiness answer', async () => {
    const server = await serve();
    expect(await get(`${server.url}/api/stats`)).toMatchObject({ status: 200, body: { papers: 1 } });
    expect(await get(`${server.url}/healthz`)).toMatchObject({ status: 200, body: { status: 'ok' } });
    expect(await get(`${server.url}/readyz`)).toMatchObject({ status: 200, body: { status: 'ready' } });
  });
});

describe('the interface', () => {
  it('says how to build itself', async () => {
    const server = await serve();
    const got = await get(`${server.url}/`);
    expect(got.status).toBe(503);
    expect(got.body['text']).toContain('npm run build');
  });

  it('is served: pages fresh, hashed files for good', async () => {
    const server = await serve();
    await mkdir(join(server.webRoot, 'assets'), { recursive: true });
    await writeFile(join(server.webRoot, 'index.html'), '<title>Paperkin</title>');
    await writeFile(join(server.webRoot, 'icon.svg'), '<svg/>');
    await writeFile(join(server.webRoot, 'assets', 'main-1a2b3c.js'), 'export {}');
    for (const path of ['/', '/import', '/papers/arXiv:1706.03762', '/papers/DOI:10.1/a%2Fb', '/?q=x', '/index.html']) {
      const got = await get(server.url + path);
      expect([path, got.status, got.body['text']]).toEqual([path, 200, '<title>Paperkin</title>']);
      expect(got.headers.get('cache-control')).toBe('no-cache');
      expect(got.headers.get('content-type')).toContain('text/html');
    }
    const html = { headers: { Accept: 'text/html,application/xhtml+xml,*/*;q=0.8' } };
    const mistyped = await get(`${server.url}/fedd`, html);
    expect([mistyped.status, mistyped.body['text']]).toEqual([404, '<title>Paperkin</title>']);
    expect((await get(`${server.url}/fedd`)).body['code']).toBe('NOT_FOUND');
    expect((await get(`${server.url}/api/fedd`, html)).body['code']).toBe('NOT_FOUND');
    const asset = await get(`${server.url}/assets/main-1a2b3c.js`);
    expect(asset.headers.get('cache-control')).toBe('public, max-age=31536000, immutable');
    expect(asset.headers.get('content-type')).toContain('javascript');
    expect((await get(`${server.url}/icon.svg`)).headers.get('cache-control')).toBe('no-cache');
  });

  it('leaves files outside alone', async () => {
    const server = await serve();
    await mkdir(server.webRoot, { recursive: true });
    await writeFile(join(server.webRoot, '..', 'secret.txt'), 'secret');
    await writeFile(join(server.webRoot, '.env'), 'secret');
    for (const path of [
      '/../secret.txt',
      '/..%2fsecret.txt',
      '/%2e%2e/secret.txt',
      '/.env',
      '/a%00b',
      '/assets/..%2f..%2fsecret.txt',
    ]) {
      const text = await raw(server.port, `GET ${path} HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n`);
      expect([path, text.slice(0, 13)]).toEqual([path, 'HTTP/1.1 404 ']);
    }
  });
});

describe('the log', () => {
  it('has a line a request, without what was searched', async () => {
    const server = await serve();
    await get(`${server.url}/api/search?q=private+words`);
    await get(`${server.url}/healthz`);
    await get(`${server.url}/readyz`);
    await get(`${server.url}/api/papers/P1`);
    await expect.poll(() => server.log.filter((line) => line.includes('"request"'))).toHaveLength(2);
    const text = server.log.join('');
    expect(text).not.toContain('private');
    expect(text).toMatch(/"method":"GET","path":"\/api\/search","query":true,"status":200,"ms":\d+/);
    expect(text).toMatch(/"path":"\/api\/papers\/P1","query":false/);
  });

  it('is quiet when told so', async () => {
    const server = await serve({}, { logLevel: 'silent' });
    await get(`${server.url}/api/stats`);
    expect(server.log).toEqual([]);
  });
});

describe('listening', () => {
  it('takes the next free port, unless told not to', async () => {
    const first = await serve();
    const second = await serve({}, { port: first.port });
    expect(second.port).toBeGreaterThan(first.port);
    expect((await get(`${second.url}/healthz`)).status).toBe(200);
    await expect(serve({}, { port: first.port, strictPort: true })).rejects.toMatchObject({
      code: 'SERVER_FAILED',
      message: expect.stringContaining(`port ${first.port} on 127.0.0.1 is in use`),
    });
  });

  it('says when an address cannot be had', async () => {
    await expect(serve({}, { host: '203.0.113.7', port: 8080 })).rejects.toMatchObject({ code: 'SERVER_FAILED' });
  });

  it('finishes what it has begun before it closes', async () => {
    const asked = gate();
    const go = gate();
    const search = async () => {
      asked.open();
      await go.opened;
      return answer('slow');
    };
    const server = await serve({ retrieval: { search, related: search } });
    const slow = get(`${server.url}/api/search?q=slow`);
    await asked.opened;
    const closed = server.close();
    await expect(fetch(`${server.url}/healthz`)).rejects.toThrow();
    go.open();
    expect(await slow).toMatchObject({ status: 200, body: { query: 'slow' } });
    await closed;
    await server.close();
    const again = createTcpServer();
    await new Promise<void>((resolve) => again.listen(server.port, '127.0.0.1', resolve));
    again.close();
  });

  it('cuts what does not end', async () => {
    const never = new Promise<never>(() => undefined);
    const asked = gate();
    const search = () => {
      asked.open();
      return never;
    };
    const server = await serve({ retrieval: { search, related: search } }, { shutdownTimeoutMs: 20 });
    const cut = fetch(`${server.url}/api/search?q=a`).catch(() => 'cut');
    await asked.opened;
    await server.close();
    expect(await cut).toBe('cut');
  });
});

describe('docs/http-api.md', () => {
  it('lists every code with its status', async () => {
    const docs = await readFile(new URL('../../../docs/http-api.md', import.meta.url), 'utf8');
    const listed = [...docs.matchAll(/^\| `([A-Z_]+)` +\| (\d{3}) +\|/gm)].map(
      ([, code, status]) => `${code} ${status}`,
    );
    const table = Object.entries(ERRORS).map(([code, { status }]) => `${code} ${status}`);
    expect(listed.sort()).toEqual(table.sort());
  });
});
