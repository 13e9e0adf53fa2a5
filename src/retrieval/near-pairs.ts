import { setImmediate as otherWork } from 'node:timers/promises';
import { dot } from '../domain/dot.ts';
import { seeded } from '../domain/seeded.ts';

/** Two embeddings, by their places in the list, and how near they are. */
export interface NearPair {
  readonly a: number;
  readonly b: number;
  readonly cosine: number;
}

// Near ones meet where all bits of one band are the same. Of 5,000 papers of papers20k, each with a twin at cosine .9 in a random
// direction, one twin is missed; of those at .92 and .95 none.
const BANDS = 64;
const BITS = 13;
/** Each bit looks at so many components alone, half of them with the other sign: a twenty-fourth of the work of a whole projection. */
const COMPONENTS = 16;
/**
 * A bucket's latest papers that a paper is compared with. Buckets of different papers hold a few; those of thousands of copies of one
 * text would make all pairs of them, where a chain says as much.
 */
const COMPARED = 30;
/** Embeddings read between looks at what else is to be done. */
const READ_AT_ONCE = 250;

function meanOf(embeddings: readonly Float32Array[], dimensions: number): Float32Array {
  const mean = new Float32Array(dimensions);
  for (const embedding of embeddings) {
    for (let at = 0; at < dimensions; at += 1) mean[at] = (mean[at] ?? 0) + (embedding[at] ?? 0) / embeddings.length;
  }
  return mean;
}

/** The components that each bit of each band looks at, one bit after the other. */
function directions(dimensions: number): Uint16Array {
  const random = seeded(1);
  return Uint16Array.from({ length: BANDS * BITS * COMPONENTS }, () => Math.floor(random() * dimensions));
}

/** A sum for each bit: half of its components less the other half. */
function projected(embedding: Float32Array, components: Uint16Array): Float32Array {
  const sums = new Float32Array(BANDS * BITS);
  let at = 0;
  for (let bit = 0; bit < sums.length; bit += 1) {
    let sum = 0;
    for (let i = 0; i < COMPONENTS; i += 2, at += 2) {
      sum += (embedding[components[at] ?? 0] ?? 0) - (embedding[components[at + 1] ?? 0] ?? 0);
    }
    sums[bit] = sum;
  }
  return sums;
}

/** `[embeddings, bands]`: the bits of each band as a number. */
async function codesOf(embeddings: readonly Float32Array[], signal?: AbortSignal): Promise<Uint16Array> {
  const dimensions = embeddings[0]?.length ?? 0;
  const components = directions(dimensions);
  // About the mean: embeddings of papers lie on one side of the origin, and bits would say the same of all.
  const middle = projected(meanOf(embeddings, dimensions), components);
  const codes = new Uint16Array(embeddings.length * BANDS);
  for (const [place, embedding] of embeddings.entries()) {
    if (place % READ_AT_ONCE === 0) await otherWork();
    if (signal?.aborted) break;
    const sums = projected(embedding, components);
    for (let bit = 0; bit < sums.length; bit += 1) {
      const isSet = (sums[bit] ?? 0) > (middle[bit] ?? 0) ? 1 : 0;
      const at = place * BANDS + Math.floor(bit / BITS);
      codes[at] = ((codes[at] ?? 0) << 1) | isSet;
    }
  }
  return codes;
}

/**
 * Pairs of unit vectors whose cosine is at least `least`, .9 or more, without comparing each with every other: only those that
 * fall into one bucket of some band of random projections (locality-sensitive hashing: Indyk and Motwani 1998, Charikar
 * 2002). Of many copies each is paired with some. Stops early, with what it has, when the signal aborts.
 */
export async function nearPairs(
  embeddings: readonly Float32Array[],
  least: number,
  signal?: AbortSignal,
): Promise<NearPair[]> {
  const codes = await codesOf(embeddings, signal);
  const found = new Map<number, NearPair>();
  for (let band = 0; band < BANDS; band += 1) {
    await otherWork();
    if (signal?.aborted) break;
    const buckets = new Map<number, number[]>();
    for (const [b, embedding] of embeddings.entries()) {
      const code = codes[b * BANDS + band] ?? 0;
      const bucket = buckets.get(code) ?? [];
      if (bucket.length === 0) buckets.set(code, bucket);
      for (const a of bucket.slice(-COMPARED)) {
        const key = a * embeddings.length + b;
        if (found.has(key)) continue;
        const cosine = dot(embeddings[a] ?? embedding, embedding);
        if (cosine >= least) found.set(key, { a, b, cosine });
      }
      bucket.push(b);
    }
  }
  return [...found.values()];
}
