import type { Database } from 'better-sqlite3';
import { type IdScheme, type Paper, type PaperKey, parsePaperId, titleKey } from '../domain/mod.ts';
import { recordHash, textHash } from './hashes.ts';
import { correctPaper, isOlder, mergePapers, samePaper } from './merge.ts';
import { type IdRow, paperFrom, type PaperRow } from './rows.ts';

export type Outcome = 'added' | 'updated' | 'unchanged' | 'merged';

/** A paper as one source tells it. */
export interface SourceRecord {
  readonly source: string;
  readonly paper: Paper;
}

// A URL may be a proceedings page that many papers share, so it identifies a paper only as the record's own id.
const IDENTIFYING: readonly IdScheme[] = ['arxiv', 'doi', 'acl', 'openreview', 'pmid', 's2', 'local'];

// Between authors in the full-text row, so that no phrase runs from one name into the next.
const AUTHOR_BREAK = ' qzxbreak ';

export const LAST_REVISION =
  'SELECT max(coalesce((SELECT max(revision) FROM papers), 0), coalesce((SELECT max(revision) FROM removals), 0))';

type Bound = string | number | Uint8Array | null;

function columnsOf(paper: Paper) {
  return {
    id: paper.id,
    title: paper.title,
    title_key: titleKey(paper.title),
    abstract: paper.abstract,
    text_hash: textHash(paper.title, paper.abstract),
    authors: JSON.stringify(paper.authors),
    year: paper.year ?? null,
    date: paper.date ?? null,
    venue: paper.venue ?? null,
    categories: JSON.stringify(paper.categories),
    keywords: JSON.stringify(paper.keywords),
    tldr: paper.tldr ?? null,
    url: paper.url ?? null,
    comment: paper.comment ?? null,
    citations: paper.citations ?? null,
    version: paper.version ?? null,
  } satisfies Record<string, Bound>;
}

const NO_PAPER: Paper = { id: '', ids: {}, title: '', abstract: '', authors: [], categories: [], keywords: [] };

/** Whether two papers are the same but for their ids. */
function sameFields(a: Paper, b: Paper): boolean {
  return Buffer.compare(recordHash({ ...a, ids: {} }), recordHash({ ...b, ids: {} })) === 0;
}

function prepare(db: Database) {
  const names = Object.keys(columnsOf(NO_PAPER));
  return {
    lastRevision: db.prepare(LAST_REVISION).pluck(),
    record: db.prepare<[string, string], { key: number; hash: Uint8Array }>(
      'SELECT key, hash FROM records WHERE source = ? AND id = ?',
    ),
    othersOf: db
      .prepare<[number, string, string], number>(
        'SELECT count(*) FROM records WHERE key = ? AND NOT (source = ? AND id = ?)',
      )
      .pluck(),
    putRecord: db.prepare('INSERT OR REPLACE INTO records (source, id, key, hash) VALUES (?, ?, ?, ?)'),
    keyOfId: db.prepare<[string, string], number>('SELECT key FROM paper_ids WHERE scheme = ? AND value = ?').pluck(),
    keysOfTitle: db.prepare<[string], number>('SELECT key FROM papers WHERE title_key = ? ORDER BY key').pluck(),
    paper: db.prepare<[number], PaperRow>('SELECT * FROM papers WHERE key = ?'),
    ids: db.prepare<[number], IdRow>('SELECT scheme, value FROM paper_ids WHERE key = ? ORDER BY scheme, value'),
    insert: db.prepare(
      `INSERT INTO papers (revision, source, ${names.join(', ')}) VALUES (@revision, @source, ${names.map((name) => `@${name}`).join(', ')})`,
    ),
    update: db.prepare(
      `UPDATE papers SET revision = @revision, ${names.map((name) => `${name} = @${name}`).join(', ')} WHERE key = @key`,
    ),
    putId: db.prepare('INSERT OR IGNORE INTO paper_ids (scheme, value, key) VALUES (?, ?, ?)'),
    putCategory: db.prepare('INSERT OR IGNORE INTO paper_categories (category, key) VALUES (?, ?)'),
    dropCategories: db.prepare('DELETE FROM paper_categories WHERE key = ?'),
    putText: db.prepare(
      'INSERT OR REPLACE INTO papers_fts (rowid, title, abstract, authors, venue) VALUES (?, ?, ?, ?, ?)',
    ),
    dropText: db.prepare('DELETE FROM papers_fts WHERE rowid = ?'),
    moveIds: db.prepare('UPDATE paper_ids SET key = ? WHERE key = ?'),
    moveRecords: db.prepare('UPDATE records SET key = ? WHERE key = ?'),
    dropPaper: db.prepare('DELETE FROM papers WHERE key = ?'),
    putRemoval: db.prepare('INSERT INTO removals (key, revision) VALUES (?, ?)'),
  };
}

/** Writes papers: finds which one a record speaks of, merges, and keeps ids, categories and full text in step. */
export class PaperWriter {
  readonly #statements: ReturnType<typeof prepare>;
  #revision = 0;

  constructor(db: Database) {
    this.#statements = prepare(db);
  }

