import type { Command } from 'commander';
import { openLibrary } from '../app/mod.ts';
import { AppError } from '../errors.ts';
import { contextOf, type GlobalFlags } from './context.ts';
import { printJson, printPaper, printRecords } from './print.ts';

interface ShowFlags extends GlobalFlags {
  readonly records?: boolean;
}

export function addShow(program: Command): Command {
  return program
    .command('show')
    .description('show one paper')
    .argument('<id>', 'any of its ids in any spelling')
    .option('--records', 'also what each source says of it')
    .action(async (id: string, flags: ShowFlags) => {
      const { config, json } = contextOf(flags);
      const { store, close } = await openLibrary(config, { create: false });
      try {
        const key = store.findKey(id);
        const [paper] = key === undefined ? [] : store.papers([key]);
        if (key === undefined || !paper) throw new AppError('PAPER_NOT_FOUND', { id });
        const records = flags.records ? store.records(key) : undefined;
        if (json) return printJson(records ? { ...paper, records } : paper);
        printPaper(paper);
        if (records) printRecords(records);
      } finally {
        close();
      }
    });
}
