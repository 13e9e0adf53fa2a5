import { describe, expect, it } from 'vitest';
import { seeded } from '../../../src/domain/seeded.ts';
import { type Choice, type Example, fitChoices, fitLogistic, logLoss, probability } from '../../quality/fit.ts';

const SEED = 7;

/** Standard normal (Box and Muller), from numbers in [0, 1). */
const normals = (next: () => number) => (): number =>
  Math.sqrt(-2 * Math.log(1 - next())) * Math.cos(2 * Math.PI * next());

/** Topics whose one relevant paper is chosen with the probability that the model with these weights gives it. */
function chosenBy(weights: readonly number[], topics: number, papers = 20): Choice[] {
  const next = seeded(SEED);
  const normal = normals(next);
  return Array.from({ length: topics }, () => {
    const columns = weights.map(() => Float64Array.from({ length: papers }, normal));
    const odds = Array.from({ length: papers }, (_, i) =>
      Math.exp(columns.reduce((sum, column, j) => sum + (weights[j] ?? 0) * (column[i] ?? 0), 0)),
    );
    let left = next() * odds.reduce((sum, each) => sum + each, 0);
    const chosen = odds.findIndex((each) => (left -= each) < 0);
    return { columns, relevant: odds.map((_, i) => i === chosen), weight: 1 / topics };
  });
}

const none = (parts: number) => ({ at: Array.from({ length: parts }, () => 0), strength: 1e-6 });

describe('the weights that choices tell', () => {
  it('are those by which the relevant papers were chosen', () => {
    const weights = [1.2, 0.4, 0.8];
    const fitted = fitChoices(chosenBy(weights, 3000), none(3));
    fitted.forEach((weight, i) => expect(Math.abs(weight - (weights[i] ?? 0)), `weight ${i}`).toBeLessThan(0.08));
  });

  it('are 0, not less, where a part speaks against the relevant papers', () => {
    const [weight, against] = fitChoices(chosenBy([1, -0.7], 1000), none(2));
    expect(against).toBe(0);
    expect(weight).toBeGreaterThan(0.5);
  });

  it('stay finite where a part alone tells all relevant papers from the others', () => {
    const choice = { columns: [Float64Array.of(5, 1, 0)], relevant: [true, false, false], weight: 1 };
    const [weight = NaN] = fitChoices([choice], { at: [0], strength: 0.03 });
    expect(weight).toBeGreaterThan(0.3);
    expect(weight).toBeLessThan(5);
    const [freer = NaN] = fitChoices([choice], { at: [0], strength: 0.001 });
    expect(freer).toBeGreaterThan(weight);
  });

  it('are those believed before where nothing is told: no relevant paper, no other one, no topic', () => {
    const columns = [Float64Array.of(1, 2), Float64Array.of(0, 1)];
    const prior = { at: [0.7, 0.2], strength: 0.1 };
    const silent = [true, false].map((each) => ({ columns, relevant: [each, each], weight: 1 }));
    const empty = { columns: [new Float64Array(), new Float64Array()], relevant: [], weight: 1 };
    expect(fitChoices([...silent, empty], prior)).toEqual(prior.at);
    expect(fitChoices([], prior)).toEqual(prior.at);
  });

  it('count each relevant paper of a topic alike, next to those that are not relevant only', () => {
    const one = { columns: [Float64Array.of(1, 0)], relevant: [true, false], weight: 1 };
    const twice = { columns: [Float64Array.of(1, 1, 0)], relevant: [true, true, false], weight: 1 };
    const prior = { at: [0], strength: 0.1 };
    const [expected = NaN] = fitChoices([one], prior);
    expect(fitChoices([twice], prior)[0]).toBeCloseTo(expected, 5);
    // Where they are equal: e^-w / (1 + e^-w) = strength × w.
    expect(1 / (1 + Math.exp(expected))).toBeCloseTo(0.1 * expected, 5);
  });

  it('are found among values of any size', () => {
    const choice = { columns: [Float64Array.of(0, 900, -900)], relevant: [true, false, false], weight: 1 };
    expect(fitChoices([choice], { at: [3], strength: 0.1 })[0]).toBeCloseTo(0, 2);
  });
});

describe('logistic regression', () => {
  function examplesOf(bias: number, weights: readonly number[], count: number): Example[] {
    const next = seeded(SEED);
    const normal = normals(next);
    return Array.from({ length: count }, () => {
      const inputs = weights.map((_, j) => 5 + normal() / (j + 1));
      return { inputs, isRelevant: next() < probability({ bias, weights }, inputs), weight: 1 };
    });
  }

  it('finds the constants that made the examples, in the units of the inputs', () => {
    const fitted = fitLogistic(examplesOf(-8, [1.5, 0], 8000), 1e-6);
    expect(Math.abs(fitted.bias + 8)).toBeLessThan(1);
    expect(Math.abs((fitted.weights[0] ?? NaN) - 1.5)).toBeLessThan(0.1);
    expect(Math.abs(fitted.weights[1] ?? NaN)).toBeLessThan(0.15);
  });

  it('gives, on the whole, as many as there are, by their weights', () => {
    const examples = examplesOf(-4, [1], 500).map((example, i) => ({ ...example, weight: 1 + (i % 3) }));
    const fitted = fitLogistic(examples, 0);
    const sum = (valueOf: (example: Example) => number): number =>
      examples.reduce((sum, example) => sum + example.weight * valueOf(example), 0);
    expect(sum(({ inputs }) => probability(fitted, inputs)) / sum(({ isRelevant }) => Number(isRelevant))).toBeCloseTo(
      1,
      4,
    );
  });

  it('stays finite where an input tells all, and where an input is always the same', () => {
    const examples = [0, 1, 2, 3].map((x) => ({ inputs: [x, 4], isRelevant: x > 1, weight: 1 }));
    const { bias, weights } = fitLogistic(examples, 0.01);
    for (const value of [bias, ...weights]) expect(Math.abs(value)).toBeLessThan(20);
    expect(weights[1]).toBeCloseTo(0, 6);
  });

  it('has a loss that is -log of what it gives, and stays finite', () => {
    const model = { bias: 0, weights: [1] };
    const loss = logLoss(model, { inputs: [2], isRelevant: false, weight: 1 });
    expect(loss).toBeCloseTo(-Math.log(1 - probability(model, [2])), 12);
    expect(logLoss(model, { inputs: [5000], isRelevant: false, weight: 1 })).toBe(5000);
  });
});
