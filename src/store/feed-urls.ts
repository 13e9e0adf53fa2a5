import { createHash, randomBytes } from 'node:crypto';
import type { Database } from 'better-sqlite3';
import { type Delivered, type FeedItem, type FeedUrl, PERSON_LIMITS } from '../domain/mod.ts';
import { atMost } from './limits.ts';

const SECRET_BYTES = 32;
/** Entries a web feed shows. Readers poll at least once in some days, and a batch is a dozen. */
const KEPT_ENTRIES = 60;

interface FeedUrlRow {
  id: number;
  topic: number | null;
  createdAt: string;
  readAt: string | null;
}

const columns = 'id, topic, created_at AS createdAt, read_at AS readAt';

function prepare(db: Database) {
  return {
    withSecret: db.prepare<[Buffer], FeedUrlRow & { person: number }>(
      `SELECT ${columns}, person FROM feed_urls WHERE secret_hash = ?`,
    ),
    list: db.prepare<[number], FeedUrlRow>(`SELECT ${columns} FROM feed_urls WHERE person = ? ORDER BY id`),
    add: db.prepare('INSERT INTO feed_urls (person, topic, secret_hash, created_at) VALUES (?, ?, ?, ?)'),
    revoke: db.prepare('DELETE FROM feed_urls WHERE person = ? AND id = ?'),
    filled: db.prepare<[number, number], { at: string | null; state: string | null }>(
      'SELECT filled_at AS at, filled_for AS state FROM feed_urls WHERE person = ? AND id = ?',
    ),
    fill: db.prepare('UPDATE feed_urls SET filled_at = ?, filled_for = ? WHERE person = ? AND id = ?'),
    read: db.prepare('UPDATE feed_urls SET read_at = ? WHERE person = ? AND id = ?'),
    delivered: db.prepare<[number, number], { paper: string; at: string; item: string }>(
      `SELECT d.paper, d.at, d.item FROM delivered d JOIN feed_urls u ON u.id = d.url
       WHERE u.person = ? AND u.id = ? ORDER BY d.at DESC, d.place`,
    ),
    deliver: db.prepare('INSERT OR IGNORE INTO delivered (url, paper, at, place, item) VALUES (?, ?, ?, ?, ?)'),
    forget: db.prepare(
      `DELETE FROM delivered WHERE url = ? AND paper NOT IN
         (SELECT paper FROM delivered WHERE url = ? ORDER BY at DESC, place LIMIT ${KEPT_ENTRIES})`,
    ),
  };
}

const prepared = new WeakMap<Database, ReturnType<typeof prepare>>();

function statementsOf(db: Database): ReturnType<typeof prepare> {
  const known = prepared.get(db) ?? prepare(db);
  prepared.set(db, known);
  return known;
}

const now = (): string => new Date().toISOString();
const hashOf = (secret: string): Buffer => createHash('sha256').update(secret).digest();

/**
 * Whose web feed a secret opens. Looked up by its hash, so how long it takes tells nothing of how near a guess was: a guess
 * that is nearly right has quite another hash.
 */
export function feedUrlOf(
  db: Database,
  secret: string,
): { readonly person: number; readonly url: FeedUrl } | undefined {
  const row = statementsOf(db).withSecret.get(hashOf(secret));
  if (!row) return undefined;
  const { person, ...url } = row;
  return { person, url };
}

/** The web feeds of one person, and what each has shown. */
export class FeedUrls {
  readonly #person: number;
  readonly #statements: ReturnType<typeof prepare>;

  constructor(db: Database, person: number) {
    this.#person = person;
    this.#statements = statementsOf(db);
  }

  list(): FeedUrl[] {
    return this.#statements.list.all(this.#person);
  }

  /** A new one, with the secret that opens it. Throws LIMIT_REACHED. */
  add(topic: number | null): { readonly url: FeedUrl; readonly secret: string } {
    atMost(PERSON_LIMITS.webFeeds, this.list().length + 1, 'web feeds');
    const secret = randomBytes(SECRET_BYTES).toString('base64url');
    const createdAt = now();
    const { lastInsertRowid } = this.#statements.add.run(this.#person, topic, hashOf(secret), createdAt);
    return { url: { id: Number(lastInsertRowid), topic, createdAt, readAt: null }, secret };
  }

  /** `false` where there is none of that number. */
  revoke(id: number): boolean {
    return this.#statements.revoke.run(this.#person, id).changes > 0;
  }

  /** When papers were last looked for, and the state of the papers then. */
  filled(id: number): { readonly at: string | null; readonly state: string | null } {
    return this.#statements.filled.get(this.#person, id) ?? { at: null, state: null };
  }

  /** What it shows, the latest first. */
  delivered(id: number): Delivered[] {
    return this.#statements.delivered.all(this.#person, id).map(({ item, ...row }) => {
      // Written by `deliver`, and by nothing else.
      const parsed: FeedItem = JSON.parse(item);
      return { ...row, item: parsed };
    });
  }

  /** Adds a batch, and forgets what is no longer shown. Call inside a transaction. Returns the papers that are new in it. */
  deliver(id: number, batch: readonly Delivered[], filled: { readonly at: string; readonly state: string }): string[] {
    const added: string[] = [];
    for (const [place, { paper, at, item }] of batch.entries()) {
      if (this.#statements.deliver.run(id, paper, at, place, JSON.stringify(item)).changes > 0) added.push(paper);
    }
    this.#statements.forget.run(id, id);
    this.#statements.fill.run(filled.at, filled.state, this.#person, id);
    return added;
  }

  markRead(id: number): void {
    this.#statements.read.run(now(), this.#person, id);
  }
}
