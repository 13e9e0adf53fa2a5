import type { Database } from 'better-sqlite3';
import { formatPaperId, type Paper, type PaperKey, parsePaperId, titleKey } from '../domain/mod.ts';
import { AppError } from '../errors.ts';
import { paperHash, WITHDRAWAL_HASH } from './hashes.ts';
import { type Decision, linkRecords, type Verdict, VERDICTS } from './link.ts';
import { composePaper, correctRecord, isOlder } from './merge.ts';
import type { LoadedPaper, Records, StoredRecord } from './records.ts';
import { columnsOf } from './rows.ts';
import {
  type Claim,
  claimKey,
  claimsOf,
  idOf,
  isPaper,
  nameOf,
  normalRecord,
  type SourceRecord,
  writeTold,
} from './source-record.ts';

export type Outcome = 'added' | 'updated' | 'unchanged' | 'merged';

// Between authors in the full-text row, so that no phrase runs from one name into the next.
const AUTHOR_BREAK = ' qzxbreak ';

export const LAST_REVISION =
  'SELECT max(coalesce((SELECT max(revision) FROM papers), 0), coalesce((SELECT max(revision) FROM removals), 0))';

const NO_PAPER: Paper = { id: '', ids: {}, title: '', abstract: '', authors: [], categories: [], keywords: [] };

const equalHashes = (a: Uint8Array, b: Uint8Array): boolean => Buffer.compare(a, b) === 0;
const samePaper = (a: Paper, b: Paper): boolean => equalHashes(paperHash(a), paperHash(b));

function sameRecord(a: SourceRecord, b: SourceRecord): boolean {
  if (a.source !== b.source) return false;
  return isPaper(a) && isPaper(b) ? samePaper(a.paper, b.paper) : isPaper(a) === isPaper(b);
}

/** Everything that a change may touch: whole papers with their records. */
interface Gathering {
  readonly papers: ReadonlyMap<PaperKey, LoadedPaper>;
  readonly records: readonly StoredRecord[];
  readonly decisions: readonly Decision[];
}

/** One paper as its records make it. */
interface Composition {
  readonly records: readonly StoredRecord[];
  readonly paper: Paper;
  /** Papers that its records were of, by rising key. */
  readonly formerKeys: readonly PaperKey[];
}

/** A composition as it was stored. */
interface Stored extends Composition {
  readonly key: PaperKey;
  /** What its paper was called before. */
  readonly formerId: string | undefined;
  readonly changed: boolean;
}

function prepare(db: Database) {
  const names = Object.keys(columnsOf(NO_PAPER));
  return {
    lastRevision: db.prepare(LAST_REVISION).pluck(),
    putRecord: db.prepare(
      'INSERT OR REPLACE INTO records (id, source, key, hash, title_key, told) VALUES (?, ?, ?, ?, ?, ?)',
    ),
    insert: db.prepare(
      `INSERT INTO papers (revision, ${names.join(', ')}) VALUES (@revision, ${names.map((name) => `@${name}`).join(', ')})`,
    ),
    update: db.prepare(
      `UPDATE papers SET revision = @revision, ${names.map((name) => `${name} = @${name}`).join(', ')} WHERE key = @key`,
    ),
    putId: db.prepare('INSERT INTO paper_ids (scheme, value, key, source) VALUES (?, ?, ?, ?)'),
    dropId: db.prepare('DELETE FROM paper_ids WHERE scheme = ? AND value = ? AND key = ? AND source = ?'),
    dropIds: db.prepare('DELETE FROM paper_ids WHERE key = ?'),
    putCategory: db.prepare('INSERT OR IGNORE INTO paper_categories (category, key) VALUES (?, ?)'),
    dropCategories: db.prepare('DELETE FROM paper_categories WHERE key = ?'),
    putText: db.prepare(
      'INSERT OR REPLACE INTO papers_fts (rowid, title, abstract, authors, venue) VALUES (?, ?, ?, ?, ?)',
    ),
    dropText: db.prepare('DELETE FROM papers_fts WHERE rowid = ?'),
    dropPaper: db.prepare('DELETE FROM papers WHERE key = ?'),
    putRemoval: db.prepare('INSERT INTO removals (key, revision) VALUES (?, ?)'),
    decision: db.prepare<[string, string], Verdict>('SELECT verdict FROM decisions WHERE a = ? AND b = ?').pluck(),
    putDecision: db.prepare('INSERT OR REPLACE INTO decisions (a, b, verdict) VALUES (?, ?, ?)'),
    dropDecision: db.prepare('DELETE FROM decisions WHERE a = ? AND b = ? AND verdict = ?'),
  };
}

