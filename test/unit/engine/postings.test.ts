import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import Database from 'better-sqlite3';
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Document } from '../../../src/engine/contract.ts';
import { Postings } from '../../../src/engine/embedded/postings.ts';
import { readPostings, writePostings } from '../../../src/engine/embedded/postings-file.ts';
import { createTokeniser } from '../../../src/engine/embedded/tokenise.ts';
import { documentArbitrary, naiveMatch, naiveScores, queryArbitrary } from './collection.ts';

const { terms } = createTokeniser();

function filled(texts: readonly string[], title = ''): Postings {
  const postings = new Postings();
  postings.upsert(texts.map((abstract, i) => ({ key: i + 1, title, abstract })));
  return postings;
}

function keysFor(postings: Postings, query: string, lastWord: 'whole' | 'prefix' = 'whole', k = 10): number[] {
  return [...postings.search({ query, lastWord, k }).keys];
}

/** 200 papers about nothing, so that the words of a test are rare. */
function amid(texts: readonly string[]): Postings {
  const others = Array.from({ length: 200 }, (_, i) => `f${i} sentence`);
  return filled([...texts, ...others]);
}

describe('match', () => {
  it('gives the share of the weight of the query that a paper holds', () => {
    const postings = amid(['otter kelp', 'otter', 'moss', '']);
    const { coverage } = postings.match('kelp otter', [1, 2, 3, 4]);
    expect(coverage[0]).toBe(1);
    expect(coverage[1]).toBeGreaterThan(0.3);
    expect(coverage[1]).toBeLessThan(0.7);
    expect([coverage[2], coverage[3]]).toEqual([0, 0]);
  });

  it('counts neighbouring words as near that stand up to four places behind or two before one another', () => {
    const texts = ['kelp otter', 'kelp a b c otter', 'kelp a b c d otter', 'otter a kelp', 'otter a b kelp'];
    expect([...amid(texts).match('kelp otter', [1, 2, 3, 4, 5]).nearness]).toEqual([1, 1, 0, 1, 0]);
  });

  it('does not take the end of a title and the beginning of its abstract for near', () => {
    const postings = amid([]);
    postings.upsert([{ key: 900, title: 'about kelp', abstract: 'otter ponds' }]);
    expect([...postings.match('kelp otter', [900]).nearness]).toEqual([0]);
  });

  it('asks nothing of question words where others remain', () => {
    expect([...amid(['otter kelp']).match('how otter', [1]).coverage]).toEqual([1]);
  });

  it('gives zeros for a query without words and for keys without a paper', () => {
    const postings = amid(['otter kelp']);
    expect(postings.match('?!', [1])).toEqual({ coverage: Float32Array.of(0), nearness: Float32Array.of(0) });
    expect(postings.match('otter kelp', [-1, 7000]).coverage).toEqual(Float32Array.of(0, 0));
  });
});

describe('search', () => {
  it('ranks the paper that holds more of the query first', () => {
    const postings = amid(['otters sleep', 'otters build nests of kelp', 'nothing here']);
    expect(keysFor(postings, 'otter kelp nests')).toEqual([2, 1]);
  });

  it('breaks ties by the smaller key', () => {
    const postings = new Postings();
    postings.upsert([9, 4, 7].map((key) => ({ key, title: '', abstract: 'heron pond' })));
    expect(keysFor(postings, 'heron')).toEqual([4, 7, 9]);
    postings.compact();
    expect(keysFor(postings, 'heron', 'whole', 2)).toEqual([4, 7]);
  });

  it('counts all that match in total, whatever k is', () => {
    const { keys, scores, total } = amid(['moss', 'moss', 'moss']).search({ query: 'moss', lastWord: 'whole', k: 2 });
    expect([keys.length, scores.length, total]).toEqual([2, 2, 3]);
  });

  it('finds only papers that the bitmap allows', () => {
    const postings = amid(['moss', 'moss', 'moss']);
    const allowed = Uint8Array.of(0, 1, 0, 1);
    const { keys, total } = postings.search({ query: 'moss', lastWord: 'whole', k: 10, allowed });
    expect([[...keys], total]).toEqual([[1, 3], 2]);
  });

  it.each([1, 2, 3])('finds papers in a collection of %i', (size) => {
    const postings = filled(Array.from({ length: size }, () => 'a single lichen'));
    expect(keysFor(postings, 'lichen')).toHaveLength(size);
  });

  it('passes over a word of most papers, unless the query has no other', () => {
    const texts = Array.from({ length: 150 }, (_, i) => (i === 0 ? 'the heron' : 'the pond'));
    expect(keysFor(filled(texts), 'the heron')).toEqual([1]);
    expect(keysFor(filled(texts), 'the', 'whole', 200)).toHaveLength(150);
  });

  it('leaves question words out of a query that has others', () => {
    const postings = amid(['how how how', 'otter']);
    expect(keysFor(postings, 'how do otters')).toEqual([2]);
    expect(keysFor(postings, 'how')).toEqual([1]);
  });

  it('weighs an occurrence in the title by the title weight', () => {
    const documents: Document[] = [
      { key: 1, title: 'pond', abstract: 'heron heron' },
      { key: 2, title: 'heron', abstract: 'pond pond' },
      ...Array.from({ length: 9 }, (_, i) => ({ key: i + 3, title: '', abstract: 'kelp' })),
    ];
    const light = new Postings({ titleWeight: 1 });
    const heavy = new Postings({ titleWeight: 5 });
    for (const postings of [light, heavy]) postings.upsert(documents);
    expect(keysFor(light, 'heron')).toEqual([1, 2]);
    expect(keysFor(heavy, 'heron')).toEqual([2, 1]);
  });

  it('answers a query of thousands of words', () => {
    const query = Array.from({ length: 5000 }, (_, i) => `f${i}`).join(' ');
    expect(keysFor(amid(['otter']), query, 'whole', 300)).toHaveLength(128);
  });

  it('answers nothing for an empty index, an empty query or k 0', () => {
    expect(keysFor(new Postings(), 'otter')).toEqual([]);
    expect(keysFor(amid(['otter']), ' ')).toEqual([]);
    expect(keysFor(amid(['otter']), 'otter', 'whole', 0)).toEqual([]);
  });
});

