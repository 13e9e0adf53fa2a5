import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { type Paper, parseFilter, SEARCH_MODES } from '../../../src/domain/mod.ts';
import type { Encoder } from '../../../src/encoder/mod.ts';
import type { EmbeddedEngine } from '../../../src/engine/mod.ts';
import { createRetrieval, type Retrieval } from '../../../src/retrieval/mod.ts';
import type { Store } from '../../../src/store/mod.ts';
import { paper } from '../../support/library.ts';
import { embedded } from '../../support/searchable.ts';

const owls = 'Owls hunt voles at dusk, and voles fear owls. Owls are birds of the night.';
const PAPERS: readonly Paper[] = [
  paper({
    id: 'a',
    also: ['arXiv:2101.00001'],
    title: 'Owls',
    abstract: 'A short note.',
    year: 2001,
    authors: ['Edda Quill'],
  }),
  paper({ id: 'b', title: 'Owls, owls, owls', abstract: owls, year: 2002, authors: ['Noor Tal'] }),
  paper({ id: 'c', also: ['10.1234/voles'], title: 'The Voles of the North', abstract: owls, year: 2003 }),
  paper({ id: 'd', title: 'Voles of the north: a survey', abstract: owls, year: 2004, authors: ['Ada Lovelace'] }),
  paper({ id: 'e', title: 'Asking "what is an owl": hearing -at last', abstract: 'Nothing else.', year: 2005 }),
  paper({ id: 'g', also: ['10.1234/owls'], title: 'Hearing of owls, without a stop', year: 2007 }),
  paper({ id: 'h', also: ['10.1234/moths.', 'arXiv:2101.00007'], title: 'Hearing of moths, with one', year: 2008 }),
  paper({
    id: 'i',
    also: ['https://www.alphaxiv.org/abs/2101.00007'],
    title: 'Notes on the hearing of moths',
    year: 2009,
  }),
  paper({ id: 'f', title: 'Hearing', abstract: 'What is an owl, and what does it hear at last?', year: 2006 }),
];
const LATE = paper({ id: 'late', title: 'Lamps that no model has seen', abstract: owls });

let store: Store;
let engine: EmbeddedEngine;
let encoder: Encoder;
let close: () => Promise<void>;
let retrieval: Retrieval;

beforeEach(async () => {
  ({ store, engine, encoder, close } = await embedded(PAPERS, { later: [LATE] }));
  retrieval = createRetrieval({ engine, store, encoder });
});
afterEach(() => close());

const asked = { k: 10, filter: { clauses: [] }, explain: true, lastWord: 'whole' as const };
const search = (query: string, more: Partial<Parameters<Retrieval['search']>[0]> = {}) =>
  retrieval.search({ ...asked, mode: 'hybrid', query, ...more });
const ids = async (query: string, more = {}): Promise<string[]> =>
  (await search(query, more)).hits.map(({ paper: { ids: known } }) => known.local ?? '');

