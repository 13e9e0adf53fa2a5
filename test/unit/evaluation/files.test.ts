import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { beforeEach, describe, expect, it } from 'vitest';
import { readJudgedSet, readJudgements, readTopics } from '../../../src/evaluation/judgements.ts';
import { readRun, type Run, runLines } from '../../../src/evaluation/run.ts';
import { temporaryWorkspace } from '../../support/library.ts';

let folder: string;
beforeEach(() => {
  folder = temporaryWorkspace();
});

function file(name: string, content: string | Uint8Array): string {
  const path = join(folder, name);
  writeFileSync(path, content);
  return path;
}

const badInput = (path: string, line: number, reason: RegExp) => ({
  code: 'BAD_INPUT',
  details: { file: path, line, reason: expect.stringMatching(reason) },
});

const QUERIES = '{"_id": "1", "text": "owls"}\n\n{"_id": "2", "text": "moths", "style": "a"}\n';
const QRELS = 'query-id\tcorpus-id\tscore\n1\ta\t2\n1\tb\t0\r\n2\ta b\t0\n3\tc\t1\n';

describe('judgements', () => {
  it('are read with or without a header, and topics without a relevant document left out', async () => {
    for (const text of [QRELS, QRELS.slice(QRELS.indexOf('\n') + 1)]) {
      const judgements = await readJudgements(file('test.tsv', text));
      expect([...judgements.keys()]).toEqual(['1', '3']);
      expect([...(judgements.get('1') ?? [])]).toEqual([['a', 2], ['b', 0]]); // prettier-ignore
    }
  });

  it.each([
    ['1 a 2\n', 1, /3 columns/],
    ['1\ta\t2\n1\tb\n', 2, /3 columns/],
    ['1\ta\t2\n\tb\t1\n', 2, /3 columns/],
    ['1\ta\tmuch\n', 1, /whole number, not "much"/],
    ['1\ta\t0.5\n', 1, /whole number/],
    ['1\ta\t1\n1\ta\t2\n', 2, /another score/],
    ['1\ta\t0\n', 1, /no query/],
    ['', 1, /no query/],
  ])('%j are refused with the line', async (text, line, reason) => {
    const path = file('test.tsv', text);
    await expect(readJudgements(path)).rejects.toMatchObject(badInput(path, line, reason));
  });
});

describe('topics', () => {
  it('are read from a compressed file as from a plain one', async () => {
    const plain = await readTopics(file('queries.jsonl', QUERIES));
    expect([...plain.values()]).toEqual([{ id: '1', text: 'owls' }, { id: '2', text: 'moths' }]); // prettier-ignore
    expect(await readTopics(file('queries.jsonl.gz', gzipSync(QUERIES)))).toEqual(plain);
  });

  it.each([
    ['{"_id": "1"}', 1, /text/],
    ['{"_id": "1", "text": " "}', 1, /text is empty/],
    ['{"_id": "1", "text": "a"}\nnonsense', 2, /no JSON/],
    ['{"_id": "1", "text": "a"}\n{"_id": "1", "text": "b"}', 2, /twice/],
  ])('%j are refused with the line', async (text, line, reason) => {
    const path = file('queries.jsonl', text);
    await expect(readTopics(path)).rejects.toMatchObject(badInput(path, line, reason));
  });

  it('of a damaged file are refused with the line reached', async () => {
    const path = file('queries.jsonl.gz', gzipSync(QUERIES).subarray(0, 30));
    await expect(readTopics(path)).rejects.toMatchObject({ code: 'BAD_INPUT' });
  });
});

describe('a judged set', () => {
  it('is a folder whose parts may each be compressed', async () => {
    mkdirSync(join(folder, 'qrels'));
    const corpus = file('corpus.jsonl.gz', gzipSync(''));
    file('queries.jsonl', QUERIES);
    file('qrels/test.tsv.gz', gzipSync(QRELS));
    const set = await readJudgedSet(folder);
    expect(set.corpus).toEqual([corpus]);
    expect(set.topics.size).toBe(2);
    expect(set.judgements.size).toBe(2);
    expect((await readJudgedSet(folder, ['other.jsonl'])).corpus).toEqual(['other.jsonl']);
  });

  it('says which part is not there', async () => {
    await expect(readJudgedSet(folder)).rejects.toMatchObject({
      code: 'FILE_NOT_FOUND',
      details: { file: join(folder, 'corpus.jsonl'), reason: expect.stringContaining('--corpus') },
    });
    await expect(readJudgedSet(folder, ['x'])).rejects.toMatchObject({
      details: { file: join(folder, 'queries.jsonl') },
    });
  });
});

describe('a run', () => {
  const run: Run = new Map([
    ['q1', [{ document: 'b', score: 0.1 }, { document: 'DOI:10.1/x', score: 12.5 }]], // prettier-ignore
    ['q2', [{ document: 'a', score: -1e-9 }]],
    ['q3', []],
  ]);
  async function written(told: Run): Promise<string> {
    let text = '';
    for await (const lines of runLines(told, 'tag')) text += lines;
    return text;
  }

  it('is written in six columns by falling score, and read back as it was', async () => {
    const text = await written(run);
    expect(text.split('\n')[0]).toBe('q1 Q0 DOI:10.1/x 1 12.5 tag');
    const read = await readRun(file('run.trec', text));
    expect(await written(read)).toBe(text);
    expect([...read.keys()]).toEqual(['q1', 'q2']);
  });

  it('refuses ids with blanks, and no ids at all', async () => {
    for (const document of ['a b', 'a\u00a0b', '']) {
      const told = written(new Map([['q', [{ document, score: 1 }]]]));
      await expect(told).rejects.toMatchObject({ code: 'USAGE' });
    }
    await expect(written(new Map([['q 1', [{ document: 'a', score: 1 }]]]))).rejects.toMatchObject({ code: 'USAGE' });
  });

  it.each([
    ['q Q0 a 1 0.5\n', 1, /6 columns.*this line 5/],
    ['q Q0 a 1 0.5 t\nq Q0 a b 2 0.4 t\n', 2, /this line 7/],
    ['q Q0 a 1 best t\n', 1, /number, not "best"/],
    ['q Q0 a 1 NaN t\n', 1, /number/],
    ['q Q0 a 1 2 t\n\nq Q0 a 2 1 t\n', 3, /twice/],
  ])('%j is refused with the line', async (text, line, reason) => {
    const path = file('run.trec', text);
    await expect(readRun(path)).rejects.toMatchObject(badInput(path, line, reason));
  });
});
