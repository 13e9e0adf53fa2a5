import { describe, expect, it } from 'vitest';
import { FORMATS, formatNamed } from '../../../src/collection/formats.ts';
import { SAMPLES, type SampleName } from './json-samples.ts';
import { papersIn, readAs, rejectionsIn } from './reading.ts';

const NAMES = Object.keys(SAMPLES).filter((name): name is SampleName => name in SAMPLES);

async function paper(name: SampleName, changes: Readonly<Record<string, unknown>> = {}) {
  const readings = await readAs(formatNamed(name), JSON.stringify({ ...SAMPLES[name], ...changes }));
  const found = papersIn(readings)[0];
  if (!found) throw new Error(rejectionsIn(readings).join());
  return found;
}

async function rejection(name: SampleName, changes: Readonly<Record<string, unknown>>) {
  const [reading] = await readAs(formatNamed(name), JSON.stringify({ ...SAMPLES[name], ...changes }));
  return reading?.kind === 'rejected' ? { field: reading.field, reason: reading.reason } : reading;
}

describe.each(NAMES)('%s', (name) => {
  const sample = SAMPLES[name];
  const writings = [
    JSON.stringify(sample),
    `${JSON.stringify(sample)}\n${JSON.stringify(sample)}\n`,
    JSON.stringify([sample, sample]),
    JSON.stringify([sample, sample], null, 2),
    JSON.stringify({ total: 2, results: [sample, sample] }),
    JSON.stringify({ messages: [{ status: 'ok' }], collection: [sample, sample] }, null, 1),
    JSON.stringify([{ ...sample, padding: 'x'.repeat(70_000) }]).slice(0, 64 * 1024),
  ];

  it('is recognised by its own format and no other, however it is written', () => {
    for (const text of writings) {
      expect(FORMATS.filter((format) => format.recognises(text)).map((format) => format.name)).toEqual([name]);
    }
  });

  it('gives the same paper however it is written', async () => {
    const expected = await paper(name);
    for (const text of writings.slice(1, -1)) {
      expect(papersIn(await readAs(formatNamed(name), text))).toEqual([expected, expected]);
    }
  });
});

describe('kaggle', () => {
  it('joins initials that the snapshot parts at their hyphen', async () => {
    expect((await paper('kaggle', { authors_parsed: [['Loom', 'A. -B.', '']] })).authors).toEqual(['A.-B. Loom']);
  });

  it('reads names in their parts, TeX, versions and ids', async () => {
    expect(await paper('kaggle')).toEqual({
      id: 'arXiv:2503.00001',
      ids: { arxiv: '2503.00001', doi: '10.1000/knots.1' },
      aliases: ['DOI:10.1000/knots.2'],
      title: 'A Grammar of $K_1$ Knots',
      abstract: 'We tie the $n$-th knot.',
      authors: ['Orla Finch', 'André van der Berg Jr.', 'Knots Collaboration'],
      year: 2025,
      date: '2025-03-03',
      venue: 'J. Knots 4 (2025)',
      comment: '9 pages',
      categories: ['math.GT', 'cs.RO'],
      keywords: [],
      version: 2,
      versions: [
        { number: 1, date: '2025-03-03' },
        { number: 2, date: '2025-04-01' },
      ],
    });
  });

  it('marks what was taken back, and splits the one text of authors where it must', async () => {
    const changes = { comments: 'This paper has been withdrawn by the author', authors_parsed: [] };
    expect(await paper('kaggle', changes)).toMatchObject({
      withdrawn: true,
      authors: ['Orla Finch', 'André van der Berg Jr.', 'Knots Collaboration'],
    });
    expect(await paper('kaggle')).not.toHaveProperty('withdrawn');
  });

  it('rejects versions and titles that are none', async () => {
    expect(await rejection('kaggle', { versions: [{ version: '1' }] })).toEqual({
      field: 'versions',
      reason: 'versions must be named as v1, found the text "1"',
    });
    expect(await rejection('kaggle', { versions: [{ version: 'v1', created: '1 Jan 20225' }] })).toEqual({
      field: 'versions',
      reason: 'versions must be a date, found the text "1 Jan 20225"',
    });
    expect(await rejection('kaggle', { title: null })).toEqual({ field: 'title', reason: 'title is missing' });
    expect(await rejection('kaggle', { authors_parsed: [[1, 2]] })).toMatchObject({ field: 'authors' });
  });
});

