import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { lastJson, run, temporaryFolder } from '../support/cli.ts';
import { ROOT } from '../support/judged.ts';
import { type RunningServer, serve } from '../support/server.ts';
import type { Feed, ProfileJson, Trending } from '../../src/domain/mod.ts';

const folder = temporaryFolder();
const workspace = join(folder.path, 'index');
const paperkin = (...args: string[]) => run([...args, '--workspace', workspace]);

/** What a command prints with `--json`; that its shape is what the test reads is for the assertions to show. */
async function json<Shape>(...args: string[]): Promise<Shape> {
  const finished = await paperkin(...args, '--json');
  expect([args.join(' '), finished.code, finished.stderr]).toEqual([args.join(' '), 0, expect.any(String)]);
  const shape: Shape = JSON.parse(JSON.stringify(lastJson(finished)));
  return shape;
}
const failure = async (...args: string[]): Promise<readonly [number | null, unknown]> => {
  const finished = await paperkin(...args, '--json');
  return [finished.code, lastJson(finished)['error']];
};
const code = (name: string): unknown => expect.objectContaining({ code: name });
const idsOf = ({ items }: Pick<Feed, 'items'>): string[] => items.map(({ paper }) => paper.id);

/** Five on language models and translation. */
const LANGUAGE = ['1706.03762', '1810.04805', '2005.14165', '1409.0473', '1508.07909'];

beforeAll(async () => {
  expect((await paperkin('import', join(ROOT, 'sample', 'papers.jsonl'))).code).toBe(0);
});
afterAll(() => folder.remove());

describe('from nothing', () => {
  it('a new person gets a spread of papers, and is told what to do', async () => {
    const feed = await json<Feed>('feed', '--peek');
    expect(feed).toMatchObject({
      person: 'me',
      items: { length: 10 },
      why: expect.stringContaining('save some, or add a topic'),
    });
    expect(feed.items.every(({ exploration }) => exploration)).toBe(true);
    expect(await json<ProfileJson>('profile')).toMatchObject({ interests: [], diversity: 0.3 });
  });

  it('who saves five papers gets a feed with reasons', async () => {
    expect(await json('save', ...LANGUAGE)).toMatchObject({ saved: 5 });
    const feed = await json<Feed>('feed', '--peek');
    expect(Object.keys(feed).toSorted()).toEqual(['generatedAt', 'items', 'person', 'why']);
    const likely = feed.items.filter(({ exploration }) => !exploration);
    expect(likely.length).toBeGreaterThanOrEqual(5);
    for (const { because, interest, evidence, paper, fewer } of likely) {
      expect(LANGUAGE).toContain(because[0]?.paper?.replace('arXiv:', ''));
      expect(interest?.name).not.toBe('');
      expect(paper.abstract.slice(evidence?.start, evidence?.end)).toBe(evidence?.text);
      expect(fewer.map(({ action }) => action)).toEqual(expect.arrayContaining(['not-this-paper', 'not-this-kind']));
    }
    const categories = likely.slice(0, 5).flatMap(({ paper }) => paper.categories);
    expect(categories).toContain('cs.CL');
    for (const id of idsOf(feed)) expect(LANGUAGE).not.toContain(id.replace('arXiv:', ''));
    const printed = (await paperkin('feed', '--peek')).stdout;
    expect(printed).toContain('because of ');
    expect(printed).toContain(likely[0]?.paper.title ?? '');
  });

  it('a dismissed kind goes, as many papers as was said', async () => {
    const before = await json<Feed>('feed', '--peek', '-k', '100', '--diversity', '0');
    const likely = before.items.filter(({ exploration }) => !exploration);
    const said = likely.flatMap(({ fewer }) => fewer.filter(({ action }) => action === 'not-this-kind'));
    const widest = said.toSorted((a, b) => b.items - a.items)[0];
    await json('dismiss', '--kind', widest?.value ?? '');
    const after = new Set(idsOf(await json<Feed>('feed', '--peek', '-k', '100', '--diversity', '0')));
    expect(after.has(widest?.value ?? '')).toBe(false);
    const gone = likely.filter(({ paper }) => !after.has(paper.id));
    expect(gone.length).toBeGreaterThanOrEqual(widest?.items ?? Infinity);
    await json('forget', widest?.value ?? '');
    expect((await json<Feed>('feed', '--peek', '-k', '100')).items.length).toBeGreaterThan(after.size);
  });

  it('an interest is renamed, weighed, muted, merged and deleted, and the next feed follows', async () => {
    const { interests } = await json<ProfileJson>('profile');
    const first = String(interests[0]?.id);
    expect(await json('interest', 'change', first, '--name', 'Language', '--weight', '2')).toEqual({ changed: true });
    const { items } = await json<Feed>('feed', '--peek');
    expect(items.some(({ interest }) => interest?.name === 'Language')).toBe(true);
    await json('interest', 'change', 'language', '--mute');
    const muted = await json<Feed>('feed', '--peek', '-k', '50');
    expect(muted.items.some(({ interest }) => interest?.name === 'Language')).toBe(false);
    await json('interest', 'change', 'language', '--unmute');
    await json('save', '1512.03385', '1506.02640');
    const more = (await json<ProfileJson>('profile')).interests;
    expect(more[0]).toMatchObject({ name: 'Language', weight: 2, held: true });
    const other = more.find(({ name }) => name !== 'Language');
    await json('interest', 'merge', 'language', String(other?.id));
    expect((await json<ProfileJson>('profile')).interests).toHaveLength(more.length - 1);
    await json('interest', 'diversity', '0.8');
    expect((await json<ProfileJson>('profile')).diversity).toBe(0.8);
    await json('interest', 'delete', 'language');
    expect((await json<ProfileJson>('profile')).interests.some(({ name }) => name === 'Language')).toBe(false);
    await json('interest', 'reset');
    expect((await json<ProfileJson>('profile')).interests.length).toBeGreaterThan(0);
  });

  it('what was shown is remembered, unless it was only peeked at', async () => {
    const shown = async (): Promise<number> => {
      const { stdout } = await paperkin('person', 'export');
      const exported: { impressions: unknown[] } = JSON.parse(stdout);
      return exported.impressions.length;
    };
    expect(await shown()).toBe(0);
    const feed = await json<Feed>('feed', '-k', '5');
    expect(await shown()).toBe(feed.items.length);
    expect(idsOf(await json<Feed>('feed', '-k', '5'))).toEqual(idsOf(feed));
  });

  it('what persons save is trending', async () => {
    const trending = await json<Trending>('trending', '--period', 'week', '-k', '3');
    expect(trending).toMatchObject({
      period: 'week',
      items: [{ rank: 1, saves: 1, upvotes: null }, {}, {}],
      why: null,
    });
    const listing = await paperkin('trending', '-k', '2');
    const again = await run(
      ['import', '-', '--format', 'listing', '--workspace', join(folder.path, 'again'), '--no-embed', '--json'],
      {
        input: listing.stdout,
      },
    );
    expect(lastJson(again)).toMatchObject({ added: 2 });
  });

  it('wrong usage says what is right', async () => {
    for (const args of [
      ['feed', '-k', '101'],
      ['feed', '--since', '2026-02-30'],
      ['feed', '--diversity', '2'],
      ['trending', '--date', '2026-02-30'],
      ['trending', '--period', 'year'],
      ['interest', 'change', '1'],
      ['interest', 'change', '1', '--weight', '0'],
      ['interest', 'change', '1', '--mute', '--unmute'],
      ['interest', 'change'],
      ['interest', 'merge', '1'],
      ['interest', 'reset', '1'],
      ['interest', 'delete', '1', '--mute'],
      ['interest', 'wobble', '1'],
    ]) {
      expect([args.join(' '), ...(await failure(...args))]).toEqual([args.join(' '), 2, code('USAGE')]);
    }
    expect(await failure('feed', '--topic', 'nothing')).toEqual([4, code('INTEREST_NOT_FOUND')]);
    expect(await failure('feed', '--person', 'Nobody')).toEqual([4, code('PERSON_NOT_FOUND')]);
  });
});

