import { describe, expect, it } from 'vitest';
import { jsonl } from '../../../src/collection/jsonl.ts';
import { paperJson } from '../../../src/domain/mod.ts';
import { papersIn, readAs, rejectionsIn } from './reading.ts';

async function paper(record: Readonly<Record<string, unknown>>) {
  const readings = await readAs(jsonl, JSON.stringify(record));
  const found = papersIn(readings)[0];
  if (!found) throw new Error(rejectionsIn(readings).join());
  return found;
}

async function reason(record: unknown): Promise<string> {
  return rejectionsIn(await readAs(jsonl, JSON.stringify(record)))
    .join()
    .replace('1: ', '');
}

describe('jsonl', () => {
  it('reads every field', async () => {
    const full = await paper({
      id: 'knots2025:B1-Hhnslg',
      ids: { ArXiv: '2503.00001v2', MAG: 12, CorpusId: 77, DOI: null },
      doi: 'https://doi.org/10.1000/KNOTS',
      title: 'A Grammar of Knots',
      abstract: 'We tie.',
      authors: ['Orla Finch', 'Pim Sørensen'],
      year: 2025,
      announced: '2025-03-04',
      venue: 'KNOTS',
      categories: ['cs.RO', 'cs.RO'],
      keywords: ['knots'],
      tldr: 'Knots.',
      url: 'https://openreview.net/forum?id=abcDEF',
      comment: '9 pages',
      citations: 3,
      shoeSize: 44,
    });
    expect(full).toEqual({
      id: 'knots2025:B1-Hhnslg',
      ids: { local: 'knots2025:B1-Hhnslg', arxiv: '2503.00001', s2: '77', doi: '10.1000/knots', openreview: 'abcDEF' },
      title: 'A Grammar of Knots',
      abstract: 'We tie.',
      authors: ['Orla Finch', 'Pim Sørensen'],
      year: 2025,
      date: '2025-03-04',
      venue: 'KNOTS',
      categories: ['cs.RO'],
      keywords: ['knots'],
      tldr: 'Knots.',
      url: 'https://openreview.net/forum?id=abcDEF',
      comment: '9 pages',
      citations: 3,
      version: 2,
      versions: [{ number: 2 }],
    });
  });

  it('needs a title only', async () => {
    expect(await paper({ title: 'Alone', id: null, abstract: null, year: null, authors: null, venue: '' })).toEqual({
      id: expect.stringMatching(/^title:[0-9a-f]{16}$/),
      ids: { local: expect.stringMatching(/^title:/) },
      title: 'Alone',
      abstract: '',
      authors: [],
      categories: [],
      keywords: [],
    });
  });

  it('tidies text and leaves entities', async () => {
    const tidy = await paper({
      title: '  Cafe\u0301s\r\n\tand\u0000\u0007 others &amp; \ud800 ',
      abstract: 'one\n\n two\u00a0three <b>',
    });
    expect(tidy.title).toBe('Cafés and others &amp; \uFFFD');
    expect(tidy.abstract).toBe('one two three <b>');
  });

  it('is lenient where that does no harm', async () => {
    const lenient = await paper({ id: 12, title: 'T', year: ' 2019 ', citations: -1, url: 'javascript:alert(1)' });
    expect(lenient).toMatchObject({ id: '12', year: 2019 });
    expect(lenient).not.toHaveProperty('citations');
    expect(lenient).not.toHaveProperty('url');
    expect((await paper({ title: 'T', categories: 'cs.CL cs.IR', keywords: 'a b; c' })).categories).toEqual([
      'cs.CL',
      'cs.IR',
    ]);
  });

  it.each([
    ['Orla Finch; Pim Sørensen', ['Orla Finch', 'Pim Sørensen']],
    ['Orla Finch and Pim Sørensen', ['Orla Finch', 'Pim Sørensen']],
    ['Orla Finch, Pim Sørensen and Ada de Wit', ['Orla Finch', 'Pim Sørensen', 'Ada de Wit']],
    ['Orla Finch, Pim Sørensen, and Ada de Wit', ['Orla Finch', 'Pim Sørensen', 'Ada de Wit']],
    ['Finch, Orla and Sørensen, Pim', ['Finch, Orla', 'Sørensen, Pim']],
    ['Finch, Orla', ['Finch, Orla']],
    ['Orlando Anderson', ['Orlando Anderson']],
    [
      [{ name: 'Orla Finch' }, ' Pim  S ', '', null],
      ['Orla Finch', 'Pim S'],
    ],
  ])('reads the authors %j', async (given, authors) => {
    expect((await paper({ title: 'T', authors: given })).authors).toEqual(authors);
  });

  it.each([
    [{ date: '2024-02-29' }, { year: 2024, date: '2024-02-29' }],
    [
      { date: '2024-02-29T10:00:00Z', year: 2025 },
      { year: 2025, date: '2024-02-29' },
    ],
    [{ date: '2024-02' }, { year: 2024 }],
    [{ announced: '2024' }, { year: 2024 }],
    [
      { announced: '2024-01-01', date: '2023-01-01' },
      { year: 2023, date: '2023-01-01' },
    ],
  ])('reads when: %j', async (given, expected) => {
    const { year, date } = await paper({ title: 'T', ...given });
    expect({ year, date }).toEqual({ date: undefined, ...expected });
  });

  it.each([
    [{ abstract: 'no title' }, 'title is missing'],
    [{ title: ' \n ' }, 'title is empty'],
    [{ title: 5 }, 'title must be text, found the number 5'],
    [{ title: ['a'] }, 'title must be text, found a list'],
    [{ title: 'T', year: 'soon' }, 'year must be a number, found the text "soon"'],
    [{ title: 'T', year: 20.5 }, 'year must be a number, found the number 20.5'],
    [{ title: 'T', year: 3000 }, 'year must be between 1000 and 2999, found 3000'],
    [{ title: 'T', date: '2023-02-29' }, 'date is no day of the calendar: the text "2023-02-29"'],
    [{ title: 'T', announced: 'May 13' }, 'announced must be a day as YYYY-MM-DD, found the text "May 13"'],
    [{ title: 'T', authors: [['x']] }, 'authors must hold texts, found a list'],
    [{ title: 'T', authors: 7 }, 'authors must be a list, found the number 7'],
    [{ title: 'T', authors: Array.from({ length: 5001 }, () => 'A') }, 'authors has more than 5000 entries'],
    [{ title: 'T'.repeat(2001) }, 'title is longer than 2000 characters'],
    [{ title: 'T', abstract: 'T'.repeat(50_001) }, 'abstract is longer than 50000 characters'],
    [{ title: 'T', citations: 'many' }, 'citations must be a whole number, found the text "many"'],
    [{ title: 'T', id: 'a\u0000b' }, 'id holds control characters: the text "a b"'],
    [{ title: 'T', aliases: 'a' }, 'aliases must be a list, found the text "a"'],
    [{ title: 'T', aliases: [['a']] }, 'aliases must be text, found a list'],
    [{ title: 'T', versions: [{ number: 0 }] }, 'versions must hold numbers from 1, found the number 0'],
    [{ title: 'T', versions: [{ number: 1, date: 'x' }] }, 'versions must be a day as YYYY-MM-DD, found the text "x"'],
    [{ title: 'T', withdrawn: 'perhaps' }, 'withdrawn must be true or false, found the text "perhaps"'],
    [{ title: '', year: 'x' }, 'title is empty; year must be a number, found the text "x"'],
    ['text', 'must be a JSON object, found the text "text"'],
    [null, 'must be a JSON object, found nothing'],
  ])('rejects %j', async (record, expected) => {
    expect(await reason(record)).toBe(expected);
  });

  it('names lines right, keeps their order and passes over blank ones', async () => {
    const readings = await readAs(jsonl, '\n{"title":"A"}\nnot json\n\n{"title":"B"}\r\n{"title":');
    expect(readings.map((reading) => [reading.line, reading.kind])).toEqual([
      [2, 'paper'],
      [3, 'rejected'],
      [5, 'paper'],
      [6, 'rejected'],
    ]);
    expect(rejectionsIn(readings)[0]).toMatch(/^3: not JSON: Unexpected token/);
  });

  it.each(['[{"title":"A"}]', '[\n  {"title":"A"}\n]', '{\n  "title": "A"\n}', '{"papers": [{"title":"A"}]}'])(
    'reads JSON in one piece: %j',
    async (text) => {
      expect(jsonl.recognises(text)).toBe(true);
      expect(papersIn(await readAs(jsonl, text)).map(({ title }) => title)).toEqual(['A']);
    },
  );

  it('reads what the API and the command line show of a paper, also within a hit', async () => {
    const first = await paper({
      id: 'arXiv:2503.00001v2',
      title: 'T',
      aliases: ['10.1000/b', 'DOI:10.1000/a', 'DOI:10.1000/a'],
      doi: '10.1000/a',
      versions: [{ number: 1, date: '2025-03-01' }, { number: 3 }],
      upvotes: 3,
      withdrawn: true,
    });
    expect(first).toMatchObject({
      aliases: ['DOI:10.1000/b'],
      version: 2,
      versions: [{ number: 1, date: '2025-03-01' }, { number: 2 }, { number: 3 }],
      upvotes: 3,
      withdrawn: true,
    });
    for (const original of [first, await paper({ title: 'Alone' })]) {
      const json = paperJson(original, ['a source']);
      expect(await paper({ ...json })).toEqual(original);
      expect(await paper({ rank: 1, score: 0.5, paper: json })).toEqual(original);
    }
  });

  it('does not fall for keys of Object.prototype', async () => {
    const readings = await readAs(
      jsonl,
      '{"title":"T","__proto__":{"year":1999},"ids":{"__proto__":"x","constructor":"y"}}',
    );
    expect(papersIn(readings)[0]).not.toHaveProperty('year');
  });
});

