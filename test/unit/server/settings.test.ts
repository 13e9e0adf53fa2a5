import { createParser } from 'eventsource-parser';
import { describe, expect, it } from 'vitest';
import { AppError } from '../../../src/errors.ts';
import { sourceListOf } from '../../../src/indexing/mod.ts';
import { Workspace } from '../../../src/store/mod.ts';
import { folder, gate, get, type Got, progress, serve, type Serving, synced } from './serving.ts';

type Method = 'GET' | 'PUT' | 'POST' | 'PATCH' | 'DELETE';
type Headers = Readonly<Record<string, string>>;

const asking =
  (server: Serving) =>
  (method: Method, path: string, body?: unknown, headers: Headers = {}): Promise<Got> =>
    get(server.url + path, {
      method,
      headers: { ...(body === undefined ? {} : { 'Content-Type': 'application/json' }), ...headers },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    });

async function serving(replaced: Parameters<typeof serve>[0] = {}, options: Parameters<typeof serve>[1] = {}) {
  const workspace = await Workspace.open(await folder(), { create: true });
  const server = await serve({ sourceList: sourceListOf(workspace), ...replaced }, options);
  return { server, workspace, ask: asking(server) };
}

const bearer = (token: string): Headers => ({ Authorization: `Bearer ${token}` });
const problem = (status: number, code: string): object => ({ status, body: { code } });

const ROUTES: ReadonlyArray<readonly [method: Method, path: string, body: unknown]> = [
  ['POST', '/api/sources', { kind: 'huggingface' }],
  ['PATCH', '/api/sources/huggingface', { change: 'pause' }],
  ['DELETE', '/api/sources/huggingface', undefined],
  ['POST', '/api/sync', {}],
  ['GET', '/api/jobs', undefined],
  ['GET', '/api/jobs/events', undefined],
  ['GET', '/api/jobs/none', undefined],
  ['GET', '/api/persons', undefined],
  ['POST', '/api/persons', { name: 'Bo' }],
  ['DELETE', '/api/persons/Ada', { name: 'Ada' }],
  ['POST', '/api/persons/Ada/token', undefined],
  ['DELETE', '/api/persons/Ada/token', undefined],
  ['GET', '/api/backup', undefined],
];

describe('what whoever keeps the library settles', () => {
  it.each(ROUTES)('%s %s is refused to other persons and to strangers, and changes nothing', async (...route) => {
    const [method, path, body] = route;
    for (const host of ['127.0.0.1', '0.0.0.0']) {
      const { server, workspace, ask } = await serving({}, { host });
      const ada = bearer(server.people.add('Ada').token);
      expect(await ask(method, path, body, ada)).toMatchObject(problem(403, 'KEEPER_ONLY'));
      expect(await ask(method, path, body, bearer('paperkin_wrong'))).toMatchObject(problem(401, 'TOKEN_REFUSED'));
      if (host === '0.0.0.0') expect(await ask(method, path, body)).toMatchObject(problem(401, 'TOKEN_REFUSED'));
      expect(workspace.state.sources).toEqual([]);
      expect(server.people.persons().map(({ name, hasToken }) => [name, hasToken])).toEqual([
        ['me', false],
        ['Ada', true],
      ]);
    }
  });

  it('is theirs from elsewhere, too, with their token', async () => {
    const { server, ask } = await serving({}, { host: '0.0.0.0' });
    const keeper = bearer(server.people.renewToken(server.people.person()));
    expect((await ask('POST', '/api/sources', { kind: 'huggingface' }, keeper)).status).toBe(201);
    expect((await ask('GET', '/api/persons', undefined, keeper)).status).toBe(200);
  });

  it.each(ROUTES.filter(([method]) => method !== 'GET'))('%s %s is refused to pages elsewhere', async (...route) => {
    const [method, path, body] = route;
    const { ask } = await serving();
    const Origin = 'http://evil.example';
    expect(await ask(method, path, body, { Origin })).toMatchObject(problem(403, 'FORBIDDEN_ORIGIN'));
  });
});

