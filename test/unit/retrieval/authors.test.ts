import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type Filter, parseFilter } from '../../../src/domain/mod.ts';
import { createAuthors } from '../../../src/retrieval/authors.ts';
import { paper } from '../../support/library.ts';
import { searchable } from '../../support/searchable.ts';

const FILLER = Array.from({ length: 40 }, (_, i) =>
  paper({
    id: `f:${i}`,
    title: `Markov chains and song of bird ${i}`,
    abstract: 'A Gaussian process, an Adam optimizer and deep learning; a fox sang.',
    authors: [`Writer${'abcdefghij'.charAt(i % 10)} Wang`, 'Igor Markov'],
  }),
);
const PAPERS = [
  paper({
    id: 'p:1',
    title: 'Attention of owls',
    authors: ['Edda Quillon', 'Noor Talvi'],
    year: 2017,
    date: '2017-06-12',
  }),
  paper({ id: 'p:2', title: 'Voles', authors: ['Edda Quillon'], year: 2019 }),
  paper({ id: 'p:3', title: 'Moths', authors: ['Talvi, Noor', 'Joris van den Bergh'], year: 2017 }),
  paper({ id: 'p:4', title: 'Ice', authors: ['Max Welling'], abstract: 'It went well.' }),
  paper({ id: 'p:5', title: 'A fox at night', authors: ['Tara Fox'], abstract: 'One fox and another fox.' }),
  paper({ id: 'p:6', title: 'Hopfen networks', authors: ['John Hopfen'], abstract: 'Hopfen networks are told of.' }),
  ...['Hopfen networks once more', 'A Hopfen network of owls', 'On the Hopfen model'].map((title, i) =>
    paper({ id: `h:${i}`, title, authors: ['Nobody Else'] }),
  ),
  ...FILLER,
];
const NONE: Filter = { clauses: [] };

async function reading() {
  const { engine, store } = await searchable(PAPERS);
  const { read } = createAuthors({ engine });
  const found = async (query: string, filter = NONE) => {
    const named = await read(query, filter);
    const idOf = (key: number): string => store.paper(key)?.id ?? '';
    return named && { ...named, ids: Array.from(named.candidates.keys, idOf) };
  };
  return { found };
}

describe('authors that a query names', () => {
  it.each([
    ['papers by Edda Quillon on owls', ['Edda Quillon'], 'on owls'],
    ['edda quillon owls', ['edda quillon'], 'owls'],
    ['Quillon, E. owls', ['Quillon E'], 'owls'],
    ['Quillon owls', ['Quillon'], 'owls'],
    ['quillon', ['quillon'], ''],
    ['quillon owls', ['quillon'], 'owls'],
    ['theorem Quillon', ['Quillon'], 'theorem'],
    ['owls (Quillon)', ['Quillon'], 'owls'],
    ["Quillon's owls", ['Quillon'], 'owls'],
    ['work by quillon and talvi', ['quillon', 'talvi'], ''],
    ['articles written either by Quillon or Noor Talvi', ['Quillon', 'Noor Talvi'], ''],
    ['Quillon & Welling ice', ['Quillon', 'Welling'], 'ice'],
    ['moths by Joris van den Bergh', ['Joris van den Bergh'], 'moths'],
    ['van den Bergh', ['van den Bergh'], ''],
    ['papers of Quillon about voles', ['Quillon'], 'about voles'],
    ['papers by Wang', ['Wang'], ''],
    ['Edda Quillon', ['Edda Quillon'], ''],
  ])('%s', async (query, authors, rest) => {
    const { found } = await reading();
    const named = await found(query);
    expect(named?.authors.map(({ name }) => name)).toEqual(authors);
    expect(named?.rest).toBe(rest);
  });

  it.each([
    'Gaussian process',
    'Markov decision process',
    'Markov',
    'Adam optimizer',
    'Wang tiles',
    'Song of birds',
    'Fox',
    'Hopfen network',
    'Hopfen',
    'Quillon theorem',
    'owls and voles',
    'quillon theorem',
    'hopfen',
    'welling ice',
    '"Edda Quillon"',
    'inspired by Markov chains',
    'Deep learning and Song',
    'Laplace',
    '',
  ])('none: %s', async (query) => {
    const { found } = await reading();
    expect(await found(query)).toBeUndefined();
  });

  it('have papers, first those by all of them, then those of the year named', async () => {
    const { found } = await reading();
    const both = await found('papers by Edda Quillon and Noor Talvi');
    expect(both?.ids[0]).toBe('p:1');
    expect([...(both?.ids ?? [])].sort()).toEqual(['p:1', 'p:2', 'p:3']);
    const [byBoth = 0, byOne = 0] = both?.candidates.scores ?? [];
    expect(byBoth).toBeGreaterThan(byOne);
    expect(byOne).toBeGreaterThan(1);
    const dated = await found('Quillon et al. 2019');
    expect(dated).toMatchObject({ year: 2019, rest: '', ids: ['p:2', 'p:1'] });
    const [ofYear = 0, ofOther = 0] = dated?.candidates.scores ?? [];
    // Words and meaning add 1 at most.
    expect(ofYear).toBeGreaterThan(ofOther + 1);
    const one = await found('papers by Edda Quillon and Noor Talvi 2019');
    expect(one).toMatchObject({ year: 2019 });
    expect(one?.ids[0]).toBe('p:2');
  });

  it('have only the papers that the filter lets through', async () => {
    const { found } = await reading();
    expect((await found('Edda Quillon', parseFilter('year>=2018')))?.ids).toEqual(['p:2']);
    expect((await found('Edda Quillon', parseFilter('year>=2030')))?.ids).toEqual([]);
  });

  it('never throws, whatever is typed', async () => {
    const { found } = await reading();
    const word = fc.constantFrom(
      'Edda',
      'Quillon',
      'by',
      'et',
      'al.',
      'and',
      'Noor',
      '2017',
      ',',
      'E.',
      '"',
      '&',
      'van',
    );
    const text = fc.oneof(
      fc.string({ unit: 'binary', maxLength: 60 }),
      fc.array(word, { maxLength: 12 }).map((words) => words.join(' ')),
    );
    await fc.assert(
      fc.asyncProperty(text, async (query) => void (await found(query))),
      { numRuns: 60 },
    );
    for (const piece of ['A', 'Edda ', '!', "'s", 'E.', '"']) {
      expect(await found(piece.repeat(100_000 / piece.length))).toBeUndefined();
    }
  }, 20_000);
});
