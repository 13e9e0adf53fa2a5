import cliProgress from 'cli-progress';
import { MAP_STAGES, type MapProgress, type MapStage } from '../domain/mod.ts';

const STAGE: { readonly [stage in MapStage]: string } = {
  neighbours: 'finding neighbours',
  layout: 'laying out',
  places: 'placing papers',
  names: 'naming regions',
};

/** A bar on a terminal, a line for each stage elsewhere. On standard error. */
export function mapProgressDisplay(quiet: boolean): {
  readonly show: (progress: MapProgress) => void;
  readonly stop: () => void;
} {
  if (quiet) return { show() {}, stop() {} };
  if (!process.stderr.isTTY) {
    const told = new Set<MapStage>();
    return {
      show({ stage }) {
        if (!told.has(stage)) process.stderr.write(`${STAGE[stage]}\n`);
        told.add(stage);
      },
      stop() {},
    };
  }
  const format = '{bar} {percentage}% {text}';
  const display = new cliProgress.SingleBar({
    format,
    hideCursor: true,
    clearOnComplete: true,
    stream: process.stderr,
  });
  let started = false;
  return {
    show({ stage, share }) {
      if (!started) display.start(MAP_STAGES.length, 0, { text: '' });
      started = true;
      display.update(MAP_STAGES.indexOf(stage) + share, { text: STAGE[stage] });
    },
    stop() {
      if (started) display.stop();
    },
  };
}