describe('the same over HTTP', () => {
  let server: RunningServer;
  beforeAll(async () => {
    server = await serve(['--workspace', workspace, '--quiet']);
  });
  afterAll(() => server.stop());

  const ask = async <Shape>(path: string, init: RequestInit = {}, token = ''): Promise<Shape> => {
    const headers = {
      'Content-Type': 'application/json',
      ...(token === '' ? {} : { Authorization: `Bearer ${token}` }),
    };
    const response = await fetch(server.url + path, { headers, ...init });
    expect([path, response.status]).toEqual([path, 200]);
    const body: Shape = JSON.parse(await response.text());
    return body;
  };

  it('a new person answers a few questions, and has a feed that follows from the answers and from a topic’s words', async () => {
    const { token } = await json<{ token: string }>('person', 'add', 'Ada');
    const asked = await ask<{ papers: { paper: { id: string; title: string }; share: number }[] }>(
      '/api/onboarding?k=5&text=how%20databases%20keep%20what%20was%20written',
      {},
      token,
    );
    expect(asked.papers).toHaveLength(5);
    for (const { paper } of asked.papers.slice(0, 2)) {
      const init = { method: 'PUT', body: JSON.stringify({ kind: 'like' }) };
      await ask(`/api/feedback/${encodeURIComponent(paper.id)}`, init, token);
    }
    const left = await ask<typeof asked>('/api/onboarding?k=5', {}, token);
    const answered = new Set(asked.papers.slice(0, 2).map(({ paper }) => paper.id));
    expect(left.papers.some(({ paper }) => answered.has(paper.id))).toBe(false);
    await json('topic', 'add', 'Brains', '--text', 'how neurons in the brain fire', '--person', 'Ada');
    const feed = await ask<Feed>('/api/feed?k=20', {}, token);
    expect(feed.person).toBe('Ada');
    const reasons = new Set(feed.items.flatMap(({ because }) => because.map(({ paper, title }) => paper ?? title)));
    expect([...reasons].some((reason) => answered.has(reason))).toBe(true);
    expect(reasons).toContain('Brains');
  });

  it('pages go on where they end, and a change of the profile shows in the next feed', async () => {
    const first = await ask<Feed>('/api/feed?k=5');
    const second = await ask<Feed>(`/api/feed?cursor=${String(first.next)}`);
    expect(idsOf(second).filter((id) => idsOf(first).includes(id))).toEqual([]);
    const { interests } = await ask<ProfileJson>('/api/profile');
    const init = { method: 'PATCH', body: JSON.stringify({ muted: true }) };
    for (const { id } of interests) await ask(`/api/profile/interests/${id}`, init);
    expect((await ask<Feed>('/api/feed')).why).toContain('all your interests are muted');
  });
});
