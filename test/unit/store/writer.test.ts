import { describe, expect, it } from 'vitest';
import type { Paper } from '../../../src/domain/mod.ts';
import type { Store } from '../../../src/store/mod.ts';
import { openStore, paper, temporaryWorkspace } from '../../support/library.ts';

const open = (): Store => openStore(temporaryWorkspace());

function held(store: Store, id: string): Paper | undefined {
  const key = store.findKey(id);
  return key === undefined ? undefined : store.paper(key);
}

const total = (store: Store): number => store.counts(0).papers;

describe('outcomes', () => {
  it('a new paper is added, in full', () => {
    const store = open();
    const full: Paper = paper({
      id: 'arXiv:2101.00001',
      also: ['10.1234/owl', 'https://example.org/owl'],
      title: 'Owls at dusk',
      abstract: 'They wake.',
      authors: ['Edda Quill', 'Noor Tal'],
      year: 2021,
      date: '2021-01-04',
      venue: 'Journal of Owls',
      categories: ['q-bio.PE', 'cs.LG'],
      keywords: ['owls'],
      tldr: 'Owls wake late.',
      url: 'https://example.org/owl',
      comment: '4 pages',
      citations: 7,
      version: 2,
    });
    expect(store.ingest([{ source: 'a', paper: full }])).toEqual(['added']);
    expect(held(store, 'arXiv:2101.00001')).toEqual(full);
    expect(store.problems()).toEqual([]);
  });

  it('the same record again is unchanged, and nothing is written', () => {
    const store = open();
    const record = { source: 'a', paper: paper({ id: 'P1' }) };
    store.ingest([record]);
    const revision = store.lastRevision();
    expect(store.ingest([record])).toEqual(['unchanged']);
    expect(store.lastRevision()).toBe(revision);
  });

  it('a record that adds to its paper updates it, one that adds nothing leaves it', () => {
    const store = open();
    store.ingest([{ source: 'a', paper: paper({ id: 'P1' }) }]);
    expect(store.ingest([{ source: 'b', paper: paper({ id: 'P1' }) }])).toEqual(['unchanged']);
    expect(store.ingest([{ source: 'c', paper: paper({ id: 'P1', venue: 'Moth Letters' }) }])).toEqual(['updated']);
    expect(held(store, 'P1')?.venue).toBe('Moth Letters');
    expect(total(store)).toBe(1);
  });

  it('outcomes come in the order of the records, also within one batch', () => {
    const store = open();
    const batch = [
      { source: 'a', paper: paper({ id: 'P1' }) },
      { source: 'a', paper: paper({ id: 'P1' }) },
      { source: 'b', paper: paper({ id: '10.1/x', also: ['P1'] }) },
      { source: 'a', paper: paper({ id: 'P2' }) },
    ];
    // The last but one is no DOI (its prefix is too short), so it is a paper of its own.
    expect(store.ingest(batch)).toEqual(['added', 'unchanged', 'added', 'added']);
  });
});

