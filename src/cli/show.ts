import type { Command } from 'commander';
import { openLibrary } from '../app.ts';
import { AppError } from '../errors.ts';
import { contextOf, type GlobalFlags } from './context.ts';
import { printJson, printPaper } from './print.ts';

export function addShow(program: Command): Command {
  return program
    .command('show')
    .description('show one paper')
    .argument('<id>', 'any of its ids in any spelling')
    .action(async (id: string, flags: GlobalFlags) => {
      const { config, json } = contextOf(flags);
      const { store, close } = await openLibrary(config, { create: false });
      try {
        const key = store.findKey(id);
        const [paper] = key === undefined ? [] : store.papers([key]);
        if (!paper) throw new AppError('PAPER_NOT_FOUND', { id });
        if (json) printJson(paper);
        else printPaper(paper);
      } finally {
        close();
      }
    });
}
