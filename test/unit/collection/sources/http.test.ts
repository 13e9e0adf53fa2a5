import { gzipSync } from 'node:zlib';
import { describe, expect, it, onTestFinished } from 'vitest';
import { createHttp, type Http } from '../../../../src/collection/mod.ts';
import { isPublicAddress } from '../../../../src/collection/sources/address.ts';
import { gapMs, type HttpOptions } from '../../../../src/collection/sources/http.ts';
import { jumpingClock } from '../../../support/clock.ts';
import { startSourceServer } from '../../../support/source-server.ts';

const failsWith = (code: string, message: RegExp = /./): unknown =>
  expect.objectContaining({ code, message: expect.stringMatching(message) });

function http(options: Partial<HttpOptions> = {}): Http {
  const made = createHttp({
    userAgent: 'Paperkin/0.0.0 (+mailto:ada@example.org)',
    allowPrivateNetwork: true,
    trusted: [],
    maxRequests: 1000,
    signal: new AbortController().signal,
    clock: jumpingClock('2026-01-07T12:00:00Z'),
    ...options,
  });
  onTestFinished(() => made.close());
  return made;
}

describe('where it goes', () => {
  it.each([
    '127.0.0.1',
    '10.1.2.3',
    '172.16.0.1',
    '192.168.1.1',
    '169.254.169.254',
    '100.64.0.1',
    '0.0.0.0',
    '224.0.0.1',
    '255.255.255.255',
    '192.0.2.1',
    '::1',
    '::',
    '::ffff:127.0.0.1',
    '::ffff:7f00:1',
    '64:ff9b::7f00:1',
    '2002:7f00:1::',
    'fc00::1',
    'fe80::1',
    'fe80::1%eth0',
    'ff02::1',
    'not an address',
  ])('%s is no public address', (address) => {
    expect(isPublicAddress(address)).toBe(false);
  });

  it.each(['8.8.8.8', '104.16.0.1', '2606:4700::1111'])('%s is a public address', (address) => {
    expect(isPublicAddress(address)).toBe(true);
  });

  it.each([
    'http://127.0.0.1:PORT/feed.xml',
    'http://[::1]:PORT/feed.xml',
    'http://[::ffff:127.0.0.1]:PORT/feed.xml',
    'http://2130706433:PORT/feed.xml',
    'http://0x7f.1:PORT/feed.xml',
    'http://localhost:PORT/feed.xml',
    'file:///etc/passwd',
    'ftp://example.org/feed.xml',
    'http://ada:secret@example.org/feed.xml',
    'nonsense',
  ])('%s is refused', async (address) => {
    const server = await startSourceServer();
    const url = address.replace('PORT', new URL(server.url).port);
    await expect(http({ allowPrivateNetwork: false }).get(url)).rejects.toEqual(failsWith('ADDRESS_REFUSED'));
    expect(server.asked).toEqual([]);
  });

  it('may go to an address that the configuration names, and from there nowhere else that is private', async () => {
    const server = await startSourceServer();
    const inside = await startSourceServer();
    const careful = http({ allowPrivateNetwork: false, trusted: [server.url] });
    expect((await careful.get(`${server.url}/feed.xml`)).status).toBe(200);
    server.faults.push({ redirectTo: `${inside.url}/feed.xml` });
    await expect(careful.get(`${server.url}/feed.xml`)).rejects.toEqual(
      failsWith('ADDRESS_REFUSED', /private network/),
    );
    server.faults.push({ redirectTo: 'http://169.254.169.254/latest/meta-data' });
    await expect(careful.get(`${server.url}/feed.xml`)).rejects.toEqual(failsWith('ADDRESS_REFUSED'));
    server.faults.push({ redirectTo: 'file:///etc/passwd' });
    await expect(careful.get(`${server.url}/feed.xml`)).rejects.toEqual(failsWith('ADDRESS_REFUSED', /only http/));
    expect(inside.asked).toEqual([]);
  });

  it('follows redirects, without what was said to the first server, and not for ever', async () => {
    const [server, other] = [await startSourceServer(), await startSourceServer()];
    const open = http();
    server.faults.push({ redirectTo: '/feed.xml' }, { redirectTo: `${other.url}/feed.xml` });
    const answer = await open.get(`${server.url}/somewhere`, { headers: { 'if-none-match': '"secret"' } });
    expect(answer.url).toBe(`${other.url}/feed.xml`);
    expect(server.headers.map((headers) => headers['if-none-match'])).toEqual(['"secret"', '"secret"']);
    expect(other.headers.map((headers) => headers['if-none-match'])).toEqual([undefined]);
    server.faults.push(...Array.from({ length: 20 }, () => ({ redirectTo: '/feed.xml' })));
    await expect(open.get(`${server.url}/feed.xml`)).rejects.toEqual(
      failsWith('SOURCE_FAILED', /more than 5 redirects/),
    );
  });
});

