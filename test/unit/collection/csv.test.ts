import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { csv } from '../../../src/collection/csv.ts';
import { readRows } from '../../../src/collection/csv-records.ts';
import { formatOf, FORMATS } from '../../../src/collection/formats.ts';
import { readPapers } from '../../../src/collection/mod.ts';
import { Readable } from 'node:stream';
import { collect, collectUntil, papersIn, readAs, rejectionsIn } from './reading.ts';

async function* chunksOf(text: string, size: number): AsyncGenerator<Uint8Array> {
  const bytes = Buffer.from(text);
  for (let at = 0; at < bytes.length; at += size) yield bytes.subarray(at, at + size);
}

const rowsOf = (text: string, size: number, maxRecordBytes = 1000) =>
  collect(readRows({ file: 'f', chunks: chunksOf(text, size), maxRecordBytes, columns: {} }, ','));

async function paper(...lines: readonly string[]) {
  const readings = await readAs(csv, lines.join('\n'));
  const found = papersIn(readings)[0];
  if (!found) throw new Error(rejectionsIn(readings).join());
  return found;
}

function mapped(text: string, columns: Readonly<Record<string, string>>) {
  return collectUntil(
    readPapers({ name: 'papers.csv', stream: Readable.from([Buffer.from(text)]) }, { format: 'csv', columns }),
  );
}

describe('rows of a table', () => {
  it('are cut outside quotes, with the line at which they begin, whatever the chunks', async () => {
    const text = 'a,"b\r\n""b"",",c\r\n\r\n\n"",,\nlast,"x"';
    for (const size of [1, 2, 3, 100]) {
      expect(await rowsOf(text, size)).toEqual([
        { line: 1, cells: ['a', 'b\r\n"b",', 'c'] },
        { line: 5, cells: ['', '', ''] },
        { line: 6, cells: ['last', 'x'] },
      ]);
    }
  });

  it('keep a quote that is no quotation as text', async () => {
    expect(await rowsOf('5" pipes,"Smart" phones,"a"b\nnext,1,2', 4)).toEqual([
      { line: 1, cells: ['5" pipes', '"Smart" phones', '"a"b'] },
      { line: 2, cells: ['next', '1', '2'] },
    ]);
  });

  it('over the limit are dropped, and the next is read', async () => {
    expect(await rowsOf(`a\n"${'x\n'.repeat(60)}",b\nc`, 7, 100)).toEqual([
      { line: 1, cells: ['a'] },
      { line: 2, reason: 'the row is longer than 100 bytes' },
      { line: 63, cells: ['c'] },
    ]);
  });

  it('with cells without end are dropped', async () => {
    expect(await rowsOf(`a\n${','.repeat(10_000)}\nb`, 1000, 20_000)).toEqual([
      { line: 1, cells: ['a'] },
      { line: 2, reason: 'the row has more than 10000 cells' },
      { line: 3, cells: ['b'] },
    ]);
  });

  it('whose quote is never closed give a reason', async () => {
    expect(await rowsOf('a\nb,"c\nd\n', 3)).toEqual([
      { line: 1, cells: ['a'] },
      { line: 2, reason: 'a quote is opened and never closed' },
    ]);
  });

  it('come back as they were written', async () => {
    const cell = fc.string({ unit: fc.constantFrom('"', ',', '\n', '\r', ' ', 'a', 'é', "'") });
    const rows = fc.array(fc.array(cell, { minLength: 2, maxLength: 4 }), { minLength: 1, maxLength: 5 });
    const written = (value: string) => `"${value.replaceAll('"', '""')}"`;
    await fc.assert(
      fc.asyncProperty(
        rows,
        fc.constantFrom('\n', '\r\n'),
        fc.integer({ min: 1, max: 30 }),
        async (table, end, size) => {
          const text = table.map((row) => row.map(written).join(',')).join(end);
          const read = await rowsOf(text, size);
          expect(read.map((row) => ('cells' in row ? row.cells : row.reason))).toEqual(table);
        },
      ),
    );
  });

  it('are read of whatever text, in the order of their lines', async () => {
    const unit = fc.constantFrom('"', ',', '\n', '\r', ' ', 'a');
    await fc.assert(
      fc.asyncProperty(fc.string({ unit, maxLength: 60 }), fc.integer({ min: 1, max: 9 }), async (text, size) => {
        const rows = await rowsOf(text, size, 20);
        expect(rows).toEqual(await rowsOf(text, 1000, 20));
        expect(rows.every((row) => 'reason' in row || row.cells.length > 0)).toBe(true);
        expect(rows.map(({ line }) => line)).toEqual(rows.map(({ line }) => line).sort((a, b) => a - b));
      }),
      { numRuns: 2000 },
    );
  });
});

