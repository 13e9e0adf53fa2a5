import { existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { lastJson, run, temporaryFolder } from '../support/cli.ts';
import { asJsonLines, inventPapers } from '../support/invented.ts';
import { type RunningServer, serve } from '../support/server.ts';

const folder = temporaryFolder();
const workspace = join(folder.path, 'index');
const inFolder = (name: string): string => join(folder.path, name);

function file(name: string, content: string): string {
  writeFileSync(inFolder(name), content);
  return inFolder(name);
}

const paperkin = (...args: string[]) => run([...args, '--workspace', workspace, '--model', 'hashing']);

async function json(...args: string[]): Promise<Record<string, unknown>> {
  const finished = await paperkin(...args, '--json');
  expect([args.join(' '), finished.code, finished.stderr.includes('paperkin:')]).toEqual([args.join(' '), 0, false]);
  return lastJson(finished);
}

/** Whether some file of people.db, its log included, has this text. */
function onDisk(text: string): boolean {
  const files = readdirSync(workspace).filter((name) => name.startsWith('people.db'));
  return files.some((name) => readFileSync(join(workspace, name), 'latin1').includes(text));
}

/** The code of the error that a command ends with, and its exit code. */
async function failure(...args: string[]): Promise<readonly [number | null, unknown]> {
  const finished = await paperkin(...args, '--json');
  return [finished.code, lastJson(finished)['error']];
}

const code = (name: string): unknown => expect.objectContaining({ code: name });

/** What a record without an id is kept under: its source, and its title. */
const OWLS = 'mine:title:3433b8c2310ca2e4';
const BIB = `@article{owls, title={The Owls of Åland}, author={Quill, Edda}, year={2020}, abstract={Owls are counted by ear.}}
@article{known, title={Told Otherwise Here}, author={Else, Someone}, doi={10.1000/known}, abstract={Not the text we have.}}
@article{nameless, author={Nobody}}
`;

beforeAll(async () => {
  const papers = inventPapers(20).map((paper, i) => (i === 3 ? { ...paper, doi: '10.1000/known' } : paper));
  expect((await paperkin('import', file('papers.jsonl', asJsonLines(papers)))).code).toBe(0);
});
afterAll(() => folder.remove());

describe('commands that are about nobody', () => {
  it('make no file of persons', async () => {
    for (const args of [['stats'], ['show', 'invented:1-3'], ['search', 'part 3'], ['doctor']]) await paperkin(...args);
    expect(existsSync(join(workspace, 'people.db'))).toBe(false);
  });

  it('make no workspace either, where there is none', async () => {
    const nowhere = inFolder('nowhere');
    for (const args of [['library'], ['person', 'list'], ['save', '1706.03762'], ['topic', 'list']]) {
      expect((await run([...args, '--workspace', nowhere])).code).toBe(5);
    }
    expect(existsSync(nowhere)).toBe(false);
  });
});

describe('paperkin save', () => {
  it('saves papers of a file, importing those that are missing and leaving the others as they are', async () => {
    const before = (await json('show', '10.1000/known'))['title'];
    const saved = await json('save', file('mine.bib', BIB), '--tag', 'owls', '--tag', 'new', '--state', 'reading');
    expect(saved).toEqual({
      person: 'me',
      saved: 2,
      already: 0,
      imported: 1,
      rejected: [{ file: inFolder('mine.bib'), line: 3, field: 'title', reason: expect.any(String) }],
      rejectedTotal: 1,
    });
    expect(await json('show', '10.1000/known')).toMatchObject({ title: before, sources: ['papers'] });
    expect(await json('save', inFolder('mine.bib'))).toMatchObject({ saved: 0, already: 2, imported: 0 });
    expect(await json('library')).toMatchObject({
      person: 'me',
      papers: expect.arrayContaining([
        expect.objectContaining({ id: OWLS, state: 'reading', tags: ['new', 'owls'] }),
        expect.objectContaining({ id: 'papers:invented:1-3', paper: expect.objectContaining({ title: before }) }),
      ]),
    });
    const found = await json('search', 'owls counted by ear', '--mode', 'dense', '-k', '1');
    expect(found).toMatchObject({ hits: [{ paper: { title: 'The Owls of Åland' } }] });
  });

  it('saves by id and changes what is said, in any spelling; unsave takes out', async () => {
    await json('save', 'doi:10.1000/KNOWN', '--untag', 'NEW', '--note', 'read <b>twice</b>\u001b[31m');
    const { papers } = await json('library', '--tag', 'owls', '--state', 'reading');
    expect(papers).toMatchObject([{ id: expect.any(String) }, { id: expect.any(String) }]);
    const printed = await paperkin('library');
    expect(printed.stdout).toContain('read <b>twice</b>');
    expect(printed.stdout).not.toContain('\u001b');
    expect(await json('unsave', 'https://doi.org/10.1000/known', 'invented:1-5')).toEqual({ person: 'me', unsaved: 1 });
    expect(await json('library')).toMatchObject({ papers: [{ id: OWLS }] });
  });

  it('says what it cannot save', async () => {
    expect(await failure('save', 'nosuch.bib')).toEqual([4, code('PAPER_NOT_FOUND')]);
    expect(await failure('save', file('bad.bib', '@article{x, year={2020}}'))).toEqual([3, code('BAD_INPUT')]);
    expect(await failure('save', file('strange', '\u0001\u0002'))).toEqual([3, code('UNKNOWN_FORMAT')]);
    expect(await failure('save', 'invented:1-1', '--state', 'unread')).toEqual([2, code('USAGE')]);
    expect(await failure('save', 'invented:1-1', '--note', 'x'.repeat(10_001))).toEqual([2, code('LIMIT_REACHED')]);
    expect(await failure('save', 'invented:1-1', '--person', 'nobody')).toEqual([4, code('PERSON_NOT_FOUND')]);
  });

  it('begins a workspace from a file, and reads standard input', async () => {
    const args = ['--workspace', inFolder('fresh'), '--model', 'hashing', '--json'];
    const finished = await run(['save', '-', ...args], { input: asJsonLines(inventPapers(3)) });
    expect(lastJson(finished)).toMatchObject({ saved: 3, imported: 3 });
    expect(lastJson(await run(['doctor', ...args]))).toMatchObject({ ok: true, papers: 3, pending: 0 });
  });
});

describe('what a person says', () => {
  it('is feedback on papers, taken back with forget', async () => {
    await json('like', 'invented:1-1', 'invented:1-2');
    await json('dismiss', 'invented:1-2');
    await json('dismiss', 'invented:1-4', '--kind');
    expect(await json('feedback')).toMatchObject({
      feedback: expect.arrayContaining([
        expect.objectContaining({ id: 'papers:invented:1-1', kind: 'like' }),
        expect.objectContaining({ id: 'papers:invented:1-2', kind: 'not-this-paper' }),
        expect.objectContaining({ id: 'papers:invented:1-4', kind: 'not-this-kind' }),
      ]),
    });
    expect(await json('forget', 'invented:1-1', 'invented:1-2', 'invented:1-7')).toMatchObject({ forgotten: 2 });
    expect((await json('feedback'))['feedback']).toHaveLength(1);
  });

  it('hides authors, venues and terms', async () => {
    await json('hide', 'author', 'A.', 'Nonymous');
    await json('hide', 'term', 'large language model');
    expect(await json('unhide', 'author', 'a. nonymous')).toMatchObject({ removed: true });
    expect(await json('unhide', 'author', 'a. nonymous')).toMatchObject({ removed: false });
    expect(await json('feedback')).toMatchObject({ hidden: [{ kind: 'term', value: 'large language model' }] });
    expect(await failure('hide', 'colour', 'red')).toEqual([2, code('USAGE')]);
  });

  it('is topics', async () => {
    const added = await json('topic', 'add', 'night', 'birds', '--paper', OWLS, '--require', 'owl');
    expect(added).toMatchObject({ topic: { name: 'night birds', papers: [{ id: OWLS }], require: ['owl'] } });
    await json('topic', 'change', 'Night Birds', '--rename', 'owls', '--require', '', '--category', 'q-bio');
    expect(await json('topic', 'list')).toMatchObject({
      topics: [{ name: 'owls', require: [], categories: ['q-bio'], papers: [{ id: OWLS }] }],
    });
    expect(await failure('topic', 'add', 'owls', '--text', 'x')).toEqual([2, code('USAGE')]);
    expect(await failure('topic', 'add', 'nothing')).toEqual([2, code('USAGE')]);
    expect(await failure('topic', 'remove', 'night birds')).toEqual([4, code('INTEREST_NOT_FOUND')]);
    expect(await json('topic', 'remove', 'owls')).toMatchObject({ removed: 'owls' });
  });
});

describe('several persons', () => {
  it('see nothing of each other, and leave no trace when erased', async () => {
    const { token } = await json('person', 'add', 'Ada Lovelace');
    expect(token).toMatch(/^paperkin_[\w-]{43}$/);
    expect(await failure('person', 'add', 'ada lovelace')).toEqual([2, code('USAGE')]);
    await json('save', 'invented:1-9', '--person', 'ada lovelace', '--note', 'a quokka');
    await json('topic', 'add', 'wombats', '--text', 'burrows', '--person', 'Ada Lovelace');
    expect(JSON.stringify(await json('library'))).not.toContain('quokka');
    expect(await json('topic', 'list')).toMatchObject({ topics: [] });
    expect(await json('person', 'list')).toMatchObject({
      persons: [
        { name: 'me', isDefault: true, hasToken: false },
        { name: 'Ada Lovelace', isDefault: false, hasToken: true },
      ],
    });
    const out = inFolder('ada.json');
    await json('person', 'export', 'Ada', 'Lovelace', '-o', out);
    const exported: unknown = JSON.parse(readFileSync(out, 'utf8'));
    expect(exported).toMatchObject({
      person: { name: 'Ada Lovelace' },
      library: [{ paper: 'papers:invented:1-9', note: 'a quokka', title: expect.any(String) }],
      interests: [{ name: 'wombats' }],
    });
    expect(readFileSync(out, 'utf8')).not.toContain('paperkin_');
    expect((await json('person', 'token', 'ada lovelace'))['token']).not.toBe(token);
    expect(await failure('person', 'erase', 'Ada Lovelace')).toEqual([2, code('USAGE')]);
    expect(await json('person', 'erase', 'Ada Lovelace', '--yes')).toEqual({ erased: 'Ada Lovelace' });
    expect(await failure('library', '--person', 'Ada Lovelace')).toEqual([4, code('PERSON_NOT_FOUND')]);
    for (const trace of ['quokka', 'wombats', 'Lovelace']) expect([trace, onDisk(trace)]).toEqual([trace, false]);
  });

  it('ask a running server with their tokens, while the command line writes beside it', async () => {
    let server: RunningServer | undefined;
    try {
      server = await serve(['--workspace', workspace, '--model', 'hashing', '--quiet']);
      const { url } = server;
      const { token } = await json('person', 'add', 'Bea');
      const ask = async (path: string, init: RequestInit = {}): Promise<readonly [number, unknown]> => {
        const headers = { Authorization: `Bearer ${String(token)}`, 'Content-Type': 'application/json' };
        const response = await fetch(url + path, { headers, ...init });
        const answer: unknown = await response.json();
        return [response.status, answer];
      };
      const put = { method: 'PUT', body: JSON.stringify({ tags: ['axolotl'] }) };
      expect(await ask('/api/library/invented:1-6', put)).toMatchObject([201, { id: 'papers:invented:1-6' }]);
      await json('save', 'invented:1-8', '--person', 'bea', '--tag', 'axolotl');
      expect(await ask('/api/library?tag=axolotl')).toMatchObject([200, { total: 2 }]);
      expect(await ask('/api/library?tag=axolotl', { headers: {} })).toMatchObject([200, { total: 0 }]);
      const renewed = (await json('person', 'token', 'Bea'))['token'];
      expect(await ask('/api/person')).toMatchObject([401, { code: 'TOKEN_REFUSED' }]);
      const headers = { Authorization: `Bearer ${String(renewed)}` };
      expect(await ask('/api/person', { headers })).toMatchObject([200, { name: 'Bea' }]);
      expect(onDisk('axolotl')).toBe(true);
      await json('person', 'erase', 'bea', '--yes');
      expect(await ask('/api/person', { headers })).toMatchObject([401, { code: 'TOKEN_REFUSED' }]);
      expect(onDisk('axolotl')).toBe(false);
    } finally {
      await server?.stop();
    }
  });

  it('are examined by doctor, which tells of a file that is damaged', async () => {
    expect(await json('doctor')).toMatchObject({ ok: true });
    writeFileSync(join(workspace, 'people.db'), 'not a database at all, but longer than a header would be '.repeat(20));
    const finished = await paperkin('doctor', '--json');
    expect([finished.code, lastJson(finished)['problems'] ?? finished.stdout]).toMatchObject([5, expect.anything()]);
    expect(finished.stdout).toContain('"part":"people"');
  });
});
