import { spawnSync } from 'node:child_process';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { areaUnderCurve, measure, METRIC_NAMES } from '../../../src/evaluation/metrics.ts';
import { measureRun, type Run, trecOrder } from '../../../src/evaluation/run.ts';

const grades = new Map([
  ['a', 3],
  ['b', 1],
  ['c', 0],
  ['d', 2],
]);

describe('the metrics of a ranking', () => {
  it('are those computed by hand', () => {
    const { map, mrr, ...rest } = measure(['x', 'b', 'c', 'a'], grades);
    // Grades by rank 0, 1, 0, 3; best possible 3, 2, 1.
    const ideal = 3 / Math.log2(2) + 2 / Math.log2(3) + 1 / Math.log2(4);
    const found = 1 / Math.log2(3) + 3 / Math.log2(5);
    expect(rest['ndcg@10']).toBeCloseTo(found / ideal, 12);
    expect(rest['ndcg@20']).toBeCloseTo(found / ideal, 12);
    expect(map).toBeCloseTo((1 / 2 + 2 / 4) / 3, 12);
    expect(mrr).toBe(0.5);
    expect(rest['recall@100']).toBeCloseTo(2 / 3, 12);
    expect(rest['success@1']).toBe(0);
    expect(rest['success@10']).toBe(1);
  });

  it('are 1 for the best ranking and 0 for one that finds nothing', () => {
    for (const name of METRIC_NAMES) {
      expect(measure(['a', 'd', 'b'], grades)[name], name).toBe(1);
      expect(measure([], grades)[name], name).toBe(0);
      expect(measure(['c', 'x'], grades)[name], name).toBe(0);
    }
  });

  it('look no further than their cutoff', () => {
    const late = [...Array.from({ length: 10 }, (_, i) => `x${i}`), 'a'];
    const found = measure(late, grades);
    expect(found['ndcg@10']).toBe(0);
    expect(found['ndcg@20']).toBeGreaterThan(0);
    expect(found['success@10']).toBe(0);
    expect(found.mrr).toBeCloseTo(1 / 11, 12);
  });
});

describe('the area under the curve', () => {
  const auc = (ranked: readonly string[], documents = ranked.length): number =>
    areaUnderCurve(ranked, new Map(['a', 'b'].map((id) => [id, 1])), documents);

  it('is the share of pairs in their right order', () => {
    expect(auc(['a', 'b', 'x', 'y'])).toBe(1);
    expect(auc(['x', 'y', 'a', 'b'])).toBe(0);
    expect(auc(['a', 'x', 'y', 'b'])).toBe(0.5);
    expect(auc(['a', 'x', 'b', 'y'])).toBe(0.75);
  });

  it('has what is not ranked behind the rest, as likely one way as the other', () => {
    expect(auc(['a', 'b'], 4)).toBe(1);
    expect(auc([], 4)).toBe(0.5);
    expect(auc(['a', 'x'], 4)).toBe((1 + 1 + 0 + 0.5) / 4);
  });
});

describe('the order of a run', () => {
  const order = (documents: readonly [string, number][]): string[] =>
    trecOrder(documents.map(([document, score]) => ({ document, score }))).map(({ document }) => document);

  it('is by falling score, and by falling id, byte by byte, where scores are equal', () => {
    expect(order([['b', 1], ['a', 2], ['c', 1], ['B', 1]])).toEqual(['a', 'c', 'b', 'B']); // prettier-ignore
    // U+FF5E sorts before U+1F600 by bytes, after it by UTF-16 units.
    expect(order([['\uff5e', 1], ['😀', 1]])).toEqual(['😀', '\uff5e']); // prettier-ignore
  });

  it('takes scores for equal that single precision cannot tell apart', () => {
    expect(order([['a', 0.1 + 1e-12], ['b', 0.1]])).toEqual(['b', 'a']); // prettier-ignore
  });
});

const PYTREC = `
import json, sys, pytrec_eval
told = json.load(sys.stdin)
names = {'ndcg_cut_10', 'ndcg_cut_20', 'map', 'recall_100', 'recip_rank', 'success_1', 'success_10'}
found = pytrec_eval.RelevanceEvaluator(told['qrels'], names).evaluate(told['run'])
print(json.dumps(found))
`;
const AS_PYTREC = {
  'ndcg@10': 'ndcg_cut_10',
  'ndcg@20': 'ndcg_cut_20',
  map: 'map',
  'recall@100': 'recall_100',
  mrr: 'recip_rank',
  'success@1': 'success_1',
  'success@10': 'success_10',
} as const;
const hasPytrec = spawnSync('python3', ['-c', 'import pytrec_eval']).status === 0;

it.skipIf(!hasPytrec)('pytrec_eval finds the same, ties and all (skipped where it is absent)', () => {
  const id = fc.constantFrom(...Array.from({ length: 150 }, (_, i) => `d${i}`), 'é', '文', '😀', '\uff5e');
  // Few distinct scores make many ties; some differ past single precision only.
  const score = fc.constantFrom(0, 0.5, 0.5 + 1e-12, 0.7, 1, -2, 12.25);
  const topic = fc.record({
    ranked: fc.uniqueArray(fc.record({ document: id, score }), {
      selector: ({ document }) => document,
      minLength: 1,
      maxLength: 140,
    }),
    judged: fc.dictionary(id, fc.integer({ min: 0, max: 4 }), { minKeys: 1, maxKeys: 30 }),
  });
  const topics = fc.sample(topic, { numRuns: 300, seed: 7 });
  const relevant = topics.filter(({ judged }) => Object.values(judged).some((grade) => grade > 0));
  const run: Run = new Map(relevant.map(({ ranked }, i) => [`q${i}`, ranked]));
  const qrels = Object.fromEntries(relevant.map(({ judged }, i) => [`q${i}`, judged]));
  const asScores = [...run].map(([q, ranked]) => [
    q,
    Object.fromEntries(ranked.map(({ document, score }) => [document, score])),
  ]);
  const input = JSON.stringify({ qrels, run: Object.fromEntries(asScores) });
  const { stdout, stderr } = spawnSync('python3', ['-c', PYTREC], { input, encoding: 'utf8' });
  expect(stderr).toBe('');
  const found: Record<string, Record<string, number>> = JSON.parse(stdout);
  const judgements = new Map(Object.entries(qrels).map(([q, judged]) => [q, new Map(Object.entries(judged))]));
  expect(judgements.size).toBeGreaterThan(200);
  for (const { topic: q, metrics } of measureRun(run, judgements)) {
    for (const name of METRIC_NAMES)
      expect(metrics[name], `${q} ${name}`).toBeCloseTo(found[q]?.[AS_PYTREC[name]] ?? NaN, 8);
  }
});
