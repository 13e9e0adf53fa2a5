import { mkdir, readdir, readFile, writeFile } from 'node:fs/promises';
import { connect } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { AppError } from '../../../src/errors.ts';
import type { ImportRun } from '../../../src/server/mod.ts';
import { pino } from 'pino';
import { createJobs, MAX_FINISHED_JOBS, MAX_WAITING_JOBS } from '../../../src/server/jobs.ts';
import { folder, gate, get, type Got, progress, serve, type Serving, summary, synced } from './serving.ts';

const upload = (
  server: Serving,
  body: NonNullable<RequestInit['body']>,
  query = '',
  headers: Record<string, string> = {},
): Promise<Got> => get(`${server.url}/api/import${query}`, { method: 'POST', body, headers });

const form = (...files: ReadonlyArray<readonly [name: string, content: string]>): FormData => {
  const data = new FormData();
  for (const [name, content] of files) data.append('file', new Blob([content]), name);
  return data;
};

const ended = async (server: Serving, job: unknown): Promise<Got['body']> => {
  await expect
    .poll(async () => (await get(`${server.url}/api/import/${String(job)}`)).body['state'])
    .toMatch(/done|failed/);
  return (await get(`${server.url}/api/import/${String(job)}`)).body;
};

/** An import that remembers what it was given, with the content of the file. */
function recorded(): {
  runs: Array<ImportRun & { content: string }>;
  runImport: (run: ImportRun) => Promise<typeof summary>;
} {
  const runs: Array<ImportRun & { content: string }> = [];
  return {
    runs,
    runImport: async (run) => {
      runs.push({ ...run, content: await readFile(run.file, 'utf8') });
      return summary;
    },
  };
}

