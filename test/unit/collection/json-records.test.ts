import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { objectsIn, readJsonRecords, type JsonRecord } from '../../../src/collection/json-records.ts';
import { collect, collectUntil } from './reading.ts';

async function* chunksOf(text: string, size: number): AsyncGenerator<Uint8Array> {
  const bytes = Buffer.from(text);
  for (let at = 0; at < bytes.length; at += size) yield bytes.subarray(at, at + size);
}

const recordsOf = (text: string, size = 5, maxRecordBytes = 1000) =>
  readJsonRecords({ file: 'f', chunks: chunksOf(text, size), maxRecordBytes, columns: {} });

const shown = (record: JsonRecord): string =>
  `${record.line}: ${'object' in record ? JSON.stringify(record.object) : record.reason}`;

async function read(text: string, size?: number, maxRecordBytes?: number): Promise<string[]> {
  return (await collect(recordsOf(text, size, maxRecordBytes))).map(shown);
}

describe('JSON records', () => {
  it.each([
    ['lines', '{"a":1}\n\n{"a":2}\r\n', ['1: {"a":1}', '3: {"a":2}']],
    ['an array', '[{"a":1},\n{"a":2}]', ['1: {"a":1}', '2: {"a":2}']],
    ['an array over many lines', '[\n  {\n    "a": 1\n  },\n  {\n    "a": 2\n  }\n]\n', ['2: {"a":1}', '5: {"a":2}']],
    [
      'an object with an array of them',
      '{"total":2,"data":[{"a":1},\n{"a":2}],"next":[3]}',
      ['1: {"a":1}', '2: {"a":2}'],
    ],
    [
      'wrapping objects one after another',
      '{"results":[{"a":1}]}\n{"results":[{"a":2}]}',
      ['1: {"a":1}', '2: {"a":2}'],
    ],
    ['objects one after another', '{\n"a": 1\n}\n{\n"a": 2 }{"a":3}', ['1: {"a":1}', '4: {"a":2}', '5: {"a":3}']],
    ['one object', '{\n"a": {"data": [1]},\n"b": [[]]\n}', ['1: {"a":{"data":[1]},"b":[[]]}']],
    [
      'an envelope around one',
      '{"status":"ok","message":{"a":1,"b":{"c":[2]}},"x":[{"y":[3]}]}\n',
      ['1: {"a":1,"b":{"c":[2]}}'],
    ],
    [
      'envelopes around a list',
      '{"status":"ok",\n"message":{"n":{},"items":[{"a":1},\n{"a":2}],"q":{"a":null}}}\n{"message":{"items":[{"a":3}]}}',
      ['2: {"a":1}', '3: {"a":2}', '4: {"a":3}'],
    ],
    [
      'one object with a message that is a text',
      '{"message":"m","a":{"message":{}}}',
      ['1: {"message":"m","a":{"message":{}}}'],
    ],
    ['none', '[ ]', []],
    ['none in an object', '{"data": []}', []],
    [
      'brackets and quotes in texts',
      '[{"a":"]}\\"[{\\\\"},\n{"a":"\\u0022"}]',
      ['1: {"a":"]}\\"[{\\\\"}', '2: {"a":"\\""}'],
    ],
    ['a byte order mark', '\uFEFF[{"a":1}]', ['1: {"a":1}']],
  ])('are found in %s, whatever the chunks', async (_, text, expected) => {
    for (const size of [1, 2, 7, 1000]) expect(await read(text, size)).toEqual(expected);
  });

  it('a key that comes twice counts as it does last', async () => {
    expect(await read('[{"a":1,"a":2}]')).toEqual(['1: {"a":2}']);
  });

  it('what is no object gives a reason in its place', async () => {
    expect(await read('[1, "a", null,\n{"a":1}, {"a":}, [2]]')).toEqual([
      '1: must be a JSON object, found the number 1',
      '1: must be a JSON object, found the text "a"',
      '1: must be a JSON object, found nothing',
      '2: {"a":1}',
      expect.stringMatching(/^2: not JSON: /),
      '2: must be a JSON object, found a list',
    ]);
  });

  it('a line that is broken costs no other one', async () => {
    const lines = ['{"a": ', '{"a":1}', '{"a":"', 'no', '{"a":2}', '{"a":3}'];
    expect((await read(lines.join('\n'))).filter((record) => !record.includes('not JSON'))).toEqual([
      '2: {"a":1}',
      '5: {"a":2}',
      '6: {"a":3}',
    ]);
  });

  it('what is no JSON ends with its line', async () => {
    expect(await read('report {\n[{"a":1}] done\n{"a":\n2}')).toEqual([
      expect.stringMatching(/^1: not JSON/),
      '2: {"a":1}',
      expect.stringMatching(/^2: not JSON/),
      '3: {"a":2}',
    ]);
  });

  it('one over the limit, or nested without end, is dropped and the next is read', async () => {
    const large = `[{"a":1},\n{"a":"${'x'.repeat(200)}"},\n{"a":2}]`;
    expect(await read(large, 9, 100)).toEqual(['1: {"a":1}', '2: the record is longer than 100 bytes', '3: {"a":2}']);
    const deep = `[{"a":${'['.repeat(200)}${']'.repeat(200)}},{"a":2}]`;
    const line = `{"a":1}\n{"a":${'['.repeat(40_000)}${']'.repeat(40_000)}}\n{"a":2}`;
    expect(await read(line, 9999, 1e6)).toEqual(['1: {"a":1}', '2: the record is nested too deeply', '3: {"a":2}']);
    expect(await read(deep)).toEqual(['1: the record is nested too deeply', '1: {"a":2}']);
  });

  it.each(['[{"a":1},\n{"a"', '[{"a":1},\n', '{"data":[{"a":1},\n{"a":"', '[{"a":1}\n,{"a":[}'])(
    'cut off as in %j come first, then the line reached',
    async (text) => {
      const { values, thrown } = await collectUntil(recordsOf(text));
      expect(values.map(shown)).toEqual(['1: {"a":1}']);
      expect(thrown).toMatchObject({
        code: 'BAD_INPUT',
        details: { file: 'f', line: 2, reason: 'the JSON is cut off' },
      });
    },
  );

  it('of a source that fails come first, then the failure', async () => {
    async function* failing() {
      yield Buffer.from('[{"a":1},\n');
      throw new Error('the disk is gone');
    }
    const content = { file: 'f', chunks: failing(), maxRecordBytes: 100, columns: {} };
    const { values, thrown } = await collectUntil(readJsonRecords(content));
    expect(values.map(shown)).toEqual(['1: {"a":1}']);
    expect(thrown).toMatchObject({ code: 'BAD_INPUT', details: { reason: 'the disk is gone' } });
  });

  it('keep memory flat however long one is', async () => {
    const chunk = Buffer.alloc(1024 * 1024, 'x');
    async function* endless() {
      yield Buffer.from('[{"a":"');
      for (let megabytes = 0; megabytes < 300; megabytes += 1) yield chunk.subarray();
      yield Buffer.from('"},{"a":1}]');
    }
    const before = process.memoryUsage().rss;
    const content = { file: 'f', chunks: endless(), maxRecordBytes: 1000, columns: {} };
    expect((await collect(readJsonRecords(content))).map(shown)).toEqual([
      '1: the record is longer than 1000 bytes',
      '1: {"a":1}',
    ]);
    expect(process.memoryUsage().rss - before).toBeLessThan(100e6);
  });

  it('are the same however they are written', async () => {
    const objects = fc.array(
      fc.dictionary(
        fc.string().filter((key) => key !== '__proto__'),
        fc.jsonValue({ maxDepth: 3 }),
      ),
      {
        minLength: 1,
        maxLength: 5,
      },
    );
    await fc.assert(
      fc.asyncProperty(objects, fc.nat(3), fc.integer({ min: 1, max: 50 }), async (records, indent, size) => {
        const wrapped = { meta: [1], papers: records, after: {} };
        for (const text of [JSON.stringify(records, null, indent), JSON.stringify(wrapped, null, indent)]) {
          const found = await collect(recordsOf(text, size, 1e6));
          expect(found.map((record) => ('object' in record ? record.object : record))).toEqual(
            JSON.parse(JSON.stringify(records)),
          );
        }
      }),
    );
  });

  it('never do anything but end or throw BAD_INPUT, whatever the text', async () => {
    const unit = fc.constantFrom('{', '}', '[', ']', '"', '\\', ',', ':', '\n', ' ', 'a', '1', '"data"', '"papers":[');
    await fc.assert(
      fc.asyncProperty(fc.string({ unit, maxLength: 60 }), fc.integer({ min: 1, max: 9 }), async (text, size) => {
        const { values, thrown } = await collectUntil(recordsOf(text, size, 30));
        if (thrown !== undefined) expect(thrown).toMatchObject({ code: 'BAD_INPUT' });
        const lines = values.map((record) => record.line);
        expect(lines).toEqual([...lines].sort((a, b) => a - b));
        expect(await collectUntil(recordsOf(text, 1000, 30))).toEqual({ values, thrown });
        objectsIn(text);
      }),
      { numRuns: 2000 },
    );
  });
});

describe('the beginning of JSON', () => {
  it('shows the objects that are whole, and of one that is cut off its whole members', () => {
    expect(objectsIn('[{"a":1},{"b":[1,2],"c":{"d":1,"e')).toEqual([{ a: 1 }, { b: [1, 2], c: null }]);
    expect(objectsIn('{"data":[{"b":[1,2],"c"')).toEqual([{ b: [1, 2] }]);
    expect(objectsIn('{"a":1}\n{"b":2}\n{"c')).toEqual([{ a: 1 }, { b: 2 }]);
    expect(objectsIn('Title\n\n{not json')).toEqual([]);
  });
});
