import { describe, expect, it } from 'vitest';
import { FORMATS } from '../../../src/collection/mod.ts';
import { feed } from '../../../src/collection/feed.ts';
import { readFixture } from './fixture.ts';
import { papersIn, readAs, rejectionsIn } from './reading.ts';

const escaped = (html: string) => html.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;');
const ABSTRACT = 'We tie knots of many kinds, and show that the ones which hold are those that nobody understands.';

const rss = (inner: string) =>
  `<rss version="2.0" xmlns:dc="http://purl.org/dc/elements/1.1/" xmlns:prism="http://prismstandard.org/namespaces/basic/2.0/"
     xmlns:content="http://purl.org/rss/1.0/modules/content/"><channel><title>Ropes &nbsp; & Knots</title>
     <atom:link xmlns:atom="http://www.w3.org/2005/Atom" href="https://example.org/rss?a=1&b=2"/><item>${inner}</item></channel></rss>`;
const atom = (inner: string) =>
  `<feed xmlns="http://www.w3.org/2005/Atom"><title>Ropes</title><entry>${inner}</entry></feed>`;

async function paper(text: string) {
  const readings = await readAs(feed, text);
  const found = papersIn(readings)[0];
  if (!found) throw new Error(rejectionsIn(readings).join());
  return found;
}

describe('feeds of arXiv', () => {
  it('as RSS give papers without the words around the abstract', async () => {
    const { readings, formats } = await readFixture('feed-arxiv.xml');
    expect(formats).toEqual(['feed']);
    expect(papersIn(readings)).toEqual([
      {
        id: 'arXiv:2503.00001',
        ids: { arxiv: '2503.00001' },
        title: 'A Grammar of Knots in $\\mathbb{R}^3$',
        abstract: 'We tie knots & untie them, for $a < b$.',
        authors: ['Orla Finch', 'Paulo André'],
        categories: ['math.GT', 'cs.RO'],
        keywords: [],
        year: 2025,
        date: '2025-03-04',
        version: 1,
        versions: [{ number: 1 }],
      },
      {
        id: 'arXiv:2411.00002',
        ids: { arxiv: '2411.00002', doi: '10.1000/hitches' },
        title: 'Hitches',
        abstract: 'We hitch.',
        authors: ['Ada de Wit'],
        categories: ['math.GT'],
        keywords: [],
        year: 2024,
        version: 4,
        versions: [{ number: 4 }],
      },
    ]);
  });

  it('as Atom give the same', async () => {
    const text = `<feed xmlns="http://www.w3.org/2005/Atom" xmlns:arxiv="http://arxiv.org/schemas/atom" xmlns:dc="http://purl.org/dc/elements/1.1/">
      <id>http://rss.arxiv.org/atom/math.GT</id><entry><id>oai:arXiv.org:2503.00001v1</id><title>Knots</title><updated>2025-03-04T05:00:00Z</updated>
      <link href="https://arxiv.org/abs/2503.00001" rel="alternate"/><summary>arXiv:2503.00001v1 Announce Type: new\nAbstract: We tie.</summary>
      <category term="math.GT"/><published>2025-03-04T00:00:00-05:00</published><arxiv:announce_type>new</arxiv:announce_type><dc:creator>Orla Finch, Pim Sørensen</dc:creator></entry></feed>`;
    expect(FORMATS.filter((format) => format.recognises(text)).map(({ name }) => name)).toEqual(['feed']);
    expect(await paper(text)).toMatchObject({
      id: 'arXiv:2503.00001',
      abstract: 'We tie.',
      authors: ['Orla Finch', 'Pim Sørensen'],
      categories: ['math.GT'],
      date: '2025-03-04',
    });
  });
});

