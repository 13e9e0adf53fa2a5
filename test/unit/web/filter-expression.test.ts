import { describe, expect, it } from 'vitest';
import { parseFilter } from '../../../src/domain/mod.ts';
import { conditionsOf, readFilter, withValue, withYears, yearsOf } from '../../../src/web/filter-expression.ts';

describe('reading', () => {
  it('gives the mistake and its column', () => {
    expect(readFilter('year>=2000 colour:red')).toMatchObject({ state: 'invalid', column: 12 });
    expect(readFilter('venue:"abc')).toMatchObject({ state: 'invalid', column: 7 });
    expect(readFilter('')).toEqual({ state: 'valid', filter: { clauses: [] } });
  });
});

describe('writing', () => {
  it('adds values, quoted where needed, once each', () => {
    expect(withValue('', 'category', 'cs.IR')).toBe('category:cs.IR');
    expect(withValue('category:cs.IR year>=2000', 'category', 'cs.CL')).toBe(
      'category:cs.IR category:cs.CL year>=2000',
    );
    expect(withValue('category:cs.IR', 'category', 'CS.ir')).toBe('category:cs.IR');
    expect(withValue('', 'venue', 'Journal of "X" & Y')).toBe(String.raw`venue:"Journal of \"X\" & Y"`);
  });

  it('keeps what is excluded apart', () => {
    expect(withValue('-category:cs.IR', 'category', 'cs.CL')).toBe('-category:cs.IR category:cs.CL');
  });

  it('puts one span of years in place of all', () => {
    expect(withYears('year>=1990 category:cs.IR', { from: 2000, to: undefined })).toBe('category:cs.IR year>=2000');
    expect(withYears('', { from: 2010, to: 2000 })).toBe('year:2000..2010');
    expect(withYears('', { from: 2001, to: 2001 })).toBe('year:2001');
    expect(withYears('year:1990..2000', { from: undefined, to: undefined })).toBe('');
  });

  it('never overwrites an expression it cannot read', () => {
    expect(withValue('venue:"abc', 'category', 'cs.IR')).toBe('venue:"abc');
  });
});

describe('years', () => {
  it('are those of all conditions together', () => {
    expect(yearsOf(parseFilter('year>=1990 year<2000'))).toEqual({ from: 1990, to: 1999 });
    expect(yearsOf(parseFilter('-year:1995'))).toEqual({ from: undefined, to: undefined });
  });
});

describe('conditions', () => {
  it('come apart one value at a time', () => {
    expect(conditionsOf(parseFilter('category:a category:b year>=2000 -venue:x has:abstract'))).toEqual([
      { label: 'category:a', without: 'category:b year>=2000 -venue:x has:abstract' },
      { label: 'category:b', without: 'category:a year>=2000 -venue:x has:abstract' },
      { label: 'year>=2000', without: 'category:a category:b -venue:x has:abstract' },
      { label: '-venue:x', without: 'category:a category:b year>=2000 has:abstract' },
      { label: 'has:abstract', without: 'category:a category:b year>=2000 -venue:x' },
    ]);
  });
});