describe('semantic-scholar', () => {
  it('reads every id, the short summary and the fields of study', async () => {
    expect(await paper('semantic-scholar')).toEqual({
      id: 'arXiv:2503.00001',
      ids: {
        arxiv: '2503.00001',
        doi: '10.1000/knots.1',
        acl: '2025.knots-1.1',
        pmid: '12',
        s2: '00000000000000000000000000000000000000ab',
      },
      aliases: ['S2:77'],
      title: 'A Grammar of Knots',
      abstract: 'We tie & measure.',
      authors: ['Orla Finch'],
      year: 2025,
      date: '2025-03-03',
      venue: 'Journal of Knots',
      categories: ['Mathematics'],
      keywords: [],
      tldr: 'Knots are tied.',
      citations: 4,
      url: 'https://www.semanticscholar.org/paper/00000000000000000000000000000000000000ab',
    });
  });

  it('reads recommendations, and the spelling of the bulk data sets', async () => {
    const answer = { recommendedPapers: [{ paperId: '0'.repeat(40), title: 'T', abstract: null, tldr: null }] };
    const [found] = papersIn(await readAs(formatNamed('semantic-scholar'), JSON.stringify(answer)));
    expect(found).toMatchObject({ id: `S2:${'0'.repeat(40)}`, abstract: '' });
    const bulk = { corpusid: 77, externalids: { ArXiv: null, DOI: '10.1000/a' }, title: 'T', citationcount: 3 };
    const line = JSON.stringify({ ...bulk, s2fieldsofstudy: [{ category: 'Physics' }] });
    expect(formatNamed('semantic-scholar').recognises(line)).toBe(true);
    expect(papersIn(await readAs(formatNamed('semantic-scholar'), line))[0]).toMatchObject({
      ids: { doi: '10.1000/a', s2: '77' },
      citations: 3,
      categories: ['Physics'],
    });
  });

  it('reads lists of citations and references', async () => {
    const lists = {
      data: [{ contexts: [], citingPaper: { paperId: null, title: 'A' } }, { citedPaper: { title: 'B' } }],
    };
    const text = JSON.stringify(lists);
    expect(FORMATS.find((format) => format.recognises(text))?.name).toBe('semantic-scholar');
    const readings = await readAs(formatNamed('semantic-scholar'), text);
    expect(papersIn(readings).map(({ title }) => title)).toEqual(['A', 'B']);
  });
});

describe('openalex', () => {
  it('reads the abstract from its index, and the ids of other schemes', async () => {
    expect(await paper('openalex')).toEqual({
      id: 'arXiv:2503.00001',
      ids: { arxiv: '2503.00001', doi: '10.1000/knots.1', pmid: '12', url: 'https://openalex.org/W42' },
      title: 'A Grammar of Knots',
      abstract: 'We tie. Then tie.',
      authors: ['Orla Finch', 'P. Sørensen'],
      year: 2025,
      date: '2025-03-03',
      venue: 'Journal of Knots',
      categories: [],
      keywords: ['Geometric topology'],
      citations: 4,
      url: 'https://doi.org/10.1000/knots.1',
    });
  });

  it('names a work by its own address where it has no other id, and marks what was retracted', async () => {
    const bare = { doi: null, ids: {}, locations: [], primary_location: null, is_retracted: true, title: null };
    expect(await paper('openalex', bare)).toMatchObject({
      id: 'https://openalex.org/W42',
      title: 'A Grammar of Knots',
      withdrawn: true,
    });
  });

  it.each([
    [{ a: [1e9] }, 'the abstract is longer than 50000 characters'],
    [{ a: [-1] }, 'abstract_inverted_index must hold positions, found the number -1'],
    [{ a: ['x'] }, 'abstract_inverted_index must hold positions, found the text "x"'],
    [
      { ['long'.repeat(5000)]: Array.from({ length: 25_000 }, (_, at) => at) },
      'the abstract is longer than 50000 characters',
    ],
    [[1], 'abstract_inverted_index must be an object, found a list'],
  ])('rejects an index that is hostile', async (index, reason) => {
    expect(await rejection('openalex', { abstract_inverted_index: index })).toEqual({
      field: 'abstract_inverted_index',
      reason,
    });
  });
});

