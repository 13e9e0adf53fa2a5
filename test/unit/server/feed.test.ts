import { describe, expect, it } from 'vitest';
import { createTrending } from '../../../src/recommend/mod.ts';
import type { ServerServices } from '../../../src/server/mod.ts';
import { Desk } from '../../../src/store/mod.ts';
import { recommending, subjectPapers } from '../../support/recommending.ts';
import { get, type Got, serve } from './serving.ts';

type Method = 'GET' | 'PUT' | 'POST' | 'PATCH' | 'DELETE';

/** A server over a library on six subjects, asked by somebody who has saved two papers. */
async function serving(replaced: Partial<ServerServices> = {}) {
  const reader = await recommending(subjectPapers(12));
  reader.desk.save(['volcano:0', 'orchid:0']);
  const { people, store, feed, shown, reading, onboarding } = reader;
  const server = await serve({
    people,
    deskOf: (person) => new Desk(store, people.signals(person)),
    recommending: {
      ...{ feed, shown, ...reading, onboarding },
      trending: createTrending({ store, people, now: () => new Date() }),
    },
    ...replaced,
  });
  const ask = (method: Method, path: string, body?: unknown, headers: Record<string, string> = {}): Promise<Got> =>
    get(server.url + path, {
      method,
      headers: { ...(body === undefined ? {} : { 'Content-Type': 'application/json' }), ...headers },
      ...(body === undefined ? {} : { body: typeof body === 'string' ? body : JSON.stringify(body) }),
    });
  return { reader, ask };
}

const ROUTES: ReadonlyArray<readonly [method: Method, path: string, body: unknown]> = [
  ['GET', '/api/feed', undefined],
  ['POST', '/api/feed/shown', { ids: ['volcano:1'] }],
  ['GET', '/api/profile', undefined],
  ['PATCH', '/api/profile', { diversity: 0.5 }],
  ['POST', '/api/profile/reset', undefined],
  ['PATCH', '/api/profile/interests/1', { muted: true }],
  ['DELETE', '/api/profile/interests/1', undefined],
  ['POST', '/api/profile/interests/1/merge', { from: 2 }],
  ['GET', '/api/onboarding', undefined],
];

/** Paths of the items of an answer, whatever they are called. */
const ids = (list: unknown): string[] =>
  Array.isArray(list) ? list.map((entry: { paper: { id: string } }) => entry.paper.id) : [];

describe('feeds over HTTP', () => {
  it('are what the feed is, page by page, and change nothing by being read', async () => {
    const { reader, ask } = await serving();
    const first = await ask('GET', '/api/feed?k=5&diversity=0');
    const { next: _next, ...expected } = await reader.read({ k: 5, diversity: 0 });
    expect(first).toMatchObject({ status: 200, body: JSON.parse(JSON.stringify(expected)) });
    expect(first.headers.get('cache-control')).toBe('no-store');
    const second = await ask('GET', `/api/feed?cursor=${String(first.body['next'])}`);
    expect(second.status).toBe(200);
    expect(ids(second.body['items']).length).toBeGreaterThan(0);
    expect(ids(second.body['items']).filter((id) => ids(first.body['items']).includes(id))).toEqual([]);
    expect(reader.signals.shown().size).toBe(0);
  });

  it('know what was seen once they are told', async () => {
    const { reader, ask } = await serving();
    const { body } = await ask('GET', '/api/feed');
    const seen = ids(body['items']);
    const told = { ids: seen, place: 'web-feed' };
    expect(await ask('POST', '/api/feed/shown', told)).toMatchObject({ status: 200, body: { shown: seen.length } });
    expect(reader.signals.impressions().every(({ place }) => place === 'web-feed')).toBe(true);
    reader.later(24);
    const tomorrow = ids((await ask('GET', '/api/feed')).body['items']);
    expect(tomorrow.filter((id) => seen.includes(id))).toEqual([]);
    expect(await ask('POST', '/api/feed/shown', { ids: ['nothing'] })).toMatchObject({
      status: 404,
      body: { code: 'PAPER_NOT_FOUND' },
    });
  });

  it.each([
    ['k=0', 'k'],
    ['k=101', 'k'],
    ['k=ten', 'k'],
    ['k=5&k=6', 'k'],
    ['since=2026-02-30', 'since'],
    ['since=lately', 'since'],
    ['diversity=2', 'diversity'],
    ['diversity=-1', 'diversity'],
    [`topic=${'x'.repeat(201)}`, 'topic'],
    [`cursor=${'x'.repeat(101)}`, 'cursor'],
    ['cursor=a&cursor=b', 'cursor'],
    ['q=owls', 'q'],
  ])('are refused for %s', async (parameters, field) => {
    const { ask } = await serving();
    const got = await ask('GET', `/api/feed?${parameters}`);
    expect(got).toMatchObject({ status: 400, body: { code: 'INVALID_REQUEST', errors: [{ field }] } });
  });

  it('tell of an unknown topic, and of a cursor that nobody knows or somebody else has', async () => {
    const { reader, ask } = await serving();
    expect(await ask('GET', '/api/feed?topic=nothing')).toMatchObject({
      status: 404,
      body: { code: 'INTEREST_NOT_FOUND' },
    });
    const { body } = await ask('GET', '/api/feed?k=5');
    const cursor = `/api/feed?cursor=${String(body['next'])}`;
    const ada = { Authorization: `Bearer ${reader.people.add('Ada').token}` };
    const expired = { status: 410, body: { code: 'FEED_EXPIRED' } };
    for (const path of ['/api/feed?cursor=x', '/api/feed?cursor='])
      expect(await ask('GET', path)).toMatchObject(expired);
    expect(await ask('GET', cursor, undefined, ada)).toMatchObject(expired);
    expect((await ask('GET', cursor)).status).toBe(200);
    reader.later(1);
    expect(await ask('GET', cursor)).toMatchObject(expired);
  });

  it('wait until the server is ready', async () => {
    const { ask } = await serving({ readiness: () => ({ ready: false, reason: 'papers are missing' }) });
    for (const path of ['/api/feed', '/api/profile', '/api/onboarding']) {
      expect(await ask('GET', path)).toMatchObject({ status: 503, body: { code: 'NOT_READY' } });
    }
  });
});

