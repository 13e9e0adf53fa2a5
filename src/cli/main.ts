#!/usr/bin/env node
import { CommanderError } from 'commander';
import { ownVersion } from '../config.ts';
import { AppError } from '../errors.ts';
import { errorJson, exitWith } from './failure.ts';
import { printJson } from './print.ts';
import { createProgram } from './program.ts';

const WRONG_USAGE = 2;

// A reader that closes early, such as head, is no error.
process.stdout.on('error', (error: NodeJS.ErrnoException) => {
  if (error.code !== 'EPIPE') throw error;
  process.exit();
});

function printError(error: AppError): void {
  if (process.argv.includes('--json')) printJson({ error: errorJson(error) });
}

try {
  await createProgram(ownVersion()).parseAsync();
} catch (error) {
  if (error instanceof CommanderError) {
    // Commander has said already what was wrong; help and version are no errors.
    process.exitCode = error.exitCode === 0 ? 0 : WRONG_USAGE;
    if (error.exitCode !== 0) printError(new AppError('USAGE', { message: error.message }));
  } else {
    printError(error instanceof AppError ? error : new AppError('INTERNAL'));
    exitWith(error);
  }
}
