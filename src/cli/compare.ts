import type { Command } from 'commander';
import {
  compareRuns,
  type Comparison,
  METRIC_NAMES,
  type MetricComparison,
  mostChanged,
  readJudgements,
  readRun,
  readTopics,
} from '../evaluation/mod.ts';
import { type GlobalFlags, oneOf } from './context.ts';
import { clean, printJson, printLine, styled } from './print.ts';

interface CompareFlags extends GlobalFlags {
  readonly qrels: string;
  readonly queries?: string;
  readonly metric: string;
}

const SHOWN_TOPICS = 10;

export function addCompare(program: Command): Command {
  return program
    .command('compare')
    .description('say where two runs over the same topics differ, and whether it could be chance')
    .argument('<a>', 'a TREC run')
    .argument('<b>', 'the run that is compared with it')
    .requiredOption('--qrels <file>', 'the judgements, as in BEIR’s qrels/test.tsv')
    .option('--queries <file>', 'the topics’ texts, as in BEIR’s queries.jsonl')
    .option('--metric <name>', `the metric that topics are compared by: ${METRIC_NAMES.join(', ')}`, 'ndcg@10')
    .action(async (a: string, b: string, flags: CompareFlags) => {
      const metric = oneOf(flags.metric, '--metric', METRIC_NAMES);
      const judgements = await readJudgements(flags.qrels);
      const texts = flags.queries === undefined ? undefined : await readTopics(flags.queries);
      const comparison = compareRuns(await readRun(a), await readRun(b), judgements, texts);
      const changed = mostChanged(comparison, metric, SHOWN_TOPICS).map(({ topic, text, a, b, difference }) => ({
        topic,
        text: text ?? null,
        a: a[metric],
        b: b[metric],
        difference: difference[metric],
      }));
      if (flags.json) {
        const perTopic = comparison.topics.map(({ topic, difference }) => ({ topic, ...difference }));
        printJson({ a, b, topics: perTopic.length, metrics: comparison.metrics, metric, changed, perTopic });
      } else {
        printComparison(comparison);
        printLine(`\nmost changed by ${metric}:`);
        for (const { topic, text, a, b, difference } of changed) {
          printLine(`${signed(difference)}  ${a.toFixed(4)} → ${b.toFixed(4)}  ${clean(`${topic} ${text ?? ''}`)}`);
        }
      }
    });
}

const signed = (value: number): string => `${value < 0 ? '-' : '+'}${Math.abs(value).toFixed(4)}`;

function metricLine(name: string, { a, b, difference, wins, losses, ties, p }: MetricComparison): string {
  const counts = [wins, losses, ties].map((count) => String(count).padStart(6)).join(' ');
  return `${name.padEnd(11)} ${a.toFixed(4)}  ${b.toFixed(4)}  ${signed(difference)} ${counts}  ${p.toFixed(4)}`;
}

function printComparison({ metrics, topics }: Comparison): void {
  printLine(`${topics.length} topics`);
  printLine(styled('dim', `${' '.repeat(11)} A       B       B − A     wins losses   ties  p`));
  for (const name of METRIC_NAMES) printLine(metricLine(name, metrics[name]));
}