describe('one paper from several sources', () => {
  it.each([
    ['the same DOI in other spellings', 'https://doi.org/10.1234/ABC', 'doi:10.1234/abc'],
    ['the same arXiv id in other versions', 'arXiv:2101.00001v1', 'https://arxiv.org/abs/2101.00001v3'],
    ['the DOI that arXiv gives its papers', '10.48550/arXiv.2101.00001', '2101.00001'],
    ['the same ACL id', 'ACL:P19-1001', 'https://aclanthology.org/p19-1001/'],
    ['the same PubMed id', 'PMID:0012345', 'https://pubmed.ncbi.nlm.nih.gov/12345/'],
  ])('%s', (_, first, second) => {
    const store = open();
    store.ingest([{ source: 'a', paper: paper({ id: 'left', also: [first], title: 'One' }) }]);
    const outcome = store.ingest([{ source: 'b', paper: paper({ id: 'right', also: [second], title: 'Other' }) }]);
    // "left" and "right" are both local ids, of which a paper shows one and keeps both.
    expect(outcome).toEqual(['merged']);
    expect(total(store)).toBe(1);
    for (const id of ['left', 'right', first, second]) expect(store.findKey(id)).toBe(store.findKey('left'));
  });

  it('every id that any record brings is kept, also a second one of a scheme', () => {
    const store = open();
    store.ingest([{ source: 'a', paper: paper({ id: 'arXiv:2101.00001', also: ['10.1234/preprint'] }) }]);
    store.ingest([{ source: 'b', paper: paper({ id: 'arXiv:2101.00001', also: ['10.1234/journal', 'PMID:7'] }) }]);
    const key = store.findKey('2101.00001v9');
    for (const id of ['DOI:10.1234/PREPRINT', 'https://doi.org/10.1234/journal', 'pubmed:7']) {
      expect(store.findKey(id)).toBe(key);
    }
    expect(store.ingest([{ source: 'c', paper: paper({ id: '10.1234/journal' }) }])).toEqual(['merged']);
    expect(total(store)).toBe(1);
  });

  it('a paper known by its title is found by the other record’s id as well', () => {
    const store = open();
    store.ingest([{ source: 'a', paper: paper({ id: 'left', title: 'Moths and Lamps' }) }]);
    expect(store.ingest([{ source: 'b', paper: paper({ id: 'right', title: 'Moths and lamps' }) }])).toEqual([
      'merged',
    ]);
    expect(store.findKey('right')).toBe(store.findKey('left'));
  });

  it('is two papers again when a correction takes away what linked the records', () => {
    const store = open();
    store.ingest([{ source: 'a', paper: paper({ id: 'left', title: 'Moths and Lamps' }) }]);
    store.ingest([{ source: 'b', paper: paper({ id: 'right', title: 'Moths and lamps', venue: 'Moth Letters' }) }]);
    const key = store.findKey('left');
    const corrected = paper({ id: 'right', title: 'Moths, lamps and candles' });
    expect(store.ingest([{ source: 'b', paper: corrected }])).toEqual(['updated']);
    expect(total(store)).toBe(2);
    expect(store.findKey('left')).toBe(key);
    expect(held(store, 'left')).toEqual(paper({ id: 'left', title: 'Moths and Lamps' }));
    expect(held(store, 'right')).toEqual(corrected);
    expect(store.problems()).toEqual([]);
  });

  it('a record with the ids of two papers joins them under the older one', () => {
    const store = open();
    store.ingest([
      { source: 'a', paper: paper({ id: 'arXiv:2101.00001', title: 'Preprint', abstract: 'Short.', venue: 'Lab' }) },
      { source: 'b', paper: paper({ id: '10.1234/x', title: 'Article', abstract: 'Rather longer.', tldr: 'Yes.' }) },
    ]);
    const [older, younger] = [store.findKey('2101.00001'), store.findKey('10.1234/x')];
    expect(older).not.toBe(younger);
    const revision = store.lastRevision();
    const joining = paper({ id: 'S2:abc', also: ['2101.00001', '10.1234/X'], abstract: 'Hm.', comment: 'joined' });
    expect(store.ingest([{ source: 'c', paper: joining }])).toEqual(['merged']);
    expect(total(store)).toBe(1);
    for (const id of ['2101.00001', '10.1234/x', 's2:abc']) expect(store.findKey(id)).toBe(older);
    expect(held(store, 's2:abc')).toMatchObject({
      id: 'arXiv:2101.00001',
      title: 'Article',
      abstract: 'Rather longer.',
      venue: 'Lab',
      tldr: 'Yes.',
      comment: 'joined',
    });
    expect(store.removedSince(revision).map(({ key }) => key)).toEqual([younger]);
    expect(store.problems()).toEqual([]);
  });

  it('re-importing every record that contributed says unchanged', () => {
    const store = open();
    const records = [
      { source: 'a', paper: paper({ id: 'arXiv:2101.00001', abstract: 'Short.' }) },
      { source: 'b', paper: paper({ id: '10.1234/x', title: 'Article', abstract: 'Rather longer.' }) },
      { source: 'c', paper: paper({ id: 'S2:abc', also: ['2101.00001', '10.1234/X'], abstract: '' }) },
      { source: 'd', paper: paper({ id: 'elsewhere', title: 'ARTICLE', year: 2020 }) },
    ];
    for (const record of records) store.ingest([record]);
    const revision = store.lastRevision();
    expect(store.ingest(records)).toEqual(['unchanged', 'unchanged', 'unchanged', 'unchanged']);
    expect(store.ingest(records.toReversed())).toEqual(['unchanged', 'unchanged', 'unchanged', 'unchanged']);
    expect(store.lastRevision()).toBe(revision);
    expect(total(store)).toBe(1);
  });

  it('an address that many papers share joins none of them', () => {
    const store = open();
    const page = 'https://example.org/proceedings';
    store.ingest([
      { source: 'a', paper: paper({ id: 'P1', also: [page], url: page }) },
      { source: 'a', paper: paper({ id: 'P2', also: [page], url: page }) },
    ]);
    expect(total(store)).toBe(2);
    // The other source says nothing new: the shared address must not look like a gain each time.
    const revision = store.lastRevision();
    expect(store.ingest([{ source: 'b', paper: paper({ id: 'P2', also: [page], url: page }) }])).toEqual(['unchanged']);
    expect(store.lastRevision()).toBe(revision);
  });
});

