import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import Database from 'better-sqlite3';
import { describe, expect, it } from 'vitest';
import { Store } from '../../../src/store/mod.ts';
import { behindTheStore, openStore, paper, temporaryWorkspace } from '../../support/library.ts';

const vectorOf = (...numbers: number[]): Float32Array => Float32Array.from(numbers);

/** Embeds whatever is pending, each text with a vector of its own; returns the titles. */
function embedAll(store: Store, fingerprint: number): string[] {
  const pending = store.pending(fingerprint, 0, 1000);
  store.putEmbeddings(
    fingerprint,
    pending.map(({ textHash }, i) => ({ textHash, vector: vectorOf(1, i) })),
  );
  return pending.map(({ title }) => title);
}

describe('opening', () => {
  it('says there is no workspace, and makes none, unless it may', () => {
    const workspace = temporaryWorkspace();
    expect(() => Store.open(workspace, { create: false })).toThrow(
      expect.objectContaining({ code: 'WORKSPACE_NOT_FOUND' }),
    );
    openStore(workspace);
    expect(() => Store.open(workspace, { create: false }).close()).not.toThrow();
  });

  it('refuses the layout of a newer program and leaves the file as it was', () => {
    const workspace = temporaryWorkspace();
    const file = join(workspace, 'papers.db');
    const db = new Database(file);
    db.exec('CREATE TABLE later (x); PRAGMA user_version = 99');
    db.close();
    const before = readFileSync(file);
    expect(() => Store.open(workspace, { create: true })).toThrow(
      expect.objectContaining({ code: 'WORKSPACE_TOO_NEW', details: { workspace, found: 99, supported: 2 } }),
    );
    expect(readFileSync(file).equals(before)).toBe(true);
  });

  it.each([
    ['no database', (file: string) => writeFileSync(file, 'a text file that says papers.db')],
    ['another program’s database', (file: string) => new Database(file).exec('CREATE TABLE papers (x)').close()],
    ['a folder', (file: string) => mkdirSync(file)],
  ])('says that the file is damaged where it is %s', (_, make) => {
    const workspace = temporaryWorkspace();
    make(join(workspace, 'papers.db'));
    expect(() => Store.open(workspace, { create: true })).toThrow(
      expect.objectContaining({ code: 'WORKSPACE_CORRUPT' }),
    );
  });

  it('says so where the workspace’s place is taken by a file', () => {
    const workspace = join(temporaryWorkspace(), 'file');
    writeFileSync(workspace, '');
    expect(() => Store.open(workspace, { create: true })).toThrow(
      expect.objectContaining({ code: 'WORKSPACE_CORRUPT' }),
    );
  });

  it('reads what another connection has open and writes', () => {
    const workspace = temporaryWorkspace();
    const [first, second] = [openStore(workspace), openStore(workspace)];
    const version = second.dataVersion();
    first.ingest([{ source: 'a', paper: paper({ id: 'P1' }) }]);
    expect(second.findKey('P1')).toBe(first.findKey('P1'));
    expect(second.dataVersion()).toBeGreaterThan(version);
  });
});

describe('lasting ids', () => {
  it('name the source of a collection’s own id, so that another collection’s paper does not take it', () => {
    const store = openStore(temporaryWorkspace());
    store.ingest([{ source: 'a', paper: paper({ id: 'P1' }) }]);
    const key = store.findKey('P1') ?? 0;
    expect(store.lastingId(key)).toBe('a:P1');
    const other = { title: 'Moulting of geese', abstract: 'Feathers fall in June.', authors: ['B. Elk'] };
    store.ingest([{ source: 'b', paper: paper({ id: 'P1', ...other }) }]);
    expect([store.findKey('P1'), store.findKey('a:P1')]).toEqual([undefined, key]);
    expect(store.lastingId(key)).toBe('a:P1');
    expect(store.lastingId(999)).toBeUndefined();
  });

  it('are the ids that mean the same everywhere, where there are such', () => {
    const store = openStore(temporaryWorkspace());
    store.ingest([{ source: 'a', paper: paper({ id: 'arXiv:1706.03762' }) }]);
    expect(store.lastingId(store.findKey('1706.03762') ?? 0)).toBe('arXiv:1706.03762');
  });
});

