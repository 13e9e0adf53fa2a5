import { existsSync, mkdirSync } from 'node:fs';
import { dirname, join } from 'node:path';
import Database from 'better-sqlite3';
import { type Paper, type PaperJson, paperJson, type PaperKey, parsePaperId } from '../domain/mod.ts';
import { AppError, reasonOf } from '../errors.ts';
import { DATABASE_NAME, isBusy } from './database.ts';
import { checkLayout, migrate } from './migrations.ts';
import { findProblems } from './problems.ts';
import { blobOf, type IdRow, paperFrom, type PaperRow, vectorFrom } from './rows.ts';
import { LAST_REVISION, type Outcome, PaperWriter, type SourceRecord } from './writer.ts';

/** A text that has no embedding of the asked fingerprint yet. */
export interface PendingText {
  readonly key: PaperKey;
  readonly textHash: Uint8Array;
  readonly title: string;
  readonly abstract: string;
}

export interface StoredEmbedding {
  readonly textHash: Uint8Array;
  readonly vector: Float32Array;
}

/** An embedding as the engine files it: `label` names the text, `key` a paper that has it. */
export interface LabelledVector {
  readonly key: PaperKey;
  readonly label: number;
  readonly vector: Float32Array;
}

export interface ChangedPaper {
  readonly key: PaperKey;
  readonly revision: number;
  readonly title: string;
  readonly abstract: string;
  readonly label: number | undefined;
}

export interface Removal {
  readonly key: PaperKey;
  readonly revision: number;
}

export interface NamedCount {
  readonly name: string;
  readonly papers: number;
}

export interface StoreCounts {
  readonly papers: number;
  readonly withAbstract: number;
  readonly embedded: number;
  readonly years: { readonly from: number; readonly to: number } | null;
  readonly sources: readonly NamedCount[];
  readonly categories: readonly NamedCount[];
  readonly venues: readonly NamedCount[];
}

// A second process may be in the middle of a batch; a batch takes well under a second.
const BUSY_TIMEOUT_MS = 10_000;
const SUGGESTIONS = 50;

/** The system of record. Everything is in one SQLite file; reading goes on while another process writes (WAL). */
export class Store {
  readonly #db: Database.Database;
  readonly #writer: PaperWriter;
  readonly #statements;

  private constructor(db: Database.Database) {
    this.#db = db;
    this.#writer = new PaperWriter(db);
    this.#statements = prepare(db);
  }

  /**
   * Opens, and makes where `create` says so. Throws WORKSPACE_NOT_FOUND, WORKSPACE_TOO_NEW (the file is left as it is),
   * WORKSPACE_LOCKED or WORKSPACE_CORRUPT.
   */
  static open(workspace: string, options: { readonly create: boolean }): Store {
    const file = join(workspace, DATABASE_NAME);
    if (!existsSync(file) && !options.create) throw new AppError('WORKSPACE_NOT_FOUND', { workspace });
    let db: Database.Database | undefined;
    try {
      mkdirSync(workspace, { recursive: true });
      db = new Database(file, { timeout: BUSY_TIMEOUT_MS });
      // Before anything is set: changing the journal mode would write to the file.
      checkLayout(db, workspace);
      db.pragma('journal_mode = WAL');
      // FULL: what was reported stored survives a power cut too; a batch costs one sync.
      db.pragma('synchronous = FULL');
      db.pragma('foreign_keys = ON');
      migrate(db, workspace);
      return new Store(db);
    } catch (error) {
      db?.close();
      if (error instanceof AppError) throw error;
      if (isBusy(error)) throw new AppError('WORKSPACE_LOCKED', { workspace }, { cause: error });
      throw new AppError('WORKSPACE_CORRUPT', { file, reason: reasonOf(error) }, { cause: error });
    }
  }

  close(): void {
    this.#db.close();
  }

