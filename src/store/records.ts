import type { Database } from 'better-sqlite3';
import { formatPaperId, type Paper, type PaperId, type PaperKey, parsePaperId, titleKey } from '../domain/mod.ts';
import { type Decision, type Linked, MOST_SHARERS, MOST_TWINS } from './link.ts';
import { type IdRow, idsFrom, paperFrom, type PaperRow } from './rows.ts';
import { type Claim, claimsOf, IDENTIFYING, isPaper, nameOf, readTold } from './source-record.ts';

/** A record with its id, as a source tells it. */
interface Told extends Linked {
  readonly id: string;
}

/** Whether a record comes to have its title, has it as stored, or will no longer have it. */
type TitleChange = 'gains' | 'has' | 'loses';

/** A record as it is stored. */
export interface StoredRecord extends Told {
  /** The paper it was last seen to be of; `null` for a withdrawal of an unknown paper. */
  readonly key: PaperKey | null;
  readonly hash: Uint8Array;
  /** Whether its paper's row and ids are the record: it is not written down a second time then. */
  readonly isRow: boolean;
}

/** A paper with all that is told of it. Its ids are bare: a collection's own are not called after their source. */
export interface LoadedPaper {
  readonly paper: Paper;
  readonly ids: readonly IdRow[];
  readonly records: readonly StoredRecord[];
}

/** What a record may have to do with, before it is looked at more closely. */
export interface Surroundings {
  readonly keys: ReadonlySet<PaperKey>;
  /** Withdrawals of its ids that no paper has. */
  readonly lone: readonly StoredRecord[];
  readonly decisions: readonly Decision[];
}

interface RecordRow {
  id: string;
  source: string;
  key: number | null;
  hash: Uint8Array;
  title_key: string | null;
  told: string | null;
}

const COLUMNS = 'id, source, key, hash, title_key, told';

function prepare(db: Database) {
  return {
    paper: db.prepare<[number], PaperRow>('SELECT * FROM papers WHERE key = ?'),
    id: db.prepare<[number], string>('SELECT id FROM papers WHERE key = ?').pluck(),
    ids: db.prepare<[number], IdRow>(
      'SELECT scheme, value, source, 0 AS clash FROM paper_ids WHERE key = ? ORDER BY scheme, value, source',
    ),
    shownIds: db.prepare<[number], IdRow>(
      `SELECT scheme, value, source, i.scheme = 'local' AND EXISTS (
         SELECT 1 FROM paper_ids o WHERE o.scheme = 'local' AND o.value = i.value AND o.key <> i.key) AS clash
       FROM paper_ids i WHERE key = ? ORDER BY scheme, value, source`,
    ),
    record: db.prepare<[string, string], RecordRow>(`SELECT ${COLUMNS} FROM records WHERE id = ? AND source = ?`),
    recordsOf: db.prepare<[number], RecordRow>(`SELECT ${COLUMNS} FROM records WHERE key = ? ORDER BY id, source`),
    lone: db.prepare<[string], RecordRow>(`SELECT ${COLUMNS} FROM records WHERE id = ? AND key IS NULL`),
    keyOf: db.prepare<[string, string], number | null>('SELECT key FROM records WHERE id = ? AND source = ?').pluck(),
    keysNamed: db
      .prepare<[string], number>('SELECT DISTINCT key FROM records WHERE id = ? AND key IS NOT NULL')
      .pluck(),
    keysOfId: db
      .prepare<[string, string], number>(
        'SELECT DISTINCT key FROM paper_ids WHERE scheme = ? AND value = ? ORDER BY key',
      )
      .pluck(),
    // Two more than there need be to know that an id is common: one may be about to lose it, one may have it by a withdrawal.
    keysSharing: db
      .prepare<[string, string], number>(
        `SELECT DISTINCT key FROM paper_ids WHERE scheme = ? AND value = ? ORDER BY key LIMIT ${MOST_SHARERS + 3}`,
      )
      .pluck(),
    // Papers of one id in two collections are told apart by the collections' names.
    firstOfId: db
      .prepare<[string, string], number>(
        `SELECT p.key FROM paper_ids i JOIN papers p ON p.key = i.key WHERE i.scheme = ? AND i.value = ?
         ORDER BY p.id, (SELECT min(source) FROM records r WHERE r.id = p.id AND r.key = p.key) LIMIT 1`,
      )
      .pluck(),
    keysOfOwnId: db
      .prepare<[string, string], number>(
        `SELECT p.key FROM paper_ids i JOIN papers p ON p.key = i.key
         WHERE i.scheme = 'local' AND i.value = ? AND i.source = ?
         ORDER BY p.id, (SELECT min(source) FROM records r WHERE r.id = p.id AND r.key = p.key)`,
      )
      .pluck(),
    // One more than there need be to know that a title is common, and that it has just become so.
    idsOfTitle: db
      .prepare<[string], string>(`SELECT DISTINCT id FROM records WHERE title_key = ? LIMIT ${MOST_TWINS + 2}`)
      .pluck(),
    keysOfTitle: db
      .prepare<[string], number>('SELECT DISTINCT key FROM records WHERE title_key = ? AND key IS NOT NULL')
      .pluck(),
    papersOfTitle: db
      .prepare<[string, number], number>(
        'SELECT DISTINCT key FROM records WHERE title_key = ? AND key IS NOT NULL ORDER BY key LIMIT ?',
      )
      .pluck(),
    sources: db.prepare<[number], string>('SELECT source FROM records WHERE key = ?').pluck(),
    decisions: db.prepare<[string, string], Decision>(
      'SELECT a, b, verdict FROM decisions WHERE a = ? UNION ALL SELECT a, b, verdict FROM decisions WHERE b = ?',
    ),
  };
}