describe('ids', () => {
  it.each([
    [{ id: 'arxiv:2503.00001v3' }, 'arXiv:2503.00001'],
    [{ id: 'https://arxiv.org/abs/2503.00001v3' }, 'arXiv:2503.00001'],
    [{ id: '10.1000/ABC' }, 'DOI:10.1000/abc'],
    [{ id: 'acl:p19-1001' }, 'ACL:P19-1001'],
    [{ id: 'iclr2017:B1-Hhnslg' }, 'iclr2017:B1-Hhnslg'],
    [{ id: '1', doi: '10.1000/a' }, '1'],
    [{ doi: '10.1000/a', url: 'https://arxiv.org/pdf/2503.00001.pdf' }, 'arXiv:2503.00001'],
    [{ doi: 'doi:10.1000/A' }, 'DOI:10.1000/a'],
    [{ ids: { openreview: 'xyz' } }, 'OpenReview:xyz'],
    [{ url: 'https://aclanthology.org/2021.acl-long.24/' }, 'ACL:2021.acl-long.24'],
  ])('%j gives %s', async (given, id) => {
    expect((await paper({ title: 'T', ...given })).id).toBe(id);
  });

  it('another address is kept as an id, yet does not name the paper', async () => {
    const found = await paper({ title: 'T', url: 'https://example.org/papers#t' });
    expect(found.id).toMatch(/^title:/);
    expect(found.ids.url).toBe('https://example.org/papers');
  });

  it('derived from the title are the same for two spellings and differ by year', async () => {
    const first = await paper({ title: 'Ferns Are Trees', year: 2020 });
    expect((await paper({ title: 'ferns are  trees!', year: 2020 })).id).toBe(first.id);
    expect((await paper({ title: 'Ferns Are Trees', year: 2021 })).id).not.toBe(first.id);
    expect((await paper({ title: '???' })).id).not.toBe((await paper({ title: '!!!' })).id);
  });
});
