import type { Database } from 'better-sqlite3';

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

interface Totals {
  papers: number;
  withAbstract: number;
  from: number | null;
  to: number | null;
}

const EMPTY_TOTALS: Totals = { papers: 0, withAbstract: 0, from: null, to: null };

const SUGGESTIONS = 50;

function prepare(db: Database) {
  return {
    totals: db.prepare<[], Totals>(
      `SELECT count(*) AS papers, count(nullif(abstract, '')) AS withAbstract, min(year) AS "from", max(year) AS "to"
       FROM papers`,
    ),
    sources: db.prepare<[], NamedCount>(
      `SELECT source AS name, count(DISTINCT key) AS papers FROM records WHERE key IS NOT NULL
       GROUP BY source ORDER BY papers DESC, name`,
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

/** How many papers there are, and of which years, sources, categories and venues. */
export class Counts {
  readonly #statements;

  constructor(db: Database) {
    this.#statements = prepare(db);
  }

  /** `pending`: papers that are not embedded yet. */
  of(pending: number): StoreCounts {
    const { papers, withAbstract, from, to } = this.#statements.totals.get() ?? EMPTY_TOTALS;
    return {
      papers,
      withAbstract,
      embedded: papers - pending,
      years: from === null || to === null ? null : { from, to },
      sources: this.#statements.sources.all(),
      categories: this.#statements.categories.all(SUGGESTIONS),
      venues: this.#statements.venues.all(SUGGESTIONS),
    };
  }
}
