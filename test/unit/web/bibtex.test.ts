import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { PaperJson } from '../../../src/domain/mod.ts';
import { bibtexOf } from '../../../src/web/bibtex.ts';

const paper: PaperJson = {
  id: 'arXiv:1706.03762',
  ids: { arxiv: '1706.03762' },
  title: 'Attention Is All You Need',
  authors: ['Ashish Vaswani', 'Noam Shazeer'],
  year: 2017,
  date: '2017-06-12',
  venue: 'NeurIPS',
  categories: ['cs.CL', 'cs.LG'],
  keywords: [],
  abstract: '',
  tldr: null,
  comment: null,
  citations: null,
  upvotes: null,
  url: 'https://arxiv.org/abs/1706.03762',
  version: null,
  versions: [],
  withdrawn: false,
  aliases: [],
  sources: ['sample'],
};

const field = (entry: string, name: string): string | undefined =>
  new RegExp(`^  ${name} +=\\s(.*),$`, 'm').exec(entry)?.[1];

const title = (text: string): string | undefined => field(bibtexOf({ ...paper, title: text }), 'title');

describe('a BibTeX entry', () => {
  it('is written from the metadata', () => {
    expect(bibtexOf(paper)).toBe(`@inproceedings{vaswani2017attention,
  title         = {Attention Is All You Need},
  author        = {Ashish Vaswani and Noam Shazeer},
  booktitle     = {NeurIPS},
  year          = {2017},
  month         = jun,
  eprint        = {1706.03762},
  archiveprefix = {arXiv},
  primaryclass  = {cs.CL},
  url           = {https://arxiv.org/abs/1706.03762},
}
`);
  });

  it('knows articles, and what is neither', () => {
    expect(bibtexOf({ ...paper, venue: 'Nature' })).toMatch(/^@article\{[^]*journal +=/);
    expect(bibtexOf({ ...paper, venue: null })).toMatch(/^@misc/);
    expect(bibtexOf({ ...paper, venue: 'arXiv preprint' })).toMatch(/^@misc/);
  });

  it.each([
    ['100% of R&D_x #1', String.raw`{100\% of R\&D\_x \#1}`],
    ['Learning BERT and U-Net', '{Learning {BERT} and {U-Net}}'],
    ['The $O(n^2)$ bound', '{The $O(n^2)$ bound}'],
    ['a } brace { and \\slash', String.raw`{a \textbraceright{} brace \textbraceleft{} and \textbackslash{}slash}`],
    ['It costs $5', String.raw`{It costs \$5}`],
    [String.raw`50\% of Schr\"odinger`, String.raw`{50\% of Schrödinger}`],
    ['two\nlines', '{two lines}'],
  ])('writes the title %j', (text, expected) => {
    expect(title(text)).toBe(expected);
  });

  it('keeps names that would be taken apart together', () => {
    const entry = bibtexOf({ ...paper, authors: ['Bell and Howell Company', 'Lovelace, Ada', 'et al.'] });
    expect(field(entry, 'author')).toBe('{{Bell and Howell Company} and Lovelace, Ada and others}');
    expect(entry).toContain('2017attention');
  });

  it('takes no address but the web’s, and none that would end its field', () => {
    expect(field(bibtexOf({ ...paper, url: 'javascript:alert(1)' }), 'url')).toBeUndefined();
    expect(field(bibtexOf({ ...paper, url: 'https://x.org/a}b c' }), 'url')).toBe('{https://x.org/a%7Db%20c}');
  });

  it('has a key even without author, year and title', () => {
    expect(bibtexOf({ ...paper, authors: [], year: null, title: '…' })).toMatch(/^@inproceedings\{paper,/);
  });

  it('always has balanced braces', () => {
    const text = fc.string({ unit: fc.constantFrom('{', '}', '\\', '$', 'a', ' ', '%', '^', 'É', '\\{', '$x$') });
    fc.assert(
      fc.property(text, text, text, (anyTitle, author, venue) => {
        let depth = 0;
        for (const char of bibtexOf({ ...paper, title: anyTitle, authors: [author], venue })) {
          if (char === '{') depth += 1;
          if (char === '}') depth -= 1;
          expect(depth).toBeGreaterThanOrEqual(0);
        }
        expect(depth).toBe(0);
      }),
    );
  });
});
