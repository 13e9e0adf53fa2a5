import { join } from 'node:path';
import Database from 'better-sqlite3';
import type { Filter, PaperKey } from '../../domain/mod.ts';
import { AppError } from '../../errors.ts';
import type {
  Bearers,
  Candidates,
  Cosines,
  DenseRequest,
  Document,
  DocumentEmbedding,
  Engine,
  LexicalRequest,
  Matches,
  NameRequest,
  NearWord,
  Neighbours,
  TermCounts,
} from '../contract.ts';
import { Dates } from './dates.ts';
import { DenseIndex } from './dense.ts';
import { FilterCache } from './filter.ts';
import { Graph } from './graph.ts';
import { hasWords, People } from './people.ts';
import { Postings } from './postings.ts';
import { readPostings, writePostings } from './postings-file.ts';
import { createTokeniser, type Tokeniser } from './tokenise.ts';

export interface EmbeddedEngineOptions {
  /** Folder with papers.db; the index files lie beside it. */
  readonly workspace: string;
  readonly dimensions: number;
  /** Number of the fingerprint in the store; filters ask for it. */
  readonly fingerprint: number;
  /** Starts empty whatever the files hold. */
  readonly fresh: boolean;
}

export const POSTINGS_FILE = 'postings.bin';
export const GRAPH_FILE = 'vectors.hnsw';

// Documents outside the base are slower to go through; below this many, or this share, a search does not feel them, and
// compacting stops the process for as long as the index is large (84 ms at 20,000 papers, 1 s at 245,239).
const LOOSE_DOCUMENTS = 5000;
const LOOSE_SHARE = 0.1;

/** Texts read to see whether a word of a known term is used: `competitive` is, although `competition` has the best. */
const TEXTS_READ = 50;

function lastRevision(db: Database.Database): number {
  const newest = (table: string): string => `coalesce((SELECT max(revision) FROM ${table}), 0)`;
  return (
    db
      .prepare<[], number>(`SELECT max(${newest('papers')}, ${newest('removals')})`)
      .pluck()
      .get() ?? 0
  );
}

/** The engine in this process: postings and embeddings in memory, filters from SQLite, files beside it. */
export class EmbeddedEngine implements Engine {
  readonly fingerprint: number;
  readonly #workspace: string;
  readonly #db: Database.Database;
  readonly #filters: FilterCache;
  readonly #people: People;
  readonly #texts;
  readonly #dates: Dates;
  readonly #tokeniser: Tokeniser;
  readonly #postings: Postings;
  readonly #dense: DenseIndex;
  #savedRevision: number;
  #graphIsSaved: boolean;

  private constructor(
    { workspace, dimensions, fingerprint }: EmbeddedEngineOptions,
    db: Database.Database,
    tokeniser: Tokeniser,
    held: { readonly postings: Postings; readonly revision: number } | undefined,
    graph: Graph | undefined,
  ) {
    this.fingerprint = fingerprint;
    this.#workspace = workspace;
    this.#db = db;
    this.#filters = new FilterCache(db, fingerprint, tokeniser);
    this.#people = new People(db);
    this.#dates = new Dates(db);
    this.#texts = db
      .prepare<[PaperKey], string>("SELECT lower(title || ' ' || abstract) FROM papers WHERE key = ?")
      .pluck();
    this.#tokeniser = tokeniser;
    this.#postings = held?.postings ?? new Postings({ tokeniser });
    this.#savedRevision = held?.revision ?? 0;
    this.#dense = new DenseIndex(dimensions, graph);
    this.#graphIsSaved = graph !== undefined;
  }

  /**
   * Reads what the files hold; one that is absent, damaged or of an older format counts as empty, and so do both when
   * they are ahead of the database: it was put back from a copy, and its numbers now stand for other papers.
   */
  static async open(options: EmbeddedEngineOptions): Promise<EmbeddedEngine> {
    const { workspace, dimensions, fresh } = options;
    const db = new Database(join(workspace, 'papers.db'), { readonly: true });
    // One tokeniser for documents and queries: they share its memo.
    const tokeniser = createTokeniser();
    const held = fresh ? undefined : await readPostings(join(workspace, POSTINGS_FILE), { tokeniser });
    const isAhead = held !== undefined && held.revision > lastRevision(db);
    if (fresh || isAhead) return new EmbeddedEngine(options, db, tokeniser, undefined, undefined);
    return new EmbeddedEngine(options, db, tokeniser, held, Graph.read(join(workspace, GRAPH_FILE), dimensions));
  }

  /** The store's revision of the postings that were read: what came later is to be brought (indexing/follow.ts). */
  get revision(): number {
    return this.#savedRevision;
  }

  async lexical({ query, lastWord, filter, k }: LexicalRequest): Promise<Candidates> {
    const allowed = this.#filters.allowed(filter)?.bitmap;
    return this.#postings.search({ query, lastWord, k, allowed });
  }

  async dense({ embedding, filter, k }: DenseRequest): Promise<Candidates> {
    return this.#dense.search(embedding, k, this.#filters.allowed(filter));
  }

