import { inspect } from 'node:util';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { FORMATS } from '../../../src/collection/mod.ts';
import { AppError } from '../../../src/errors.ts';
import { importExamples } from '../../support/examples.ts';
import { faultsIn } from '../../support/sound.ts';
import { collectUntil, readBytes } from './reading.ts';

/** Enough to find what is likely; set FUZZ_RUNS to look for what is not. */
const RUNS = Number(process.env['FUZZ_RUNS'] ?? 60);
const EXPECTED = new Set(['BAD_INPUT', 'UNKNOWN_FORMAT', 'USAGE']);

const examples = importExamples();
const exampleOf = (format: string): Buffer =>
  Buffer.from(examples.find((example) => example.format === format)?.text ?? '');

/** What steers the readers, and what writers of files get wrong. */
const SIGNS = [
  ...[
    '{',
    '}',
    '[',
    ']',
    '"',
    "'",
    ',',
    ':',
    ';',
    '\\',
    '\n',
    '\r\n',
    '\t',
    ' ',
    '\0',
    '\u2028',
    '\uFEFF',
    '\uFFFD',
    '𝔘',
  ],
  ...[
    'null',
    'true',
    '-1',
    '1e999',
    '20225',
    '2020-13-01',
    '"title":',
    '"abstract":',
    '"id":',
    '{}',
    '[]',
    '[[',
    '\\u0000',
  ],
  ...[
    '@article{',
    '@string{',
    '@comment{',
    '@preamble{',
    'title = {',
    'author = "',
    ' and ',
    ' # ',
    '{\\"o}',
    '$x_1$',
    '%',
  ],
  ...['TY  - JOUR', 'TI  - ', 'AU  - ', 'PY  - ', 'ER  - ', 'AB  -', 'T1  - A'],
  ...[
    '<',
    '>',
    '</',
    '/>',
    '<!--',
    '-->',
    '<![CDATA[',
    ']]>',
    '<?xml',
    '?>',
    '<!DOCTYPE a [',
    '<!ENTITY a "b">',
    '&a;',
    '&#0;',
  ],
  ...['<item>', '</item>', '<entry>', '<record>', '</record>', '<title>', '</title>', ' xmlns="a"', '&lt;', '&amp;'],
  ...['Title,Abstract\n', '""', '="1"', '<!-- Paperkin', '## ', '# ', '* ', '![', '](', '`'],
];
const sign = fc.constantFrom(...SIGNS).map((text) => Buffer.from(text));
const bytes = fc.uint8Array({ maxLength: 20 }).map((array) => Buffer.from(array));
const place = fc.double({ min: 0, max: 1, noNaN: true });

type Change = (whole: Buffer) => Buffer;
const at = (whole: Buffer, share: number): number => Math.floor(share * whole.length);
const spliced = (whole: Buffer, from: number, to: number, put: Uint8Array): Buffer =>
  Buffer.concat([whole.subarray(0, from), put, whole.subarray(Math.max(from, to))]);

const change: fc.Arbitrary<Change> = fc.oneof(
  fc.tuple(place, fc.integer({ min: 1, max: 255 })).map(([share, flip]) => (whole: Buffer) => {
    const changed = Buffer.from(whole);
    const position = at(whole, share);
    if (position < whole.length) changed[position] = (whole[position] ?? 0) ^ flip;
    return changed;
  }),
  place.map((share) => (whole: Buffer) => whole.subarray(0, at(whole, share))),
  fc.tuple(place, place).map(
    ([from, to]) =>
      (whole: Buffer) =>
        spliced(whole, at(whole, from), at(whole, to), Buffer.alloc(0)),
  ),
  fc.tuple(place, place, place).map(([from, to, where]) => (whole: Buffer) => {
    const position = at(whole, where);
    return spliced(whole, position, position, whole.subarray(at(whole, from), at(whole, to)));
  }),
  fc.tuple(place, fc.oneof(sign, bytes)).map(
    ([share, put]) =>
      (whole: Buffer) =>
        spliced(whole, at(whole, share), at(whole, share), put),
  ),
  fc.tuple(place, place, fc.constantFrom(...examples)).map(([share, from, { text }]) => (whole: Buffer) => {
    const other = Buffer.from(text);
    return spliced(whole, at(whole, share), at(whole, share), other.subarray(at(other, from)));
  }),
);

