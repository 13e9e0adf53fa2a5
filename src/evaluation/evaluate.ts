import type { Hit, SearchMode, Stage } from '../domain/mod.ts';
import { AppError } from '../errors.ts';
import type { Retrieval } from '../retrieval/mod.ts';
import type { Store } from '../store/mod.ts';
import type { Grades, JudgedSet, Topic } from './judgements.ts';
import { mean, meanOf, type Metrics } from './metrics.ts';
import { measureRun, type Run, type ScoredDocument, type TopicMetrics } from './run.ts';

/** What a topic's text is taken for: a query, or a paper whose kin are wanted. */
export const TAKEN_AS = ['search', 'related'] as const;
export type TakenAs = (typeof TAKEN_AS)[number];

/** What is ranked: every document, or the topic's judged ones. */
export const CANDIDATES = ['all', 'judged'] as const;
export type Candidates = (typeof CANDIDATES)[number];

export interface EvaluationOptions {
  readonly mode: SearchMode;
  readonly as: TakenAs;
  readonly candidates: Candidates;
  /** Hits asked for, as in a search. */
  readonly k: number;
  /** Stages of the ranking to leave out, to see what each is worth; none where absent. Related papers have no stages. */
  readonly without?: readonly Stage[];
  readonly signal: AbortSignal;
}

export interface Evaluation {
  readonly run: Run;
  readonly topics: readonly (TopicMetrics & { readonly ms: number })[];
  readonly mean: Metrics;
  readonly msPerTopic: number;
  /** Judged documents that the corpus lacks: no ranking can find them. */
  readonly missingDocuments: readonly string[];
  /** Judged topics without a text: they count as having retrieved nothing. */
  readonly missingTopics: readonly string[];
}

export interface EvaluationParts {
  readonly retrieval: Retrieval;
  readonly store: Store;
}

/** The judged documents by the id of the paper that each has become: papers may have been merged, and ids rewritten. */
function documentsByPaper(store: Store, { judgements }: JudgedSet) {
  const byPaper = new Map<string, string[]>();
  const missing: string[] = [];
  for (const document of new Set([...judgements.values()].flatMap((grades) => [...grades.keys()]))) {
    const key = store.findKey(document);
    const paper = key === undefined ? undefined : store.paper(key);
    if (paper) byPaper.set(paper.id, [...(byPaper.get(paper.id) ?? []), document]);
    else missing.push(document);
  }
  return { byPaper, missing };
}

/** A hit as the documents it stands for; what is judged nowhere goes by the paper's own id. */
function documentsOf({ paper, score, duplicates = [] }: Hit, byPaper: ReadonlyMap<string, readonly string[]>) {
  return [paper.id, ...duplicates].flatMap((id) =>
    (byPaper.get(id) ?? [id]).map((document): ScoredDocument => ({ document, score })),
  );
}

async function hitsOf(
  retrieval: Retrieval,
  text: string,
  grades: Grades,
  { mode, as, candidates, k, without = [] }: EvaluationOptions,
): Promise<readonly Hit[]> {
  const filter = { clauses: candidates === 'all' ? [] : [{ kind: 'id' as const, values: [...grades.keys()] }] };
  const asked = { k, filter, explain: false, evidence: 'none' as const };
  const answer =
    as === 'search'
      ? await retrieval.search({ ...asked, query: text, mode, lastWord: 'whole', without })
      : await retrieval.related({ ...asked, positive: [], negative: [], text });
  const [lacking] = answer.degraded;
  // What half a search finds says nothing of the whole one.
  if (lacking) throw new AppError('SEARCH_UNAVAILABLE', { reasons: `the ${lacking.part} side: ${lacking.reason}` });
  return answer.hits;
}

/**
 * Asks every judged topic of a retrieval over the set's documents, and measures what comes back. Throws USAGE where the
 * corpus has none of the judged documents or `as: 'related'` comes with another mode than hybrid, SEARCH_UNAVAILABLE where
 * a side of the search cannot answer, and INTERRUPTED when the signal aborts.
 */
export async function evaluate(
  { retrieval, store }: EvaluationParts,
  set: JudgedSet,
  options: EvaluationOptions,
): Promise<Evaluation> {
  if (options.as === 'related' && options.mode !== 'hybrid') {
    throw new AppError('USAGE', {
      message: 'related papers are found by both sides: --as related has no other --mode',
    });
  }
  const { byPaper, missing } = documentsByPaper(store, set);
  if (byPaper.size === 0) {
    throw new AppError('USAGE', { message: `the corpus has none of the documents judged in ${set.name}` });
  }
  const run = new Map<string, ScoredDocument[]>();
  const took = new Map<string, number>();
  const asked = [...set.judgements].flatMap(([id, grades]): [Topic, Grades][] => {
    const topic = set.topics.get(id);
    return topic ? [[topic, grades]] : [];
  });
  for (const [{ id, text }, grades] of asked) {
    if (options.signal.aborted) throw new AppError('INTERRUPTED');
    const started = performance.now();
    const hits = await hitsOf(retrieval, text, grades, options);
    took.set(id, performance.now() - started);
    run.set(id, hits.flatMap((hit) => documentsOf(hit, byPaper)).slice(0, options.k));
  }
  const topics = measureRun(run, set.judgements, set.topics).map((measured) => ({
    ...measured,
    ms: took.get(measured.topic) ?? 0,
  }));
  return {
    run,
    topics,
    mean: meanOf(topics.map(({ metrics }) => metrics)),
    msPerTopic: took.size > 0 ? mean([...took.values()]) : 0,
    missingDocuments: missing,
    missingTopics: [...set.judgements.keys()].filter((id) => !set.topics.has(id)),
  };
}
