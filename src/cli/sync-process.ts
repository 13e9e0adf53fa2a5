import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import { text } from 'node:stream/consumers';
import { fileURLToPath } from 'node:url';
import * as z from 'zod';
import { type Config, environmentName, KEY_NAMES } from '../config.ts';
import type { SourceReport, SyncSummary } from '../domain/mod.ts';
import { AppError } from '../errors.ts';
import type { SyncRun } from '../server/mod.ts';
import { errorFrom, failure, parsedOrUndefined, progressLine, rejection } from './printed.ts';

const MAIN = fileURLToPath(new URL('main.js', import.meta.url));

const sourceLine = z.object({ source: z.string() });

const reports = z.array(
  z
    .object({
      name: z.string(),
      kind: z.string(),
      added: z.number(),
      updated: z.number(),
      unchanged: z.number(),
      merged: z.number(),
      rejected: z.array(rejection),
      rejectedTotal: z.number(),
      requests: z.number(),
      seconds: z.number(),
      note: z.string().nullable(),
      error: z.object({ code: z.string(), message: z.string(), details: z.unknown() }).optional(),
    })
    .transform(({ error, ...report }): SourceReport => (error === undefined ? report : { ...report, error })),
);

const summaryLine = z.object({ sources: reports, seconds: z.number() });
const failureLine = z.object({ error: failure });

/** What a sync printed last. Throws the AppError that it ended with, where it is not that of single sources. */
function summaryFrom(stdout: string): SyncSummary {
  const printed = parsedOrUndefined(stdout.trimEnd().split('\n').at(-1) ?? '');
  const failed = failureLine.safeParse(printed);
  const summary = summaryLine.safeParse(printed);
  if (failed.success && failed.data.error.code !== 'SYNC_FAILED') throw errorFrom(failed.data.error);
  if (summary.success) return summary.data;
  throw new AppError('SERVER_FAILED', { reason: 'the sync ended without a word; run `paperkin sync` to see why' });
}

/**
 * Syncs run as `paperkin sync` in a process of their own: the named sources, or those that are due. Rejects with SYNC_RUNNING
 * where another program syncs the same sources, with INTERRUPTED when the signal aborts, and with what the sync itself ends.
 */
export function syncInProcess(config: Config): (run: SyncRun) => Promise<SyncSummary> {
  return async ({ names, onSource, onProgress, signal }) => {
    if (signal.aborted) throw new AppError('INTERRUPTED');
    // Every setting goes along, wherever it came from: flags of the server, its environment, a file in its folder.
    const settings = Object.fromEntries(KEY_NAMES.map((name) => [environmentName(name), String(config[name])]));
    // Detached for the same reason as an import: Ctrl-C must not reach it twice.
    const child = spawn(process.execPath, [MAIN, 'sync', '--json', '--progress', 'json', '--', ...names], {
      stdio: ['ignore', 'pipe', 'pipe'],
      detached: true,
      env: { ...process.env, ...settings },
    });
    const interrupt = (): void => void child.kill('SIGINT');
    signal.addEventListener('abort', interrupt, { once: true });
    createInterface({ input: child.stderr }).on('line', (line) => {
      const printed = parsedOrUndefined(line);
      const source = sourceLine.safeParse(printed);
      const progress = progressLine.safeParse(printed);
      if (source.success) onSource(source.data.source);
      else if (progress.success) onProgress(progress.data);
    });
    try {
      const closed = once(child, 'close');
      const stdout = await text(child.stdout);
      await closed;
      return summaryFrom(stdout);
    } finally {
      signal.removeEventListener('abort', interrupt);
    }
  };
}
