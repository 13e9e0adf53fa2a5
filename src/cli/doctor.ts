import type { Command } from 'commander';
import { examineLibrary } from '../app/mod.ts';
import { AppError } from '../errors.ts';
import { contextOf, type GlobalFlags } from './context.ts';
import { exitWith } from './failure.ts';
import { printJson, printLine } from './print.ts';

export function addDoctor(program: Command): Command {
  return program
    .command('doctor')
    .description('check that the library is sound; exit code 5 when it is not')
    .action(async (flags: GlobalFlags) => {
      const { config, json } = contextOf(flags);
      const { problems, stats } = await examineLibrary(config);
      const errors = problems.filter(({ severity }) => severity === 'error');
      if (json) {
        const { papers, embedded, pending, model, fingerprint, generation } = stats;
        printJson({ ok: errors.length === 0, problems, papers, embedded, pending, model, fingerprint, generation });
      } else {
        for (const { severity, part, message, hint } of problems)
          printLine(`${severity}: ${part}: ${message}\n  ${hint}`);
        if (problems.length === 0) printLine(`${stats.papers} papers, ${stats.embedded} embedded: all is well`);
      }
      if (errors.length > 0) {
        exitWith(new AppError('WORKSPACE_UNSOUND', { workspace: config.workspace, errors: errors.length }));
      }
    });
}
