import { existsSync, readdirSync, rmSync, truncateSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { readIndexFiles } from '../../../src/engine/mod.ts';
import { openEngine, openStore, paper, temporaryWorkspace } from '../../support/library.ts';
import { clusteredVectors, unit } from '../../support/vectors.ts';

const DIMENSIONS = 8;

/** A saved engine over a few papers. */
async function saved() {
  const workspace = temporaryWorkspace();
  const store = openStore(workspace);
  const fingerprint = store.fingerprintNumber('f', 'model');
  store.ingest(Array.from({ length: 30 }, (_, i) => ({ source: 'a', paper: paper({ id: `P${i}`, authors: [] }) })));
  const documents = store.changedSince(0, fingerprint, 100);
  const vectors = clusteredVectors(30, DIMENSIONS, 1);
  const embeddings = documents.map(({ key }, i) => ({ key, label: i + 1, embedding: vectors[i] ?? unit([1]) }));
  const options = { dimensions: DIMENSIONS, fingerprint };
  const engine = await openEngine(workspace, options);
  await engine.upsert(documents);
  await engine.upsertEmbeddings(embeddings);
  await engine.save(store.lastRevision());
  return { workspace, store, documents, embeddings, options, revision: store.lastRevision() };
}

describe('the index files', () => {
  it('are these, and nothing is left beside them', async () => {
    const { workspace } = await saved();
    const names = readdirSync(workspace).filter((name) => !name.startsWith('papers.db'));
    expect(names.sort()).toEqual(['postings.bin', 'vectors.hnsw', 'vectors.hnsw.seal']);
  });

  it('tell what they hold without an engine', async () => {
    const { workspace, embeddings, revision } = await saved();
    const files = await readIndexFiles(workspace, DIMENSIONS);
    expect(files.postings).toEqual({ revision, documents: 30 });
    expect([...(files.graph?.labels ?? [])].sort((a, b) => a - b)).toEqual(embeddings.map(({ label }) => label));
  });

  it.each(['postings.bin', 'vectors.hnsw'])(
    '%s counts as absent when damaged, alone, and is written anew',
    async (name) => {
      const { workspace, documents, embeddings, options, revision } = await saved();
      truncateSync(join(workspace, name), 100);
      const files = await readIndexFiles(workspace, DIMENSIONS);
      expect([files.postings === undefined, files.graph === undefined]).toEqual([
        name === 'postings.bin',
        name === 'vectors.hnsw',
      ]);
      const engine = await openEngine(workspace, options);
      expect(engine.revision).toBe(name === 'postings.bin' ? 0 : revision);
      await engine.upsert(documents);
      await engine.upsertEmbeddings(embeddings);
      expect(engine.counts().unlinked).toBe(name === 'vectors.hnsw' ? 30 : 0);
      expect(await engine.save(revision)).toBe(true);
      const again = await readIndexFiles(workspace, DIMENSIONS);
      expect(again.postings?.documents).toBe(30);
      expect(again.graph?.labels.size).toBe(30);
    },
  );

  it('count for nothing where the engine is to start afresh', async () => {
    const { workspace, embeddings, options } = await saved();
    const engine = await openEngine(workspace, { ...options, fresh: true });
    expect(engine.revision).toBe(0);
    await engine.upsertEmbeddings(embeddings);
    expect(engine.counts()).toEqual({ documents: 0, embeddings: 30, unlinked: 30 });
  });

  it('of a model of other dimensions do not reach the engine: the graph is made anew', async () => {
    const { workspace, documents, options } = await saved();
    const engine = await openEngine(workspace, { ...options, dimensions: 32 });
    const vectors = clusteredVectors(30, 32, 2);
    await engine.upsertEmbeddings(
      documents.map(({ key }, i) => ({ key, label: i + 1, embedding: vectors[i] ?? unit([1]) })),
    );
    expect(engine.counts().unlinked).toBe(30);
    while (await engine.maintain(Infinity));
    expect((await engine.dense({ embedding: vectors[3] ?? unit([1]), filter: { clauses: [] }, k: 1 })).keys[0]).toBe(
      documents[3]?.key,
    );
  });

  it('of a later revision than the database count for nothing: the database was put back from a copy', async () => {
    const { workspace, store, options, revision } = await saved();
    store.close();
    for (const name of readdirSync(workspace)) if (name.startsWith('papers.db')) rmSync(join(workspace, name));
    const other = openStore(workspace);
    other.ingest([{ source: 'a', paper: paper({ id: 'only' }) }]);
    expect(other.lastRevision()).toBeLessThan(revision);
    const engine = await openEngine(workspace, options);
    expect(engine.revision).toBe(0);
    expect(engine.counts().documents).toBe(0);
  });

  it('are never half new: a save that cannot write leaves the old ones', async () => {
    const { workspace, store, options } = await saved();
    const engine = await openEngine(workspace, options);
    await engine.upsert([{ key: 900, title: 'Volcanoes', abstract: '' }]);
    rmSync(workspace, { recursive: true });
    await expect(engine.save(store.lastRevision() + 1)).rejects.toThrow('ENOENT');
    expect(existsSync(join(workspace, 'postings.bin'))).toBe(false);
  });

  it('what a killed writer left beside them is written over', async () => {
    const { workspace, store, options } = await saved();
    for (const name of ['postings.bin', 'vectors.hnsw', 'vectors.hnsw.seal'])
      writeFileSync(join(workspace, `${name}.tmp`), 'half');
    const engine = await openEngine(workspace, options);
    expect(engine.revision).toBe(store.lastRevision());
    await engine.upsert([{ key: 900, title: 'Volcanoes', abstract: '' }]);
    await engine.save(store.lastRevision() + 1);
    expect(readdirSync(workspace).filter((name) => name.endsWith('.tmp'))).toEqual([]);
  });
});

describe('maintain', () => {
  it('works in a little at a time and says when it is done', async () => {
    const { workspace, options } = await saved();
    const engine = await openEngine(workspace, { ...options, fresh: true });
    const vectors = clusteredVectors(40, DIMENSIONS, 3);
    await engine.upsertEmbeddings(vectors.map((embedding, i) => ({ key: i + 1, label: i + 1, embedding })));
    // No budget at all still gets one done, so that it ends.
    expect(await engine.maintain(0)).toBe(true);
    expect(engine.counts().unlinked).toBe(39);
    expect(await engine.maintain(Infinity)).toBe(false);
    expect(engine.counts().unlinked).toBe(0);
  });
});
