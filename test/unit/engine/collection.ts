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

/** What matching.ts says, written down plainly for one document. */
export function naiveMatch(
  documents: readonly Document[],
  query: string,
  key: number,
  termsOf: (text: string) => string[],
): { coverage: number; nearness: number } {
  const held = (document: Document): string[] => termsOf(`${document.title} ${document.abstract}`);
  const weight = (term: string): number => {
    const papers = documents.filter((document) => held(document).includes(term)).length;
    return papers === 0 ? 0 : Math.max(0, Math.log((documents.length - papers + 0.5) / (papers + 0.5)));
  };
  const own = documents.find((document) => document.key === key);
  const fields = own ? [termsOf(own.title), termsOf(own.abstract)] : [];
  const asked = termsOf(query);
  const near = ([first, second]: readonly [string, string]): boolean =>
    fields.some((field) =>
      field.some((a, i) => field.some((b, j) => a === first && b === second && j - i <= 4 && i - j <= 2)),
    );
  const pairs = new Map(
    asked.slice(1).flatMap((second, i): [string, [string, string]][] => {
      const first = asked[i] ?? '';
      return first === second ? [] : [[`${first} ${second}`, [first, second]]];
    }),
  );
  const share = (parts: readonly (readonly [number, boolean])[]): number => {
    const whole = parts.reduce((sum, [each]) => sum + each, 0);
    return whole > 0 ? parts.reduce((sum, [each, found]) => sum + (found ? each : 0), 0) / whole : 0;
  };
  const coverage = share([...new Set(asked)].map((term) => [Math.sqrt(weight(term)), fields.flat().includes(term)]));
  const weighed = [...pairs.values()].map((pair): [number, boolean] => [
    Math.min(weight(pair[0]), weight(pair[1])),
    near(pair),
  ]);
  return { coverage, nearness: weighed.some(([each]) => each > 0) ? share(weighed) : coverage };
}
