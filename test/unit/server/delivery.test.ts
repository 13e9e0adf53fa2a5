import { describe, expect, it } from 'vitest';
import {
  changedSchedule,
  createDigests,
  createLinks,
  createMailer,
  createWebFeeds,
  DIGEST_SETTING,
  type LinkPurpose,
  scheduleOf,
} from '../../../src/delivery/mod.ts';
import { paper } from '../../support/library.ts';
import { hostilePaper, reader, somePapers } from '../../support/reader.ts';
import { lockForDigests } from '../../../src/store/mod.ts';
import { mailServer } from '../../support/smtp.ts';
import { get, postJson, raw, serve } from './serving.ts';

const PUBLIC_URL = 'https://papers.example.org';
const PAPER = 'arXiv:2611.00001';
const FORM = { 'Content-Type': 'application/x-www-form-urlencoded' };

/** A server with a person who has a digest, and what is known of them; mails go to `smtpUrl`, or nowhere. */
async function open(smtpUrl = '') {
  const held = await reader([...somePapers(), hostilePaper()]);
  const { people, person, store } = held;
  const links = createLinks(people.secret('links'), PUBLIC_URL);
  const webFeeds = createWebFeeds({ ...held, publicUrl: PUBLIC_URL, papersState: () => '', clock: () => new Date() });
  const titleOf = (id: string): string | undefined => {
    const key = store.findKey(id);
    return key === undefined ? undefined : store.paper(key)?.title;
  };
  const digests = createDigests({
    ...{ ...held, links, publicUrl: PUBLIC_URL, mailFrom: 'paperkin@example.org', clock: () => new Date() },
    mailer: smtpUrl === '' ? undefined : createMailer({ smtpUrl }),
    lock: () => lockForDigests(held.workspace),
  });
  const delivery = { people, links, webFeeds, digests, titleOf, publicUrl: PUBLIC_URL };
  const server = await serve({ delivery, people });
  const signals = people.signals(person);
  signals.set(DIGEST_SETTING, changedSchedule(undefined, { to: 'ada@example.org', zone: 'UTC' }, new Date()));
  /** Its address on this server. */
  const link = (purpose: LinkPurpose, paper = PAPER, now = new Date()): string =>
    links.to({ purpose, person: person.id, paper }, now).replace(PUBLIC_URL, server.url);
  const said = () => [
    signals.library().map(({ paper }) => paper),
    signals.feedback().map(({ kind }) => kind),
    scheduleOf(signals.settings())?.on,
  ];
  return { ...held, server, signals, link, said };
}

const press = (url: string, headers: Record<string, string> = {}) =>
  get(url, { method: 'POST', headers: { ...FORM, ...headers }, body: 'confirm=yes' });

