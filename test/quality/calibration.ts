import { mean } from '../../src/evaluation/metrics.ts';
import { type Example, fitLogistic, type Logistic, logLoss, probability } from './fit.ts';
import type { Look, PartWeights } from './looks.ts';
import { figure, table } from './sets.ts';
import { grouped } from './weights.ts';

/** What a hit may tell of its being relevant: its cosine, how much of the query it has, and its score. */
const INPUTS = ['cosine', 'coverage', 'score'] as const;
/** A page: further hits are seldom relevant, and seldom seen. */
const HITS = 10;
/** An input that gains less log-loss than this is left out: the share of terms gains .002, and would count against a paper. */
const ENOUGH_GAIN = 0.005;
/** Keeps the weights finite, and moves none by .01. */
const STRENGTH = 1e-4;

export interface JudgedHit {
  readonly set: string;
  readonly fold: number;
  readonly inputs: readonly number[];
  readonly isRelevant: boolean;
}

/** The first hits of a topic as they rank under the weights. */
export async function firstHits(look: Look, set: string, fold: number, weights: PartWeights): Promise<JudgedHit[]> {
  const hits = (await look.rank(weights)).slice(0, HITS);
  const { cosines, coverage } = await look.inspect(hits);
  return hits.flatMap((hit, i): JudgedHit[] => {
    const inputs = [cosines[i] ?? NaN, coverage[i] ?? NaN, hit.score];
    // A paper that is not embedded has no cosine.
    return inputs.some(Number.isNaN) ? [] : [{ set, fold, inputs, isRelevant: look.isRelevant(hit) }];
  });
}

interface Predicted extends Example {
  readonly predicted: number;
  readonly loss: number;
}

/** Every hit as predicted by what was fitted to the topics of the other folds. */
function crossValidated(examples: readonly (Example & { readonly fold: number })[]): Predicted[] {
  const folds = new Set(examples.map(({ fold }) => fold));
  return [...folds].flatMap((fold) => {
    const model = fitLogistic(
      examples.filter((example) => example.fold !== fold),
      STRENGTH,
    );
    return examples
      .filter((example) => example.fold === fold)
      .map((example) => ({
        ...example,
        predicted: probability(model, example.inputs),
        loss: logLoss(model, example),
      }));
  });
}

function weightedMean(predicted: readonly Predicted[], valueOf: (each: Predicted) => number): number {
  const total = predicted.reduce((sum, { weight }) => sum + weight, 0);
  return predicted.reduce((sum, each) => sum + each.weight * valueOf(each), 0) / total;
}

/** How often a relevant hit is given more than one that is not; ties count half. */
function areaUnderCurve(predicted: readonly Predicted[]): number {
  const rising = predicted.toSorted((a, b) => a.predicted - b.predicted);
  const ties = grouped(rising, (each) => String(each.predicted));
  let below = 0;
  let won = 0;
  let relevant = 0;
  for (const tied of ties.values()) {
    const weigh = (isRelevant: boolean): number =>
      tied.reduce((sum, each) => sum + (each.isRelevant === isRelevant ? each.weight : 0), 0);
    won += weigh(true) * (below + weigh(false) / 2);
    relevant += weigh(true);
    below += weigh(false);
  }
  return won / (relevant * below);
}

/** Non-empty subsets of the inputs, as their places. */
const SUBSETS = Array.from({ length: 2 ** INPUTS.length - 1 }, (_, i) =>
  [...INPUTS.keys()].filter((input) => (i + 1) & (1 << input)),
);

function reliability(predicted: readonly Predicted[]): string {
  const tenths = Array.from({ length: 10 }, (_, tenth) =>
    predicted.filter((each) => Math.min(9, Math.floor(each.predicted * 10)) === tenth),
  );
  const rows = tenths.map((within, tenth) => [
    `${figure(tenth / 10)} to ${figure((tenth + 1) / 10)}`,
    within.length,
    within.length === 0 ? '' : figure(weightedMean(within, (each) => each.predicted)),
    within.length === 0 ? '' : figure(weightedMean(within, ({ isRelevant }) => Number(isRelevant))),
  ]);
  return table(['predicted', 'hits', 'mean predicted', 'share relevant'], rows);
}

function constants({ bias, weights }: Logistic, subset: readonly number[]): string {
  const named = subset.map((input, i) => `${INPUTS[input]}: ${(weights[i] ?? 0).toFixed(2)}`);
  return `{ bias: ${bias.toFixed(2)}, ${named.join(', ')} }`;
}

export interface Calibration {
  /** Markdown. */
  readonly report: string;
  /** What is to be written into src/retrieval/relevance.ts. */
  readonly constants: string;
}

/** How likely a hit is relevant, each set counting alike: fitted and cross-validated. */
export function calibrate(hits: readonly JudgedHit[]): Calibration {
  const sets = grouped(hits, ({ set }) => set);
  const examples = (subset: readonly number[]): (Example & { readonly fold: number })[] =>
    hits.map(({ set, fold, inputs, isRelevant }) => ({
      ...{ fold, isRelevant, inputs: subset.map((input) => inputs[input] ?? 0) },
      weight: 1 / (sets.get(set)?.length ?? 1),
    }));
  const tried = SUBSETS.map((subset) => {
    const predicted = crossValidated(examples(subset));
    return { subset, predicted, loss: weightedMean(predicted, ({ loss }) => loss) };
  }).toSorted((a, b) => a.subset.length - b.subset.length || a.loss - b.loss);
  const least = Math.min(...tried.map(({ loss }) => loss));
  const chosen = tried.find(({ loss }) => loss <= least + ENOUGH_GAIN);
  if (!chosen) throw new Error('there is no hit to calibrate by');
  const names = (subset: readonly number[]): string => subset.map((input) => INPUTS[input]).join(', ');
  const rows = tried.map(({ subset, predicted, loss }) => [
    ...[names(subset), loss.toFixed(4), figure(areaUnderCurve(predicted))],
    constants(fitLogistic(examples(subset), STRENGTH), subset),
  ]);
  const report = [
    table(['inputs', 'log-loss', 'AUC', 'constants'], rows),
    `Chosen: ${names(chosen.subset)}. ${hits.length} hits, ${figure(mean(hits.map((hit) => Number(hit.isRelevant))))} relevant.`,
    reliability(chosen.predicted),
  ].join('\n\n');
  const fitted = fitLogistic(examples(chosen.subset), STRENGTH);
  return { report, constants: `const LOG_ODDS = ${constants(fitted, chosen.subset)};` };
}