  /** Stores records in one transaction: all of them or, when it throws, none. */
  ingest(records: readonly SourceRecord[]): Outcome[] {
    if (this.#db.inTransaction) return this.#writer.write(records);
    return this.#db.transaction(() => this.#writer.write(records)).immediate();
  }

  /** Everything ingested inside `work` is kept, or nothing of it when `work` rejects. */
  async allOrNothing<T>(work: () => Promise<T>): Promise<T> {
    this.#db.exec('BEGIN IMMEDIATE');
    try {
      const result = await work();
      this.#db.exec('COMMIT');
      return result;
    } catch (error) {
      // After some failures (a full disk) SQLite has rolled back by itself.
      if (this.#db.inTransaction) this.#db.exec('ROLLBACK');
      throw error;
    }
  }

  /** A paper by any of its ids in any spelling. */
  findKey(id: string): PaperKey | undefined {
    const { scheme, value } = parsePaperId(id);
    return this.#statements.keyOfId.get(scheme, value);
  }

  paper(key: PaperKey): Paper | undefined {
    const row = this.#statements.paper.get(key);
    return row && paperFrom(row, this.#statements.ids.all(key));
  }

  /** As shown; `undefined` where a paper has gone meanwhile. Same order as `keys`. */
  papers(keys: readonly PaperKey[]): (PaperJson | undefined)[] {
    return keys.map((key) => {
      const row = this.#statements.paper.get(key);
      return row && paperJson(paperFrom(row, this.#statements.ids.all(key)), row.source);
    });
  }

  /** Papers whose text has no embedding yet, by rising key after `after`; several may share a text. */
  pending(fingerprint: number, after: PaperKey, limit: number): PendingText[] {
    return this.#statements.pending.all(fingerprint, after, limit);
  }

  countPending(fingerprint: number): number {
    return this.#statements.countPending.get(fingerprint) ?? 0;
  }

  /** Number under which a fingerprint is filed; made on first use. */
  fingerprintNumber(fingerprint: string, model: string): number {
    const known = this.#statements.fingerprint.get(fingerprint);
    if (known !== undefined) return known;
    this.#statements.putFingerprint.run(fingerprint, model);
    return this.fingerprintNumber(fingerprint, model);
  }

  putEmbeddings(fingerprint: number, embeddings: readonly StoredEmbedding[]): void {
    this.#db
      .transaction(() => {
        for (const { textHash, vector } of embeddings) {
          this.#statements.putEmbedding.run(textHash, fingerprint, blobOf(vector));
        }
      })
      .immediate();
  }

  /** Drops the embeddings of every other fingerprint. */
  dropOtherEmbeddings(fingerprint: number): number {
    return this.#statements.dropOthers.run(fingerprint).changes;
  }

  /** Runs `read` on one unchanging view of the database. */
  snapshot<T>(read: () => T): T {
    return this.#db.transaction(read).deferred();
  }

  /** Grows with each commit of another connection. */
  dataVersion(): number {
    return Number(this.#db.pragma('data_version', { simple: true }));
  }

  /** The revision of the latest change; 0 while nothing was ever stored. */
  lastRevision(): number {
    return Number(this.#statements.lastRevision.get());
  }

  changedSince(revision: number, fingerprint: number, limit: number): ChangedPaper[] {
    return this.#statements.changed
      .all(fingerprint, revision, limit)
      .map((row) => ({ ...row, label: row.label ?? undefined }));
  }

  removedSince(revision: number): Removal[] {
    return this.#statements.removed.all(revision);
  }

  /** Embeddings filed after `label`, one entry for each paper that has the text, by rising label. */
  *embeddingsSince(label: number, fingerprint: number): IterableIterator<LabelledVector> {
    for (const row of this.#statements.embeddings.iterate(fingerprint, label)) {
      yield { key: row.key, label: row.label, vector: vectorFrom(row.vector) };
    }
  }

  vector(label: number): Float32Array | undefined {
    const blob = this.#statements.vector.get(label);
    return blob && vectorFrom(blob);
  }

  counts(fingerprint: number): StoreCounts {
    const { papers, withAbstract, from, to } = this.#statements.totals.get() ?? EMPTY_TOTALS;
    return {
      papers,
      withAbstract,
      embedded: papers - this.countPending(fingerprint),
      years: from === null || to === null ? null : { from, to },
      sources: this.#statements.sources.all(),
      categories: this.#statements.categories.all(SUGGESTIONS),
      venues: this.#statements.venues.all(SUGGESTIONS),
    };
  }

  /** What is wrong with the database in itself and between its tables; empty when sound. Throws WORKSPACE_LOCKED. */
  problems(): string[] {
    try {
      return findProblems(this.#db);
    } catch (error) {
      if (!isBusy(error)) throw error;
      throw new AppError('WORKSPACE_LOCKED', { workspace: dirname(this.#db.name) }, { cause: error });
    }
  }
}

interface Totals {
  papers: number;
  withAbstract: number;
  from: number | null;
  to: number | null;
}

const EMPTY_TOTALS: Totals = { papers: 0, withAbstract: 0, from: null, to: null };

function prepare(db: Database.Database) {
  return {
    lastRevision: db.prepare(LAST_REVISION).pluck(),
    keyOfId: db.prepare<[string, string], number>('SELECT key FROM paper_ids WHERE scheme = ? AND value = ?').pluck(),
    paper: db.prepare<[number], PaperRow>('SELECT * FROM papers WHERE key = ?'),
    ids: db.prepare<[number], IdRow>('SELECT scheme, value FROM paper_ids WHERE key = ? ORDER BY scheme, value'),
    pending: db.prepare<[number, number, number], PendingText>(
      `SELECT key, text_hash AS textHash, title, abstract FROM papers p
       WHERE NOT EXISTS (SELECT 1 FROM embeddings e WHERE e.text_hash = p.text_hash AND e.fingerprint = ?)
         AND key > ? ORDER BY key LIMIT ?`,
    ),
    countPending: db
      .prepare<[number], number>(
        `SELECT count(*) FROM papers p
         WHERE NOT EXISTS (SELECT 1 FROM embeddings e WHERE e.text_hash = p.text_hash AND e.fingerprint = ?)`,
      )
      .pluck(),
    fingerprint: db.prepare<[string], number>('SELECT id FROM fingerprints WHERE fingerprint = ?').pluck(),
    putFingerprint: db.prepare('INSERT OR IGNORE INTO fingerprints (fingerprint, model) VALUES (?, ?)'),
    putEmbedding: db.prepare('INSERT OR IGNORE INTO embeddings (text_hash, fingerprint, vector) VALUES (?, ?, ?)'),
    dropOthers: db.prepare('DELETE FROM embeddings WHERE fingerprint <> ?'),
    changed: db.prepare<
      [number, number, number],
      { key: number; revision: number; title: string; abstract: string; label: number | null }
    >(
      `SELECT key, revision, title, abstract, e.label FROM papers p
       LEFT JOIN embeddings e ON e.text_hash = p.text_hash AND e.fingerprint = ?
       WHERE revision > ? ORDER BY revision LIMIT ?`,
    ),
    removed: db.prepare<[number], Removal>('SELECT key, revision FROM removals WHERE revision > ? ORDER BY revision'),
    embeddings: db.prepare<[number, number], { key: number; label: number; vector: Uint8Array }>(
      `SELECT p.key, e.label, e.vector FROM embeddings e JOIN papers p ON p.text_hash = e.text_hash
       WHERE e.fingerprint = ? AND e.label > ? ORDER BY e.label`,
    ),
    vector: db.prepare<[number], Uint8Array>('SELECT vector FROM embeddings WHERE label = ?').pluck(),
    totals: db.prepare<[], Totals>(
      `SELECT count(*) AS papers, count(nullif(abstract, '')) AS withAbstract, min(year) AS "from", max(year) AS "to"
       FROM papers`,
    ),
    sources: db.prepare<[], NamedCount>(
      'SELECT source AS name, count(DISTINCT key) AS papers FROM records GROUP BY source ORDER BY papers DESC, name',
    ),
    categories: db.prepare<[number], NamedCount>(
      `SELECT category AS name, count(*) AS papers FROM paper_categories
       GROUP BY category ORDER BY papers DESC, name LIMIT ?`,
    ),
    venues: db.prepare<[number], NamedCount>(
      `SELECT venue AS name, count(*) AS papers FROM papers WHERE venue IS NOT NULL
       GROUP BY venue ORDER BY papers DESC, name LIMIT ?`,
    ),
  };
}