describe('a duplicate by its title', () => {
  const first = (fields: Partial<Paper>): Paper =>
    paper({ id: 'left', title: 'Über Moths & Lamps', authors: ['Edda Quill', 'José Ñandú'], year: 2020, ...fields });
  const outcome = (a: Partial<Paper>, b: Partial<Paper>): string | undefined => {
    const store = open();
    store.ingest([{ source: 'a', paper: first(a) }]);
    return store.ingest([{ source: 'b', paper: { ...first(b), id: 'right', ids: { local: 'right' } } }])[0];
  };

  it.each<[string, Partial<Paper>, Partial<Paper>]>([
    ['in other case, accents and punctuation', {}, { title: 'uber MOTHS, lamps' }],
    ['a year later', { year: 2020 }, { year: 2021 }],
    ['a year earlier', { year: 2020 }, { year: 2019 }],
    ['with no year on one side', {}, { year: 2020 }],
    ['with one author in common, written the other way round', {}, { authors: ['Nandu, Jose', 'Someone Else'] }],
  ])('is merged %s', (_, a, b) => {
    expect(outcome(a, b)).toBe('merged');
  });

  it.each<[string, Partial<Paper>, Partial<Paper>]>([
    ['two years later', { year: 2020 }, { year: 2022 }],
    ['no author is shared', {}, { authors: ['Someone Else'] }],
    ['only a first name is shared', { authors: ['Edda Quill'] }, { authors: ['Edda Other'] }],
    ['the record has no authors', {}, { authors: [] }],
    ['the paper has no authors', { authors: [] }, {}],
    ['the names are empty', { authors: [','] }, { authors: [', '] }],
    ['the titles are signs alone', { title: '???' }, { title: '!!!' }],
  ])('stays apart where %s', (_, a, b) => {
    expect(outcome(a, b)).toBe('added');
  });

  it('is merged with a paper that has no year', () => {
    const store = open();
    store.ingest([{ source: 'a', paper: paper({ id: 'left', title: 'Lamps' }) }]);
    expect(store.ingest([{ source: 'b', paper: paper({ id: 'right', title: 'Lamps', year: 1999 }) }])).toEqual([
      'merged',
    ]);
    expect(held(store, 'left')?.year).toBe(1999);
  });
});