describe('how it asks', () => {
  it('says who it is, and asks one thing at a time', async () => {
    const server = await startSourceServer();
    const polite = http();
    await Promise.all(Array.from({ length: 5 }, () => polite.get(`${server.url}/feed.xml`)));
    expect(new Set(server.agents)).toEqual(new Set(['Paperkin/0.0.0 (+mailto:ada@example.org)']));
    expect(server.mostAtOnce()).toBe(1);
    expect(polite.requests()).toBe(5);
  });

  it('leaves arXiv three seconds between requests, others one, and this machine none', () => {
    expect(gapMs(new URL('https://oaipmh.arxiv.org/oai'))).toBe(3000);
    expect(gapMs(new URL('https://arxiv.org/'))).toBe(3000);
    expect(gapMs(new URL('https://notarxiv.org/'))).toBe(1000);
    expect(gapMs(new URL('http://127.0.0.1:23119/'))).toBe(0);
  });

  it('stops when the requests of a day are used up, until the next one', async () => {
    const server = await startSourceServer();
    const capped = http({ maxRequests: 2 });
    await capped.get(`${server.url}/feed.xml`);
    await capped.get(`${server.url}/feed.xml`);
    await expect(capped.get(`${server.url}/feed.xml`)).rejects.toMatchObject({
      code: 'SOURCE_WAITS',
      details: { until: '2026-01-08T00:00:00.000Z', by: 'us' },
    });
    expect(server.asked).toHaveLength(2);
  });

  it('stops at once when it is told to', async () => {
    const server = await startSourceServer();
    const stop = new AbortController();
    server.faults.push({ hang: true });
    const asked = http({ signal: stop.signal }).get(`${server.url}/feed.xml`);
    setTimeout(() => stop.abort(), 50);
    await expect(asked).rejects.toEqual(failsWith('INTERRUPTED'));
  });
});

describe('when something goes wrong', () => {
  it('tries again after a growing pause with jitter, and gives up in the end', async () => {
    const server = await startSourceServer();
    const clock = jumpingClock('2026-01-07T12:00:00Z');
    const stubborn = http({ clock });
    server.faults.push({ status: 500 }, { cut: true }, { status: 429 });
    expect((await stubborn.get(`${server.url}/feed.xml`)).status).toBe(200);
    expect(clock.slept).toEqual([500, 1000, 2000]);
    server.faults.push(...Array.from({ length: 5 }, () => ({ status: 502 })));
    await expect(stubborn.get(`${server.url}/feed.xml`)).rejects.toEqual(
      failsWith('SOURCE_FAILED', /status 502, 5 times/),
    );
    expect(server.asked).toHaveLength(9);
  });

  it('waits as long as the server asks, in seconds or until a date', async () => {
    const server = await startSourceServer();
    const clock = jumpingClock('2026-01-07T12:00:00Z');
    const patient = http({ clock });
    server.faults.push({ status: 503, retryAfter: '20' });
    await patient.get(`${server.url}/feed.xml`);
    server.faults.push({ status: 503, retryAfter: new Date(clock.now() + 30_000).toUTCString() });
    await patient.get(`${server.url}/feed.xml`);
    expect(clock.slept).toEqual([20_000, 30_000]);
  });

  it('ends the run where the server asks for longer than that', async () => {
    const server = await startSourceServer();
    server.faults.push({ status: 503, retryAfter: '3600' });
    await expect(http().get(`${server.url}/feed.xml`)).rejects.toMatchObject({
      code: 'SOURCE_WAITS',
      details: { until: '2026-01-07T13:00:00.000Z', by: 'server' },
    });
    expect(server.asked).toHaveLength(1);
  });

  it('does not try again what will not get better', async () => {
    const server = await startSourceServer();
    await expect(http().get(`${server.url}/nothing`)).rejects.toEqual(failsWith('SOURCE_FAILED', /status 404/));
    expect(server.asked).toHaveLength(1);
  });

  it('gives up on a server that says nothing', async () => {
    const server = await startSourceServer();
    server.faults.push({ hang: true }, { hang: true });
    const hasty = http({ limits: { headersMs: 100, attempts: 2 } });
    await expect(hasty.get(`${server.url}/feed.xml`)).rejects.toEqual(failsWith('SOURCE_FAILED', /2 times/));
  });

  it('gives up where nobody listens', async () => {
    const server = await startSourceServer();
    await server.close();
    await expect(http().get(`${server.url}/feed.xml`)).rejects.toEqual(failsWith('SOURCE_FAILED', /ECONNREFUSED/));
  });
});

