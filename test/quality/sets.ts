import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { format, resolveConfig } from 'prettier';
import { type JudgedSet, readJudgedSet } from '../../src/evaluation/mod.ts';
import { evaluationSet, ROOT, SAMPLE } from '../support/judged.ts';
import { writeRareWords } from './rare-words.ts';

/** A judged set that may be looked at: the figures of docs/relevance.md are of these, and the weights are fitted to them. */
export interface VisibleSet {
  readonly name: string;
  /** Or what makes it. */
  readonly folder: string | (() => string);
  /** Where the folder has no documents of its own. */
  readonly corpus?: readonly string[];
  /** Topics whose ids begin so; all when absent. */
  readonly topics?: string;
  readonly k: number;
}

const CORPUS = join(evaluationSet('papers20k'), 'corpus.jsonl.gz');
// Where one document is to be found, what is past the first 100 moves no figure by .001 (keywords: MAP .5837, with 1,000
// hits .5841), and costs six times as much (22 ms a topic, 135 ms).
const ONE_ANSWER = { corpus: [CORPUS], k: 100 };

export const SETS: readonly VisibleSet[] = [
  { name: 'sample', ...SAMPLE, k: 1000 },
  { name: 'cacm', folder: evaluationSet('cacm'), k: 1000 },
  { name: 'cranfield', folder: evaluationSet('cranfield'), k: 1000 },
  { name: 'questions', folder: evaluationSet('questions'), ...ONE_ANSWER },
  { name: 'papers20k tldr', folder: evaluationSet('papers20k'), topics: 'tldr', ...ONE_ANSWER },
  { name: 'papers20k keywords', folder: evaluationSet('papers20k'), topics: 'keywords', ...ONE_ANSWER },
  { name: 'papers20k rare words', folder: () => writeRareWords(CORPUS), ...ONE_ANSWER },
];

/** The set, with those of its topics that count. Throws FILE_NOT_FOUND and BAD_INPUT with file and line. */
export async function readVisibleSet({ folder, corpus, topics = '' }: VisibleSet): Promise<JudgedSet> {
  const set = await readJudgedSet(typeof folder === 'string' ? folder : folder(), corpus);
  return { ...set, judgements: new Map([...set.judgements].filter(([id]) => id.startsWith(topics))) };
}

/** As the tables of docs/relevance.md write a figure in [0, 1]. */
export const figure = (value: number): string => value.toFixed(3).replace(/^0/, '');

/** A table in Markdown. */
export function table(header: readonly string[], rows: readonly (readonly (string | number)[])[]): string {
  const line = (cells: readonly (string | number)[]): string => `| ${cells.join(' | ')} |`;
  return [line(header), line(header.map(() => '---')), ...rows.map(line)].join('\n');
}

/** Where each script writes its figures. */
const PLACES = {
  quality: { page: 'relevance.md', begin: '<!-- figures: npm run quality -->' },
  tune: { page: 'relevance.md', begin: '<!-- figures: npm run tune -->' },
  replay: { page: 'feeds.md', begin: '<!-- figures: replay -->' },
};

/** Replaces what an earlier run of the same script has written into a page of docs/. Throws where the page has no place for it. */
export async function writeFigures(script: keyof typeof PLACES, figures: string): Promise<void> {
  const { page: name, begin } = PLACES[script];
  const path = join(ROOT, 'docs', name);
  const page = readFileSync(path, 'utf8');
  const end = '<!-- /figures -->';
  const [before = '', ...rest] = page.split(begin);
  const following = rest.join(begin);
  const at = following.indexOf(end);
  if (at < 0) throw new Error(`${path} has no place for the figures: ${begin} … ${end}`);
  const written = `${before}${begin}\n\n${figures}\n\n${following.slice(at)}`;
  writeFileSync(path, await format(written, { ...(await resolveConfig(path)), parser: 'markdown' }));
}
