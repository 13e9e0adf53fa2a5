import type { Command } from 'commander';
import { openFreshEngine, openWriting } from '../app/mod.ts';
import { bringIndexUpToDate, embedAll, embedSentences, reporter } from '../indexing/mod.ts';
import { AppError } from '../errors.ts';
import { contextOf, type GlobalFlags } from './context.ts';
import { interruption } from './interruption.ts';
import { printJson, printLine } from './print.ts';
import { downloadDisplay, progressDisplay } from './progress.ts';

export function addRebuild(program: Command): Command {
  return program
    .command('rebuild')
    .description('make the index files again from the database')
    .action(async (flags: GlobalFlags) => {
      const { config, json, quiet } = contextOf(flags);
      const writing = await openWriting(config, { create: false, anotherModel: false });
      const display = progressDisplay(quiet ? 'none' : 'auto');
      try {
        const { workspace, store, parts } = writing;
        const started = performance.now();
        const openEngine = () => openFreshEngine(writing);
        await bringIndexUpToDate({ ...parts, openEngine }, reporter(display.show));
        const generation = workspace.state.generation + 1;
        await workspace.update({ generation });
        const { papers } = store.counts(parts.fingerprint);
        display.stop();
        const seconds = (performance.now() - started) / 1000;
        if (json) printJson({ papers, generation, seconds });
        else printLine(`${papers} papers indexed anew in ${seconds.toFixed(1)} s`);
      } finally {
        display.stop();
        await writing.close();
      }
    });
}

export function addReindex(program: Command): Command {
  return program
    .command('reindex')
    .description('embed every paper anew, with --model or the workspace’s own model, and make the index files again')
    .action(async (flags: GlobalFlags) => {
      const { config, json, quiet } = contextOf(flags);
      const onDownload = downloadDisplay();
      const writing = await openWriting(config, {
        create: false,
        anotherModel: true,
        ...(quiet ? {} : { onDownload }),
      });
      const display = progressDisplay(quiet ? 'none' : 'auto');
      const stop = interruption();
      try {
        const { workspace, store, model, parts } = writing;
        const { fingerprint } = parts;
        const started = performance.now();
        const report = reporter(display.show);
        const embedded = await embedAll(parts, stop.signal, report);
        // Until every paper is embedded the workspace stays with its old model, and a next run goes on from here.
        if (stop.signal.aborted) throw new AppError('INTERRUPTED');
        await workspace.update({ model, generation: workspace.state.generation + 1 });
        await bringIndexUpToDate({ ...parts, openEngine: () => openFreshEngine(writing) }, report);
        const dropped = store.dropOtherEmbeddings(fingerprint);
        // What is not done when this is interrupted, any import goes on with.
        await embedSentences(parts, stop.signal, report);
        display.stop();
        const seconds = (performance.now() - started) / 1000;
        if (json) printJson({ model: model.name, embedded, dropped, seconds });
        else printLine(`${embedded} texts embedded with ${model.name} in ${seconds.toFixed(1)} s`);
      } finally {
        stop.release();
        display.stop();
        await writing.close();
      }
    });
}
