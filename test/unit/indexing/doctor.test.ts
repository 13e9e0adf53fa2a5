import { readdirSync, rmSync, truncateSync } from 'node:fs';
import { join } from 'node:path';
import type Database from 'better-sqlite3';
import { describe, expect, it } from 'vitest';
import { readIndexFiles } from '../../../src/engine/mod.ts';
import { type Examination, examine, followStore, type Problem } from '../../../src/indexing/mod.ts';
import type { Store } from '../../../src/store/mod.ts';
import {
  behindTheStore,
  countingEncoder,
  embedEverything,
  openEngine,
  openStore,
  paper,
  temporaryWorkspace,
} from '../../support/library.ts';

const PAPERS = 40;

interface Library {
  readonly workspace: string;
  readonly store: Store;
  examine(more?: Partial<Examination>): Promise<Problem[]>;
  ingest(count: number, title?: string): void;
  embed(): Promise<unknown>;
  index(): Promise<unknown>;
}

async function sound(): Promise<Library> {
  const workspace = temporaryWorkspace();
  const store = openStore(workspace);
  const { encoder } = await countingEncoder();
  const { model } = encoder;
  const fingerprint = store.fingerprintNumber(encoder.fingerprint, model.name);
  const library: Library = {
    workspace,
    store,
    examine: async (more = {}) =>
      examine({
        store,
        people: [],
        fingerprint,
        state: {
          version: 1,
          generation: 1,
          sources: [],
          model: { name: model.name, fingerprint: encoder.fingerprint, dimensions: model.dimensions },
        },
        files: await readIndexFiles(workspace, model.dimensions),
        loaded: { fingerprint: encoder.fingerprint },
        uploads: [],
        ...more,
      }),
    ingest: (count, title = 'Number') =>
      void store.ingest(
        Array.from({ length: count }, (_, i) => ({
          source: 'a',
          paper: paper({
            id: `P${i}`,
            also: [`10.1234/${i}`],
            title: `${title} ${i}`,
            authors: [],
            categories: ['cs.LG'],
          }),
        })),
      ),
    embed: () => embedEverything(store, encoder, fingerprint),
    index: async () => {
      const engine = await openEngine(workspace, { dimensions: model.dimensions, fingerprint });
      const follower = followStore(store, engine, { fingerprint, from: engine.revision });
      await follower.catchUp();
      return engine.save(follower.revision);
    },
  };
  library.ingest(PAPERS);
  await library.embed();
  await library.index();
  return library;
}

const problem = (severity: Problem['severity'], part: Problem['part'], message: string): unknown =>
  expect.objectContaining({ severity, part, message: expect.stringContaining(message) });

describe('a sound workspace', () => {
  it('has no problem', async () => {
    const library = await sound();
    expect(await library.examine()).toEqual([]);
  });

  it('has none either after papers changed, merged and came back', async () => {
    const library = await sound();
    library.ingest(5, 'Changed');
    await library.embed();
    await library.index();
    library.store.ingest([{ source: 'b', paper: paper({ id: 'S2:x', also: ['P1', 'P2'], authors: [] }) }]);
    await library.embed();
    await library.index();
    expect(await library.examine()).toEqual([]);
    library.ingest(5);
    await library.embed();
    await library.index();
    expect(await library.examine()).toEqual([]);
  });

  it('has none while it is empty and has no model yet', async () => {
    const workspace = temporaryWorkspace();
    const problems = examine({
      store: openStore(workspace),
      fingerprint: 0,
      state: { version: 1, generation: 0, sources: [], model: null },
      files: await readIndexFiles(workspace, 1),
      loaded: { fingerprint: 'f' },
      uploads: [],
      people: [],
    });
    expect(problems).toEqual([]);
  });

  it('is left as it is by looking', async () => {
    const library = await sound();
    // A connection of its own, which sees what that of the examination writes.
    const onlooker = openStore(library.workspace);
    const [before, version] = [readdirSync(library.workspace), onlooker.dataVersion()];
    await library.examine();
    expect(readdirSync(library.workspace)).toEqual(before);
    expect(onlooker.dataVersion()).toBe(version);
  });
});

