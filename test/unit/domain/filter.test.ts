import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { formatFilter, HAS_VALUES, parseFilter, type Filter, type Not } from '../../../src/domain/mod.ts';
import { AppError } from '../../../src/errors.ts';

function mistake(expression: string): { readonly column: unknown; readonly reason: unknown } {
  try {
    parseFilter(expression);
  } catch (thrown) {
    if (thrown instanceof AppError && thrown.code === 'INVALID_FILTER') {
      return { column: thrown.details['column'], reason: thrown.details['reason'] };
    }
    throw thrown;
  }
  throw new Error(`${expression} was accepted`);
}

describe('parseFilter', () => {
  it('lets everything through when empty', () => {
    expect(parseFilter(' \t')).toEqual({ clauses: [] });
  });

  it.each([
    ['year:2020', 2020, 2020],
    ['year=2020', 2020, 2020],
    ['YEAR>=2020', 2020, 9999],
    ['year>2020', 2021, 9999],
    ['year<=2020', 0, 2020],
    ['year<2020', 0, 2019],
    ['year:2018..2020', 2018, 2020],
    ['year:..2020', 0, 2020],
    ['year:2018..', 2018, 9999],
    ['year:".."', 0, 9999],
  ])('%s', (expression, from, to) => {
    expect(parseFilter(expression)).toEqual({ clauses: [{ kind: 'year', from, to }] });
  });

  it('reads every field, quoted and negated', () => {
    expect(
      parseFilter('category:cs.CL -venue:"ar \\"X\\" iv" author:"Ada Lovelace" source=upload -has:DOI -year<2000'),
    ).toEqual({
      clauses: [
        { kind: 'category', values: ['cs.CL'] },
        { kind: 'not', clause: { kind: 'venue', values: ['ar "X" iv'] } },
        { kind: 'author', values: ['Ada Lovelace'] },
        { kind: 'source', values: ['upload'] },
        { kind: 'not', clause: { kind: 'has', value: 'doi' } },
        { kind: 'not', clause: { kind: 'year', from: 0, to: 1999 } },
      ],
    });
  });

  it('joins a repeated field to any of its values, but not years, has and exclusions', () => {
    expect(parseFilter('venue:a year>=2000 venue:b year<2010 -venue:c -venue:d')).toEqual({
      clauses: [
        { kind: 'venue', values: ['a', 'b'] },
        { kind: 'year', from: 2000, to: 9999 },
        { kind: 'year', from: 0, to: 2009 },
        { kind: 'not', clause: { kind: 'venue', values: ['c'] } },
        { kind: 'not', clause: { kind: 'venue', values: ['d'] } },
      ],
    });
  });

  it('takes each of several words or phrases as one to be there', () => {
    expect(parseFilter('text:"graph network" text:owl -title:survey')).toEqual({
      clauses: [
        { kind: 'text', value: 'graph network' },
        { kind: 'text', value: 'owl' },
        { kind: 'not', clause: { kind: 'title', value: 'survey' } },
      ],
    });
  });

  it.each([
    [`text:${'a'.repeat(501)}`, 6, 'at most 500 characters'],
    ['-text:a title:b '.repeat(9), 129, 'at most 16 conditions'],
    ['yaer:2020', 1, 'unknown field "yaer"'],
    ['venue:a  -foo:b', 11, 'unknown field "foo"'],
    ['venue:a neural', 9, '"neural" is not a condition'],
    ['-', 2, 'is not a condition'],
    ['year', 1, '"year" is not a condition'],
    ['venue:', 7, 'needs a value'],
    ['venue:""', 7, 'needs a value'],
    ['venue:a author:"Ada', 16, 'opened and not closed'],
    ['venue:"a\\', 7, 'opened and not closed'],
    ['venue:a"b"', 8, 'right after the colon'],
    ['venue:"a"b', 7, 'text follows'],
    ['venue>a', 6, 'takes a colon, not >'],
    ['has:wings', 5, 'not "wings"'],
    ['year:soon', 6, '"soon" is not a year'],
    ['year:20200', 6, 'is not a year'],
    ['year:2020..20211', 12, '"20211" is not a year'],
    ['year:2021..2020', 6, 'backwards'],
    ['year>=2000..2010', 7, 'is not a year'],
    ['year<0', 6, 'no year before 0'],
    ['year>9999', 6, 'no year after 9999'],
  ])('%s: mistake in column %i', (expression, column, reason) => {
    expect(mistake(expression)).toEqual({ column, reason: expect.stringContaining(reason) });
  });

  it('throws nothing but INVALID_FILTER', () => {
    const expression = fc.string({
      unit: fc.constantFrom(
        'year',
        'venue',
        'has',
        ':',
        '>=',
        '<',
        '..',
        '2020',
        '-',
        '"',
        '\\',
        ' ',
        'a',
        'é',
        '\uFEFF',
        '\ud800',
      ),
    });
    fc.assert(
      fc.property(expression, (text) => {
        let filter: Filter;
        try {
          filter = parseFilter(text);
        } catch (thrown) {
          expect(thrown).toMatchObject({ code: 'INVALID_FILTER' });
          return;
        }
        expect(parseFilter(formatFilter(filter))).toEqual(filter);
      }),
      { numRuns: 3000 },
    );
  });
});

const value = fc
  .string({ unit: fc.constantFrom('a', 'Z', 'é', '語', '"', '\\', ' ', '\t', ':', '-', '>', '=', '..', '1') })
  .map((text) => text.trim())
  .filter((text) => text !== '');
const values = fc.array(value, { minLength: 1, maxLength: 3 });
const anyOf = fc.record({
  kind: fc.constantFrom('category' as const, 'venue' as const, 'author' as const, 'source' as const),
  values,
});
const year = fc
  .tuple(fc.integer({ min: 0, max: 9999 }), fc.integer({ min: 0, max: 9999 }))
  .map(([a, b]) => ({ kind: 'year' as const, from: Math.min(a, b), to: Math.max(a, b) }));
const has = fc.record({ kind: fc.constant('has' as const), value: fc.constantFrom(...HAS_VALUES) });
const phrase = fc.record({ kind: fc.constantFrom('text' as const, 'title' as const), value });
const not: fc.Arbitrary<Not> = fc.record({
  kind: fc.constant('not' as const),
  clause: fc.oneof(
    year,
    has,
    phrase,
    anyOf.map(({ kind, values: all }) => ({ kind, values: all.slice(0, 1) })),
  ),
});
const filters: fc.Arbitrary<Filter> = fc.record({
  clauses: fc
    .tuple(fc.uniqueArray(anyOf, { selector: ({ kind }) => kind }), fc.array(fc.oneof(year, has, phrase, not)))
    .map((parts) => parts.flat()),
});

describe('formatFilter', () => {
  it('is read back as the same filter', () => {
    fc.assert(
      fc.property(filters, (filter) => {
        expect(parseFilter(formatFilter(filter))).toEqual(filter);
      }),
      { numRuns: 2000 },
    );
  });

  it('excludes each of several values', () => {
    const filter: Filter = { clauses: [{ kind: 'not', clause: { kind: 'venue', values: ['a', 'b c'] } }] };
    expect(formatFilter(filter)).toBe('-venue:a -venue:"b c"');
  });
});