describe('search while typing', () => {
  for (const state of ['tail', 'base'] as const) {
    const postings = amid(['neural networks', 'network flow', 'netting fish', 'information retrieval', 'a net']);
    if (state === 'base') postings.compact();

    it(`finds words that begin like the last one (${state})`, () => {
      expect(keysFor(postings, 'netwo', 'prefix')).toEqual([1, 2]);
      expect(keysFor(postings, 'netwo', 'whole')).toEqual([]);
    });

    it(`finds stems shorter than what is typed (${state})`, () => {
      expect(keysFor(postings, 'retrieva', 'prefix')).toEqual([4]);
    });

    it(`takes the last word as it is once a blank follows (${state})`, () => {
      expect(keysFor(postings, 'netwo ', 'prefix')).toEqual([]);
    });

    it(`finds the word itself beside its continuations (${state})`, () => {
      expect(keysFor(postings, 'net', 'prefix').sort((a, b) => a - b)).toEqual([1, 2, 3, 5]);
    });
  }
});

describe('changes', () => {
  it('a document with the same key takes the place of the earlier one', () => {
    const postings = amid(['otter', 'heron']);
    const size = postings.size;
    postings.upsert([{ key: 1, title: '', abstract: 'cedar' }]);
    expect([keysFor(postings, 'otter'), keysFor(postings, 'cedar'), postings.size]).toEqual([[], [1], size]);
    postings.remove([1, 4711]);
    expect([keysFor(postings, 'cedar'), postings.size]).toEqual([[], size - 1]);
  });

  it('compacting leaves nothing loose and changes no result', () => {
    const postings = amid(['otter kelp', 'heron pond', 'otter pond']);
    postings.remove([2]);
    const before = postings.search({ query: 'otter pond', lastWord: 'whole', k: 10 });
    expect(postings.loose).toBeGreaterThan(0);
    postings.compact();
    expect(postings.loose).toBe(0);
    expect(postings.search({ query: 'otter pond', lastWord: 'whole', k: 10 })).toEqual(before);
  });
});

describe('idf', () => {
  it('is the weight of a term in the living collection, never negative', () => {
    const postings = filled(['otter pond', 'otter', 'otter heron', 'otter', 'kelp']);
    postings.remove([5]);
    const [common, rare, unknown] = postings.idf(['otter', 'pond', 'nowhere']);
    expect(common).toBe(0);
    expect(rare).toBeCloseTo(Math.log(3.5 / 1.5), 5);
    expect(unknown).toBeCloseTo(Math.log(4.5 / 0.5), 5);
  });
});

