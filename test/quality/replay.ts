import { join } from 'node:path';
import { loadConfig, ownVersion } from '../../src/config.ts';
import { openCorpus } from '../../src/app/mod.ts';
import { seeded } from '../../src/domain/seeded.ts';
import { DEFAULT_MODEL, describeFingerprint } from '../../src/encoder/mod.ts';
import { corpusBeside, readReaders, replay, type Replay } from '../../src/evaluation/mod.ts';
import { rankForProfile, RANKING_PARTS, type RankingPart, WEIGHTS } from '../../src/recommend/mod.ts';
import { evaluationSet, hasShared, SHARED } from '../support/judged.ts';
import { type Choice, fitChoices } from './fit.ts';
import { beside, logistic, nearestLiked, type Rank } from './replay-baselines.ts';
import { figure, table, writeFigures } from './sets.ts';

/**
 * `npm run replay`: plays the readers of papers20k through the ranking of feeds, with and without each part of it and through
 * others, fits the weights without a fifth of the readers at a time, and writes the tables of docs/feeds.md.
 */

type Weights = Readonly<Record<RankingPart, number>>;
const NOTHING: Weights = { words: 0, mean: 0, nearness: 0, recency: 0, smoothing: 0 };
const FOLDS = 5;
const SEED = 5;
/** What is a sum; smoothing comes after it. */
const SUMMED = ['words', 'mean', 'nearness', 'recency'] as const;
/** Next to the readers' losses, which sum to some hundreds, this is little. */
const PRIOR_STRENGTH = 1;
const SMOOTHINGS = [0, 0.3, 0.5, 0.65];

if (!hasShared) throw new Error(`the readers are in ${SHARED}, which is not there`);
const file = join(evaluationSet('papers20k'), 'readers.jsonl.gz');
const readers = await readReaders(file);
const { config } = loadConfig({});
const { signal } = new AbortController();
const ignore = (): void => undefined;
const search = await openCorpus(config, [corpusBeside(file)], { signal, onProgress: ignore, onBuilt: ignore });
const { engine } = search;
const everything = await engine.newest(0, engine.counts().documents);

const byWeights =
  (weights: Weights): Rank =>
  (profile, pool) =>
    rankForProfile(engine, profile, pool, weights);
const play = (rank: Rank, of = readers): Promise<Replay> => replay(search, of, { signal, rank });
const figuresOf = ({ mean }: Pick<Replay, 'mean'>): string[] => [mean.ndcg20, mean.recall100, mean.auc].map(figure);

async function ablation(): Promise<(string | number)[][]> {
  const negatives = logistic(engine, everything);
  const variants: readonly (readonly [string, Rank])[] = [
    ['centroid: cosine with the mean of the liked', byWeights({ ...NOTHING, mean: 1 })],
    ['max: cosine with the nearest of the liked', nearestLiked(engine)],
    ['logistic regression, liked against random papers', negatives],
    ['words alone', byWeights({ ...NOTHING, words: 1 })],
    ['centroid and nearness to each interest', byWeights({ ...WEIGHTS, words: 0, recency: 0, smoothing: 0 })],
    ['… and words', byWeights({ ...WEIGHTS, recency: 0, smoothing: 0 })],
    ['… and recency', byWeights({ ...WEIGHTS, smoothing: 0 })],
    ['… and negatives: logistic regression beside them (not used)', beside(engine, negatives)],
    ['… without negatives, smoothed: **as feeds are ranked**', byWeights(WEIGHTS)],
    ...RANKING_PARTS.map((part) => [`without ${part}`, byWeights({ ...WEIGHTS, [part]: 0 })] as const),
  ];
  const rows: (string | number)[][] = [];
  for (const [name, rank] of variants) {
    const played = await play(rank);
    rows.push([name, ...figuresOf(played)]);
    process.stderr.write(`${rows.at(-1)?.join(' ')} ${(played.msTraining + played.msRanking).toFixed(0)} ms\n`);
  }
  return rows;
}

/** What each part by itself says of each candidate of a reader, and which of them were wanted. */
async function choices(): Promise<Choice[]> {
  const runs: Replay['run'][] = [];
  for (const part of SUMMED) runs.push((await play(byWeights({ ...NOTHING, [part]: 1 }))).run);
  return readers.map(({ id, candidates, future }) => {
    const wanted = new Set(future);
    const columns = runs.map((run) => {
      const scores = new Map(run.get(id)?.map(({ document, score }) => [document, score]));
      return Float64Array.from(candidates, (candidate) => scores.get(candidate) ?? 0);
    });
    return { columns, relevant: candidates.map((candidate) => wanted.has(candidate)), weight: 1 };
  });
}

