import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  formatPaperId,
  type Paper,
  type PaperJson,
  parsePaperId,
  paperJson,
  versionsOf,
} from '../../../src/domain/mod.ts';
import type { SourceRecord, Store } from '../../../src/store/mod.ts';
import { behindTheStore, paper, withStore } from '../../support/library.ts';

// Few of each, so that records collide in every way: by id, by title and author, by both with different papers.
const IDS = [
  'arXiv:2101.00001',
  'arXiv:2101.00002',
  '10.1234/a',
  '10.1234/b',
  'PMID:1',
  'local-1',
  'local-2',
  'title:0123456789abcdef',
  'https://example.org/page',
] as const;
const SPELLINGS = [...IDS, ...['a', 'b', 'c'].flatMap((name) => IDS.map((id) => `${name}:${id}`))];
const ids = fc.uniqueArray(fc.constantFrom(...IDS), { minLength: 1, maxLength: 3 });
const source = fc.constantFrom('a', 'A', 'b', 'c');

interface Told {
  readonly ids: readonly string[];
  readonly version: number | undefined;
  readonly known: Partial<Paper>;
}

function paperTold({ ids: [own = 'local-1', ...also], version, known }: Told): Paper {
  const id = formatPaperId(parsePaperId(own));
  const { ids: shown } = paper({ id: own, also });
  // A second id of a scheme goes to the aliases, as in records read from files.
  const aliases = also.filter((each) => shown[parsePaperId(each).scheme] !== parsePaperId(each).value).sort();
  const versions = versionsOf(version);
  return {
    ...paper({ id: own, also, ...known }),
    id,
    ...(aliases.length > 0 ? { aliases } : {}),
    ...(version === undefined ? {} : { version }),
    ...(versions ? { versions } : {}),
  };
}

/** Fields that some records have and some have not. */
const optional = fc.record(
  {
    year: fc.constantFrom(2019, 2020, 2022),
    date: fc.constantFrom('2019-05-01', '2020-01-01'),
    venue: fc.constantFrom('Moth Letters', 'CoRR', 'Owl Letters'),
    tldr: fc.constantFrom('Moths fly.', 'Owls fly too.'),
    url: fc.constantFrom('https://example.org/page', 'https://example.org/other'),
    comment: fc.constantFrom('4 pages', '5 pages'),
    citations: fc.nat(3),
    upvotes: fc.nat(3),
    withdrawn: fc.constant(true as const),
  },
  { requiredKeys: [] },
);
const told: fc.Arbitrary<SourceRecord> = fc
  .record({
    source,
    ids,
    version: fc.constantFrom(undefined, 1, 2),
    always: fc.record({
      title: fc.constantFrom('Owls', 'OWLS!', 'Moths', '?'),
      abstract: fc.constantFrom('', 'Short.', 'A longer abstract.', 'This paper has been withdrawn.'),
      authors: fc.constantFrom([], ['Edda Quill'], ['Quill, Edda', 'Noor Tal'], ['Noor Tal']),
      categories: fc.constantFrom([], ['cs.LG'], ['cs.lg', 'cs.CL']),
      keywords: fc.constantFrom([], ['owls'], ['moths', 'owls']),
    }),
    optional,
  })
  .map(({ always, optional, ...rest }) => ({
    source: rest.source,
    paper: paperTold({ ...rest, known: { ...always, ...optional } }),
  }));
const withdrawal: fc.Arbitrary<SourceRecord> = fc.record({ source, withdrawn: fc.constantFrom(...IDS) });
const record = fc.oneof({ weight: 6, arbitrary: told }, { weight: 1, arbitrary: withdrawal });

const idOf = (each: SourceRecord): string => ('paper' in each ? each.paper.id : each.withdrawn);
const distinct = fc.uniqueArray(record, {
  maxLength: 12,
  selector: (each) => `${each.source.toLowerCase()} ${formatPaperId(parsePaperId(idOf(each)))}`,
});

interface Library {
  readonly papers: readonly PaperJson[];
  readonly found: readonly unknown[];
}

/** Everything that can be known of the papers but for their keys. */
function libraryOf(store: Store): Library {
  const shown = [...store.allPapers()];
  const keys = store.changedSince(0, 0, 1000).map(({ key }) => key);
  const papers = store.papers(keys).filter((each) => each !== undefined);
  expect(papers.map(({ id }) => id).sort()).toEqual(shown.map(({ id }) => id).sort());
  const found = SPELLINGS.map((id) => {
    const key = store.findKey(id);
    return [id, key === undefined ? undefined : store.paper(key)?.id];
  });
  return { papers: papers.sort((a, b) => (a.id < b.id ? -1 : 1)), found };
}

/** Stores the records in batches of the given sizes, over and over, the store sound after each. */
function ingestAll(store: Store, records: readonly SourceRecord[], sizes: readonly number[]): void {
  for (let at = 0, turn = 0; at < records.length; turn += 1) {
    const size = sizes[turn % sizes.length] ?? 1;
    store.ingest(records.slice(at, at + size));
    at += size;
    expect(store.problems()).toEqual([]);
  }
}

interface Settled {
  readonly a: string;
  readonly b: string;
  readonly verdict: 'same' | 'different';
}

/** Settles what can be settled: both are known, and of two records. */
function settle(store: Store, { a, b, verdict }: Settled): void {
  if (store.findKey(a) === undefined || store.findKey(b) === undefined) return;
  try {
    store.decide(a, b, verdict);
  } catch (error) {
    expect(error).toMatchObject({ code: 'USAGE' });
  }
}

