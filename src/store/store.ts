import { dirname, join } from 'node:path';
import type { Database } from 'better-sqlite3';
import { seeded } from '../domain/seeded.ts';
import { type Paper, type PaperJson, paperJson, type PaperKey } from '../domain/mod.ts';
import { AppError } from '../errors.ts';
import { Counts, type StoreCounts } from './counts.ts';
import { DATABASE_NAME, isBusy, openDatabase } from './database.ts';
import { Embeddings, type LabelledVector, type PendingText, type StoredEmbedding } from './embeddings.ts';
import type { Verdict } from './link.ts';
import { PAPERS } from './migrations.ts';
import { findProblems } from './problems.ts';
import { Records } from './records.ts';
import type { LabelledSentences, PendingSentences, StoredSentence } from './sentences.ts';
import type { SourceRecord } from './source-record.ts';
import { type Traits, TraitsOfPapers } from './traits.ts';
import { LAST_REVISION, type Outcome, PaperWriter } from './writer.ts';

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

// Papers read at once while all are gone through: nothing stays open between two of these, so that writing can go on.
const PAGE = 256;
// A title that more papers share is the name of a kind (Editorial, Preface) and says nothing.
const MOST_SAME_TITLES = 20;
// The longest of 245,239 titles has fewer characters.
const MAX_TITLE_LENGTH = 1000;

/** The system of record. Everything is in one SQLite file; reading goes on while another process writes (WAL). */
export class Store {
  readonly #db: Database;
  readonly #records: Records;
  readonly #writer: PaperWriter;
  readonly #embeddings: Embeddings;
  readonly #traits: TraitsOfPapers;
  readonly #counts: Counts;
  readonly #statements;

  private constructor(db: Database) {
    this.#db = db;
    this.#records = new Records(db);
    this.#writer = new PaperWriter(db, this.#records);
    this.#embeddings = new Embeddings(db);
    this.#traits = new TraitsOfPapers(db);
    this.#counts = new Counts(db);
    this.#statements = prepare(db);
  }

  /** Throws WORKSPACE_NOT_FOUND unless `create`, WORKSPACE_TOO_NEW, WORKSPACE_LOCKED or WORKSPACE_CORRUPT. */
  static open(workspace: string, options: { readonly create: boolean }): Store {
    return new Store(openDatabase(join(workspace, DATABASE_NAME), PAPERS, options));
  }

  close(): void {
    this.#db.close();
  }

  /** Stores records in one transaction: all of them or, when it throws, none. */
  ingest(records: readonly SourceRecord[]): Outcome[] {
    return this.#atOnce(() => this.#writer.write(records));
  }

  /**
   * Settles for good whether two papers, each named by any of its ids, are one: merges or parts them at once, and keeps
   * them so whatever is imported. A later verdict replaces an earlier one. Throws PAPER_NOT_FOUND, and USAGE where both
   * ids name the same record, which cannot be parted.
   */
  decide(idA: string, idB: string, verdict: Verdict): void {
    this.#atOnce(() => this.#writer.decide(idA, idB, verdict));
  }

  /** Takes back what `decide` settled: the two are one or not as their records say. Throws PAPER_NOT_FOUND. */
  undecide(idA: string, idB: string): void {
    this.#atOnce(() => this.#writer.undecide(idA, idB));
  }

  /** What was settled between two papers, if anything was. */
  decisionBetween(a: PaperKey, b: PaperKey): Verdict | undefined {
    return this.#writer.decisionBetween(a, b);
  }

  #atOnce<T>(work: () => T): T {
    return this.#db.inTransaction ? work() : this.#db.transaction(work).immediate();
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

  /**
   * A paper by any of its ids in any spelling. A collection's own id that several papers have names none of them; with its
   * source in front (`source:id`) it always does.
   */
  findKey(id: string): PaperKey | undefined {
    return this.#records.find(id);
  }

  /**
   * Papers by their title, but for case, accents and punctuation; of a merged paper, by any that it is told under. None for
   * a title that many papers have, or a text too long for a title.
   */
  findByTitle(title: string): PaperKey[] {
    if (title.length > MAX_TITLE_LENGTH) return [];
    const keys = this.#records.titled(title, MOST_SAME_TITLES + 1);
    return keys.length > MOST_SAME_TITLES ? [] : keys;
  }

  idOf(key: PaperKey): string | undefined {
    return this.#records.id(key);
  }

  paper(key: PaperKey): Paper | undefined {
    return this.#records.paper(key);
  }

  /**
   * An id that finds this paper whatever is imported later: a collection's own comes with its source, since another
   * collection may have the same. `undefined` for no paper.
   */
  lastingId(key: PaperKey): string | undefined {
    const paper = this.#records.paper(key);
    if (!paper || paper.ids.local !== paper.id) return paper?.id;
    const spelt = this.#records.sources(key).map((source) => `${source}:${paper.id}`);
    return spelt.find((id) => this.findKey(id) === key) ?? paper.id;
  }

