import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { text } from 'node:stream/consumers';
import { fileURLToPath } from 'node:url';
import * as z from 'zod';
import type { Config } from '../config.ts';
import { AppError } from '../errors.ts';
import type { ServerServices } from '../server/mod.ts';
import { errorFrom, failure, parsedOrUndefined } from './printed.ts';

const MAIN = fileURLToPath(new URL('main.js', import.meta.url));
const FAILED = z.object({ error: failure });
/** How a zip begins, and no JSON does. */
const ZIP = 'PK';

/** Backs up as `paperkin backup` in a process of its own: copying a large database would keep queries waiting. */
export function backUpInProcess(config: Config): ServerServices['backUp'] {
  return async function* backUp(signal) {
    const child = spawn(process.execPath, [MAIN, 'backup', '--json', '--workspace', config.workspace], {
      stdio: ['ignore', 'pipe', 'pipe'],
      detached: true,
    });
    const interrupt = (): void => void child.kill('SIGINT');
    signal.addEventListener('abort', interrupt, { once: true });
    const closed = once(child, 'close');
    const told = text(child.stderr);
    let first: Buffer | undefined;
    try {
      for await (const chunk of child.stdout) {
        if (!Buffer.isBuffer(chunk)) continue;
        first ??= chunk;
        if (first.toString('latin1', 0, ZIP.length) === ZIP) yield chunk;
      }
      await closed;
    } finally {
      signal.removeEventListener('abort', interrupt);
      // Nobody reads on: it removes its copies and ends.
      if (child.exitCode === null) child.kill('SIGINT');
    }
    if (child.exitCode === 0) return;
    const failed = FAILED.safeParse(parsedOrUndefined(first?.toString('utf8') ?? ''));
    if (failed.success) throw errorFrom(failed.data.error);
    throw new AppError('SERVER_FAILED', { reason: (await told).trim().split('\n').at(-1) ?? 'the backup ended early' });
  };
}
