import type { Command } from 'commander';
import { openLibrary, statsOf } from '../app/mod.ts';
import { contextOf, type GlobalFlags } from './context.ts';
import { printJson, printLine } from './print.ts';

const SHOWN = 8;
const MEBIBYTE = 1024 ** 2;

export function addStats(program: Command): Command {
  return program
    .command('stats')
    .description('count what the library holds')
    .action(async (flags: GlobalFlags) => {
      const { config, json } = contextOf(flags);
      const library = await openLibrary(config, { create: false });
      try {
        const stats = await statsOf(library);
        if (json) {
          printJson(stats);
          return;
        }
        const { papers, withAbstract, embedded, pending, years, model } = stats;
        printLine(`workspace    ${stats.workspace} (layout ${stats.version}, index generation ${stats.generation})`);
        printLine(`papers       ${papers}, ${withAbstract} with an abstract`);
        printLine(`embedded     ${embedded}, ${pending} waiting`);
        printLine(`model        ${model ? `${model.name}, ${model.dimensions} dimensions` : 'none yet'}`);
        printLine(`fingerprint  ${stats.fingerprint ?? 'none yet'}`);
        printLine(`disk         ${(stats.diskBytes / MEBIBYTE).toFixed(1)} MiB`);
        if (years) printLine(`years        ${years.from} to ${years.to}`);
        for (const [name, counts] of [
          ['sources', stats.sources],
          ['categories', stats.categories],
          ['venues', stats.venues],
        ] as const) {
          const shown = counts.slice(0, SHOWN).map((entry) => `${entry.name} (${entry.papers})`);
          if (shown.length > 0)
            printLine(`${name.padEnd(12)} ${shown.join(', ')}${counts.length > SHOWN ? ', …' : ''}`);
        }
      } finally {
        library.close();
      }
    });
}
