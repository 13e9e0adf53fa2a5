import cliProgress from 'cli-progress';
import type { ImportProgress } from '../domain/mod.ts';
import type { DownloadProgress } from '../encoder/mod.ts';

export const PROGRESS_STYLES = ['auto', 'json', 'none'] as const;
export type ProgressStyle = (typeof PROGRESS_STYLES)[number];

export interface ProgressDisplay {
  readonly show: (progress: ImportProgress) => void;
  readonly stop: () => void;
}

const STAGE = {
  read: 'reading',
  encode: 'embedding',
  index: 'indexing',
  sentences: 'embedding sentences',
  compare: 'comparing',
} as const;
// Off a terminal a line now and then is enough to see that it goes on.
const PLAIN_INTERVAL_MS = 10_000;
const MEBIBYTE = 1024 ** 2;

function amount(value: number, unit: ImportProgress['unit']): string {
  return unit === 'bytes' ? `${(value / MEBIBYTE).toFixed(1)} MiB` : `${Math.round(value)} papers`;
}

function remaining({ done, total, rate }: ImportProgress): string {
  if (total === undefined || rate <= 0) return '';
  const seconds = Math.max(0, Math.round((total - done) / rate));
  return seconds >= 60 ? `, ${Math.floor(seconds / 60)} min ${seconds % 60} s left` : `, ${seconds} s left`;
}

function sentence(progress: ImportProgress): string {
  const { stage, done, total, unit, rate, added, updated, unchanged, rejected } = progress;
  const of = total === undefined ? '' : ` of ${amount(total, unit)}`;
  const counts =
    stage === 'read' ? `; ${added} added, ${updated} updated, ${unchanged} unchanged, ${rejected} rejected` : '';
  return `${STAGE[stage]}: ${amount(done, unit)}${of}, ${amount(rate, unit)}/s${remaining(progress)}${counts}`;
}

function plain(): ProgressDisplay {
  let last = performance.now();
  return {
    show(progress) {
      if (performance.now() - last < PLAIN_INTERVAL_MS) return;
      last = performance.now();
      process.stderr.write(`${sentence(progress)}\n`);
    },
    stop() {},
  };
}

function bar(): ProgressDisplay {
  const options = {
    format: '{bar} {percentage}% {text}',
    hideCursor: true,
    clearOnComplete: true,
    stream: process.stderr,
  };
  const display = new cliProgress.SingleBar(options, cliProgress.Presets.shades_classic);
  let stage: string | undefined;
  return {
    show(progress) {
      const total = progress.total ?? Math.max(1, progress.done);
      if (stage !== progress.stage) {
        if (stage !== undefined) display.stop();
        display.start(total, progress.done, { text: sentence(progress) });
        stage = progress.stage;
      }
      display.setTotal(total);
      display.update(progress.done, { text: sentence(progress) });
    },
    stop() {
      if (stage !== undefined) display.stop();
    },
  };
}

function jsonLines(): ProgressDisplay {
  return {
    show: (progress) => process.stderr.write(`${JSON.stringify(progress)}\n`),
    stop() {},
  };
}

/** A bar on a terminal, a line every ten seconds elsewhere, or an object a line for programs. On standard error. */
export function progressDisplay(style: ProgressStyle): ProgressDisplay {
  if (style === 'json') return jsonLines();
  if (style === 'none') return { show() {}, stop() {} };
  return process.stderr.isTTY ? bar() : plain();
}

/** A bar for each file of a model that is being downloaded. */
export function downloadDisplay(): (progress: DownloadProgress) => void {
  let display: cliProgress.SingleBar | undefined;
  let current: string | undefined;
  return ({ file, doneBytes, totalBytes }) => {
    if (file !== current) {
      display?.stop();
      current = file;
      const format = `downloading ${file} {bar} {percentage}%`;
      display = new cliProgress.SingleBar({ format, stream: process.stderr, noTTYOutput: true });
      display.start(totalBytes ?? Math.max(1, doneBytes), doneBytes);
    }
    display?.update(doneBytes);
    if (doneBytes === totalBytes) display?.stop();
  };
}
