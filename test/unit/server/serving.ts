import { mkdtemp, rm } from 'node:fs/promises';
import { connect } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { afterEach } from 'vitest';
import type {
  Answer,
  Breakdown,
  ImportProgress,
  ImportSummary,
  PaperJson,
  Stats,
  SyncSummary,
} from '../../../src/domain/mod.ts';
import { AppError } from '../../../src/errors.ts';
import type { BreakdownRequest, RelatedRequest, SearchRequest, StageTimes } from '../../../src/retrieval/contract.ts';
import { createServer, type ServerOptions, type ServerServices } from '../../../src/server/mod.ts';
import { Desk, LibraryLists, People, Store } from '../../../src/store/mod.ts';

export const paper = (id: string): PaperJson => ({
  id,
  ids: { local: id },
  title: `Title of ${id}`,
  authors: ['Ada Lovelace'],
  year: 2020,
  date: null,
  venue: null,
  categories: [],
  keywords: [],
  abstract: 'An abstract.',
  tldr: null,
  comment: null,
  citations: null,
  upvotes: null,
  url: null,
  version: null,
  versions: [],
  withdrawn: false,
  aliases: [],
  sources: ['test'],
});

const times: StageTimes = { encode: 1, lexical: 2.345, dense: 3, fuse: 0, refine: 0, rerank: 0, evidence: 4, fetch: 5 };

export const answer = (query: string): Answer & { times: StageTimes } => ({
  query,
  understood: { form: 'keywords', text: query, filter: null, corrections: [], authors: [] },
  mode: 'hybrid',
  tookMs: 12.5,
  total: 1,
  degraded: [],
  hits: [{ rank: 1, score: 1, paper: paper('P1'), evidence: null }],
  times,
});

export const breakdown = (query: string): Breakdown => ({
  query,
  mode: 'hybrid',
  tookMs: 3,
  counted: 1,
  years: [{ year: 2020, papers: 1 }],
  categories: [],
  venues: [],
  sources: [{ value: 'test', papers: 1 }],
  authors: [{ value: 'Ada Lovelace', papers: 1 }],
});

export const summary: ImportSummary = {
  added: 1,
  updated: 0,
  unchanged: 0,
  merged: 0,
  rejected: [],
  rejectedTotal: 0,
  seconds: 0.1,
};

export const progress = (done: number): ImportProgress => ({
  stage: 'read',
  done,
  unit: 'papers',
  rate: 1,
  added: done,
  updated: 0,
  unchanged: 0,
  merged: 0,
  rejected: 0,
});

export const synced: SyncSummary = { sources: [], seconds: 0.1 };

const stats: Stats = {
  workspace: '/library/index',
  version: 1,
  papers: 1,
  withAbstract: 1,
  embedded: 1,
  pending: 0,
  model: null,
  fingerprint: null,
  generation: 1,
  diskBytes: 4096,
  sources: [],
  years: null,
  categories: [],
  venues: [],
};

export interface Serving {
  readonly url: string;
  readonly people: People;
  readonly store: Store;
  readonly port: number;
  readonly uploadsDir: string;
  readonly webRoot: string;
  /** What retrieval was asked, in order. */
  readonly searches: SearchRequest[];
  readonly related: RelatedRequest[];
  readonly breakdowns: BreakdownRequest[];
  /** Ids that were looked up. */
  readonly lookups: string[];
  readonly log: string[];
  close(): Promise<void>;
}

const started: Array<() => Promise<unknown>> = [];

afterEach(async () => {
  for (const end of started.splice(0).reverse()) await end();
});

/** A folder that is removed after the test. */
export async function folder(): Promise<string> {
  const dir = await mkdtemp(join(tmpdir(), 'paperkin-server-'));
  started.push(() => rm(dir, { recursive: true, force: true }));
  return dir;
}

const nothing = async (): Promise<void> => undefined;

const nowhere = (): Promise<never> => Promise.reject(new AppError('SOURCE_NOT_FOUND', { source: 'none' }));
/** No map, and nothing to make one of. */
const projection: ServerServices['projection'] = {
  status: async () => ({
    ...{ state: 'absent' as const, layout: 0, rows: 0, later: 0, embedded: 0, progress: null, problem: null },
  }),
  points: () => Promise.reject(new AppError('MAP_CHANGED')),
  regions: () => {
    throw new AppError('MAP_CHANGED');
  },
  papersAt: () => [],
  papersIn: () => ({ total: 0, papers: [] }),
  rowsOf: (_, ids) => ids.map(() => -1),
  bringUpToDate: () => Promise.reject(new AppError('NOTHING_TO_MAP')),
  begin: () => undefined,
  close: nothing,
};

/** Recommends nothing to anybody. */
const recommending: ServerServices['recommending'] = {
  feed: async ({ person: { name } }) => ({ person: name, generatedAt: '', items: [], why: 'nothing', next: null }),
  shown: nothing,
  profile: async ({ name }) => ({
    ...{ person: name, known: { papers: 0, enough: 5 }, interests: [], hidden: [], diversity: 0.3 },
    against: { papers: [], terms: [] },
  }),
  named: (_, name) => Promise.reject(new AppError('INTEREST_NOT_FOUND', { interest: name })),
  change: nothing,
  merge: nothing,
  reset: () => undefined,
  setDiversity: () => undefined,
  onboarding: async () => [],
  trending: ({ period, date = '2026-01-01' }) => ({
    ...{ period, from: date, date, earlier: null, later: null, items: [], why: 'nothing' },
  }),
};

