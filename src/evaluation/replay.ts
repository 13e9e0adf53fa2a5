import type { PaperKey } from '../domain/mod.ts';
import { AppError } from '../errors.ts';
import {
  type Profile,
  rankForProfile,
  type Ranking,
  type RankingEngine,
  type Signal,
  trainProfile,
} from '../recommend/mod.ts';
import type { Store } from '../store/mod.ts';
import { areaUnderCurve, mean, measure } from './metrics.ts';
import type { Reader } from './readers.ts';
import { type Run, type ScoredDocument, trecOrder } from './run.ts';

export interface ReplayFigures {
  readonly ndcg20: number;
  readonly recall100: number;
  readonly auc: number;
}

export interface Replay {
  /** By reader, in their order. */
  readonly readers: readonly (ReplayFigures & { readonly reader: string })[];
  readonly mean: ReplayFigures;
  /** Means over readers. */
  readonly msTraining: number;
  readonly msRanking: number;
  readonly run: Run;
  /** Papers that the corpus lacks: liked ones say nothing, candidates come last. */
  readonly missing: readonly string[];
}

export interface ReplayParts {
  readonly engine: RankingEngine;
  readonly store: Pick<Store, 'findKey'>;
}

export interface ReplayOptions {
  readonly signal: AbortSignal;
  /** Another ranking than the feed's own, for comparison. */
  readonly rank?: (profile: Profile, pool: Int32Array) => Promise<Ranking>;
}

/** The keys of a reader's papers; two documents may have become one paper. */
function keysOf(documents: readonly string[], keyOf: ReadonlyMap<string, PaperKey>): PaperKey[] {
  return [...new Set(documents.flatMap((document) => keyOf.get(document) ?? []))];
}

function figuresOf(ranked: readonly ScoredDocument[], { future, candidates }: Reader): ReplayFigures {
  const order = trecOrder(ranked).map(({ document }) => document);
  const grades = new Map(future.map((document) => [document, 1]));
  const { 'ndcg@20': ndcg20, 'recall@100': recall100 } = measure(order, grades);
  return { ndcg20, recall100, auc: areaUnderCurve(order, grades, new Set(candidates).size) };
}

function meanOf(readers: readonly ReplayFigures[]): ReplayFigures {
  const over = (name: keyof ReplayFigures): number => mean(readers.map((reader) => reader[name]));
  return { ndcg20: over('ndcg20'), recall100: over('recall100'), auc: over('auc') };
}

/**
 * Lets each reader's liked papers rank their candidates, by the code that ranks feeds: content and days, and no names. Throws
 * USAGE where the corpus has no candidate of a reader, and INTERRUPTED when the signal aborts.
 */
export async function replay(
  { engine, store }: ReplayParts,
  readers: readonly Reader[],
  options: ReplayOptions,
): Promise<Replay> {
  const { signal, rank = (profile, pool) => rankForProfile(engine, profile, pool) } = options;
  const keyOf = new Map<string, PaperKey>();
  const missing: string[] = [];
  for (const document of new Set(readers.flatMap(({ liked, candidates }) => [...liked, ...candidates]))) {
    const key = store.findKey(document);
    if (key === undefined) missing.push(document);
    else keyOf.set(document, key);
  }
  const prepared = readers.map((reader) => {
    const signals = keysOf(reader.liked, keyOf).map((key): Signal => ({ key, weight: 1 }));
    const pool = Int32Array.from(keysOf(reader.candidates, keyOf));
    if (pool.length > 0) return { reader, signals, pool };
    throw new AppError('USAGE', { message: `the corpus has none of the candidates of reader ${reader.id}` });
  });
  const [first] = prepared;
  // What the engine lays out when it is first asked, for all readers, is no reader's time.
  if (first) await rank(await trainProfile(engine, first.signals), first.pool);
  const run = new Map<string, ScoredDocument[]>();
  const measured: (ReplayFigures & { readonly reader: string })[] = [];
  const times: { readonly training: number; readonly ranking: number }[] = [];
  for (const { reader, signals, pool } of prepared) {
    if (signal.aborted) throw new AppError('INTERRUPTED');
    const started = performance.now();
    const profile = await trainProfile(engine, signals);
    const trained = performance.now();
    const { keys, scores } = await rank(profile, pool);
    times.push({ training: trained - started, ranking: performance.now() - trained });
    const scoreOf = new Map(Array.from(keys, (key, at) => [key, scores[at] ?? 0]));
    const ranked = [...new Set(reader.candidates)].flatMap((document): ScoredDocument[] => {
      const score = scoreOf.get(keyOf.get(document) ?? -1);
      return score === undefined ? [] : [{ document, score }];
    });
    run.set(reader.id, ranked);
    measured.push({ reader: reader.id, ...figuresOf(ranked, reader) });
  }
  return {
    readers: measured,
    mean: meanOf(measured),
    msTraining: mean(times.map(({ training }) => training)),
    msRanking: mean(times.map(({ ranking }) => ranking)),
    run,
    missing,
  };
}
