import type { Command } from 'commander';
import { pipeline } from 'node:stream/promises';
import { AppError } from '../errors.ts';
import { backUp } from '../store/mod.ts';
import { contextOf, type GlobalFlags } from './context.ts';
import { writeFileWhole } from './export-file.ts';
import { interruption } from './interruption.ts';
import { printJson, printLine } from './print.ts';

interface BackupFlags extends GlobalFlags {
  readonly output?: string;
}

export function addBackup(program: Command): Command {
  return program
    .command('backup')
    .description('write a copy of the papers and of what people keep, as a zip')
    .option('-o, --output <file>', 'file to write instead of standard output')
    .action(async (flags: BackupFlags) => {
      const { config, json } = contextOf(flags);
      const file = flags.output;
      if (file === undefined && process.stdout.isTTY) {
        throw new AppError('USAGE', {
          message: 'a zip is nothing for a terminal: give -o FILE, or send it to a program',
        });
      }
      const stop = interruption('stopping; once more to stop at once');
      const backup = await backUp(config.workspace, folderName(new Date()));
      try {
        if (file === undefined) {
          await pipeline(backup.bytes, process.stdout, { end: false, signal: stop.signal });
          return;
        }
        await writeFileWhole(file, backup.bytes, { compress: false, signal: stop.signal });
        if (json) printJson({ file });
        else printLine(`papers and people are in ${file}; docs/backup.md says how to restore them`);
      } finally {
        await backup.close();
        stop.release();
      }
    });
}

const folderName = (now: Date): string => `paperkin-${now.toISOString().slice(0, 10)}`;