describe('a title that very many records have', () => {
  const editorial = (i: number, title = 'Editorial') => ({
    source: 'a',
    paper: paper({ id: `E${i}`, title, authors: ['The Editors'] }),
  });
  const MOST = 50;

  it('tells nothing: their papers are parted, and stay papers of their own', () => {
    const store = open();
    store.ingest(Array.from({ length: MOST }, (_, i) => editorial(i)));
    expect(total(store)).toBe(1);
    store.ingest([editorial(MOST)]);
    expect(total(store)).toBe(MOST + 1);
    expect(store.ingest([editorial(MOST + 1)])).toEqual(['added']);
    expect(store.problems()).toEqual([]);
  });

  it('is not common for being told by many sources of one paper', () => {
    const store = open();
    for (let i = 0; i <= MOST; i += 1) store.ingest([{ ...editorial(1), source: `week ${i}` }]);
    store.ingest([editorial(2)]);
    expect(total(store)).toBe(1);
  });

  it('tells something again when enough of them turn out to have another', () => {
    const store = open();
    store.ingest(Array.from({ length: MOST + 2 }, (_, i) => editorial(i)));
    expect(total(store)).toBe(MOST + 2);
    store.ingest([editorial(0, 'On owls')]);
    expect(total(store)).toBe(MOST + 2);
    store.ingest([editorial(1, 'On moths')]);
    expect(total(store)).toBe(3);
    expect(store.problems()).toEqual([]);
  });
});

describe('an id that very many records share', () => {
  const chapter = (i: number, also = ['10.1234/volume']) => ({
    source: 'a',
    paper: paper({ id: `C${i}`, also, title: `Chapter ${i}`, authors: [`Author ${i}`] }),
  });
  const MOST = 200;
  const chapters = Array.from({ length: MOST + 1 }, (_, i) => chapter(i));

  it('tells nothing: their papers are parted, and it tells again when fewer share it', () => {
    const store = open();
    store.ingest(chapters.slice(0, MOST));
    expect(total(store)).toBe(1);
    store.ingest(chapters.slice(MOST));
    expect(total(store)).toBe(MOST + 1);
    expect(store.ingest([chapter(MOST + 1), chapter(MOST + 2), chapter(MOST + 3)])).toEqual(Array(3).fill('added'));
    expect(store.problems()).toEqual([]);
    store.ingest([chapter(0, []), chapter(1, []), chapter(2, [])]);
    expect(total(store)).toBe(MOST + 4);
    store.ingest([chapter(3, [])]);
    expect(total(store)).toBe(4 + 1);
    expect(store.problems()).toEqual([]);
  });

  it('still names the papers of the records that are called by it', () => {
    const store = open();
    const volume = (source: string) => ({ source, paper: paper({ id: 'DOI:10.1234/volume', title: `Of ${source}` }) });
    store.ingest([volume('x'), ...chapters, volume('y'), { source: 'z', withdrawn: 'DOI:10.1234/volume' }]);
    expect(total(store)).toBe(chapters.length + 1);
    expect(held(store, '10.1234/volume')).toMatchObject({ id: 'DOI:10.1234/volume', withdrawn: true });
  });
});