describe('a sample', () => {
  it('has papers that there are, each once, the same for the same seed', () => {
    const store = openStore(temporaryWorkspace());
    expect(store.sample(5, 1)).toEqual([]);
    store.ingest([...Array(50).keys()].map((i) => ({ source: 'a', paper: paper({ id: `P${i}` }) })));
    const drawn = store.sample(20, 1);
    expect(drawn).toHaveLength(20);
    expect(new Set(drawn).size).toBe(20);
    expect(drawn.every((key) => store.paper(key))).toBe(true);
    expect(store.sample(20, 1)).toEqual(drawn);
    expect(store.sample(20, 2)).not.toEqual(drawn);
    expect(store.sample(1000, 1)).toHaveLength(50);
  });
});

describe('all or nothing', () => {
  const record = (id: string) => ({ source: 'a', paper: paper({ id }) });

  it('keeps everything ingested when the work ends well', async () => {
    const store = openStore(temporaryWorkspace());
    const result = await store.allOrNothing(async () => {
      store.ingest([record('P1')]);
      await Promise.resolve();
      store.ingest([record('P2')]);
      return 'done';
    });
    expect(result).toBe('done');
    expect(store.counts(0).papers).toBe(2);
  });

  it('keeps nothing when it does not, and the store goes on', async () => {
    const workspace = temporaryWorkspace();
    const store = openStore(workspace);
    store.ingest([record('before')]);
    const revision = store.lastRevision();
    const work = store.allOrNothing(async () => {
      store.ingest([record('P1'), record('before')]);
      await Promise.resolve();
      throw new Error('broke off');
    });
    await expect(work).rejects.toThrow('broke off');
    expect(store.findKey('P1')).toBeUndefined();
    expect(store.lastRevision()).toBe(revision);
    expect(store.problems()).toEqual([]);
    expect(store.ingest([record('after')])).toEqual(['added']);
    expect(openStore(workspace).counts(0).papers).toBe(2);
  });

  it('a batch that fails in the middle leaves nothing of itself', () => {
    const store = openStore(temporaryWorkspace());
    const broken = {
      ...paper({ id: 'P2' }),
      get title(): string {
        throw new Error('unreadable');
      },
    };
    expect(() => store.ingest([record('P1'), { source: 'a', paper: broken }])).toThrow('unreadable');
    expect(store.findKey('P1')).toBeUndefined();
    expect(store.lastRevision()).toBe(0);
  });
});

