import type { Database } from 'better-sqlite3';
import { AppError } from '../errors.ts';

/** Each entry takes the database from the layout before it to its own; entries are never edited once released. */
const MIGRATIONS: readonly string[] = [
  `
  CREATE TABLE papers (
    key INTEGER PRIMARY KEY AUTOINCREMENT,
    -- Grows with every change to any paper, so that a follower can ask for what changed since.
    revision INTEGER NOT NULL UNIQUE,
    id TEXT NOT NULL UNIQUE,
    -- The first source that told of it; records has them all.
    source TEXT NOT NULL,
    title TEXT NOT NULL,
    title_key TEXT NOT NULL,
    abstract TEXT NOT NULL,
    text_hash BLOB NOT NULL,
    authors TEXT NOT NULL,
    year INTEGER,
    date TEXT,
    venue TEXT COLLATE NOCASE,
    categories TEXT NOT NULL,
    keywords TEXT NOT NULL,
    tldr TEXT,
    url TEXT,
    comment TEXT,
    citations INTEGER,
    version INTEGER
  );
  CREATE INDEX papers_title ON papers (title_key);
  CREATE INDEX papers_text ON papers (text_hash);
  CREATE INDEX papers_year ON papers (year);
  CREATE INDEX papers_venue ON papers (venue);

  -- Papers that are no more (merged into another): what a follower must forget.
  CREATE TABLE removals (key INTEGER PRIMARY KEY, revision INTEGER NOT NULL UNIQUE);

  CREATE TABLE paper_ids (
    scheme TEXT NOT NULL,
    value TEXT NOT NULL,
    key INTEGER NOT NULL REFERENCES papers (key),
    PRIMARY KEY (scheme, value)
  ) WITHOUT ROWID;
  CREATE INDEX paper_ids_key ON paper_ids (key);

  CREATE TABLE paper_categories (
    category TEXT NOT NULL COLLATE NOCASE,
    key INTEGER NOT NULL REFERENCES papers (key),
    PRIMARY KEY (category, key)
  ) WITHOUT ROWID;
  CREATE INDEX paper_categories_key ON paper_categories (key);

  -- What was read: a record that comes again with the same hash changes nothing. Sources of one voice speak for each
  -- other: what the latest of them says of an id stands, and is what all of them said.
  CREATE TABLE records (
    id TEXT NOT NULL,
    voice TEXT NOT NULL COLLATE NOCASE,
    source TEXT NOT NULL COLLATE NOCASE,
    key INTEGER NOT NULL REFERENCES papers (key),
    hash BLOB NOT NULL,
    PRIMARY KEY (id, voice, source)
  ) WITHOUT ROWID;
  CREATE INDEX records_source ON records (source);
  CREATE INDEX records_key ON records (key);

  CREATE VIRTUAL TABLE papers_fts USING fts5 (
    title, abstract, authors, venue,
    content = '', contentless_delete = 1, tokenize = 'porter unicode61 remove_diacritics 2'
  );

  CREATE TABLE fingerprints (id INTEGER PRIMARY KEY, fingerprint TEXT NOT NULL UNIQUE, model TEXT NOT NULL);

  -- One embedding a text and model; kept when no paper has that text any more, so that a text that comes back is free.
  CREATE TABLE embeddings (
    label INTEGER PRIMARY KEY AUTOINCREMENT,
    text_hash BLOB NOT NULL,
    fingerprint INTEGER NOT NULL REFERENCES fingerprints (id),
    vector BLOB NOT NULL,
    UNIQUE (text_hash, fingerprint)
  );
  `,
];

export const LAYOUT_VERSION = MIGRATIONS.length;

/** The layout a database is of. Throws WORKSPACE_TOO_NEW for one of a newer program; changes nothing. */
export function checkLayout(db: Database, workspace: string): number {
  const found = Number(db.pragma('user_version', { simple: true }));
  if (found > LAYOUT_VERSION) {
    throw new AppError('WORKSPACE_TOO_NEW', { workspace, found, supported: LAYOUT_VERSION });
  }
  return found;
}

/** Brings the database to this program's layout, in one transaction. Throws WORKSPACE_TOO_NEW and changes nothing. */
export function migrate(db: Database, workspace: string): void {
  if (checkLayout(db, workspace) === LAYOUT_VERSION) return;
  db.transaction(() => {
    for (const sql of MIGRATIONS.slice(Number(db.pragma('user_version', { simple: true })))) db.exec(sql);
    db.pragma(`user_version = ${LAYOUT_VERSION}`);
  }).immediate();
}
