import type { Links, WebFeeds } from '../delivery/mod.ts';
import type {
  Filter,
  ImportProgress,
  ImportSummary,
  Paper,
  PaperJson,
  Person,
  SourceJson,
  Stats,
  Trending,
} from '../domain/mod.ts';
import type { ErrorCode } from '../errors.ts';
import type { Projection } from '../projection/mod.ts';
import type { Onboarding, PersonalFeed, Reading, TrendingRequest } from '../recommend/mod.ts';
import type { Retrieval } from '../retrieval/contract.ts';
import type { Desk, People } from '../store/mod.ts';

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
  /** Of a paper by its id; `undefined` where it has gone. */
  readonly titleOf: (paper: string) => string | undefined;
  /** Where the server is reached from outside, without a slash at the end. */
  readonly publicUrl: string;
}

/** What the routes need; the composition root provides it. */
export interface ServerServices {
  readonly retrieval: Pick<Retrieval, 'search' | 'related' | 'breakdown'>;
  /** A paper by any of its ids in any spelling. */
  readonly findPaper: (id: string) => PaperJson | undefined;
  /** All papers that a filter lets through, read as they are asked for. */
  readonly papersThrough: (filter: Filter) => Iterable<Paper>;
  readonly stats: () => Promise<Stats>;
  readonly sources: () => Promise<readonly SourceJson[]>;
  readonly projection: Projection;
  readonly people: People;
  readonly recommending: Recommending;
  /** What a person keeps, joined with the papers. */
  readonly deskOf: (person: Person) => Desk;
  readonly readiness: () => { readonly ready: true } | { readonly ready: false; readonly reason: string };
  /** Absent where nothing is delivered: links of mails, and web feeds. */
  readonly delivery?: DeliveryServices;
  /** Rejects with an AppError when the import fails as a whole. */
  readonly runImport: (run: ImportRun) => Promise<ImportSummary>;
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

export interface ImportJobJson {
  readonly job: string;
  readonly name: string;
  readonly state: 'queued' | 'running' | 'done' | 'failed';
  readonly progress?: ImportProgress;
  readonly summary?: ImportSummary;
  readonly problem?: Problem;
}
