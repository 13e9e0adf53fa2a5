import { describe, expect, it, onTestFinished } from 'vitest';
import { type Breakdown, type Paper, parseFilter, type SearchMode } from '../../../src/domain/mod.ts';
import { createRetrieval } from '../../../src/retrieval/mod.ts';
import { paper } from '../../support/library.ts';
import { embedded } from '../../support/searchable.ts';

const PAPERS: readonly Paper[] = [
  paper({ id: 'owl:1', title: 'Owls at dusk', year: 2001, venue: 'Auk', categories: ['bio', 'eco'] }),
  paper({ id: 'owl:2', title: 'Owls at dawn', year: 2001, venue: 'auk', authors: ['Quill, Edda', 'Noor Tal'] }),
  paper({ id: 'owl:3', title: 'Owls at noon', year: 2009, categories: ['eco'], authors: ['Noor Tál'] }),
  paper({
    id: 'moth:1',
    title: 'Moths at lamps',
    year: 1999,
    venue: 'Ibis',
    categories: ['phys'],
    authors: ['Ada Oke'],
  }),
];

async function counting(papers: readonly Paper[] = PAPERS) {
  const { store, engine, encoder, close } = await embedded(papers);
  onTestFinished(close);
  const retrieval = createRetrieval({ engine, store, encoder });
  const count = (query: string, filter = '', mode: SearchMode = 'lexical'): Promise<Breakdown> =>
    retrieval.breakdown({ query, mode, filter: parseFilter(filter), lastWord: 'whole' });
  return { store, retrieval, count };
}

describe('the breakdown of a search', () => {
  it('counts the papers that are found by year, category, venue, source and author, each value in one spelling', async () => {
    const { count } = await counting();
    expect(await count('owls')).toMatchObject({
      counted: 3,
      years: [
        { year: 2001, papers: 2 },
        { year: 2009, papers: 1 },
      ],
      categories: [
        { value: 'eco', papers: 2 },
        { value: 'bio', papers: 1 },
      ],
      venues: [{ papers: 2 }],
      sources: [{ value: 'zoo', papers: 3 }],
      authors: [{ papers: 2 }, { papers: 2 }],
    });
  });

  it('counts a field without its own conditions and under all others', async () => {
    const { count } = await counting();
    const { counted, years, categories, venues } = await count('owls', 'category:eco year:2001');
    expect(counted).toBe(1);
    // Another year would find one paper more, another category none in 2001 but bio.
    expect(years).toEqual([
      { year: 2001, papers: 1 },
      { year: 2009, papers: 1 },
    ]);
    expect(categories).toEqual([
      { value: 'bio', papers: 1 },
      { value: 'eco', papers: 1 },
    ]);
    expect(venues).toEqual([{ value: 'Auk', papers: 1 }]);
  });

  it('keeps exclusions and what the query itself demands for every field', async () => {
    const { count } = await counting();
    expect((await count('owls', '-category:bio')).categories).toEqual([{ value: 'eco', papers: 1 }]);
    expect((await count('owls year:2009')).years).toEqual([{ year: 2009, papers: 1 }]);
  });

  it('has values that the filter names though no paper has them, or many have others', async () => {
    const many = Array.from({ length: 30 }, (_, i) =>
      paper({ id: `owl:${i}`, title: 'Owls at dusk', categories: [`c${String(i).padStart(2, '0')}`] }),
    );
    const { count } = await counting(many);
    const { categories } = await count('owls', 'category:c29 category:absent');
    expect(categories).toHaveLength(22);
    expect(categories.slice(-2)).toEqual([
      { value: 'c29', papers: 1 },
      { value: 'absent', papers: 0 },
    ]);
  });

  it('counts in every mode no more papers than there are, and those that search finds', async () => {
    const { retrieval, count } = await counting();
    for (const mode of ['hybrid', 'dense', 'lexical'] as const) {
      const request = {
        query: 'owls',
        mode,
        k: 10,
        filter: { clauses: [] },
        explain: false,
        lastWord: 'whole' as const,
      };
      const { hits } = await retrieval.search(request);
      expect((await count('owls', '', mode)).counted).toBe(hits.length);
    }
  });

  it('follows what is stored, also a source that tells of a known paper', async () => {
    const { store, count } = await counting();
    expect((await count('owls')).sources).toEqual([{ value: 'zoo', papers: 3 }]);
    const [first] = PAPERS;
    if (first) store.ingest([{ source: 'night', paper: first }]);
    expect((await count('owls')).sources).toEqual([
      { value: 'zoo', papers: 3 },
      { value: 'night', papers: 1 },
    ]);
  });

  it('stops where nobody waits for it any more', async () => {
    const { retrieval } = await counting();
    const signal = AbortSignal.abort(new Error('left'));
    const request = { query: 'owls', mode: 'hybrid', filter: { clauses: [] }, lastWord: 'whole', signal } as const;
    await expect(retrieval.breakdown(request)).rejects.toThrow('left');
    await expect(retrieval.search({ ...request, k: 1, explain: false })).rejects.toThrow('left');
  });
});