/**
 * Keeps the papers what the records make of them. What is stored follows from the records and decisions alone, in whatever
 * order they came; only keys and revisions tell of the order.
 */
export class PaperWriter {
  readonly #records: Records;
  readonly #statements: ReturnType<typeof prepare>;
  #revision = 0;

  constructor(db: Database, records: Records) {
    this.#records = records;
    this.#statements = prepare(db);
  }

  /** Must be called inside a transaction; the outcomes are in the order of the records. */
  write(records: readonly SourceRecord[]): Outcome[] {
    this.#revision = Number(this.#statements.lastRevision.get());
    return records.map((record) => this.#writeOne(normalRecord(record)));
  }

  /**
   * Settles whether two papers, each named by any of its ids, are one; at once and for records yet to come. Must be called
   * inside a transaction. Throws PAPER_NOT_FOUND, and USAGE where one record alone is to be parted from itself.
   */
  decide(idA: string, idB: string, verdict: Verdict): void {
    this.#revision = Number(this.#statements.lastRevision.get());
    const [one, other] = [this.#resolve(idA), this.#resolve(idB)];
    const [a, b] = pair(one.name, other.name);
    if (a === b) {
      if (verdict === 'same') return;
      throw new AppError('USAGE', { message: `${idA} and ${idB} name the same record (${a}); it cannot be parted` });
    }
    if (verdict === 'same') {
      // Said of the papers: what keeps any record of the one from any of the other would keep these apart as well.
      for (const x of this.#namesOf(one.key)) {
        for (const y of this.#namesOf(other.key)) this.#statements.dropDecision.run(...pair(x, y), 'different');
      }
    }
    if (this.#statements.decision.get(a, b) !== verdict) this.#statements.putDecision.run(a, b, verdict);
    this.#settle(this.#gather([one.key, other.key]));
  }

  /** Takes back what was settled between two papers, or two records of one. As `decide` otherwise. */
  undecide(idA: string, idB: string): void {
    this.#revision = Number(this.#statements.lastRevision.get());
    const [one, other] = [this.#resolve(idA), this.#resolve(idB)];
    const [a, b] = pair(one.name, other.name);
    for (const verdict of VERDICTS) this.#statements.dropDecision.run(a, b, verdict);
    this.#settle(this.#gather([one.key, other.key]));
  }

  /** What was settled between any record of the one paper and any of the other. */
  decisionBetween(keyA: PaperKey, keyB: PaperKey): Verdict | undefined {
    const others = this.#namesOf(keyB);
    for (const name of this.#namesOf(keyA)) {
      for (const other of others) {
        const verdict = this.#statements.decision.get(...pair(name, other));
        if (verdict !== undefined) return verdict;
      }
    }
    return undefined;
  }

  #namesOf(key: PaperKey): string[] {
    return [...new Set(this.#records.load(key)?.records.map(({ name }) => name))];
  }

  /** The paper that a user names, and the record of it with that very id, else the first that tells the id. */
  #resolve(text: string): { readonly key: PaperKey; readonly name: string } {
    const key = this.#records.find(text);
    const loaded = key === undefined ? undefined : this.#records.load(key);
    if (key === undefined || !loaded) throw new AppError('PAPER_NOT_FOUND', { id: text });
    const id = parsePaperId(text);
    const spelt = text.trim().toLowerCase();
    const records = loaded.records.filter(({ record }) => isPaper(record));
    const isCalled = (record: StoredRecord): boolean =>
      record.name === formatPaperId(id) || `${record.record.source}:${record.id}`.toLowerCase() === spelt;
    const tells = ({ claims }: StoredRecord): boolean =>
      claims.some(
        ({ scheme, value, source }) =>
          (scheme === id.scheme && value === id.value) ||
          (scheme === 'local' && `${source}:${value}`.toLowerCase() === spelt),
      );
    const found =
      records.find(isCalled) ??
      records.find((record) => record.id === id.value) ??
      records.find((record) => record.id === loaded.paper.id && tells(record)) ??
      records.find(tells);
    if (!found) throw new Error(`paper ${key} is called ${text} by none of its records`);
    return { key, name: found.name };
  }

  #writeOne(told: SourceRecord): Outcome {
    const id = idOf(told);
    const hash = isPaper(told) ? paperHash(told.paper) : WITHDRAWAL_HASH;
    const heldHash = this.#records.hash(id, told.source);
    if (heldHash && equalHashes(heldHash, hash)) return 'unchanged';
    const held = heldHash && this.#records.record(id, told.source);
    const record = held ? correctRecord(held.record, told) : told;
    const next: StoredRecord = {
      id,
      key: held?.key ?? null,
      // What an older version says is not what stands: the hash stays that of what does.
      hash: held && isOlder(told, held.record) ? held.hash : hash,
      isRow: false,
      record,
      name: nameOf(record),
      claims: claimsOf([record]),
      titleKey: isPaper(record) ? titleKey(record.paper.title) : '',
    };
    if (held && sameRecord(held.record, record)) {
      if (!equalHashes(held.hash, next.hash)) this.#putRecord(next, held.key, held.isRow);
      return 'unchanged';
    }
    const hasTitle = held?.titleKey === next.titleKey;
    const { keys, lone, decisions } = this.#records.around(next, hasTitle ? 'has' : 'gains', held?.claims);
    if (!held && keys.size === 0 && lone.length === 0) return this.#writeAlone(next);
    const seeds = [held?.key ?? [], ...keys, hasTitle || !held ? [] : this.#records.withTitle(held, 'loses')].flat();
    // Before anything is linked, so that what stays where it is need not be written again.
    this.#putRecord(next, next.key, false);
    const stored = this.#settle(this.#gather(seeds, { next, lone, decisions }));
    return outcomeOf(next, held !== undefined, stored);
  }

  /** A record that has to do with nothing known: nearly all of a first import. */
  #writeAlone(record: StoredRecord): Outcome {
    if (!isPaper(record.record)) {
      this.#putRecord(record, null, false);
      return 'unchanged';
    }
    const key = this.#insert(record.record.paper);
    this.#putIds(key, record.claims);
    this.#putRecord(record, key, true);
    return 'added';
  }

  /**
   * The papers with these keys, and every other that the outcome may depend on: links that a decision keeps from joining
   * two papers must be followed, for what is joined on one side may come to be joined on the other.
   */
  #gather(
    seeds: Iterable<PaperKey>,
    changed?: {
      readonly next: StoredRecord;
      readonly lone: readonly StoredRecord[];
      readonly decisions: readonly Decision[];
    },
  ): Gathering {
    const papers = new Map<PaperKey, LoadedPaper>();
    const records = new Map<string, StoredRecord>();
    const decisions: Decision[] = [...(changed?.decisions ?? [])];
    const put = (record: StoredRecord): unknown => records.set(recordKey(record), record);
    const queue = new Set(seeds);
    for (const key of queue) {
      const loaded = this.#records.load(key);
      if (!loaded) throw new Error(`ids or records name paper ${key}, which is not there`);
      papers.set(key, loaded);
      loaded.records.forEach(put);
      const settled = loaded.records.flatMap(({ name }) => this.#records.decisionsOf(name));
      decisions.push(...settled);
      if (settled.length === 0) continue;
      for (const record of loaded.records) {
        const around = this.#records.around(record, 'has');
        around.keys.forEach((near) => queue.add(near));
        around.lone.forEach(put);
      }
    }
    changed?.lone.forEach(put);
    if (changed) put(changed.next);
    return { papers, records: [...records.values()], decisions };
  }

  /** Makes papers of the records anew, and stores what has changed by it. */
  #settle({ papers, records, decisions }: Gathering): Stored[] {
    const gathered = new Set(papers.keys());
    const groups = linkRecords(records, decisions, {
      title: (titleKey) => this.#records.isCommon(titleKey),
      id: (claim, sharers) => this.#records.isCommonId(claim, sharers, gathered),
    });
    const compositions = groups
      .filter((group) => group.some(({ record }) => isPaper(record)))
      .map((group): Composition => {
        const formerKeys = [...new Set(group.flatMap(({ key }) => key ?? []))].sort((a, b) => a - b);
        return { records: group, paper: composePaper(group.map(({ record }) => record)), formerKeys };
      })
      .sort((a, b) => (a.formerKeys[0] ?? Infinity) - (b.formerKeys[0] ?? Infinity) || 0);
    const taken = new Set<PaperKey>();
    const stored = compositions.map((composition): Stored => {
      const former = composition.formerKeys.find((key) => !taken.has(key));
      const key = former ?? this.#insert(composition.paper);
      taken.add(key);
      const held = former === undefined ? undefined : papers.get(former);
      const changed = held === undefined || !samePaper(held.paper, composition.paper);
      if (held && changed) this.#update(key, composition.paper);
      this.#putClaims(key, held, composition);
      return { ...composition, key, formerId: held?.paper.id, changed };
    });
    for (const { key, records } of stored) {
      for (const record of records) this.#fileRecord(record, key, records.length === 1);
    }
    for (const group of groups.filter((group) => !group.some(({ record }) => isPaper(record)))) {
      for (const record of group) this.#fileRecord(record, null, false);
    }
    for (const key of papers.keys()) if (!taken.has(key)) this.#remove(key);
    return stored;
  }

  #putClaims(key: PaperKey, held: LoadedPaper | undefined, { records }: Composition): void {
    const spelt = (ids: readonly Claim[]): Map<string, Claim> => new Map(ids.map((id) => [claimKey(id), id]));
    const [stale, fresh] = [spelt(held?.ids ?? []), spelt(claimsOf(records.map(({ record }) => record)))];
    for (const [name, { scheme, value, source }] of stale) {
      if (!fresh.delete(name)) this.#statements.dropId.run(scheme, value, key, source);
    }
    this.#putIds(key, [...fresh.values()]);
  }

  /** Writes a record down again where it has come to another paper, or into or out of its paper's row. */
  #fileRecord(record: StoredRecord, key: PaperKey | null, isRow: boolean): void {
    if (record.key !== key || record.isRow !== isRow) this.#putRecord(record, key, isRow);
  }

  #putRecord({ id, record, hash, titleKey }: StoredRecord, key: PaperKey | null, isRow: boolean): void {
    const told = isRow ? null : writeTold(record);
    this.#statements.putRecord.run(id, record.source, key, hash, titleKey === '' ? null : titleKey, told);
  }

