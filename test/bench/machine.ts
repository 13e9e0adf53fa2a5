import { cpus } from 'node:os';

export interface Figure {
  readonly name: string;
  readonly value: number;
  readonly unit: string;
  /** What it is compared with, measured in the same run. */
  readonly baseline?: number;
  readonly ratio?: number;
  /** Measurements behind the value. */
  readonly n: number;
}

function machine(): string {
  const all = cpus();
  return `${all.length} × ${all[0]?.model.trim() ?? 'unknown'}, Node ${process.versions.node}`;
}

const rounded = (value: number): number => Number(value.toPrecision(4));

/** One JSON object a line, as `paperkin bench` promises. */
export function print(figure: Figure): void {
  const { value, baseline, ratio, ...rest } = figure;
  const compared = baseline === undefined ? {} : { baseline: rounded(baseline) };
  const by = ratio === undefined ? {} : { ratio: rounded(ratio) };
  process.stdout.write(
    `${JSON.stringify({ ...rest, value: rounded(value), ...compared, ...by, machine: machine() })}\n`,
  );
}

export function quantile(values: readonly number[], share: number): number {
  const sorted = [...values].sort((a, b) => a - b);
  return sorted[Math.min(sorted.length - 1, Math.floor(share * sorted.length))] ?? NaN;
}

export const median = (values: readonly number[]): number => quantile(values, 0.5);

export function say(text: string): void {
  process.stderr.write(`${text}\n`);
}
