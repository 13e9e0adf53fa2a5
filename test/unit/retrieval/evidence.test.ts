import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { sentences } from '../../../src/domain/sentences.ts';
import { chooseEvidence } from '../../../src/retrieval/evidence.ts';
import { unit } from '../../support/vectors.ts';

function counter(weights: Record<string, number>) {
  return (text: string) => {
    const words = text.toLowerCase().match(/[a-z]+/g) ?? [];
    const counts = new Map<string, number>();
    for (const word of words) if (word in weights) counts.set(word, (counts.get(word) ?? 0) + 1);
    return { counts, length: words.length };
  };
}
const ask = (weights: Record<string, number>, abstract: string) =>
  chooseEvidence({ terms: new Map(Object.entries(weights)), abstract, count: counter(weights) });

const ABSTRACT =
  'Otters live by the sea. Little is known of their sleep. In this paper we propose a tracker for otters. ' +
  'On long recordings it finds that otters sleep wrapped in kelp.';

describe('chooseEvidence', () => {
  it('takes the sentence with the weightiest words of the query, wherever it stands', () => {
    expect(ask({ otters: 0.5, kelp: 4, sleep: 2 }, ABSTRACT)?.text).toBe(
      'On long recordings it finds that otters sleep wrapped in kelp.',
    );
  });

  it('gives the offsets of the sentence in the abstract', () => {
    const evidence = ask({ sleep: 2, known: 2 }, ABSTRACT);
    expect(evidence?.text).toBe('Little is known of their sleep.');
    expect(ABSTRACT.slice(evidence?.start, evidence?.end)).toBe(evidence?.text);
  });

  it('prefers two words once to one word twice', () => {
    expect(ask({ kelp: 1, pond: 1 }, 'Kelp and kelp again here. The kelp of a pond.')?.text).toBe(
      'The kelp of a pond.',
    );
  });

  it('takes the earlier of two equals', () => {
    expect(ask({ heron: 1 }, 'Heron one. Heron two.')?.text).toBe('Heron one.');
  });

  it('falls back to what the paper contributes, else to its beginning', () => {
    expect(ask({ volcano: 3 }, ABSTRACT)?.text).toBe('In this paper we propose a tracker for otters.');
    expect(ask({}, 'Moss is green. So is lichen.')?.text).toBe('Moss is green.');
    expect(ask({ moss: 0 }, 'Lichen. Moss is green.')?.text).toBe('Lichen.');
  });

  describe('with the meaning of each sentence', () => {
    const weights = { kelp: 4 };
    /** Each sentence of the abstract has one of these as its cosine with the query. */
    const meaning = (cosines: readonly number[]) => ({
      embedding: unit([1, 0]),
      sentences: sentences(ABSTRACT).map((place, i) => {
        const cosine = cosines[i] ?? 0;
        return { ...place, vector: Float32Array.of(cosine, Math.sqrt(1 - cosine ** 2)) };
      }),
    });
    const choose = (cosines: readonly number[]) =>
      chooseEvidence({
        terms: new Map(Object.entries(weights)),
        abstract: ABSTRACT,
        count: counter(weights),
        meaning: meaning(cosines),
      })?.text;

    it('takes the one that means what is asked, whatever its words', () => {
      expect(choose([0.1, 0.7, 0.2, 0.4])).toBe('Little is known of their sleep.');
    });

    it('lets words decide between two that mean nearly the same', () => {
      expect(choose([0.1, 0.5, 0.2, 0.47])).toBe('On long recordings it finds that otters sleep wrapped in kelp.');
    });

    it('goes by words where nothing is known of the sentences', () => {
      const known = { embedding: unit([1, 0]), sentences: [] };
      const count = counter(weights);
      const evidence = chooseEvidence({
        terms: new Map(Object.entries(weights)),
        abstract: ABSTRACT,
        count,
        meaning: known,
      });
      expect(evidence?.text).toMatch(/kelp/);
    });
  });

  it('is null only for an abstract without text', () => {
    expect(ask({ otters: 1 }, '')).toBeNull();
    expect(ask({ otters: 1 }, ' \n')).toBeNull();
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), (abstract) => {
        const evidence = ask({ a: 1, b: 2 }, abstract);
        expect(evidence === null).toBe(abstract.trim() === '');
        expect(abstract.slice(evidence?.start ?? 0, evidence?.end ?? 0)).toBe(evidence?.text ?? '');
      }),
    );
  });
});