describe('profiles over HTTP', () => {
  it('are changed by the number or name of an interest, and answer as they are then', async () => {
    const { reader, ask } = await serving();
    const { body } = await ask('GET', '/api/profile');
    expect(body).toEqual(JSON.parse(JSON.stringify(await reader.reading.profile(reader.person))));
    const [first, second] = (await reader.reading.profile(reader.person)).interests;
    const path = `/api/profile/interests/${String(first?.id)}`;
    const renamed = await ask('PATCH', path, { name: 'Fire & ash', weight: 2, muted: true });
    expect(renamed).toMatchObject({ status: 200, body: { person: 'me' } });
    expect(reader.signals.interest(first?.id ?? -1)).toMatchObject({ name: 'Fire & ash', weight: 2, muted: true });
    const byName = `/api/profile/interests/${encodeURIComponent('fire & ash')}`;
    expect((await ask('PATCH', byName, { muted: false })).status).toBe(200);
    const merged = await ask('POST', `${byName}/merge`, { from: second?.id });
    expect(merged).toMatchObject({ status: 200, body: { interests: [{ name: 'Fire & ash', share: 1 }] } });
    expect(await ask('DELETE', byName)).toMatchObject({ status: 200, body: { interests: [] } });
    expect(await ask('PATCH', byName, { muted: true })).toMatchObject({
      status: 404,
      body: { code: 'INTEREST_NOT_FOUND' },
    });
    const topic = reader.signals.addInterest('topic', { name: 'owls', text: 'owls' });
    for (const name of ['', ' ']) {
      const nameless = await ask('PATCH', `/api/profile/interests/${topic.id}`, { name });
      expect(nameless).toMatchObject({ status: 400, body: { detail: 'a topic needs a name' } });
    }
    expect(reader.signals.interest(topic.id)).toEqual(topic);
    reader.signals.dropInterest(topic.id);
    expect(await ask('PATCH', '/api/profile', { diversity: 0.7 })).toMatchObject({ body: { diversity: 0.7 } });
    expect((await ask('POST', '/api/profile/reset')).body['interests']).toHaveLength(2);
  });

  it.each([
    ['PATCH', '/api/profile', { diversity: 1.5 }, 'diversity'],
    ['PATCH', '/api/profile', {}, 'diversity'],
    ['PATCH', '/api/profile/interests/1', { weight: 0 }, 'weight'],
    ['PATCH', '/api/profile/interests/1', { weight: 11 }, 'weight'],
    ['PATCH', '/api/profile/interests/1', { muted: 'yes' }, 'muted'],
    ['PATCH', '/api/profile/interests/1', { name: 'x'.repeat(201) }, 'name'],
    ['PATCH', '/api/profile/interests/1', { deleted: true }, 'deleted'],
    ['POST', '/api/profile/interests/1/merge', {}, 'from'],
    ['POST', '/api/feed/shown', { ids: 'volcano:1' }, 'ids'],
    ['POST', '/api/feed/shown', { ids: ['volcano:1'], place: 'moon' }, 'place'],
    ['POST', '/api/feed/shown', {}, 'ids'],
    ['POST', '/api/feed/shown', { ids: [] }, 'ids'],
    ['POST', '/api/feed/shown', { ids: Array.from({ length: 1001 }, () => 'volcano:1') }, 'ids'],
    ['GET', '/api/profile?k=1', undefined, 'k'],
    ['POST', '/api/profile/reset?all=1', undefined, 'all'],
  ] as const)('%s %s is refused with the body %j', async (method, path, body, field) => {
    const { reader, ask } = await serving();
    const before = reader.signals.revision();
    const got = await ask(method, path, body);
    expect(got).toMatchObject({ status: 400, body: { code: 'INVALID_REQUEST', errors: [{ field }] } });
    expect(reader.signals.revision()).toBe(before);
  });

  it('are refused bodies that are no JSON objects', async () => {
    const { ask } = await serving();
    expect(await ask('PATCH', '/api/profile', '{"diversity"')).toMatchObject({ status: 400 });
    expect(await ask('PATCH', '/api/profile', [])).toMatchObject({ status: 400 });
    const plain = await ask('PATCH', '/api/profile', '{}', { 'Content-Type': 'text/plain' });
    expect(plain).toMatchObject({ status: 415, body: { code: 'UNSUPPORTED_MEDIA_TYPE' } });
  });
});