describe('scores', () => {
  let folder = '';
  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'postings-'));
  });
  afterAll(() => rm(folder, { recursive: true }));

  const step = fc.oneof(
    {
      weight: 5,
      arbitrary: fc.record({
        kind: fc.constant('upsert' as const),
        documents: fc.array(documentArbitrary, { maxLength: 6 }),
      }),
    },
    {
      weight: 2,
      arbitrary: fc.record({
        kind: fc.constant('remove' as const),
        keys: fc.array(fc.integer({ min: 1, max: 12 }), { maxLength: 3 }),
      }),
    },
    { weight: 1, arbitrary: fc.record({ kind: fc.constant('compact' as const) }) },
    { weight: 1, arbitrary: fc.record({ kind: fc.constant('reload' as const) }) },
  );

  it('are those of plain BM25 after any upserts, removals, compactions and reloads', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(step, { maxLength: 12 }), queryArbitrary, async (steps, query) => {
        // As the plain reference weighs words: alike wherever they stand.
        let postings = new Postings({ titleWeight: 1 });
        const living = new Map<number, Document>();
        for (const change of steps) {
          if (change.kind === 'upsert') {
            postings.upsert(change.documents);
            for (const document of change.documents) living.set(document.key, document);
          } else if (change.kind === 'remove') {
            postings.remove(change.keys);
            for (const key of change.keys) living.delete(key);
          } else if (change.kind === 'compact') {
            postings.compact();
          } else {
            const path = join(folder, 'postings.bin');
            await writePostings(postings, path, 1);
            postings = (await readPostings(path, { titleWeight: 1 }))?.postings ?? postings;
          }
        }
        const expected = naiveScores([...living.values()], query, terms);
        const { keys, scores, total } = postings.search({ query, lastWord: 'whole', k: 100 });
        expect(postings.size).toBe(living.size);
        const asked = [...living.keys(), 99];
        const { coverage, nearness } = postings.match(query, asked);
        asked.forEach((key, i) => {
          const plain = naiveMatch([...living.values()], query, key, terms);
          expect(coverage[i]).toBeCloseTo(plain.coverage, 5);
          expect(nearness[i]).toBeCloseTo(plain.nearness, 5);
        });
        expect(new Set(keys)).toEqual(new Set(expected.keys()));
        expect(total).toBe(expected.size);
        keys.forEach((key, i) => expect(scores[i]).toBeCloseTo(expected.get(key) ?? NaN, 4));
        for (let i = 1; i < keys.length; i += 1) {
          const [before, own] = [scores[i - 1] ?? 0, scores[i] ?? 0];
          expect(before > own || (before === own && (keys[i - 1] ?? 0) < (keys[i] ?? 0))).toBe(true);
        }
      }),
      { numRuns: 60 },
    );
  });

  it('never throws, whatever is indexed and asked', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), fc.string({ unit: 'binary' }), fc.boolean(), (text, query, typing) => {
        const postings = amid([text, query]);
        if (typing) postings.compact();
        const { keys, total } = postings.search({ query, lastWord: typing ? 'prefix' : 'whole', k: 5 });
        expect(keys.length).toBe(Math.min(5, total));
      }),
      { numRuns: 40 },
    );
  });

  it("rank and score as SQLite FTS5's bm25() does", () => {
    const nouns =
      'otter heron kelp pond inlet fjord cedar birch moss lichen grove ember hawk reed dune gull shoal spruce fern slate'.split(
        ' ',
      );
    const verbs = 'builds watches crosses follows leaves'.split(' ');
    const pick = (list: readonly string[], n: number): string => list[n % list.length] ?? '';
    const documents = Array.from({ length: 120 }, (_, i) => ({
      key: i + 1,
      title: `${pick(nouns, i * 7)} ${pick(nouns, i * i)}`,
      abstract: Array.from(
        { length: 3 + (i % 9) },
        (_unused, j) =>
          `${pick(nouns, i * j + j * j)} ${pick(verbs, i + j)} ${pick(nouns, i + 5 * j)}${i % 4 === 0 ? ' slowly' : ''}`,
      ).join(' '),
    }));
    const db = new Database(':memory:');
    db.exec(`create virtual table papers using fts5(title, abstract, tokenize = 'porter unicode61')`);
    const insert = db.prepare('insert into papers(rowid, title, abstract) values (?, ?, ?)');
    for (const { key, title, abstract } of documents) insert.run(key, title, abstract);
    const select = db.prepare<[string], { key: number; score: number }>(
      'select rowid as key, -bm25(papers, 3.0, 1.0) as score from papers where papers match ? order by score desc, key',
    );
    const postings = new Postings({ titleWeight: 3 });
    postings.upsert(documents.slice(0, 80));
    postings.compact();
    postings.upsert(documents.slice(80));
    for (const query of ['slowly', 'ember moss slowly', 'lichen', 'grove grove cedar', 'fjord inlet birch']) {
      const expected = select.all(query.split(' ').join(' OR ')).filter(({ score }) => score > 1e-4);
      const scoreOf = new Map(expected.map(({ key, score }) => [key, score]));
      const { keys, scores } = postings.search({ query, lastWord: 'whole', k: 200 });
      expect(expected.length).toBeGreaterThan(0);
      // Of two scores that differ only in how they are rounded either may come first.
      expected.forEach(({ score }, i) => {
        expect(Math.abs((scoreOf.get(keys[i] ?? 0) ?? NaN) - score)).toBeLessThan(1e-5);
        expect(Math.abs((scores[i] ?? NaN) - score)).toBeLessThan(1e-4);
      });
    }
    db.close();
  });
});
