import type { Command } from 'commander';
import { SEARCH_MODES, STAGES } from '../domain/mod.ts';
import {
  CANDIDATES,
  eachMetric,
  evaluate,
  type Evaluation,
  type EvaluationOptions,
  type JudgedSet,
  METRIC_NAMES,
  type Metrics,
  readJudgedSet,
  runLines,
  TAKEN_AS,
} from '../evaluation/mod.ts';
import { type Context, contextOf, type GlobalFlags, oneOf, wholeNumber } from './context.ts';
import { openForMeasuring } from './corpus.ts';
import { writeFileWhole } from './export-file.ts';
import { interruption } from './interruption.ts';
import { clean, printJson, printLine, styled } from './print.ts';

interface EvaluateFlags extends GlobalFlags {
  readonly mode: string;
  readonly as: string;
  readonly candidates: string;
  readonly corpus?: string[];
  readonly k: string;
  readonly without?: string[];
  readonly run?: string;
  readonly topics?: boolean;
}

const MOST_HITS = 1000;
const SHOWN_CHARS = 60;

/** Beyond what a run's single-precision scores can tell apart. */
const rounded = (value: number): number => Number(value.toFixed(6));
const roundedMetrics = (metrics: Metrics): Metrics => eachMetric((name) => rounded(metrics[name]));

export function addEvaluate(program: Command): Command {
  return program
    .command('evaluate')
    .description('measure how well the topics of a judged set are answered')
    .argument('<folder>', 'a set in BEIR’s layout: corpus.jsonl, queries.jsonl, qrels/test.tsv')
    .option('--mode <mode>', SEARCH_MODES.join(', '), 'hybrid')
    .option('--as <what>', `what a topic’s text is: ${TAKEN_AS.join(' or ')}`, 'search')
    .option('--candidates <which>', `which documents are ranked: ${CANDIDATES.join(' or ')}`, 'all')
    .option('--corpus <files...>', 'files that hold the documents, in any format (default: the folder’s own)')
    .option('-k <n>', 'how many hits a topic', '1000')
    .option('--without <stages...>', `stages of the ranking to leave out: ${STAGES.join(', ')}`)
    .option('--run <file>', 'write what was retrieved as a TREC run')
    .option('--topics', 'also tell the figures of each topic')
    .action(async (folder: string, flags: EvaluateFlags) => {
      const context = contextOf(flags);
      const stop = interruption('stopping; once more to stop at once');
      const options = {
        mode: oneOf(flags.mode, '--mode', SEARCH_MODES),
        as: oneOf(flags.as, '--as', TAKEN_AS),
        candidates: oneOf(flags.candidates, '--candidates', CANDIDATES),
        k: wholeNumber(flags.k, '-k', 1, MOST_HITS),
        without: (flags.without ?? []).map((stage) => oneOf(stage, '--without', STAGES)),
        signal: stop.signal,
      };
      try {
        const set = await readJudgedSet(folder, flags.corpus);
        const evaluation = await evaluated(context, set, options);
        if (flags.run !== undefined) {
          const lines = runLines(evaluation.run, `paperkin-${options.mode}`);
          await writeFileWhole(flags.run, lines, {
            compress: flags.run.toLowerCase().endsWith('.gz'),
            signal: stop.signal,
          });
        }
        warn(evaluation, context);
        print(context, { set: set.name, mode: options.mode, as: options.as }, evaluation, flags.topics ?? false);
      } finally {
        stop.release();
      }
    });
}

async function evaluated(context: Context, set: JudgedSet, options: EvaluationOptions): Promise<Evaluation> {
  const search = await openForMeasuring(context, set.corpus, options.signal);
  try {
    return await evaluate(search, set, options);
  } finally {
    await search.close();
  }
}

function warn({ missingDocuments, missingTopics }: Evaluation, { quiet }: Context): void {
  const tell = (missing: readonly string[], what: string): void => {
    if (quiet || missing.length === 0) return;
    process.stderr.write(`${missing.length} ${what}, the first: ${clean(missing[0] ?? '')}\n`);
  };
  tell(missingDocuments, 'judged documents are not in the corpus and count as not found');
  tell(missingTopics, 'judged topics have no text and count 0');
}

function print(
  { json }: Context,
  told: { readonly set: string; readonly mode: string; readonly as: string },
  { topics, mean, msPerTopic }: Evaluation,
  withTopics: boolean,
): void {
  if (json) {
    const perTopic = topics.map(({ topic, text, metrics, ms }) => ({
      topic,
      text: text ?? null,
      ...roundedMetrics(metrics),
      ms: rounded(ms),
    }));
    printJson({
      ...told,
      topics: topics.length,
      ...roundedMetrics(mean),
      msPerTopic: rounded(msPerTopic),
      ...(withTopics ? { perTopic } : {}),
    });
    return;
  }
  const line = (metrics: Metrics): string =>
    METRIC_NAMES.map((name) => metrics[name].toFixed(4).padStart(10)).join(' ');
  const header = METRIC_NAMES.map((name) => name.padStart(10)).join(' ');
  printLine(styled('bold', `${clean(told.set)}, ${told.mode}, as ${told.as}: ${topics.length} topics`));
  printLine(header);
  if (withTopics) {
    for (const { topic, text = '', metrics } of topics) {
      printLine(`${line(metrics)}  ${styled('dim', clean(`${topic}: ${text.slice(0, SHOWN_CHARS)}`))}`);
    }
  }
  printLine(styled('bold', line(mean)));
  printLine(styled('dim', `${msPerTopic.toFixed(1)} ms a topic`));
}
