import type { Database } from 'better-sqlite3';
import { AppError } from '../errors.ts';

/** Each entry takes a database from the layout before it to its own; entries are never edited once released. */
export type Migrations = readonly string[];

export const PAPERS: Migrations = [
  `
  CREATE TABLE papers (
    key INTEGER PRIMARY KEY AUTOINCREMENT,
    -- Grows with every change to any paper, so that a follower can ask for what changed since.
    revision INTEGER NOT NULL UNIQUE,
    -- One of the collections' own ids may be another paper's too; the paper is then shown as \`source:id\`.
    id TEXT NOT NULL,
    title TEXT NOT NULL,
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
    upvotes INTEGER,
    version INTEGER,
    versions TEXT,
    withdrawn INTEGER
  );
  CREATE INDEX papers_text ON papers (text_hash);
  CREATE INDEX papers_year ON papers (year);
  CREATE INDEX papers_venue ON papers (venue);

  -- Papers that are no more (merged into another): what a follower must forget.
  CREATE TABLE removals (key INTEGER PRIMARY KEY, revision INTEGER NOT NULL UNIQUE);

  -- Every id that a record of the paper tells. An id may be told of several papers: an address, a collection's own id
  -- (\`source\` says whose; it is empty for all others), ids of papers that the user has parted.
  CREATE TABLE paper_ids (
    scheme TEXT NOT NULL,
    value TEXT NOT NULL,
    key INTEGER NOT NULL REFERENCES papers (key),
    source TEXT NOT NULL COLLATE NOCASE,
    PRIMARY KEY (scheme, value, key, source)
  ) WITHOUT ROWID;
  CREATE INDEX paper_ids_key ON paper_ids (key);

  CREATE TABLE paper_categories (
    category TEXT NOT NULL COLLATE NOCASE,
    key INTEGER NOT NULL REFERENCES papers (key),
    PRIMARY KEY (category, key)
  ) WITHOUT ROWID;
  CREATE INDEX paper_categories_key ON paper_categories (key);

  -- What each source says of each id; everything about papers follows from it. A record that comes again with the same
  -- hash changes nothing.
  CREATE TABLE records (
    id TEXT NOT NULL,
    source TEXT NOT NULL COLLATE NOCASE,
    -- NULL for a withdrawal of a paper that nobody told of.
    key INTEGER REFERENCES papers (key),
    hash BLOB NOT NULL,
    title_key TEXT,
    -- The record as JSON; NULL while it is the only one of its paper, whose row and ids are then the record.
    told TEXT,
    PRIMARY KEY (id, source)
  ) WITHOUT ROWID;
  CREATE INDEX records_source ON records (source);
  CREATE INDEX records_key ON records (key);
  CREATE INDEX records_title ON records (title_key);

  -- What the user has settled about two records, by their names; a < b.
  CREATE TABLE decisions (
    a TEXT NOT NULL,
    b TEXT NOT NULL,
    verdict TEXT NOT NULL CHECK (verdict IN ('same', 'different')),
    at TEXT NOT NULL DEFAULT (strftime('%Y-%m-%dT%H:%M:%SZ', 'now')),
    PRIMARY KEY (a, b)
  ) WITHOUT ROWID;
  CREATE INDEX decisions_b ON decisions (b);

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
    -- The embedding of what lies past the model's cut, a byte a component; NULL where next to nothing does.
    rest BLOB,
    UNIQUE (text_hash, fingerprint)
  );
  CREATE INDEX embeddings_order ON embeddings (fingerprint, label);

  -- Embeddings of the sentences of the abstract of a text (see sentences.ts for their form). They come after all others:
  -- nothing is found by them, they only say which sentence answers.
  CREATE TABLE sentences (
    label INTEGER PRIMARY KEY REFERENCES embeddings (label) ON DELETE CASCADE,
    sentences BLOB NOT NULL
  );

  -- Vectors of the words of a text, one after another, a byte a component.
  CREATE TABLE token_vectors (
    label INTEGER PRIMARY KEY REFERENCES embeddings (label) ON DELETE CASCADE,
    vectors BLOB NOT NULL
  );
  `,
  // What is trending is looked for by day among the few papers that have votes.
  'CREATE INDEX papers_upvotes ON papers (date, upvotes) WHERE upvotes > 0 AND date IS NOT NULL;',
];

/**
 * What is known of persons, in a file of its own: it is written to while an import holds the other one, and a library can be
 * handed on without what its readers read. Papers are named by id, since keys change when papers are merged or parted.
 */
