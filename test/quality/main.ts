import { loadConfig, ownVersion } from '../../src/config.ts';
import { STAGES } from '../../src/domain/mod.ts';
import { DEFAULT_MODEL, describeFingerprint } from '../../src/encoder/mod.ts';
import { METRIC_NAMES, type Metrics } from '../../src/evaluation/mod.ts';
import { type Asked, hasShared, measuring, SHARED } from '../support/judged.ts';
import { evidenceAgreement } from './evidence.ts';
import { figure, readVisibleSet, SETS, table, writeFigures } from './sets.ts';

/** `npm run quality`: measures every visible set in every variant and writes the table of docs/relevance.md. */

/** The pipeline as it serves, then without one stage after another, without any, and by one side alone. */
const VARIANTS: readonly { readonly name: string; readonly asked: Asked }[] = [
  { name: 'everything', asked: {} },
  ...STAGES.map((stage) => ({ name: `without ${stage}`, asked: { without: [stage] } })),
  { name: 'without any stage', asked: { without: STAGES } },
  { name: 'without meaning', asked: { mode: 'lexical' } },
  { name: 'without words', asked: { mode: 'dense' } },
];

function row(set: string, variant: string, topics: number, metrics: Metrics): (string | number)[] {
  return [set, variant, topics, ...METRIC_NAMES.map((name) => figure(metrics[name]))];
}

async function measureAll(): Promise<{ readonly rows: (string | number)[][]; readonly evidence: string }> {
  const rows: (string | number)[][] = [];
  let evidence = '';
  for (const visible of SETS) {
    const { name, topics, k } = visible;
    const set = await readVisibleSet(visible);
    const measured = await measuring(set);
    for (const { name: variant, asked } of VARIANTS) {
      const { mean } = await measured.measure({ ...asked, k });
      rows.push(row(name, variant, set.judgements.size, mean));
      process.stderr.write(`${rows.at(-1)?.join(' ')}\n`);
    }
    if (topics === 'tldr') {
      const { topics: judged, share } = await evidenceAgreement(measured.search, set);
      evidence = `Evidence, ${name}: ${figure(share)} of ${judged} topics.`;
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
  table(header, rows),
  '',
  evidence,
].join('\n');
await writeFigures('quality', figures);
