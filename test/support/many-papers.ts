import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { gunzipSync } from 'node:zlib';
import type { Site } from './browser.ts';
import { lastJson, run } from './cli.ts';
import { evaluationSet } from './judged.ts';

const CORPUS = join(evaluationSet('papers20k'), 'corpus.jsonl.gz');

/** Of 20,000 papers. */
export const SAVED = 10_000;

/** A library of 20,000 papers, embedded by hashing, which takes seconds. */
export async function importMany({ workspace }: Pick<Site, 'workspace'>): Promise<void> {
  const finished = await run(['import', CORPUS, '--workspace', workspace, '--model', 'hashing', '--json']);
  const { added } = lastJson(finished);
  if (added !== 20_000) throw new Error(`${String(added)} of 20,000 papers were added`);
}

/** Saves half of them. */
export async function saveHalf({ folder, workspace }: Pick<Site, 'folder' | 'workspace'>): Promise<void> {
  const half = join(folder, 'half.jsonl');
  const lines = gunzipSync(readFileSync(CORPUS)).toString('utf8').split('\n');
  writeFileSync(half, lines.slice(0, SAVED).join('\n'));
  const { saved } = lastJson(await run(['save', half, '--workspace', workspace, '--json']));
  if (saved !== SAVED) throw new Error(`${String(saved)} of ${SAVED} papers were saved`);
}
