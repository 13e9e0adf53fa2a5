import type { Database } from 'better-sqlite3';
import { parsePaperId } from '../domain/mod.ts';
import { reasonOf } from '../errors.ts';
import { isBusy } from './database.ts';
import { MOST_SHARERS } from './link.ts';
import { paperHash, textHash } from './hashes.ts';
import { composePaper } from './merge.ts';
import { type LoadedPaper, Records } from './records.ts';
import { type Claim, claimKey, claimsOf, IDENTIFYING, isPaper, WITHDRAWAL } from './source-record.ts';

const orphans = (table: string): string =>
  `SELECT count(*) FROM ${table} t WHERE NOT EXISTS (SELECT 1 FROM papers p WHERE p.key = t.key)`;

const papersWithout = (table: string, key: string): string =>
  `SELECT count(*) FROM papers p WHERE NOT EXISTS (SELECT 1 FROM ${table} t WHERE t.${key} = p.key)`;

/** Each counts what must not be. */
const CHECKS: ReadonlyArray<readonly [sql: string, what: string]> = [
  [orphans('paper_ids'), 'ids belong to no paper'],
  [`${orphans('records')} AND t.key IS NOT NULL`, 'source records belong to no paper'],
  [`SELECT count(*) FROM records WHERE key IS NULL AND told IS NOT '${WITHDRAWAL}'`, 'source records have no paper'],
  [
    `SELECT count(*) FROM records r WHERE told IS NULL
     AND EXISTS (SELECT 1 FROM records o WHERE o.key = r.key AND (o.id <> r.id OR o.source <> r.source))`,
    'source records are not written down, though their paper has others',
  ],
  [
    `SELECT count(*) FROM (
       SELECT 1 FROM paper_ids WHERE scheme IN (${[...IDENTIFYING].map((scheme) => `'${scheme}'`).join(', ')})
       GROUP BY scheme, value HAVING count(DISTINCT key) > 1
       -- More records may tell an id so often that it tells nothing.
       AND sum((SELECT count(*) FROM records r WHERE r.key = paper_ids.key)) <= ${MOST_SHARERS})
     WHERE NOT EXISTS (SELECT 1 FROM decisions WHERE verdict = 'different')`,
    'ids are of several papers that nobody has parted',
  ],
  [orphans('paper_categories'), 'category entries belong to no paper'],
  [
    'SELECT count(*) FROM papers_fts t WHERE NOT EXISTS (SELECT 1 FROM papers p WHERE p.key = t.rowid)',
    'entries of the full-text index belong to no paper',
  ],
  [papersWithout('papers_fts', 'rowid'), 'papers are not in the full-text index'],
  [papersWithout('paper_ids', 'key'), 'papers have no id'],
  [papersWithout('records', 'key'), 'papers have no source record'],
  [
    `SELECT count(*) FROM papers p WHERE EXISTS (
       SELECT 1 FROM json_each(p.categories) c
       WHERE NOT EXISTS (SELECT 1 FROM paper_categories t WHERE t.key = p.key AND t.category = c.value))`,
    'papers are not filed under each of their categories',
  ],
  ['SELECT count(*) FROM papers p JOIN removals r ON r.key = p.key', 'papers count as removed'],
  [
    'SELECT count(*) FROM papers p JOIN removals r ON r.revision = p.revision',
    'papers share a revision with a removed paper',
  ],
  [
    'SELECT count(*) FROM embeddings e WHERE NOT EXISTS (SELECT 1 FROM fingerprints f WHERE f.id = e.fingerprint)',
    'embeddings name no fingerprint',
  ],
  [
    'SELECT count(*) FROM (SELECT 1 FROM embeddings GROUP BY fingerprint HAVING count(DISTINCT length(vector)) > 1)',
    'models have embeddings of more than one length',
  ],
  [
    'SELECT count(*) FROM embeddings WHERE length(rest) * 4 <> length(vector)',
    'embeddings have a rest of another length',
  ],
  [
    'SELECT count(*) FROM sentences s WHERE NOT EXISTS (SELECT 1 FROM embeddings e WHERE e.label = s.label)',
    'sentences belong to no embedding',
  ],
];