describe('embeddings', () => {
  it('papers with the same text wait for one embedding and share it', () => {
    const store = openStore(temporaryWorkspace());
    const fingerprint = store.fingerprintNumber('f', 'model');
    const same = { title: 'Twin', abstract: 'Same text.', authors: [] };
    store.ingest([
      { source: 'a', paper: paper({ id: 'P1', ...same }) },
      { source: 'a', paper: paper({ id: 'P2', ...same }) },
    ]);
    const [first] = store.pending(fingerprint, 0, 1);
    if (!first) throw new Error('nothing is pending');
    store.putEmbeddings(fingerprint, [{ textHash: first.textHash, vector: vectorOf(1, 0) }]);
    expect(store.countPending(fingerprint)).toBe(0);
    const filed = [...store.embeddingsSince(0, fingerprint)];
    expect(filed.map(({ key }) => key)).toEqual([store.findKey('P1'), store.findKey('P2')]);
    expect(new Set(filed.map(({ label }) => label)).size).toBe(1);
    expect(filed[0]?.vector).toEqual(vectorOf(1, 0));
  });

  it('an embedding put twice stays as it was first', () => {
    const store = openStore(temporaryWorkspace());
    const fingerprint = store.fingerprintNumber('f', 'model');
    store.ingest([{ source: 'a', paper: paper({ id: 'P1' }) }]);
    const [pending] = store.pending(fingerprint, 0, 1);
    const textHash = pending?.textHash ?? new Uint8Array();
    store.putEmbeddings(fingerprint, [{ textHash, vector: vectorOf(1, 0) }]);
    store.putEmbeddings(fingerprint, [{ textHash, vector: vectorOf(0, 1) }]);
    expect([...store.embeddingsSince(0, fingerprint)].map(({ vector }) => vector)).toEqual([vectorOf(1, 0)]);
  });

  it('a text that changes waits for a new one, and one that comes back finds its old one', () => {
    const store = openStore(temporaryWorkspace());
    const fingerprint = store.fingerprintNumber('f', 'model');
    const tell = (title: string) => store.ingest([{ source: 'a', paper: paper({ id: 'P1', title }) }]);
    const label = () => store.changedSince(0, fingerprint, 1)[0]?.label;
    tell('First');
    embedAll(store, fingerprint);
    const first = label();
    expect(first).toBeDefined();
    tell('Second');
    expect(label()).toBeUndefined();
    expect(embedAll(store, fingerprint)).toEqual(['Second']);
    expect(label()).not.toBe(first);
    tell('First');
    expect(store.countPending(fingerprint)).toBe(0);
    expect(label()).toBe(first);
  });

  it('another model’s are kept apart, and dropped on demand', () => {
    const store = openStore(temporaryWorkspace());
    const [one, two] = [store.fingerprintNumber('one', 'model'), store.fingerprintNumber('two', 'model')];
    expect(store.fingerprintNumber('one', 'model')).toBe(one);
    expect(two).not.toBe(one);
    store.ingest([{ source: 'a', paper: paper({ id: 'P1' }) }]);
    embedAll(store, one);
    expect(store.countPending(two)).toBe(1);
    embedAll(store, two);
    const before = [...store.embeddingsSince(0, two)].map(({ label }) => label);
    expect(store.dropOtherEmbeddings(two)).toBe(1);
    expect([...store.embeddingsSince(0, one)]).toEqual([]);
    expect([...store.embeddingsSince(0, two)].map(({ label }) => label)).toEqual(before);
    expect(store.counts(two)).toMatchObject({ papers: 1, embedded: 1 });
  });

  it('labels are never given twice, even after all of them are dropped', () => {
    const store = openStore(temporaryWorkspace());
    const fingerprint = store.fingerprintNumber('one', 'model');
    store.ingest([{ source: 'a', paper: paper({ id: 'P1' }) }]);
    embedAll(store, fingerprint);
    store.dropOtherEmbeddings(fingerprint + 1);
    embedAll(store, fingerprint);
    expect([...store.embeddingsSince(0, fingerprint)].map(({ label }) => label)).toEqual([2]);
  });

  it('pending goes through all papers in pages by rising key', () => {
    const store = openStore(temporaryWorkspace());
    const fingerprint = store.fingerprintNumber('f', 'model');
    store.ingest(Array.from({ length: 25 }, (_, i) => ({ source: 'a', paper: paper({ id: `P${i}` }) })));
    const seen: number[] = [];
    for (
      let page = store.pending(fingerprint, 0, 10);
      page.length > 0;
      page = store.pending(fingerprint, seen.at(-1) ?? 0, 10)
    ) {
      seen.push(...page.map(({ key }) => key));
    }
    expect(seen).toHaveLength(25);
    expect(seen).toEqual([...new Set(seen)].sort((a, b) => a - b));
  });
});

