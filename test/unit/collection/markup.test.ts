import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { fromHtml, fromTex } from '../../../src/collection/markup.ts';
import { cleanText } from '../../../src/collection/text.ts';

const TEX = [
  '\\',
  '{',
  '}',
  '$',
  '$$',
  '\\(',
  '\\)',
  '\\[',
  '\\begin{align}',
  '\\end{align}',
  "\\'",
  '\\"',
  '\\v',
  '\\cite{',
  '~',
  '--',
  '``',
  "''",
  '\\emph',
  '\\foo',
  '\\constructor',
  '\\i',
  'e',
  ' ',
  '\n',
  'Ω',
  '😀',
  '%',
  '\\$',
  '[',
  ']',
  '*',
  '\\url',
];
const HTML = [
  '<',
  '>',
  '<i>',
  '</i>',
  '<p>',
  '<br/>',
  '<math>',
  '</math>',
  '<script>',
  '</script>',
  '<jats:p>',
  '&amp;',
  '&lt;',
  '&#x3c;',
  '&',
  ';',
  '$',
  '"',
  "'",
  '<a href="',
  '<!--',
  '-->',
  '<![CDATA[',
  ']]>',
  'x',
  ' ',
  '<annotation encoding="application/x-tex">',
  '<sup>',
  '</sup>',
  '<tex-math>',
  '\\begin{document}',
  '\\end{document}',
  '1',
  '<inline-formula>',
  '</inline-formula>',
];
const mixed = (pieces: readonly string[]) =>
  fc
    .array(fc.oneof(fc.constantFrom(...pieces), fc.string({ maxLength: 4 })), { maxLength: 40 })
    .map((parts) => parts.join(''));