describe('uploads', () => {
  it('takes a raw body under a name of its own', async () => {
    const { runs, runImport } = recorded();
    const server = await serve({ runImport });
    const got = await upload(server, 'content', '?name=..%2F..%2Fetc%2Fmy%20papers.jsonl&format=jsonl');
    expect(got.status).toBe(202);
    const job = got.body['job'];
    expect(got.body).toEqual({ job, events: `/api/import/${String(job)}/events` });
    expect(got.headers.get('location')).toBe(`/api/import/${String(job)}`);
    expect(await ended(server, job)).toEqual({
      job,
      kind: 'import',
      name: 'my papers.jsonl',
      state: 'done',
      queuedAt: expect.any(String),
      endedAt: expect.any(String),
      summary: { ...summary, rejectedTotal: 0 },
    });
    expect(runs).toHaveLength(1);
    expect(runs[0]).toMatchObject({ name: 'my papers.jsonl', format: 'jsonl', content: 'content' });
    expect(runs[0]?.file).toMatch(/uploads\/upload-\d+-[0-9a-f-]{36}$/);
    expect(await readdir(server.uploadsDir)).toEqual([]);
  });

  it('takes a form with one file, its name in any script', async () => {
    const { runs, runImport } = recorded();
    const server = await serve({ runImport });
    const data = form(['文献.bib', '@article{a}']);
    data.append('format', 'bibtex');
    const got = await upload(server, data);
    expect(got.status).toBe(202);
    await ended(server, got.body['job']);
    expect(runs[0]).toMatchObject({ name: '文献.bib', format: 'bibtex', content: '@article{a}' });
    expect(await readdir(server.uploadsDir)).toEqual([]);
  });

  it.each<[string, () => NonNullable<RequestInit['body']>, string, Record<string, string>, number, string]>([
    ['an empty body', () => '', '', {}, 400, 'is empty'],
    ['a form with an empty file', () => form(['a', '']), '', {}, 400, 'is empty'],
    ['a form without a file', () => new FormData(), '', {}, 400, 'has no file'],
    ['a form with two files', () => form(['a', 'a'], ['b', 'b']), '', {}, 400, 'more than one file'],
    [
      'a form with large two files',
      () => form(['a', 'a'.repeat(90_000)], ['b', 'b'.repeat(9_000)]),
      '',
      {},
      400,
      'than one',
    ],
    ['a broken form', () => 'x', '', { 'Content-Type': 'multipart/form-data; boundary=b' }, 400, 'form cannot be read'],
    ['a form without boundary', () => 'x', '', { 'Content-Type': 'multipart/form-data' }, 400, 'form cannot be read'],
    [
      'a half form',
      () => '--b\r\nContent-Disposition: form-data; name="f"; filename="f"\r\n\r\nhalf',
      '',
      { 'Content-Type': 'multipart/form-data; boundary=b' },
      400,
      'form cannot be read',
    ],
    ['a large body', () => 'a'.repeat(100_001), '', {}, 413, '100000 bytes'],
    ['a large file in a form', () => form(['a', 'a'.repeat(100_001)]), '', {}, 413, '100000 bytes'],
    ['a very large form', () => form(['a', 'a'.repeat(1_000_000)]), '', {}, 413, '100000 bytes'],
    ['an encoded body', () => 'x', '', { 'Content-Encoding': 'gzip' }, 415, 'Content-Encoding'],
    ['an unknown parameter', () => 'x', '?fromat=x', {}, 400, 'did you mean format?'],
    ['a format that is none', () => 'x', '?format=a%20b', {}, 400, 'name of a format'],
  ])('refuses %s and keeps nothing', async (_case, body, query, headers, status, words) => {
    const { runs, runImport } = recorded();
    const server = await serve({ runImport });
    const got = await upload(server, body(), query, headers);
    expect([got.status, got.body['detail']]).toEqual([status, expect.stringContaining(words)]);
    expect(await readdir(server.uploadsDir)).toEqual([]);
    expect(runs).toEqual([]);
    // Refused uploads give their place back.
    expect((await upload(server, 'x')).status).toBe(202);
  });

  it('stops a body without a length at the limit', async () => {
    const server = await serve();
    const endless = new ReadableStream<Uint8Array>({
      pull: (controller) => controller.enqueue(new Uint8Array(10_000)),
    });
    const sent = fetch(`${server.url}/api/import`, { method: 'POST', body: endless, duplex: 'half' });
    expect((await sent).status).toBe(413);
    await expect.poll(() => readdir(server.uploadsDir)).toEqual([]);
  });

  it('does not ask for a body that is too large', async () => {
    const server = await serve();
    const socket = connect(server.port, '127.0.0.1');
    socket.write(
      'POST /api/import HTTP/1.1\r\nHost: localhost\r\nExpect: 100-continue\r\nContent-Length: 900000000\r\n\r\n',
    );
    const first = await new Promise<string>((resolve) => socket.once('data', (data) => resolve(data.toString())));
    socket.destroy();
    expect(first).toMatch(/^HTTP\/1\.1 413 /);
  });

  it.each(['application/octet-stream', 'multipart/form-data; boundary=b'])(
    'removes what a client that left had sent (%s)',
    async (type) => {
      const server = await serve();
      const socket = connect(server.port, '127.0.0.1');
      const head = `POST /api/import HTTP/1.1\r\nHost: localhost\r\nContent-Type: ${type}\r\nContent-Length: 9000\r\n\r\n`;
      socket.write(`${head}--b\r\nContent-Disposition: form-data; name="f"; filename="f"\r\n\r\nhalf`);
      await expect.poll(() => readdir(server.uploadsDir)).toHaveLength(1);
      socket.destroy();
      await expect.poll(() => readdir(server.uploadsDir)).toEqual([]);
      expect((await upload(server, 'x')).status).toBe(202);
      expect(server.log.filter((line) => line.includes('"level":50'))).toEqual([]);
    },
  );

  it('removes leftovers at start, and only those', async () => {
    const uploadsDir = join(await folder(), 'uploads');
    await mkdir(uploadsDir);
    const uuid = '00000000-0000-4000-8000-000000000000';
    const alive = `upload-${process.ppid}-${uuid}`;
    for (const name of [`upload-${process.pid}-${uuid}`, `upload-99999999-${uuid}`, alive, 'notes.txt']) {
      await writeFile(join(uploadsDir, name), 'x');
    }
    await serve({}, { uploadsDir });
    expect((await readdir(uploadsDir)).sort()).toEqual(['notes.txt', alive].sort());
  });
});