export const PEOPLE: Migrations = [
  `
  -- Links in mails are signed with it.
  CREATE TABLE secrets (name TEXT PRIMARY KEY, secret BLOB NOT NULL) WITHOUT ROWID;

  CREATE TABLE persons (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    name TEXT NOT NULL COLLATE NOCASE UNIQUE,
    is_default INTEGER NOT NULL DEFAULT 0,
    -- SHA-256 of the token, which is random and is shown once.
    token_hash BLOB UNIQUE,
    -- Grows with all that the person's profile follows from.
    revision INTEGER NOT NULL DEFAULT 0,
    created_at TEXT NOT NULL
  );

  CREATE TABLE saved (
    person INTEGER NOT NULL REFERENCES persons (id) ON DELETE CASCADE,
    paper TEXT NOT NULL,
    saved_at TEXT NOT NULL,
    state TEXT NOT NULL CHECK (state IN ('to-read', 'reading', 'read')),
    note TEXT NOT NULL,
    PRIMARY KEY (person, paper)
  ) WITHOUT ROWID;

  CREATE TABLE tags (
    person INTEGER NOT NULL,
    paper TEXT NOT NULL,
    tag TEXT NOT NULL COLLATE NOCASE,
    PRIMARY KEY (person, paper, tag),
    FOREIGN KEY (person, paper) REFERENCES saved (person, paper) ON DELETE CASCADE
  ) WITHOUT ROWID;

  CREATE TABLE interests (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    person INTEGER NOT NULL REFERENCES persons (id) ON DELETE CASCADE,
    origin TEXT NOT NULL CHECK (origin IN ('topic', 'found')),
    name TEXT NOT NULL COLLATE NOCASE,
    text TEXT NOT NULL,
    -- Lists as JSON.
    require TEXT NOT NULL,
    exclude TEXT NOT NULL,
    authors TEXT NOT NULL,
    categories TEXT NOT NULL,
    weight REAL NOT NULL CHECK (weight > 0),
    muted INTEGER NOT NULL,
    deleted INTEGER NOT NULL,
    held INTEGER NOT NULL
  );
  CREATE INDEX interests_person ON interests (person);
  CREATE UNIQUE INDEX interests_name ON interests (person, name) WHERE name <> '' AND NOT deleted;

  CREATE TABLE interest_papers (
    interest INTEGER NOT NULL REFERENCES interests (id) ON DELETE CASCADE,
    paper TEXT NOT NULL,
    PRIMARY KEY (interest, paper)
  ) WITHOUT ROWID;

  CREATE TABLE feedback (
    person INTEGER NOT NULL REFERENCES persons (id) ON DELETE CASCADE,
    paper TEXT NOT NULL,
    kind TEXT NOT NULL CHECK (kind IN ('like', 'not-this-paper', 'not-this-kind')),
    at TEXT NOT NULL,
    PRIMARY KEY (person, paper)
  ) WITHOUT ROWID;

  CREATE TABLE hidden (
    person INTEGER NOT NULL REFERENCES persons (id) ON DELETE CASCADE,
    kind TEXT NOT NULL CHECK (kind IN ('author', 'venue', 'term')),
    value TEXT NOT NULL COLLATE NOCASE,
    at TEXT NOT NULL,
    PRIMARY KEY (person, kind, value)
  ) WITHOUT ROWID;

  CREATE TABLE impressions (
    person INTEGER NOT NULL REFERENCES persons (id) ON DELETE CASCADE,
    paper TEXT NOT NULL,
    place TEXT NOT NULL,
    first_at TEXT NOT NULL,
    last_at TEXT NOT NULL,
    times INTEGER NOT NULL,
    PRIMARY KEY (person, paper, place)
  ) WITHOUT ROWID;

  -- What else a person has settled, as JSON: how varied the feed is, when a digest is sent.
  CREATE TABLE settings (
    person INTEGER NOT NULL REFERENCES persons (id) ON DELETE CASCADE,
    name TEXT NOT NULL,
    value TEXT NOT NULL,
    PRIMARY KEY (person, name)
  ) WITHOUT ROWID;
  `,
  `
  -- One mail at most for each person and period, whatever crashes when.
  CREATE TABLE outbox (
    person INTEGER NOT NULL REFERENCES persons (id) ON DELETE CASCADE,
    period TEXT NOT NULL,
    state TEXT NOT NULL CHECK (state IN ('ready', 'sending', 'sent', 'failed', 'empty', 'uncertain')),
    address TEXT NOT NULL,
    -- A list as JSON.
    papers TEXT NOT NULL,
    attempts INTEGER NOT NULL,
    next_try TEXT,
    bounced INTEGER NOT NULL,
    reason TEXT,
    changed_at TEXT NOT NULL,
    PRIMARY KEY (person, period)
  ) WITHOUT ROWID;

  CREATE TABLE feed_urls (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    person INTEGER NOT NULL REFERENCES persons (id) ON DELETE CASCADE,
    topic INTEGER REFERENCES interests (id) ON DELETE CASCADE,
    -- SHA-256 of the secret, which is random and is shown once.
    secret_hash BLOB NOT NULL UNIQUE,
    created_at TEXT NOT NULL,
    read_at TEXT,
    -- When papers were last looked for.
    filled_at TEXT,
    -- State of the papers then.
    filled_for TEXT
  );
  CREATE INDEX feed_urls_person ON feed_urls (person);

  CREATE TABLE delivered (
    url INTEGER NOT NULL REFERENCES feed_urls (id) ON DELETE CASCADE,
    paper TEXT NOT NULL,
    at TEXT NOT NULL,
    -- Place among those of the same time.
    place INTEGER NOT NULL,
    -- The feed item as JSON.
    item TEXT NOT NULL,
    PRIMARY KEY (url, paper)
  ) WITHOUT ROWID;
  `,
];

export const LAYOUT_VERSION = PAPERS.length;

/** The layout a database is of. Throws WORKSPACE_TOO_NEW for one of a newer program; changes nothing. */
export function checkLayout(db: Database, workspace: string, migrations: Migrations): number {
  const found = Number(db.pragma('user_version', { simple: true }));
  if (found > migrations.length) {
    throw new AppError('WORKSPACE_TOO_NEW', { workspace, found, supported: migrations.length });
  }
  return found;
}

/** Brings the database to this program's layout, in one transaction. Throws WORKSPACE_TOO_NEW and changes nothing. */
export function migrate(db: Database, workspace: string, migrations: Migrations): void {
  if (checkLayout(db, workspace, migrations) === migrations.length) return;
  db.transaction(() => {
    for (const sql of migrations.slice(Number(db.pragma('user_version', { simple: true })))) db.exec(sql);
    db.pragma(`user_version = ${migrations.length}`);
  }).immediate();
}