describe('following the changes', () => {
  it('each change gets a revision of its own, pages do not overlap', () => {
    const store = openStore(temporaryWorkspace());
    store.ingest(Array.from({ length: 9 }, (_, i) => ({ source: 'a', paper: paper({ id: `P${i}` }) })));
    const first = store.changedSince(0, 0, 4);
    const rest = store.changedSince(first.at(-1)?.revision ?? 0, 0, 100);
    expect([...first, ...rest].map(({ title }) => title)).toEqual(
      Array.from({ length: 9 }, (_, i) => `The matter of P${i}`),
    );
    expect(rest.at(-1)?.revision).toBe(store.lastRevision());
  });

  it('a snapshot does not see what another connection writes meanwhile', () => {
    const workspace = temporaryWorkspace();
    const [reader, writer] = [openStore(workspace), openStore(workspace)];
    writer.ingest([{ source: 'a', paper: paper({ id: 'P1' }) }]);
    reader.snapshot(() => {
      expect(reader.counts(0).papers).toBe(1);
      writer.ingest([{ source: 'a', paper: paper({ id: 'P2' }) }]);
      expect(reader.counts(0).papers).toBe(1);
    });
    expect(reader.counts(0).papers).toBe(2);
  });
});

describe('counts', () => {
  it('of papers, abstracts, years and names', () => {
    const store = openStore(temporaryWorkspace());
    expect(store.counts(0)).toMatchObject({ papers: 0, withAbstract: 0, embedded: 0, years: null, sources: [] });
    store.ingest([
      { source: 'a', paper: paper({ id: 'P1', year: 1999, venue: 'Moth Letters', categories: ['cs.LG', 'cs.CL'] }) },
      { source: 'b', paper: paper({ id: 'P1' }) },
      {
        source: 'b',
        paper: paper({ id: 'P2', year: 2020, venue: 'moth letters', categories: ['cs.LG'], abstract: '' }),
      },
    ]);
    expect(store.counts(0)).toMatchObject({
      papers: 2,
      withAbstract: 1,
      years: { from: 1999, to: 2020 },
      sources: [
        { name: 'b', papers: 2 },
        { name: 'a', papers: 1 },
      ],
      categories: [
        { name: 'cs.LG', papers: 2 },
        { name: 'cs.CL', papers: 1 },
      ],
      venues: [{ papers: 2 }],
    });
  });
});

describe('a paper as shown', () => {
  it('comes in the order asked for, undefined where there is none', () => {
    const store = openStore(temporaryWorkspace());
    store.ingest(['P1', 'P2'].map((id) => ({ source: 'mine', paper: paper({ id }) })));
    const [one, two] = [store.findKey('P1') ?? 0, store.findKey('P2') ?? 0];
    expect(store.papers([two, 999, one]).map((shown) => shown?.id)).toEqual(['P2', undefined, 'P1']);
    expect(store.papers([one])[0]).toMatchObject({ sources: ['mine'], year: null, venue: null });
  });
});

describe('going through all papers', () => {
  it('gives each once by rising key, and goes on while others are written', () => {
    const store = openStore(temporaryWorkspace());
    store.ingest(Array.from({ length: 600 }, (_, i) => ({ source: 'a', paper: paper({ id: `P${i}` }) })));
    const seen: string[] = [];
    for (const { id } of store.allPapers()) {
      if (seen.length === 300) store.ingest([{ source: 'a', paper: paper({ id: 'late' }) }]);
      seen.push(id);
    }
    expect(seen).toEqual([...Array.from({ length: 600 }, (_, i) => `P${i}`), 'late']);
  });

  it('gives those asked for', () => {
    const store = openStore(temporaryWorkspace());
    store.ingest(['P1', 'P2', 'P3'].map((id) => ({ source: 'a', paper: paper({ id }) })));
    const keys = [store.findKey('P1') ?? 0, 999, store.findKey('P3') ?? 0];
    expect([...store.allPapers(keys)].map(({ id }) => id)).toEqual(['P1', 'P3']);
  });

  it('finds papers with the same title, but for a title that very many have', () => {
    const store = openStore(temporaryWorkspace());
    const named = (id: string, title: string) => ({ source: 'a', paper: paper({ id, title, authors: [] }) });
    store.ingest([named('P1', 'Owls'), named('P2', 'OWLS!'), named('P3', 'Moths')]);
    store.ingest(Array.from({ length: 21 }, (_, i) => named(`E${i}`, 'Editorial')));
    const [owls, moths] = [[store.findKey('P1') ?? 0, store.findKey('P2') ?? 0], [store.findKey('P3') ?? 0]] as const;
    expect(store.sameTitles()).toEqual([owls]);
    expect(store.sameTitles([...owls, ...moths])).toEqual([owls]);
    expect(store.sameTitles([...owls.slice(1), ...moths])).toEqual([]);
    expect([...store.titles()].slice(0, 3).map(([, title]) => title)).toEqual(['Owls', 'OWLS!', 'Moths']);
  });
});