  async passing(filter: Filter, keys: readonly PaperKey[]): Promise<PaperKey[]> {
    const allowed = this.#filters.allowed(filter)?.bitmap;
    return keys.filter((key) => allowed === undefined || allowed[key] === 1);
  }

  async newest(after: PaperKey, limit: number): Promise<Int32Array> {
    return this.#postings.newest(after, limit);
  }

  async vectors(keys: readonly PaperKey[]): Promise<(Float32Array | undefined)[]> {
    // Copies: a slot may be given to another paper while the caller still computes with it.
    return keys.map((key) => this.#dense.vector(key)?.slice());
  }

  async cosines(embedding: Float32Array, keys: ArrayLike<PaperKey>): Promise<Cosines> {
    return this.#dense.cosines(embedding, keys);
  }

  async textCosines(
    embeddings: readonly Float32Array[],
    restWeight: number,
    keys: ArrayLike<PaperKey>,
  ): Promise<Float32Array[]> {
    return this.#dense.textCosines(embeddings, restWeight, keys);
  }

  async meanEmbedding(): Promise<Float32Array | undefined> {
    return this.#dense.mean();
  }

  async match(query: string, keys: ArrayLike<PaperKey>): Promise<Matches> {
    return this.#postings.match(query, keys);
  }

  async likeness(
    papers: readonly PaperKey[],
    shares: ArrayLike<number>,
    keys: ArrayLike<PaperKey>,
  ): Promise<Float32Array> {
    return this.#postings.likeness().toSum(papers, shares, keys);
  }

  async neighbours(keys: readonly PaperKey[], k: number): Promise<Neighbours> {
    return this.#postings.likeness().neighbours(keys, k);
  }

  termCounter(terms: Iterable<string>): (text: string) => TermCounts {
    return this.#tokeniser.counter(terms);
  }

  async termWeights(query: string): Promise<ReadonlyMap<string, number>> {
    const terms = [...new Set(this.#tokeniser.terms(query))];
    const weights = this.#postings.idf(terms);
    return new Map(terms.map((term, i) => [term, weights[i] ?? 0]));
  }

  async papersWith(words: readonly string[]): Promise<readonly number[]> {
    return words.map((word) =>
      Math.max(0, ...this.#tokeniser.terms(word).map((term) => this.#postings.papersOf(term))),
    );
  }

  async nearWords(word: string, edits: 1 | 2): Promise<readonly NearWord[]> {
    return edits === 1 ? this.#postings.oneEditAway(word) : this.#postings.twoEditsAway(word);
  }

  async isUsed(phrase: string): Promise<boolean> {
    const { keys } = this.#postings.search({ query: phrase, lastWord: 'whole', k: TEXTS_READ });
    return keys.some((key) => hasWords(this.#texts.get(key) ?? '', phrase));
  }

  async bearers(request: NameRequest): Promise<Bearers> {
    return this.#people.bearers(request, this.#filters.allowed(request.filter));
  }

  async days(keys: Int32Array): Promise<Int32Array> {
    return this.#dates.of(keys);
  }

  async upsert(documents: readonly Document[]): Promise<void> {
    this.#postings.upsert(documents);
    for (const { key } of documents) this.#dense.remove(key);
  }

  async upsertEmbeddings(embeddings: readonly DocumentEmbedding[]): Promise<void> {
    try {
      for (const embedding of embeddings) this.#dense.upsert(embedding);
    } catch (error) {
      if (!(error instanceof RangeError)) throw error;
      const file = join(this.#workspace, 'papers.db');
      throw new AppError('WORKSPACE_CORRUPT', { file, reason: error.message }, { cause: error });
    }
  }

  async remove(keys: readonly PaperKey[]): Promise<void> {
    this.#postings.remove(keys);
    for (const key of keys) this.#dense.remove(key);
  }

  async maintain(budgetMs: number): Promise<boolean> {
    if (this.#dense.unlinked > 0) {
      this.#graphIsSaved = false;
      return this.#dense.link(budgetMs) > 0;
    }
    const { loose, size } = this.#postings;
    if (loose > Math.max(LOOSE_DOCUMENTS, LOOSE_SHARE * size)) this.#postings.compact();
    return false;
  }

  async save(revision: number): Promise<boolean> {
    const hasNew = revision > this.#savedRevision || this.#dense.unlinked > 0 || !this.#graphIsSaved;
    if (!hasNew) return false;
    while (this.#dense.unlinked > 0) this.#dense.link(Infinity);
    await writePostings(this.#postings, join(this.#workspace, POSTINGS_FILE), revision);
    this.#dense.save(join(this.#workspace, GRAPH_FILE));
    this.#savedRevision = revision;
    this.#graphIsSaved = true;
    return true;
  }

  counts(): { documents: number; embeddings: number; unlinked: number } {
    return { documents: this.#postings.size, embeddings: this.#dense.size, unlinked: this.#dense.unlinked };
  }

  close(): void {
    this.#db.close();
  }
}
