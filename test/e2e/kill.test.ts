import { once } from 'node:events';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { setTimeout as sleep } from 'node:timers/promises';
import { expect, it } from 'vitest';
import { type Finished, lastJson, run, start, temporaryFolder } from '../support/cli.ts';
import { seeded } from '../../src/domain/seeded.ts';
import { asJsonLines, inventPapers } from '../support/invented.ts';

const PAPERS = 6000;
const KILLS = 20;
// Start-up to end of an import of this size takes about three seconds; kills fall anywhere in it.
const LONGEST_MS = 3000;

interface Reported {
  stored: number;
  embedded: number;
}

/** Runs an import and kills it after `delayMs`; tells what it had reported as stored by then. */
async function importAndKill(file: string, workspace: string, delayMs: number): Promise<Reported> {
  const child = start(['import', file, '--workspace', workspace, '--model', 'hashing', '--progress', 'json']);
  const reported: Reported = { stored: 0, embedded: 0 };
  const lines = child.stderr && createInterface({ input: child.stderr });
  lines?.on('line', (line) => {
    if (!line.startsWith('{')) return;
    const progress: { stage: string; done: number; added: number; unchanged: number } = JSON.parse(line);
    reported.stored = progress.added + progress.unchanged;
    if (progress.stage === 'encode') reported.embedded = progress.done;
  });
  const closed = once(child, 'close');
  await Promise.race([sleep(delayMs), closed]);
  child.kill('SIGKILL');
  await closed;
  return reported;
}

const statsOf = (workspace: string): Promise<Finished> => run(['stats', '--workspace', workspace, '--json']);

function countsIn(stats: Finished): { papers: number; embedded: number } {
  const { papers, embedded } = lastJson(stats);
  return { papers: Number(papers), embedded: Number(embedded) };
}

it(`loses nothing that was reported stored when killed at ${KILLS} random moments, and needs no repair`, async () => {
  const folder = temporaryFolder();
  const seed = Date.now() % 100_000;
  const next = seeded(seed);
  try {
    const file = join(folder.path, 'papers.jsonl');
    writeFileSync(file, asJsonLines(inventPapers(PAPERS)));
    let round = 0;
    let before = { papers: 0, embedded: 0 };
    for (let kill = 0; kill < KILLS; kill += 1) {
      const workspace = join(folder.path, `index-${round}`);
      const delayMs = next() * LONGEST_MS;
      const told = `seed ${seed}, kill ${kill} after ${delayMs.toFixed(0)} ms`;
      const reported = await importAndKill(file, workspace, delayMs);
      const looked = await statsOf(workspace);
      if (looked.code !== 0) {
        // Killed before it made the workspace: nothing was reported, and there is nothing to look at.
        expect(lastJson(looked), told).toMatchObject({ error: { code: 'WORKSPACE_NOT_FOUND' } });
        expect(reported, told).toEqual({ stored: 0, embedded: 0 });
        continue;
      }
      const after = countsIn(looked);
      expect(after.papers, told).toBeGreaterThanOrEqual(Math.max(reported.stored, before.papers));
      expect(after.embedded, told).toBeGreaterThanOrEqual(
        Math.max(before.embedded + reported.embedded, before.embedded),
      );
      expect(after.papers, told).toBeLessThanOrEqual(PAPERS);
      const doctor = await run(['doctor', '--workspace', workspace, '--json']);
      expect(lastJson(doctor)['ok'], `${told}\n${doctor.stdout}`).toBe(true);
      before = after;
      if (after.embedded === PAPERS) {
        // All done: the next kills fall on a fresh workspace.
        round += 1;
        before = { papers: 0, embedded: 0 };
      }
    }
    const workspace = join(folder.path, `index-${round}`);
    const finished = await run(['import', file, '--workspace', workspace, '--model', 'hashing', '--json']);
    expect(finished.code).toBe(0);
    const { added, unchanged, updated, merged } = lastJson(finished);
    expect({ total: Number(added) + Number(unchanged), updated, merged }).toEqual({
      total: PAPERS,
      updated: 0,
      merged: 0,
    });
    expect(countsIn(await statsOf(workspace))).toEqual({ papers: PAPERS, embedded: PAPERS });
    // By words: that every embedding is there is told above, and the hashing model's say little of a number.
    const found = await run([
      'search',
      'part 4711',
      '--mode',
      'lexical',
      '--workspace',
      workspace,
      '--json',
      '-k',
      '1',
    ]);
    expect(lastJson(found)).toMatchObject({ degraded: [], hits: [{ paper: { id: 'invented:1-4711' } }] });
  } finally {
    folder.remove();
  }
}, 600_000);
