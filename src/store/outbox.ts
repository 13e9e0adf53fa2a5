import type { Database } from 'better-sqlite3';
import * as z from 'zod';
import type { Digest, DigestState } from '../domain/mod.ts';

const Papers = z.array(z.string());

interface DigestRow {
  period: string;
  state: DigestState;
  address: string;
  papers: string;
  attempts: number;
  next_try: string | null;
  bounced: number;
  reason: string | null;
  changed_at: string;
}

/** What came of handing a digest to the mail server, or of looking for papers. */
export interface DigestOutcome {
  readonly state: Exclude<DigestState, 'sending'>;
  readonly reason?: string;
  readonly nextTry?: string;
  readonly bounced?: boolean;
}

function prepare(db: Database) {
  const columns = 'period, state, address, papers, attempts, next_try, bounced, reason, changed_at';
  return {
    list: db.prepare<[number], DigestRow>(
      `SELECT ${columns} FROM outbox WHERE person = ? ORDER BY changed_at DESC, period DESC`,
    ),
    find: db.prepare<[number, string], DigestRow>(`SELECT ${columns} FROM outbox WHERE person = ? AND period = ?`),
    // What was handed over, or has come to an end, is never begun again.
    begin: db.prepare(
      `INSERT INTO outbox (person, period, state, address, papers, attempts, bounced, changed_at)
       VALUES (?, ?, 'sending', ?, ?, 1, 0, ?)
       ON CONFLICT DO UPDATE SET state = 'sending', address = excluded.address, papers = excluded.papers,
         attempts = attempts + 1, next_try = NULL, reason = NULL, changed_at = excluded.changed_at
       WHERE state = 'ready'`,
    ),
    settle: db.prepare(
      `UPDATE outbox SET state = ?, reason = ?, next_try = ?, bounced = ?, changed_at = ?
       WHERE person = ? AND period = ? AND state = 'sending'`,
    ),
    conclude: db.prepare(
      `INSERT INTO outbox (person, period, state, address, papers, attempts, bounced, reason, changed_at)
       VALUES (?, ?, ?, ?, '[]', 0, 0, ?, ?)
       ON CONFLICT DO UPDATE SET state = excluded.state, reason = excluded.reason, next_try = NULL,
         papers = '[]', changed_at = excluded.changed_at
       WHERE state = 'ready'`,
    ),
    giveUp: db.prepare(
      `UPDATE outbox SET state = 'failed', next_try = NULL, changed_at = ?, reason = 'the next one was due; ' || reason
       WHERE person = ? AND period <> ? AND state = 'ready'`,
    ),
    interrupted: db.prepare(
      `UPDATE outbox SET state = 'uncertain', changed_at = ?,
         reason = 'the program ended while it was being sent, so it may have arrived'
       WHERE person = ? AND state = 'sending'`,
    ),
  };
}

const prepared = new WeakMap<Database, ReturnType<typeof prepare>>();

/** The digests of one person, one row a period: what is sent is written down before it is sent, and what came of it after. */
export class Outbox {
  readonly #person: number;
  readonly #clock: () => Date;
  readonly #statements: ReturnType<typeof prepare>;

  constructor(db: Database, person: number, clock: () => Date) {
    this.#person = person;
    this.#clock = clock;
    this.#statements = prepared.get(db) ?? prepare(db);
    prepared.set(db, this.#statements);
  }

  /** The latest first. */
  list(): Digest[] {
    return this.#statements.list.all(this.#person).map(digestFrom);
  }

  find(period: string): Digest | undefined {
    const row = this.#statements.find.get(this.#person, period);
    return row && digestFrom(row);
  }

  /** Durable before it returns. `false` where the digest was begun before and is not to be tried again. */
  begin(period: string, address: string, papers: readonly string[]): boolean {
    return this.#statements.begin.run(this.#person, period, address, JSON.stringify(papers), this.#now()).changes > 0;
  }

  /** What came of a digest that was begun. */
  settle(period: string, { state, reason, nextTry, bounced = false }: DigestOutcome): void {
    const row = [state, reason ?? null, nextTry ?? null, Number(bounced), this.#now()] as const;
    this.#statements.settle.run(...row, this.#person, period);
  }

  /** A digest that ends without having been begun (again). */
  conclude(period: string, address: string, state: 'empty' | 'failed', reason: string): void {
    this.#statements.conclude.run(this.#person, period, state, address, reason, this.#now());
  }

  /** What waited for another try when the next one is due comes too late. */
  giveUpBefore(period: string): void {
    this.#statements.giveUp.run(this.#now(), this.#person, period);
  }

  /** Call with the digests' lock only: whoever began these is gone. */
  markInterrupted(): void {
    this.#statements.interrupted.run(this.#now(), this.#person);
  }

  #now(): string {
    return this.#clock().toISOString();
  }
}

function digestFrom({ papers, next_try: nextTry, bounced, changed_at: changedAt, ...row }: DigestRow): Digest {
  return { ...row, papers: Papers.parse(JSON.parse(papers)), nextTry, bounced: bounced === 1, changedAt };
}