describe('feeds of preprints and journals', () => {
  it('of RSS 1.0 as bioRxiv’s give papers', async () => {
    const { readings, formats } = await readFixture('feed-preprints.xml');
    expect(formats).toEqual(['feed']);
    expect(papersIn(readings)).toEqual([
      {
        id: 'DOI:10.1101/2025.03.01.123456',
        ids: {
          doi: '10.1101/2025.03.01.123456',
          url: 'https://www.biorxiv.org/content/10.1101/2025.03.01.123456v2?rss=1',
        },
        title: 'How Funis vulgaris Ties Itself',
        abstract:
          'Ropes of the species Funis vulgaris tie themselves at p<0.05 when nobody is looking, which we show here.',
        authors: ['O. Finch', 'P. A. Soerensen', 'A. de Wit'],
        categories: [],
        keywords: [],
        year: 2025,
        date: '2025-03-04',
        venue: 'bioRxiv',
        url: 'https://www.biorxiv.org/content/10.1101/2025.03.01.123456v2?rss=1',
        version: 2,
        versions: [{ number: 2 }],
      },
    ]);
  });

  it('with fields of PRISM and Dublin Core give them all', async () => {
    const found = await paper(
      rss(`<title>${escaped('On <i>Knots</i> &amp; Ropes')}</title><link>https://example.org/article/1</link><dc:creator>Finch, Orla</dc:creator><dc:creator>Pim Sørensen</dc:creator>
        <prism:doi>10.1000/Knots</prism:doi><prism:publicationName>Journal of Ropes</prism:publicationName><prism:publicationDate>2025-03-04</prism:publicationDate>
        <category>Knots</category><content:encoded>${escaped(`<p>ABSTRACT</p><p>${ABSTRACT}</p>`)}</content:encoded><description>Short.</description>`),
    );
    expect(found).toEqual({
      id: 'DOI:10.1000/knots',
      ids: { doi: '10.1000/knots', url: 'https://example.org/article/1' },
      title: 'On Knots & Ropes',
      abstract: ABSTRACT,
      authors: ['Orla Finch', 'Pim Sørensen'],
      categories: [],
      keywords: ['Knots'],
      year: 2025,
      date: '2025-03-04',
      venue: 'Journal of Ropes',
      url: 'https://example.org/article/1',
    });
  });

  it('that describe the publication only have no abstract', async () => {
    const found = await paper(
      rss(
        `<title>On Knots</title><link>https://example.org/1</link><description>${escaped(
          '<p>Publication date: March 2025</p><p><b>Source:</b> Journal of Ropes, Volume 3</p><p>Author(s): Orla Finch, Pim Sørensen</p>',
        )}</description>`,
      ),
    );
    expect(found).toMatchObject({ abstract: '', authors: ['Orla Finch', 'Pim Sørensen'], venue: 'Journal of Ropes' });
  });

  it.each([
    ['On Knots', ''],
    [ABSTRACT, ABSTRACT],
    [`Abstract: ${ABSTRACT}`, ABSTRACT],
    ['A teaser.', ''],
    ['<p>Ropes, Published online: 04 March 2025; <a href="x">doi:10.1000/1</a></p>A teaser', ''],
    [
      `<p>Ropes, Vol. 3, Pages 12: On Knots</p><p>Ropes doi: 10.3390/1</p><p>Authors: Orla Finch</p><p>${ABSTRACT}</p>`,
      ABSTRACT,
    ],
    [`<p>by Orla Finch, Pim Sørensen</p>${ABSTRACT}`, ABSTRACT],
    [`<p>${ABSTRACT}</p><p>The post On Knots appeared first on Ropes.</p>`, ABSTRACT],
    ['x'.repeat(20_000), ''],
  ])('with the description %j have the abstract %j', async (description, abstract) => {
    const found = await paper(
      rss(
        `<title>On Knots</title><link>https://example.org/1</link><description>${escaped(description)}</description>`,
      ),
    );
    expect(found.abstract).toBe(abstract);
  });

  it('of Atom with XHTML give papers', async () => {
    const found = await paper(
      atom(`<title type="html">On &lt;b&gt;Knots&lt;/b&gt;</title><id>urn:uuid:1</id><updated>2025-03-04T00:00:00Z</updated><author><name>Orla Finch</name></author>
        <link rel="self" href="https://example.org/self"/><link href="https://example.org/1"/><category term="k" label="Knots"/>
        <content type="xhtml"><div xmlns="http://www.w3.org/1999/xhtml"><p>We tie knots of 10<sup>3</sup> kinds.</p><p>${ABSTRACT}</p></div></content>`),
    );
    expect(found).toEqual({
      id: 'https://example.org/1',
      ids: { url: 'https://example.org/1' },
      title: 'On Knots',
      abstract: `We tie knots of 10^3 kinds. ${ABSTRACT}`,
      authors: ['Orla Finch'],
      categories: [],
      keywords: ['Knots'],
      year: 2025,
      date: '2025-03-04',
      url: 'https://example.org/1',
    });
  });

  it.each([
    ['https://onlinelibrary.example.org/doi/abs/10.1002/foo.12?af=R', 'DOI:10.1002/foo.12'],
    ['https://example.org/doi/full/10.1080/1234/full', 'DOI:10.1080/1234'],
    ['https://journals.example.org/article?id=10.1371/journal.x.1', 'DOI:10.1371/journal.x.1'],
    ['https://www.medrxiv.org/content/10.1101/2025.01.01.1v3.full.pdf', 'DOI:10.1101/2025.01.01.1'],
    ['https://arxiv.org/abs/2503.00001v2', 'arXiv:2503.00001'],
    ['https://example.org/article/1', 'https://example.org/article/1'],
  ])('name the paper by the address %s', async (link, id) => {
    expect((await paper(rss(`<title>T</title><link>${link}</link>`))).id).toBe(id);
  });

  it.each([
    ['<author>ropes@example.org (Orla Finch)</author>', ['Orla Finch']],
    ['<dc:creator>Orla Finch, Pim Sørensen</dc:creator>', ['Orla Finch', 'Pim Sørensen']],
    ['<dc:creator>Finch, O., Sørensen, P.-A.</dc:creator>', ['O. Finch', 'P.-A. Sørensen']],
    ['<dc:creator>Orla Finch; Pim Sørensen</dc:creator>', ['Orla Finch', 'Pim Sørensen']],
  ])('read the authors of %s', async (inner, authors) => {
    expect((await paper(rss(`<title>T</title>${inner}`))).authors).toEqual(authors);
  });

  it('mark retracted papers, and keep a paper whose day cannot be read', async () => {
    const found = await paper(rss('<title>RETRACTED: On Knots</title><pubDate>one day in 20225</pubDate>'));
    expect(found).toMatchObject({ title: 'RETRACTED: On Knots', withdrawn: true });
    expect(found).not.toHaveProperty('year');
  });

  it('reject an entry without a title', async () => {
    expect(await readAs(feed, rss('<link>https://example.org/1</link>'))).toMatchObject([
      { kind: 'rejected', field: 'title' },
    ]);
  });

  it('are not slowed by a record of any shape', async () => {
    for (const part of ['<p', '&lt;p', '&lt;p&gt;', '(', '\n ', '10.1000/', 'v1.', ', ', 'and ']) {
      const text = part.repeat(100_000);
      for (const field of ['title', 'link', 'description', 'dc:creator', 'author', 'guid'])
        expect((await readAs(feed, rss(`<title>T</title><${field}>${text}</${field}>`))).length).toBeLessThan(2);
    }
  });
});