describe('a link of a mail', () => {
  it('asks when it is opened, and changes nothing however often it is scanned', async () => {
    const { link, said } = await open();
    for (const purpose of ['save', 'dismiss', 'unsubscribe'] as const) {
      for (const method of ['GET', 'HEAD', 'GET', 'OPTIONS']) {
        const { status } = await get(link(purpose), { method });
        expect(status).toBe(method === 'OPTIONS' ? 204 : 200);
      }
    }
    const { body, headers } = await get(link('save'));
    expect(body['text']).toContain('<form method="post"><button name="confirm" value="yes">Save</button></form>');
    expect(body['text']).toContain('What 2611.00001 found');
    expect(body['text']).not.toMatch(/<script/);
    expect(headers.get('content-security-policy')).toMatch(/^default-src 'none'/);
    expect([headers.get('cache-control'), headers.get('referrer-policy')]).toEqual(['no-store', 'no-referrer']);
    expect(said()).toEqual([[], [], true]);
  });

  it('does what it is for when the button is pressed, and once more does no harm', async () => {
    const { link, said } = await open();
    for (const purpose of ['save', 'dismiss', 'unsubscribe', 'save', 'dismiss', 'unsubscribe'] as const) {
      expect(await press(link(purpose))).toMatchObject({ status: 200 });
    }
    expect(said()).toEqual([[PAPER], ['not-this-paper'], false]);
  });

  it.each([
    ['as a form', FORM, 'List-Unsubscribe=One-Click'],
    [
      'in parts',
      { 'Content-Type': 'multipart/form-data; boundary=b' },
      '--b\r\nContent-Disposition: form-data; name="List-Unsubscribe"\r\n\r\nOne-Click\r\n--b--\r\n',
    ],
  ])('ends the mails by one click of a mail program, %s, from any origin', async (_, type, body) => {
    const { link, said } = await open();
    const headers = { ...type, Origin: 'https://mail.example.com', 'Sec-Fetch-Site': 'cross-site' };
    expect(await get(link('unsubscribe', ''), { method: 'POST', headers, body })).toMatchObject({ status: 200 });
    expect(said()[2]).toBe(false);
  });

  it('refuses what is no press of its button', async () => {
    const { link, said, server } = await open();
    const post = (url: string, body: string, headers: Record<string, string> = FORM) =>
      get(url, { method: 'POST', headers, body });
    expect(await post(link('save'), 'List-Unsubscribe=One-Click')).toMatchObject({ status: 400 });
    expect(await post(link('unsubscribe'), '')).toMatchObject({ status: 400 });
    expect(await post(link('save'), '{"confirm":"yes"}', { 'Content-Type': 'application/json' })).toMatchObject({
      status: 415,
    });
    expect(await post(link('save'), `confirm=yes&x=${'y'.repeat(5000)}`)).toMatchObject({ status: 413 });
    expect(await press(`${link('save')}x`)).toMatchObject({ status: 403 });
    expect(await press(link('save', PAPER, new Date(Date.now() - 31 * 86_400_000)))).toMatchObject({ status: 403 });
    expect(await press(`${server.url}/links/`)).toMatchObject({ status: 405 });
    expect(said()).toEqual([[], [], true]);
  });

  it('is of nobody once its person is erased', async () => {
    const { link, people, person } = await open();
    people.erase(person);
    const { status, body } = await press(link('save'));
    expect([status, body['text']]).toEqual([403, expect.stringContaining('no longer here')]);
    expect(people.signals(people.person()).library()).toEqual([]);
  });

  it('shows what a paper is called, and runs nothing of it', async () => {
    const { link } = await open();
    const { body } = await get(link('save', 'arXiv:2611.66666'));
    expect(body['text']).toContain('&lt;script&gt;alert(1)&lt;/script&gt;');
    expect(body['text']).not.toContain('<script');
  });

  it('leaves no key in the log', async () => {
    const { link, server, people, person } = await open();
    const { secret } = people.feedUrls(person).add(null);
    await get(link('save'));
    await get(`${server.url}/feeds/${secret}/atom.xml`);
    await get(`${server.url}/feeds/${secret}/none`);
    const log = server.log.join('');
    expect(log).toContain('"path":"/links/…"');
    expect(log).toContain('"path":"/feeds/…/atom.xml"');
    expect(log).not.toContain(secret);
    expect(log).not.toContain(link('save').split('/').at(-1)?.slice(0, 20));
  });
});

describe('a web feed over HTTP', () => {
  it('is answered under the name the server has outside, and with 304 as long as it stays the same', async () => {
    const { server, people, person, signals } = await open();
    const { secret } = people.feedUrls(person).add(null);
    const url = `${server.url}/feeds/${secret}/atom.xml`;
    const head = await get(url, { method: 'HEAD' });
    expect([head.status, signals.impressions()]).toEqual([200, []]);
    const { headers, status, body } = await get(url);
    expect([status, headers.get('content-type')]).toEqual([200, 'application/atom+xml; charset=utf-8']);
    expect(body['text']).toContain('What 2611.00002 found');
    const etag = headers.get('etag') ?? '';
    const modified = headers.get('last-modified') ?? '';
    expect(new Date(modified).getTime()).toBeGreaterThan(0);
    expect(await get(url, { headers: { 'If-None-Match': etag } })).toMatchObject({ status: 304, body: { text: '' } });
    expect(await get(url, { headers: { 'If-Modified-Since': modified } })).toMatchObject({ status: 304 });
    expect(await get(url, { headers: { 'If-None-Match': '"another"' } })).toMatchObject({ status: 200 });
    const request = (host: string) =>
      raw(server.port, `GET /feeds/${secret}/feed.json HTTP/1.1\r\nHost: ${host}\r\nConnection: close\r\n\r\n`);
    expect(await request('papers.example.org')).toMatch(/^HTTP\/1\.1 200 /);
    expect(await request('evil.example.net')).toMatch(/^HTTP\/1\.1 403 /);
  });

  it('is not found by a wrong secret or format, or once revoked', async () => {
    const { server, people, person } = await open();
    const { secret, url } = people.feedUrls(person).add(null);
    const status = async (path: string) => (await get(`${server.url}/feeds/${path}`)).status;
    expect(await status(`${secret}/rss.xml`)).toBe(200);
    expect(await status(`${secret.slice(0, -1)}/rss.xml`)).toBe(404);
    expect(await status(`${secret}/rss`)).toBe(404);
    people.feedUrls(person).revoke(url.id);
    expect(await status(`${secret}/rss.xml`)).toBe(404);
  });
});

