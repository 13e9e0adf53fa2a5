import type { Base } from './postings-base.ts';
import { MAX_IN_ABSTRACT, TITLE_UNIT } from './packing.ts';
import { ALIVE } from './postings-base.ts';
import type { Tail } from './postings-tail.ts';

/** Robertson and Zaragoza, "The Probabilistic Relevance Framework: BM25 and Beyond" (2009); the values of FTS5's bm25(). */
const K1 = 1.2;
const B = 0.75;

/** Where a term's postings are: a range of the base, and the newest of a chain in the tail (-1: none). */
export interface TermPostings {
  readonly from: number;
  readonly to: number;
  readonly newest: number;
  /** Length of that chain. */
  readonly inTail: number;
}

/** Base and tail as one search sees them: documents of the tail are numbered after those of the base. */
export interface Segments {
  readonly base: Base;
  readonly tail: Tail;
  /** `[documents]`: ALIVE or DEAD. */
  readonly dead: Uint8Array;
}

export function postingsOf({ base, tail }: Segments, baseTerm: number, tailTerm: number): TermPostings {
  return {
    from: baseTerm < 0 ? 0 : (base.offsets[baseTerm] ?? 0),
    to: baseTerm < 0 ? 0 : (base.offsets[baseTerm + 1] ?? 0),
    newest: tail.newestOf(tailTerm),
    inTail: tail.countOf(tailTerm),
  };
}

/** How many living documents a term occurs in. The dead are looked for only where there may be some. */
export function countLiving({ base, tail, dead }: Segments, postings: TermPostings, anyDead: boolean): number {
  const { from, to, newest, inTail } = postings;
  if (!anyDead) return to - from + inTail;
  let living = 0;
  for (let at = from; at < to; at += 1) if (dead[base.documents[at] ?? 0] === ALIVE) living += 1;
  const first = base.keys.length;
  for (let at = newest; at >= 0; at = tail.previous[at] ?? -1) {
    if (dead[first + (tail.documentOf[at] ?? 0)] === ALIVE) living += 1;
  }
  return living;
}

/**
 * BM25 scores of all documents, added up a term at a time. Every posting of every term is visited and nothing is
 * skipped: the loops run through arrays in order, at about 10 ns a posting. Questions of 18 words over 245,239 papers
 * meet 340,000 postings and take 4 ms, selection of 1,000 included; skipping (MaxScore, block-max) is not worth its code.
 */
export class Accumulator {
  /** `[documents]`, zero where no term occurs. */
  scores = new Float32Array(0);
  /** `[256]`: what a packed frequency counts. */
  private readonly counts: Float32Array;
  /** `[documents]`, all zero between uses: frequencies of a group of terms. */
  private groupCounts = new Float32Array(0);
  private damping = 0;
  private dampingPerTerm = 0;

  constructor(titleWeight: number) {
    this.counts = Float32Array.from(
      { length: 256 },
      (_, packed) => titleWeight * Math.floor(packed / TITLE_UNIT) + (packed & MAX_IN_ABSTRACT),
    );
  }

  start(documents: number, averageLength: number): void {
    if (documents > this.scores.length) this.scores = new Float32Array(Math.ceil(documents * 1.25));
    else this.scores.fill(0, 0, documents);
    this.damping = K1 * (1 - B);
    this.dampingPerTerm = (K1 * B) / averageLength;
  }

  add({ base, tail }: Segments, { from, to, newest }: TermPostings, weight: number): void {
    const { scores, counts, damping, dampingPerTerm } = this;
    const { documents, frequencies, lengths } = base;
    const scale = weight * (K1 + 1);
    for (let at = from; at < to; at += 1) {
      const document = documents[at] ?? 0;
      const count = counts[frequencies[at] ?? 0] ?? 0;
      const length = lengths[document] ?? 0;
      scores[document] = (scores[document] ?? 0) + (scale * count) / (count + damping + dampingPerTerm * length);
    }
    const first = base.keys.length;
    for (let at = newest; at >= 0; at = tail.previous[at] ?? -1) {
      const document = tail.documentOf[at] ?? 0;
      const count = counts[tail.frequencyOf[at] ?? 0] ?? 0;
      const length = tail.lengths[document] ?? 0;
      const place = first + document;
      scores[place] = (scores[place] ?? 0) + (scale * count) / (count + damping + dampingPerTerm * length);
    }
  }

  /**
   * Adds a group of terms as if they were one: their frequencies are summed before BM25 saturates them, and their
   * weight is found from the number of living documents that hold any of them.
   */
  addGroup(segments: Segments, group: readonly TermPostings[], weightOf: (living: number) => number): void {
    const places = this.sumCounts(segments, group);
    let living = 0;
    for (const place of places) if (segments.dead[place] === ALIVE) living += 1;
    const { scores, groupCounts, damping, dampingPerTerm } = this;
    const { base, tail } = segments;
    const first = base.keys.length;
    const scale = weightOf(living) * (K1 + 1);
    for (const place of places) {
      const count = groupCounts[place] ?? 0;
      groupCounts[place] = 0;
      const length = (place < first ? base.lengths[place] : tail.lengths[place - first]) ?? 0;
      scores[place] = (scores[place] ?? 0) + (scale * count) / (count + damping + dampingPerTerm * length);
    }
  }

  /** Sums the frequencies of a group into `groupCounts` and gives the places where they are not zero. */
  private sumCounts({ base, tail }: Segments, group: readonly TermPostings[]): Int32Array {
    if (this.groupCounts.length < this.scores.length) this.groupCounts = new Float32Array(this.scores.length);
    const { counts, groupCounts } = this;
    const places = new Int32Array(base.keys.length + tail.documents);
    const first = base.keys.length;
    let found = 0;
    const addAt = (place: number, packed: number): void => {
      const sum = groupCounts[place] ?? 0;
      if (sum === 0) places[found++] = place;
      groupCounts[place] = sum + (counts[packed] ?? 0);
    };
    for (const { from, to, newest } of group) {
      for (let at = from; at < to; at += 1) addAt(base.documents[at] ?? 0, base.frequencies[at] ?? 0);
      for (let at = newest; at >= 0; at = tail.previous[at] ?? -1) {
        addAt(first + (tail.documentOf[at] ?? 0), tail.frequencyOf[at] ?? 0);
      }
    }
    return places.subarray(0, found);
  }
}