describe('problems', () => {
  const filled = () => {
    const workspace = temporaryWorkspace();
    const store = openStore(workspace);
    const fingerprint = store.fingerprintNumber('f', 'model');
    store.ingest([
      { source: 'a', paper: paper({ id: 'P1', also: ['10.1234/x'], categories: ['cs.LG', 'CS.lg'] }) },
      { source: 'a', paper: paper({ id: 'P2' }) },
      { source: 'b', paper: paper({ id: 'P3', also: ['10.1234/x'] }) },
    ]);
    embedAll(store, fingerprint);
    return { workspace, store };
  };

  it('there are none in a sound store', () => {
    expect(filled().store.problems()).toEqual([]);
  });

  it.each([
    [
      'DELETE FROM papers WHERE key = 1',
      [
        'ids belong to no paper',
        'source records belong to no paper',
        'category entries belong to no paper',
        'entries of the full-text index belong to no paper',
      ],
    ],
    ['DELETE FROM paper_ids WHERE key = 2', ['papers have no id', 'papers are not found by their own id']],
    ["DELETE FROM paper_ids WHERE scheme = 'local' AND key = 1", ['papers are not found by their own id']],
    ['DELETE FROM papers_fts WHERE rowid = 1', ['papers are not in the full-text index']],
    ['DELETE FROM records WHERE key = 1', ['papers have no source record']],
    ['DELETE FROM paper_categories', ['papers are not filed under each of their categories']],
    [
      "UPDATE papers SET abstract = 'other' WHERE key = 1",
      ['papers have another text than the one they are filed under'],
    ],
    ['DELETE FROM fingerprints', ['embeddings name no fingerprint']],
    ["UPDATE embeddings SET vector = x'00' WHERE label = 1", ['models have embeddings of more than one length']],
    [
      'INSERT INTO removals SELECT key, revision FROM papers WHERE key = 1',
      ['papers count as removed', 'papers share a revision with a removed paper'],
    ],
    ['UPDATE records SET key = NULL WHERE key = 2', ['source records have no paper']],
    ["UPDATE papers SET venue = 'Elsewhere' WHERE key = 1", ['papers are not what their source records say']],
    ["INSERT INTO paper_ids VALUES ('pmid', '7', 1, '')", ['papers are not what their source records say']],
    [
      "INSERT INTO paper_ids SELECT scheme, value, 2, '' FROM paper_ids WHERE scheme = 'doi'",
      ['ids are of several papers that nobody has parted'],
    ],
    ["UPDATE records SET told = NULL WHERE id = 'P1'", ['source records are not written down']],
    ['DROP TABLE removals; CREATE TABLE removals (x)', ['a check failed: no such column']],
  ])('%s', (sql, expected) => {
    const { workspace, store } = filled();
    behindTheStore(workspace, (db) => db.exec(sql));
    const problems = store.problems();
    for (const what of expected) expect(problems).toContainEqual(expect.stringContaining(what));
  });

  it('a damaged page of the file is told, not thrown', () => {
    const { workspace, store } = filled();
    store.ingest(Array.from({ length: 300 }, (_, i) => ({ source: 'a', paper: paper({ id: `more-${i}` }) })));
    store.close();
    const file = join(workspace, 'papers.db');
    const bytes = readFileSync(file);
    const page = Math.floor(bytes.indexOf('What more-150 is about') / 4096) * 4096;
    bytes.fill(0x5a, page, page + 4096);
    writeFileSync(file, bytes);
    const damaged = openStore(workspace);
    expect(damaged.problems()).toContainEqual(expect.stringContaining('damaged'));
  });
});
