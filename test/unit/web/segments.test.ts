import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { clamp, piecesOf, widen, type Piece } from '../../../src/web/text/segments.ts';
import { snippetOf } from '../../../src/web/text/snippet.ts';
import { segmentsOf } from '../../../src/web/text/tex.ts';

const shown = (pieces: readonly Piece[], role?: Piece['role']): string =>
  pieces
    .filter((piece) => role === undefined || piece.role === role)
    .map(({ segment }) => (segment.kind === 'math' ? `$${segment.tex}$` : segment.text))
    .join('');

function highlighted(source: string, evidence: { start: number; end: number }): string {
  return shown(piecesOf(segmentsOf(source), { start: 0, end: source.length }, evidence), 'evidence');
}

describe('a highlight', () => {
  it('cuts plain text where it says', () => {
    expect(highlighted('one two three', { start: 4, end: 7 })).toBe('two');
  });

  it('is widened to a whole formula at both of its ends', () => {
    const source = 'take $a + b$ then $c$ end';
    expect(highlighted(source, { start: 8, end: 20 })).toBe('$a + b$ then $c$');
  });

  it('is widened to a whole glyph', () => {
    expect(highlighted(String.raw`Schr\"odinger`, { start: 5, end: 13 })).toBe('ödinger');
  });

  it('runs through styles', () => {
    const source = String.raw`a \textbf{bold} c`;
    expect(highlighted(source, { start: 0, end: source.length })).toBe('a bold c');
  });

  it('loses and doubles nothing', () => {
    fc.assert(
      fc.property(fc.nat(60), fc.nat(60), (a, b) => {
        const source = String.raw`Some $x^2$ text \emph{with $y$} and \% --- ends here, really.`;
        const all = { start: 0, end: source.length };
        const evidence = clamp({ start: Math.min(a, b), end: Math.max(a, b) }, source.length);
        const segments = segmentsOf(source);
        expect(shown(piecesOf(segments, all, evidence))).toBe(shown(piecesOf(segments, all)));
      }),
    );
  });

  it('is brought inside the text when its offsets are not', () => {
    expect(clamp({ start: -3, end: 99 }, 5)).toEqual({ start: 0, end: 5 });
    expect(clamp({ start: 9, end: 2 }, 5)).toEqual({ start: 5, end: 5 });
  });
});

const sentence = (n: number): string => `Sentence number ${n} says something of about sixty letters. `;
const long = Array.from({ length: 20 }, (_, n) => sentence(n))
  .join('')
  .trim();

function snippet(text: string, evidence?: { start: number; end: number }, length = 300): string {
  const { start, end } = snippetOf(text, segmentsOf(text), evidence, length);
  return text.slice(start, end);
}

describe('a snippet', () => {
  it('is the whole of a short abstract', () => {
    expect(snippet('Short.', { start: 0, end: 6 })).toBe('Short.');
    expect(snippet(long.slice(0, 340))).toBe(long.slice(0, 340));
  });

  it('is the beginning where there is no evidence, cut between words', () => {
    const text = snippet(long);
    expect(long.startsWith(text)).toBe(true);
    expect(long.charAt(text.length)).toBe(' ');
    expect(text.length).toBeLessThanOrEqual(300);
  });

  it('holds the evidence, begins with a sentence and has its measure', () => {
    const start = long.indexOf('Sentence number 10');
    const evidence = { start, end: start + sentence(10).length - 1 };
    const text = snippet(long, evidence);
    expect(text).toContain(long.slice(evidence.start, evidence.end));
    expect(text).toMatch(/^Sentence number/);
    expect(text.length).toBeLessThanOrEqual(310);
  });

  it('keeps evidence longer than itself whole', () => {
    expect(snippet(long, { start: 100, end: 700 })).toContain(long.slice(100, 700));
  });

  it('cuts through no formula and no character', () => {
    const formula = `$${'x+'.repeat(100)}y$`;
    const text = `${'word '.repeat(50)}${formula} ${'word '.repeat(80)}`;
    for (let length = 200; length < 400; length += 7) {
      const cut = snippet(text, undefined, length);
      expect(cut.includes(formula) || !cut.includes('$')).toBe(true);
    }
    const pairs = '😀'.repeat(400);
    expect(snippet(pairs, undefined, 301)).not.toMatch(/[\uD800-\uDBFF]$/);
  });

  it('always holds the evidence', () => {
    fc.assert(
      fc.property(fc.nat(long.length), fc.nat(200), fc.integer({ min: 50, max: 600 }), (start, size, length) => {
        const evidence = clamp({ start, end: start + size }, long.length);
        const segments = segmentsOf(long);
        const range = snippetOf(long, segments, evidence, length);
        expect(range.start).toBeLessThanOrEqual(evidence.start);
        expect(range.end).toBeGreaterThanOrEqual(evidence.end);
        expect(widen(range, segments)).toEqual(range);
      }),
    );
  });
});
