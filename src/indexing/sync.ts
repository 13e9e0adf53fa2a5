import {
  type Bases,
  type Clock,
  createHttp,
  findSourceKind,
  type Http,
  type Plan,
  type SourceKind,
  SYSTEM_CLOCK,
} from '../collection/mod.ts';
import type { SourceReport, SyncSummary } from '../domain/mod.ts';
import { AppError } from '../errors.ts';
import type { SourceState, Workspace } from '../store/mod.ts';
import { type ImportOptions, type ImportParts, importPapers, reporter } from './import.ts';
import { ingest, type IngestCounts, noCounts } from './ingest.ts';
import { afterFailure, afterSuccess, isDue, requestsLeft, used } from './source-state.ts';

/** The workspace while it is locked for writing. */
export interface Locked {
  readonly workspace: Workspace;
  readonly parts: ImportParts;
}

export interface SyncParts {
  /** To read the sources from; written only while locked. */
  readonly workspace: Workspace;
  /** Runs with the lock for writing, which is waited for until the signal aborts (INTERRUPTED), and lets go of it. */
  readonly withWriting: <T>(use: (locked: Locked) => Promise<T>, signal: AbortSignal) => Promise<T>;
  readonly bases: Bases;
  readonly userAgent: string;
  readonly maxRequestsPerDay: number;
  readonly clock?: Clock;
}

export interface SyncOptions extends Pick<ImportOptions, 'embed' | 'signal' | 'onProgress'> {
  /** Sources to sync whether they are due or not; every one that is due, where there are none. */
  readonly names: readonly string[];
  /** Before a source is asked. */
  readonly onSource: (name: string) => void;
}

export interface SyncResult {
  readonly summary: SyncSummary;
  readonly interrupted: boolean;
}

/** What a sync would begin with, source by source. */
export interface SourcePlan extends Plan {
  readonly name: string;
  readonly kind: string;
  readonly note: string | null;
  readonly error?: { readonly code: string; readonly message: string; readonly details: unknown };
}

interface Chosen {
  readonly source: SourceState;
  readonly kind: SourceKind | undefined;
}

const unknownKind = ({ kind }: SourceState): string =>
  `this Paperkin knows no sources of kind "${kind}"; it is kept as it is`;

/** The sources by name, or those that are due. Throws SOURCE_NOT_FOUND. */
function choose({ sources }: Workspace['state'], names: readonly string[], nowMs: number): Chosen[] {
  const missing = names.find((name) => !sources.some((source) => source.name === name));
  if (missing !== undefined) throw new AppError('SOURCE_NOT_FOUND', { source: missing });
  const chosen = sources.filter((source) => (names.length > 0 ? names.includes(source.name) : isDue(source, nowMs)));
  return chosen.map((source) => ({ source, kind: findSourceKind(source.kind) }));
}

/** What all sources of one run share. */
interface Run {
  readonly clock: Clock;
  readonly signal: AbortSignal;
  /** When each host was last asked: two feeds of one server are two requests to it. */
  readonly asked: Map<string, number>;
}

function httpFor(source: SourceState, { base }: SourceKind, parts: SyncParts, { clock, signal, asked }: Run): Http {
  return createHttp({
    userAgent: parts.userAgent,
    allowPrivateNetwork: source.allowPrivateNetwork,
    trusted: base === undefined ? [] : [parts.bases[base]],
    maxRequests: requestsLeft(source, parts.maxRequestsPerDay, clock.now()),
    asked,
    signal,
    clock,
  });
}

/** A server's request for quiet holds for whoever asks. */
function refuseTooSoon(source: SourceState, { maxRequestsPerDay }: SyncParts, nowMs: number): void {
  const { name, notBefore, reason } = source;
  if (notBefore === null || Date.parse(notBefore) <= nowMs) return;
  const by = requestsLeft(source, maxRequestsPerDay, nowMs) === 0 ? 'us' : 'server';
  throw new AppError('SOURCE_WAITS', {
    source: name,
    until: notBefore,
    reason: reason ?? 'the server asked to wait',
    by,
  });
}

function errorOf({ code, message, details }: AppError): NonNullable<SourceReport['error']> {
  return { code, message, details };
}

/**
 * Fetches from each source what is new and stores it batch by batch, then embeds and indexes. A batch is stored under the
 * lock for writing, and the cursor is written behind it, under the same lock: a run that is killed anywhere has lost
 * nothing, and what comes again is unchanged. A source that fails does not keep the others from being synced; its error
 * stands in its report. Throws SOURCE_NOT_FOUND, and what the workspace itself throws.
 */
export async function syncSources(parts: SyncParts, options: SyncOptions): Promise<SyncResult> {
  const started = performance.now();
  const clock = parts.clock ?? SYSTEM_CLOCK;
  await parts.workspace.reload();
  const chosen = choose(parts.workspace.state, options.names, clock.now());
  const reports: SourceReport[] = [];
  const run: Run = { clock, signal: options.signal, asked: new Map<string, number>() };
  for (const { source, kind } of chosen) {
    if (options.signal.aborted) break;
    options.onSource(source.name);
    if (kind) reports.push(await syncOne(source, kind, parts, options, run));
    else reports.push(reportOf(source, noCounts(), 0, 0, unknownKind(source)));
  }
  if (chosen.length > 0) {
    const { embed, signal, onProgress } = options;
    await parts
      .withWriting(async ({ workspace, parts: importing }) => {
        const { indexed } = await importPapers([], importing, { onRejection: 'skip', embed, signal, onProgress });
        if (indexed) await workspace.update({ generation: workspace.state.generation + 1 });
      }, signal)
      .catch((thrown: unknown) => {
        // Another program is writing, and nobody waits any more: the next sync or import embeds and indexes.
        if (!(thrown instanceof AppError) || thrown.code !== 'INTERRUPTED') throw thrown;
      });
  }
  const seconds = (performance.now() - started) / 1000;
  return { summary: { sources: reports, seconds }, interrupted: options.signal.aborted };
}