describe('merging texts', () => {
  const merged = (...records: Partial<Paper>[]): Paper | undefined => {
    const store = open();
    records.forEach((fields, i) =>
      store.ingest([{ source: `source ${i}`, paper: paper({ id: 'arXiv:2101.00001', ...fields }) }]),
    );
    return held(store, 'arXiv:2101.00001');
  };
  const short = { title: 'Short', abstract: 'Few words.' };
  const long = { title: 'Long', abstract: 'A good many more words than that.' };

  it('the richer abstract wins, with its title, whichever comes first', () => {
    expect(merged(short, long)).toMatchObject(long);
    expect(merged(long, short)).toMatchObject(long);
    expect(merged({ title: 'Bare', abstract: '' }, short)).toMatchObject(short);
  });

  it('a newer arXiv version replaces the text, however short, and an older one does not', () => {
    expect(merged({ ...long, version: 1 }, { ...short, version: 2 })).toMatchObject({ ...short, version: 2 });
    expect(merged({ ...short, version: 2 }, { ...long, version: 1 })).toMatchObject({ ...short, version: 2 });
  });

  it('an arXiv record that names no version is of the first', () => {
    expect(merged(long, { ...short, version: 1 })).toMatchObject({ ...long, version: 1 });
    expect(merged({ ...short, version: 2 }, long)).toMatchObject({ ...short, version: 2 });
  });

  it('a newer version without an abstract leaves the text, until its own comes', () => {
    expect(merged({ ...long, version: 1 }, { title: 'Bare', abstract: '', version: 2 })).toMatchObject({
      ...long,
      version: 2,
      versions: [{ number: 1 }, { number: 2 }],
    });
    const later = merged({ ...long, version: 1 }, { abstract: '', version: 2 }, { ...short, version: 2 });
    expect(later).toMatchObject({ ...short, version: 2 });
  });

  it('gathers categories and keywords, and keeps the longer list of authors', () => {
    const paperHeld = merged(
      { categories: ['cs.LG'], keywords: ['owls'], authors: ['Edda Quill'] },
      { categories: ['cs.CL', 'cs.LG'], keywords: ['moths'], authors: ['E. Quill', 'N. Tal'] },
    );
    expect(paperHeld).toMatchObject({
      categories: ['cs.LG', 'cs.CL'],
      keywords: ['owls', 'moths'],
      authors: ['E. Quill', 'N. Tal'],
    });
    expect(paperHeld?.keywords).toHaveLength(2);
  });
});

describe('a source that corrects its own record', () => {
  it('replaces what it said, also by less', () => {
    const store = open();
    const before = paper({ id: 'P1', abstract: 'Wrong and long.', venue: 'Wrong', keywords: ['wrong'], year: 1900 });
    store.ingest([{ source: 'a', paper: before }]);
    const after = paper({ id: 'P1', abstract: 'Right.', keywords: ['right'] });
    expect(store.ingest([{ source: 'a', paper: after }])).toEqual(['updated']);
    expect(held(store, 'P1')).toEqual(after);
    expect(store.ingest([{ source: 'a', paper: after }])).toEqual(['unchanged']);
  });

  it('takes back ids it no longer names', () => {
    const store = open();
    store.ingest([{ source: 'a', paper: paper({ id: 'P1', also: ['10.1234/x'] }) }]);
    store.ingest([{ source: 'a', paper: paper({ id: 'P1', title: 'Other' }) }]);
    expect(store.findKey('10.1234/x')).toBeUndefined();
    expect(store.problems()).toEqual([]);
  });

  it('takes nothing away that another source told', () => {
    const store = open();
    const id = '10.1234/x';
    store.ingest([
      { source: 'a', paper: paper({ id, abstract: '', categories: ['cs.LG'] }) },
      { source: 'b', paper: paper({ id, abstract: 'Only b knows.', venue: 'Moth Letters', categories: ['cs.CL'] }) },
    ]);
    store.ingest([{ source: 'a', paper: paper({ id, title: 'Corrected', abstract: '', categories: ['cs.IR'] }) }]);
    expect(held(store, id)).toMatchObject({
      abstract: 'Only b knows.',
      venue: 'Moth Letters',
      categories: ['cs.CL', 'cs.IR'],
    });
  });

  it('does not go back to an older arXiv version', () => {
    const store = open();
    const id = 'arXiv:2101.00001';
    store.ingest([{ source: 'a', paper: paper({ id, abstract: 'Second.', version: 2 }) }]);
    store.ingest([{ source: 'a', paper: paper({ id, abstract: 'First, and longer.', version: 1 }) }]);
    expect(held(store, id)).toMatchObject({
      abstract: 'Second.',
      version: 2,
      versions: [{ number: 1 }, { number: 2 }],
    });
    const revision = store.lastRevision();
    const again = { source: 'a', paper: paper({ id, abstract: 'First, and longer.', version: 1 }) };
    expect(store.ingest([again])).toEqual(['unchanged']);
    expect(store.lastRevision()).toBe(revision);
  });

  it('remembers when each version came', () => {
    const store = open();
    const id = 'arXiv:2101.00001';
    const tell = (version: number, date: string) =>
      store.ingest([{ source: 'a', paper: paper({ id, version, versions: [{ number: version, date }] }) }]);
    tell(1, '2021-01-01');
    tell(3, '2021-03-01');
    expect(held(store, id)?.versions).toEqual([
      { number: 1, date: '2021-01-01' },
      { number: 3, date: '2021-03-01' },
    ]);
  });
});

