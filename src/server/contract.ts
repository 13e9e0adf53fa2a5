import type { Digests, Links, WebFeeds } from '../delivery/mod.ts';
import type {
  Filter,
  ImportProgress,
  ImportSummary,
  JobJson,
  Paper,
  PaperJson,
  Person,
  SavedPair,
  Stats,
  SyncSummary,
  Trending,
} from '../domain/mod.ts';
import type { ErrorCode } from '../errors.ts';
import type { SourceList } from '../indexing/mod.ts';
import type { Projection } from '../projection/mod.ts';
import type { Onboarding, PersonalFeed, Reading, TrendingRequest } from '../recommend/mod.ts';
import type { Retrieval } from '../retrieval/contract.ts';
import type { Desk, LibraryLists, People, Verdict } from '../store/mod.ts';

/** An import that runs apart from the server, so that queries stay fast meanwhile. */
export interface ImportRun {
  /** File to read; the server wrote it and removes it when the run has ended. */
  readonly file: string;
  /** What the user calls it; rejections and the paper's source carry this name. */
  readonly name: string;
  readonly format?: string;
  readonly onProgress: (progress: ImportProgress) => void;
  /** Aborted at shutdown: the run saves what it has and rejects with INTERRUPTED. */
  readonly signal: AbortSignal;
}

/** A sync that runs apart from the server, for the same reason. */
export interface SyncRun {
  /** Sources by name; none for those that are due. */
  readonly names: readonly string[];
  readonly onSource: (name: string) => void;
  readonly onProgress: (progress: ImportProgress) => void;
  /** Aborted at shutdown, as for imports. */
  readonly signal: AbortSignal;
}

/** What recommends papers to persons. */
export interface Recommending extends PersonalFeed, Reading {
  readonly onboarding: Onboarding;
  readonly trending: (request: TrendingRequest) => Trending;
}

/** What mails and web feeds need of the server. */
export interface DeliveryServices {
  readonly people: People;
  readonly links: Links;
  readonly webFeeds: WebFeeds;
  readonly digests: Pick<Digests, 'mail' | 'preview' | 'test'>;
  /** Of a paper by its id; `undefined` where it has gone. */
  readonly titleOf: (paper: string) => string | undefined;
  /** Where the server is reached from outside, without a slash at the end. */
  readonly publicUrl: string;
}

/** Two papers that may be one, by their ids. */
export type DuplicatePair = Pick<SavedPair, 'cosine' | 'title'> & { readonly a: string; readonly b: string };

/** What the routes need; the composition root provides it. */
export interface ServerServices {
  readonly retrieval: Pick<Retrieval, 'search' | 'related' | 'breakdown'>;
  /** A paper by any of its ids in any spelling. */
  readonly findPaper: (id: string) => PaperJson | undefined;
  /** All papers that a filter lets through, read as they are asked for. */
  readonly papersThrough: (filter: Filter) => Iterable<Paper>;
  readonly stats: () => Promise<Stats>;
  readonly sourceList: SourceList;
  /** When everything that is due is synced next; `undefined` where the server does not by itself. */
  readonly nextSync: () => Date | undefined;
  readonly projection: Projection;
  readonly people: People;
  readonly recommending: Recommending;
  /** What a person keeps, joined with the papers. */
  readonly deskOf: (person: Person) => Desk;
  /** Libraries as tables. */
  readonly libraryLists: LibraryLists;
  /** Pairs of these papers that may be one and are not settled, by the ids given; the likeliest first. */
  readonly duplicatesAmong: (ids: readonly string[]) => Promise<readonly DuplicatePair[]>;
  /**
   * Settles whether two papers are one; `open` takes that back. Resolves when they are merged or parted in the store; the
   * index follows. Rejects with WORKSPACE_LOCKED while something else is written for long, and PAPER_NOT_FOUND.
   */
  readonly settleDuplicates: (a: string, b: string, verdict: Verdict | 'open') => Promise<void>;
  /** A paper with all that a writer of some format wants of it, by any of its ids. */
  readonly paperOf: (id: string) => Paper | undefined;
  readonly readiness: () => { readonly ready: true } | { readonly ready: false; readonly reason: string };
  /** Absent where nothing is delivered: links of mails, and web feeds. */
  readonly delivery?: DeliveryServices;
  /** Rejects with an AppError when the import fails as a whole. */
  readonly runImport: (run: ImportRun) => Promise<ImportSummary>;
  /** Rejects with an AppError when the sync fails as a whole; a source that fails says so in its report. */
  readonly runSync: (run: SyncRun) => Promise<SyncSummary>;
  /** A copy of everything that cannot be made again, as a zip; an AppError where it cannot be had. */
  readonly backUp: (signal: AbortSignal) => AsyncIterable<Uint8Array>;
}

export interface ServerOptions {
  readonly host: string;
  /** The next free port is taken when this one is in use, unless `strictPort`. 0: any. */
  readonly port: number;
  readonly strictPort: boolean;
  /** Folder of the built browser UI. */
  readonly webRoot: string;
  /** Folder for uploads under way. */
  readonly uploadsDir: string;
  readonly maxUploadBytes: number;
  readonly requestTimeoutMs: number;
  /** How long shutdown waits for requests in flight. */
  readonly shutdownTimeoutMs: number;
  readonly logLevel: 'silent' | 'error' | 'warn' | 'info' | 'debug';
}

/** The HTTP server between `listen` and `close`. */
export interface PaperkinServer {
  /** Takes connections. Rejects with SERVER_FAILED when the address cannot be had. */
  listen(): Promise<{ readonly url: string; readonly port: number }>;
  /** Syncs the named sources, or those that are due, as one of the jobs; resolves with how it ended, `undefined` at shutdown. */
  sync(names: readonly string[]): Promise<JobJson | undefined>;
  /**
   * Stops taking connections, aborts the running import, fails the queued ones, lets requests in flight finish, ends event
   * streams; after `shutdownTimeoutMs` what is left is cut. Calling it again waits for the same end.
   */
  close(): Promise<void>;
}

/** Shape of an error over HTTP (RFC 9457, application/problem+json). More members may follow, e.g. `column`. */
export interface Problem {
  /** `/problems/` and the code in lower case with hyphens: names the kind of problem, is no page. */
  readonly type: string;
  readonly title: string;
  readonly status: number;
  readonly detail: string;
  readonly code: ErrorCode;
  readonly errors?: readonly FieldError[];
  readonly [detail: string]: unknown;
}

/** One thing wrong with a request; `field` is a parameter or a path into the body such as `positive.3`. */
export interface FieldError {
  readonly field: string;
  readonly message: string;
}