  #insert(paper: Paper): PaperKey {
    const { lastInsertRowid } = this.#statements.insert.run({ ...columnsOf(paper), revision: this.#nextRevision() });
    const key = Number(lastInsertRowid);
    this.#putParts(key, paper);
    return key;
  }

  #update(key: PaperKey, paper: Paper): void {
    this.#statements.update.run({ ...columnsOf(paper), revision: this.#nextRevision(), key });
    this.#statements.dropCategories.run(key);
    this.#putParts(key, paper);
  }

  #putIds(key: PaperKey, claims: readonly Claim[]): void {
    for (const { scheme, value, source } of claims) this.#statements.putId.run(scheme, value, key, source);
  }

  #putParts(key: PaperKey, paper: Paper): void {
    for (const category of paper.categories) this.#statements.putCategory.run(category, key);
    const authors = paper.authors.join(AUTHOR_BREAK);
    this.#statements.putText.run(key, paper.title, paper.abstract, authors, paper.venue ?? '');
  }

  /** Takes a paper away whose records have gone over to others. */
  #remove(key: PaperKey): void {
    this.#statements.dropIds.run(key);
    this.#statements.dropCategories.run(key);
    this.#statements.dropText.run(key);
    this.#statements.dropPaper.run(key);
    this.#statements.putRemoval.run(key, this.#nextRevision());
  }

  #nextRevision(): number {
    this.#revision += 1;
    return this.#revision;
  }
}

const recordKey = ({ id, record }: StoredRecord): string => JSON.stringify([id, record.source.toLowerCase()]);

const pair = (a: string, b: string): [string, string] => (a < b ? [a, b] : [b, a]);

function outcomeOf(record: StoredRecord, wasKnown: boolean, stored: readonly Stored[]): Outcome {
  const own = stored.find(({ records }) => records.includes(record));
  if (own && isPaper(record.record)) {
    if (!wasKnown && own.formerKeys.length === 0) return 'added';
    if (own.formerKeys.length > 1 || (!wasKnown && own.formerId !== record.id)) return 'merged';
  }
  return stored.some(({ changed }) => changed) ? 'updated' : 'unchanged';
}