describe('fromTex', () => {
  it.each([
    ["Andr\\'e Mart\\'{\\i}nez, Erd\\H{o}s, {\\'\\i}", 'André Martínez, Erdős, í'],
    ['G\\"odel, G\\"{o}del, G{\\"o}del, na\\"\\i ve', 'Gödel, Gödel, Gödel, naïve'],
    ["Dvo\\v{r}\\'ak, \\v c, \\c{c}a, \\k{a}, \\d{s}, \\r{u}, \\=a, \\.z, \\u{g}", 'Dvořák, č, ça, ą, ṣ, ů, ā, ż, ğ'],
    ["V\\~u Tr\\d{o}ng, \\'{\\^e}", 'Vũ Trọng, ế'],
    ['\\O{}re, {\\o}re, stra\\ss e, {\\L}ukasz, \\AA ngstr\\"om, {\\ae}on', 'Øre, øre, straße, Łukasz, Ångström, æon'],
    ["``quoted'' and `single' 1--4 a---b", "“quoted” and `single' 1–4 a—b"],
    ["D''Angelo", "D''Angelo"],
    ['50\\% of R\\&D \\#1 a\\_b \\{x\\} \\$5', '50% of R&D #1 a_b {x} $5'],
    ['Fig.~3, http://x.org/~ann', 'Fig. 3, http://x.org/~ann'],
    ['\\textit{in \\emph{vivo}} {\\bf bold} {\\em i.e.}, \\textsc{Lint}', 'in vivo bold i.e., Lint'],
    ['{BERT} {{U}-{N}et}', 'BERT U-Net'],
    ['10\\,km of 5\\,$\\mu$m and \\alpha\\ rays', '10 km of 5 $\\mu$m and α rays'],
    ['\\url{http://a.b/~c_d--e} \\href{http://x.org}{here}', 'http://a.b/~c_d--e here'],
    ['as shown \\cite[p.~3]{a,b}, with \\name and \\system{Loom}', 'as shown , with name and Loom'],
    ['one\\\\two \\par three\\newline four', 'one two three four'],
    ['\\begin{itemize}\\item a \\item b\\end{itemize}', 'a b'],
    ['\\textasciitilde{} \\textbackslash{}x -{}- \\^{} \\~{} \\textless{}', '~ \\x -- ^ ~ <'],
    ["C\\^{o}t\\'{e} \\LaTeX", 'Côté LaTeX'],
    ['\\constructor \\__proto__', 'constructor __proto__'],
    ['unbalanced {{ and }', 'unbalanced and'],
  ])('makes text of %j', (tex, text) => {
    expect(cleanText(fromTex(tex))).toBe(text);
  });

  it.each([
    '$x_1 < y$',
    '$$\\int_{a}^{b} f$$',
    'an \\(O(n^{2})\\) bound',
    '\\[ a--b \\]',
    "\\begin{align}x &= \\'y \\\\ z\\end{align}",
    'cost $5',
    '$\\{a\\}$ and $\\text{if \\$5}$',
  ])('leaves mathematics as it is: %j', (tex) => {
    expect(fromTex(tex)).toBe(tex);
  });

  it('returns plain text untouched', () => {
    fc.assert(
      fc.property(fc.string(), (text) => {
        const plain = text.replace(/[\\{}~$`'-]/g, '');
        expect(fromTex(plain)).toBe(plain);
      }),
    );
  });

  it('leaves no brace where there is no mathematics', () => {
    const pieces = [
      '{',
      '}',
      "\\'",
      '\\"',
      '\\v',
      '\\cite{',
      '\\emph',
      '\\foo',
      '\\i',
      '~',
      '--',
      '``',
      'e',
      ' ',
      '\n',
      'Ω',
      '😀',
      '%',
    ];
    const tex = fc.array(fc.constantFrom(...pieces), { maxLength: 40 }).map((parts) => parts.join(''));
    fc.assert(
      fc.property(tex, (text) => {
        expect(fromTex(text)).not.toMatch(/[{}]/);
      }),
    );
  });

  it('makes a text of anything', () => {
    fc.assert(
      fc.property(mixed(TEX), (tex) => {
        expect(typeof fromTex(tex)).toBe('string');
      }),
    );
  });

  it.each(['{', '$', '\\(', "\\'{", '\\cite{', '\\begin{align}', '\\$', '$\\', '~', '-'])(
    'takes an endless row of %j',
    (piece) => {
      expect(typeof fromTex(piece.repeat(50_000))).toBe('string');
    },
  );
});

describe('fromHtml', () => {
  it.each([
    ['<jats:title>Abstract</jats:title><jats:p>One.</jats:p><jats:p>Two.</jats:p>', 'One. Two.'],
    ['<p>One<br>two</p><ul><li>three</ul>', 'One two three'],
    ['<i>E. coli</i>, H<sub>2</sub>O, <b class="x">b</b>', 'E. coli, H2O, b'],
    ['10<sup>-3</sup> and 10<sup>th</sup>', '10^-3 and 10th'],
    ['A&amp;B, R&D, &nbsp;x&#8217;s &eacute;', 'A&B, R&D, x’s é'],
    ['&lt;i&gt;Foo&lt;/i&gt; and &amp;lt;b&amp;gt;bar&amp;lt;/b&amp;gt;', 'Foo and bar'],
    ['P&lt;0.05 &amp;lt; 1', 'P<0.05 < 1'],
    ['<a href="http://x.org/?a=1">here</a>', 'here'],
    ['a<script>alert("<p>")</script>b<style>p{}</style>c<!-- <p> -->d', 'abcd'],
    ['<![CDATA[x < y]]>', 'x < y'],
    [
      '<math><semantics><mrow><mi>x</mi>\n<mo>=</mo></mrow><annotation encoding="application/x-tex">x=2</annotation></semantics></math>',
      '$x=2$',
    ],
    ['<mml:math><mml:mi>α</mml:mi>\n <mml:mo>&lt;</mml:mo><mml:mn>3</mml:mn></mml:math>', 'α<3'],
    [
      '<inline-formula><alternatives><tex-math>\\documentclass{minimal}\\begin{document}$$x_1 &lt; y$$\\end{document}</tex-math><mml:math><mml:mi>x</mml:mi></mml:math></alternatives></inline-formula>',
      '$x_1 < y$',
    ],
    ['<tex-math notation="LaTeX">$k$ </tex-math>-means', '$k$-means'],
    ['<math alttext="n^2"><mi>n</mi></math>', '$n^2$'],
  ])('makes text of %j', (html, text) => {
    expect(cleanText(fromHtml(html))).toBe(text);
  });

  it.each([
    'a < b and c > d',
    'p<0.05, n>3',
    'for s<t and t<i we have i>s',
    '<think> step </think> <SEP> <s> </s>',
    'an <i> alone, x <b and c> d',
    '<title> [SEP] <abstract>',
    '$a<b$ and $x <i> y</i>$',
    'R&D, AT&T, x&y;',
    'mail <ada@example.org>',
  ])('leaves what is no markup: %j', (text) => {
    expect(fromHtml(text)).toBe(text);
  });

  it('never fails, and leaves no tag of JATS', () => {
    fc.assert(
      fc.property(mixed(HTML), (html) => {
        expect(typeof fromHtml(html)).toBe('string');
      }),
      { numRuns: 1000 },
    );
    fc.assert(
      fc.property(mixed(HTML), (html) => {
        expect(fromHtml(html.replace(/\$|<!--/g, ''))).not.toContain('<jats:p>');
      }),
    );
  });

  it.each([
    '<',
    '<a ',
    '<a b="',
    '<math>',
    '<script>',
    '<!--',
    '&amp;',
    '$a',
    '<i>',
    '<math><annotation ',
    '<tex-math>\\begin{document}',
  ])('takes an endless row of %j', (piece) => {
    expect(typeof fromHtml(piece.repeat(50_000))).toBe('string');
  });
});