describe('a withdrawn paper', () => {
  const id = 'arXiv:2101.00001';
  const notice = 'This paper has been withdrawn by the author due to a crucial error in equation 5.';

  it('is marked, keeps its text, and is found by its words still', () => {
    const store = open();
    store.ingest([{ source: 'a', paper: paper({ id, title: 'Owls', abstract: 'They wake.' }) }]);
    expect(store.ingest([{ source: 'a', withdrawn: '2101.00001' }])).toEqual(['updated']);
    expect(held(store, id)).toMatchObject({ title: 'Owls', abstract: 'They wake.', withdrawn: true });
    expect(store.ingest([{ source: 'a', withdrawn: id }])).toEqual(['unchanged']);
  });

  it('keeps the text that its source told before the notice took its place', () => {
    const store = open();
    store.ingest([{ source: 'a', paper: paper({ id, title: 'Owls', abstract: 'They wake.', version: 1 }) }]);
    const last = paper({ id, title: 'Owls', abstract: notice, version: 2, comment: 'withdrawn', withdrawn: true });
    store.ingest([{ source: 'a', paper: last }]);
    expect(held(store, id)).toMatchObject({
      abstract: 'They wake.',
      comment: 'withdrawn',
      version: 2,
      withdrawn: true,
    });
  });

  it('keeps the text of another source', () => {
    const store = open();
    store.ingest([
      { source: 'a', paper: paper({ id, abstract: notice, version: 2, withdrawn: true }) },
      { source: 'b', paper: paper({ id, abstract: 'They wake.', version: 1 }) },
    ]);
    expect(held(store, id)).toMatchObject({ abstract: 'They wake.', withdrawn: true });
  });

  it('stands again with a newer version, or when the source tells it anew', () => {
    const store = open();
    store.ingest([{ source: 'a', paper: paper({ id, abstract: notice, version: 1, withdrawn: true }) }]);
    store.ingest([{ source: 'b', paper: paper({ id, abstract: 'Mended.', version: 2 }) }]);
    expect(held(store, id)).toMatchObject({ abstract: 'Mended.' });
    expect(held(store, id)?.withdrawn).toBeUndefined();
    store.ingest([{ source: 'c', withdrawn: id }]);
    expect(held(store, id)?.withdrawn).toBe(true);
    store.ingest([{ source: 'c', paper: paper({ id, abstract: 'Mended.', version: 2 }) }]);
    expect(held(store, id)?.withdrawn).toBeUndefined();
  });

  it('is known as withdrawn also where the withdrawal came before the paper', () => {
    const store = open();
    expect(store.ingest([{ source: 'a', withdrawn: id }])).toEqual(['unchanged']);
    expect(store.counts(0)).toMatchObject({ papers: 0, sources: [] });
    expect(store.problems()).toEqual([]);
    expect(store.ingest([{ source: 'b', paper: paper({ id }) }])).toEqual(['added']);
    expect(held(store, id)?.withdrawn).toBe(true);
    expect(store.records(store.findKey(id) ?? 0)).toEqual([
      { source: 'a', withdrawn: id },
      { source: 'b', paper: paper({ id }) },
    ]);
  });

  it('is none where another collection withdraws its own paper of the same number', () => {
    const store = open();
    store.ingest([{ source: 'a', withdrawn: '17' }]);
    store.ingest([{ source: 'b', paper: paper({ id: '17' }) }]);
    expect(held(store, '17')?.withdrawn).toBeUndefined();
    store.ingest([{ source: 'a', paper: paper({ id: '18' }) }]);
    store.ingest([{ source: 'a', withdrawn: '18' }]);
    expect(held(store, '18')?.withdrawn).toBe(true);
  });
});

