import { Readable } from 'node:stream';
import { describe, expect, it } from 'vitest';
import { oai, readOaiPage, type OaiPage, type OaiReading } from '../../../src/collection/oai.ts';
import { readFixture } from './fixture.ts';
import { collect, collectUntil, papersIn, readAs, rejectionsIn } from './reading.ts';

function pageOf(text: string): AsyncIterable<OaiReading | OaiPage> {
  const chunks = Readable.from([Buffer.from(text)]);
  return readOaiPage({ file: 'page.xml', chunks, maxRecordBytes: 1_000_000, columns: {} });
}

const answer = (inner: string) =>
  `<OAI-PMH xmlns="http://www.openarchives.org/OAI/2.0/"><responseDate>2025-03-20T06:00:00Z</responseDate>${inner}</OAI-PMH>`;

const record = (metadata: string, identifier = 'oai:ropes.example.org:1') =>
  answer(
    `<ListRecords><record><header><identifier>${identifier}</identifier></header><metadata>${metadata}</metadata></record></ListRecords>`,
  );

const dc = (inner: string) =>
  `<oai_dc:dc xmlns:oai_dc="http://www.openarchives.org/OAI/2.0/oai_dc/" xmlns:dc="http://purl.org/dc/elements/1.1/">${inner}</oai_dc:dc>`;

async function paper(text: string) {
  const readings = await readAs(oai, text);
  const found = papersIn(readings)[0];
  if (!found) throw new Error(rejectionsIn(readings).join());
  return found;
}

describe('OAI-PMH of arXiv', () => {
  it('as arXivRaw gives papers with versions, and withdrawals', async () => {
    const { readings, formats } = await readFixture('oai-arxiv-raw.xml');
    expect(formats).toEqual(['oai']);
    expect(papersIn(readings)[0]).toEqual({
      id: 'arXiv:2503.00001',
      ids: { arxiv: '2503.00001', doi: '10.1000/knots.1' },
      aliases: ['DOI:10.1000/knots.2'],
      title: 'A Grammar of Knots in $\\mathbb{R}^3$',
      abstract: 'We tie knots & untie them, for $a < b$. Gödel would agree.',
      authors: ['Orla Finch', 'Pim Sørensen', 'Martin King Jr.', 'Ada de Wit'],
      categories: ['math.GT', 'cs.RO'],
      keywords: [],
      year: 2025,
      date: '2025-03-01',
      venue: 'Knots 3 (2025) 1-9',
      comment: '9 pages',
      version: 2,
      versions: [
        { number: 1, date: '2025-03-01' },
        { number: 2, date: '2025-03-19' },
      ],
    });
    expect(readings[1]).toMatchObject({ kind: 'withdrawn', id: 'arXiv:hep-th/9901001', line: 29 });
    expect(papersIn(readings)[1]).toMatchObject({
      id: 'arXiv:2503.00002',
      date: '2025-03-02',
      version: 2,
      withdrawn: true,
    });
  });

  it('as arXiv gives papers with names put together', async () => {
    const arxiv = `<arXiv xmlns="http://arxiv.org/OAI/arXiv/"><id>math/0309136</id><created>2003-09-08</created><updated>2004-01-01</updated>
      <authors><author><keyname>King</keyname><forenames>Martin Luther</forenames><suffix>Jr.</suffix></author><author><keyname>Rope Group</keyname></author></authors>
      <title>Knots</title><categories>math.GT math.AG</categories><comments>8 pages</comments><journal-ref>K 1</journal-ref><doi>10.1000/k</doi>
      <abstract>We tie.</abstract></arXiv>`;
    expect(await paper(record(arxiv, 'oai:arXiv.org:math/0309136'))).toMatchObject({
      id: 'arXiv:math/0309136',
      ids: { doi: '10.1000/k' },
      authors: ['Martin Luther King Jr.', 'Rope Group'],
      date: '2003-09-08',
      categories: ['math.GT', 'math.AG'],
      venue: 'K 1',
      comment: '8 pages',
    });
  });

  it('as oai_dc knows the comment from the abstract', async () => {
    const found = await paper(
      record(
        dc(
          "<dc:title>Knots</dc:title><dc:description>We tie knots of Poincar\\'e.</dc:description><dc:description>Comment: 8 pages, long, with a great many figures and tables</dc:description><dc:identifier>http://arxiv.org/abs/math/0309136</dc:identifier><dc:identifier>doi:10.1000/k</dc:identifier>",
        ),
        'oai:arXiv.org:math/0309136',
      ),
    );
    expect(found).toMatchObject({
      id: 'arXiv:math/0309136',
      ids: { doi: '10.1000/k' },
      abstract: 'We tie knots of Poincaré.',
      comment: '8 pages, long, with a great many figures and tables',
    });
    expect(found).not.toHaveProperty('aliases');
  });
});