/** Everything that reading an input did and may not do. */
async function faultsOf(input: Uint8Array, format: string | undefined, chunkBytes: number): Promise<string[]> {
  const options = format === undefined ? {} : { format };
  const { values, thrown } = await collectUntil(readBytes(input, options, chunkBytes));
  const isExpected = thrown === undefined || (thrown instanceof AppError && EXPECTED.has(thrown.code));
  return [...values.flatMap(faultsIn), ...(isExpected ? [] : [`threw ${inspect(thrown)}`])];
}

const chunkBytes = fc.constantFrom(1, 7, 100, 100_000);

describe.each(FORMATS.map(({ name }) => name))('%s', (format) => {
  it('gives sound readings of any bytes, or says what is wrong', async () => {
    const anything = fc
      .array(fc.oneof({ weight: 4, arbitrary: sign }, bytes), { maxLength: 60 })
      .map((parts) => Buffer.concat(parts));
    await fc.assert(
      fc.asyncProperty(anything, chunkBytes, async (input, by) => {
        expect(await faultsOf(input, format, by)).toEqual([]);
      }),
      { numRuns: RUNS },
    );
  });

  it('gives sound readings of a file that was changed, cut, or put together wrongly', async () => {
    const whole = exampleOf(format);
    const changed = fc
      .array(change, { minLength: 1, maxLength: 4 })
      .map((changes) => changes.reduce((input, next) => next(input), whole));
    await fc.assert(
      fc.asyncProperty(changed, fc.constantFrom(format, undefined), chunkBytes, async (input, named, by) => {
        expect(await faultsOf(input, named, by)).toEqual([]);
      }),
      {
        numRuns: RUNS * 2,
      },
    );
  });

  it('reads a file the same in whatever chunks, with whatever line ends', async () => {
    const whole = exampleOf(format);
    const read = async (input: Uint8Array, by: number) => (await collectUntil(readBytes(input, {}, by))).values;
    const expected = await read(whole, whole.length);
    for (const by of [1, 2, 3, 50]) expect(await read(whole, by)).toEqual(expected);
    const windows = Buffer.from(`\uFEFF${whole.toString().replaceAll('\n', '\r\n')}`);
    for (const by of [1, 64, windows.length]) expect(await read(windows, by)).toEqual(expected);
    expect(await read(Buffer.from(`\uFEFF${whole.toString()}`, 'utf16le'), 100)).toEqual(expected);
  });

  it('gives nothing of an empty file', async () => {
    for (const nothing of ['', '\n', ' \r\n\r\n']) {
      const { values, thrown } = await collectUntil(readBytes(nothing));
      expect([values, thrown]).toEqual([[], undefined]);
      expect((await collectUntil(readBytes(nothing, { format }))).values).toEqual([]);
    }
  });
});

describe('any input', () => {
  it('of arbitrary bytes ends in sound readings or an error that says what is wrong', async () => {
    const packed = fc.constantFrom(
      [0x1f, 0x8b, 8],
      [...Buffer.from('BZh91AY')],
      [0x28, 0xb5, 0x2f, 0xfd],
      [...Buffer.from('PK\x03\x04')],
    );
    const input = fc.oneof(
      fc.uint8Array({ maxLength: 500 }),
      fc.tuple(packed, fc.uint8Array({ maxLength: 500 })).map(([head, rest]) => Uint8Array.from([...head, ...rest])),
    );
    await fc.assert(
      fc.asyncProperty(input, chunkBytes, async (all, by) => {
        expect(await faultsOf(all, undefined, by)).toEqual([]);
      }),
      { numRuns: RUNS * 4 },
    );
  });
});
