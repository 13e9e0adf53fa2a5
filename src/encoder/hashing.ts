import { AppError } from '../errors.ts';
import type { Encoder, ModelDescription } from './contract.ts';
import { composeFingerprint } from './fingerprint.ts';
import { sentenceTexts } from './sentence-texts.ts';
import { leadText, paperText, queryText } from './text-form.ts';

/** A character trigram says less than a whole word. */
const TRIGRAM_WEIGHT = 0.5;

/**
 * A tiny deterministic encoder: words and their character trigrams hashed into `dimensions` buckets. Texts that share
 * words are near; nothing else is meant by it. No files, no threads, the same on every machine.
 */
export function createHashingEncoder(model: ModelDescription): Encoder {
  let state: 'open' | 'closed' = 'open';
  const encode = async (text: string): Promise<Float32Array> => {
    if (state === 'closed') throw new AppError('ENCODER_FAILED', { reason: 'the encoder is closed' });
    return hashText(text, model.dimensions);
  };
  return {
    model,
    fingerprint: composeFingerprint(model, []),
    concurrency: 1,
    encodeQuery: async (text) => ({ embedding: await encode(queryText(model, text)), tokens: undefined }),
    encodePaper: async (text) => {
      const beginning = paperText(model, text);
      const rest = paperText({ ...model, maxTokens: 2 * model.maxTokens }, text).slice(beginning.length);
      return {
        embedding: await encode(beginning),
        rest: rest.trim() === '' ? undefined : await encode(`${leadText(model, text)} ${rest}`),
        tokens: undefined,
      };
    },
    encodeSentences: async (abstract) => {
      const found = sentenceTexts(model, abstract);
      const vectors = await Promise.all(found.map(({ text }) => encode(text)));
      return vectors.map((vector, i) => ({ start: found[i]?.start ?? 0, end: found[i]?.end ?? 0, vector }));
    },
    close: async () => {
      state = 'closed';
    },
  };
}

function hashText(text: string, dimensions: number): Float32Array {
  const embedding = new Float32Array(dimensions);
  // A bucket of its own for "any text", so that the empty text has a direction too.
  embedding[0] = 0.1;
  for (const word of text.toLowerCase().match(/[\p{L}\p{N}]+/gu) ?? []) {
    addFeature(embedding, `w${word}`, 1);
    const padded = `^${word}$`;
    for (let at = 0; at + 3 <= padded.length; at += 1) {
      addFeature(embedding, `t${padded.slice(at, at + 3)}`, TRIGRAM_WEIGHT);
    }
  }
  const length = Math.hypot(...embedding);
  return embedding.map((value) => value / length);
}

/** Adds to one bucket, with a sign taken from the hash so that collisions cancel on average (Weinberger et al. 2009). */
function addFeature(embedding: Float32Array, feature: string, weight: number): void {
  const hash = fnv1a(feature);
  const bucket = 1 + ((hash >>> 1) % (embedding.length - 1));
  embedding[bucket] = (embedding[bucket] ?? 0) + (hash & 1 ? weight : -weight);
}

/** 32-bit FNV-1a over UTF-16 code units, with an avalanche step: its low bits alone are poor. */
function fnv1a(text: string): number {
  let hash = 0x811c9dc5;
  for (let at = 0; at < text.length; at += 1) {
    hash = Math.imul(hash ^ text.charCodeAt(at), 0x01000193);
  }
  hash ^= hash >>> 16;
  hash = Math.imul(hash, 0x85ebca6b);
  return (hash ^ (hash >>> 13)) >>> 0;
}
