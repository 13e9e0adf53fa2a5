import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { type Config, loadConfig } from '../../src/config.ts';
import { openCorpus, type Search } from '../../src/app/mod.ts';
import { evaluate, type Evaluation, type EvaluationOptions, type JudgedSet } from '../../src/evaluation/mod.ts';

/** The judged sets that lie beside the project on some machines. */
export const SHARED = fileURLToPath(new URL('../../../shared', import.meta.url));
export const hasShared = existsSync(SHARED);
export const ROOT = fileURLToPath(new URL('../..', import.meta.url));
export const evaluationSet = (name: string): string => join(SHARED, 'data', 'eval', name);
export const SAMPLE = { folder: join(ROOT, 'sample', 'questions'), corpus: [join(ROOT, 'sample', 'papers.jsonl')] };

export type Asked = Partial<Omit<EvaluationOptions, 'signal'>>;

/** Measures a set as `paperkin evaluate` does, several times with its workspace opened once. */
export async function measuring(
  set: JudgedSet,
  config: Config = loadConfig({}).config,
): Promise<{
  readonly search: Search;
  measure(asked?: Asked, among?: JudgedSet): Promise<Evaluation>;
  close(): Promise<void>;
}> {
  const { signal } = new AbortController();
  const nothing = (): void => undefined;
  const search = await openCorpus(config, set.corpus, { signal, onProgress: nothing, onBuilt: nothing });
  return {
    search,
    measure: (asked = {}, among = set) =>
      evaluate(search, among, { mode: 'hybrid', as: 'search', candidates: 'all', k: 1000, ...asked, signal }),
    close: () => search.close(),
  };
}
