import type { PaperKey } from '../../domain/mod.ts';
import type { Words } from './matching.ts';

/**
 * Papers that frequencies are counted in: as many as the figures below were measured with, spread over all. More would tell
 * the same shares, and hold up the first feed after a start by 5 µs each.
 */
const MAX_SAMPLE = 20_000;
/** A pair that fewer papers hold says nothing of others. */
const LEAST_PAPERS = 3;
/**
 * What an inverse document frequency is raised to, and what a pair of neighbouring terms counts, a term being 1. nDCG@20 of
 * 300 readers of papers20k, the mean of 8 papers against each candidate: single terms alone .358; pairs for .3 / .5 / .7 / 1:
 * .377 .391 .398 .396; with the idf itself .392, squared .391. How often a term occurs makes no difference (.401, once .401).
 */
const IDF_POWER = 1.5;
const PAIR_WEIGHT = 0.7;

const CODES = 0x10000;
/** Slots that pairs are counted in, by a hash: 20,000 abstracts have 850,000 pairs, most of them but once. */
const PAIR_BITS = 21;
const GOLDEN = 0x9e3779b1;
const MOST_COUNTED = 0xffff;

/** Weights of a text's terms and pairs, or of several texts'. Pairs in an open hash table, 0 where there is none. */
interface Profile {
  /** `[65536]` */
  readonly terms: Float32Array;
  /** `[size]`, a power of two. */
  readonly pairs: Int32Array;
  readonly pairWeights: Float32Array;
  /** `[65536]`, `[size]`: the last document that had it. */
  readonly termSeen: Int32Array;
  readonly pairSeen: Int32Array;
  readonly mask: number;
}

/** A text as a unit vector: its distinct terms and pairs, each with its weight. */
interface TextVector {
  readonly terms: Uint16Array;
  readonly termWeights: Float32Array;
  readonly pairs: Int32Array;
  readonly pairWeights: Float32Array;
}

const hashOf = (pair: number): number => Math.imul(pair, GOLDEN) >>> (32 - PAIR_BITS);

/**
 * How like texts are by their terms and pairs of neighbouring terms, rare ones weighing more: for profiles of many papers,
 * where BM25's query of the weightiest 128 terms says too little. Frequencies are those of when it was made.
 */
export class Likeness {
  readonly #wordsOf: (key: PaperKey) => Words | undefined;
  readonly #termPapers = new Int32Array(CODES);
  readonly #pairPapers = new Uint16Array(1 << PAIR_BITS);
  /** `[65536]`, `[pairs]`: the last text that had it. */
  readonly #termSeen = new Int32Array(CODES);
  readonly #pairSeen = new Int32Array(1 << PAIR_BITS);
  #texts = 0;
  /** By how many papers of the sample hold it. */
  readonly #weights: Float32Array;
  /** Lengths of texts' vectors by key, once they were needed. */
  readonly #lengths = new Map<PaperKey, number>();

