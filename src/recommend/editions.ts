import { randomUUID } from 'node:crypto';
import { AppError } from '../errors.ts';
import type { Item } from './exploration.ts';
import type { Learned } from './profile.ts';

/** A feed as it was made, page by page, so that paging neither repeats nor skips anything whatever comes meanwhile. */
export interface Edition {
  /** Whose. */
  readonly person: number;
  readonly madeAt: Date;
  readonly learned: Learned;
  readonly pages: readonly (readonly Item[])[];
  readonly why: string | null;
}

/** Feeds that can be paged through, and for how long: a sitting. */
const MOST = 100;
const KEPT_MS = 3_600_000;

/** The feeds that were made of late. */
export class Editions {
  readonly #kept = new Map<string, Edition>();

  /** Keeps one, in the place of the oldest where there are too many; its name. */
  keep(edition: Edition): string {
    const name = randomUUID();
    this.#kept.set(name, edition);
    for (const old of [...this.#kept.keys()].slice(0, Math.max(0, this.#kept.size - MOST))) this.#kept.delete(old);
    return name;
  }

  /** What the cursor of a person's page points to. Throws FEED_EXPIRED, also for a cursor of somebody else's feed. */
  at(
    cursor: string,
    person: number,
    now: Date,
  ): { readonly name: string; readonly edition: Edition; readonly page: number } {
    const [, name = '', page = ''] = /^([^.]+)\.(\d{1,3})$/.exec(cursor) ?? [];
    const edition = this.#kept.get(name);
    const isKept = edition !== undefined && now.getTime() - edition.madeAt.getTime() < KEPT_MS;
    if (!isKept || edition.person !== person || Number(page) >= edition.pages.length) {
      throw new AppError('FEED_EXPIRED');
    }
    return { name, edition, page: Number(page) };
  }

  static cursor(name: string, page: number): string {
    return `${name}.${page}`;
  }
}
