import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { CITATIONS } from '../../../../src/collection/mod.ts';
import { CITATION_FORMATS, type Paper } from '../../../../src/domain/mod.ts';
import { nastyPaper } from '../../../support/papers.ts';

const { bibtex, ris } = CITATIONS;

const PAPER: Paper = {
  id: 'arXiv:1706.03762',
  ids: { arxiv: '1706.03762' },
  title: 'Attention Is All You Need',
  authors: ['Ashish Vaswani', 'Ludwig van Beethoven', 'Bell and Howell Company'],
  year: 2017,
  date: '2017-06-12',
  venue: 'NeurIPS',
  categories: ['cs.CL', 'cs.LG'],
  keywords: ['attention'],
  abstract: 'Recurrent networks read one token after another.',
  comment: '15 pages',
  citations: 3,
};

describe('a citation', () => {
  it('in BibTeX has a short key, what a reference list needs, and nothing of the library', () => {
    expect(bibtex.cite({ ...PAPER, url: 'https://arxiv.org/abs/1706.03762' }))
      .toBe(`@inproceedings{vaswani2017attention,
  title = {Attention Is All You Need},
  author = {Vaswani, Ashish and van Beethoven, Ludwig and {Bell and Howell Company}},
  booktitle = {NeurIPS},
  year = {2017},
  month = jun,
  eprint = {1706.03762},
  archiveprefix = {arXiv},
  primaryclass = {cs.CL},
  url = {https://arxiv.org/abs/1706.03762},
}
`);
  });

  it('in RIS is a record with the address of the preprint where no other is known', () => {
    expect(ris.cite(PAPER)).toBe(`TY  - CPAPER
TI  - Attention Is All You Need
AU  - Vaswani, Ashish
AU  - van Beethoven, Ludwig
AU  - Bell and Howell Company
PY  - 2017
DA  - 2017/06/12
T2  - NeurIPS
UR  - https://arxiv.org/abs/1706.03762
ER  - 
`);
  });

  it('in CSL-JSON is a list of one, for people to read', () => {
    const text = CITATIONS['csl-json'].cite(PAPER);
    expect(JSON.parse(text)).toEqual([
      {
        id: 'vaswani2017attention',
        type: 'paper-conference',
        title: 'Attention Is All You Need',
        author: [
          { family: 'Vaswani', given: 'Ashish' },
          { family: 'Beethoven', given: 'Ludwig', 'non-dropping-particle': 'van' },
          { literal: 'Bell and Howell Company' },
        ],
        issued: { 'date-parts': [[2017, 6, 12]] },
        'container-title': 'NeurIPS',
        URL: 'https://arxiv.org/abs/1706.03762',
      },
    ]);
    expect(text.split('\n').length).toBeGreaterThan(10);
  });

  it('files papers by how they came out', () => {
    const { venue: _, ...preprint } = PAPER;
    expect(bibtex.cite({ ...PAPER, venue: 'Nature' })).toMatch(/^@article\{[^]*journal =/);
    expect(bibtex.cite(preprint)).toMatch(/^@misc/);
    expect(ris.cite(preprint)).toMatch(/^TY {2}- UNPB/);
  });

  it.each(CITATION_FORMATS)('in %s gives no address that a program could be run by', (format) => {
    const { ids: _, ...paper } = PAPER;
    const text = CITATIONS[format].cite({ ...paper, id: 'x', ids: { local: 'x' }, url: 'javascript:alert(1)' });
    expect(text).not.toContain('javascript');
  });

  it('has a key even where author, year and title give none', () => {
    const { year: _, ...paper } = PAPER;
    expect(bibtex.cite({ ...paper, authors: [], title: '…' })).toMatch(/^@inproceedings\{paper,/);
  });

  it('in BibTeX always has balanced braces, whatever the paper', () => {
    fc.assert(
      fc.property(nastyPaper, (paper) => {
        let depth = 0;
        for (const sign of bibtex.cite(paper)) {
          if (sign === '{') depth += 1;
          if (sign === '}') depth -= 1;
          expect(depth).toBeGreaterThanOrEqual(0);
        }
        expect(depth).toBe(0);
      }),
    );
  });
});