describe('damage to the database', () => {
  it.each<[string, unknown[]]>([
    [
      'DELETE FROM papers WHERE key = 3',
      [
        problem('error', 'database', 'ids belong to no paper'),
        problem('error', 'postings', 'holds 40 papers, the database 39'),
      ],
    ],
    ['DELETE FROM paper_ids WHERE key = 3', [problem('error', 'database', '1 papers have no id')]],
    ['DELETE FROM records WHERE key = 3', [problem('error', 'database', '1 papers have no source record')]],
    ['DELETE FROM paper_categories WHERE key = 3', [problem('error', 'database', '1 papers are not filed under each')]],
    [
      'DELETE FROM papers_fts WHERE rowid = 3',
      [problem('error', 'database', '1 papers are not in the full-text index')],
    ],
    ["UPDATE papers SET title = 'Other' WHERE key = 3", [problem('error', 'database', '1 papers have another text')]],
    ['DELETE FROM embeddings WHERE label <= 3', [problem('warning', 'embeddings', '3 papers are not embedded yet')]],
    ['DELETE FROM fingerprints', [problem('error', 'database', '40 embeddings name no fingerprint')]],
    [
      "UPDATE embeddings SET vector = x'0011' WHERE label = 3",
      [
        problem('error', 'embeddings', '1 embeddings are not unit vectors of 64'),
        problem('error', 'database', 'more than one length'),
      ],
    ],
    [
      'UPDATE embeddings SET vector = zeroblob(256) WHERE label = 3',
      [problem('error', 'embeddings', '1 embeddings are not unit vectors of 64')],
    ],
    ['UPDATE papers SET revision = 9999 WHERE key = 3', [problem('warning', 'postings', 'lacks the latest')]],
  ])('%s', async (sql, expected) => {
    const library = await sound();
    behindTheStore(library.workspace, (db) => db.exec(sql));
    const problems = await library.examine();
    for (const each of expected) expect(problems).toContainEqual(each);
    for (const { hint } of problems) expect(hint).not.toBe('');
  });

  it('a vector with a number changed, or that is no number at all', async () => {
    for (const value of [3, NaN, Infinity]) {
      const library = await sound();
      behindTheStore(library.workspace, (db: Database.Database) => {
        const vector =
          db.prepare<[], Buffer>('SELECT vector FROM embeddings WHERE label = 7').pluck().get() ?? Buffer.alloc(256);
        vector.writeFloatLE(value, 20);
        db.prepare('UPDATE embeddings SET vector = ? WHERE label = 7').run(vector);
      });
      expect(await library.examine()).toEqual([
        problem('error', 'embeddings', '1 embeddings are not unit vectors of 64 dimensions'),
      ]);
    }
  });
});

describe('damage to the index files', () => {
  it.each<[string, unknown]>([
    ['postings.bin', problem('warning', 'postings', 'absent or damaged')],
    ['vectors.hnsw', problem('warning', 'graph', 'absent or damaged')],
  ])('%s absent, empty or cut short', async (name, expected) => {
    for (const damage of ['cut', 'empty', 'absent']) {
      const library = await sound();
      const file = join(library.workspace, name);
      if (damage === 'absent') rmSync(file);
      else truncateSync(file, damage === 'cut' ? 1000 : 0);
      expect(await library.examine()).toEqual([expected]);
      // What the hint says, an import does as well.
      await library.index();
      expect(await library.examine()).toEqual([]);
    }
  });

  it('files that are behind the database, which heals by itself', async () => {
    const library = await sound();
    library.store.ingest([{ source: 'a', paper: paper({ id: 'later', authors: [] }) }]);
    await library.embed();
    expect(await library.examine()).toEqual([
      problem('warning', 'postings', 'lacks the latest 1 changes'),
      problem('warning', 'graph', 'lacks 1 embeddings'),
    ]);
  });

  it('files that are ahead of the database: it was put back from a copy', async () => {
    const library = await sound();
    behindTheStore(library.workspace, (db) => db.exec('DELETE FROM papers WHERE key > 20'));
    expect(await library.examine()).toContainEqual(
      problem('error', 'postings', 'is of revision 40, the database only of 20'),
    );
  });

  it('a graph that is full of vectors nobody has any more', async () => {
    const library = await sound();
    behindTheStore(library.workspace, (db) => db.exec("UPDATE papers SET text_hash = x'00' WHERE key <= 20"));
    expect(await library.examine()).toContainEqual(
      problem('warning', 'graph', 'holds 20 vectors that no paper has any more'),
    );
  });
});

describe('the rest of a workspace', () => {
  it('another model than the one it was embedded with', async () => {
    const library = await sound();
    expect(await library.examine({ loaded: { fingerprint: 'other-1' } })).toEqual([
      problem('error', 'model', 'the model is other-1'),
    ]);
  });

  it('a model that cannot be loaded', async () => {
    const library = await sound();
    expect(await library.examine({ loaded: { unavailable: 'no such folder' } })).toEqual([
      problem('error', 'model', 'no such folder'),
    ]);
  });

  it('uploads that were left behind', async () => {
    const library = await sound();
    expect(await library.examine({ uploads: ['x.jsonl'] })).toEqual([problem('warning', 'uploads', 'x.jsonl')]);
  });
});
