import type { Database } from 'better-sqlite3';
import { type Filter, type FilterClause, type HasValue, type PaperKey, parsePaperId } from '../../domain/mod.ts';
import { type Condition, ftsPhrase, phraseCondition, teachTerms } from './phrase.ts';
import { createTokeniser, type Tokeniser } from './tokenise.ts';

/** Papers that a filter lets through. */
export interface AllowedKeys {
  readonly keys: readonly PaperKey[];
  /** 1 at each allowed key; keys beyond its end are not allowed. */
  readonly bitmap: Uint8Array;
}

const HAS: { readonly [value in Exclude<HasValue, 'embedding'>]: string } = {
  abstract: "abstract <> ''",
  doi: "key IN (SELECT key FROM paper_ids WHERE scheme = 'doi')",
  arxiv: "key IN (SELECT key FROM paper_ids WHERE scheme = 'arxiv')",
  url: 'url IS NOT NULL',
  venue: 'venue IS NOT NULL',
  authors: "authors <> '[]'",
  year: 'year IS NOT NULL',
  keywords: "keywords <> '[]'",
  tldr: 'tldr IS NOT NULL',
  withdrawn: 'withdrawn IS NOT NULL',
};

/**
 * A name as FTS5 phrases, for records write it both ways: `Ada Lovelace` and `Lovelace, Ada` each ask for "Ada Lovelace"
 * and "Lovelace Ada". A name of punctuation alone matches nothing.
 */
function namePhrases(name: string): string {
  const words = (text: string): string[] => text.split(/[^\p{L}\p{M}\p{N}]+/u).filter((word) => word !== '');
  const [last = '', first] = name.split(',', 2);
  const inOrder = words(first === undefined ? name : `${first} ${last}`);
  const familyFirst = [...inOrder.slice(-1), ...inOrder.slice(0, -1)];
  return [...new Set([inOrder, familyFirst].map((order) => ftsPhrase(order.join(' '))))].join(' OR ');
}

/** However many values, one parameter: SQLite bounds the number of parameters and the depth of an expression. */
const ANY_OF = '(SELECT value FROM json_each(?))';

/** Joined in halves, so that the expression is as deep as the logarithm of how many there are (SQLite: at most 1,000). */
function allOf(conditions: readonly string[]): string {
  const middle = Math.ceil(conditions.length / 2);
  if (conditions.length <= 1) return conditions[0] ?? '1';
  return `(${allOf(conditions.slice(0, middle))} AND ${allOf(conditions.slice(middle))})`;
}

function conditionOf(clause: FilterClause, fingerprint: number, tokeniser: Tokeniser): Condition {
  switch (clause.kind) {
    case 'not': {
      const inner = conditionOf(clause.clause, fingerprint, tokeniser);
      // coalesce: a paper that lacks the field (NULL) is not one that the clause excludes.
      return { sql: `NOT coalesce((${inner.sql}), 0)`, parameters: inner.parameters };
    }
    case 'year':
      return { sql: 'year BETWEEN ? AND ?', parameters: [clause.from, clause.to] };
    case 'has':
      if (clause.value === 'embedding') {
        const sql = 'text_hash IN (SELECT text_hash FROM embeddings WHERE fingerprint = ?)';
        return { sql, parameters: [fingerprint] };
      }
      return { sql: HAS[clause.value], parameters: [] };
    case 'category': {
      const values = JSON.stringify(clause.values);
      // `cs` stands for the whole archive: cs.CL, cs.IR and so on, which sort between `cs.` and `cs/`.
      return {
        sql: `key IN (
          SELECT key FROM paper_categories WHERE category IN ${ANY_OF}
          UNION ALL
          SELECT c.key FROM json_each(?) v CROSS JOIN paper_categories c
          ON c.category >= v.value || '.' AND c.category < v.value || '/')`,
        parameters: [values, values],
      };
    }
    case 'venue':
      return { sql: `venue IN ${ANY_OF}`, parameters: [JSON.stringify(clause.values)] };
    case 'source':
      return {
        sql: `key IN (SELECT key FROM records WHERE source IN ${ANY_OF} AND key IS NOT NULL)`,
        parameters: [JSON.stringify(clause.values)],
      };
    case 'id': {
      const ids = clause.values.map(parsePaperId).map(({ scheme, value }) => [scheme, value]);
      const sql = `key IN (
        SELECT i.key FROM json_each(?) v CROSS JOIN paper_ids i
        ON i.scheme = v.value ->> 0 AND i.value = v.value ->> 1)`;
      return { sql, parameters: [JSON.stringify(ids)] };
    }
    case 'text':
    case 'title':
      return phraseCondition(clause, tokeniser);
    case 'author':
      break;
  }
  if (clause.values.length === 0) return { sql: '0', parameters: [] };
  return {
    sql: 'key IN (SELECT rowid FROM papers_fts WHERE papers_fts MATCH ?)',
    parameters: [`authors : (${clause.values.map(namePhrases).join(' OR ')})`],
  };
}

// A reader changes the query more often than the filter; a bitmap is a byte a paper.
const CACHED = 16;

/** Filters as sets of papers, kept until the database changes. */
export class FilterCache {
  readonly #db: Database;
  readonly #fingerprint: number;
  readonly #tokeniser: Tokeniser;
  readonly #cache = new Map<string, AllowedKeys>();
  #dataVersion = -1;

  constructor(db: Database, fingerprint: number, tokeniser = createTokeniser()) {
    this.#db = db;
    this.#fingerprint = fingerprint;
    this.#tokeniser = tokeniser;
    teachTerms(db, tokeniser);
  }

  /** `undefined`: everything is allowed. */
  allowed(filter: Filter): AllowedKeys | undefined {
    if (filter.clauses.length === 0) return undefined;
    const dataVersion = Number(this.#db.pragma('data_version', { simple: true }));
    if (dataVersion !== this.#dataVersion) {
      this.#cache.clear();
      this.#dataVersion = dataVersion;
    }
    // Not as people write it: clauses without values have no spelling, and would all be one.
    const name = JSON.stringify(filter.clauses);
    const held = this.#cache.get(name);
    if (held) return held;
    const found = this.#select(filter);
    const oldest = this.#cache.keys().next();
    if (this.#cache.size >= CACHED && !oldest.done) this.#cache.delete(oldest.value);
    this.#cache.set(name, found);
    return found;
  }

  #select(filter: Filter): AllowedKeys {
    const conditions = filter.clauses.map((clause) => conditionOf(clause, this.#fingerprint, this.#tokeniser));
    const keys = this.#db
      .prepare<unknown[], number>(
        `SELECT key FROM papers WHERE ${allOf(conditions.map(({ sql }) => `(${sql})`))} ORDER BY key`,
      )
      .pluck()
      .all(...conditions.flatMap(({ parameters }) => parameters));
    const bitmap = new Uint8Array((keys.at(-1) ?? -1) + 1);
    for (const key of keys) bitmap[key] = 1;
    return { keys, bitmap };
  }
}