interface Told {
  readonly event: string;
  readonly data: unknown;
}

/** Subscribes; resolves once the stream is open, `ended` with its events once it has ended. */
async function subscribe(url: string): Promise<{ headers: Headers; ended: () => Promise<Told[]> }> {
  const response = await fetch(url);
  const ended = async (): Promise<Told[]> =>
    [...(await response.text()).matchAll(/event: (\w+)\ndata: (.*)\n\n/g)].map(([, event, data]) => {
      const parsed: unknown = JSON.parse(data ?? '');
      return { event: event ?? '', data: parsed };
    });
  return { headers: response.headers, ended };
}

const eventsOf = async (url: string): Promise<Told[]> => (await subscribe(url)).ended();

describe('jobs', () => {
  it('run one after the other, and tell early and late subscribers', async () => {
    const goOn = gate();
    const finish = gate();
    let running = 0;
    let most = 0;
    const server = await serve({
      runImport: async ({ onProgress, name }) => {
        running += 1;
        most = Math.max(most, running);
        if (name === 'first') {
          onProgress(progress(1));
          await goOn.opened;
          onProgress(progress(2));
          await finish.opened;
        }
        running -= 1;
        return summary;
      },
    });
    const first = (await upload(server, 'x', '?name=first')).body;
    const second = (await upload(server, 'x', '?name=second')).body;
    await expect
      .poll(() => get(`${server.url}/api/import/${String(first['job'])}`))
      .toMatchObject({
        body: { state: 'running', progress: { done: 1 } },
      });
    expect((await get(`${server.url}/api/import/${String(second['job'])}`)).body['state']).toBe('queued');

    const early = await subscribe(server.url + String(first['events']));
    const waiting = await subscribe(server.url + String(second['events']));
    goOn.open();
    await expect
      .poll(() => get(`${server.url}/api/import/${String(first['job'])}`))
      .toMatchObject({ body: { progress: { done: 2 } } });
    finish.open();
    const done = { event: 'done', data: { ...summary, rejectedTotal: 0 } };
    expect(early.headers.get('content-type')).toContain('text/event-stream');
    expect(early.headers.get('cache-control')).toBe('no-store');
    expect(await early.ended()).toEqual([
      { event: 'progress', data: progress(1) },
      { event: 'progress', data: progress(2) },
      done,
    ]);
    expect(await waiting.ended()).toEqual([done]);
    expect(await eventsOf(server.url + String(first['events']))).toEqual([done]);
    expect(most).toBe(1);
  });

  it('fail with a problem, and the next one runs', async () => {
    const failures = [new AppError('UNKNOWN_FORMAT', { file: 'a', formats: 'jsonl' }), new Error('inner secret')];
    const server = await serve({
      runImport: async () => {
        const failure = failures.shift();
        if (failure) throw failure;
        return summary;
      },
    });
    const jobs = [await upload(server, '1'), await upload(server, '2'), await upload(server, '3')];
    const [known, bug, good] = jobs.map((got) => got.body);
    expect(await ended(server, known?.['job'])).toMatchObject({
      state: 'failed',
      problem: { code: 'UNKNOWN_FORMAT', status: 415, type: '/problems/unknown-format' },
    });
    expect(await eventsOf(server.url + String(known?.['events']))).toMatchObject([
      { event: 'failed', data: { code: 'UNKNOWN_FORMAT' } },
    ]);
    const internal = await ended(server, bug?.['job']);
    expect(internal).toMatchObject({ state: 'failed', problem: { code: 'INTERNAL' } });
    expect(JSON.stringify(internal)).not.toContain('secret');
    expect(server.log.join('')).toContain('inner secret');
    expect(await ended(server, good?.['job'])).toMatchObject({ state: 'done' });
    expect(await readdir(server.uploadsDir)).toEqual([]);
  });

  it('tell the first thousand rejections and how many there were', async () => {
    const rejected = Array.from({ length: 1_500 }, (_, line) => ({ file: 'a', line, reason: 'no title' }));
    const server = await serve({ runImport: async () => ({ ...summary, rejected, rejectedTotal: 1_500 }) });
    const { job } = (await upload(server, 'x')).body;
    const { summary: told } = await ended(server, job);
    expect(told).toEqual({ ...summary, rejected: rejected.slice(0, 1_000), rejectedTotal: 1_500 });
  });

  it('are refused when too many wait', async () => {
    const finish = gate();
    const server = await serve({
      runImport: async () => {
        await finish.opened;
        return summary;
      },
    });
    const running = (await upload(server, 'x')).body['job'];
    await expect
      .poll(() => get(`${server.url}/api/import/${String(running)}`))
      .toMatchObject({ body: { state: 'running' } });
    for (let n = 0; n < MAX_WAITING_JOBS; n += 1) expect((await upload(server, 'x')).status).toBe(202);
    const refused = await upload(server, 'x');
    expect([refused.status, refused.body['code']]).toEqual([503, 'IMPORT_QUEUE_FULL']);
    expect(Number(refused.headers.get('retry-after'))).toBeGreaterThan(0);
    expect(await readdir(server.uploadsDir)).toHaveLength(MAX_WAITING_JOBS + 1);
    finish.open();
    await expect.poll(() => readdir(server.uploadsDir)).toEqual([]);
  });

  it('are forgotten, the oldest first, when many have ended', async () => {
    const jobs = createJobs({ runImport: async () => summary, runSync: async () => synced }, pino({ level: 'silent' }));
    const ids: string[] = [];
    for (let n = 0; n <= MAX_FINISHED_JOBS; n += 1) {
      const place = jobs.reserve();
      const id = place.fill({ file: join(tmpdir(), `paperkin-no-such-upload-${n}`), name: String(n) });
      place.release();
      ids.push(id);
      await new Promise<void>((resolve) => jobs.watch(id, (event) => event.event === 'done' && resolve()));
    }
    expect(jobs.find(ids[0] ?? '')).toBeUndefined();
    expect(jobs.find(ids[1] ?? '')).toMatchObject({ state: 'done', name: '1' });
    expect(jobs.find(ids.at(-1) ?? '')).toMatchObject({ state: 'done' });
    await jobs.close();
    expect(() => jobs.reserve()).toThrow('shutting down');
  });

  it('are unknown when they are', async () => {
    const server = await serve();
    for (const path of ['/api/import/none', '/api/import/none/events']) {
      expect(await get(server.url + path)).toMatchObject({ status: 404, body: { code: 'JOB_NOT_FOUND', job: 'none' } });
    }
  });

  it('go on without a subscriber that left', async () => {
    const finish = gate();
    const server = await serve({
      runImport: async () => {
        await finish.opened;
        return summary;
      },
    });
    const { job, events } = (await upload(server, 'x')).body;
    const abort = new AbortController();
    const stream = await fetch(server.url + String(events), { signal: abort.signal });
    expect(stream.status).toBe(200);
    abort.abort();
    finish.open();
    expect(await ended(server, job)).toMatchObject({ state: 'done' });
    expect(server.log.filter((line) => line.includes('"level":50'))).toEqual([]);
  });
});

describe('shutdown', () => {
  it('aborts the running import, fails the waiting ones and ends their streams', async () => {
    const server = await serve({
      runImport: ({ signal }) =>
        new Promise((_resolve, reject) => {
          signal.addEventListener('abort', () => reject(new AppError('INTERRUPTED')));
        }),
    });
    const streams = [];
    for (const body of ['1', '2']) {
      const { events } = (await upload(server, body)).body;
      const response = await fetch(server.url + String(events));
      streams.push(response.text());
    }
    await server.close();
    for (const text of await Promise.all(streams)) {
      expect(text).toContain('event: failed');
      expect(text).toContain('"code":"INTERRUPTED"');
    }
    expect(await readdir(server.uploadsDir)).toEqual([]);
  });
});