describe('/api/feed-urls', () => {
  it('makes an address that is told once, lists it without, and revokes it', async () => {
    const { server, signals } = await open();
    const api = `${server.url}/api/feed-urls`;
    const topic = signals.addInterest('topic', { name: 'burrows', papers: [paper({ id: '2611.00001' }).id] });
    const made = await postJson(api, { topic: topic.id });
    expect(made).toMatchObject({
      status: 201,
      body: {
        id: 1,
        topic: topic.id,
        readAt: null,
        atom: expect.stringMatching(/^https:\/\/papers\.example\.org\/feeds\/[\w-]{43}\/atom\.xml$/),
      },
    });
    const listed = await get(api);
    expect(listed.body).toEqual({
      feedUrls: [{ id: 1, topic: topic.id, createdAt: made.body['createdAt'], readAt: null }],
    });
    expect(await get(`${api}/1`, { method: 'DELETE' })).toMatchObject({ status: 200, body: { revoked: true } });
    expect(await get(`${api}/1`, { method: 'DELETE' })).toMatchObject({
      status: 404,
      body: { code: 'FEED_URL_NOT_FOUND' },
    });
    expect((await get(api)).body).toEqual({ feedUrls: [] });
  });

  it('refuses a topic that is not there, members it does not know, and other origins', async () => {
    const { server } = await open();
    const api = `${server.url}/api/feed-urls`;
    expect(await postJson(api, { topic: 99 })).toMatchObject({ status: 404, body: { code: 'INTEREST_NOT_FOUND' } });
    for (const topic of ['1', 1.5, 1e300, null]) {
      expect(await postJson(api, { topic })).toMatchObject({
        status: 400,
        body: { errors: [{ field: 'topic', message: 'must be the number of a topic' }] },
      });
    }
    expect(await postJson(api, [])).toMatchObject({ status: 400, body: { detail: 'the body must be a JSON object' } });
    expect(await postJson(api, { topik: 1 })).toMatchObject({ status: 400 });
    expect(await get(`${api}/`)).toMatchObject({ status: 404 });
    expect(await get(`${api}/1?all=1`, { method: 'DELETE' })).toMatchObject({ status: 400 });
    expect(await postJson(api, {}, { Origin: 'https://evil.example.net' })).toMatchObject({ status: 403 });
  });
});

