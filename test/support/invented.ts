import { seeded } from '../../src/domain/seeded.ts';

/** Papers made of invented sentences; the same seed gives the same papers. */

const SUBJECTS = [
  'neural networks',
  'sparse matrices',
  'protein folding',
  'traffic flow',
  'graph colouring',
  'black holes',
];
const METHODS = ['variational inference', 'random projection', 'message passing', 'finite elements', 'tree search'];
const RESULTS = ['halves the error', 'scales linearly', 'needs no labels', 'is provably stable', 'survives noise'];

export interface InventedPaper {
  readonly id: string;
  readonly title: string;
  readonly abstract: string;
  readonly authors: string[];
  readonly year: number;
  readonly categories: string[];
}

export function inventPapers(count: number, seed = 1): InventedPaper[] {
  const next = seeded(seed);
  const pick = (words: readonly string[]): string => words[Math.floor(next() * words.length)] ?? '';
  return Array.from({ length: count }, (_, i) => {
    const subject = pick(SUBJECTS);
    const method = pick(METHODS);
    return {
      id: `invented:${seed}-${i}`,
      title: `On ${subject} by ${method}, part ${i}`,
      abstract: `We study ${subject} in setting ${i}. Our approach rests on ${method}. It ${pick(RESULTS)} in case ${Math.floor(next() * 1e6)}.`,
      authors: [`Ada Author${i}`, `Ben Writer${Math.floor(next() * 50)}`],
      year: 1950 + Math.floor(next() * 75),
      categories: [pick(['cs.LG', 'cs.DS', 'q-bio.BM', 'gr-qc'])],
    };
  });
}

export function asJsonLines(papers: readonly object[]): string {
  return papers.map((paper) => `${JSON.stringify(paper)}\n`).join('');
}
