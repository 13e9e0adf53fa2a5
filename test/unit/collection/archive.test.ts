import { mkdtemp, readdir, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { gzipSync } from 'node:zlib';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { readPapers, type ReadOptions } from '../../../src/collection/mod.ts';
import { zipOf, type ZipMember } from '../../support/zip.ts';
import { collect, collectUntil, inventedLines, papersIn, readBytes } from './reading.ts';

let folder = '';
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'paperkin-archives-'));
});
afterAll(() => rm(folder, { recursive: true }));

const lines = inventedLines(300);
const jsonl = lines.join('\n');
const paper = (title: string): string => JSON.stringify({ title, abstract: `About ${title}.` });
const corpus = JSON.stringify({ _id: '1', title: 'On Wings', text: 'They carry.' });

async function read(zip: Uint8Array, options: ReadOptions = {}) {
  const path = join(folder, 'papers.zip');
  await writeFile(path, zip);
  return collect(readPapers({ path, name: 'papers.zip' }, options));
}

const seen = (readings: Awaited<ReturnType<typeof read>>): string[] =>
  readings.map((reading) =>
    reading.kind === 'paper'
      ? `${reading.file}:${reading.line} ${reading.paper.title}`
      : `${reading.file}:${reading.line} ${reading.kind === 'rejected' ? reading.reason : ''}`,
  );

