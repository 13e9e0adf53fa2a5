import type { Database } from 'better-sqlite3';
import type { PaperKey } from '../domain/mod.ts';

/** What papers are counted by. */
export interface Traits {
  readonly year: number | null;
  readonly venue: string | null;
  readonly categories: readonly string[];
  readonly authors: readonly string[];
  /** Whoever tells of the paper, each in one spelling. */
  readonly sources: readonly string[];
}

interface TraitsRow {
  readonly year: number | null;
  readonly venue: string | null;
  readonly categories: string;
  readonly authors: string;
  readonly sources: string;
}

/** Some 30 MB: about as many papers as a long sitting comes by. */
const HELD = 50_000;

/** Traits of papers, read when they are first asked for and kept until the database changes: 13 µs a paper, then .1 µs. */
export class TraitsOfPapers {
  readonly #db: Database;
  readonly #read;
  readonly #changes;
  readonly #held = new Map<PaperKey, Traits | undefined>();
  /** One string for each value, however many papers have it. */
  readonly #values = new Map<string, string>();
  #state = '';

  constructor(db: Database) {
    this.#db = db;
    this.#read = db.prepare<[PaperKey], TraitsRow>(
      `SELECT year, venue, categories, authors,
         (SELECT json_group_array(source) FROM records WHERE key = papers.key) AS sources
       FROM papers WHERE key = ?`,
    );
    this.#changes = db.prepare<[], number>('SELECT total_changes()').pluck();
  }

  /** `undefined` where there is no such paper. */
  of(keys: Iterable<PaperKey>): (Traits | undefined)[] {
    this.#forgetAfterChanges();
    return Array.from(keys, (key) => {
      if (this.#held.has(key)) return this.#held.get(key);
      const row = this.#read.get(key);
      const traits = row && this.#traitsFrom(row);
      this.#held.set(key, traits);
      return traits;
    });
  }

  #traitsFrom({ year, venue, categories, authors, sources }: TraitsRow): Traits {
    return {
      year,
      venue: venue === null ? null : this.#one(venue),
      categories: this.#list(categories),
      authors: this.#list(authors),
      sources: [...new Map(this.#list(sources).map((source) => [source.toLowerCase(), source])).values()],
    };
  }

  #list(json: string): string[] {
    const parsed: unknown = JSON.parse(json);
    return Array.isArray(parsed) ? parsed.map((value) => this.#one(String(value))) : [];
  }

  #one(value: string): string {
    const known = this.#values.get(value);
    if (known !== undefined) return known;
    this.#values.set(value, value);
    return value;
  }

  /** A source may come to tell of a paper that stays as it is, so that revisions alone would not do. */
  #forgetAfterChanges(): void {
    const state = `${String(this.#db.pragma('data_version', { simple: true }))} ${this.#changes.get() ?? 0}`;
    if (state === this.#state && this.#held.size < HELD) return;
    this.#state = state;
    this.#held.clear();
    this.#values.clear();
  }
}
