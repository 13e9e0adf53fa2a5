import type { Encoder } from '../../src/encoder/mod.ts';
import { sentences } from '../../src/domain/sentences.ts';
import { seeded } from '../../src/domain/seeded.ts';
import { unit } from './vectors.ts';

/** Words that stand for subjects: a text lies in the direction of those it has, the oftener the more. */
export const SUBJECTS = ['volcano', 'orchid', 'harbour', 'glacier', 'beetle', 'violin'] as const;
export type Subject = (typeof SUBJECTS)[number];

/** Directions in which texts differ that have the same subject. */
const OTHERS = 26;
/** Two texts on one subject have a cosine of some .65. */
const APART = 0.7;

function embed(text: string): Float32Array {
  const lower = text.toLowerCase();
  const counts = SUBJECTS.map((subject) => lower.split(subject).length - 1);
  const length = Math.hypot(...counts) || 1;
  const next = seeded(lower.split('').reduce((hash, letter) => Math.imul(hash, 31) + letter.charCodeAt(0), 7));
  const own = unit(Array.from({ length: OTHERS }, () => next() + next() + next() - 1.5));
  return unit([...counts.map((count) => count / length), ...Array.from(own, (value) => APART * value)]);
}

/** An encoder that knows nothing but these subjects, so that a test says what is near to what by the words it writes. */
export function subjectEncoder(): Encoder {
  const dimensions = SUBJECTS.length + OTHERS;
  return {
    model: {
      ...{
        name: 'subjects',
        dimensions,
        maxTokens: 256,
        pooling: 'mean',
        queryPrefix: '',
        paperPrefix: '',
        dtype: 'fp32',
      },
    },
    fingerprint: 'subjects',
    concurrency: 1,
    encodeQuery: async (text) => ({ embedding: embed(text), tokens: undefined }),
    encodePaper: async ({ title, abstract }) => ({
      ...{ embedding: embed(`${title} ${abstract}`), rest: undefined, tokens: undefined },
    }),
    encodeSentences: async (abstract) =>
      sentences(abstract).map(({ start, end }) => ({ start, end, vector: embed(abstract.slice(start, end)) })),
    close: async () => undefined,
  };
}