describe('what it takes', () => {
  it('unpacks gzip, and leaves alone what is not packed', async () => {
    const server = await startSourceServer();
    const plain = await http().get(`${server.url}/feed.xml`);
    server.gzip = true;
    const packed = await http().get(`${server.url}/feed.xml`);
    expect(packed.body.toString()).toBe(plain.body.toString());
    expect(packed.header('content-encoding')).toBe('gzip');
  });

  it.each([
    ['plain', Buffer.alloc(2_000_000, 'x'), {}],
    ['packed a thousandfold', gzipSync(Buffer.alloc(2_000_000, 'x')), { 'content-encoding': 'gzip' }],
  ])('refuses a body past the limit: %s', async (_, body, headers) => {
    const server = await startSourceServer();
    server.faults.push({ body, headers });
    const small = http({ limits: { bodyBytes: 1_000_000 } });
    await expect(small.get(`${server.url}/feed.xml`)).rejects.toEqual(
      failsWith('SOURCE_FAILED', /larger than 1000000/),
    );
    expect(server.asked).toHaveLength(1);
  });

  it('takes a packed body that is cut for a failure, not for its end', async () => {
    const server = await startSourceServer();
    const whole = gzipSync(Buffer.from('a feed'.repeat(1000)));
    server.faults.push({ body: whole.subarray(0, whole.length - 10), headers: { 'content-encoding': 'gzip' } });
    const answer = await http().get(`${server.url}/feed.xml`);
    expect(answer.body.toString()).toContain('<rss');
    expect(server.asked).toHaveLength(2);
  });
});

describe('time by the servers', () => {
  it.each(['99999999999999999', 'Fri, 31 Dec 9999 23:59:59 GMT'])(
    'quiet until "%s" is kept for a week',
    async (retryAfter) => {
      const server = await startSourceServer();
      server.faults.push({ status: 503, retryAfter });
      const failure = expect.objectContaining({
        code: 'SOURCE_WAITS',
        details: expect.objectContaining({ until: '2026-01-14T12:00:00.000Z' }),
      });
      await expect(http().get(`${server.url}/feed.xml`)).rejects.toEqual(failure);
    },
  );

  it('that has no year of four digits is not believed', async () => {
    const server = await startSourceServer();
    server.faults.push({ body: 'x', headers: { date: 'Fri, 01 Jan 20225 00:00:00 GMT' } });
    expect((await http().get(`${server.url}/feed.xml`)).servedAt).toBeUndefined();
  });

  it('that no answer keeps to ends the attempts', async () => {
    const server = await startSourceServer();
    server.faults.push({ hang: true }, { hang: true });
    const hasty = http({ limits: { wholeMs: 50 } });
    await expect(hasty.get(`${server.url}/feed.xml`)).rejects.toEqual(failsWith('SOURCE_FAILED', /no whole answer/));
    expect(hasty.requests()).toBe(1);
  });
});

it('leaves a host in peace between the requests of two sources', async () => {
  const clock = jumpingClock('2026-01-07T12:00:00Z');
  const asked = new Map([['feeds.arxiv.org', clock.now()]]);
  const stop = new AbortController();
  const sleep = async (ms: number): Promise<void> => {
    clock.slept.push(ms);
    stop.abort();
  };
  const impatient = http({ clock: { ...clock, sleep }, asked, signal: stop.signal });
  await expect(impatient.get('https://feeds.arxiv.org/rss/cs.IR')).rejects.toEqual(failsWith('INTERRUPTED'));
  expect(clock.slept).toEqual([3000]);
  expect(impatient.requests()).toBe(0);
});
