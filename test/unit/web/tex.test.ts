import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { plainText, segmentsOf } from '../../../src/web/text/tex.ts';

const maths = (source: string): string[] =>
  segmentsOf(source).flatMap((segment) => (segment.kind === 'math' ? [segment.tex] : []));

describe('formulas', () => {
  it.each([
    ['a $x^2$ b', ['x^2']],
    ['a $$x^2$$ b', ['x^2']],
    [String.raw`a \(x\) and \[y\] b`, ['x', 'y']],
    ['$ n $ and $n$', ['n', 'n']],
    [String.raw`$\text{costs \$5}$`, [String.raw`\text{costs \$5}`]],
    [String.raw`the map $canonical \rightarrow dynamic$`, [String.raw`canonical \rightarrow dynamic`]],
    ['p$<$0.05', ['<']],
    [String.raw`\begin{eqnarray}a&=&b\end{eqnarray}`, [String.raw`\begin{align}a&=&b\end{align}`]],
  ])('finds those of %j', (source, expected) => {
    expect(maths(source)).toEqual(expected);
  });

  it.each([
    'It costs $5.',
    'between $5 and $10 a month',
    'just $4 per test, and then $20 for the rest',
    'over $1 billion and under $2 billion',
    'US$0.50 per audit',
    'a stray $ sign',
    String.raw`an escaped \$x\$ sign`,
    '$unbalanced {$',
    'an empty $$ and $ $ too',
  ])('leaves money and stray signs alone: %j', (source) => {
    expect(maths(source)).toEqual([]);
  });

  it('says whether a formula is set apart', () => {
    expect(segmentsOf('$a$ $$b$$').map((segment) => segment.kind === 'math' && segment.layout)).toEqual([
      'inline',
      false,
      'display',
    ]);
  });
});

describe('text-mode TeX', () => {
  it.each([
    [String.raw`\textit{a \textbf{b}} and \emph{c}`, 'a b and c'],
    [String.raw`{\it target} and {\bf x}`, 'target and x'],
    [String.raw`50\% of A\&B, under\_score, \#1`, '50% of A&B, under_score, #1'],
    [
      'Schr\\"odinger, B\\\'ezier, Lo\\`eve, Erd\\H{o}s, Fran\\c{c}ois, \\v{C}ech',
      'Schrödinger, Bézier, Loève, Erdős, François, Čech',
    ],
    [String.raw`\O rsted, \L{}ukasiewicz, stra\ss e`, 'Ørsted, Łukasiewicz, straße'],
    ["``quoted'' text --- and 1--2, but not f''", "“quoted” text — and 1–2, but not f''"],
    ['~50 of Fig.~2', '~50 of Fig.\u00A02'],
    [String.raw`10 {\mu}m, {BERT} and {0, 1}`, '10 μm, BERT and {0, 1}'],
    [String.raw`\href{https://x.org}{our code} at \url{https://y.org}`, 'our code at https://y.org'],
    [String.raw`as in \cite{a2020} (see \ref{b})`, 'as in [a2020] (see b)'],
    ['run with --verbose', 'run with --verbose'],
    [String.raw`\ours and C:\temp`, String.raw`\ours and C:\temp`],
  ])('reads %j', (source, expected) => {
    expect(plainText(source)).toBe(expected);
  });

  it('keeps markup of other kinds as text', () => {
    const hostile = '<img src=x onerror=alert(1)> &lt;b&gt;';
    expect(segmentsOf(hostile)).toEqual([
      { kind: 'verbatim', start: 0, end: hostile.length, text: hostile, styles: [] },
    ]);
  });

  it('nests styles', () => {
    expect(segmentsOf(String.raw`\textbf{a \emph{b}}`).map(({ styles }) => styles)).toEqual([
      ['strong'],
      ['strong', 'emphasis'],
    ]);
  });
});

const texLike = fc.array(
  fc.constantFrom(
    '$',
    '$$',
    '\\(',
    '\\)',
    '{',
    '}',
    '\\textbf{',
    '\\"o',
    '`',
    "''",
    '-',
    '~',
    ' ',
    'word',
    '\\',
    '5',
    '😀',
    '\n\n',
  ),
  { maxLength: 40 },
);

describe('any text', () => {
  it('gives segments in order, apart, and verbatim where they say so', () => {
    fc.assert(
      fc.property(texLike, (parts) => {
        const source = parts.join('');
        let at = 0;
        for (const segment of segmentsOf(source)) {
          expect(segment.start).toBeGreaterThanOrEqual(at);
          expect(segment.end).toBeGreaterThan(segment.start);
          const text = segment.kind === 'verbatim' ? segment.text : undefined;
          expect(text ?? source.slice(segment.start, segment.end)).toBe(source.slice(segment.start, segment.end));
          at = segment.end;
        }
        expect(at).toBeLessThanOrEqual(source.length);
      }),
    );
  });

  it('is read in linear time, whatever is opened and never closed', () => {
    const hostile = '{'.repeat(50_000) + '$'.repeat(5_000) + '\\textbf{'.repeat(10_000);
    const started = performance.now();
    segmentsOf(hostile);
    expect(performance.now() - started).toBeLessThan(2_000);
  });
});