describe.each(SEARCH_MODES)('in mode %s', (mode) => {
  it.each([
    ['owls', 'a', 'title'],
    ['  OWLS!  ', 'a', 'title'],
    ['the voles of the north', 'c', 'title'],
    ['Lamps that no model has seen', 'late', 'title'],
    ['"The Voles of the North"', 'c', 'title'],
    ['the voles of the north year:2003', 'c', 'title'],
    ['arXiv:2101.00001v3', 'a', 'id'],
    ['https://arxiv.org/pdf/2101.00001.pdf', 'a', 'id'],
    ['2101.00001', 'a', 'id'],
    ['DOI:10.1234/VOLES', 'c', 'id'],
    ['https://doi.org/10.1234/voles', 'c', 'id'],
    ['zoo:d', 'd', 'id'],
    ['zoo:d year:2004', 'd', 'id'],
    ['arXiv:2101.00001 [cs.CL]', 'a', 'id'],
    ['<https://www.alphaxiv.org/abs/2101.00001>', 'a', 'id'],
    ['2101.00001 year:2001', 'a', 'id'],
    ['(doi 10.1234/voles).', 'c', 'id'],
    ['doi:10.1234/owls.', 'g', 'id'],
    ['doi:10.1234/moths.', 'h', 'id'],
    ['https://www.alphaxiv.org/abs/2101.00007', 'i', 'id'],
  ])('%s finds the paper of that id or title first', async (query, id, by) => {
    const { hits, total } = await search(query, { mode });
    expect([hits[0]?.paper.ids.local, hits[0]?.explanation?.exact]).toEqual([id, by]);
    expect(hits.slice(1).map(({ explanation }) => explanation?.exact)).toEqual(hits.slice(1).map(() => undefined));
    const found = hits.map(({ paper: { id: shown } }) => shown);
    expect(new Set(found).size).toBe(found.length);
    const scores = hits.map(({ score }) => score);
    expect(scores).toEqual(scores.toSorted((x, y) => y - x));
    expect(total).toBeGreaterThanOrEqual(hits.length);
  });

  it('what the filter keeps out is not first either', async () => {
    expect(await ids('owls', { mode, filter: parseFilter('year>=2002') })).not.toContain('a');
    expect(await ids('2101.00001', { mode, filter: parseFilter('year>=2002') })).not.toContain('a');
    expect(await ids('2101.00001 year>=2002', { mode })).not.toContain('a');
    expect(await ids('owls -"short note"', { mode })).not.toContain('a');
  });

  it('phrases, exclusions and fields say which papers may be found', async () => {
    // A paper without an embedding is found by its words alone.
    const late = mode === 'dense' ? [] : ['late'];
    expect((await ids('"voles fear owls" voles', { mode })).toSorted()).toEqual(['b', 'c', 'd', ...late]);
    expect((await ids('voles -survey "voles fear owls"', { mode })).toSorted()).toEqual(['b', 'c', ...late]);
    expect(await ids('voles author:Lovelace', { mode })).toEqual(['d']);
    expect((await ids('voles title:north year:2000..2003', { mode })).toSorted()).toEqual(['c']);
    expect(await ids('voles "owls fear voles"', { mode })).toEqual([]);
    expect(await ids('voles author:Lovelace', { mode, filter: parseFilter('year:2003') })).toEqual([]);
  });
});

it('an id is looked for as words where no paper has it, and else its paper has kin by its title', async () => {
  const unknown = await search('arXiv:1999.99999 owls');
  expect(unknown.understood).toMatchObject({ text: 'arXiv:1999.99999 owls', filter: null });
  expect((await search('2101.09999')).understood).toMatchObject({ form: 'id', text: '2101.09999' });
  const known = await search('https://arxiv.org/abs/2101.00001');
  expect(known.understood).toMatchObject({ form: 'id', text: 'Owls' });
  expect(known.hits[1]?.paper.ids.local).toBe('b');
});

it('signs in the very title of a paper are the title, and conditions in any other text', async () => {
  const title = 'Asking “what is an owl”: hearing -at last';
  const whole = await search(title);
  expect(whole.understood).toMatchObject({ text: title, filter: null });
  expect(whole.hits[0]?.paper.ids.local).toBe('e');
  expect(whole.hits.length).toBeGreaterThan(2);
  expect((await ids('hearing "what is an owl"')).toSorted()).toEqual(['e', 'f']);
});

it('says what was understood', async () => {
  const { understood } = await search('voles -survey "fear owls" year>=2001');
  expect(understood).toEqual({
    form: 'keywords',
    text: 'voles fear owls',
    filter: '-text:survey text:"fear owls" year>=2001',
    corrections: [],
    authors: [],
  });
  const related = await retrieval.related({ ...asked, positive: ['c'], negative: [] });
  expect(related.understood).toBeNull();
});

describe.each(SEARCH_MODES)('in mode %s', (mode) => {
  it.each([
    '',
    ' \n',
    '""',
    '-survey',
    '-survey -"of owls"',
    'author:Hinton',
    '?! -owls',
    '" "',
    '???',
    '🎉',
    '$ + $',
    '？',
  ])('refuses %j, which leaves nothing to search for', async (query) => {
    await expect(search(query, { mode })).rejects.toMatchObject({ code: 'USAGE', exitCode: 2, status: 400 });
  });
});

it('a title that many papers have is no paper’s name', async () => {
  const editorial = (i: number) =>
    paper({ id: `ed${i}`, title: 'Editorial', authors: [`Author ${i}`], year: 1900 + 2 * i });
  store.ingest(Array.from({ length: 21 }, (_, i) => ({ source: 'zoo', paper: editorial(i) })));
  expect(store.findByTitle('EDITORIAL')).toEqual([]);
  expect(store.findByTitle('owls')).toHaveLength(1);
  expect(store.findByTitle('x'.repeat(5000))).toEqual([]);
});
