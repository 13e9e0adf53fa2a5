import { describe, expect, it, onTestFinished } from 'vitest';
import { type Filter, parseFilter } from '../../src/domain/mod.ts';
import type { Candidates, Document, DocumentEmbedding, Engine } from '../../src/engine/contract.ts';
import type { Store } from '../../src/store/mod.ts';
import { openStore, paper, temporaryWorkspace } from './library.ts';
import { packVector, unpackVector } from '../../src/domain/packed-vector.ts';
import { clusteredVectors, cosine, nearest, unit } from './vectors.ts';

export interface EngineOptions {
  /** Folder with the papers.db of the store whose papers the engine is given; what it saves goes there too. */
  readonly workspace: string;
  readonly dimensions: number;
  /** Number of the embeddings' fingerprint in the store. */
  readonly fingerprint: number;
}

/** Opens an engine on what was saved in the workspace, nothing the first time; and the store's revision of that. */
export type OpenEngine = (options: EngineOptions) => Promise<{ readonly engine: Engine; readonly revision: number }>;

const DIMENSIONS = 16;
const ALL: Filter = { clauses: [] };
const WORDS = ['owls', 'moths', 'lamps', 'dusk', 'rivers', 'stones', 'bees', 'honey', 'clocks', 'gears'];

const lexical = (query: string, more: { filter?: Filter; k?: number; lastWord?: 'whole' | 'prefix' } = {}) => ({
  query,
  lastWord: 'whole' as const,
  filter: ALL,
  k: 10,
  ...more,
});

const keysOf = (candidates: Candidates): number[] => [...candidates.keys];

/** Best first, ties to the smaller key, no key twice. */
function expectRanked({ keys, scores, total }: Candidates): void {
  expect(scores).toHaveLength(keys.length);
  expect(total).toBeGreaterThanOrEqual(keys.length);
  expect(new Set(keys).size).toBe(keys.length);
  const ranked = Array.from(keys, (key, i) => ({ key, score: scores[i] ?? NaN }));
  expect(ranked).toEqual(ranked.toSorted((a, b) => b.score - a.score || a.key - b.key));
}

/** Absence is told as NaN. */
function expectNear(found: number | undefined, wanted: number | undefined): void {
  if (wanted === undefined) expect(found).toBeNaN();
  else expect(found).toBeCloseTo(wanted, 5);
}

