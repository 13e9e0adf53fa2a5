import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import { text } from 'node:stream/consumers';
import { fileURLToPath } from 'node:url';
import * as z from 'zod';
import type { Config } from '../config.ts';
import type { ImportSummary } from '../domain/mod.ts';
import { AppError } from '../errors.ts';
import type { ImportRun } from '../server/mod.ts';
import { counts, errorFrom, failure, parsedOrUndefined, progressLine, rejection } from './printed.ts';

const MAIN = fileURLToPath(new URL('main.js', import.meta.url));
// Another import may be under way in another program; an upload waits for it this long.
const LOCK_WAIT_S = 3600;

const lastLine = z.object({
  ...counts,
  rejected: z.array(rejection),
  rejectedTotal: z.number(),
  seconds: z.number(),
  error: failure.optional(),
});

/** The summary that a finished import printed. Throws the AppError that it ended with, when nothing came of it. */
function summaryFrom(stdout: string): ImportSummary {
  const line = stdout.trimEnd().split('\n').at(-1) ?? '';
  let printed: unknown;
  try {
    printed = JSON.parse(line);
  } catch {
    throw new AppError('SERVER_FAILED', { reason: 'the import ended without a summary; run it on the command line' });
  }
  const failed = z.object({ error: failure }).safeParse(printed);
  const summary = lastLine.safeParse(printed);
  if (summary.success) {
    const { error, ...rest } = summary.data;
    // A file that broke off half-way has a summary of its good part; one that gave nothing has only its error.
    if (error && rest.added + rest.updated + rest.unchanged + rest.merged === 0) throw errorFrom(error);
    const { rejected, rejectedTotal } = rest;
    return error ? { ...rest, rejected: [rejectionFrom(error), ...rejected], rejectedTotal: rejectedTotal + 1 } : rest;
  }
  throw failed.success
    ? errorFrom(failed.data.error)
    : new AppError('SERVER_FAILED', { reason: 'the import printed a summary that cannot be read' });
}

function rejectionFrom(error: z.infer<typeof failure>): { file: string; line: number; reason: string } {
  const { file, line, reason } = error.details;
  return {
    file: typeof file === 'string' ? file : '-',
    line: typeof line === 'number' ? line : 0,
    reason: typeof reason === 'string' ? reason : errorFrom(error).message,
  };
}

function start(config: Config, { file, name, format }: ImportRun): ChildProcess {
  const flags = [
    '--workspace',
    config.workspace,
    '--models-dir',
    config.modelsDir,
    '--threads',
    String(config.threads),
  ];
  if (config.model !== '') flags.push('--model', config.model);
  if (format !== undefined) flags.push('--format', format);
  const limits = ['--wait', String(LOCK_WAIT_S), '--max-bytes', String(config.maxUploadBytes)];
  const args = [MAIN, 'import', ...flags, ...limits, '--json', '--progress', 'json', '--name', name, '--', file];
  // Detached: Ctrl-C in a terminal goes to a whole process group, and the import would take the server's own for a second.
  return spawn(process.execPath, args, { stdio: ['ignore', 'pipe', 'pipe'], detached: true });
}

/**
 * Imports run as `paperkin import` in a process of their own, at low priority, so that neither their memory nor their
 * computing stands in a query's way; the server learns of the papers from the database, as of any other import.
 */
export function importInProcess(config: Config): (run: ImportRun) => Promise<ImportSummary> {
  return async (run) => {
    if (run.signal.aborted) throw new AppError('INTERRUPTED');
    const child = start(config, run);
    const interrupt = (): void => void child.kill('SIGINT');
    run.signal.addEventListener('abort', interrupt, { once: true });
    try {
      const closed = once(child, 'close');
      if (!child.stdout || !child.stderr) throw new Error('the import process has no pipes');
      createInterface({ input: child.stderr }).on('line', (line) => {
        const progress = progressLine.safeParse(parsedOrUndefined(line));
        if (progress.success) run.onProgress(progress.data);
      });
      const stdout = await text(child.stdout);
      await closed;
      return summaryFrom(stdout);
    } finally {
      run.signal.removeEventListener('abort', interrupt);
    }
  };
}