interface CheckedRow {
  key: number;
  id: string;
  title: string;
  abstract: string;
  text_hash: Uint8Array;
}

/** What is derived from a paper row and kept beside it must be what it would be derived as now. */
function checkRows(db: Database): string[] {
  const ownIds = db
    .prepare<[string, string, number], number>('SELECT 1 FROM paper_ids WHERE scheme = ? AND value = ? AND key = ?')
    .pluck();
  let unfindable = 0;
  let otherText = 0;
  const rows = db.prepare<[], CheckedRow>('SELECT key, id, title, abstract, text_hash FROM papers');
  for (const { key, id, title, abstract, text_hash } of rows.iterate()) {
    const { scheme, value } = parsePaperId(id);
    if (ownIds.get(scheme, value, key) === undefined) unfindable += 1;
    if (Buffer.compare(text_hash, textHash(title, abstract)) !== 0) otherText += 1;
  }
  return [
    ...(unfindable > 0 ? [`${unfindable} papers are not found by their own id`] : []),
    ...(otherText > 0 ? [`${otherText} papers have another text than the one they are filed under`] : []),
  ];
}

const spelt = (claims: readonly Claim[]): string => claims.map(claimKey).sort().join();

function followsFromRecords({ paper, ids, records }: LoadedPaper): boolean {
  const told = records.map(({ record }) => record);
  const sameIds = spelt(ids) === spelt(claimsOf(told));
  return sameIds && told.some(isPaper) && Buffer.compare(paperHash(paper), paperHash(composePaper(told))) === 0;
}

/** Papers must be what their records make of them. */
function checkRecords(db: Database): string[] {
  const records = new Records(db);
  const keys = db.prepare<[], number>('SELECT DISTINCT key FROM records WHERE key IS NOT NULL').pluck();
  let wrong = 0;
  for (const key of keys.iterate()) {
    const loaded = records.load(key);
    if (loaded && !followsFromRecords(loaded)) wrong += 1;
  }
  return wrong > 0 ? [`${wrong} papers are not what their source records say`] : [];
}

/** What SQLite finds wrong with any database. */
function damageIn(db: Database): string[] {
  const lines = db.prepare<[], string>('PRAGMA integrity_check').pluck().all();
  return lines.filter((line) => line !== 'ok');
}

/** What is wrong with a database whose tables name each other by foreign keys. A busy one throws. */
export function findStrays(db: Database): string[] {
  try {
    const strays = db.prepare<[], { table: string }>('PRAGMA foreign_key_check').all();
    const tables = new Set(strays.map(({ table }) => table));
    return [...damageIn(db), ...Array.from(tables, (table) => `rows of ${table} belong to nothing`)];
  } catch (error) {
    if (isBusy(error)) throw error;
    return [`the database is damaged: ${reasonOf(error)}`];
  }
}

/** What SQLite and the full-text index find wrong with themselves and with each other. A busy database throws. */
export function findProblems(db: Database): string[] {
  const found: string[] = [];
  // A damaged page may make any query fail: that is a finding too, and the other checks go on.
  const attempt = (what: string, check: () => readonly string[]): void => {
    try {
      found.push(...check());
    } catch (error) {
      if (isBusy(error)) throw error;
      found.push(`${what}: ${reasonOf(error)}`);
    }
  };
  attempt('the database is damaged', () => damageIn(db));
  attempt('the full-text index is damaged', () => {
    db.exec("INSERT INTO papers_fts (papers_fts) VALUES ('integrity-check')");
    return [];
  });
  for (const [sql, what] of CHECKS) {
    attempt('a check failed', () => {
      const n = db.prepare<[], number>(sql).pluck().get() ?? 0;
      return n > 0 ? [`${n} ${what}`] : [];
    });
  }
  attempt('the papers cannot be read', () => checkRows(db));
  attempt('the source records cannot be read', () => checkRecords(db));
  return found;
}
