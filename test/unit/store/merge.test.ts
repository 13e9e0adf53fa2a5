import { describe, expect, it } from 'vitest';
import type { Paper } from '../../../src/domain/mod.ts';
import { composePaper } from '../../../src/store/merge.ts';
import type { SourceRecord } from '../../../src/store/mod.ts';
import { paper } from '../../support/library.ts';

/** The paper of records, each of a source of its own; the same whichever way round they are given. */
function composed(...papers: readonly Paper[]): Paper {
  const records: SourceRecord[] = papers.map((each, i) => ({ source: `source ${i}`, paper: each }));
  const found = composePaper(records);
  expect(composePaper(records.toReversed())).toEqual(found);
  return found;
}

const arxiv = (fields: Partial<Paper> = {}): Paper => paper({ id: 'arXiv:2101.00001', ...fields });
const journal = (fields: Partial<Paper> = {}): Paper => paper({ id: 'DOI:10.1234/x', ...fields });
const own = (fields: Partial<Paper> = {}): Paper => paper({ id: 'mine', ...fields });

describe('a paper of several records', () => {
  it('of one record is that record', () => {
    const full = arxiv({ year: 2021, date: '2021-01-04', keywords: ['owls'], citations: 3, version: 2 });
    expect(composePaper([{ source: 'a', paper: full }])).toEqual(full);
  });

  it('is called by its strongest id, and by the smallest of a scheme; the others are aliases', () => {
    const found = composed(
      own(),
      paper({ id: 'title:0123456789abcdef' }),
      paper({ id: 'https://example.org/1' }),
      journal(),
      paper({ id: 'DOI:10.1234/a', also: ['PMID:7'] }),
      arxiv(),
    );
    expect(found.id).toBe('arXiv:2101.00001');
    expect(found.ids).toEqual({
      arxiv: '2101.00001',
      doi: '10.1234/a',
      pmid: '7',
      url: 'https://example.org/1',
      local: 'mine',
    });
    expect(found.aliases).toEqual(['DOI:10.1234/x', 'title:0123456789abcdef']);
  });

  it.each([
    ['its own', own(), 'https://example.org/1', 'mine'],
    ['an address', paper({ id: 'https://example.org/1' }), 'title:0123456789abcdef', 'https://example.org/1'],
  ])('is called by %s rather than by what is weaker', (_, stronger, weaker, id) => {
    expect(composed(paper({ id: weaker }), stronger).id).toBe(id);
  });

  it('has title and abstract of one record: the longest abstract, of the newest arXiv version', () => {
    const short = { title: 'A long title for a short text', abstract: 'Short.' };
    const long = { title: 'Long', abstract: 'Rather longer.' };
    expect(composed(arxiv(short), journal(long))).toMatchObject(long);
    expect(composed(arxiv({ ...short, version: 2 }), arxiv({ ...long, version: 1 }))).toMatchObject(short);
    expect(composed(arxiv({ ...short, version: 2 }), journal(long))).toMatchObject(long);
    expect(composed(arxiv({ ...short, abstract: '' }), journal({ title: 'Owls', abstract: '' }))).toMatchObject({
      title: 'A long title for a short text',
    });
  });

  it('has the longest list of authors, and of lists as long the one with the fuller names', () => {
    const names = ['Edda Quill', 'Noor Tal'];
    expect(composed(arxiv({ authors: names }), journal({ authors: ['Edda Quill'] })).authors).toEqual(names);
    expect(composed(arxiv({ authors: ['E. Quill', 'N. Tal'] }), journal({ authors: names })).authors).toEqual(names);
  });

  it('is of the earliest day told, else of the earliest year', () => {
    const later = journal({ year: 2022, date: '2022-02-01' });
    expect(composed(arxiv({ year: 2021, date: '2021-05-01' }), later, own({ year: 2020 }))).toMatchObject({
      year: 2021,
      date: '2021-05-01',
    });
    expect(composed(arxiv({ year: 2021 }), own({ year: 2020 })).year).toBe(2020);
  });

  it('has the venue that is no archive, where any is', () => {
    const venue = (...venues: string[]) =>
      composed(...venues.map((name, i) => paper({ id: `p${i}`, venue: name }))).venue;
    expect(venue('arXiv preprint arXiv:2101.00001', 'Moths')).toBe('Moths');
    expect(venue('CoRR', 'bioRxiv')).toBe('bioRxiv');
    expect(venue('Moths', 'Moth Letters')).toBe('Moth Letters');
  });

  it('has all categories and keywords, the text’s first', () => {
    const found = composed(
      arxiv({ abstract: '', categories: ['cs.LG', 'cs.CL'], keywords: ['owls'] }),
      journal({ categories: ['cs.CL', 'q-bio'], keywords: ['moths', 'owls'] }),
    );
    expect(found).toMatchObject({ categories: ['cs.CL', 'q-bio', 'cs.LG'], keywords: ['moths', 'owls'] });
  });

  it('has the longest summary and comment, the largest counts, and the address of the record it is called by', () => {
    const found = composed(
      arxiv({ tldr: 'Owls.', comment: '4 pages', citations: 3, upvotes: 1, url: 'https://arxiv.org/abs/2101.00001' }),
      journal({ tldr: 'Owls wake.', comment: '4 p', citations: 2, upvotes: 5, url: 'https://example.org/1' }),
    );
    expect(found).toMatchObject({
      tldr: 'Owls wake.',
      comment: '4 pages',
      citations: 3,
      upvotes: 5,
      url: 'https://arxiv.org/abs/2101.00001',
    });
    expect(composed(arxiv(), journal({ url: 'https://example.org/1' })).url).toBe('https://example.org/1');
  });

  it('is of the newest version and knows them all', () => {
    const found = composed(
      arxiv({ version: 1, versions: [{ number: 1, date: '2021-01-04' }] }),
      own({ version: 3, versions: [{ number: 1 }, { number: 3 }] }),
    );
    expect(found).toMatchObject({ version: 3, versions: [{ number: 1, date: '2021-01-04' }, { number: 3 }] });
  });

  it('is withdrawn where a record says so that is not of an older version, or a source took it back', () => {
    expect(composed(arxiv({ version: 2, withdrawn: true }), arxiv({ version: 1 })).withdrawn).toBe(true);
    expect(composed(arxiv({ version: 1, withdrawn: true }), arxiv({ version: 2 })).withdrawn).toBeUndefined();
    expect(composed(arxiv({ version: 2 }), journal({ withdrawn: true })).withdrawn).toBe(true);
    const records: SourceRecord[] = [
      { source: 'a', paper: arxiv({ version: 2 }) },
      { source: 'b', withdrawn: 'arXiv:2101.00001' },
    ];
    expect(composePaper(records)).toMatchObject({ ...arxiv({ version: 2 }), withdrawn: true });
  });
});