describe('a zip', () => {
  it('gives the papers of its members, each with its own format, packing, encoding and positions', async () => {
    const members: ZipMember[] = [
      { name: 'a/', content: '', method: 0 },
      { name: 'a/one.jsonl', content: `\n${paper('One')}` },
      { name: 'two.gz', content: gzipSync(paper('Two')), method: 0 },
      { name: 'three.txt', content: Buffer.from(`\uFEFF${paper('Three')}`, 'utf16le') },
      { name: 'corpus.jsonl', content: corpus },
      { name: 'empty.jsonl', content: '' },
    ];
    for (const is64 of [false, true]) {
      expect(seen(await read(zipOf(members, is64)))).toEqual([
        'papers.zip/a/one.jsonl:2 One',
        'papers.zip/two.gz:1 Two',
        'papers.zip/three.txt:1 Three',
        'papers.zip/corpus.jsonl:1 On Wings',
      ]);
    }
    expect(await read(zipOf([]))).toEqual([]);
  });

  it('is recognised whatever it is called, and tells how far it is read', async () => {
    const zip = zipOf([{ name: 'papers.jsonl', content: jsonl }]);
    const path = join(folder, 'papers.pdf');
    await writeFile(path, zip);
    const bytes: number[] = [];
    const readings = await collect(readPapers({ path }, { onBytes: (read) => bytes.push(read) }));
    expect(papersIn(readings)).toHaveLength(300);
    expect(bytes.at(-1)).toBeGreaterThan(zip.length - 200);
    expect(bytes.at(-1)).toBeLessThanOrEqual(zip.length);
  });

  it('out of a stream is kept in a temporary file, which is gone at the end, whichever way', async () => {
    const zip = zipOf([{ name: 'papers.jsonl', content: jsonl }]);
    const ours = async () => (await readdir(tmpdir())).filter((name) => name.startsWith('paperkin-spool-'));
    const before = await ours();
    expect(papersIn(await collect(readBytes(zip)))).toHaveLength(300);
    for await (const reading of readBytes(zip)) {
      expect(reading).toMatchObject({ kind: 'paper', file: 'upload/papers.jsonl', line: 1 });
      expect(await ours()).toHaveLength(before.length + 1);
      break;
    }
    await expect(collect(readBytes(zip.subarray(0, 500)))).rejects.toMatchObject({ code: 'BAD_INPUT' });
    async function* failing() {
      yield zip.subarray(0, 5000);
      throw new Error('connection lost');
    }
    const upload = { name: 'upload', stream: Readable.from(failing()) };
    await expect(collect(readPapers(upload))).rejects.toMatchObject({ details: { reason: 'connection lost' } });
    expect(await ours()).toEqual(before);
  });

  it('passes over hidden files and what systems leave behind', async () => {
    const junk = ['__MACOSX/._one.jsonl', '.DS_Store', 'a/.hidden/one.jsonl', 'a/Thumbs.db', 'desktop.ini'];
    const readings = await read(zipOf(junk.map((name) => ({ name, content: paper('Junk') }))));
    expect(readings).toEqual([]);
    expect(await read(zipOf([{ name: 'link', content: 'papers.jsonl', mode: 0o120777 }]))).toEqual([]);
  });

  it('of a BEIR collection gives its corpus alone', async () => {
    const members = ['scifact/queries.jsonl', 'scifact/qrels/test.tsv', 'scifact/README', 'other/queries.jsonl'];
    const zip = zipOf([
      ...members.map((name) => ({ name, content: '{"_id": "q1", "text": "a query"}' })),
      { name: 'scifact/corpus.jsonl', content: corpus },
    ]);
    expect(seen(await read(zip))).toEqual([
      'papers.zip/other/queries.jsonl:1 the format is not recognised from the content',
      'papers.zip/scifact/corpus.jsonl:1 On Wings',
    ]);
  });

  it('goes on after a member that cannot be read', async () => {
    const large = Buffer.from(jsonl);
    const zip = zipOf([
      { name: 'image.jpg', content: '\xff\xd8\0' },
      { name: 'secret.jsonl', content: paper('Secret'), flags: 1 },
      { name: 'strange.jsonl', content: paper('Strange'), method: 9 },
      { name: 'changed.jsonl', content: `${paper('Changed')}\n`, crc: 1 },
      {
        name: 'short.jsonl',
        content: large,
        packed: Buffer.from(zipOf([{ name: '', content: large }]).subarray(30, 3000)),
      },
      { name: 'good.jsonl', content: paper('Good') },
    ]);
    const readings = seen(await read(zip));
    const cut = readings.filter((reading) => reading.includes('short.jsonl'));
    expect(cut.length).toBeGreaterThan(20);
    expect(cut.at(-1)).toBe(`papers.zip/short.jsonl:${cut.length} the zip is damaged: unexpected end of file`);
    expect(readings.filter((reading) => !cut.includes(reading))).toEqual([
      'papers.zip/image.jpg:1 the format is not recognised from the content',
      'papers.zip/secret.jsonl:1 is encrypted',
      'papers.zip/strange.jsonl:1 is compressed in a way that is not read (method 9)',
      'papers.zip/changed.jsonl:1 Changed',
      'papers.zip/changed.jsonl:2 the zip is damaged: the checksum is another',
      'papers.zip/good.jsonl:1 Good',
    ]);
  });

  it('in a zip is read, one in that is not', async () => {
    const inner = zipOf([{ name: 'papers.jsonl', content: paper('Inner') }]);
    const middle = zipOf([
      { name: 'inner.zip', content: inner },
      { name: 'papers.jsonl', content: paper('Middle') },
    ]);
    expect(seen(await read(zipOf([{ name: 'middle.zip', content: middle }])))).toEqual([
      'papers.zip/middle.zip/inner.zip:1 an archive in an archive in an archive is not read',
      'papers.zip/middle.zip/papers.jsonl:1 Middle',
    ]);
    expect(seen(await read(middle))).toEqual([
      'papers.zip/inner.zip/papers.jsonl:1 Inner',
      'papers.zip/papers.jsonl:1 Middle',
    ]);
  });

  it('may have any names: nothing is written, and none can steer a terminal', async () => {
    const names = ['../../etc/passwd', '/absolute', 'C:\\papers.jsonl', 'a\x1b[31mb', Buffer.from([0x80, 0x61])];
    const readings = await read(zipOf(names.map((name) => ({ name, content: paper('Any') }))));
    expect(readings.map(({ file }) => file)).toEqual([
      'papers.zip/../../etc/passwd',
      'papers.zip//absolute',
      'papers.zip/C:/papers.jsonl',
      'papers.zip/a [31mb',
      'papers.zip/Ça',
    ]);
    const [long] = await read(zipOf([{ name: 'x'.repeat(60_000), content: paper('Any') }]));
    expect(long?.file.length).toBeLessThan(400);
  });

  it('that is damaged says so, with the member reached, after the papers before', async () => {
    const zip = zipOf([
      { name: 'one.jsonl', content: paper('One') },
      { name: 'two.jsonl', content: paper('Two') },
    ]);
    await expect(read(zip.subarray(0, zip.length - 30))).rejects.toMatchObject({
      code: 'BAD_INPUT',
      details: { file: 'papers.zip', line: 1, reason: expect.stringContaining('the zip is damaged') },
    });
    const broken = Buffer.from(zip);
    // The local header of the second member.
    broken[zip.indexOf('two.jsonl') - 30] = 0;
    const path = join(folder, 'broken.zip');
    await writeFile(path, broken);
    const { values } = await collectUntil(readPapers({ path, name: 'papers.zip' }));
    expect(seen(values)).toEqual([
      'papers.zip/one.jsonl:1 One',
      expect.stringContaining('papers.zip/two.jsonl:1 invalid local file header signature'),
    ]);
  });

  it('whose members overlap is no more read than its size allows', async () => {
    const zip = zipOf([
      { name: 'one.jsonl', content: jsonl },
      ...Array.from({ length: 50 }, () => ({ name: 'again.jsonl', content: jsonl, offset: 0 })),
    ]);
    const path = join(folder, 'overlapping.zip');
    await writeFile(path, zip);
    const { values, thrown } = await collectUntil(readPapers({ path }));
    expect(papersIn(values)).toHaveLength(300);
    expect(thrown).toMatchObject({ code: 'BAD_INPUT', details: { reason: 'the zip is damaged: its members overlap' } });
  });

  it('is refused past maxBytes, counted over all members', async () => {
    const member = { name: 'papers.jsonl', content: jsonl };
    const zip = zipOf([member, member, member]);
    await expect(read(zip, { maxBytes: 2 * jsonl.length })).rejects.toMatchObject({ code: 'PAYLOAD_TOO_LARGE' });
    expect(await read(zip, { maxBytes: 3 * jsonl.length })).toHaveLength(900);
  });

  it('takes the format by name for each member, and rejects papers without an abstract when asked to', async () => {
    const zip = zipOf([
      { name: 'notes', content: 'just a line' },
      { name: 'bare.jsonl', content: '{"title": "Bare"}' },
    ]);
    expect(seen(await read(zip, { format: 'jsonl', requireAbstract: true }))).toEqual([
      expect.stringContaining('papers.zip/notes:1 not JSON'),
      'papers.zip/bare.jsonl:1 there is no abstract',
    ]);
  });
});