describe('sources', () => {
  it('are added, paused, resumed and removed as on the command line', async () => {
    const { ask, workspace } = await serving();
    const wanted = { kind: 'arxiv', settings: { categories: 'cs.IR, cs.CL', since: '' }, name: 'papers of mine' };
    const added = await ask('POST', '/api/sources', wanted);
    expect(added).toMatchObject({
      status: 201,
      body: { name: 'papers of mine', about: 'cs.CL, cs.IR', paused: false },
    });
    const path = added.headers.get('location') ?? '';
    expect((await ask('PATCH', path, { change: 'pause' })).body).toEqual({ name: 'papers of mine', change: 'pause' });
    expect((await ask('GET', '/api/sources')).body).toMatchObject({
      sources: [{ name: 'papers of mine', paused: true }],
      nextSync: null,
    });
    await ask('PATCH', path, { change: 'resume' });
    await workspace.reload();
    expect(workspace.state.sources).toMatchObject([{ paused: false }]);
    expect((await ask('DELETE', path)).body).toEqual({ removed: 'papers of mine' });
    expect(await ask('DELETE', path)).toMatchObject(problem(404, 'SOURCE_NOT_FOUND'));
  });

  it('tell which kinds there are and what each is told', async () => {
    const { ask } = await serving();
    const { kinds } = (await ask('GET', '/api/sources')).body;
    expect(kinds).toContainEqual({
      kind: 'oai',
      about: 'any repository that speaks OAI-PMH',
      argument: 'url',
      options: ['since', 'set', 'prefix'],
    });
    expect(kinds).toContainEqual(
      expect.objectContaining({ kind: 'arxiv', argument: null, options: ['categories', 'since'] }),
    );
  });

  it.each<[string, unknown, number, string]>([
    ['an unknown kind', { kind: 'nosuch' }, 400, 'no kind of source'],
    ['an address that is none', { kind: 'rss', argument: 'javascript:alert(1)' }, 400, 'http://'],
    ['a file as an address', { kind: 'rss', argument: 'file:///etc/passwd' }, 400, 'http://'],
    ['an argument too many', { kind: 'arxiv', argument: 'x', settings: { categories: 'cs.IR' } }, 400, 'takes no'],
    [
      'a setting of another kind',
      { kind: 'rss', argument: 'https://a.example/', settings: { set: 'x' } },
      400,
      'takes no set',
    ],
    ['a setting that is none', { kind: 'rss', settings: { allowPrivateNetwork: 'true' } }, 400, 'is unknown'],
    ['private addresses', { kind: 'rss', argument: 'http://10.0.0.1/', allowPrivateNetwork: true }, 400, 'is unknown'],
    ['a name with control characters', { kind: 'huggingface', name: 'a\nb' }, 400, 'cannot be called'],
  ])('are refused with %s', async (_case, body, status, words) => {
    const { ask, workspace } = await serving();
    const got = await ask('POST', '/api/sources', body);
    expect([got.status, got.body['detail']]).toEqual([status, expect.stringContaining(words)]);
    expect(workspace.state.sources).toEqual([]);
  });

  it('are refused twice', async () => {
    const { ask } = await serving();
    await ask('POST', '/api/sources', { kind: 'huggingface' });
    expect(await ask('POST', '/api/sources', { kind: 'huggingface' })).toMatchObject(problem(400, 'USAGE'));
  });
});

const isRecord = (value: unknown): value is Readonly<Record<string, unknown>> =>
  typeof value === 'object' && value !== null;

/** What a stream tells, as it comes. */
async function listening(url: string) {
  const abort = new AbortController();
  const response = await fetch(url, { signal: abort.signal });
  const events: Array<{ event: string | undefined; data: unknown }> = [];
  const parser = createParser({ onEvent: ({ event, data }) => events.push({ event, data: JSON.parse(data) }) });
  const decoder = new TextDecoder();
  const ended = (async () => {
    for await (const chunk of response.body ?? []) parser.feed(decoder.decode(chunk, { stream: true }));
  })().catch(() => undefined);
  return { events, ended, leave: () => abort.abort() };
}

describe('syncs', () => {
  it('are jobs, one after the other and beside imports, and tell how they go', async () => {
    const goOn = gate();
    const runs: Array<readonly string[]> = [];
    const { server, ask } = await serving({
      runSync: async ({ names, onSource, onProgress }) => {
        runs.push(names);
        onSource('huggingface');
        onProgress(progress(3));
        await goOn.opened;
        return synced;
      },
    });
    await ask('POST', '/api/sources', { kind: 'huggingface' });
    const stream = await listening(`${server.url}/api/jobs/events`);
    const first = await ask('POST', '/api/sync', {});
    expect(first).toMatchObject({ status: 202, body: { events: '/api/jobs/events' } });
    const second = (await ask('POST', '/api/sync', { names: ['huggingface'] })).body['job'];
    // The same that waits already is not queued again.
    expect((await ask('POST', '/api/sync', { names: ['huggingface'] })).body['job']).toBe(second);
    const imported = await get(`${server.url}/api/import?name=a.bib`, { method: 'POST', body: 'x' });
    await expect
      .poll(async () => (await ask('GET', `/api/jobs/${String(imported.body['job'])}`)).body['state'])
      .toBe('done');
    expect((await ask('GET', '/api/jobs')).body['jobs']).toMatchObject([
      { kind: 'sync', name: 'huggingface', state: 'queued' },
      { kind: 'sync', name: '', state: 'running', source: 'huggingface', progress: { done: 3 } },
      { kind: 'import', name: 'a.bib', state: 'done', summary: { added: 1 } },
    ]);
    goOn.open();
    const statesOf = (job: unknown): unknown[] =>
      stream.events.flatMap(({ event, data }) =>
        event === 'job' && isRecord(data) && data['job'] === job ? [data['state']] : [],
      );
    await expect.poll(() => statesOf(second).at(-1)).toBe('done');
    expect(stream.events[0]).toEqual({ event: 'jobs', data: [] });
    expect(statesOf(first.body['job'])).toEqual(['queued', 'running', 'running', 'running', 'done']);
    expect(runs).toEqual([[], ['huggingface']]);
    stream.leave();
  });

  it('fail with a problem, and are refused for sources that are not there', async () => {
    const { ask } = await serving({ runSync: () => Promise.reject(new AppError('SYNC_RUNNING', { workspace: 'w' })) });
    const { job } = (await ask('POST', '/api/sync', {})).body;
    await expect
      .poll(async () => (await ask('GET', `/api/jobs/${String(job)}`)).body)
      .toMatchObject({ state: 'failed', problem: { code: 'SYNC_RUNNING', status: 409 } });
    expect(await ask('POST', '/api/sync', { names: ['nosuch'] })).toMatchObject(problem(404, 'SOURCE_NOT_FOUND'));
    expect(await ask('GET', '/api/jobs/none')).toMatchObject(problem(404, 'JOB_NOT_FOUND'));
  });

  it('are aborted at shutdown, and streams of jobs end', async () => {
    const { server, ask } = await serving({
      runSync: ({ signal }) =>
        new Promise((_resolve, reject) => {
          signal.addEventListener('abort', () => reject(new AppError('INTERRUPTED')));
        }),
    });
    await ask('POST', '/api/sync', {});
    const stream = await listening(`${server.url}/api/jobs/events`);
    await server.close();
    await stream.ended;
    expect(stream.events.at(-1)).toMatchObject({
      event: 'job',
      data: { state: 'failed', problem: { code: 'INTERRUPTED' } },
    });
  });
});

