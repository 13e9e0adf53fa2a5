import type { Grades } from './judgements.ts';

export const METRIC_NAMES = ['ndcg@10', 'ndcg@20', 'map', 'recall@100', 'mrr', 'success@1', 'success@10'] as const;
export type MetricName = (typeof METRIC_NAMES)[number];
export type Metrics = Readonly<Record<MetricName, number>>;

/** A ranking as its grades (0 where a document is not judged), and the grades of all relevant documents, best first. */
interface Graded {
  readonly ranked: readonly number[];
  readonly ideal: readonly number[];
}

const isRelevant = (grade: number): boolean => grade > 0;
const relevantWithin = ({ ranked }: Graded, cutoff: number): number =>
  ranked.slice(0, cutoff).filter(isRelevant).length;

function discounted(grades: readonly number[], cutoff: number): number {
  return grades.slice(0, cutoff).reduce((sum, grade, i) => sum + Math.max(0, grade) / Math.log2(i + 2), 0);
}

/** Gain = grade, log2 discount (Järvelin and Kekäläinen 2002). */
function ndcg({ ranked, ideal }: Graded, cutoff: number): number {
  return discounted(ranked, cutoff) / discounted(ideal, cutoff);
}

/** Mean, over all relevant documents, of the precision at the rank of each; 0 for those that are not found. */
function averagePrecision({ ranked, ideal }: Graded): number {
  let found = 0;
  let sum = 0;
  ranked.forEach((grade, i) => {
    if (!isRelevant(grade)) return;
    found += 1;
    sum += found / (i + 1);
  });
  return sum / ideal.length;
}

function reciprocalRank({ ranked }: Graded): number {
  return 1 / (ranked.findIndex(isRelevant) + 1 || Infinity);
}

const success = (graded: Graded, cutoff: number): number => (relevantWithin(graded, cutoff) > 0 ? 1 : 0);

const COMPUTE: Readonly<Record<MetricName, (graded: Graded) => number>> = {
  'ndcg@10': (graded) => ndcg(graded, 10),
  'ndcg@20': (graded) => ndcg(graded, 20),
  map: averagePrecision,
  'recall@100': (graded) => relevantWithin(graded, 100) / graded.ideal.length,
  mrr: reciprocalRank,
  'success@1': (graded) => success(graded, 1),
  'success@10': (graded) => success(graded, 10),
};

/** A value for each metric. */
export function eachMetric<T>(valueOf: (name: MetricName) => T): Readonly<Record<MetricName, T>> {
  return {
    'ndcg@10': valueOf('ndcg@10'),
    'ndcg@20': valueOf('ndcg@20'),
    map: valueOf('map'),
    'recall@100': valueOf('recall@100'),
    mrr: valueOf('mrr'),
    'success@1': valueOf('success@1'),
    'success@10': valueOf('success@10'),
  };
}

/** What a ranking of documents, best first, is worth, as trec_eval computes it. At least one document must be relevant. */
export function measure(ranked: readonly string[], grades: Grades): Metrics {
  const graded = {
    ranked: ranked.map((document) => grades.get(document) ?? 0),
    ideal: [...grades.values()].filter(isRelevant).sort((a, b) => b - a),
  };
  return eachMetric((name) => COMPUTE[name](graded));
}

/**
 * How often a relevant document comes before one that is not, of all pairs of a ranking over `documents`: area under the ROC
 * curve (Hanley and McNeil 1982). What is not ranked comes last, in no order. There must be documents of both kinds.
 */
export function areaUnderCurve(ranked: readonly string[], grades: Grades, documents: number): number {
  const relevant = [...grades.values()].filter(isRelevant).length;
  const others = documents - relevant;
  let relevantAhead = 0;
  let pairs = 0;
  for (const document of ranked) {
    if (isRelevant(grades.get(document) ?? 0)) relevantAhead += 1;
    else pairs += relevantAhead;
  }
  const othersBehind = documents - ranked.length - (relevant - relevantAhead);
  return (pairs + othersBehind * (relevantAhead + (relevant - relevantAhead) / 2)) / (relevant * others);
}

export const mean = (values: readonly number[]): number => values.reduce((a, b) => a + b, 0) / values.length;

export function meanOf(all: readonly Metrics[]): Metrics {
  return eachMetric((name) => mean(all.map((metrics) => metrics[name])));
}
