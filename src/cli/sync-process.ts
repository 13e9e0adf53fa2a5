import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { text } from 'node:stream/consumers';
import { fileURLToPath } from 'node:url';
import * as z from 'zod';
import { type Config, environmentName, KEY_NAMES } from '../config.ts';

const MAIN = fileURLToPath(new URL('main.js', import.meta.url));

const failure = z.object({ code: z.string(), message: z.string() });

const lastLine = z.object({
  sources: z
    .array(
      z.object({
        name: z.string(),
        added: z.number(),
        updated: z.number(),
        error: failure.optional(),
      }),
    )
    .default([]),
  error: failure.optional(),
});

/** One line a source, for the log of a server. */
export type Told = z.output<typeof lastLine>;

/**
 * Syncs as `paperkin sync` in a process of its own: the named sources, or those that are due. Resolves with what it
 * printed however it ended; a second sync beside one under way says so and ends.
 */
export async function syncInProcess(config: Config, names: readonly string[], signal: AbortSignal): Promise<Told> {
  if (signal.aborted) return { sources: [] };
  // Every setting goes along, wherever it came from: flags of the server, its environment, a file in its folder.
  const settings = Object.fromEntries(KEY_NAMES.map((name) => [environmentName(name), String(config[name])]));
  // Detached for the same reason as an import: Ctrl-C must not reach it twice.
  const child = spawn(process.execPath, [MAIN, 'sync', '--json', '--quiet', '--', ...names], {
    stdio: ['ignore', 'pipe', 'ignore'],
    detached: true,
    env: { ...process.env, ...settings },
  });
  const interrupt = (): void => void child.kill('SIGINT');
  signal.addEventListener('abort', interrupt, { once: true });
  try {
    const closed = once(child, 'close');
    const stdout = await text(child.stdout);
    await closed;
    return lastLine.parse(JSON.parse(stdout.trimEnd().split('\n').at(-1) ?? ''));
  } catch {
    const message = 'the sync ended without a word; run `paperkin sync` to see why';
    return { sources: [], error: { code: 'SERVER_FAILED', message } };
  } finally {
    signal.removeEventListener('abort', interrupt);
  }
}