async function syncOne(
  source: SourceState,
  kind: SourceKind,
  parts: SyncParts,
  options: SyncOptions,
  run: Run,
): Promise<SourceReport> {
  const { clock } = run;
  const started = performance.now();
  const startedAt = clock.now();
  const counts = noCounts();
  const http = httpFor(source, kind, parts, run);
  let told: string | null = null;
  let failure: AppError | undefined;
  try {
    refuseTooSoon(source, parts, startedAt);
    told = await fetchAll(source, kind, { parts, options, clock, http, counts });
  } catch (thrown) {
    if (!(thrown instanceof AppError) || thrown.code.startsWith('WORKSPACE_')) throw thrown;
    failure = thrown;
  } finally {
    await http.close();
  }
  const seconds = (performance.now() - started) / 1000;
  const isEmpty = !failure && counts.added + counts.updated + counts.merged === 0;
  const nothing = isEmpty ? kind.whyEmpty(source.settings, new Date(startedAt)) : null;
  // The day's requests being used up is no failure: the source goes on tomorrow.
  const isPause = failure?.details['by'] === 'us';
  const note = isPause ? (failure?.message ?? null) : (told ?? nothing);
  const report = reportOf(source, counts, http.requests(), seconds, note, isPause ? undefined : failure);
  if (failure?.code === 'INTERRUPTED') return report;
  const end = { report, at: startedAt, now: clock.now(), random: clock.random };
  const change = failure ? afterFailure(source, failure, end) : afterSuccess(end);
  await parts.workspace.updateSource(source.name, { ...change, requestsToday: used(source, http.requests(), end.now) });
  return report;
}

interface Fetching {
  readonly parts: SyncParts;
  readonly options: SyncOptions;
  readonly clock: Clock;
  readonly http: Http;
  readonly counts: IngestCounts;
}

/** Every batch of a source, each stored before the next one is fetched. Returns what the source had to say. */
async function fetchAll(source: SourceState, kind: SourceKind, fetching: Fetching): Promise<string | null> {
  const { parts, options, clock, http, counts } = fetching;
  const { name, settings } = source;
  const { signal } = options;
  const request = { settings, cursor: source.cursor ?? null, http, bases: parts.bases, clock };
  const report = reporter(options.onProgress, counts);
  let note: string | null = null;
  for await (const batch of kind.batches(request)) {
    await parts.withWriting(async ({ workspace, parts: importing }) => {
      const { store } = importing;
      await ingest(batch.readings, counts, { store, source: name, onRejection: 'skip', signal, onStored() {} });
      if (store.lastRevision() > 0) await importing.settleModel();
      // A batch that was broken off has stored some of its papers; its end has not been reached.
      if (signal.aborted) return;
      // With the requests so far: a run that is killed has made them all the same.
      const requestsToday = used(source, http.requests(), clock.now());
      await workspace.updateSource(name, { cursor: batch.cursor, requestsToday });
    }, signal);
    note = batch.note ?? note;
    report('read', 'papers', counts.added + counts.updated + counts.unchanged + counts.merged);
    if (signal.aborted) throw new AppError('INTERRUPTED');
  }
  return note;
}

function reportOf(
  { name, kind }: SourceState,
  counts: IngestCounts,
  requests: number,
  seconds: number,
  note: string | null,
  error?: AppError,
): SourceReport {
  return { name, kind, ...counts, requests, seconds, note, ...(error ? { error: errorOf(error) } : {}) };
}

/** What a sync of these sources would begin with; stores nothing, and asks a server only where that tells how much there is. */
export async function planSync(
  parts: SyncParts,
  { names, signal }: Pick<SyncOptions, 'names' | 'signal'>,
): Promise<SourcePlan[]> {
  const clock = parts.clock ?? SYSTEM_CLOCK;
  await parts.workspace.reload();
  const plans: SourcePlan[] = [];
  const run: Run = { clock, signal, asked: new Map<string, number>() };
  for (const { source, kind } of choose(parts.workspace.state, names, clock.now())) {
    const { name, settings } = source;
    const base = { name, kind: source.kind, requests: [], note: null };
    if (!kind) {
      plans.push({ ...base, note: unknownKind(source) });
      continue;
    }
    const http = httpFor(source, kind, parts, run);
    try {
      refuseTooSoon(source, parts, clock.now());
      const request = { settings, cursor: source.cursor ?? null, http, bases: parts.bases, clock };
      plans.push({ ...base, ...(await kind.plan(request)) });
    } catch (thrown) {
      if (!(thrown instanceof AppError)) throw thrown;
      plans.push({ ...base, error: errorOf(thrown) });
    } finally {
      await http.close();
    }
  }
  return plans;
}
