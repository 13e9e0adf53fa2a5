import { createReadStream, existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { createGunzip, gunzipSync } from 'node:zlib';
import { lastJson, run } from '../support/cli.ts';
import { hasShared, SHARED } from '../support/judged.ts';
import { say } from './machine.ts';

/** Workspaces are kept between runs: embedding 20,000 papers takes minutes. */
export const BENCH = join(tmpdir(), 'paperkin-bench');
export const PAPERS20K = join(SHARED, 'data', 'eval', 'papers20k', 'corpus.jsonl.gz');
export const WHOLE = ['arxiv.jsonl.gz', 'conference.jsonl.gz'].map((name) => join(SHARED, 'data', name));

export function needShared(): void {
  if (!hasShared) throw new Error(`this benchmark measures on the papers in ${SHARED}, which is not there`);
  mkdirSync(BENCH, { recursive: true });
}

export interface CorpusPaper {
  readonly _id: string;
  readonly title: string;
  readonly text: string;
}

export function papers20k(): CorpusPaper[] {
  const lines = gunzipSync(readFileSync(PAPERS20K)).toString('utf8').trim().split('\n');
  return lines.map((line): CorpusPaper => JSON.parse(line));
}

/** Questions, one-sentence summaries and keyword lists in turn: what people type, 3 to 25 words. */
export function queries(): string[] {
  const read = (set: string): { _id: string; text: string }[] =>
    readFileSync(join(SHARED, 'data', 'eval', set, 'queries.jsonl'), 'utf8')
      .trim()
      .split('\n')
      .map((line): { _id: string; text: string } => JSON.parse(line));
  const asked = [...read('questions'), ...read('papers20k')];
  // A fixed shuffle: neighbours in the files are of one kind.
  return asked
    .map(({ text }, i) => ({ text, at: (i * 7919) % asked.length }))
    .sort((a, b) => a.at - b.at)
    .map(({ text }) => text);
}

/** The first papers of papers20k as a file. */
export function tenth(): string {
  const path = join(BENCH, 'tenth.jsonl');
  if (!existsSync(path)) {
    const lines = gunzipSync(readFileSync(PAPERS20K)).toString('utf8').trim().split('\n');
    writeFileSync(path, `${lines.filter((_, i) => i % 10 === 0).join('\n')}\n`);
  }
  return path;
}

/** Papers that are not in papers20k, for an import beside a running server. */
export async function otherPapers(count: number): Promise<string> {
  const path = join(BENCH, `other-${count}.jsonl`);
  if (existsSync(path)) return path;
  const held = new Set(papers20k().map(({ _id }) => _id));
  const lines: string[] = [];
  const stream = createReadStream(WHOLE[0] ?? '').pipe(createGunzip());
  for await (const line of createInterface({ input: stream })) {
    const { id }: { id: string } = JSON.parse(line);
    if (!held.has(id)) lines.push(line);
    if (lines.length >= count) break;
  }
  writeFileSync(path, `${lines.join('\n')}\n`);
  return path;
}

/** A workspace with these files, imported when it is not there yet. */
export async function workspaceOf(name: string, files: readonly string[], ...flags: string[]): Promise<string> {
  const workspace = join(BENCH, name);
  say(`${name}: importing (at once, where it was imported before)`);
  const finished = await run(['import', ...files, '--workspace', workspace, '--json', ...flags]);
  if (finished.code !== 0) throw new Error(finished.stderr);
  const { added, unchanged } = lastJson(finished);
  say(`${name}: ${Number(added) + Number(unchanged)} papers`);
  return workspace;
}
