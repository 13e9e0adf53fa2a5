import type { ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import { start } from './cli.ts';

export interface RunningServer {
  readonly url: string;
  readonly process: ChildProcess;
  stop(): Promise<number | null>;
}

/** `paperkin serve` on any free port; resolves once it says that it is ready. */
export async function serve(args: readonly string[], env: Record<string, string> = {}): Promise<RunningServer> {
  const child = start(['serve', '--port', '0', '--json', ...args], { env });
  const { stdout, stderr } = child;
  if (!stdout || !stderr) throw new Error('the process has no pipes');
  let log = '';
  stderr.on('data', (chunk: Buffer) => (log += chunk.toString()));
  const ready = (async () => {
    for await (const line of createInterface({ input: stdout })) {
      const { url }: { url?: string } = JSON.parse(line);
      if (url !== undefined) return url;
    }
    throw new Error(`the server ended before it was ready:\n${log}`);
  })();
  return {
    url: await ready,
    process: child,
    stop: async () => {
      const closed = once(child, 'close');
      child.kill('SIGTERM');
      await closed;
      return child.exitCode;
    },
  };
}
