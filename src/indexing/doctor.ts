import type { Store, WorkspaceState } from '../store/mod.ts';

/** What an engine's files hold, as read; `undefined` where a file is absent or cannot be read. */
export interface IndexFiles {
  /** Store revision up to which the postings go, and the papers they hold. */
  readonly postings: { readonly revision: number; readonly documents: number } | undefined;
  /** Labels in the graph. */
  readonly graph: { readonly labels: ReadonlySet<number> } | undefined;
}

export interface Problem {
  /** `error`: something is wrong; `warning`: something is behind or in the way, and heals by itself or by the hint. */
  readonly severity: 'error' | 'warning';
  readonly part: 'database' | 'people' | 'embeddings' | 'postings' | 'graph' | 'model' | 'uploads';
  readonly message: string;
  /** What to do about it. */
  readonly hint: string;
}

export interface Examination {
  readonly store: Store;
  readonly state: Readonly<WorkspaceState>;
  /** Number of the workspace's fingerprint in the store. */
  readonly fingerprint: number;
  readonly files: IndexFiles;
  /** The fingerprint of the model that would be loaded, or why there is none. */
  readonly loaded: { readonly fingerprint: string } | { readonly unavailable: string };
  /** What is wrong with people.db; empty where there is none. */
  readonly people: readonly string[];
  /** Names of files left in the uploads folder. */
  readonly uploads: readonly string[];
}

const REBUILD = 'paperkin rebuild';
const REINDEX = 'paperkin reindex';
const GO_ON = 'any paperkin import goes on with them';
// Unit length to within float32 rounding over some hundred dimensions.
const NORM_TOLERANCE = 1e-3;
// Each text that changes leaves a vector behind, and past this share of them the engine makes its graph anew by itself.
const ORPHANED_SHARE = 0.2;

/** Checks every invariant of a workspace; changes nothing. Empty when all is well. */
export function examine(examination: Examination): Problem[] {
  return [
    ...examination.store.problems().map((message) => databaseProblem(message)),
    ...examination.people.map((message) => ({
      severity: 'error' as const,
      part: 'people' as const,
      message,
      hint: 'restore people.db from a copy; it cannot be made again from anything else',
    })),
    ...checkModel(examination),
    ...checkEmbeddings(examination),
    ...checkPostings(examination),
    ...checkGraph(examination),
    ...examination.uploads.map((name) => ({
      severity: 'warning' as const,
      part: 'uploads' as const,
      message: `an upload was left behind: ${name}`,
      hint: 'the server removes it when it starts',
    })),
  ];
}

function databaseProblem(message: string): Problem {
  const hint = 'restore papers.db from a copy, or import the sources anew into another workspace';
  return { severity: 'error', part: 'database', message, hint };
}

function checkModel({ state, loaded }: Examination): Problem[] {
  if ('unavailable' in loaded) {
    const message = `the model cannot be loaded: ${loaded.unavailable}`;
    return [{ severity: 'error', part: 'model', message, hint: 'give the right --model or --models-dir' }];
  }
  if (!state.model || state.model.fingerprint === loaded.fingerprint) return [];
  const message = `the workspace was embedded with ${state.model.fingerprint}, the model is ${loaded.fingerprint}`;
  return [{ severity: 'error', part: 'model', message, hint: `${REINDEX}, or start with the first model` }];
}

function checkEmbeddings({ store, state, fingerprint }: Examination): Problem[] {
  const problems: Problem[] = [];
  const dimensions = state.model?.dimensions;
  let wrong = 0;
  for (const { vector } of store.embeddingsSince(0, fingerprint)) {
    let squares = 0;
    for (const x of vector) squares += x * x;
    const isUnit = Math.abs(squares - 1) <= NORM_TOLERANCE;
    if (vector.length !== dimensions || !isUnit) wrong += 1;
  }
  if (wrong > 0) {
    const message = `${wrong} embeddings are not unit vectors of ${dimensions} dimensions`;
    problems.push({ severity: 'error', part: 'embeddings', message, hint: REINDEX });
  }
  const pending = store.countPending(fingerprint);
  if (pending > 0) {
    const message = `${pending} papers are not embedded yet`;
    problems.push({ severity: 'warning', part: 'embeddings', message, hint: GO_ON });
  }
  const unread = store.countPendingSentences(fingerprint);
  if (unread > 0) {
    const message = `the sentences of ${unread} papers are not embedded yet; what they show as evidence is chosen by words only`;
    problems.push({ severity: 'warning', part: 'embeddings', message, hint: GO_ON });
  }
  return problems;
}

function checkPostings({ store, fingerprint, files: { postings } }: Examination): Problem[] {
  const { papers } = store.counts(fingerprint);
  if (!postings) {
    if (papers === 0) return [];
    const message = 'postings.bin is absent or damaged; searches start slowly';
    return [{ severity: 'warning', part: 'postings', message, hint: REBUILD }];
  }
  const last = store.lastRevision();
  if (postings.revision > last) {
    const message = `postings.bin is of revision ${postings.revision}, the database only of ${last}`;
    return [{ severity: 'error', part: 'postings', message, hint: REBUILD }];
  }
  if (postings.revision === last && postings.documents !== papers) {
    const message = `postings.bin holds ${postings.documents} papers, the database ${papers}`;
    return [{ severity: 'error', part: 'postings', message, hint: REBUILD }];
  }
  if (postings.revision === last) return [];
  const message = `postings.bin lacks the latest ${last - postings.revision} changes; searches catch up when they start`;
  return [{ severity: 'warning', part: 'postings', message, hint: REBUILD }];
}

function checkGraph({ store, fingerprint, files: { graph } }: Examination): Problem[] {
  const living = new Set<number>();
  for (const { label } of store.embeddingsSince(0, fingerprint)) living.add(label);
  if (!graph) {
    if (living.size === 0) return [];
    const message = 'vectors.hnsw is absent or damaged; every embedding is compared one by one meanwhile';
    return [{ severity: 'warning', part: 'graph', message, hint: REBUILD }];
  }
  const orphaned = [...graph.labels].filter((label) => !living.has(label)).length;
  const missing = [...living].filter((label) => !graph.labels.has(label)).length;
  const problems: Problem[] = [];
  if (orphaned > ORPHANED_SHARE * graph.labels.size) {
    const message = `vectors.hnsw holds ${orphaned} vectors that no paper has any more; they are never found`;
    problems.push({ severity: 'warning', part: 'graph', message, hint: REBUILD });
  }
  if (missing > 0) {
    const message = `vectors.hnsw lacks ${missing} embeddings; they are compared one by one meanwhile`;
    problems.push({ severity: 'warning', part: 'graph', message, hint: REBUILD });
  }
  return problems;
}