describe('biorxiv', () => {
  it('reads a version of a preprint', async () => {
    expect(await paper('biorxiv')).toEqual({
      id: 'DOI:10.1101/2025.03.03.000001',
      ids: { doi: '10.1101/2025.03.03.000001' },
      aliases: ['DOI:10.1000/knots.1'],
      title: 'Knots in E. coli',
      abstract: 'We tie < 5 knots.',
      authors: ['O. Finch', 'A. B. van der Berg'],
      year: 2025,
      date: '2025-03-03',
      venue: 'bioRxiv',
      categories: ['biophysics'],
      keywords: [],
      version: 2,
      versions: [{ number: 2, date: '2025-03-03' }],
    });
  });

  it('knows what the servers write for nothing, and what was taken back', async () => {
    const found = await paper('biorxiv', { abstract: 'NA', published: 'NA', type: 'withdrawn', server: 'medrxiv' });
    expect(found).toMatchObject({ abstract: '', venue: 'medRxiv', withdrawn: true });
    expect(found).not.toHaveProperty('aliases');
    expect(await paper('biorxiv', { title: 'WITHDRAWN: Knots' })).toHaveProperty('withdrawn', true);
  });
});

describe('huggingface', () => {
  it('reads the paper, leaves hidden authors out, and takes from the entry what the paper lacks', async () => {
    expect(await paper('huggingface')).toEqual({
      id: 'arXiv:2503.00001',
      ids: { arxiv: '2503.00001' },
      title: 'A Grammar of Knots',
      abstract: 'We tie. Then we measure.',
      authors: ['Orla Finch'],
      year: 2025,
      date: '2025-03-03',
      categories: [],
      keywords: ['knots', 'robots'],
      tldr: 'Knots are tied.',
      upvotes: 12,
    });
    const { paper: whole } = SAMPLES.huggingface;
    const { ai_summary, ...without } = whole;
    expect((await paper('huggingface', { paper: without, ai_summary })).tldr).toBe('Knots are tied.');
    expect(formatNamed('huggingface').recognises(JSON.stringify(whole))).toBe(true);
  });
});

