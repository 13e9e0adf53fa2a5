import { once } from 'node:events';
import { rmSync } from 'node:fs';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { setTimeout as sleep } from 'node:timers/promises';
import { lastJson, start } from '../support/cli.ts';
import { serve } from '../support/server.ts';
import { BENCH, needShared, PAPERS20K, queries } from './collections.ts';
import { median, print, say } from './machine.ts';

const AGAIN = 3;
const RSS_POLL_MS = 100;

/** Largest resident size of a process while it lives, in MB; Linux only. */
async function peakRss(pid: number | undefined, ended: Promise<unknown>): Promise<number> {
  let peakKb = 0;
  let running = true;
  void ended.then(() => (running = false));
  while (running) {
    try {
      const status = readFileSync(`/proc/${pid}/status`, 'utf8');
      peakKb = Math.max(peakKb, Number(/VmHWM:\s+(\d+)/.exec(status)?.[1] ?? 0));
    } catch {
      break;
    }
    await sleep(RSS_POLL_MS);
  }
  return peakKb / 1024;
}

async function timedImport(workspace: string): Promise<{ seconds: number; rssMb: number; added: number }> {
  const started = performance.now();
  const child = start(['import', PAPERS20K, '--workspace', workspace, '--json']);
  const ended = once(child, 'close');
  child.stderr?.on('data', (line: Buffer) => say(line.toString().trimEnd()));
  const [rssMb, stdout] = await Promise.all([peakRss(child.pid, ended), child.stdout ? text(child.stdout) : '', ended]);
  if (child.exitCode !== 0) throw new Error(`the import ended with ${child.exitCode}`);
  const { added } = lastJson({ stdout, stderr: '' });
  return { seconds: (performance.now() - started) / 1000, rssMb, added: Number(added) };
}

/** First import of papers20k, the same again, and the start of a server on it to its first answer. */
export async function benchImport(): Promise<void> {
  needShared();
  const workspace = join(BENCH, 'papers20k');
  rmSync(workspace, { recursive: true, force: true });
  const first = await timedImport(workspace);
  print({ name: 'import, first, papers20k', value: first.added / first.seconds, unit: 'abstracts/s', n: 1 });
  print({ name: 'import, first, papers20k', value: first.seconds, unit: 's', n: 1 });
  print({ name: 'import, first, peak RSS', value: first.rssMb, unit: 'MB', n: 1 });
  const again: number[] = [];
  for (let i = 0; i < AGAIN; i += 1) again.push((await timedImport(workspace)).seconds);
  print({ name: 'import, unchanged, papers20k', value: median(again), unit: 's', n: AGAIN });
  const starts: number[] = [];
  for (let i = 0; i < AGAIN; i += 1) {
    const started = performance.now();
    const server = await serve(['--workspace', workspace, '--quiet']);
    const response = await fetch(`${server.url}/api/search?q=${encodeURIComponent(queries()[i] ?? '')}`);
    await response.text();
    starts.push((performance.now() - started) / 1000);
    await server.stop();
  }
  print({ name: 'server start to first answer, papers20k', value: median(starts), unit: 's', n: AGAIN });
}