describe('OAI-PMH of any repository', () => {
  it('gives papers that a later deletion finds by the OAI identifier', async () => {
    const { readings, formats } = await readFixture('oai-dc.xml');
    expect(formats).toEqual(['oai']);
    const [bowline, thesis] = papersIn(readings);
    expect(bowline).toEqual({
      id: 'DOI:10.1000/bowline',
      ids: { doi: '10.1000/bowline', url: 'https://ropes.example.org/article/view/12' },
      aliases: ['oai:ropes.example.org:article/12'],
      title: 'The Bowline Revisited',
      abstract: 'The bowline holds & does not slip.',
      authors: ['Orla Finch', 'Pim Sørensen'],
      categories: [],
      keywords: ['knots', 'ropes', 'sailing'],
      year: 2023,
      date: '2023-11-02',
      venue: 'Journal of Ropes',
      url: 'https://ropes.example.org/article/view/12',
    });
    expect(thesis).toMatchObject({ id: 'oai:ropes.example.org:thesis/7', authors: ['Ada de Wit'], year: 1998 });
    expect(readings[2]).toMatchObject({ kind: 'withdrawn', id: 'oai:ropes.example.org:article/12', line: 39 });
  });

  it.each([
    [['2012-05-04T12:00:00Z', '2012-05-04T13:00:00Z', '2010-05'], { year: 2010 }],
    [['2015-02-03', '2015-01-02'], { year: 2015, date: '2015-01-02' }],
    [['2012-05-04T12:00:00Z'], { year: 2012, date: '2012-05-04' }],
    [['in press', '20225'], {}],
  ])('takes the publication from the dates %j', async (dates, expected) => {
    const found = await paper(
      record(dc(`<dc:title>T</dc:title>${dates.map((date) => `<dc:date>${date}</dc:date>`).join('')}`)),
    );
    expect({ year: found.year, date: found.date }).toEqual({ year: undefined, date: undefined, ...expected });
  });

  it.each([
    ['Finch, Orla; Sørensen, Pim', ['Orla Finch', 'Pim Sørensen']],
    ['Finch, Orla; Institute for Ropes, City', ['Orla Finch']],
    ['King, Martin, Jr.', ['Martin King Jr.']],
    ['Rope Study Group', ['Rope Study Group']],
  ])('reads the creator %j', async (creator, authors) => {
    expect((await paper(record(dc(`<dc:title>T</dc:title><dc:creator>${creator}</dc:creator>`)))).authors).toEqual(
      authors,
    );
  });

  it.each([
    ['info:doi/10.1000/x', 'DOI:10.1000/x'],
    ['DOI: 10.1000/x', 'DOI:10.1000/x'],
    ['https://doi.org/10.1000/x', 'DOI:10.1000/x'],
    ['info:eu-repo/semantics/altIdentifier/pmid/123', 'PMID:123'],
    ['Journal of Ropes 3 (2020), 10.1000/x', 'oai:ropes.example.org:1'],
    ['urn:isbn:123', 'oai:ropes.example.org:1'],
  ])('names the paper by the identifier %j', async (identifier, id) => {
    expect((await paper(record(dc(`<dc:title>T</dc:title><dc:identifier>${identifier}</dc:identifier>`)))).id).toBe(id);
  });

  it.each([
    ['<oai_datacite/>', 'metadata', '<oai_datacite> is not read; ask for the metadataPrefix oai_dc'],
    ['', 'metadata', 'the record has no metadata'],
    [dc('<dc:creator>A</dc:creator>'), 'title', 'title is missing'],
  ])('rejects %s', async (metadata, field, reason) => {
    const [reading] = await readAs(oai, record(metadata));
    expect(reading).toMatchObject({ kind: 'rejected', field, reason: expect.stringContaining(reason) });
  });
});

describe('a page of OAI-PMH', () => {
  it('tells datestamps, then where the list goes on', async () => {
    const text = answer(
      `<ListRecords><record><header status="deleted"><identifier>oai:a:1</identifier><datestamp>2025-03-19</datestamp></header></record>
       <resumptionToken cursor="0" completeListSize="2500" expirationDate="2025-03-21T00:00:00Z"> 65|1001 </resumptionToken></ListRecords>`,
    );
    expect(await collect(pageOf(text))).toEqual([
      { kind: 'withdrawn', id: 'oai:a:1', file: 'page.xml', line: 1, datestamp: '2025-03-19' },
      {
        kind: 'page',
        responseDate: '2025-03-20T06:00:00Z',
        token: { value: '65|1001', expires: '2025-03-21T00:00:00Z', completeListSize: 2500, cursor: 0 },
      },
    ]);
  });

  it.each(['<resumptionToken/>', '<resumptionToken completeListSize="12"></resumptionToken>', ''])(
    'is the last with %j',
    async (token) => {
      const [page] = await collect(pageOf(answer(`<ListRecords>${token}</ListRecords>`)));
      expect(page).toEqual({ kind: 'page', responseDate: '2025-03-20T06:00:00Z' });
    },
  );

  it('tells the error of the repository, which a file of it gives as a rejection', async () => {
    const text = answer('\n<error code="noRecordsMatch">nothing new </error>');
    expect(await collect(pageOf(text))).toMatchObject([
      { kind: 'page', error: { code: 'noRecordsMatch', message: 'nothing new', line: 2 } },
    ]);
    expect(rejectionsIn(await readAs(oai, text))).toEqual(['2: the repository answered noRecordsMatch: nothing new']);
  });

  it('that is cut off gives its records and no page', async () => {
    const text = record(dc('<dc:title>T</dc:title>'));
    const { values, thrown } = await collectUntil(pageOf(text.slice(0, -20)));
    expect(values.map(({ kind }) => kind)).toEqual(['paper']);
    expect(thrown).toMatchObject({ code: 'BAD_INPUT' });
  });
});