describe('csv', () => {
  it('is recognised though a cell looks like the beginning of a record in RIS', () => {
    expect(formatOf('id,title,abstract\n"TY - JOUR",A title,An abstract\nTY  - JOUR,B,b\n', 'papers').name).toBe('csv');
  });

  it.each([
    ['commas', 'Title,Abstract\nA,B\n'],
    ['semicolons', 'Authors;Title;Year\nFinch, Orla;A;2025\n'],
    ['tabs', 'Title\tAbstract\tDOI\r\nA\tB\t\r\n'],
    ['a byte order mark', '\uFEFF"Title","Abstract"\r\n"A","B"\r\n'],
    ['a line before it that names the delimiter', 'sep=;\r\nTitle;Abstract\r\nA;B\r\n'],
    ['our own export', 'paperkin_id,title,abstract\r\n1,A,B\r\n'],
    ['Web of Science tags', 'PT\tAU\tTI\tSO\tAB\tDI\tPY\nJ\tFinch, O\tA\tJ. Knots\tB\t\t2025\n'],
    ['an index without a name', '\ttitle\tabstract\n0\tA\tB\n'],
  ])('is recognised with %s, and by no other format', async (_, text) => {
    expect(FORMATS.filter((format) => format.recognises(text)).map((format) => format.name)).toEqual(['csv']);
    expect(papersIn(await readAs(csv, text)).map(({ title }) => title)).toEqual(['A']);
  });

  it.each([
    'Title\nA\n',
    'A Title, Abstract of Sorts\n\nAn abstract, with commas.',
    '{"title":"","abstract":""}',
    '["title","abstract"]',
    'from,to,title page\n1,2,3',
    'TY  - JOUR\nTI  - A\nER  - \n',
    '@article{a,\n title={A},\n abstract={B}}',
    '',
  ])('is not seen in %j', (text) => {
    expect(csv.recognises(text)).toBe(false);
  });

  it('reads Scopus', async () => {
    expect(
      await paper(
        '"Authors","Author full names","Title","Year","Source title","Cited by","DOI","Link","Abstract","Author Keywords","Index Keywords","EID"',
        '"Finch O.; Berg A.","Finch, Orla (57190000001); van der Berg, André (57190000002)","Knots &amp; <i>Ropes</i>","2025","Journal of Knots","4","10.1000/KNOTS.1","https://example.org/knots","We tie,\nthen ""measure"".","knots; ropes","other","2-s2.0-1"',
      ),
    ).toEqual({
      id: 'DOI:10.1000/knots.1',
      ids: { doi: '10.1000/knots.1', url: 'https://example.org/knots' },
      title: 'Knots & Ropes',
      abstract: 'We tie, then "measure".',
      authors: ['Orla Finch', 'André van der Berg'],
      year: 2025,
      venue: 'Journal of Knots',
      categories: [],
      keywords: ['knots', 'ropes'],
      citations: 4,
      url: 'https://example.org/knots',
    });
  });

  it.each(['[No abstract available]', 'No abstract available.'])('takes %j for no abstract', async (told) => {
    expect(await paper('Title,Abstract', `Knots,${told}`)).toMatchObject({ title: 'Knots', abstract: '' });
  });

  it('reads Web of Science, whose date has no year', async () => {
    expect(
      await paper(
        'Authors\tAuthor Full Names\tArticle Title\tPublication Date\tPublication Year\tTimes Cited, WoS Core\tPubmed Id',
        'Finch, O\tFinch, Orla\tKnots\tMAY 3\t2025\t4\t12',
      ),
    ).toMatchObject({ id: 'PMID:12', authors: ['Orla Finch'], year: 2025, citations: 4 });
  });

  it('reads PubMed, IEEE Xplore, Zotero and Publish or Perish', async () => {
    expect(
      await paper(
        'PMID,Title,Authors,Journal/Book,Publication Year,Create Date,DOI',
        '12,Knots.,"Finch O, Berg AV.",J Knots,2025,2025/03/03,',
      ),
    ).toMatchObject({ id: 'PMID:12', venue: 'J Knots', year: 2025, authors: ['O Finch', 'AV Berg'] });
    expect(
      await paper(
        '"Document Title","Authors","Publication Title","Online Date","Publication Year","PDF Link","IEEE Terms"',
        '"Knots","O. Finch; A. van der Berg","Conf. on Knots","3 Mar 2025","2025","https://example.org/1.pdf","Knots;Ropes"',
      ),
    ).toMatchObject({ venue: 'Conf. on Knots', date: '2025-03-03', keywords: ['Knots', 'Ropes'] });
    expect(
      await paper(
        '"Key","Item Type","Publication Year","Author","Title","Publication Title","Url","Abstract Note","Date","Manual Tags"',
        '"K","preprint","2025","Finch, Orla; Berg, André","Knots","J Knots","http://arxiv.org/abs/2503.00001","We tie.","2025-03-03","knots; ropes"',
      ),
    ).toMatchObject({ id: 'arXiv:2503.00001', abstract: 'We tie.', date: '2025-03-03', keywords: ['knots', 'ropes'] });
    expect(
      await paper('Cites,Authors,Title,Year,Source,Publisher', '7,"O Finch, A Berg",Knots,2025,J Knots,P'),
    ).toMatchObject({ citations: 7, authors: ['O Finch', 'A Berg'], venue: 'J Knots' });
  });

  it('takes as id only what is one beyond the table, unless the user names the column', async () => {
    expect((await paper('id,title', '1,Knots')).id).toMatch(/^title:/);
    expect((await paper('id,title', '2503.00001,Knots')).id).toBe('arXiv:2503.00001');
    const { values } = await mapped('Key,title\n1,Knots\n', { id: 'Key' });
    expect(papersIn(values).map(({ id }) => id)).toEqual(['1']);
  });

  it('takes the columns that the user names', async () => {
    const { values } = await mapped('Name,Title,Summary text\nKnots,Dr.,We tie.\n', {
      title: 'Name',
      abstract: 'summary text',
    });
    expect(papersIn(values)[0]).toMatchObject({ title: 'Knots', abstract: 'We tie.' });
  });

  it.each([
    [{ title: 'Nam' }, 'papers.csv has no column "Nam"; its columns are Name, Summary'],
    [{ titel: 'Name' }, /^papers have no field "titel"; fields are id, title, /],
    [{}, /^papers.csv does not say which column holds the title; say it with --map title=COLUMN, its columns are Name/],
  ])('says what is wrong with the columns %j', async (columns, message) => {
    const { values, thrown } = await mapped('Name,Summary\nKnots,We tie.\n', columns);
    expect(values).toEqual([]);
    expect(thrown).toMatchObject({ code: 'USAGE', message: expect.stringMatching(message) });
  });

  it('rejects rows by line and field, and reads on', async () => {
    const readings = await readAs(
      csv,
      ['title,year,abstract', 'A,2020,"b', 'b"', 'B,soon,', 'C,2020', ',2020,d', 'D,2020,d,,', ',,', 'E,2020,"x'].join(
        '\n',
      ),
    );
    expect(
      readings.map((reading) => [reading.line, reading.kind, 'field' in reading ? reading.field : undefined]),
    ).toEqual([
      [2, 'paper', undefined],
      [4, 'rejected', 'year'],
      [5, 'rejected', undefined],
      [6, 'rejected', 'title'],
      [7, 'paper', undefined],
      [9, 'rejected', undefined],
    ]);
    expect(rejectionsIn(readings)).toEqual([
      '4: year must be a number, found the text "soon"',
      '5: the row has 2 cells, the header 3',
      '6: title is empty',
      '9: a quote is opened and never closed',
    ]);
  });

  it('rejects a date in the year 20225', async () => {
    const [reading] = await readAs(csv, 'title,date\nA,20225-01-01\n');
    expect(reading).toMatchObject({ kind: 'rejected', field: 'date', line: 2 });
  });

  it.each(['title,authors,categories', 'paperkin_id,title,authors,categories'])(
    'may hold an endless row of blanks, under %s',
    async (header) => {
      const blanks = ' '.repeat(1_000_000);
      const row = header
        .split(',')
        .map((name) => (name === 'paperkin_id' ? '1' : name === 'title' ? 'A' : `B;${blanks}C D`));
      expect(papersIn(await readAs(csv, `${header}\n${row.join(',')}\n`))).toMatchObject([
        { title: 'A', authors: ['B', 'C D'] },
      ]);
    },
  );

  it('reads our own export as it stands', async () => {
    expect(
      await paper(
        'paperkin_id,title,abstract,authors,year,categories,ids,aliases,version,versions,withdrawn',
        `knots:1,'=1+1 &amp; <i>,"''tis $x < y$","[""A; B"",""Finch, Orla""]",2025,cs.RO; cs.AI,"{""local"":""knots:1"",""doi"":""10.1000/a""}","[""DOI:10.1000/b""]",2,"[{""number"":1}]",true`,
      ),
    ).toEqual({
      id: 'knots:1',
      ids: { local: 'knots:1', doi: '10.1000/a' },
      aliases: ['DOI:10.1000/b'],
      title: '=1+1 &amp; <i>',
      abstract: "'tis $x < y$",
      authors: ['A; B', 'Finch, Orla'],
      year: 2025,
      categories: ['cs.RO', 'cs.AI'],
      keywords: [],
      version: 2,
      versions: [{ number: 1 }, { number: 2 }],
      withdrawn: true,
    });
    expect(rejectionsIn(await readAs(csv, 'paperkin_id,title,versions\n1,A,oops\n'))).toEqual([
      '2: versions must be a list, found the text "oops"',
    ]);
  });
});
