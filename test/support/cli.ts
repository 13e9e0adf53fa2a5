import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { ROOT } from './judged.ts';

const MAIN = join(ROOT, 'dist', 'cli', 'main.js');

if (!existsSync(MAIN)) throw new Error('the program is not built: run `npm run build` first (npm test does)');

export interface Finished {
  readonly code: number | null;
  readonly signal: NodeJS.Signals | null;
  readonly stdout: string;
  readonly stderr: string;
}

/** The program as a user runs it, in a process of its own. Settings of the machine's environment do not reach it. */
export function start(
  args: readonly string[],
  options: { cwd?: string; env?: Record<string, string> } = {},
): ChildProcess {
  const inherited = Object.entries(process.env).filter(([name]) => !name.startsWith('PAPERKIN_'));
  return spawn(process.execPath, [MAIN, ...args], {
    cwd: options.cwd ?? ROOT,
    env: { ...Object.fromEntries(inherited), ...options.env },
    stdio: ['pipe', 'pipe', 'pipe'],
  });
}

export async function run(
  args: readonly string[],
  options: { input?: string | Uint8Array; cwd?: string; env?: Record<string, string> } = {},
): Promise<Finished> {
  const child = start(args, options);
  const { stdin, stdout, stderr } = child;
  if (!stdin || !stdout || !stderr) throw new Error('the process has no pipes');
  stdin.end(options.input ?? '');
  const [out, err] = await Promise.all([text(stdout), text(stderr), once(child, 'close')]);
  return { code: child.exitCode, signal: child.signalCode, stdout: out, stderr: err };
}

/** The JSON object on the last line of standard output, as scripts read it. */
export function lastJson(finished: Pick<Finished, 'stdout' | 'stderr'>): Record<string, unknown> {
  const line = finished.stdout.trimEnd().split('\n').at(-1) ?? '';
  try {
    const parsed: Record<string, unknown> = JSON.parse(line);
    return parsed;
  } catch {
    throw new Error(`no JSON on the last line of standard output: ${line}\n${finished.stderr}`);
  }
}

/** Ids of the hits of an answer, in order. */
export function hitIds(finished: Pick<Finished, 'stdout' | 'stderr'>): string[] {
  const { hits }: { hits?: { paper: { id: string } }[] } = JSON.parse(JSON.stringify(lastJson(finished)));
  return (hits ?? []).map((hit) => hit.paper.id);
}

export function temporaryFolder(): { readonly path: string; remove(): void } {
  const path = mkdtempSync(join(tmpdir(), 'paperkin-test-'));
  return { path, remove: () => rmSync(path, { recursive: true, force: true }) };
}
