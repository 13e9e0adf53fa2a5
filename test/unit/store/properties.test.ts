import fc from 'fast-check';
import { expect, it } from 'vitest';
import { formatPaperId, ID_SCHEMES, type IdScheme, idsOf, type Paper, parsePaperId } from '../../../src/domain/mod.ts';
import type { SourceRecord, Store } from '../../../src/store/mod.ts';
import { paper, withStore } from '../../support/library.ts';

// Few of each, so that records collide in every way: by id, by title and author, by both with different papers.
const ids = fc.uniqueArray(
  fc.constantFrom(
    'arXiv:2101.00001',
    'arXiv:2101.00002',
    '10.1234/a',
    '10.1234/b',
    'PMID:1',
    'S2:x',
    'local-1',
    'local-2',
    'https://example.org/page',
    'ACL:P19-1001',
  ),
  { minLength: 1, maxLength: 4, selector: (id) => parsePaperId(id).scheme },
);
const record: fc.Arbitrary<SourceRecord> = fc
  .record({
    source: fc.constantFrom('a', 'A', 'b', 'c'),
    ids,
    title: fc.constantFrom('Owls', 'OWLS!', 'Moths', '?'),
    abstract: fc.constantFrom('', 'Short.', 'A longer abstract.'),
    authors: fc.constantFrom([], ['Edda Quill'], ['Quill, Edda', 'Noor Tal'], ['Noor Tal']),
    year: fc.constantFrom(undefined, 2019, 2020, 2022),
    version: fc.constantFrom(undefined, 1, 2),
    categories: fc.constantFrom([], ['cs.LG'], ['cs.lg', 'cs.CL']),
    venue: fc.constantFrom(undefined, 'Moth Letters'),
  })
  .map(({ source, ids: [first = 'local-1', ...rest], year, version, venue, ...fields }) => {
    const spelt = [first, ...rest].map(parsePaperId);
    return {
      source,
      paper: {
        ...paper({ id: first }),
        ...fields,
        id: formatPaperId(parsePaperId(first)),
        ids: idsOf(spelt),
        ...(year === undefined ? {} : { year }),
        ...(version === undefined ? {} : { version }),
        ...(venue === undefined ? {} : { venue }),
      },
    };
  });
const batches = fc.array(fc.array(record, { maxLength: 5 }), { maxLength: 6 });

/** The ids of a record, as Paperkin writes them. */
function idsIn({ paper: told }: SourceRecord, schemes: readonly IdScheme[]): string[] {
  const others = schemes.flatMap((scheme) => {
    const value = told.ids[scheme];
    return value === undefined ? [] : [formatPaperId({ scheme, value })];
  });
  const own = schemes.includes(parsePaperId(told.id).scheme) ? [told.id] : [];
  return [...own, ...others];
}

function contents(store: Store): (Paper | undefined)[] {
  return store
    .changedSince(0, 0, 1000)
    .map(({ key }) => store.paper(key))
    .sort((a, b) => ((a?.id ?? '') < (b?.id ?? '') ? -1 : 1));
}

it('any sequence of records leaves a sound store that finds every id and settles when read again', async () => {
  await fc.assert(
    fc.asyncProperty(batches, (told) =>
      withStore((store) => {
        const outcomes = told.flatMap((batch) => store.ingest(batch));
        const records = told.flat();
        expect(store.problems()).toEqual([]);
        expect(outcomes).toHaveLength(records.length);
        const papers = store.counts(0).papers;
        const added = outcomes.filter((outcome) => outcome === 'added').length;
        // Each paper that is no more was folded into another, and is listed as removed.
        expect(added - store.removedSince(0).length).toBe(papers);
        for (const each of records) {
          for (const id of idsIn(each, ID_SCHEMES)) {
            const key = store.findKey(id);
            expect({ id, paper: key === undefined ? undefined : store.paper(key) }).toMatchObject({ paper: {} });
          }
          // All that names a paper everywhere (not an address, nor a collection's own id) names the same one.
          const naming = ID_SCHEMES.filter((scheme) => scheme !== 'url' && scheme !== 'local');
          const keys = new Set(idsIn(each, naming).map((id) => store.findKey(id)));
          expect(keys.size).toBeLessThanOrEqual(1);
        }
        for (const batch of told) store.ingest(batch);
        const second = contents(store);
        for (const batch of told) store.ingest(batch);
        expect(contents(store)).toEqual(second);
        expect(store.problems()).toEqual([]);
      }),
    ),
    { numRuns: 60 },
  );
});

it('reading distinct records again changes nothing at all', async () => {
  const distinct = fc.uniqueArray(record, {
    maxLength: 20,
    selector: ({ source, paper: { id } }) => `${source.toLowerCase()} ${id}`,
  });
  await fc.assert(
    fc.asyncProperty(distinct, (records) =>
      withStore((store) => {
        store.ingest(records);
        const [first, revision] = [contents(store), store.lastRevision()];
        expect(new Set(store.ingest(records.toReversed())).size).toBeLessThanOrEqual(1);
        expect(store.ingest(records).every((outcome) => outcome === 'unchanged')).toBe(true);
        expect(store.lastRevision()).toBe(revision);
        expect(contents(store)).toEqual(first);
      }),
    ),
    { numRuns: 60 },
  );
});