describe('people', () => {
  it('are added with a token that is shown once, and erased by name', async () => {
    const { server, ask } = await serving();
    const added = await ask('POST', '/api/persons', { name: 'Ada' });
    expect(added).toMatchObject({ status: 201, body: { person: { name: 'Ada', hasToken: true, isDefault: false } } });
    const token = bearer(String(added.body['token']));
    expect((await ask('GET', '/api/person', undefined, token)).body['name']).toBe('Ada');
    const listed = await ask('GET', '/api/persons');
    expect(listed.body['persons']).toMatchObject([{ name: 'me', isDefault: true }, { name: 'Ada' }]);
    expect(JSON.stringify(listed.body)).not.toContain(String(added.body['token']));
    expect(await ask('POST', '/api/persons', { name: 'ada' })).toMatchObject(problem(400, 'USAGE'));
    expect(await ask('POST', '/api/persons', { name: '<b>' })).toMatchObject(problem(400, 'USAGE'));
    expect(await ask('DELETE', '/api/persons/Ada', { name: 'Bo' })).toMatchObject(problem(400, 'INVALID_REQUEST'));
    expect((await ask('DELETE', '/api/persons/Ada', { name: 'Ada' })).body).toEqual({ erased: 'Ada' });
    expect(await ask('GET', '/api/person', undefined, token)).toMatchObject(problem(401, 'TOKEN_REFUSED'));
    expect(server.people.persons()).toHaveLength(1);
    expect(server.log.join('')).not.toContain(String(added.body['token']));
  });

  it('get another token, which ends the one before, or none any more', async () => {
    const { ask } = await serving();
    const first = (await ask('POST', '/api/persons', { name: 'Ada Holm' })).body['token'];
    const second = (await ask('POST', '/api/persons/Ada%20Holm/token')).body['token'];
    const asAda = (token: unknown): Promise<Got> => ask('GET', '/api/person', undefined, bearer(String(token)));
    expect((await asAda(first)).status).toBe(401);
    expect((await asAda(second)).body['name']).toBe('Ada Holm');
    expect((await ask('DELETE', '/api/persons/Ada%20Holm/token')).body).toEqual({ revoked: true });
    expect((await asAda(second)).status).toBe(401);
    expect((await ask('DELETE', '/api/persons/Ada%20Holm/token')).body).toEqual({ revoked: false });
    expect(await ask('POST', '/api/persons/Nobody/token')).toMatchObject(problem(404, 'PERSON_NOT_FOUND'));
  });
});

describe('backups', () => {
  it('are sent as they are made', async () => {
    const { server } = await serving({
      backUp: async function* () {
        yield Buffer.from('PK one ');
        yield Buffer.from('two');
      },
    });
    const response = await fetch(`${server.url}/api/backup`);
    expect(response.headers.get('content-type')).toBe('application/zip');
    expect(response.headers.get('content-disposition')).toMatch(
      /^attachment; filename="paperkin-\d{4}-\d\d-\d\d\.zip"$/,
    );
    expect(await response.text()).toBe('PK one two');
  });

  it('that cannot be made are a problem, and one that breaks off does not look whole', async () => {
    const failing = await serving({
      // eslint-disable-next-line require-yield
      backUp: async function* () {
        throw new AppError('BACKUP_RUNNING', { workspace: 'w' });
      },
    });
    expect(await failing.ask('GET', '/api/backup')).toMatchObject(problem(409, 'BACKUP_RUNNING'));
    const breaking = await serving({
      backUp: async function* () {
        yield Buffer.from('PK');
        throw new AppError('SERVER_FAILED', { reason: 'the disk is full' });
      },
    });
    const response = await fetch(`${breaking.server.url}/api/backup`);
    await expect(response.text()).rejects.toThrow();
  });
});
