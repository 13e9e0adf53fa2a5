import { existsSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { gunzipSync } from 'node:zlib';

/** The judged sets that lie beside the project on some machines. */
export const SHARED = fileURLToPath(new URL('../../../shared', import.meta.url));
export const hasShared = existsSync(SHARED);
export const ROOT = fileURLToPath(new URL('../..', import.meta.url));

export interface Topic {
  readonly id: string;
  readonly text: string;
}

export type Judgements = ReadonlyMap<string, ReadonlyMap<string, number>>;

function jsonLines(file: string): { _id: string; text: string }[] {
  const bytes = readFileSync(file);
  const text = (file.endsWith('.gz') ? gunzipSync(bytes) : bytes).toString('utf8');
  return text
    .trim()
    .split('\n')
    .map((line): { _id: string; text: string } => JSON.parse(line));
}

/** Topics of a BEIR folder that have at least one relevant paper. */
export function readJudged(folder: string): { topics: Topic[]; judgements: Judgements } {
  const judgements = new Map<string, Map<string, number>>();
  for (const line of readFileSync(`${folder}/qrels/test.tsv`, 'utf8').trim().split('\n').slice(1)) {
    const [topic = '', paper = '', grade = '0'] = line.split('\t');
    const judged = judgements.get(topic) ?? new Map<string, number>();
    judged.set(paper, Number(grade));
    judgements.set(topic, judged);
  }
  const topics = jsonLines(`${folder}/queries.jsonl`)
    .map(({ _id, text }) => ({ id: _id, text }))
    .filter(({ id }) => [...(judgements.get(id)?.values() ?? [])].some((grade) => grade > 0));
  return { topics, judgements };
}

const gain = (grade: number, i: number): number => grade / Math.log2(i + 2);

/** nDCG with gain = grade and log2 discount (Järvelin and Kekäläinen 2002), as trec_eval computes it. */
export function ndcg(ranked: readonly string[], judged: ReadonlyMap<string, number>, cutoff: number): number {
  const ideal = [...judged.values()]
    .filter((grade) => grade > 0)
    .sort((a, b) => b - a)
    .slice(0, cutoff)
    .reduce((sum, grade, i) => sum + gain(grade, i), 0);
  const found = ranked.slice(0, cutoff).reduce((sum, id, i) => sum + gain(Math.max(0, judged.get(id) ?? 0), i), 0);
  return ideal > 0 ? found / ideal : 0;
}

/** Reciprocal of the rank of the first relevant paper within the cutoff, else 0. */
export function reciprocalRank(ranked: readonly string[], judged: ReadonlyMap<string, number>, cutoff: number): number {
  const at = ranked.slice(0, cutoff).findIndex((id) => (judged.get(id) ?? 0) > 0);
  return at < 0 ? 0 : 1 / (at + 1);
}

export const mean = (values: readonly number[]): number => values.reduce((a, b) => a + b, 0) / values.length;