  /**
   * The ids that find this paper and may have been its lasting one: the one it has now comes first, then those it had before
   * papers were merged into it.
   */
  namesOf(key: PaperKey): string[] {
    const lasting = this.lastingId(key);
    const names = [...(lasting === undefined ? [] : [lasting]), ...this.#records.idsOf(key)];
    return [...new Set(names)].filter((name) => this.findKey(name) === key);
  }

  /** As shown; `undefined` where a paper has gone meanwhile. Same order as `keys`. */
  papers(keys: readonly PaperKey[]): (PaperJson | undefined)[] {
    return keys.map((key) => {
      const paper = this.#records.paper(key);
      return paper && paperJson(paper, this.#records.sources(key));
    });
  }

  /** What papers are counted by; `undefined` where a paper has gone meanwhile. Same order as `keys`. */
  traits(keys: Iterable<PaperKey>): (Traits | undefined)[] {
    return this.#traits.of(keys);
  }

  /** Every paper by rising key, or those with the given keys in their order; in constant memory, page by page. */
  *allPapers(keys: Iterable<PaperKey> = this.#allKeys()): IterableIterator<Paper> {
    for (const key of keys) {
      const paper = this.paper(key);
      if (paper) yield paper;
    }
  }

  *#allKeys(): IterableIterator<PaperKey> {
    let last = 0;
    let page: PaperKey[] = [];
    do {
      page = this.#statements.keys.all(last, PAGE);
      yield* page;
      last = page.at(-1) ?? last;
    } while (page.length > 0);
  }

  /** What each source says of a paper, or that it has withdrawn it. */
  records(key: PaperKey): SourceRecord[] {
    return this.#records.load(key)?.records.map(({ record }) => record) ?? [];
  }

  /**
   * At most `count` papers by chance, the same for the same seed while none are added; each at most once, by rising key. Drawn
   * by key, 10 µs each, however many papers there are.
   */
  sample(count: number, seed: number): PaperKey[] {
    const next = seeded(seed);
    const { first, last } = this.#statements.span.get() ?? { first: 0, last: 0 };
    const drawn = new Set<PaperKey>();
    // Twice as many tries, so that a small library gives nearly all that it has.
    for (let i = 0; i < 2 * count && drawn.size < count; i += 1) {
      const key = this.#statements.from.get(first + Math.floor(next() * (last - first + 1)));
      if (key !== undefined) drawn.add(key);
    }
    return [...drawn].sort((a, b) => a - b);
  }

  /** The paper that came last; 0 where there is none. */
  lastKey(): PaperKey {
    return this.#statements.span.get()?.last ?? 0;
  }

  /** Papers with votes that came out from one day to another, both included. */
  upvoted(from: string, to: string): { readonly key: PaperKey; readonly day: string; readonly upvotes: number }[] {
    return this.#statements.upvoted.all(from, to);
  }

  /** The last day, up to `today`, on which a paper came out that has votes. */
  newestUpvoted(today: string): string | undefined {
    return this.#statements.newestUpvoted.get(today) ?? undefined;
  }

  /** The first day after `day`, and up to `today`, on which a paper came out that has votes. */
  nextUpvoted(day: string, today: string): string | undefined {
    return this.#statements.nextUpvoted.get(day, today) ?? undefined;
  }

  /** Pairs of papers with the same title, but for titles that many have: of all papers, or among these. */
  sameTitles(among?: readonly PaperKey[]): (readonly [PaperKey, PaperKey])[] {
    const { sameTitles, sameTitlesAmong } = this.#statements;
    const pairs = among
      ? sameTitlesAmong.all(JSON.stringify(among), MOST_SAME_TITLES)
      : sameTitles.all(MOST_SAME_TITLES);
    return pairs.map(({ a, b }) => [a, b] as const);
  }

  *titles(): IterableIterator<readonly [PaperKey, string]> {
    for (const { key, title } of this.#statements.titles.iterate()) yield [key, title];
  }

  /** Papers whose text has no embedding yet, by rising key after `after`; several may share a text. */
  pending(fingerprint: number, after: PaperKey, limit: number): PendingText[] {
    return this.#embeddings.pending(fingerprint, after, limit);
  }

  countPending(fingerprint: number): number {
    return this.#embeddings.countPending(fingerprint);
  }

  /** Number under which a fingerprint is filed; made on first use. */
  fingerprintNumber(fingerprint: string, model: string): number {
    return this.#embeddings.fingerprintNumber(fingerprint, model);
  }

  putEmbeddings(fingerprint: number, embeddings: readonly StoredEmbedding[]): void {
    this.#db.transaction(() => this.#embeddings.put(fingerprint, embeddings)).immediate();
  }

  /** Embedded texts whose sentences are not embedded yet, by rising label after `after`. */
  pendingSentences(fingerprint: number, after: number, limit: number): PendingSentences[] {
    return this.#embeddings.sentences.pending(fingerprint, after, limit);
  }

  countPendingSentences(fingerprint: number): number {
    return this.#embeddings.sentences.countPending(fingerprint);
  }

  putSentences(texts: readonly LabelledSentences[]): void {
    this.#db.transaction(() => texts.forEach((text) => this.#embeddings.sentences.put(text))).immediate();
  }

  /**
   * The sentences of each paper's abstract in order, `undefined` where they are not embedded (yet). Same order as `keys`;
   * 30 µs a paper.
   */
  sentences(keys: readonly PaperKey[], fingerprint: number): (readonly StoredSentence[] | undefined)[] {
    return keys.map((key) => this.#embeddings.sentences.of(key, fingerprint));
  }

  /** Vectors of the words of each paper, `undefined` where it has none (yet). Same order as `keys`; 15 µs a paper. */
  tokenVectors(keys: readonly PaperKey[], fingerprint: number): (Int8Array | undefined)[] {
    return keys.map((key) => this.#embeddings.tokenVectors.of(key, fingerprint));
  }

  /** Drops the embeddings of every other fingerprint, and those of their sentences and words. */
  dropOtherEmbeddings(fingerprint: number): number {
    return this.#embeddings.dropOthers(fingerprint);
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
  embeddingsSince(label: number, fingerprint: number): IterableIterator<LabelledVector> {
    return this.#embeddings.since(label, fingerprint);
  }

  /** What is filed under a label. */
  embedding(label: number): Pick<LabelledVector, 'vector' | 'rest'> | undefined {
    return this.#embeddings.labelled(label);
  }

  counts(fingerprint: number): StoreCounts {
    return this.#counts.of(this.countPending(fingerprint));
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

function prepare(db: Database) {
  return {
    lastRevision: db.prepare(LAST_REVISION).pluck(),
    keys: db.prepare<[number, number], number>('SELECT key FROM papers WHERE key > ? ORDER BY key LIMIT ?').pluck(),
    titles: db.prepare<[], { key: number; title: string }>('SELECT key, title FROM papers ORDER BY key'),
    sameTitles: db.prepare<[number], { a: number; b: number }>(
      `WITH shared AS (
         SELECT title_key FROM records WHERE title_key IS NOT NULL
         GROUP BY title_key HAVING count(DISTINCT key) BETWEEN 2 AND ?)
       SELECT DISTINCT x.key AS a, y.key AS b FROM shared
       JOIN records x ON x.title_key = shared.title_key
       JOIN records y ON y.title_key = shared.title_key AND y.key > x.key ORDER BY a, b`,
    ),
    sameTitlesAmong: db.prepare<[string, number], { a: number; b: number }>(
      `WITH named AS MATERIALIZED (
         SELECT DISTINCT records.key, title_key FROM json_each(?) JOIN records ON records.key = json_each.value
         WHERE title_key IS NOT NULL),
       shared AS (SELECT title_key FROM named GROUP BY title_key HAVING count(*) BETWEEN 2 AND ?)
       SELECT DISTINCT x.key AS a, y.key AS b FROM shared
       JOIN named x ON x.title_key = shared.title_key
       JOIN named y ON y.title_key = shared.title_key AND y.key > x.key ORDER BY a, b`,
    ),
    changed: db.prepare<
      [number, number, number],
      { key: number; revision: number; title: string; abstract: string; label: number | null }
    >(
      `SELECT key, revision, title, abstract, e.label FROM papers p
       LEFT JOIN embeddings e ON e.text_hash = p.text_hash AND e.fingerprint = ?
       WHERE revision > ? ORDER BY revision LIMIT ?`,
    ),
    removed: db.prepare<[number], Removal>('SELECT key, revision FROM removals WHERE revision > ? ORDER BY revision'),
    span: db.prepare<[], { first: number; last: number }>(
      // Apart, each is found at an end of the index; together they read every paper.
      `SELECT coalesce((SELECT min(key) FROM papers), 0) AS first, coalesce((SELECT max(key) FROM papers), 0) AS last`,
    ),
    from: db.prepare<[number], number>('SELECT key FROM papers WHERE key >= ? ORDER BY key LIMIT 1').pluck(),
    upvoted: db.prepare<[string, string], { key: number; day: string; upvotes: number }>(
      `SELECT key, date AS day, upvotes FROM papers
       WHERE upvotes > 0 AND date IS NOT NULL AND date BETWEEN ? AND ? ORDER BY key`,
    ),
    newestUpvoted: db
      .prepare<[string], string | null>(
        'SELECT max(date) FROM papers WHERE upvotes > 0 AND date IS NOT NULL AND date <= ?',
      )
      .pluck(),
    nextUpvoted: db
      .prepare<[string, string], string | null>(
        'SELECT min(date) FROM papers WHERE upvotes > 0 AND date IS NOT NULL AND date > ? AND date <= ?',
      )
      .pluck(),
  };
}
