import { describe, expect, it } from 'vitest';
import { pubmed } from '../../../src/collection/pubmed.ts';
import { readFixture } from './fixture.ts';
import { papersIn, readAs, rejectionsIn } from './reading.ts';

const article = (inner: string, more = '') =>
  `<PubmedArticleSet><PubmedArticle><MedlineCitation><PMID>1</PMID><Article>${inner}</Article>${more}</MedlineCitation></PubmedArticle></PubmedArticleSet>`;

async function paper(text: string) {
  const readings = await readAs(pubmed, text);
  const found = papersIn(readings)[0];
  if (!found) throw new Error(rejectionsIn(readings).join());
  return found;
}

describe('PubMed XML', () => {
  it('gives articles with all fields', async () => {
    const { readings, formats } = await readFixture('pubmed.xml');
    expect(formats).toEqual(['pubmed']);
    expect(papersIn(readings)[0]).toEqual({
      id: 'DOI:10.1000/rope.1',
      ids: { doi: '10.1000/rope.1', pmid: '31000001' },
      title: 'Effects of H2O on Funis vulgaris',
      abstract: 'BACKGROUND: Ropes get wet. METHODS: We poured 10^3 ml at p < 0.05. All is said.',
      authors: ['Orla M Finch', 'Martin King Jr.', 'Rope Study Group'],
      categories: [],
      keywords: ['rope', 'wetness', 'Water'],
      year: 2019,
      date: '2019-12-09',
      venue: 'The Journal of rope medicine',
    });
  });

  it('marks retracted articles, reads chapters of books and tells deletions', async () => {
    const { readings } = await readFixture('pubmed.xml');
    const [, retracted, chapter] = papersIn(readings);
    expect(retracted).toMatchObject({ id: 'PMID:31000002', title: 'On old ropes', year: 1998, withdrawn: true });
    expect(chapter).toMatchObject({
      id: 'PMID:31000003',
      title: 'Splices',
      venue: 'A Book of Ropes',
      authors: ['A de Wit'],
      year: 2011,
    });
    expect(readings.slice(3)).toMatchObject([
      { kind: 'withdrawn', id: 'PMID:31000004', line: 62 },
      { kind: 'withdrawn', id: 'PMID:31000005', line: 62 },
    ]);
  });

  it.each([
    ['<Year>2020</Year><Month>Feb</Month><Day>3</Day>', { year: 2020, date: '2020-02-03' }],
    ['<Year>2020</Year><Month>02</Month><Day>03</Day>', { year: 2020, date: '2020-02-03' }],
    ['<Year>2020</Year><Month>Feb</Month>', { year: 2020 }],
    ['<Year>2020</Year><Season>Spring</Season>', { year: 2020 }],
    ['<MedlineDate>2000 Spring</MedlineDate>', { year: 2000 }],
    ['<MedlineDate>once</MedlineDate>', {}],
  ])('reads the date %s', async (date, expected) => {
    const text = article(
      `<Journal><JournalIssue><PubDate>${date}</PubDate></JournalIssue></Journal><ArticleTitle>T</ArticleTitle>`,
    );
    const { year, date: day } = await paper(text);
    expect({ year, date: day }).toEqual({ year: undefined, date: undefined, ...expected });
  });

  it.each([
    ['Knots.', 'Knots'],
    ['[Knots].', 'Knots'],
    ['[Knots.]', 'Knots'],
    ['Vitamin E. coli and D.', 'Vitamin E. coli and D.'],
    ['x &lt; y', 'x < y'],
  ])('reads the title %j', async (given, title) => {
    expect((await paper(article(`<ArticleTitle>${given}</ArticleTitle>`))).title).toBe(title);
  });

  it('reads formulas and abstracts of other languages', async () => {
    const math =
      '<mml:math xmlns:mml="http://www.w3.org/1998/Math/MathML"><mml:mi>x</mml:mi><mml:mo>=</mml:mo><mml:mn>1</mml:mn></mml:math>';
    const found = await paper(
      article(
        '<ArticleTitle/><VernacularTitle>Knoten.</VernacularTitle>',
        `<OtherAbstract Language="ger"><AbstractText>Es ist ${math}, also gut.</AbstractText></OtherAbstract>`,
      ),
    );
    expect(found).toMatchObject({ title: 'Knoten', abstract: 'Es ist x=1, also gut.' });
  });

  it('rejects what is no article', async () => {
    expect(rejectionsIn(await readAs(pubmed, article('')))).toEqual(['1: title is missing']);
    const bare = '<PubmedArticleSet><PubmedArticle/>\n<PubmedBookArticle/></PubmedArticleSet>';
    expect(rejectionsIn(await readAs(pubmed, bare))).toEqual([
      '1: there is no Article in it',
      '2: there is no BookDocument in it',
    ]);
  });
});
