import type { Judgements, Topic } from './judgements.ts';
import { eachMetric, mean, type MetricName, type Metrics } from './metrics.ts';
import { measureRun, type Run } from './run.ts';
import { randomisationTest } from './significance.ts';

/** One metric of two runs. Differences are B less A, so that a win is B's. */
export interface MetricComparison {
  readonly a: number;
  readonly b: number;
  readonly difference: number;
  readonly wins: number;
  readonly losses: number;
  readonly ties: number;
  /** Two-sided, of the paired randomisation test. */
  readonly p: number;
}

export interface TopicComparison {
  readonly topic: string;
  readonly text: string | undefined;
  readonly a: Metrics;
  readonly b: Metrics;
  readonly difference: Metrics;
}

export interface Comparison {
  readonly metrics: Readonly<Record<MetricName, MetricComparison>>;
  /** Every judged topic, in the order of the judgements. */
  readonly topics: readonly TopicComparison[];
}

// Equal but for the last bits of a sum.
const TIE = 1e-9;

function compareMetric(topics: readonly TopicComparison[], name: MetricName): MetricComparison {
  const differences = topics.map(({ difference }) => difference[name]);
  const wins = differences.filter((difference) => difference > TIE).length;
  const losses = differences.filter((difference) => difference < -TIE).length;
  return {
    a: mean(topics.map(({ a }) => a[name])),
    b: mean(topics.map(({ b }) => b[name])),
    difference: mean(differences),
    wins,
    losses,
    ties: topics.length - wins - losses,
    p: randomisationTest(differences),
  };
}

/** Two runs over the same judged topics. */
export function compareRuns(
  a: Run,
  b: Run,
  judgements: Judgements,
  texts: ReadonlyMap<string, Topic> = new Map(),
): Comparison {
  const measuredB = new Map(measureRun(b, judgements).map(({ topic, metrics }) => [topic, metrics]));
  const topics = measureRun(a, judgements, texts).flatMap(({ topic, text, metrics }) => {
    const other = measuredB.get(topic);
    if (!other) return [];
    const difference = eachMetric((name) => other[name] - metrics[name]);
    return [{ topic, text, a: metrics, b: other, difference }];
  });
  return { metrics: eachMetric((name) => compareMetric(topics, name)), topics };
}

/** The topics whose metric differs most, the largest difference first; those without one are left out. */
export function mostChanged({ topics }: Comparison, name: MetricName, count: number): TopicComparison[] {
  return topics
    .filter(({ difference }) => Math.abs(difference[name]) > TIE)
    .sort((x, y) => Math.abs(y.difference[name]) - Math.abs(x.difference[name]))
    .slice(0, count);
}
