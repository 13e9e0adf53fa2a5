import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { format, resolveConfig } from 'prettier';
import { loadConfig, ownVersion } from '../../src/config.ts';
import { STAGES } from '../../src/domain/mod.ts';
import { DEFAULT_MODEL, describeFingerprint } from '../../src/encoder/mod.ts';
import { type JudgedSet, METRIC_NAMES, type Metrics, readJudgedSet } from '../../src/evaluation/mod.ts';
import { type Asked, evaluationSet, hasShared, measuring, ROOT, SAMPLE, SHARED } from '../support/judged.ts';
import { evidenceAgreement } from './evidence.ts';

/** `npm run quality`: measures every visible set in every variant and writes the table of docs/relevance.md. */

interface MeasuredSet {
  readonly name: string;
  readonly folder: string;
  /** Where the folder has no documents of its own. */
  readonly corpus?: readonly string[];
  /** Topics whose ids begin so; all when absent. */
  readonly topics?: string;
  readonly k: number;
}

const PAPERS20K = [join(evaluationSet('papers20k'), 'corpus.jsonl.gz')];
// Where one document is to be found, what is past the first 100 moves no figure by .001 (keywords: MAP .5837, with 1,000
// hits .5841), and costs six times as much (22 ms a topic, 135 ms).
const ONE_ANSWER = { corpus: PAPERS20K, k: 100 };
const SETS: readonly MeasuredSet[] = [
  { name: 'sample', ...SAMPLE, k: 1000 },
  { name: 'cacm', folder: evaluationSet('cacm'), k: 1000 },
  { name: 'cranfield', folder: evaluationSet('cranfield'), k: 1000 },
  { name: 'questions', folder: evaluationSet('questions'), ...ONE_ANSWER },
  { name: 'papers20k tldr', folder: evaluationSet('papers20k'), topics: 'tldr', ...ONE_ANSWER },
  { name: 'papers20k keywords', folder: evaluationSet('papers20k'), topics: 'keywords', ...ONE_ANSWER },
];

/** The pipeline as it serves, then without one stage after another, then by its two sides alone. */
const VARIANTS: readonly { readonly name: string; readonly asked: Asked }[] = [
  { name: 'everything', asked: {} },
  ...STAGES.map((stage) => ({ name: `without ${stage}`, asked: { without: [stage] } })),
  { name: 'the two sides summed', asked: { without: STAGES } },
  { name: 'without meaning', asked: { mode: 'lexical' } },
  { name: 'without words', asked: { mode: 'dense' } },
];

const PAGE = join(ROOT, 'docs', 'relevance.md');
const [BEGIN, END] = ['<!-- figures: npm run quality -->', '<!-- /figures -->'];

function topicsThatBegin(set: JudgedSet, beginning = ''): JudgedSet {
  return { ...set, judgements: new Map([...set.judgements].filter(([id]) => id.startsWith(beginning))) };
}

function row(set: string, variant: string, topics: number, metrics: Metrics): string {
  const figures = METRIC_NAMES.map((name) => metrics[name].toFixed(3).replace(/^0/, ''));
  return `| ${[set, variant, topics, ...figures].join(' | ')} |`;
}

async function measureAll(): Promise<{ readonly rows: string[]; readonly evidence: string }> {
  const rows: string[] = [];
  let evidence = '';
  for (const { name, folder, corpus, topics, k } of SETS) {
    const set = topicsThatBegin(await readJudgedSet(folder, corpus), topics);
    const measured = await measuring(set);
    for (const { name: variant, asked } of VARIANTS) {
      const { mean } = await measured.measure({ ...asked, k });
      rows.push(row(name, variant, set.judgements.size, mean));
      process.stderr.write(`${rows.at(-1)}\n`);
    }
    if (topics === 'tldr') {
      const { topics: judged, share } = await evidenceAgreement(measured.search, set);
      evidence = `Evidence, ${name}: ${share.toFixed(3).replace(/^0/, '')} of ${judged} topics.`;
      process.stderr.write(`${evidence}\n`);
    }
    await measured.close();
  }
  return { rows, evidence };
}

if (!hasShared) throw new Error(`the judged sets are in ${SHARED}, which is not there`);
const { config } = loadConfig({});
const { fingerprint } = await describeFingerprint({ ...config, model: config.model || DEFAULT_MODEL });
const { rows, evidence } = await measureAll();
const header = ['set', 'variant', 'topics', ...METRIC_NAMES];
const figures = [
  `Paperkin ${ownVersion()}, model \`${fingerprint}\`, Node ${process.versions.node}, ${new Date().toISOString().slice(0, 10)}.`,
  '',
  `| ${header.join(' | ')} |`,
  `| ${header.map(() => '---').join(' | ')} |`,
  ...rows,
  '',
  evidence,
].join('\n');
const page = readFileSync(PAGE, 'utf8');
const [before = '', rest = ''] = page.split(BEGIN);
const [, after] = rest.split(END);
if (after === undefined) throw new Error(`${PAGE} has no place for the figures: ${BEGIN} … ${END}`);
const written = `${before}${BEGIN}\n\n${figures}\n\n${END}${after}`;
writeFileSync(PAGE, await format(written, { ...(await resolveConfig(PAGE)), parser: 'markdown' }));
