import { createHash, randomBytes } from 'node:crypto';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import type { Database } from 'better-sqlite3';
import type { FeedUrl, Person, PersonExport } from '../domain/mod.ts';
import { AppError } from '../errors.ts';
import { openDatabase } from './database.ts';
import { feedUrlOf, FeedUrls } from './feed-urls.ts';
import { PEOPLE } from './migrations.ts';
import { Outbox } from './outbox.ts';
import { findStrays } from './problems.ts';
import { Signals } from './signals.ts';

export const PEOPLE_NAME = 'people.db';
/** What the person is called that there is from the start. */
export const DEFAULT_PERSON = 'me';

const TOKEN_BYTES = 32;
export const TOKEN_PREFIX = 'paperkin_';
const NAME = /^[\p{L}\p{N}][\p{L}\p{N} ._@+-]{0,63}$/u;

interface PersonRow {
  id: number;
  name: string;
  is_default: number;
  has_token: number;
  created_at: string;
}

const personFrom = (row: PersonRow): Person => ({
  id: row.id,
  name: row.name,
  isDefault: row.is_default === 1,
  hasToken: row.has_token === 1,
  createdAt: row.created_at,
});

const hashOf = (token: string): Buffer => createHash('sha256').update(token).digest();
const now = (): string => new Date().toISOString();

function prepare(db: Database) {
  const columns = 'id, name, is_default, token_hash IS NOT NULL AS has_token, created_at';
  return {
    all: db.prepare<[], PersonRow>(`SELECT ${columns} FROM persons ORDER BY is_default DESC, name`),
    named: db.prepare<[string], PersonRow>(`SELECT ${columns} FROM persons WHERE name = ?`),
    default: db.prepare<[], PersonRow>(`SELECT ${columns} FROM persons WHERE is_default`),
    withToken: db.prepare<[Buffer], PersonRow>(`SELECT ${columns} FROM persons WHERE token_hash = ?`),
    withId: db.prepare<[number], PersonRow>(`SELECT ${columns} FROM persons WHERE id = ?`),
    add: db.prepare('INSERT INTO persons (name, is_default, created_at) VALUES (?, ?, ?)'),
    setToken: db.prepare('UPDATE persons SET token_hash = ? WHERE id = ?'),
    remove: db.prepare('DELETE FROM persons WHERE id = ?'),
    savesBetween: db.prepare<[string, string], { paper: string; savedAt: string; thatDay: number }>(
      `SELECT paper, saved_at AS savedAt, count(*) OVER (PARTITION BY person, substr(saved_at, 1, 10)) AS thatDay
       FROM saved WHERE saved_at BETWEEN ? AND ? ORDER BY saved_at, paper`,
    ),
    lastSaved: db.prepare<[string], string | null>('SELECT max(saved_at) FROM saved WHERE saved_at < ?').pluck(),
    nextSaved: db.prepare<[string], string | null>('SELECT min(saved_at) FROM saved WHERE saved_at > ?').pluck(),
    secret: db.prepare<[string], Buffer>('SELECT secret FROM secrets WHERE name = ?').pluck(),
    putSecret: db.prepare('INSERT OR IGNORE INTO secrets (name, secret) VALUES (?, ?)'),
  };
}

/** Whoever reads here and what they have said, in one SQLite file beside the papers. */
export class People {
  readonly #db: Database;
  readonly #statements;