describe('csl', () => {
  it('reads names in their parts, markup, dates and the ids of notes', async () => {
    expect(await paper('csl')).toEqual({
      id: 'arXiv:2503.00001',
      ids: { arxiv: '2503.00001', doi: '10.1000/knots.1', pmid: '12', url: 'https://example.org/knots' },
      title: 'A Grammar of Knots & Ropes',
      abstract: 'We tie.',
      authors: ['André van der Berg Jr.', 'Knots Collaboration'],
      year: 2025,
      date: '2025-03-03',
      venue: 'Journal of Knots',
      categories: [],
      keywords: ['knots', 'ropes'],
      url: 'https://example.org/knots',
      comment: 'arXiv:2503.00001 [math]',
    });
  });

  it.each([
    [{ 'date-parts': [[2025, 3]] }, { year: 2025 }],
    [{ 'date-parts': [[null]] }, {}],
    [{ raw: '3 March 2025' }, { year: 2025, date: '2025-03-03' }],
    [{ literal: 'in press' }, {}],
    [undefined, {}],
  ])('reads when: %j', async (issued, expected) => {
    const { year, date } = await paper('csl', { issued });
    expect({ year, date }).toEqual({ year: undefined, date: undefined, ...expected });
  });

  it('rejects a day that is none', async () => {
    expect(await rejection('csl', { issued: { literal: 'the year 20225' } })).toMatchObject({ field: 'date' });
  });

  it('reads what Crossref’s API answers with, for one work and for many', async () => {
    const work = {
      publisher: 'Knots',
      abstract: '<jats:title>Abstract</jats:title><jats:p>We tie &amp; <jats:italic>measure</jats:italic>.</jats:p>',
      DOI: '10.1000/knots.1',
      type: 'journal-article',
      'is-referenced-by-count': 4,
      title: ['Knots &amp; Ropes'],
      author: [{ given: 'Ada', family: 'Loom', sequence: 'first', affiliation: [] }],
      'container-title': ['Journal of Knots'],
      issued: { 'date-parts': [[2025, 3, 3]] },
    };
    const expected = {
      id: 'DOI:10.1000/knots.1',
      title: 'Knots & Ropes',
      abstract: 'We tie & measure.',
      authors: ['Ada Loom'],
      venue: 'Journal of Knots',
      date: '2025-03-03',
      citations: 4,
    };
    const answers = [
      { status: 'ok', 'message-type': 'work', message: work },
      { status: 'ok', 'message-type': 'work-list', message: { facets: {}, 'total-results': 1, items: [work] } },
    ];
    for (const text of answers.flatMap((answer) => [JSON.stringify(answer), JSON.stringify(answer, null, 2)])) {
      expect(FORMATS.filter((format) => format.recognises(text)).map(({ name }) => name)).toEqual(['csl']);
      expect(papersIn(await readAs(formatNamed('csl'), text))).toMatchObject([expected]);
    }
  });

  it('takes the texts of our own export as they stand, and what it adds', async () => {
    const custom = { paperkin: { id: 'knots:1', aliases: ['DOI:10.1000/b'], upvotes: 3, withdrawn: true, year: 2024 } };
    const found = await paper('csl', { title: 'On <i>Knots</i> &amp; Ropes', keyword: null, note: '5 &lt; 6', custom });
    expect(found).toMatchObject({
      id: 'knots:1',
      title: 'On <i>Knots</i> &amp; Ropes',
      comment: '5 &lt; 6',
      aliases: ['DOI:10.1000/b'],
      upvotes: 3,
      withdrawn: true,
      year: 2024,
      date: '2025-03-03',
    });
  });
});

describe('zotero', () => {
  it('reads authors, dates, tags and the ids of notes', async () => {
    expect(await paper('zotero')).toEqual({
      id: 'arXiv:2503.00001',
      ids: { arxiv: '2503.00001', doi: '10.1000/knots.1', pmid: '12', url: 'https://example.org/knots' },
      title: 'A Grammar of Knots',
      abstract: 'We tie. Then we measure.',
      authors: ['Orla Finch', 'Knots Collaboration'],
      year: 2025,
      date: '2025-03-03',
      venue: 'arXiv',
      categories: [],
      keywords: ['knots', 'ropes'],
      url: 'https://example.org/knots',
    });
  });

  it('passes over what is no paper', async () => {
    const others = ['attachment', 'note', 'annotation'].map((itemType) => ({
      key: 'K',
      data: { itemType, note: 'x' },
    }));
    const readings = await readAs(formatNamed('zotero'), JSON.stringify([...others, SAMPLES.zotero]));
    expect(readings.map((reading) => reading.kind)).toEqual(['paper']);
    expect(formatNamed('zotero').recognises(JSON.stringify(others))).toBe(true);
  });
});
