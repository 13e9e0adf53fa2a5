import { execFile } from 'node:child_process';
import { mkdirSync, symlinkSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { gzipSync } from 'node:zlib';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { lastJson, run, temporaryFolder } from '../support/cli.ts';
import { ROOT } from '../support/judged.ts';
import { zipOf } from '../support/zip.ts';

const folder = temporaryFolder();
afterAll(() => folder.remove());

const read = (file: string): Promise<{ stdout: string }> =>
  promisify(execFile)(process.execPath, ['--max-old-space-size=300', join(ROOT, 'test/support/hostile.mjs'), file]);

/** Reads one of the inputs of hostile.mjs in a process of its own. */
async function readHostile(name: string) {
  const { stdout } = await read(name);
  const found: {
    papers: string[];
    rejected: { line: number; reason: string }[];
    rejections: number;
    thrown?: { code: string; message: string };
    peakMB: number;
  } = JSON.parse(stdout);
  return found;
}

const TOO_LONG = /is longer than \d+ (?:bytes|characters)$/;
const good = (...papers: string[]) => ({ papers });
const losing = (line: number) => ({
  papers: ['A', 'B'],
  rejected: [expect.objectContaining({ line, reason: expect.stringMatching(TOO_LONG) })],
});
const failing = (code: string, ...papers: string[]) => ({ papers, thrown: expect.objectContaining({ code }) });

const EXPECTED: readonly (readonly [name: string, found: object])[] = [
  ['a line of 600 MB', losing(2)],
  ['a JSON array with an object of 600 MB', losing(2)],
  ['JSON nested a hundred million times', failing('BAD_INPUT', 'A')],
  ['a CSV cell of 600 MB', losing(3)],
  ['a CSV row of 50 million cells', losing(3)],
  ['a CSV header of 100 MB', failing('USAGE')],
  ['a BibTeX entry of 600 MB', losing(2)],
  ['BibTeX with a hundred million braces', good('A')],
  ['BibTeX macros without end', good('A')],
  ['a RIS line of 600 MB', losing(4)],
  ['a RIS record of 100 MB', losing(4)],
  ['an XML record of 600 MB', losing(1)],
  ['XML text of 600 MB between records', good('A', 'B')],
  ['an XML attribute of 600 MB', losing(1)],
  ['an XML comment of 600 MB', good('A', 'B')],
  ['XML nested a hundred million times', failing('BAD_INPUT', 'A')],
  ['an XML entity bomb', { papers: ['B'], rejections: 1 }],
  ['a listing with a line of 600 MB', { papers: [], rejections: 2 }],
  ['a page with a paragraph of 100 MB', losing(5)],
  ['a gzip bomb of zeros', failing('UNKNOWN_FORMAT')],
  ['a gzip bomb of newlines', failing('UNKNOWN_FORMAT')],
  ['a gzip bomb read in full', good()],
];

/** A slow machine reads so much CSV in half a minute. */
const LARGE_MS = 300_000;

describe('a hostile input takes little memory and keeps what is good around it', () => {
  it('is tried in every kind there is', async () => {
    const names: unknown = JSON.parse((await read('')).stdout);
    expect(names).toEqual(EXPECTED.map(([name]) => name));
  });

  it.each(EXPECTED)('%s', { timeout: LARGE_MS }, async (name, expected) => {
    const found = await readHostile(name);
    expect(found).toMatchObject(expected);
    expect(found.peakMB).toBeLessThan(500);
    if (found.thrown) expect(found.thrown.message.length).toBeLessThan(2_000);
  });
});

const paper = (title: string, more = ''): string => `{"title": "${title}"${more}}\n`;
const bibtex = (key: string, title: string): string => `@misc{${key},\n  title = {${title}},\n}\n`;
const xml = (doctype: string, title: string): string =>
  `<?xml version="1.0"?>\n<!DOCTYPE feed [${doctype}]>\n<feed xmlns="http://www.w3.org/2005/Atom">\n` +
  `<id>http://arxiv.org/api/x</id>\n<entry><id>http://arxiv.org/abs/2101.00001</id><title>${title}</title></entry>\n` +
  '<entry><id>http://arxiv.org/abs/2101.00002</id><title>Behind it</title></entry>\n</feed>';
const gzip = gzipSync(
  paper('Before the cut').repeat(3) + Array.from({ length: 500 }, (_, at) => paper(`X${Math.sin(at)}`)).join(''),
);

const FILES: Readonly<Record<string, string | Uint8Array>> = {
  'braces.bib': `${bibtex('a', 'Before the braces')}@misc{c, title = {Never {closed}\n\n${bibtex('b', 'Behind the braces')}`,
  'cut.jsonl.gz': gzip.subarray(0, gzip.length - 200),
  'duplicates.jsonl': '{"title": "First key", "title": "Last key counts"}\n',
  'empty.jsonl': '',
  'entities.xml': xml('<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;&a;&a;&a;&a;&a;">', '&b;'),
  'external.xml': xml('<!ENTITY file SYSTEM "file:///etc/passwd">', 'Reads &file;'),
  'future.jsonl':
    paper('In the far future', ', "date": "20225-01-01"') + paper('In our time', ', "date": "2022-01-01"'),
  'image.png': Buffer.from('\x89PNG\r\n\x1a\n\0\0\0\rIHDR', 'latin1'),
  'latin1.bib': Buffer.from(bibtex('g', 'Gödel in Latin-1'), 'latin1'),
  'marked.jsonl': `\uFEFF${paper('Behind a byte order mark')}`,
  'newlines.csv': 'Title,Abstract\r\n"A title over\r\ntwo lines",abstract\r\n',
  'papers.zip': zipOf([
    { name: 'inner/good.bib', content: bibtex('z', 'Within a zip') },
    { name: 'inner/bad.bin', content: '\0\x01' },
  ]),
  'wide.jsonl': Buffer.from(`\uFEFF${paper('In UTF-16')}`, 'utf16le'),
  'windows.ris': 'TY  - JOUR\r\nTI  - With Windows line ends\r\nER  - \r\n',
  'zeros.jsonl': `${paper('Without zeros')}${paper('With zero\0bytes')}\0\0\0`,
};

describe('a folder of everything that goes wrong', () => {
  const mess = join(folder.path, 'mess');
  const server = createServer();
  const imported = { json: {} as Record<string, unknown>, titles: [] as unknown[] };

  beforeAll(async () => {
    mkdirSync(join(mess, 'directory.bib'), { recursive: true });
    for (const [name, content] of Object.entries(FILES)) writeFileSync(join(mess, name), content);
    symlinkSync(mess, join(mess, 'directory.bib', 'circle'));
    server.listen(join(mess, 'socket'));
    const workspace = ['--workspace', join(folder.path, 'index'), '--model', 'hashing', '--quiet'];
    const finished = await run(['import', mess, ...workspace, '--no-embed', '--json']);
    expect(finished.code, finished.stderr).toBe(0);
    imported.json = lastJson(finished);
    const exported = await run(['export', ...workspace]);
    const titles = exported.stdout
      .trim()
      .split('\n')
      .map((line): unknown => JSON.parse(line).title);
    imported.titles = titles;
  });
  afterAll(() => server.close());
  it('is imported as far as it is good', () => {
    const expected = [
      'Before the braces',
      'Behind the braces',
      'Before the cut',
      'Last key counts',
      'Behind it',
      'In our time',
      'Gödel in Latin-1',
      'Behind a byte order mark',
      'A title over two lines',
      'Within a zip',
      'In UTF-16',
      'With Windows line ends',
      'Without zeros',
      'With zero bytes',
    ];
    expect(imported.titles).toEqual(expect.arrayContaining(expected));
    expect(imported.titles).not.toEqual(
      expect.arrayContaining([expect.stringMatching(/root:|Reads|aaaa|First key|far future/)]),
    );
  });

  it('and every rejection says where and why', () => {
    const at = (name: string, line: number, reason: RegExp, field?: string) => ({
      file: join(mess, name),
      line,
      reason: expect.stringMatching(reason),
      ...(field === undefined ? {} : { field }),
    });
    expect(imported.json['rejected']).toEqual([
      at('braces.bib', 4, /not balanced/),
      at('cut.jsonl.gz', expect.any(Number), /^the gzip is damaged: unexpected end of file$/),
      at('entities.xml', 5, /entity/),
      at('external.xml', 5, /entity/),
      at('future.jsonl', 1, /20225/, 'date'),
      at('image.png', 1, /not recognised/),
      at('papers.zip/inner/bad.bin', 1, /not recognised/),
      at('socket', 1, /^is a socket$/),
    ]);
  });
});