function decisionsIn(workspace: string): Settled[] {
  let found: Settled[] = [];
  behindTheStore(workspace, (db) => {
    found = db.prepare<[], Settled>('SELECT a, b, verdict FROM decisions').all();
  });
  return found;
}

const sizes = fc.array(fc.integer({ min: 1, max: 4 }), { minLength: 1, maxLength: 3 });

describe('the library', () => {
  it('is the same in whatever order and batches the records come', async () => {
    const cases = distinct.chain((records) =>
      fc.record({
        records: fc.constant(records),
        shuffled: fc.shuffledSubarray(records, { minLength: records.length }),
        sizes,
      }),
    );
    await fc.assert(
      fc.asyncProperty(cases, async ({ records, shuffled, sizes }) => {
        const first = await withStore((store) => {
          ingestAll(store, records, [1]);
          const library = libraryOf(store);
          const revision = store.lastRevision();
          expect(new Set(store.ingest(shuffled))).toEqual(new Set(records.length > 0 ? ['unchanged'] : []));
          expect(store.lastRevision()).toBe(revision);
          return library;
        });
        const second = await withStore((store) => {
          ingestAll(store, shuffled, sizes);
          return libraryOf(store);
        });
        expect(second).toEqual(first);
      }),
      { numRuns: 60 },
    );
  });

  it('after corrections, withdrawals and decisions follows from the last word of each source and on each pair', async () => {
    const decision = fc.record({
      a: fc.constantFrom(...SPELLINGS),
      b: fc.constantFrom(...SPELLINGS),
      verdict: fc.constantFrom('same' as const, 'different' as const),
    });
    const steps = fc.array(
      fc.oneof({ weight: 5, arbitrary: fc.array(record, { maxLength: 4 }) }, { weight: 1, arbitrary: decision }),
      { maxLength: 10 },
    );
    await fc.assert(
      fc.asyncProperty(steps, async (steps) => {
        const { library, told, decisions } = await withStore((store, workspace) => {
          for (const step of steps) {
            if ('verdict' in step) settle(store, step);
            else store.ingest(step);
            expect(store.problems()).toEqual([]);
          }
          const keys = store.changedSince(0, 0, 1000).map(({ key }) => key);
          const told = keys.flatMap((key) => store.records(key));
          return { library: libraryOf(store), told, decisions: decisionsIn(workspace) };
        });
        await withStore((store, workspace) => {
          behindTheStore(workspace, (db) => {
            const put = db.prepare('INSERT INTO decisions (a, b, verdict) VALUES (@a, @b, @verdict)');
            for (const each of decisions) put.run(each);
          });
          ingestAll(store, told.toReversed(), [3]);
          expect(libraryOf(store)).toEqual(library);
        });
      }),
      { numRuns: 60 },
    );
  });

  it('with papers parted by the user is the same whether they were parted early or late', async () => {
    const parted = fc.uniqueArray(fc.tuple(fc.nat(11), fc.nat(11)), { maxLength: 3 });
    const cases = distinct.chain((records) =>
      fc.record({
        records: fc.constant(records),
        shuffled: fc.shuffledSubarray(records, { minLength: records.length }),
        parted,
      }),
    );
    await fc.assert(
      fc.asyncProperty(cases, async ({ records, shuffled, parted }) => {
        const papers = records.filter((each) => 'paper' in each);
        const pairs = parted.flatMap(([a, b]) => {
          const [one, other] = [papers[a], papers[b]];
          return one && other && nameOf(one) !== nameOf(other) ? [[one, other] as const] : [];
        });
        const late = await withStore((store) => {
          ingestAll(store, records, [5]);
          for (const [a, b] of pairs) store.decide(nameOf(a), nameOf(b), 'different');
          expect(store.problems()).toEqual([]);
          for (const [a, b] of pairs) expect(store.findKey(nameOf(a))).not.toBe(store.findKey(nameOf(b)));
          return libraryOf(store);
        });
        const early = await withStore((store) => {
          const told = new Set<SourceRecord>();
          for (const each of shuffled) {
            store.ingest([each]);
            told.add(each);
            for (const [a, b] of pairs) {
              if (told.has(a) && told.has(b)) store.decide(nameOf(a), nameOf(b), 'different');
            }
            expect(store.problems()).toEqual([]);
          }
          return libraryOf(store);
        });
        expect(early).toEqual(late);
      }),
      { numRuns: 60 },
    );
  });

  it('has every id that a record tells, on the paper of that record', async () => {
    await fc.assert(
      fc.asyncProperty(distinct, (records) =>
        withStore((store) => {
          store.ingest(records);
          for (const each of records) {
            if (!('paper' in each)) continue;
            const key = store.findKey(nameOf(each)) ?? -1;
            expect(store.records(key)).toContainEqual(expect.objectContaining({ source: each.source }));
            const shown = paperJson(store.paper(key) ?? paper({ id: 'none' }), []);
            const ids = [...Object.values(shown.ids), ...shown.aliases.map((id) => parsePaperId(id).value)];
            const told = [
              ...Object.values(each.paper.ids),
              ...(each.paper.aliases ?? []).map((id) => parsePaperId(id).value),
            ];
            for (const id of told) expect(ids.some((known) => known === id || known.endsWith(`:${id}`))).toBe(true);
          }
        }),
      ),
      { numRuns: 60 },
    );
  });
});

/** The one spelling that always finds a record's paper. */
function nameOf(each: SourceRecord): string {
  const id = idOf(each);
  return parsePaperId(id).scheme === 'local' ? `${each.source}:${id}` : id;
}
