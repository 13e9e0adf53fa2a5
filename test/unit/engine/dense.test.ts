import { copyFileSync, readdirSync, readFileSync, truncateSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import fc from 'fast-check';
import { beforeAll, describe, expect, it } from 'vitest';
import { DenseIndex } from '../../../src/engine/embedded/dense.ts';
import { Graph } from '../../../src/engine/embedded/graph.ts';
import { VectorTable } from '../../../src/engine/embedded/vectors.ts';
import { seeded } from '../../../src/domain/seeded.ts';
import { temporaryWorkspace } from '../../support/library.ts';
import { allowing, clusteredVectors, cosine, nearest, recall, unit } from '../../support/vectors.ts';

const DIMENSIONS = 24;
const PAPERS = 4000;

type Vectors = ReadonlyMap<number, Float32Array>;

/** Keys need not run without gaps, and are no labels: paper `key` has the label 10000 - key. */
function someVectors(count: number, seed: number): Vectors {
  return new Map(clusteredVectors(count, DIMENSIONS, seed).map((vector, i) => [3 * i + 1, vector]));
}

const labelOf = (key: number): number => 20_000 - key;

function indexOf(vectors: Vectors, graph?: Graph): DenseIndex {
  const index = new DenseIndex(DIMENSIONS, graph);
  for (const [key, embedding] of vectors) index.upsert({ key, label: labelOf(key), embedding });
  return index;
}

function linked(vectors: Vectors): DenseIndex {
  const index = indexOf(vectors);
  while (index.link(Infinity) > 0);
  return index;
}

const queries = clusteredVectors(50, DIMENSIONS, 99);

describe('thousands of clustered embeddings', () => {
  const vectors = someVectors(PAPERS, 1);
  const keys = [...vectors.keys()];
  let index: DenseIndex;
  beforeAll(() => {
    index = linked(vectors);
  });

  it('finds what a comparison with each finds: recall@10 of at least .99', () => {
    const recalls = queries.map((query) =>
      recall(index.search(query, 10, undefined).keys, nearest(query, vectors, 10)),
    );
    expect(recalls.reduce((a, b) => a + b, 0) / recalls.length).toBeGreaterThanOrEqual(0.99);
  });

  it('scores are the cosines, best first, and every paper was searched', () => {
    for (const query of queries.slice(0, 5)) {
      const { keys: found, scores, total } = index.search(query, 100, undefined);
      expect(total).toBe(PAPERS);
      expect(found).toHaveLength(100);
      found.forEach((key, i) => {
        expect(scores[i]).toBeCloseTo(cosine(query, vectors.get(key) ?? query), 5);
      });
      expect(scores).toEqual(scores.toSorted((a, b) => b - a));
    }
  });

  it.each([1, 2, 10, 100, 399, 1000, 2000, 3000, 3900, PAPERS])(
    'a filter that lets %i through gives exactly k of them',
    (passing) => {
      const next = seeded(passing);
      const shuffled = keys.map((key) => ({ key, at: next() })).sort((a, b) => a.at - b.at);
      const allowed = shuffled
        .slice(0, passing)
        .map(({ key }) => key)
        .sort((a, b) => a - b);
      const filtered = new Map(allowed.map((key) => [key, vectors.get(key) ?? unit([1])]));
      const recalls: number[] = [];
      let otherwise = 0;
      for (const query of queries.slice(0, 12)) {
        for (const k of [1, 10, 250]) {
          const found = index.search(query, k, allowing(allowed));
          expect(found.total).toBe(passing);
          expect(found.keys).toHaveLength(Math.min(k, passing));
          expect(new Set(found.keys).size).toBe(found.keys.length);
          expect([...found.keys].every((key) => filtered.has(key))).toBe(true);
          const wanted = nearest(query, filtered, k);
          if (!found.keys.every((key, i) => key === wanted[i])) otherwise += 1;
          recalls.push(recall(found.keys, wanted));
        }
      }
      expect(recalls.reduce((a, b) => a + b, 0) / recalls.length).toBeGreaterThanOrEqual(0.99);
      // Few are compared one by one: none is missed or misplaced.
      expect(passing > 1000 || otherwise === 0).toBe(true);
    },
  );

  it('a filter that lets one far cluster through finds it from anywhere', () => {
    // The graph leads from the query to its own surroundings, where nothing is allowed.
    const far = keys.filter((key) => cosine(vectors.get(key) ?? unit([1]), queries[0] ?? unit([1])) < -0.4);
    const found = index.search(queries[0] ?? unit([1]), 20, allowing(far));
    expect(found.keys).toHaveLength(Math.min(20, far.length));
  });

  it('asks for more than there is, for nothing, and with a filter that lets nothing through', () => {
    const [query = unit([1])] = queries;
    expect(index.search(query, 1e6, undefined).keys).toHaveLength(PAPERS);
    expect(index.search(query, 0, undefined)).toMatchObject({ total: PAPERS, keys: new Int32Array(0) });
    expect(index.search(query, 10, allowing([]))).toMatchObject({ total: 0, keys: new Int32Array(0) });
    expect(index.search(query, 10, allowing([0, 2, 999_999]))).toMatchObject({ total: 0 });
  });
});

describe('an index that changes', () => {
  it('gives nothing while it is empty', () => {
    const index = new DenseIndex(DIMENSIONS, undefined);
    expect(index.search(unit([1]), 5, undefined)).toMatchObject({ total: 0 });
    expect(index.vector(1)).toBeUndefined();
    index.remove(1);
  });

  it('finds an embedding before it is linked, among thousands that are', () => {
    const vectors = someVectors(2000, 2);
    const index = linked(vectors);
    const query = unit(Array.from({ length: DIMENSIONS }, (_, i) => (i === 0 ? 1 : 0.01)));
    index.upsert({ key: 2, label: 50_000, embedding: query });
    expect(index.unlinked).toBe(1);
    expect(index.search(query, 1, undefined).keys[0]).toBe(2);
    index.link(Infinity);
    expect(index.unlinked).toBe(0);
    expect(index.search(query, 1, undefined).keys[0]).toBe(2);
  });

  it('never finds one that is removed, linked or not', () => {
    const vectors = someVectors(1500, 3);
    const index = linked(vectors);
    const query = queries[0] ?? unit([1]);
    const gone = [...index.search(query, 50, undefined).keys];
    for (const key of gone) index.remove(key);
    index.upsert({ key: 2, label: 50_000, embedding: query });
    index.remove(2);
    const found = index.search(query, 1500, undefined);
    expect(found).toMatchObject({ total: 1450 });
    expect([...found.keys].filter((key) => gone.includes(key) || key === 2)).toEqual([]);
    const rest = new Map([...vectors].filter(([key]) => !gone.includes(key)));
    expect(recall(index.search(query, 10, undefined).keys, nearest(query, rest, 10))).toBeGreaterThanOrEqual(0.9);
    for (const key of gone) expect(index.vector(key)).toBeUndefined();
  });

  it('a paper whose text changes has the new embedding only; a text that comes back has its old one', () => {
    const index = linked(someVectors(500, 4));
    const [first, second] = [unit([1, 0.1]), unit([0.1, 1])].map((vector) =>
      unit([...vector, ...Array.from({ length: DIMENSIONS - 2 }, () => 0)]),
    );
    if (!first || !second) throw new Error('no vectors');
    index.upsert({ key: 2, label: 50_000, embedding: first });
    index.link(Infinity);
    index.upsert({ key: 2, label: 50_001, embedding: second });
    expect(index.vector(2)).toEqual(second);
    expect(index.search(first, 501, undefined).keys).toHaveLength(501);
    index.link(Infinity);
    index.upsert({ key: 2, label: 50_000, embedding: first });
    expect(index.unlinked).toBe(0);
    expect(index.search(first, 1, undefined).keys[0]).toBe(2);
  });

  it('two papers with the same text share a label and are both found, until the last one goes', () => {
    const index = linked(someVectors(800, 5));
    const embedding = unit(Array.from({ length: DIMENSIONS }, (_, i) => (i === 3 ? 1 : 0)));
    index.upsert({ key: 2, label: 50_000, embedding });
    index.upsert({ key: 5, label: 50_000, embedding });
    index.link(Infinity);
    expect([...index.search(embedding, 2, undefined).keys]).toEqual([2, 5]);
    expect([...index.search(embedding, 1, undefined).keys]).toEqual([2]);
    const others = [...someVectors(800, 5).keys()];
    expect(index.search(embedding, 1, allowing([5, ...others].sort((a, b) => a - b))).keys[0]).toBe(5);
    index.remove(2);
    expect([...index.search(embedding, 1, undefined).keys]).toEqual([5]);
    index.remove(5);
    expect(index.search(embedding, 900, undefined).keys).toHaveLength(800);
  });

  it('many papers of one text do not crowd it out of k', () => {
    const embedding = queries[1] ?? unit([1]);
    const index = linked(someVectors(800, 6));
    for (let key = 10_000; key < 10_100; key += 1) index.upsert({ key, label: 50_000, embedding });
    index.link(Infinity);
    const { keys, total } = index.search(embedding, 30, undefined);
    expect(total).toBe(900);
    expect([...keys]).toEqual(Array.from({ length: 30 }, (_, i) => 10_000 + i));
  });

  it('any sequence of upserts, removals, links and saves answers like a comparison with each', () => {
    const folder = temporaryWorkspace();
    const path = join(folder, 'vectors.hnsw');
    const pool = clusteredVectors(12, DIMENSIONS, 7);
    const step = fc.oneof(
      fc.record({
        kind: fc.constant('upsert' as const),
        key: fc.integer({ min: 1, max: 10 }),
        label: fc.integer({ min: 1, max: 12 }),
      }),
      fc.record({ kind: fc.constant('remove' as const), key: fc.integer({ min: 1, max: 10 }) }),
      fc.record({ kind: fc.constantFrom('link' as const, 'save' as const) }),
    );
    fc.assert(
      fc.property(fc.array(step, { maxLength: 40 }), fc.nat(49), (steps, at) => {
        let index = new DenseIndex(DIMENSIONS, undefined);
        // Embeddings that a saved graph lacked.
        let waiting = 0;
        const labels = new Map<number, number>();
        const vectorFor = (label: number): Float32Array => pool[label - 1] ?? unit([1]);
        for (const each of steps) {
          if (each.kind === 'upsert') {
            index.upsert({ key: each.key, label: each.label, embedding: vectorFor(each.label) });
            labels.set(each.key, each.label);
          } else if (each.kind === 'remove') {
            index.remove(each.key);
            labels.delete(each.key);
          } else {
            index.link(Infinity);
            if (each.kind === 'save') {
              index.save(path);
              index = new DenseIndex(DIMENSIONS, Graph.read(path, DIMENSIONS));
              for (const [key, label] of labels) index.upsert({ key, label, embedding: vectorFor(label) });
              waiting += index.unlinked;
            }
          }
        }
        const vectors = new Map([...labels].map(([key, label]) => [key, vectorFor(label)]));
        const query = queries[at] ?? unit([1]);
        expect([...index.search(query, 20, undefined).keys]).toEqual(nearest(query, vectors, 20));
        expect({ size: index.size, waiting }).toEqual({ size: vectors.size, waiting: 0 });
      }),
      { numRuns: 100 },
    );
  });
});

describe('the graph’s file', () => {
  const vectors = someVectors(1500, 8);
  const saved = (index = linked(vectors)): string => {
    const path = join(temporaryWorkspace(), 'vectors.hnsw');
    index.save(path);
    return path;
  };
  const answers = (index: DenseIndex): number[][] =>
    queries.map((query) => [...index.search(query, 10, undefined).keys]);

  it('read again gives the same answers, with nothing to link, and leaves no other file behind', () => {
    const index = linked(vectors);
    const path = saved(index);
    expect(readdirSync(join(path, '..')).sort()).toEqual(['vectors.hnsw', 'vectors.hnsw.seal']);
    const again = indexOf(vectors, Graph.read(path, DIMENSIONS));
    expect(again.unlinked).toBe(0);
    expect(answers(again)).toEqual(answers(index));
  });

  it('is written over by the next save', () => {
    const index = linked(vectors);
    const path = saved(index);
    index.upsert({ key: 2, label: 50_000, embedding: queries[0] ?? unit([1]) });
    index.link(Infinity);
    index.save(path);
    expect(Graph.read(path, DIMENSIONS)?.has(50_000)).toBe(true);
  });

  it('brings nothing back that was removed', () => {
    const index = linked(vectors);
    const query = queries[0] ?? unit([1]);
    const gone = new Set(index.search(query, 100, undefined).keys);
    for (const key of gone) index.remove(key);
    const graph = Graph.read(saved(index), DIMENSIONS);
    const rest = new Map([...vectors].filter(([key]) => !gone.has(key)));
    // Less than a fifth is dead, so the graph was kept as it is.
    expect(graph?.size).toBe(1500);
    const again = indexOf(rest, graph);
    const found = again.search(query, 1400, undefined);
    expect(found.keys).toHaveLength(1400);
    expect([...found.keys].some((key) => gone.has(key))).toBe(false);
    expect(answers(again)).toEqual(answers(index));
  });

  it('holds nothing dead when more than a fifth was', () => {
    const index = linked(vectors);
    const gone = [...vectors.keys()].slice(0, 400);
    for (const key of gone) index.remove(key);
    const graph = Graph.read(saved(index), DIMENSIONS);
    expect(graph?.size).toBe(1100);
    expect(gone.some((key) => graph?.has(labelOf(key)))).toBe(false);
    const rest = new Map([...vectors].slice(400));
    const recalls = queries.map((query) => recall(index.search(query, 10, undefined).keys, nearest(query, rest, 10)));
    expect(recalls.reduce((a, b) => a + b, 0) / recalls.length).toBeGreaterThanOrEqual(0.99);
  });

  it('of an empty index is read, and can be added to', () => {
    const path = saved(new DenseIndex(DIMENSIONS, undefined));
    const index = indexOf(vectors, Graph.read(path, DIMENSIONS));
    expect(index.unlinked).toBe(1500);
    index.link(Infinity);
    expect(
      recall(index.search(queries[0] ?? unit([1]), 10, undefined).keys, nearest(queries[0] ?? unit([1]), vectors, 10)),
    ).toBeGreaterThan(0.8);
  });

  it.each<[string, (path: string) => void]>([
    ['is empty', (path) => truncateSync(path, 0)],
    ['is cut within its header', (path) => truncateSync(path, 50)],
    ['is cut in the middle', (path) => truncateSync(path, 100_000)],
    ['lacks its last byte', (path) => truncateSync(path, readFileSync(path).length - 1)],
    ['has one byte too many', (path) => writeFileSync(path, Buffer.concat([readFileSync(path), Buffer.of(0)]))],
    ['is something else', (path) => writeFileSync(path, 'a text that is no graph at all, '.repeat(100))],
    ['claims a monstrous size', (path) => flip(path, 12)],
    ['has a link that leads out of the graph', (path) => flip(path, 100)],
    ['has a bit turned deep inside', (path) => flip(path, 150_000)],
    ['has lost its seal', (path) => truncateSync(`${path}.seal`, 0)],
  ])('counts as absent when it %s', (_, damage) => {
    const path = saved();
    damage(path);
    expect(Graph.read(path, DIMENSIONS)).toBeUndefined();
  });

  it('counts as absent when it was made for other dimensions', () => {
    const path = saved();
    expect(Graph.read(path, DIMENSIONS * 2)).toBeUndefined();
    expect(Graph.read(path, DIMENSIONS / 2)).toBeUndefined();
    expect(Graph.read(`${path}.absent`, DIMENSIONS)).toBeUndefined();
  });

  it('of another workspace is recognised by its vectors, and linked anew', () => {
    const path = saved();
    const mine = someVectors(1500, 77);
    const index = indexOf(mine, Graph.read(path, DIMENSIONS));
    expect(index.unlinked).toBe(1500);
    while (index.link(Infinity) > 0);
    const recalls = queries.map((query) => recall(index.search(query, 10, undefined).keys, nearest(query, mine, 10)));
    expect(recalls.reduce((a, b) => a + b, 0) / recalls.length).toBeGreaterThanOrEqual(0.99);
  });

  it('is left as it was when it cannot be written over', () => {
    const path = saved();
    const copy = `${path}.copy`;
    copyFileSync(path, copy);
    expect(() => linked(vectors).save(join(path, 'no-folder', 'vectors.hnsw'))).toThrow(/./);
    expect(readFileSync(path).equals(readFileSync(copy))).toBe(true);
  });

  function flip(path: string, at: number): void {
    const bytes = readFileSync(path);
    bytes[at] = (bytes[at] ?? 0) ^ 0x40;
    writeFileSync(path, bytes);
  }
});

describe('the table of vectors', () => {
  it('takes vectors of its dimensions only: a longer one would reach into its neighbour', () => {
    const table = new VectorTable(4);
    const slot = table.add(unit([1, 2, 3, 4]));
    for (const wrong of [unit([1, 2, 3]), unit([1, 2, 3, 4, 5]), new Float32Array(0)]) {
      expect(() => table.add(wrong)).toThrow(RangeError);
    }
    expect(table.get(slot)).toEqual(unit([1, 2, 3, 4]));
  });

  it('uses the slots of removed vectors again, and goes past a block', () => {
    const table = new VectorTable(3);
    const vectors = clusteredVectors(5000, 3, 9);
    const slots = vectors.map((vector) => table.add(vector));
    expect(new Set(slots).size).toBe(5000);
    slots.forEach((slot, i) => expect(table.get(slot)).toEqual(vectors[i]));
    table.remove(slots[17] ?? -1);
    const other = unit([0, 0, 1]);
    expect(table.add(other)).toBe(slots[17]);
    expect(table.cosine(other, slots[17] ?? -1)).toBeCloseTo(1, 6);
    expect(() => table.get(9_999_999)).toThrow(RangeError);
  });

  it.each([1, 2, 3, 4, 5, 7, 384])('computes cosines in %i dimensions', (dimensions) => {
    const [a = unit([1]), b = unit([1])] = clusteredVectors(2, dimensions, dimensions);
    const table = new VectorTable(dimensions);
    expect(table.cosine(a, table.add(b))).toBeCloseTo(cosine(a, b), 5);
  });
});
