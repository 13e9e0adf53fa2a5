import type { Command } from 'commander';
import { openProjecting } from '../app/mod.ts';
import { contextOf, type GlobalFlags } from './context.ts';
import { interruption } from './interruption.ts';
import { mapProgressDisplay } from './map-progress.ts';
import { clean, printJson, printLine, styled } from './print.ts';

interface MapFlags extends GlobalFlags {
  readonly anew?: boolean;
}

export function addMap(program: Command): Command {
  return program
    .command('map')
    .description('lay out all papers as a picture, or place those on it that came since')
    .option('--anew', 'lay everything out again')
    .action(async (flags: MapFlags) => {
      const { config, json, quiet } = contextOf(flags);
      const stop = interruption('stopping; the map stays as it was');
      const display = mapProgressDisplay(quiet);
      try {
        const started = performance.now();
        const { projection, close } = await openProjecting(config, display.show);
        try {
          const { anew = false } = flags;
          const { regions, ...done } = await projection.bringUpToDate({ anew, signal: stop.signal });
          display.stop();
          const seconds = (performance.now() - started) / 1000;
          const largest = regions.filter(({ level }) => level === 0).sort((a, b) => b.papers - a.papers);
          if (json) {
            printJson({ ...done, regions: largest.map(({ papers, terms }) => ({ papers, terms })), seconds });
            return;
          }
          for (const { papers, terms } of largest) {
            printLine(`${styled('bold', String(papers).padStart(7))}  ${clean(terms.join(', '))}`);
          }
          const how = done.laidOut ? 'laid out' : `on the map, ${done.placed} of them new`;
          printLine(styled('dim', `${done.papers} papers ${how} in ${seconds.toFixed(1)} s`));
        } finally {
          await close();
        }
      } finally {
        display.stop();
        stop.release();
      }
    });
}