  private constructor(db: Database) {
    this.#db = db;
    // What is erased is overwritten, and not just taken off the index.
    db.pragma('secure_delete = ON');
    this.#statements = prepare(db);
    if (!this.#statements.default.get()) this.#statements.add.run(DEFAULT_PERSON, 1, now());
  }

  /** Makes the file where it is missing. Throws WORKSPACE_TOO_NEW, WORKSPACE_LOCKED or WORKSPACE_CORRUPT. */
  static open(workspace: string): People {
    return new People(openDatabase(join(workspace, PEOPLE_NAME), PEOPLE, { create: true }));
  }

  /** As `open`, where there is such a file already. */
  static openIfThere(workspace: string): People | undefined {
    return existsSync(join(workspace, PEOPLE_NAME)) ? People.open(workspace) : undefined;
  }

  close(): void {
    this.#db.close();
  }

  /** The default person first, then by name. */
  persons(): Person[] {
    return this.#statements.all.all().map(personFrom);
  }

  /** By name in any case of letters; the default person for no name. Throws PERSON_NOT_FOUND. */
  person(name?: string): Person {
    const row = name === undefined ? this.#statements.default.get() : this.#statements.named.get(name.trim());
    if (!row) throw new AppError('PERSON_NOT_FOUND', { person: name });
    return personFrom(row);
  }

  /** Whom an id is of; `undefined` once erased. */
  personWithId(id: number): Person | undefined {
    const row = this.#statements.withId.get(id);
    return row && personFrom(row);
  }

  /** Whom a token speaks for. */
  personOf(token: string): Person | undefined {
    const row = this.#statements.withToken.get(hashOf(token));
    return row && personFrom(row);
  }

  /** Adds a person and gives the token that speaks for them, which is kept nowhere. Throws USAGE for a name that cannot be. */
  add(name: string): { readonly person: Person; readonly token: string } {
    const wanted = name.trim();
    if (!NAME.test(wanted)) {
      const message = `a person's name has letters, digits, blanks and . _ @ + -, at most 64 in all, not "${wanted}"`;
      throw new AppError('USAGE', { message });
    }
    return this.#atOnce(() => {
      if (this.#statements.named.get(wanted)) {
        throw new AppError('USAGE', { message: `there is a person called ${wanted} already` });
      }
      this.#statements.add.run(wanted, 0, now());
      return { person: this.person(wanted), token: this.renewToken(this.person(wanted)) };
    });
  }

  /** A new token; the old one speaks for nobody any more. */
  renewToken({ id }: Person): string {
    const token = TOKEN_PREFIX + randomBytes(TOKEN_BYTES).toString('base64url');
    this.#statements.setToken.run(hashOf(token), id);
    return token;
  }

  /** `false` where no token spoke for the person. */
  revokeToken({ id, hasToken }: Person): boolean {
    this.#statements.setToken.run(null, id);
    return hasToken;
  }

  /** What a person has said and been shown. */
  signals({ id }: Pick<Person, 'id'>): Signals {
    return new Signals(this.#db, id);
  }

  /** The mails of a person. */
  outbox({ id }: Pick<Person, 'id'>, clock = (): Date => new Date()): Outbox {
    return new Outbox(this.#db, id, clock);
  }

  /** The web feeds of a person. */
  feedUrls({ id }: Pick<Person, 'id'>): FeedUrls {
    return new FeedUrls(this.#db, id);
  }

  /** The web feed that a secret opens. */
  feedUrlOf(secret: string): { readonly person: Person; readonly url: FeedUrl } | undefined {
    const found = feedUrlOf(this.#db, secret);
    const person = found && this.personWithId(found.person);
    return person && { person, url: found.url };
  }

  /** Everything kept of a person. `titleOf`: of a paper, by its id. */
  export(person: Person, titleOf: (id: string) => string | null): PersonExport {
    const signals = this.signals(person);
    const feedUrls = this.feedUrls(person);
    return this.#atOnce(() => ({
      person: { name: person.name, createdAt: person.createdAt },
      exportedAt: now(),
      library: signals.library().map((saved) => ({ ...saved, title: titleOf(saved.paper) })),
      interests: signals.interests({ deleted: true }),
      feedback: signals.feedback(),
      hidden: signals.hidden(),
      impressions: signals.impressions(),
      settings: signals.settings(),
      digests: this.outbox(person).list(),
      feedUrls: feedUrls.list().map((url) => ({
        ...url,
        delivered: feedUrls.delivered(url.id).map(({ paper, at }) => ({ paper, at })),
      })),
    }));
  }

  /** Removes a person and all that was kept of them, from the file itself too. The default one begins anew, with nothing. */
  erase(person: Person): void {
    this.#atOnce(() => {
      this.#statements.remove.run(person.id);
      if (person.isDefault) this.#statements.add.run(person.name, 1, now());
    });
    this.#db.exec('VACUUM');
    // What is in the log is there in the clear until it is written over.
    this.#db.pragma('wal_checkpoint(TRUNCATE)');
  }

  /**
   * Papers that anyone saved from one instant to another, with when, and how many the same person saved that day: by whom is not
   * told.
   */
  savesBetween(
    from: string,
    to: string,
  ): { readonly paper: string; readonly savedAt: string; readonly thatDay: number }[] {
    return this.#statements.savesBetween.all(from, to);
  }

  /** The last day up to this one, `YYYY-MM-DD`, on which anybody saved a paper. */
  lastSaved(day: string): string | undefined {
    return this.#statements.lastSaved.get(`${day}U`)?.slice(0, 10);
  }

  /** The first day after this one on which anybody saved a paper. */
  nextSaved(day: string): string | undefined {
    return this.#statements.nextSaved.get(`${day}U`)?.slice(0, 10);
  }

  /** A secret of this workspace, made on first use. */
  secret(name: string): Buffer {
    this.#statements.putSecret.run(name, randomBytes(TOKEN_BYTES));
    const secret = this.#statements.secret.get(name);
    if (!secret) throw new Error(`the secret ${name} was not stored`);
    return secret;
  }

  /** What is wrong with the file in itself and between its tables; empty when sound. */
  problems(): string[] {
    return findStrays(this.#db);
  }

  #atOnce<T>(work: () => T): T {
    return this.#db.inTransaction ? work() : this.#db.transaction(work).immediate();
  }
}
