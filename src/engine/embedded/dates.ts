import type { Database } from 'better-sqlite3';
import type { PaperKey } from '../../domain/mod.ts';
import { UNDATED } from '../contract.ts';

const NOT_READ = UNDATED + 1;
const DAY_MS = 86_400_000;

interface DatedRow {
  readonly date: string | null;
  readonly year: number | null;
}

/** Where only the year is known, its middle: half a year off at most. */
function dayOf({ date, year }: DatedRow): number {
  const text = date ?? (year === null ? undefined : `${String(year).padStart(4, '0')}-07-01`);
  const time = text === undefined ? NaN : Date.parse(text);
  return Number.isNaN(time) ? UNDATED : Math.floor(time / DAY_MS);
}

/**
 * Days of publication, read when they are first asked for and kept until their papers change: 3 µs a paper the first
 * time, nothing after that.
 */
export class Dates {
  /** `[keys]` */
  #days = new Int32Array(0);
  readonly #db: Database;
  readonly #read;
  readonly #changed;
  readonly #newest;
  #dataVersion = -1;
  #revision = 0;

  constructor(db: Database) {
    this.#db = db;
    this.#read = db.prepare<[PaperKey], DatedRow>('SELECT date, year FROM papers WHERE key = ?');
    this.#changed = db.prepare<[number], PaperKey>('SELECT key FROM papers WHERE revision > ?').pluck();
    this.#newest = db.prepare<[], number>('SELECT coalesce(max(revision), 0) FROM papers').pluck();
  }

  /** Days since 1970 of each paper, `UNDATED` where it is not known. Same order as `keys`. */
  of(keys: Int32Array): Int32Array {
    this.#forgetChanged();
    return keys.map((key) => {
      if (key >= this.#days.length) this.#grow(key);
      const known = this.#days[key] ?? NOT_READ;
      if (known !== NOT_READ) return known;
      const row = this.#read.get(key);
      const day = row ? dayOf(row) : UNDATED;
      this.#days[key] = day;
      return day;
    });
  }

  #forgetChanged(): void {
    const dataVersion = Number(this.#db.pragma('data_version', { simple: true }));
    if (dataVersion === this.#dataVersion) return;
    this.#dataVersion = dataVersion;
    // Asked before the changes: what is written between the two is then read twice, and not passed unseen.
    const newest = this.#newest.get() ?? 0;
    if (this.#days.length > 0) {
      for (const key of this.#changed.iterate(this.#revision)) if (key < this.#days.length) this.#days[key] = NOT_READ;
    }
    this.#revision = newest;
  }

  #grow(key: PaperKey): void {
    const larger = new Int32Array(Math.max(1024, 2 * key)).fill(NOT_READ);
    larger.set(this.#days);
    this.#days = larger;
  }
}