describe('/api/digest', () => {
  const put = (url: string, body: unknown) =>
    get(url, { method: 'PUT', headers: { 'Content-Type': 'application/json' }, body: JSON.stringify(body) });

  it('tells the schedule, changes what is said of it, and keeps the rest', async () => {
    const { server, signals } = await open();
    const api = `${server.url}/api/digest/schedule`;
    expect(await get(api)).toMatchObject({
      status: 200,
      body: {
        schedule: { to: 'ada@example.org', every: 'daily', hour: 7, zone: 'UTC', on: true },
        ...{ inWords: 'every day at 7:00 (UTC)', mail: 'not-set-up', latest: null },
        next: expect.stringMatching(/T07:00:00\.000Z$/),
      },
    });
    expect(await put(api, { every: 'weekly', days: ['fri'], hour: 18, zone: 'Europe/Berlin' })).toMatchObject({
      status: 200,
      body: { schedule: { to: 'ada@example.org' }, inWords: 'every Friday at 18:00 (Europe/Berlin)' },
    });
    expect(await put(api, { on: false })).toMatchObject({ body: { schedule: { hour: 18, on: false }, next: null } });
    expect(scheduleOf(signals.settings())).toMatchObject({ every: 'weekly', on: false });
  });

  it.each([
    [{ hour: 24 }, 'INVALID_REQUEST'],
    [{ days: [] }, 'INVALID_REQUEST'],
    [{ days: ['friday'] }, 'INVALID_REQUEST'],
    [{ k: 51 }, 'INVALID_REQUEST'],
    [{ every: 'hourly' }, 'INVALID_REQUEST'],
    [{ too: 'ada@example.org' }, 'INVALID_REQUEST'],
    [[], 'INVALID_REQUEST'],
    [{ to: 'nobody' }, 'USAGE'],
    [{ to: 'a@example.org\r\nBcc: b@example.org' }, 'USAGE'],
    [{ zone: 'Europe/Atlantis' }, 'USAGE'],
  ])('refuses %j and changes nothing', async (body, code) => {
    const { server, signals } = await open();
    const before = signals.settings();
    expect(await put(`${server.url}/api/digest/schedule`, body)).toMatchObject({ status: 400, body: { code } });
    expect(signals.settings()).toEqual(before);
  });

  it('asks of a first schedule where to', async () => {
    const { server, people } = await open();
    const { token } = people.add('Bo');
    const headers = { 'Content-Type': 'application/json', Authorization: `Bearer ${token}` };
    const api = `${server.url}/api/digest/schedule`;
    expect((await get(api, { headers })).body).toMatchObject({ schedule: null, inWords: null, next: null });
    expect(await get(api, { method: 'PUT', headers, body: '{"hour":8}' })).toMatchObject({
      status: 400,
      body: { errors: [{ field: 'to' }] },
    });
    expect(await get(`${server.url}/api/digest/test`, { method: 'POST', headers })).toMatchObject({ status: 500 });
  });

  it('shows what would be sent as a page of its own that runs nothing and that only this server may frame', async () => {
    const { server, signals } = await open();
    const { body } = await get(`${server.url}/api/digest/preview`);
    expect(body).toMatchObject({ subject: expect.stringContaining('and 3 more') });
    const page = await get(`${server.url}${String(body['page'])}`);
    expect(page.status).toBe(200);
    expect(page.body['text']).toContain('What 2611.00003 found');
    expect(page.body['text']).toContain('<base target="_blank">');
    expect(page.body['text']).not.toContain('<script');
    const policy = page.headers.get('content-security-policy') ?? '';
    expect(policy).toMatch(/^default-src 'none'/);
    expect(policy).toContain("frame-ancestors 'self'");
    expect(policy).toMatch(/sandbox(?!.*allow-(?:scripts|same-origin|forms))/);
    expect(page.headers.get('x-frame-options')).toBe('SAMEORIGIN');
    expect(page.headers.get('cache-control')).toBe('no-store');
    expect(signals.impressions()).toEqual([]);
    expect(server.log.join('')).not.toContain(String(body['page']));
    expect(await get(`${server.url}/previews/other`)).toMatchObject({ status: 404 });
  });

  it('says why there is nothing to show', async () => {
    const { server, signals } = await open();
    signals.show(['arXiv:2611.00001', 'arXiv:2611.00002', 'arXiv:2611.00003', 'arXiv:2611.66666'], 'feed', 4, '2026');
    expect((await get(`${server.url}/api/digest/preview`)).body).toEqual({
      ...{ subject: null, page: null, why: 'only 0 papers are new' },
    });
  });

  it('sends a mail to try it, which counts for nothing', async () => {
    const mail = await mailServer();
    const { server, signals, people, person } = await open(mail.url);
    const test = () => get(`${server.url}/api/digest/test`, { method: 'POST' });
    expect(await test()).toMatchObject({ status: 200, body: { to: 'ada@example.org', state: 'sent', reason: null } });
    expect((await mail.mail(0)).subject).toMatch(/^Test: /);
    expect([signals.impressions(), people.outbox(person).list()]).toEqual([[], []]);
    mail.behaviour = 'refuse';
    expect((await test()).body).toMatchObject({ state: 'failed', reason: expect.stringMatching(/./) });
    expect((await get(`${server.url}/api/digest/schedule`)).body).toMatchObject({ mail: 'set-up' });
  });

  it('says that no mail server is set', async () => {
    const { server } = await open();
    expect(await get(`${server.url}/api/digest/test`, { method: 'POST' })).toMatchObject({
      body: { code: 'MAIL_NOT_SET_UP' },
    });
  });

  it.each([
    ['POST', '/api/digest/schedule', 'GET, HEAD, PUT'],
    ['POST', '/api/digest/preview', 'GET, HEAD'],
    ['GET', '/api/digest/test', 'POST'],
    ['POST', '/previews/x', 'GET, HEAD'],
  ])('%s %s names the methods there are', async (method, path, allow) => {
    const { server } = await open();
    const got = await get(server.url + path, { method });
    expect([got.status, got.headers.get('allow')]).toEqual([405, allow]);
  });
});
