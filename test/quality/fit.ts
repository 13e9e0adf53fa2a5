/** A convex function's value at a point, and its gradient there. */
interface Slope {
  readonly value: number;
  readonly gradient: Float64Array;
}

type Objective = (point: Float64Array) => Slope;

/** What is believed before there is evidence, and how firmly: `strength` / 2 × squared distance is added to the loss. */
export interface Prior {
  readonly at: readonly number[];
  readonly strength: number;
}

const STEPS = 1000;
const HALVINGS = 50;
/** The gradient, of losses of about 1 a set, where a minimum is taken for reached: it leaves no weight off by .01. */
const FLAT = 1e-5;
/** What Armijo's rule asks of a step, as everywhere. */
const SUFFICIENT = 1e-4;

function dot(a: ArrayLike<number>, b: ArrayLike<number>): number {
  let sum = 0;
  for (let i = 0; i < a.length; i += 1) sum += (a[i] ?? 0) * (b[i] ?? 0);
  return sum;
}

/**
 * Where a convex function is least among the points with no coordinate below `least`: spectral projected gradient (Birgin,
 * Martínez and Raydan 2000), its steps those of Barzilai and Borwein, halved until the value falls.
 */
function minimise(objective: Objective, start: readonly number[], least: number): Float64Array {
  const projected = (values: ArrayLike<number>): Float64Array =>
    Float64Array.from(values, (value) => Math.max(least, value));
  let point = projected(start);
  let { value, gradient } = objective(point);
  let stride = 1;
  for (let step = 0; step < STEPS; step += 1) {
    const towards = (length: number): Float64Array =>
      projected(point.map((x, i) => x - length * (gradient[i] ?? 0))).map((x, i) => x - (point[i] ?? 0));
    if (towards(1).every((change) => Math.abs(change) < FLAT)) break;
    const direction = towards(stride);
    const fall = dot(gradient, direction);
    let moved = direction;
    let next = { point, value, gradient };
    for (let halving = 0; halving < HALVINGS; halving += 1) {
      const share = 2 ** -halving;
      moved = direction.map((change) => share * change);
      const there = point.map((x, i) => x + (moved[i] ?? 0));
      next = { point: there, ...objective(there) };
      if (next.value <= value + SUFFICIENT * share * fall) break;
    }
    // As low as the last bits tell.
    if (next.value >= value) break;
    const bent = dot(
      moved,
      next.gradient.map((slope, i) => slope - (gradient[i] ?? 0)),
    );
    stride = bent > 0 ? dot(moved, moved) / bent : 1;
    ({ point, value, gradient } = next);
  }
  return point;
}

function withPrior(objective: Objective, { at, strength }: Prior): Objective {
  return (point) => {
    const { value, gradient } = objective(point);
    const away = point.map((x, i) => x - (at[i] ?? 0));
    return {
      value: value + (strength / 2) * dot(away, away),
      gradient: gradient.map((slope, i) => slope + strength * (away[i] ?? 0)),
    };
  };
}

/** `log(1 + e^x)` and its derivative, for any x. */
function softplus(x: number): { readonly value: number; readonly slope: number } {
  const small = Math.exp(-Math.abs(x));
  return { value: Math.max(x, 0) + Math.log1p(small), slope: (x > 0 ? 1 : small) / (1 + small) };
}

/** What a topic has to choose from: papers, of which those that are relevant should come before the others. */
export interface Choice {
  /** `[parts][papers]` */
  readonly columns: readonly Float64Array[];
  /** `[papers]` */
  readonly relevant: readonly boolean[];
  /** What the topic counts for. */
  readonly weight: number;
}

/**
 * Adds a topic's loss, the mean over its relevant papers, to the gradient, and gives its value. Plain loops: a run
 * goes through some 300,000 papers 2,000 times.
 */
