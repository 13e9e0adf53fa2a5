import type { Database } from 'better-sqlite3';
import { type IdScheme, type Paper, type PaperKey, parsePaperId, titleKey } from '../domain/mod.ts';
import { recordHash, textHash } from './hashes.ts';
import { correctPaper, isOlder, mergePapers, samePaper } from './merge.ts';
import { type IdRow, paperFrom, type PaperRow } from './rows.ts';

export type Outcome = 'added' | 'updated' | 'unchanged' | 'merged';

/** A paper as one source tells it. */
export interface SourceRecord {
  /** What the reader calls where it came from; papers can be filtered by it. */
  readonly source: string;
  /**
   * Who is speaking, the source itself when absent. A voice that speaks again of a paper corrects itself; another voice
   * adds to it. Files imported by hand are one voice: the file read last is right, whatever it is called.
   */
  readonly voice?: string;
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

const sameName = (a: string, b: string): boolean => a.toLowerCase() === b.toLowerCase();

// Half of the words of two titles in common: an edited title is still the same paper's, two papers' share less.
const ALIKE_WORDS = 0.5;

/** Whether two records under one id of a collection's own are plausibly of one paper. */
function alike(a: Paper, b: Paper): boolean {
  if (a.abstract !== '' && a.abstract === b.abstract) return true;
  const wordsOf = ({ title }: Paper): Set<string> => new Set(titleKey(title).split(' '));
  const [ours, theirs] = [wordsOf(a), wordsOf(b)];
  const shared = [...ours].filter((word) => theirs.has(word)).length;
  return shared >= ALIKE_WORDS * Math.max(ours.size, theirs.size);
}

function prepare(db: Database) {
  const names = Object.keys(columnsOf(NO_PAPER));
  return {
    lastRevision: db.prepare(LAST_REVISION).pluck(),
    records: db.prepare<[string, string], { source: string; key: number; hash: Uint8Array }>(
      'SELECT source, key, hash FROM records WHERE id = ? AND voice = ?',
    ),
    othersOf: db
      .prepare<[number, string, string], number>(
        'SELECT count(*) FROM records WHERE key = ? AND NOT (voice = ? AND id = ?)',
      )
      .pluck(),
    putRecord: db.prepare('INSERT OR REPLACE INTO records (id, voice, source, key, hash) VALUES (?, ?, ?, ?, ?)'),
    setHash: db.prepare('UPDATE records SET hash = ? WHERE id = ? AND voice = ?'),
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

  #writeOne(record: SourceRecord): Outcome {
    const { source, voice = source } = record;
    const paper = this.#apart(record);
    const hash = recordHash(paper);
    const told = this.#statements.records.all(paper.id, voice);
    const putRecord = (key: PaperKey): void => {
      this.#statements.putRecord.run(paper.id, voice, source, key, hash);
      this.#statements.setHash.run(hash, paper.id, voice);
    };
    const [known] = told;
    if (known && Buffer.compare(known.hash, hash) === 0) {
      if (!told.some((each) => sameName(each.source, source))) putRecord(known.key);
      return 'unchanged';
    }
    const [key, ...others] = this.#keysOf(paper);
    if (key === undefined) {
      putRecord(this.#insert(source, paper));
      return 'added';
    }
    const held = this.#load(key);
    let joined = held;
    for (const other of others) {
      const folded = this.#load(other);
      this.#fold(other, key);
      joined = mergePapers(joined, folded);
    }
    const next = this.#combined(joined, paper, voice, known && key);
    const gainsIds = this.#putIds(key, paper);
    const changes = others.length > 0 || gainsIds || !sameFields(next, held);
    if (changes) this.#update(key, next);
    putRecord(key);
    if (held.id !== paper.id || others.length > 0) return 'merged';
    return changes ? 'updated' : 'unchanged';
  }

  /**
   * A collection's own id means something within its source only: where another source has it for another paper (two
   * BEIR corpora number theirs from 1), the paper is kept apart as `source:id`.
   */
  #apart({ source, voice = source, paper }: SourceRecord): Paper {
    const own = parsePaperId(paper.id);
    if (own.scheme !== 'local') return paper;
    const holder = this.#statements.keyOfId.get(own.scheme, own.value);
    if (holder === undefined) return paper;
    const id = `${source}:${paper.id}`;
    const told = (by: string): boolean =>
      this.#statements.records.all(by, voice).some((each) => sameName(each.source, source));
    // What was decided once stays: merging may since have changed what the holder is called.
    if (told(paper.id) || (!told(id) && alike(this.#load(holder), paper))) return paper;
    return { ...paper, id, ids: { ...paper.ids, local: id } };
  }

  /** A voice that speaks again of its own paper corrects it, unless with an older version; any other adds to it. */
  #combined(held: Paper, paper: Paper, voice: string, knownAs: PaperKey | undefined): Paper {
    if (knownAs === undefined || held.id !== paper.id || isOlder(paper, held)) return mergePapers(held, paper);
    const others = this.#statements.othersOf.get(knownAs, voice, paper.id) ?? 0;
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