  /** Must be called inside a transaction; the outcomes are in the order of the records. */
  write(records: readonly SourceRecord[]): Outcome[] {
    this.#revision = Number(this.#statements.lastRevision.get());
    return records.map((record) => this.#writeOne(record));
  }

  #writeOne({ source, paper }: SourceRecord): Outcome {
    const hash = recordHash(paper);
    const known = this.#statements.record.get(source, paper.id);
    if (known && Buffer.compare(known.hash, hash) === 0) return 'unchanged';
    const [key, ...others] = this.#keysOf(paper);
    if (key === undefined) {
      const added = this.#insert(source, paper);
      this.#statements.putRecord.run(source, paper.id, added, hash);
      return 'added';
    }
    const held = this.#load(key);
    let joined = held;
    for (const other of others) {
      const folded = this.#load(other);
      this.#fold(other, key);
      joined = mergePapers(joined, folded);
    }
    const next = this.#combined(joined, { source, paper }, known && key);
    const gainsIds = this.#putIds(key, paper);
    if (others.length > 0 || gainsIds || !sameFields(next, held)) {
      this.#update(key, next);
      this.#statements.putRecord.run(source, paper.id, key, hash);
      return held.id !== paper.id || others.length > 0 ? 'merged' : 'updated';
    }
    this.#statements.putRecord.run(source, paper.id, key, hash);
    return held.id === paper.id ? 'unchanged' : 'merged';
  }

  /** A source that speaks again of its own paper corrects it, unless with an older version; any other adds to it. */
  #combined(held: Paper, { source, paper }: SourceRecord, knownAs: PaperKey | undefined): Paper {
    if (knownAs === undefined || held.id !== paper.id || isOlder(paper, held)) return mergePapers(held, paper);
    const others = this.#statements.othersOf.get(knownAs, source, paper.id) ?? 0;
    return correctPaper(held, paper, others > 0 ? 'by others too' : 'by it alone');
  }

  /** Keys of all papers that the record speaks of, the oldest first. */
  #keysOf(paper: Paper): PaperKey[] {
    const found = new Set<number>();
    const own = parsePaperId(paper.id);
    const add = (key: number | undefined): void => {
      if (key !== undefined) found.add(key);
    };
    add(this.#statements.keyOfId.get(own.scheme, own.value));
    for (const scheme of IDENTIFYING) {
      const value = paper.ids[scheme];
      if (value !== undefined) add(this.#statements.keyOfId.get(scheme, value));
    }
    const title = titleKey(paper.title);
    // A title of signs alone is no title to know a paper by.
    if (found.size === 0 && title !== '' && paper.authors.length > 0) {
      const twin = this.#statements.keysOfTitle.all(title).find((key) => samePaper(this.#load(key), paper));
      add(twin);
    }
    return [...found].sort((a, b) => a - b);
  }

  #load(key: PaperKey): Paper {
    const row = this.#statements.paper.get(key);
    if (!row) throw new Error(`paper_ids or records name paper ${key}, which is not there`);
    return paperFrom(row, this.#statements.ids.all(key));
  }

  #insert(source: string, paper: Paper): PaperKey {
    const { lastInsertRowid } = this.#statements.insert.run({
      ...columnsOf(paper),
      revision: this.#nextRevision(),
      source,
    });
    const key = Number(lastInsertRowid);
    this.#putIds(key, paper);
    this.#writeParts(key, paper);
    return key;
  }

  #update(key: PaperKey, paper: Paper): void {
    this.#statements.update.run({ ...columnsOf(paper), revision: this.#nextRevision(), key });
    this.#statements.dropCategories.run(key);
    this.#writeParts(key, paper);
  }

  /**
   * Files every id of a record under its paper: `Paper.ids` shows one a scheme, but a record of a merged paper may bring
   * a second DOI. One that another paper has already (a page's address) stays there. Tells whether any was new.
   */
  #putIds(key: PaperKey, paper: Paper): boolean {
    const own = parsePaperId(paper.id);
    let added = this.#statements.putId.run(own.scheme, own.value, key).changes;
    for (const [scheme, value] of Object.entries(paper.ids)) {
      added += this.#statements.putId.run(scheme, value, key).changes;
    }
    return added > 0;
  }

  #writeParts(key: PaperKey, paper: Paper): void {
    for (const category of paper.categories) this.#statements.putCategory.run(category, key);
    const authors = paper.authors.join(AUTHOR_BREAK);
    this.#statements.putText.run(key, paper.title, paper.abstract, authors, paper.venue ?? '');
  }

  /** Takes a paper away whose ids and records go over to another. */
  #fold(key: PaperKey, into: PaperKey): void {
    this.#statements.moveIds.run(into, key);
    this.#statements.moveRecords.run(into, key);
    this.#statements.dropCategories.run(key);
    this.#statements.dropText.run(key);
    this.#statements.dropPaper.run(key);
    this.#statements.putRemoval.run(key, this.#nextRevision());
  }

  #nextRevision(): number {
    this.#revision += 1;
    return this.#revision;
  }
}