function addChoice({ columns, relevant, weight }: Choice, point: Float64Array, gradient: Float64Array): number {
  const papers = relevant.length;
  const scores = new Float64Array(papers);
  for (const [j, column] of columns.entries()) {
    const each = point[j] ?? 0;
    for (let i = 0; i < papers; i += 1) scores[i] = (scores[i] ?? 0) + each * (column[i] ?? 0);
  }
  let count = 0;
  let highest = -Infinity;
  for (let i = 0; i < papers; i += 1) {
    if (relevant[i]) count += 1;
    else highest = Math.max(highest, scores[i] ?? 0);
  }
  if (count === 0 || count === papers) return 0;
  /** e^z of the others next to the highest of them, then what the loss changes by with each score. */
  const slopes = new Float64Array(papers);
  let sum = 0;
  for (let i = 0; i < papers; i += 1) {
    if (relevant[i]) continue;
    slopes[i] = Math.exp((scores[i] ?? 0) - highest);
    sum += slopes[i] ?? 0;
  }
  const others = highest + Math.log(sum);
  let loss = 0;
  let pushed = 0;
  for (let i = 0; i < papers; i += 1) {
    if (!relevant[i]) continue;
    const { value, slope } = softplus(others - (scores[i] ?? 0));
    loss += (weight / count) * value;
    pushed += (weight / count) * slope;
    slopes[i] = (-weight / count) * slope;
  }
  for (let i = 0; i < papers; i += 1) if (!relevant[i]) slopes[i] = ((slopes[i] ?? 0) * pushed) / sum;
  for (const [j, column] of columns.entries()) gradient[j] = (gradient[j] ?? 0) + dot(column, slopes);
  return loss;
}

/**
 * Weights of the columns, none below 0, under which the relevant papers are likeliest to be chosen, each from all papers that
 * are not relevant: -log(e^z / (e^z + sum of the others' e^z)), z the weighted sum of a paper's values; its mean over a
 * topic's relevant papers, summed over topics. A choice with nothing relevant, or nothing else, counts for nothing.
 */
export function fitChoices(choices: readonly Choice[], prior: Prior): number[] {
  const loss: Objective = (point) => {
    const gradient = new Float64Array(point.length);
    return { value: choices.reduce((sum, choice) => sum + addChoice(choice, point, gradient), 0), gradient };
  };
  return [...minimise(withPrior(loss, prior), prior.at, 0)];
}

export interface Example {
  readonly inputs: readonly number[];
  readonly isRelevant: boolean;
  readonly weight: number;
}

/** The probability is 1 / (1 + e^-(bias + sum of weights × inputs)). */
export interface Logistic {
  readonly bias: number;
  readonly weights: readonly number[];
}

export function probability({ bias, weights }: Logistic, inputs: readonly number[]): number {
  return softplus(bias + dot(weights, inputs)).slope;
}

/** -log of what a model gives to what is so. */
export function logLoss({ bias, weights }: Logistic, { inputs, isRelevant }: Example): number {
  const score = bias + dot(weights, inputs);
  return softplus(isRelevant ? -score : score).value;
}

/** Logistic regression. The inputs are taken in standard deviations, so that `strength` means the same for each. */
export function fitLogistic(examples: readonly Example[], strength: number): Logistic {
  const total = examples.reduce((sum, { weight }) => sum + weight, 0);
  const meanOf = (valueOf: (example: Example) => number): number =>
    examples.reduce((sum, example) => sum + example.weight * valueOf(example), 0) / total;
  const scales = (examples[0]?.inputs ?? []).map((_, j) => {
    const mean = meanOf(({ inputs }) => inputs[j] ?? 0);
    return { mean, deviation: Math.sqrt(meanOf(({ inputs }) => ((inputs[j] ?? 0) - mean) ** 2)) || 1 };
  });
  const rows = examples.map(({ inputs, isRelevant, weight }) => {
    const values = scales.map(({ mean, deviation }, j) => ((inputs[j] ?? 0) - mean) / deviation);
    return { values: [1, ...values], sign: isRelevant ? -1 : 1, share: weight / total };
  });
  const loss: Objective = (point) => {
    const gradient = new Float64Array(point.length);
    let sum = 0;
    for (const { values, sign, share } of rows) {
      const { value, slope } = softplus(sign * dot(point, values));
      sum += share * value;
      for (let j = 0; j < gradient.length; j += 1) {
        gradient[j] = (gradient[j] ?? 0) + share * sign * slope * (values[j] ?? 0);
      }
    }
    return { value: sum, gradient };
  };
  const at = [0, ...scales.map(() => 0)];
  const [bias = 0, ...slopes] = minimise(withPrior(loss, { at, strength }), at, -Infinity);
  const weights = slopes.map((slope, j) => slope / (scales[j]?.deviation ?? 1));
  return { bias: bias - scales.reduce((sum, { mean }, j) => sum + (weights[j] ?? 0) * mean, 0), weights };
}