/** What every engine must do (src/engine/contract.ts), whatever it is made of. */
export function engineContract(name: string, open: OpenEngine): void {
  /** Papers in a store, years 2000 and on, and an engine that knows nothing of them yet. */
  async function library(count: number) {
    const workspace = temporaryWorkspace();
    const store = openStore(workspace);
    const fingerprint = store.fingerprintNumber('f', 'model');
    const options: EngineOptions = { workspace, dimensions: DIMENSIONS, fingerprint };
    store.ingest(
      Array.from({ length: count }, (_, i) => ({
        source: 'a',
        paper: paper({
          id: `P${i}`,
          title: `No${i} on ${WORDS[i % WORDS.length]}`,
          abstract: `All about ${WORDS[(i * 7) % WORDS.length]} and ${WORDS[(i * 3 + 1) % WORDS.length]}.`,
          year: 2000 + (i % 20),
          categories: [i % 2 === 0 ? 'cs.LG' : 'q-bio.PE'],
        }),
      })),
    );
    const papers = store.changedSince(0, fingerprint, count);
    const documents: Document[] = papers.map(({ key, title, abstract }) => ({ key, title, abstract }));
    const drawn = clusteredVectors(count, DIMENSIONS, count);
    const embeddings: DocumentEmbedding[] = papers.map(({ key }, i) => ({
      key,
      label: i + 1,
      embedding: drawn[i] ?? unit([1]),
    }));
    const opened = async (): Promise<Engine> => (await reopened()).engine;
    const reopened = async () => {
      const { engine, revision } = await open(options);
      onTestFinished(() => engine.close());
      return { engine, revision };
    };
    return { store, documents, embeddings, opened, reopened };
  }

  async function filled(count: number) {
    const parts = await library(count);
    const engine = await parts.opened();
    await engine.upsert(parts.documents);
    await engine.upsertEmbeddings(parts.embeddings);
    return { ...parts, engine };
  }

  const passing = (store: Store, documents: readonly Document[], year: number): number[] =>
    documents.map(({ key }) => key).filter((key) => (store.paper(key)?.year ?? 0) >= year);

  describe(`engine ${name}`, () => {
    it('answers with nothing while it holds nothing', async () => {
      const { opened } = await library(3);
      const engine = await opened();
      const nothing = { keys: new Int32Array(0), scores: new Float32Array(0), total: 0 };
      expect(await engine.lexical(lexical('owls'))).toEqual(nothing);
      expect(
        await engine.dense({ embedding: unit(Array.from({ length: DIMENSIONS }, () => 1)), filter: ALL, k: 5 }),
      ).toEqual(nothing);
      expect(await engine.vectors([1])).toEqual([undefined]);
      expect(engine.counts()).toEqual({ documents: 0, embeddings: 0, unlinked: 0 });
      await engine.remove([1, 2]);
      expect(await engine.maintain(1)).toBe(false);
    });

    it('finds documents by their words, and says how many match', async () => {
      const { engine, documents } = await filled(40);
      const holds = (word: string) => documents.filter(({ title, abstract }) => `${title} ${abstract}`.includes(word));
      const found = await engine.lexical(lexical('owls', { k: 1000 }));
      expectRanked(found);
      const best = keysOf(found).slice(0, 3);
      expect(keysOf(found).sort((a, b) => a - b)).toEqual(holds('owls').map(({ key }) => key));
      const few = await engine.lexical(lexical('owls', { k: 3 }));
      expect(keysOf(few)).toEqual(best);
      expect(few.total).toBe(holds('owls').length);
      expect(keysOf(await engine.lexical(lexical('no17')))).toEqual([documents[17]?.key]);
      expect(await engine.lexical(lexical('unheard-of'))).toMatchObject({ total: 0 });
    });

    it('takes an unfinished last word for the beginning of a longer one, where asked to', async () => {
      const { engine } = await filled(40);
      expect(await engine.lexical(lexical('riv'))).toMatchObject({ total: 0 });
      const typing = await engine.lexical(lexical('riv', { lastWord: 'prefix', k: 100 }));
      expect(keysOf(typing).sort((a, b) => a - b)).toEqual(
        keysOf(await engine.lexical(lexical('rivers', { k: 100 }))).sort((a, b) => a - b),
      );
    });

    it('finds the nearest embeddings, with their cosines, whether worked in or not', async () => {
      const { engine, embeddings } = await filled(300);
      const vectors = new Map(embeddings.map(({ key, embedding }) => [key, embedding]));
      const queries = clusteredVectors(5, DIMENSIONS, 300);
      for (const stage of ['before', 'after']) {
        for (const embedding of queries) {
          const found = await engine.dense({ embedding, filter: ALL, k: 10 });
          expectRanked(found);
          expect({ stage, total: found.total }).toEqual({ stage, total: 300 });
          expect(keysOf(found)).toEqual(nearest(embedding, vectors, 10));
          found.keys.forEach((key, i) =>
            expect(found.scores[i]).toBeCloseTo(cosine(embedding, vectors.get(key) ?? embedding), 5),
          );
        }
        while (await engine.maintain(Infinity));
        expect(engine.counts().unlinked).toBe(0);
      }
    });

    it('applies the filter on both sides: exactly k of those that pass', async () => {
      const { engine, store, documents, embeddings } = await filled(200);
      const vectors = new Map(embeddings.map(({ key, embedding }) => [key, embedding]));
      const [embedding = unit([1])] = clusteredVectors(1, DIMENSIONS, 5);
      for (const year of [2000, 2010, 2018, 2019, 2020]) {
        const filter = parseFilter(`year>=${year}`);
        const allowed = passing(store, documents, year);
        const dense = await engine.dense({ embedding, filter, k: 15 });
        expect(dense.total).toBe(allowed.length);
        const few = new Map(allowed.map((key) => [key, vectors.get(key) ?? embedding]));
        expect(keysOf(dense)).toEqual(nearest(embedding, few, 15));
        const every = keysOf(await engine.lexical(lexical('moths', { k: 1000 })));
        const words = await engine.lexical(lexical('moths', { filter, k: 1000 }));
        expect(keysOf(words)).toEqual(every.filter((key) => allowed.includes(key)));
        expect(words.total).toBe(words.keys.length);
      }
    });

    it('sees in the next search what the store’s filters let through by then', async () => {
      const { engine, store, documents } = await filled(20);
      const filter = parseFilter('venue:"Moth Letters"');
      expect(await engine.lexical(lexical('no3', { filter }))).toMatchObject({ total: 0 });
      store.ingest([
        {
          source: 'b',
          paper: paper({ id: 'P3', title: documents[3]?.title ?? '', abstract: '', venue: 'Moth Letters' }),
        },
      ]);
      expect(keysOf(await engine.lexical(lexical('no3', { filter })))).toEqual([documents[3]?.key]);
    });

    it('gives embeddings in the order asked for, none where there is none', async () => {
      const { engine, documents, embeddings } = await filled(30);
      await engine.upsert([{ key: 500, title: 'Without', abstract: '' }]);
      const keys = [documents[7]?.key ?? 0, 500, documents[2]?.key ?? 0, 999, documents[7]?.key ?? 0];
      const expected = keys.map((key) => embeddings.find((each) => each.key === key)?.embedding);
      expect(await engine.vectors(keys)).toEqual(expected);
    });

    it('embeddings that were handed out stay as they were', async () => {
      const { engine, embeddings } = await filled(5);
      const [first, second] = embeddings;
      if (!first || !second) throw new Error('no embeddings');
      const [held] = await engine.vectors([first.key]);
      await engine.remove([first.key]);
      await engine.upsertEmbeddings([{ key: 700, label: 700, embedding: second.embedding }]);
      expect(held).toEqual(first.embedding);
    });

    it('gives the cosines of any papers, with their beginning and their rest, and none where there is no embedding', async () => {
      const { engine, embeddings } = await library(30).then(async (parts) => ({
        ...parts,
        engine: await parts.opened(),
      }));
      // Every third is short.
      const told = embeddings.map((each, i) =>
        i % 3 === 0 ? each : { ...each, rest: packVector(embeddings[i - 1]?.embedding ?? each.embedding) },
      );
      await engine.upsertEmbeddings(told);
      const [query = unit([1])] = clusteredVectors(1, DIMENSIONS, 99);
      const keys = [...told.map(({ key }) => key).reverse(), 12_345, 0];
      const check = async (gone: ReadonlySet<number>): Promise<void> => {
        const { whole, rest } = await engine.cosines(query, keys);
        keys.forEach((key, i) => {
          const held = gone.has(key) ? undefined : told.find((each) => each.key === key);
          expectNear(whole[i], held && cosine(query, held.embedding));
          expectNear(rest[i], held?.rest && cosine(query, unpackVector(held.rest)));
        });
      };
      await check(new Set());
      // The first's place in memory goes to another paper, which is short.
      await engine.remove([told[1]?.key ?? 0]);
      await engine.upsertEmbeddings([{ key: 700, label: 700, embedding: query }]);
      await check(new Set([told[1]?.key ?? 0]));
      expect((await engine.cosines(query, Int32Array.of(700))).rest).toEqual(Float32Array.of(NaN));
    });

    it('gives the cosines of several embeddings with whole texts, the rest weighing as told, and none where there is no embedding', async () => {
      const { opened, embeddings } = await library(12);
      const engine = await opened();
      const told = embeddings.map((each, i) =>
        i % 3 === 0 ? each : { ...each, rest: packVector(embeddings[i - 1]?.embedding ?? each.embedding) },
      );
      await engine.upsertEmbeddings(told);
      const queries = clusteredVectors(2, DIMENSIONS, 99);
      const keys = [...told.map(({ key }) => key).reverse(), 12_345];
      for (const restWeight of [0, 0.5]) {
        const rows = await engine.textCosines(queries, restWeight, keys);
        expect(rows).toHaveLength(queries.length);
        queries.forEach((query, row) => {
          keys.forEach((key, i) => {
            const held = told.find((each) => each.key === key);
            const rest = held?.rest && unpackVector(held.rest);
            const sum = held?.embedding.map((value, at) => value + restWeight * (rest?.[at] ?? 0));
            expectNear(rows[row]?.[i], sum && cosine(query, unit([...sum])));
          });
        });
      }
    });

    it('a document that is replaced is found by its new text only, and its embedding of the old is forgotten', async () => {
      const { engine, documents, embeddings } = await filled(20);
      const [{ key } = { key: 0 }] = documents;
      const [{ embedding } = { embedding: unit([1]) }] = embeddings;
      await engine.upsert([{ key, title: 'Replaced', abstract: 'A text of volcanoes.' }]);
      expect(await engine.lexical(lexical('no0'))).toMatchObject({ total: 0 });
      expect(keysOf(await engine.lexical(lexical('volcanoes')))).toEqual([key]);
      expect(await engine.vectors([key])).toEqual([undefined]);
      expect(keysOf(await engine.dense({ embedding, filter: ALL, k: 20 }))).not.toContain(key);
      await engine.upsertEmbeddings([{ key, label: 900, embedding }]);
      expect(keysOf(await engine.dense({ embedding, filter: ALL, k: 1 }))).toEqual([key]);
      expect(engine.counts()).toMatchObject({ documents: 20, embeddings: 20 });
    });

    it('forgets what is removed, on both sides, and takes it back', async () => {
      const { engine, documents, embeddings } = await filled(30);
      while (await engine.maintain(Infinity));
      const gone = documents.slice(0, 10).map(({ key }) => key);
      await engine.remove([...gone, 12_345]);
      expect(engine.counts()).toEqual({ documents: 20, embeddings: 20, unlinked: 0 });
      const [embedding = unit([1])] = embeddings.map((each) => each.embedding);
      const dense = await engine.dense({ embedding, filter: ALL, k: 100 });
      expect(dense).toMatchObject({ total: 20 });
      expect(keysOf(dense).filter((key) => gone.includes(key))).toEqual([]);
      for (const word of WORDS) {
        expect(keysOf(await engine.lexical(lexical(word, { k: 100 }))).filter((key) => gone.includes(key))).toEqual([]);
      }
      await engine.upsert(documents.slice(0, 10));
      await engine.upsertEmbeddings(embeddings.slice(0, 10));
      expect(keysOf(await engine.dense({ embedding, filter: ALL, k: 1 }))).toEqual([gone[0]]);
      expect(engine.counts()).toMatchObject({ documents: 30, embeddings: 30 });
    });

    it('papers with the same text share a label and are both found', async () => {
      const { engine, embeddings } = await filled(20);
      const embedding = embeddings[0]?.embedding ?? unit([1]);
      await engine.upsertEmbeddings([{ key: 800, label: 1, embedding }]);
      expect(keysOf(await engine.dense({ embedding, filter: ALL, k: 2 }))).toEqual([embeddings[0]?.key, 800]);
      await engine.remove([embeddings[0]?.key ?? 0]);
      expect(keysOf(await engine.dense({ embedding, filter: ALL, k: 1 }))).toEqual([800]);
    });

    it('refuses an embedding of other dimensions and goes on', async () => {
      const { engine, embeddings } = await filled(10);
      const [{ embedding } = { embedding: unit([1]) }] = embeddings;
      const short = { key: 800, label: 800, embedding, rest: new Int8Array(DIMENSIONS - 1) };
      await expect(engine.upsertEmbeddings([short])).rejects.toMatchObject({ code: 'WORKSPACE_CORRUPT' });
      for (const wrong of [unit([1]), new Float32Array(DIMENSIONS + 1)]) {
        await expect(engine.upsertEmbeddings([{ key: 800, label: 800, embedding: wrong }])).rejects.toMatchObject({
          code: 'WORKSPACE_CORRUPT',
        });
      }
      expect(await engine.vectors(embeddings.map(({ key }) => key))).toEqual(embeddings.map((each) => each.embedding));
    });

    it('names terms as it indexes them and weighs the rarer ones more', async () => {
      const { engine } = await filled(40);
      const weights = await engine.termWeights('no7 owls owls');
      expect(weights.size).toBe(2);
      const [rare = 0, common = 0] = [...weights.values()];
      expect(rare).toBeGreaterThan(common);
      expect(common).toBeGreaterThanOrEqual(0);
    });

    describe('likeness of words', () => {
      const texts = (engine: Engine) =>
        engine.upsert([
          ...Array.from({ length: 12 }, (_, i) => ({
            key: 900 + i,
            title: `Sparse attention for volcano ${i}`,
            abstract: '',
          })),
          { key: 950, title: 'Sparse volcanoes', abstract: 'Attention is asked for.' },
          { key: 951, title: 'Unheard of', abstract: 'Nothing alike here.' },
        ]);

      it('is 1 for the text itself, more where terms stand side by side, and 0 where none is shared or no document is', async () => {
        const { engine } = await filled(30);
        await texts(engine);
        const [itself = 0, alike = 0, scattered = 0, ...others] = await engine.likeness(
          [900],
          [1],
          [900, 901, 950, 951, 5000],
        );
        expect(itself).toBeCloseTo(1, 5);
        expect(alike).toBeLessThan(1);
        expect(alike).toBeGreaterThan(scattered);
        expect(scattered).toBeGreaterThan(0);
        expect(others).toEqual([0, 0]);
      });

      it('adds up by the shares, those of unwanted papers below nothing', async () => {
        const { engine } = await filled(30);
        await texts(engine);
        const keys = [901, 902, 950, 951];
        const [wanted, unwanted] = [await engine.likeness([900], [1], keys), await engine.likeness([951], [1], keys)];
        const both = await engine.likeness([900, 951], [0.75, -0.5], keys);
        both.forEach((sum, i) => expect(sum).toBeCloseTo(0.75 * (wanted[i] ?? 0) - 0.5 * (unwanted[i] ?? 0), 5));
      });

      it('is of the text that a paper has now', async () => {
        const { engine } = await filled(30);
        await texts(engine);
        await engine.likeness([900], [1], [901]);
        await engine.upsert([{ key: 901, title: 'Nothing alike here', abstract: '' }]);
        expect(await engine.likeness([900], [1], [901])).toEqual(Float32Array.of(0));
        await engine.remove([901]);
        expect(await engine.likeness([951], [1], [901])).toEqual(Float32Array.of(0));
      });

      it('finds neighbours among the papers asked for, the nearest first, and none of a paper that shares no rare word', async () => {
        const { engine } = await filled(30);
        await engine.upsert([
          { key: 900, title: 'Granular basalt columns', abstract: '' },
          { key: 901, title: 'Granular basalt columns cooling', abstract: '' },
          { key: 902, title: 'Basalt', abstract: 'Of chemistry, rivers and owls.' },
          { key: 903, title: 'Unheard', abstract: '' },
        ]);
        const { places, cosines } = await engine.neighbours([900, 901, 902, 903, 5000], 2);
        expect([...places]).toEqual([1, 2, 0, 2, 0, 1, -1, -1, -1, -1]);
        expect(cosines[0]).toBeGreaterThan(cosines[1] ?? 1);
        expect([...cosines.subarray(6)]).toEqual([0, 0, 0, 0]);
      });
    });

    it('tells the mean of the embeddings, and nothing where there are none', async () => {
      const { opened } = await library(3);
      expect(await (await opened()).meanEmbedding()).toBeUndefined();
      const { engine, embeddings } = await filled(40);
      const mean = await engine.meanEmbedding();
      for (let i = 0; i < DIMENSIONS; i += 1) {
        const sum = embeddings.reduce((total, { embedding }) => total + (embedding[i] ?? 0), 0);
        expect(mean?.[i]).toBeCloseTo(sum / embeddings.length, 5);
      }
    });

    it('counts terms of a query in texts, whatever form their words have there', async () => {
      const { engine } = await filled(1);
      const count = engine.termCounter((await engine.termWeights('owl rivers')).keys());
      const { counts, length } = count('Owls, a river and an OWL by the Rivers');
      expect([...counts.values()]).toEqual([2, 2]);
      expect(length).toBe(9);
    });

    it('saves what it holds; an engine opened later goes on from there', async () => {
      const { engine, store, documents, embeddings, reopened } = await filled(300);
      await engine.remove([documents[0]?.key ?? 0]);
      const revision = store.lastRevision();
      expect(await engine.save(revision)).toBe(true);
      expect(engine.counts().unlinked).toBe(0);
      expect(await engine.save(revision)).toBe(false);
      const later = await reopened();
      expect(later.revision).toBe(revision);
      // Embeddings are brought again (they lie in the store), but are worked in already.
      await later.engine.upsertEmbeddings(embeddings.slice(1));
      expect(later.engine.counts()).toEqual(engine.counts());
      for (const word of WORDS) {
        const request = lexical(word, { k: 50 });
        expect(await later.engine.lexical(request)).toEqual(await engine.lexical(request));
      }
      for (const embedding of clusteredVectors(5, DIMENSIONS, 8)) {
        const request = { embedding, filter: ALL, k: 50 };
        expect(await later.engine.dense(request)).toEqual(await engine.dense(request));
      }
      expect(await later.engine.save(revision)).toBe(false);
    });

    it('saves new embeddings also where no paper changed', async () => {
      const { documents, embeddings, store, opened, reopened } = await library(50);
      const engine = await opened();
      await engine.upsert(documents);
      await engine.save(store.lastRevision());
      await engine.upsertEmbeddings(embeddings);
      expect(await engine.save(store.lastRevision())).toBe(true);
      const later = await reopened();
      await later.engine.upsertEmbeddings(embeddings);
      expect(later.engine.counts().unlinked).toBe(0);
    });

    it('what is not saved is not there later, and can be brought again', async () => {
      const { engine, store, documents, reopened } = await filled(20);
      await engine.save(store.lastRevision());
      await engine.upsert([{ key: 600, title: 'Unsaved volcanoes', abstract: '' }]);
      const later = await reopened();
      expect(later.engine.counts().documents).toBe(documents.length);
      await later.engine.upsert([{ key: 600, title: 'Unsaved volcanoes', abstract: '' }]);
      expect(keysOf(await later.engine.lexical(lexical('volcanoes')))).toEqual([600]);
    });
  });
}
