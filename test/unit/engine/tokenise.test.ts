import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { createTokeniser, stemsBehind } from '../../../src/engine/embedded/tokenise.ts';

const { terms, unfinished, counter } = createTokeniser();

/** Whether a query finds a text: all of its terms are among the text's. */
function finds(query: string, text: string): boolean {
  const known = new Set(terms(text));
  return terms(query).every((term) => known.has(term));
}

describe('terms', () => {
  it('stems English words and folds case, accents and ligatures', () => {
    expect(terms('Learning learned LEARNS')).toEqual(['learn', 'learn', 'learn']);
    expect(terms('naïve Straße Ørsted ﬁne')).toEqual(terms('naive strasse orsted fine'));
  });

  it.each([
    ['GPT-4', 'We compare GPT-4, and others.', 'gpt4'],
    ['C++', 'a library (C++).', 'c++'],
    ['C#', 'C#, a language', 'c#'],
    ['H2O', 'H₂O and H_2O', 'h2o'],
    ['3-SAT', 'solving 3-SAT.', '3sat'],
    ['A*', 'an A* search and A$^*$', 'a*'],
    ['state-of-the-art', 'a state-of-the-art result', 'art'],
    ['GPT-3.5', 'GPT3.5-turbo', 'gpt3.5turbo'],
  ])('keeps %s findable as a name', (query, text, term) => {
    expect(finds(query, text) || terms(text).includes(term)).toBe(true);
    expect(terms(text)).toContain(term);
  });

  it('lets hyphenated words be found whole, by their parts and written as one', () => {
    const text = 'semi-supervised pre-training';
    for (const query of ['semi-supervised', 'supervised', 'training', 'pretraining', 'semisupervised']) {
      expect([query, finds(query, text)]).toEqual([query, true]);
    }
    expect(terms('Navier–Stokes')).toEqual(terms('Navier-Stokes'));
  });

  it('reads Greek letters and their TeX commands as the same words', () => {
    expect(terms('σ-algebra')).toEqual(terms('$\\sigma$-algebra'));
    expect(terms('σ-algebra')).toEqual(terms('sigma-algebra'));
    expect(terms('\\alpha')).toEqual(['alpha']);
    expect(terms('TGF-β')).toEqual(terms('TGF-beta'));
  });

  it('reads TeX indices like their plain spellings', () => {
    for (const spelling of ['$\\ell_1$', '$\\ell_{1}$', 'ℓ1', 'L_1', 'L1', '$L^1$']) {
      expect([spelling, terms(spelling).includes('l1')]).toEqual([spelling, true]);
    }
  });

  it('leaves out TeX commands that only set type, and decodes TeX accents', () => {
    expect(terms('$\\mathcal{O}(n)$ \\textbf{bold}')).toEqual(['o', 'n', 'bold']);
    expect(terms('Schr{\\"o}dinger Erd\\H{o}s R\\\'enyi')).toEqual(terms('Schrödinger Erdős Rényi'));
  });

  it('joins decimals, thousands, initials and possessives', () => {
    expect(terms("3.14 1,000 U.S. Bayes's")).toEqual(['3.14', '1000', 'us', 'bay']);
  });

  it('takes URLs for the words in them', () => {
    expect(terms('see https://www.example.org/flash3d/.')).toEqual(['see', 'exampl', 'org', 'flash3d']);
  });

  it('finds text written without blanks by characters and by pairs', () => {
    expect(finds('检索', '语义检索系统')).toBe(true);
    expect(finds('検', '検索')).toBe(true);
    expect(finds('BERT', 'BERT模型')).toBe(true);
    expect(terms('索检').some((term) => term === '检索')).toBe(false);
  });

  it('cuts terms that nobody types', () => {
    expect(terms('x'.repeat(1000))).toEqual(['x'.repeat(64)]);
    expect(terms('𝔛'.repeat(100))).toEqual(['x'.repeat(64)]);
  });

  it.each([
    'a',
    '-',
    'a-',
    '\\',
    '{',
    '$',
    '1,',
    'a.',
    "a'",
    '_^',
    'a\u0301\u0323',
    '\u0301',
    '検',
    '\\a',
    'a*',
    'https://',
  ])('reads 200,000 characters of %j', (piece) => {
    expect(() => terms(piece.repeat(Math.floor(200_000 / piece.length)))).not.toThrow();
  });

  it('never throws, and gives no blank, empty or overlong term', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary', maxLength: 200 }), (text) => {
        for (const term of [...terms(text), ...unfinished(text)]) {
          expect(term.length).toBeGreaterThan(0);
          expect(term.length).toBeLessThanOrEqual(66);
          expect(term).not.toMatch(/\s/);
        }
      }),
    );
  });

  it('gives the same terms the second time, when they come from the memo', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'grapheme', maxLength: 30 }), (text) => {
        expect(terms(text)).toEqual(createTokeniser().terms(text));
      }),
    );
  });
});

describe('unfinished', () => {
  it('gives the last word as typed, unless it is finished', () => {
    expect(unfinished('neural netw')).toEqual(['netw']);
    expect(unfinished('neural network ')).toEqual([]);
    expect(unfinished('neural network.')).toEqual([]);
    expect(unfinished('')).toEqual([]);
  });

  it('gives the last part of a compound, and the compound as one word', () => {
    expect(unfinished('use gpt-4')).toEqual(['4', 'gpt4']);
  });
});

describe('stemsBehind', () => {
  it('knows the shorter stems that a half-typed word leads to', () => {
    expect(stemsBehind('retrieva')).toContain('retriev');
    expect(stemsBehind('learnin')).toContain('learn');
    expect(stemsBehind('ne')).toEqual([]);
  });
});

describe('counter', () => {
  const word = fc.constantFrom(
    ...[
      'owls',
      'Owl',
      'owling,',
      '(owl)',
      'pre-training',
      'GPT-4',
      'naïve',
      'ies',
      'i',
      'a.',
      'sky',
      'skies',
      '$\\ell_1$',
    ],
    ...['the', 'training.', "owl's", 'C++', 'e.g.', 'ówl', 'TRAIN;', '\u00a0', '3.5', 'σ-algebra', 'https://owl.org/a'],
  );
  const text = fc.array(fc.oneof(word, fc.string({ unit: 'binary', maxLength: 6 })), { maxLength: 30 });

  it('counts as finding every term and comparing it would, in any text', () => {
    fc.assert(
      fc.property(text, text, fc.constantFrom(' ', '\n', '\u3000'), (query, words, blank) => {
        const wanted = new Set(terms(query.join(' ')));
        const found = terms(words.join(blank));
        const expected = new Map<string, number>();
        for (const term of found) if (wanted.has(term)) expected.set(term, (expected.get(term) ?? 0) + 1);
        const { counts, length } = counter(wanted)(words.join(blank));
        expect(new Map(counts)).toEqual(expected);
        expect(length).toBe(found.length);
      }),
      { numRuns: 500 },
    );
  });
});