describe('onboarding and trending over HTTP', () => {
  it('ask about papers that fit, and list what was saved here', async () => {
    const { ask } = await serving();
    const asked = await ask('GET', '/api/onboarding?k=3&text=a%20glacier&filter=year%3E2000');
    expect(asked).toMatchObject({ status: 200, body: { papers: [{ share: expect.any(Number) }, {}, {}] } });
    expect(ids(asked.body['papers']).some((id) => id.startsWith('glacier'))).toBe(true);
    const trending = await ask('GET', '/api/trending?period=week&k=1');
    expect(trending).toMatchObject({
      status: 200,
      body: { period: 'week', items: [{ rank: 1, saves: 1, upvotes: null }] },
    });
  });

  it.each([
    ['/api/onboarding?k=101', 'k'],
    ['/api/onboarding?text=a&text=b', 'text'],
    [`/api/onboarding?text=${'x'.repeat(10_001)}`, 'text'],
    ['/api/trending?period=year', 'period'],
    ['/api/trending?date=2026-02-30', 'date'],
    ['/api/trending?k=201', 'k'],
    ['/api/trending?person=me', 'person'],
  ])('%s is refused', async (path, field) => {
    const { ask } = await serving();
    const got = await ask('GET', path);
    expect(got).toMatchObject({ status: 400, body: { code: 'INVALID_REQUEST', errors: [{ field }] } });
  });

  it('tell what is wrong with a filter', async () => {
    const { ask } = await serving();
    const got = await ask('GET', '/api/onboarding?filter=nonsense:x');
    expect(got).toMatchObject({ status: 400, body: { code: 'INVALID_FILTER' } });
  });
});

describe('what is one person’s', () => {
  it.each(ROUTES)('%s %s is refused to a stranger and to other sites', async (method, path, body) => {
    const { reader, ask } = await serving();
    const before = reader.signals.revision();
    const stranger = await ask(method, path, body, { Authorization: 'Bearer paperkin_wrong' });
    expect(stranger).toMatchObject({ status: 401, body: { code: 'TOKEN_REFUSED' } });
    if (method !== 'GET') {
      const foreign = await ask(method, path, body, { Origin: 'http://evil.example' });
      expect(foreign).toMatchObject({ status: 403, body: { code: 'FORBIDDEN_ORIGIN' } });
    }
    expect(reader.signals.revision()).toBe(before);
  });

  it.each([
    ['PUT', '/api/feed', 'GET, HEAD'],
    ['GET', '/api/feed/shown', 'POST'],
    ['POST', '/api/profile', 'GET, HEAD, PATCH'],
    ['GET', '/api/profile/reset', 'POST'],
    ['POST', '/api/profile/interests/1', 'PATCH, DELETE'],
    ['GET', '/api/profile/interests/1/merge', 'POST'],
    ['POST', '/api/onboarding', 'GET, HEAD'],
    ['DELETE', '/api/trending', 'GET, HEAD'],
  ] as const)('%s %s names the methods there are', async (method, path, allow) => {
    const { ask } = await serving();
    const got = await ask(method, path, method === 'GET' ? undefined : {});
    expect([got.status, got.headers.get('allow')]).toEqual([405, allow]);
  });

  it('is each person’s own', async () => {
    const { reader, ask } = await serving();
    const ada = { Authorization: `Bearer ${reader.people.add('Ada').token}` };
    expect((await ask('GET', '/api/profile', undefined, ada)).body).toMatchObject({ person: 'Ada', interests: [] });
    expect((await ask('GET', '/api/feed', undefined, ada)).body['why']).toMatch(/nothing is known yet/);
    expect((await ask('GET', '/api/feed')).body).toMatchObject({ person: 'me' });
  });
});