/** Each way to take a text for `source:id`; a source's name may hold colons, and an id too. */
function* ownIds(text: string): Generator<{ source: string; id: string }> {
  for (let at = text.indexOf(':'); at !== -1; at = text.indexOf(':', at + 1)) {
    yield { source: text.slice(0, at), id: text.slice(at + 1) };
  }
}

/** Looks up papers and what was told of them. */
export class Records {
  readonly #statements: ReturnType<typeof prepare>;

  constructor(db: Database) {
    this.#statements = prepare(db);
  }

  /** A paper as it is shown. */
  paper(key: PaperKey): Paper | undefined {
    const row = this.#statements.paper.get(key);
    return row && paperFrom(row, this.#statements.shownIds.all(key));
  }

  /** Its id as shown, without reading the rest of the paper. */
  id(key: PaperKey): string | undefined {
    const id = this.#statements.id.get(key);
    return id === undefined ? undefined : idsFrom(id, this.#statements.shownIds.all(key)).id;
  }

  /** Every id of a paper; a collection's own with its source, and bare. */
  idsOf(key: PaperKey): string[] {
    const rows = this.#statements.ids.all(key);
    return rows.flatMap(({ scheme, value, source }) =>
      scheme === 'local' ? [`${source}:${value}`, value] : [formatPaperId({ scheme, value })],
    );
  }

  /** In alphabetical order, each in one spelling. */
  sources(key: PaperKey): string[] {
    const spelt = this.#statements.sources.all(key).sort();
    return [...new Map(spelt.toReversed().map((source) => [source.toLowerCase(), source])).values()].sort();
  }

  load(key: PaperKey): LoadedPaper | undefined {
    const row = this.#statements.paper.get(key);
    if (!row) return undefined;
    const ids = this.#statements.ids.all(key);
    const paper = paperFrom(row, ids);
    return { paper, ids, records: this.#statements.recordsOf.all(key).map((record) => stored(record, paper)) };
  }

  /** The record of a source and id, in whatever case of letters the source was spelt. */
  record(id: string, source: string): StoredRecord | undefined {
    const row = this.#statements.record.get(id, source);
    if (!row) return undefined;
    const paper = row.key === null ? undefined : this.#statements.paper.get(row.key);
    return stored(row, paper && paperFrom(paper, this.#statements.ids.all(paper.key)));
  }

  /** The hash of what a source said of an id last. */
  hash(id: string, source: string): Uint8Array | undefined {
    return this.#statements.record.get(id, source)?.hash;
  }

  /** A paper by any of its ids in any spelling; a collection's own id that several papers have names none of them. */
  find(text: string): PaperKey | undefined {
    const id = parsePaperId(text);
    if (id.scheme === 'local') {
      const keys = this.#statements.keysOfId.all(id.scheme, id.value);
      return this.#ofSource(text.trim()) ?? (keys.length === 1 ? keys[0] : undefined);
    }
    return this.#everywhere(id) ?? this.#ofSource(text.trim());
  }

  /** The papers of which a record has this title, by key, at most `limit`. */
  titled(title: string, limit: number): PaperKey[] {
    const key = titleKey(title);
    return key === '' ? [] : this.#statements.papersOfTitle.all(key, limit);
  }

  /** The paper that the record with this name (nameOf) is of. */
  named(name: string): PaperKey | undefined {
    const [key] = this.#statements.keysNamed.all(name);
    if (key !== undefined && parsePaperId(name).scheme !== 'local') return key;
    return this.#recordOfSource(name);
  }

  /** What the user settled about the record with this name. */
  decisionsOf(name: string): Decision[] {
    return this.#statements.decisions.all(name, name);
  }

  /** Whether records of so many ids have a title that it tells nothing. */
  isCommon(titleKey: string): boolean {
    return this.#statements.idsOfTitle.all(titleKey).length > MOST_TWINS;
  }

  /** Whether so many records tell an id that it tells nothing: those given, and those of all other papers than these. */
  isCommonId({ scheme, value }: Claim, sharers: ReadonlySet<string>, papers: ReadonlySet<PaperKey>): boolean {
    const keys = this.#statements.keysSharing.all(scheme, value);
    if (sharers.size > MOST_SHARERS || keys.length > MOST_SHARERS + 2) return true;
    const names = new Set(sharers);
    // Papers that share a telling id are looked at together: there are others only where it is common, or they were parted.
    for (const key of keys.filter((key) => !papers.has(key))) {
      for (const { name, record, claims } of this.load(key)?.records ?? []) {
        const tells = isPaper(record) && claims.some((claim) => claim.scheme === scheme && claim.value === value);
        if (tells) names.add(name);
      }
      if (names.size > MOST_SHARERS) return true;
    }
    return false;
  }

  /** The papers that an id may link: none where it tells nothing, whether one record more or less tells it. */
  #sharing(scheme: string, value: string): PaperKey[] {
    const keys = this.#statements.keysSharing.all(scheme, value);
    return keys.length > MOST_SHARERS + 2 ? [] : keys;
  }

  /**
   * The papers whose title a record has, where the title tells anything, or did or will before or after the record comes to
   * have it (`gains`) or no longer has it (`loses`).
   */
  withTitle({ id, titleKey }: { readonly id: string; readonly titleKey: string }, change: TitleChange): PaperKey[] {
    if (titleKey === '') return [];
    const ids = this.#statements.idsOfTitle.all(titleKey);
    if (ids.length === 0) return [];
    const count = change === 'gains' && !ids.includes(id) ? ids.length + 1 : ids.length;
    return count > MOST_TWINS + 1 ? [] : this.#statements.keysOfTitle.all(titleKey);
  }

  /**
   * Every paper that a record could link to, by its ids, title or a decision; some of them will prove unlike. `change`
   * is as in `withTitle`; `alsoClaims` are ids that it told before.
   */
  around(
    { id, name, record, claims, titleKey }: Told,
    change: TitleChange,
    alsoClaims: readonly Claim[] = [],
  ): Surroundings {
    const keys = new Set<PaperKey>();
    const lone: RecordRow[] = [];
    const add = (found: readonly PaperKey[]): void => found.forEach((key) => keys.add(key));
    for (const { scheme, value, source } of [...claims, ...alsoClaims]) {
      const claimed = formatPaperId({ scheme, value });
      const withdrawn = this.#statements.lone.all(claimed);
      if (scheme === 'local') {
        // A withdrawal has no text by which it could be like another source's paper.
        add(isPaper(record) ? this.#sharing(scheme, value) : this.#statements.keysOfOwnId.all(value, source));
        lone.push(...withdrawn.filter((row) => row.source.toLowerCase() === source.toLowerCase()));
      } else if (IDENTIFYING.has(scheme)) {
        add(this.#sharing(scheme, value));
        // Records of one name are of one paper, also where what they are called by tells nothing else.
        if (claimed === name) add(this.#statements.keysNamed.all(name));
        lone.push(...withdrawn);
      } else if (claimed === name) {
        add(this.#statements.keysNamed.all(name));
        lone.push(...withdrawn);
      }
    }
    add(this.withTitle({ id, titleKey }, change));
    const decisions = this.decisionsOf(name);
    for (const { a, b, verdict } of decisions) {
      const key = verdict === 'same' ? this.named(a === name ? b : a) : undefined;
      if (key !== undefined) keys.add(key);
    }
    return { keys, lone: lone.map((row) => stored(row, undefined)), decisions };
  }

  /**
   * The paper of an id that means the same everywhere. Where several have it (an address, papers that were parted), it is
   * the one whose own it is, else the first by id.
   */
  #everywhere(id: PaperId): PaperKey | undefined {
    return this.#statements.keysNamed.get(formatPaperId(id)) ?? this.#statements.firstOfId.get(id.scheme, id.value);
  }

  #ofSource(text: string): PaperKey | undefined {
    const own = this.#recordOfSource(text);
    if (own !== undefined) return own;
    for (const { source, id } of ownIds(text)) {
      const key = this.#statements.keysOfOwnId.get(id, source);
      if (key !== undefined) return key;
    }
    return undefined;
  }

  #recordOfSource(text: string): PaperKey | undefined {
    for (const { source, id } of ownIds(text)) {
      const key = this.#statements.keyOf.get(id, source);
      // A name like `doi:10.…` is also a source's with an id that is no own one.
      if (key !== undefined && key !== null && parsePaperId(id).scheme === 'local') return key;
    }
    return undefined;
  }
}

function stored({ id, source, key, hash, title_key, told }: RecordRow, paper: Paper | undefined): StoredRecord {
  if (told === null && !paper) throw new Error(`the record ${id} of ${source} is in paper ${key}, which is not there`);
  const record = told === null && paper ? { source, paper } : readTold(source, id, told ?? '');
  return {
    id,
    key,
    hash,
    isRow: told === null,
    record,
    name: nameOf(record),
    claims: claimsOf([record]),
    titleKey: title_key ?? '',
  };
}
