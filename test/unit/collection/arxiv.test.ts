import { describe, expect, it } from 'vitest';
import { arxivAuthors, arxivIdIn, arxivYear, isWithdrawn } from '../../../src/collection/arxiv-metadata.ts';
import { arxivAtom } from '../../../src/collection/atom.ts';
import { readFixture } from './fixture.ts';
import { papersIn, readAs, rejectionsIn } from './reading.ts';

describe('answers of arXiv’s API', () => {
  it('give papers with their versions and all fields, TeX decoded', async () => {
    const { readings, formats } = await readFixture('arxiv-api.xml');
    expect(formats).toEqual(['arxiv-atom']);
    expect(readings.map(({ line }) => line)).toEqual([8, 33]);
    expect(papersIn(readings)[0]).toEqual({
      id: 'arXiv:2503.00001',
      ids: { arxiv: '2503.00001', doi: '10.1000/knots.1' },
      title: 'A Grammar of Knots in $\\mathbb{R}^3$',
      abstract: 'We tie knots & untie them, for $a < b$, and find that Poincaré would agree.',
      authors: ['Orla Finch', 'Pim Sørensen'],
      categories: ['math.GT', 'cs.RO'],
      keywords: [],
      year: 2025,
      date: '2025-03-01',
      venue: 'Knots 3 (2025) 1-9',
      comment: '9 pages, 2 figures',
      version: 3,
      versions: [
        { number: 1, date: '2025-03-01' },
        { number: 3, date: '2025-03-19' },
      ],
    });
  });

  it('mark papers that were withdrawn', async () => {
    const papers = papersIn((await readFixture('arxiv-api.xml')).readings);
    expect(papers[1]).toMatchObject({ id: 'arXiv:hep-th/9901001', version: 1, withdrawn: true });
  });

  const entry = (inner: string) => `<feed xmlns="http://www.w3.org/2005/Atom"><entry>${inner}</entry></feed>`;

  it('that are an error reject it with what arXiv says', async () => {
    const error = entry(
      '<id>http://arxiv.org/api/errors#bad_id</id><title>Error</title><summary>incorrect id format</summary>',
    );
    expect(arxivAtom.recognises(error)).toBe(true);
    expect(rejectionsIn(await readAs(arxivAtom, error))).toEqual(['1: arXiv answered: incorrect id format']);
  });

  it.each([
    ['<id>http://arxiv.org/abs/2503.00001v1</id>', 'title', 'title is missing'],
    ['<title>T</title><published>soon</published>', 'date', 'date must be a day as YYYY-MM-DD, found the text "soon"'],
  ])('without what is needed reject the entry: %s', async (inner, field, reason) => {
    expect(await readAs(arxivAtom, entry(inner))).toEqual([
      { kind: 'rejected', file: 'papers', line: 1, field, reason },
    ]);
  });
});

describe('arXiv’s authors in one text', () => {
  it.each([
    ['Orla Finch', ['Orla Finch']],
    ['Orla Finch, Pim Sørensen', ['Orla Finch', 'Pim Sørensen']],
    ['Orla Finch and Pim Sørensen', ['Orla Finch', 'Pim Sørensen']],
    ['Orla Finch, Pim Sørensen, and Ada de Wit', ['Orla Finch', 'Pim Sørensen', 'Ada de Wit']],
    ["Andr\\'e Finch, Pim S{\\o}rensen", ['André Finch', 'Pim Sørensen']],
    ['O. Finch (1 and 2), P. Sørensen (2) ((1) Univ. of X, (2) Y, Z)', ['O. Finch', 'P. Sørensen']],
    ['Orla Finch (University of Ropes), Pim Sørensen (Institute, City, and Land)', ['Orla Finch', 'Pim Sørensen']],
    ['Martin King, Jr., Orla Finch, III', ['Martin King Jr.', 'Orla Finch III']],
    ['ROPE Collaboration: O. Finch, et al.', ['ROPE Collaboration', 'O. Finch']],
    ['Orla Finch et al', ['Orla Finch']],
    ['Orla Finch (1, Pim Sørensen', ['Orla Finch 1', 'Pim Sørensen']],
    ['Orla Finch 1), Pim Sørensen', ['Orla Finch 1', 'Pim Sørensen']],
    ['Alexander Andrews, Fernando Andino', ['Alexander Andrews', 'Fernando Andino']],
    [' , ; and', []],
  ])('%j', (joined, authors) => {
    expect(arxivAuthors(joined)).toEqual(authors);
  });

  it('of any shape are read in one pass', () => {
    for (const part of ['(', ')', '()', 'Jr,', 'and ', ' , ', '\\'])
      expect(arxivAuthors(part.repeat(200_000)).length).toBeLessThan(200_001);
  });
});

describe('whether arXiv’s comment or abstract says that a paper is withdrawn', () => {
  it.each([
    ['This paper has been withdrawn by the author due to a crucial error', undefined],
    ['9 pages This paper has been withdrawn by the authors', undefined],
    ['Withdrawn', undefined],
    ['12 pages. Paper withdrawn. See the newer one', undefined],
    ['arXiv admin note: submission has been withdrawn by arXiv administrators', undefined],
    ['This paper has been withdrawn from the arXiv.', undefined],
    [undefined, 'This paper has been withdrawn by the author.'],
    [undefined, 'We prove things. The article is withdrawn because Lemma 2 is wrong.'],
  ])('yes: %j, %j', (comment, abstract) => {
    expect(isWithdrawn(comment, abstract)).toBe(true);
  });

  it.each([
    [undefined, undefined],
    ['9 pages', 'We study papers that were withdrawn.'],
    ['Version 4 withdrawn due to an error', undefined],
    ['The first version of the paper was withdrawn', undefined],
    ['This paper was withdrawn from KNOTS 2025', undefined],
    [undefined, 'Money that has been withdrawn; we ask whether this paper has been withdrawn by accident.'],
  ])('no: %j, %j', (comment, abstract) => {
    expect(isWithdrawn(comment, abstract)).toBe(false);
  });
});

describe('arXiv’s ids', () => {
  it.each([
    ['oai:arXiv.org:2503.00001', 'arXiv:2503.00001'],
    ['oai:arXiv.org:hep-th/9901001', 'arXiv:hep-th/9901001'],
    ['oai:arXiv.org:2503.00001v2', 'arXiv:2503.00001'],
    ['oai:arXiv.org:nothing', undefined],
    ['oai:example.org:2503.00001', undefined],
  ])('in the OAI identifier %s', (identifier, id) => {
    expect(arxivIdIn(identifier)).toBe(id);
  });

  it.each([
    ['2503.00001v2', 2025],
    ['hep-th/9901001', 1999],
    ['math/0309136', 2003],
    ['10.1000/2503', undefined],
  ])('tell the year: %s', (id, year) => {
    expect(arxivYear(id)).toBe(year);
  });
});