/** Weights and smoothing chosen on four fifths of the readers, measured on the other. */
async function heldOut(): Promise<string> {
  const next = seeded(SEED);
  const shuffled = readers.map((_, at) => ({ at, by: next() })).toSorted((a, b) => a.by - b.by);
  const foldOf = new Map(shuffled.map(({ at }, i) => [at, i % FOLDS]));
  const all = await choices();
  const smoothings: { readonly smoothing: number; readonly of: Replay['readers'] }[] = [];
  for (const smoothing of SMOOTHINGS) {
    smoothings.push({ smoothing, of: (await play(byWeights({ ...WEIGHTS, smoothing }))).readers });
  }
  const measured: Replay['readers'][number][] = [];
  const chosen: Weights[] = [];
  for (let fold = 0; fold < FOLDS; fold += 1) {
    const isOut = (at: number): boolean => foldOf.get(at) === fold;
    const at = SUMMED.map((part) => WEIGHTS[part]);
    const fitted = fitChoices(
      all.filter((_, reader) => !isOut(reader)),
      { at, strength: PRIOR_STRENGTH },
    );
    const sumOf = (of: Replay['readers']): number =>
      of.reduce((sum, { ndcg20 }, reader) => sum + (isOut(reader) ? 0 : ndcg20), 0);
    const [best] = smoothings.toSorted((a, b) => sumOf(b.of) - sumOf(a.of));
    const [words = 0, mean = 0, nearness = 0, recency = 0] = fitted;
    const weights = { words, mean, nearness, recency, smoothing: best?.smoothing ?? 0 };
    chosen.push(weights);
    const { readers: out } = await play(
      byWeights(weights),
      readers.filter((_, reader) => isOut(reader)),
    );
    measured.push(...out);
    process.stderr.write(`fold ${fold + 1}: ${JSON.stringify(weights)}\n`);
  }
  const meanOf = (name: 'ndcg20' | 'recall100' | 'auc'): number =>
    measured.reduce((sum, reader) => sum + reader[name], 0) / measured.length;
  const range = (part: RankingPart): string => {
    const values = chosen.map((weights) => weights[part] / (part === 'smoothing' ? 1 : weights.words / WEIGHTS.words));
    return `\`${part}\` ${figure(Math.min(...values))}–${figure(Math.max(...values))} (${figure(WEIGHTS[part])})`;
  };
  return [
    `Held out: nDCG@20 ${figure(meanOf('ndcg20'))}, recall@100 ${figure(meanOf('recall100'))}, AUC ${figure(meanOf('auc'))}, where the weights of the sum and the smoothing were chosen on four fifths of the readers and measured on the other, five times over.`,
    `The weights chosen, \`words\` taken for as heavy as it is, and in brackets those in use: ${RANKING_PARTS.filter(
      (part) => part !== 'words',
    )
      .map(range)
      .join(', ')}.`,
  ].join(' ');
}

function standardError(of: Replay['readers'], name: 'ndcg20' | 'auc'): string {
  const values = of.map((reader) => reader[name]);
  const mean = values.reduce((a, b) => a + b, 0) / values.length;
  const squares = values.reduce((sum, value) => sum + (value - mean) ** 2, 0);
  return figure(Math.sqrt(squares / (values.length - 1) / values.length));
}

const rows = await ablation();
const feed = await play(byWeights(WEIGHTS));
const held = await heldOut();
const { fingerprint } = await describeFingerprint({ ...config, model: config.model || DEFAULT_MODEL });
const errors = `Standard errors of the means: nDCG@20 ${standardError(feed.readers, 'ndcg20')}, AUC ${standardError(feed.readers, 'auc')}.`;
const figures = [
  `Paperkin ${ownVersion()}, model \`${fingerprint}\`, Node ${process.versions.node}, ${new Date().toISOString().slice(0, 10)}; ${readers.length} readers.`,
  ...['', table(['ranking', 'nDCG@20', 'recall@100', 'AUC'], rows), '', errors, '', held],
].join('\n');
await writeFigures('replay', figures);
await search.close();