describe('hostile text', () => {
  it.each([
    ['quotes', `Robert'); DROP TABLE papers;--`],
    ['a NUL', 'nul\u0000nul'],
    ['emoji and Chinese', '深度学习 🧪'],
    ['a megabyte', 'word '.repeat(200_000)],
  ])('%s in a title and an author', (_, text) => {
    const store = open();
    const record = { source: 'a', paper: paper({ id: 'P1', title: text, authors: [text] }) };
    expect(store.ingest([record])).toEqual(['added']);
    expect(store.ingest([record])).toEqual(['unchanged']);
    expect(store.problems()).toEqual([]);
  });
});

describe('a collection’s own id', () => {
  const first = paper({ id: '1', title: 'Preliminary report on an algebraic language', abstract: 'On programs.' });
  const other = paper({ id: '1', title: 'Experimental flow past a wing', abstract: 'On air.' });

  it('that another collection has for another paper names neither; both are called after their sources', () => {
    const store = open();
    expect(store.ingest([{ source: 'cacm', paper: first }])).toEqual(['added']);
    expect(held(store, '1')).toEqual(first);
    expect(store.ingest([{ source: 'cranfield', paper: other }])).toEqual(['added']);
    expect(store.findKey('1')).toBeUndefined();
    expect(held(store, 'cacm:1')).toEqual({ ...first, id: 'cacm:1', ids: { local: 'cacm:1' } });
    expect(held(store, 'Cranfield:1')).toEqual({ ...other, id: 'cranfield:1', ids: { local: 'cranfield:1' } });
    expect(store.ingest([{ source: 'cranfield', paper: other }])).toEqual(['unchanged']);
    expect(store.ingest([{ source: 'cacm', paper: first }])).toEqual(['unchanged']);
    expect(store.problems()).toEqual([]);
  });

  it('with its source in front finds the paper even while nothing else has the id', () => {
    const store = open();
    store.ingest([{ source: 'my: papers', paper: paper({ id: 'a:1' }) }]);
    expect(store.findKey('my: papers:a:1')).toBe(store.findKey('a:1'));
  });

  it('names its paper again when the other collection corrects itself', () => {
    const store = open();
    store.ingest([
      { source: 'cacm', paper: first },
      { source: 'cranfield', paper: other },
    ]);
    store.ingest([{ source: 'cranfield', paper: first }]);
    expect(total(store)).toBe(1);
    expect(held(store, '1')?.title).toBe(first.title);
  });

  it('joins the records of two collections that tell of one paper by it', () => {
    const store = open();
    store.ingest([{ source: 'a', paper: paper({ id: '1', title: 'Flow past a thin wing', authors: [] }) }]);
    store.ingest([{ source: 'b', paper: paper({ id: '1', title: 'Flow past a wing', authors: [] }) }]);
    expect(total(store)).toBe(1);
  });

  it('stays with its paper when its source corrects the title, whatever that becomes', () => {
    const store = open();
    store.ingest([{ source: 'mine', paper: first }]);
    expect(store.ingest([{ source: 'mine', paper: other }])).toEqual(['updated']);
    expect(held(store, '1')?.title).toBe(other.title);
  });

  it('is called after its source also where it is not what its paper is called by', () => {
    const store = open();
    store.ingest([
      { source: 'a', paper: { ...other, id: 'DOI:10.1234/x', ids: { doi: '10.1234/x', local: '1' } } },
      { source: 'b', paper: first },
    ]);
    expect(held(store, '10.1234/x')?.ids).toEqual({ doi: '10.1234/x', local: 'a:1' });
    expect(store.findKey('a:1')).toBe(store.findKey('10.1234/x'));
  });
});