  constructor(keys: ArrayLike<PaperKey>, wordsOf: (key: PaperKey) => Words | undefined) {
    this.#wordsOf = wordsOf;
    const step = Math.max(1, keys.length / MAX_SAMPLE);
    for (let at = 0; at < keys.length; at += step) {
      const words = wordsOf(keys[Math.floor(at)] ?? 0);
      if (words) this.#count(words);
    }
    const papers = this.#texts;
    this.#weights = Float32Array.from({ length: papers + 1 }, (_, held) =>
      Math.max(0, Math.log((papers + 1) / (held + 1)) ** IDF_POWER),
    );
  }

  /** A text has been replaced or is gone. */
  forget(key: PaperKey): void {
    this.#lengths.delete(key);
  }

  /** Cosines of the weighted sum of some papers' vectors (its length left out) with those of others. */
  toSum(papers: readonly PaperKey[], shares: ArrayLike<number>, keys: ArrayLike<PaperKey>): Float32Array {
    const profile = this.#profileOf(papers, shares);
    return Float32Array.from(keys, (key, i) => this.#product(profile, key, i + 1));
  }

  /** `[keys, keys]`: cosines of papers with each other. */
  amongEachOther(keys: readonly PaperKey[]): Float32Array {
    const cosines = new Float32Array(keys.length ** 2);
    const holders = new Map<number, { places: number[]; weights: number[] }>();
    const add = (name: number, place: number, weight: number): void => {
      let held = holders.get(name);
      if (!held) holders.set(name, (held = { places: [], weights: [] }));
      held.places.push(place);
      held.weights.push(weight);
    };
    for (const [place, key] of keys.entries()) {
      const vector = this.#vectorOf(key);
      vector?.terms.forEach((term, i) => add(term, place, vector.termWeights[i] ?? 0));
      // Names of pairs follow those of terms.
      vector?.pairs.forEach((pair, i) => add(CODES + (pair >>> 0), place, vector.pairWeights[i] ?? 0));
    }
    for (const { places, weights } of holders.values()) {
      for (let a = 0; a < places.length; a += 1) {
        const row = (places[a] ?? 0) * keys.length;
        const weight = weights[a] ?? 0;
        for (let b = 0; b < places.length; b += 1) {
          const at = row + (places[b] ?? 0);
          cosines[at] = (cosines[at] ?? 0) + weight * (weights[b] ?? 0);
        }
      }
    }
    return cosines;
  }

  #termWeight(code: number): number {
    return this.#weights[this.#termPapers[code] ?? 0] ?? 0;
  }

  #pairWeight(pair: number): number {
    const papers = this.#pairPapers[hashOf(pair)] ?? 0;
    return papers < LEAST_PAPERS ? 0 : PAIR_WEIGHT * (this.#weights[papers] ?? 0);
  }

  #count(words: Words): void {
    const { terms, pairs } = this.#distinct(words);
    for (const term of terms) this.#termPapers[term] = (this.#termPapers[term] ?? 0) + 1;
    for (const pair of pairs) {
      const slot = hashOf(pair);
      this.#pairPapers[slot] = Math.min(MOST_COUNTED, (this.#pairPapers[slot] ?? 0) + 1);
    }
  }

  /** Terms and pairs of a text, each once; no pair reaches from the title into the abstract. */
  #distinct({ codes, from, to, titleLength }: Words): { readonly terms: number[]; readonly pairs: number[] } {
    const text = ++this.#texts;
    const terms: number[] = [];
    const pairs: number[] = [];
    let before = -1;
    for (let at = from; at < to; at += 1) {
      const code = codes[at] ?? 0;
      if (at === from + titleLength) before = -1;
      if (this.#termSeen[code] !== text) {
        this.#termSeen[code] = text;
        terms.push(code);
      }
      if (before >= 0) {
        const pair = (before << 16) | code;
        const slot = hashOf(pair);
        if (this.#pairSeen[slot] !== text) {
          this.#pairSeen[slot] = text;
          pairs.push(pair);
        }
      }
      before = code;
    }
    return { terms, pairs };
  }

  #vectorOf(key: PaperKey): TextVector | undefined {
    const words = this.#wordsOf(key);
    if (!words) return undefined;
    const { terms, pairs } = this.#distinct(words);
    const told = pairs.filter((pair) => this.#pairWeight(pair) > 0);
    const termWeights = Float32Array.from(terms, (term) => this.#termWeight(term));
    const pairWeights = Float32Array.from(told, (pair) => this.#pairWeight(pair));
    let squares = 0;
    for (const weight of termWeights) squares += weight * weight;
    for (const weight of pairWeights) squares += weight * weight;
    const length = Math.sqrt(squares) || 1;
    this.#lengths.set(key, length);
    return {
      terms: Uint16Array.from(terms),
      termWeights: termWeights.map((weight) => weight / length),
      pairs: Int32Array.from(told),
      pairWeights: pairWeights.map((weight) => weight / length),
    };
  }

  #profileOf(papers: readonly PaperKey[], shares: ArrayLike<number>): Profile {
    const terms = new Float32Array(CODES);
    const sums = new Map<number, number>();
    for (const [i, key] of papers.entries()) {
      const vector = this.#vectorOf(key);
      const share = shares[i] ?? 0;
      vector?.terms.forEach((term, at) => {
        terms[term] = (terms[term] ?? 0) + share * (vector.termWeights[at] ?? 0);
      });
      vector?.pairs.forEach((pair, at) => {
        sums.set(pair, (sums.get(pair) ?? 0) + share * (vector.pairWeights[at] ?? 0));
      });
    }
    // A candidate's own weights are the same for every paper, so they are multiplied in once.
    for (let code = 0; code < CODES; code += 1) {
      if (terms[code] !== 0) terms[code] = (terms[code] ?? 0) * this.#termWeight(code);
    }
    // Mostly empty, so that a pair which is not in it is known by its first slot.
    const size = 2 ** Math.ceil(Math.log2(8 * sums.size + 8));
    const mask = size - 1;
    const pairs = new Int32Array(size);
    const pairWeights = new Float32Array(size);
    for (const [pair, sum] of sums) {
      let slot = hashOf(pair) & mask;
      while (pairs[slot] !== 0) slot = (slot + 1) & mask;
      pairs[slot] = pair;
      pairWeights[slot] = sum * this.#pairWeight(pair);
    }
    return { terms, pairs, pairWeights, termSeen: new Int32Array(CODES), pairSeen: new Int32Array(size), mask };
  }

  /** `document`: another number for each. 0 for a key without a document. */
  #product({ terms, pairs, pairWeights, termSeen, pairSeen, mask }: Profile, key: PaperKey, document: number): number {
    const words = this.#wordsOf(key);
    if (!words) return 0;
    const { codes, from, to, titleLength } = words;
    let sum = 0;
    // The term before, -1 where it is none of the profile: then the pair is none either.
    let before = -1;
    for (let at = from; at < to; at += 1) {
      if (at === from + titleLength) before = -1;
      const code = codes[at] ?? 0;
      const weight = terms[code] ?? 0;
      if (weight === 0) {
        before = -1;
        continue;
      }
      if (termSeen[code] !== document) {
        termSeen[code] = document;
        sum += weight;
      }
      if (before >= 0) {
        const pair = (before << 16) | code;
        let slot = hashOf(pair) & mask;
        while (pairs[slot] !== 0 && pairs[slot] !== pair) slot = (slot + 1) & mask;
        if (pairs[slot] === pair && pairSeen[slot] !== document) {
          pairSeen[slot] = document;
          sum += pairWeights[slot] ?? 0;
        }
      }
      before = code;
    }
    return sum === 0 ? 0 : sum / this.#lengthOf(key, words);
  }

  #lengthOf(key: PaperKey, words: Words): number {
    const known = this.#lengths.get(key);
    if (known !== undefined) return known;
    const { terms, pairs } = this.#distinct(words);
    let squares = 0;
    for (const term of terms) squares += this.#termWeight(term) ** 2;
    for (const pair of pairs) squares += this.#pairWeight(pair) ** 2;
    const length = Math.sqrt(squares) || 1;
    this.#lengths.set(key, length);
    return length;
  }
}
