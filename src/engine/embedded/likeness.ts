import type { PaperKey } from '../../domain/mod.ts';
import type { Neighbours } from '../contract.ts';
import type { Words } from './matching.ts';
import { nearestRows, Numbering, type Rows } from './sparse-rows.ts';

/**
 * Papers that frequencies are counted in, spread over all: as many as the figures below were measured with. More would hold up
 * the first feed after a start.
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

/**
 * Neighbours are found by terms and pairs that at most this share of the papers hold: 1,000 papers take 0.3 million products so,
 * and 5 million with a share of .1, for the same figures of what is ranked by their help (nDCG@20 .429, AUC .892).
 */
const RARE_SHARE = 0.005;
/** In a small collection a term of so many papers is rare enough. */
const LEAST_RARE = 10;

const CODES = 0x10000;
const NO_WORDS: Words = { codes: new Uint16Array(0), from: 0, to: 0, titleLength: 0 };
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
  /** The distinct terms and pairs of the text last laid out; a text has at most 65,535 terms. */
  readonly #terms = new Uint16Array(CODES);
  readonly #pairs = new Int32Array(CODES);
  #termCount = 0;
  #pairCount = 0;
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

  /** For each paper the `k` nearest of the same papers, by terms and pairs that few papers hold (contract.ts). */
  neighbours(keys: readonly PaperKey[], k: number): Neighbours {
    return nearestRows(this.#rareOf(keys), k);
  }

  /** Papers by their rare terms and pairs: a term's column is its code, pairs are numbered behind them as they come. */
  #rareOf(keys: readonly PaperKey[]): Rows {
    const most = Math.max(LEAST_RARE, RARE_SHARE * (this.#weights.length - 1));
    const texts = keys.map((key) => this.#wordsOf(key));
    const room = texts.reduce((sum, words) => sum + (words ? words.to - words.from : 0), 0);
    const pairs = new Numbering(room);
    const columns = new Int32Array(2 * room);
    const weights = new Float32Array(2 * room);
    /** `[columns]`: the last row that has it, plus 1. */
    const filedIn = new Int32Array(CODES + room);
    const starts = new Int32Array(keys.length + 1);
    let filed = 0;
    for (const [row, words] of texts.entries()) {
      const length = words ? this.#lengthOf(keys[row] ?? 0, words) : 1;
      const file = (column: number, weight: number): void => {
        if (filedIn[column] === row + 1) return;
        filedIn[column] = row + 1;
        columns[filed] = column;
        weights[filed++] = weight / length;
      };
      const { codes, from, to, titleLength } = words ?? NO_WORDS;
      let before = -1;
      for (let at = from; at < to; at += 1) {
        const code = codes[at] ?? 0;
        if (at === from + titleLength) before = -1;
        if ((this.#termPapers[code] ?? 0) <= most) file(code, this.#termWeight(code));
        if (before >= 0) {
          const pair = (before << 16) | code;
          const papers = this.#pairPapers[hashOf(pair)] ?? 0;
          if (papers >= LEAST_PAPERS && papers <= most) file(CODES + pairs.of(pair), this.#pairWeight(pair));
        }
        before = code;
      }
      starts[row + 1] = filed;
    }
    const width = CODES + pairs.size;
    return { starts, columns: columns.subarray(0, filed), weights: weights.subarray(0, filed), width };
  }

  #termWeight(code: number): number {
    return this.#weights[this.#termPapers[code] ?? 0] ?? 0;
  }

  #pairWeight(pair: number): number {
    const papers = this.#pairPapers[hashOf(pair)] ?? 0;
    return papers < LEAST_PAPERS ? 0 : PAIR_WEIGHT * (this.#weights[papers] ?? 0);
  }

  #count(words: Words): void {
    this.#layOut(words);
    for (const term of this.#terms.subarray(0, this.#termCount)) {
      this.#termPapers[term] = (this.#termPapers[term] ?? 0) + 1;
    }
    for (const pair of this.#pairs.subarray(0, this.#pairCount)) {
      const slot = hashOf(pair);
      this.#pairPapers[slot] = Math.min(MOST_COUNTED, (this.#pairPapers[slot] ?? 0) + 1);
    }
  }

  /** Lays out the terms and pairs of a text, each once, in `#terms` and `#pairs`; no pair reaches from the title into the abstract. */
  #layOut({ codes, from, to, titleLength }: Words): void {
    const termSeen = this.#termSeen;
    const pairSeen = this.#pairSeen;
    const text = ++this.#texts;
    let terms = 0;
    let pairs = 0;
    let before = -1;
    for (let at = from; at < to; at += 1) {
      const code = codes[at] ?? 0;
      if (at === from + titleLength) before = -1;
      if (termSeen[code] !== text) {
        termSeen[code] = text;
        this.#terms[terms++] = code;
      }
      if (before >= 0) {
        const pair = (before << 16) | code;
        const slot = hashOf(pair);
        if (pairSeen[slot] !== text) {
          pairSeen[slot] = text;
          this.#pairs[pairs++] = pair;
        }
      }
      before = code;
    }
    this.#termCount = terms;
    this.#pairCount = pairs;
  }

  /** Length of the vector of the text that is laid out. */
  #lengthLaidOut(): number {
    let squares = 0;
    for (let i = 0; i < this.#termCount; i += 1) squares += this.#termWeight(this.#terms[i] ?? 0) ** 2;
    for (let i = 0; i < this.#pairCount; i += 1) squares += this.#pairWeight(this.#pairs[i] ?? 0) ** 2;
    return Math.sqrt(squares) || 1;
  }

  #profileOf(papers: readonly PaperKey[], shares: ArrayLike<number>): Profile {
    const terms = new Float32Array(CODES);
    const sums = new Map<number, number>();
    for (const [i, key] of papers.entries()) {
      const words = this.#wordsOf(key);
      if (!words) continue;
      this.#layOut(words);
      const share = (shares[i] ?? 0) / this.#lengthLaidOut();
      for (const term of this.#terms.subarray(0, this.#termCount)) {
        terms[term] = (terms[term] ?? 0) + share * this.#termWeight(term);
      }
      for (const pair of this.#pairs.subarray(0, this.#pairCount)) {
        const weight = this.#pairWeight(pair);
        if (weight > 0) sums.set(pair, (sums.get(pair) ?? 0) + share * weight);
      }
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
    this.#layOut(words);
    const length = this.#lengthLaidOut();
    this.#lengths.set(key, length);
    return length;
  }
}