/** What was asked, without the connection's own signal. */
function withoutSignal<T extends { readonly signal?: AbortSignal | undefined }>(request: T): Omit<T, 'signal'> {
  const { signal, ...asked } = request;
  if (!signal) throw new Error('a route did not hand on the signal of its connection');
  return asked;
}

/** A listening server over services that answer at once, or those given instead; closed after the test. */
export async function serve(
  {
    retrieval,
    ...replaced
  }: Partial<Omit<ServerServices, 'retrieval'>> & { readonly retrieval?: Partial<ServerServices['retrieval']> } = {},
  options: Partial<ServerOptions> = {},
): Promise<Serving> {
  const dir = await folder();
  const searches: SearchRequest[] = [];
  const related: RelatedRequest[] = [];
  const breakdowns: BreakdownRequest[] = [];
  const lookups: string[] = [];
  const log: string[] = [];
  const people = People.open(join(dir, 'index'));
  const store = Store.open(join(dir, 'index'), { create: true });
  started.push(async () => {
    people.close();
    store.close();
  });
  const services: ServerServices = {
    retrieval: {
      search: async (request) => {
        searches.push(withoutSignal(request));
        return answer(request.query);
      },
      related: async (request) => {
        related.push(request);
        return answer('');
      },
      breakdown: async (request) => {
        breakdowns.push(withoutSignal(request));
        return breakdown(request.query);
      },
      ...retrieval,
    },
    findPaper: (id) => {
      lookups.push(id);
      return id.startsWith('unknown') ? undefined : paper(id);
    },
    papersThrough: () => [],
    stats: async () => stats,
    sourceList: { kinds: [], list: async () => [], add: nowhere, change: nowhere },
    nextSync: () => undefined,
    projection,
    people,
    libraryLists: new LibraryLists(store, people),
    duplicatesAmong: async () => [],
    settleDuplicates: async (a, b, verdict) =>
      verdict === 'open' ? store.undecide(a, b) : store.decide(a, b, verdict),
    paperOf: (id) => {
      const key = store.findKey(id);
      return key === undefined ? undefined : store.paper(key);
    },
    deskOf: (person) => new Desk(store, people.signals(person)),
    recommending,
    readiness: () => ({ ready: true }),
    runImport: async () => summary,
    runSync: async () => synced,
    backUp: () => Readable.from([]),
    ...replaced,
  };
  const all: ServerOptions = {
    host: '127.0.0.1',
    port: 0,
    strictPort: false,
    webRoot: join(dir, 'web'),
    uploadsDir: join(dir, 'uploads'),
    maxUploadBytes: 100_000,
    requestTimeoutMs: 10_000,
    shutdownTimeoutMs: 5_000,
    logLevel: 'debug',
    ...options,
  };
  const server = createServer(services, all, { write: (line: string) => void log.push(line) });
  started.push(() => server.close());
  const { url, port } = await server.listen();
  const close = (): Promise<void> => server.close();
  return {
    url,
    people,
    store,
    port,
    uploadsDir: all.uploadsDir,
    webRoot: all.webRoot,
    searches,
    related,
    breakdowns,
    lookups,
    log,
    close,
  };
}

export interface Got {
  readonly status: number;
  readonly headers: Headers;
  // A test reads members of whatever came back; the assertions are the check.
  readonly body: Readonly<Record<string, unknown>>;
}

export async function get(url: string, init: RequestInit = {}): Promise<Got> {
  const response = await fetch(url, init);
  const text = await response.text();
  const json = (response.headers.get('content-type') ?? '').includes('json');
  const body: unknown = json && text !== '' ? JSON.parse(text) : { text };
  if (typeof body !== 'object' || body === null) throw new Error(`not a JSON object: ${text}`);
  return { status: response.status, headers: response.headers, body: { ...body } };
}

export const postJson = (url: string, body: unknown, headers: Record<string, string> = {}): Promise<Got> =>
  get(url, { method: 'POST', headers: { 'Content-Type': 'application/json', ...headers }, body: JSON.stringify(body) });

/** Sends bytes as they are and gives all that comes back until the server closes. */
export function raw(port: number, request: string): Promise<string> {
  return new Promise((resolve, reject) => {
    const socket = connect(port, '127.0.0.1', () => socket.write(request));
    let text = '';
    socket.setEncoding('utf8');
    socket.on('data', (chunk: string) => (text += chunk));
    socket.on('error', reject);
    socket.on('close', () => resolve(text));
  });
}

/** A promise and its switch. */
export function gate(): { readonly opened: Promise<void>; readonly open: () => void } {
  let open = (): void => undefined;
  const opened = new Promise<void>((resolve) => {
    open = resolve;
  });
  return { opened, open: () => open() };
}
