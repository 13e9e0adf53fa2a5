import type { Database } from 'better-sqlite3';
import type { Feedback, FeedbackKind, Hidden, Impression, Interest, ReadingState } from '../domain/mod.ts';

export interface InterestRow {
  id: number;
  origin: Interest['origin'];
  name: string;
  text: string;
  require: string;
  exclude: string;
  authors: string;
  categories: string;
  weight: number;
  muted: number;
  deleted: number;
  held: number;
}

export interface SavedRow {
  paper: string;
  saved_at: string;
  state: ReadingState;
  note: string;
}

function prepare(db: Database) {
  const interest = 'origin, name, text, require, exclude, authors, categories, weight, muted, deleted, held';
  const names = interest.split(', ');
  return {
    revision: db.prepare<[number], number>('SELECT revision FROM persons WHERE id = ?').pluck(),
    changed: db.prepare('UPDATE persons SET revision = revision + 1 WHERE id = ?'),
    library: db.prepare<[number], SavedRow>(
      'SELECT paper, saved_at, state, note FROM saved WHERE person = ? ORDER BY saved_at DESC, paper',
    ),
    saved: db.prepare<[number, string], SavedRow>(
      'SELECT paper, saved_at, state, note FROM saved WHERE person = ? AND paper = ?',
    ),
    countSaved: db.prepare<[number], number>('SELECT count(*) FROM saved WHERE person = ?').pluck(),
    tags: db
      .prepare<[number, string], string>('SELECT tag FROM tags WHERE person = ? AND paper = ? ORDER BY tag')
      .pluck(),
    allTags: db.prepare<[number], { paper: string; tag: string }>(
      'SELECT paper, tag FROM tags WHERE person = ? ORDER BY paper, tag',
    ),
    putSaved: db.prepare(
      `INSERT INTO saved (person, paper, saved_at, state, note) VALUES (?, ?, ?, ?, ?)
       ON CONFLICT DO UPDATE SET saved_at = excluded.saved_at, state = excluded.state, note = excluded.note`,
    ),
    dropTags: db.prepare('DELETE FROM tags WHERE person = ? AND paper = ?'),
    putTag: db.prepare('INSERT OR IGNORE INTO tags (person, paper, tag) VALUES (?, ?, ?)'),
    dropSaved: db.prepare('DELETE FROM saved WHERE person = ? AND paper = ?'),
    dropFromFound: db.prepare(
      `DELETE FROM interest_papers WHERE paper = ?
       AND interest IN (SELECT id FROM interests WHERE person = ? AND origin = 'found')`,
    ),
    interests: db.prepare<[number], InterestRow>(`SELECT id, ${interest} FROM interests WHERE person = ? ORDER BY id`),
    interestPapers: db
      .prepare<[number], string>('SELECT paper FROM interest_papers WHERE interest = ? ORDER BY paper')
      .pluck(),
    addInterest: db.prepare(
      `INSERT INTO interests (person, ${interest}) VALUES (@person, ${names.map((name) => `@${name}`).join(', ')})`,
    ),
    setInterest: db.prepare(
      `UPDATE interests SET ${names.map((name) => `${name} = @${name}`).join(', ')} WHERE id = @id AND person = @person`,
    ),
    dropInterest: db.prepare('DELETE FROM interests WHERE id = ? AND person = ?'),
    dropInterestPapers: db.prepare('DELETE FROM interest_papers WHERE interest = ?'),
    putInterestPaper: db.prepare('INSERT OR IGNORE INTO interest_papers (interest, paper) VALUES (?, ?)'),
    dropFound: db.prepare("DELETE FROM interests WHERE person = ? AND origin = 'found'"),
    feedback: db.prepare<[number], Feedback>(
      'SELECT paper, kind, at FROM feedback WHERE person = ? ORDER BY at DESC, paper',
    ),
    feedbackOn: db
      .prepare<[number, string], FeedbackKind>('SELECT kind FROM feedback WHERE person = ? AND paper = ?')
      .pluck(),
    countFeedback: db.prepare<[number], number>('SELECT count(*) FROM feedback WHERE person = ?').pluck(),
    putFeedback: db.prepare('INSERT OR REPLACE INTO feedback (person, paper, kind, at) VALUES (?, ?, ?, ?)'),
    dropFeedback: db.prepare('DELETE FROM feedback WHERE person = ? AND paper = ?'),
    dropAllFeedback: db.prepare('DELETE FROM feedback WHERE person = ?'),
    hidden: db.prepare<[number], Hidden>(
      'SELECT kind, value, at FROM hidden WHERE person = ? ORDER BY at DESC, kind, value',
    ),
    countHidden: db.prepare<[number], number>('SELECT count(*) FROM hidden WHERE person = ?').pluck(),
    putHidden: db.prepare('INSERT OR REPLACE INTO hidden (person, kind, value, at) VALUES (?, ?, ?, ?)'),
    dropHidden: db.prepare('DELETE FROM hidden WHERE person = ? AND kind = ? AND value = ?'),
    dropAllHidden: db.prepare('DELETE FROM hidden WHERE person = ?'),
    impressions: db.prepare<[number], Impression>(
      `SELECT paper, place, first_at AS firstAt, last_at AS lastAt, times FROM impressions
       WHERE person = ? ORDER BY first_at DESC, paper, place`,
    ),
    shown: db.prepare<[number], { paper: string; firstAt: string }>(
      'SELECT paper, min(first_at) AS firstAt FROM impressions WHERE person = ? GROUP BY paper',
    ),
    putImpression: db.prepare(
      `INSERT INTO impressions (person, paper, place, first_at, last_at, times) VALUES (?, ?, ?, ?, ?, 1)
       ON CONFLICT DO UPDATE SET last_at = excluded.last_at, times = times + 1`,
    ),
    dropImpressions: db.prepare('DELETE FROM impressions WHERE person = ?'),
    settings: db.prepare<[number], { name: string; value: string }>(
      'SELECT name, value FROM settings WHERE person = ? ORDER BY name',
    ),
    putSetting: db.prepare('INSERT OR REPLACE INTO settings (person, name, value) VALUES (?, ?, ?)'),
    dropSetting: db.prepare('DELETE FROM settings WHERE person = ? AND name = ?'),
  };
}

export type SignalStatements = ReturnType<typeof prepare>;
/** Statements are made once a database, and not once a request. */
const prepared = new WeakMap<Database, SignalStatements>();

/** What is asked and said of a person's signals, as SQL. */
export function statementsOf(db: Database): SignalStatements {
  const known = prepared.get(db) ?? prepare(db);
  prepared.set(db, known);
  return known;
}
