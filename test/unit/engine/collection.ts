import fc from 'fast-check';
import type { Document } from '../../../src/engine/contract.ts';

/** A small vocabulary, so that documents share words and ties come up. */
const WORDS = 'amber birch cedar delta ember fjord grove heron inlet jetty kelp lichen moss nettle otter pond'.split(
  ' ',
);

const words = (max: number): fc.Arbitrary<string> =>
  fc.array(fc.constantFrom(...WORDS), { maxLength: max }).map((list) => list.join(' '));

export const documentArbitrary: fc.Arbitrary<Document> = fc.record({
  key: fc.integer({ min: 1, max: 12 }),
  title: words(5),
  abstract: words(14),
});

export const queryArbitrary: fc.Arbitrary<string> = words(6);

/** BM25 written down plainly, over documents as they stand: the measure of the index. */
export function naiveScores(
  documents: readonly Document[],
  query: string,
  termsOf: (text: string) => string[],
): Map<number, number> {
  const texts = documents.map(({ key, title, abstract }) => ({ key, terms: termsOf(`${title} ${abstract}`) }));
  const average = texts.reduce((sum, { terms }) => sum + terms.length, 0) / texts.length;
  const scores = new Map<number, number>();
  for (const term of termsOf(query)) {
    const papers = texts.filter(({ terms }) => terms.includes(term)).length;
    const idf = Math.max(1e-6, Math.log((texts.length - papers + 0.5) / (papers + 0.5)));
    for (const { key, terms } of texts) {
      const count = terms.filter((own) => own === term).length;
      if (count === 0) continue;
      const gain = (idf * count * 2.2) / (count + 1.2 * (0.25 + (0.75 * terms.length) / average));
      scores.set(key, (scores.get(key) ?? 0) + gain);
    }
  }
  return scores;
}
