import type { Tail } from './postings-tail.ts';

/**
 * The immutable part of the inverted index: for each term the documents it occurs in. A document's number is its place
 * here, in order of arrival; its key is the caller's. 5 bytes a posting, 12 a document, 2 a word.
 */
export interface Base {
  /** Sorted by UTF-16 code units, as `<` compares; a term's number is its place. */
  readonly terms: readonly string[];
  /** `[terms + 1]`: postings of term t are those from `offsets[t]` to `offsets[t + 1]`. */
  readonly offsets: Int32Array;
  /** `[postings]`: document numbers, ascending within a term. */
  readonly documents: Int32Array;
  /** `[postings]`: how often the term occurs, packed (see packing.ts). */
  readonly frequencies: Uint8Array;
  /** `[documents]`: the paper each document belongs to. */
  readonly keys: Int32Array;
  /** `[documents]`: terms in title and abstract together, at most `MAX_LENGTH`. */
  readonly lengths: Uint16Array;
  /** `[documents]`: how many of these are the title's. */
  readonly titleLengths: Uint16Array;
  /** `[sum of lengths]`: the documents' terms in reading order, each as its code (see packing.ts). */
  readonly words: Uint16Array;
}

/** A document in a search result must be alive: neither removed nor replaced by a newer version. */
export const ALIVE = 0;
export const DEAD = 1;

export function emptyBase(): Base {
  return {
    terms: [],
    offsets: new Int32Array(1),
    documents: new Int32Array(0),
    frequencies: new Uint8Array(0),
    keys: new Int32Array(0),
    lengths: new Uint16Array(0),
    titleLengths: new Uint16Array(0),
    words: new Uint16Array(0),
  };
}

/** Place of the first term, from a place on, that is not before `term`. */
export function lowerBound(terms: readonly string[], term: string, first = 0): number {
  let from = first;
  let to = terms.length;
  while (from < to) {
    const middle = (from + to) >>> 1;
    if ((terms[middle] ?? '') < term) from = middle + 1;
    else to = middle;
  }
  return from;
}

/** Number of a term, -1 when it is not there. */
export function findTerm(terms: readonly string[], term: string): number {
  const at = lowerBound(terms, term);
  return terms[at] === term ? at : -1;
}

/** New number of each old document, the dead ones left out (-1). */
function renumber(dead: Uint8Array, count: number): { numbers: Int32Array; alive: number } {
  const numbers = new Int32Array(count);
  let alive = 0;
  for (let document = 0; document < count; document += 1) {
    numbers[document] = dead[document] === DEAD ? -1 : alive++;
  }
  return { numbers, alive };
}

class Merge {
  readonly terms: string[] = [];
  readonly offsets: number[] = [0];
  readonly documents: Int32Array;
  readonly frequencies: Uint8Array;
  /** Where the next posting of a tail's term goes. */
  readonly cursors: Int32Array;
  private used = 0;
  private readonly base: Base;
  private readonly tail: Tail;
  private readonly numbers: Int32Array;

  constructor(base: Base, tail: Tail, numbers: Int32Array) {
    this.base = base;
    this.tail = tail;
    this.numbers = numbers;
    const capacity = base.documents.length + tail.postings;
    this.documents = new Int32Array(capacity);
    this.frequencies = new Uint8Array(capacity);
    this.cursors = new Int32Array(tail.names.length);
  }

  /** Copies a base term's postings, makes room for the tail's, and keeps the term if any posting is left. */
  addTerm(term: string, baseTerm: number, tailTerm: number, tailCount: number): void {
    if (baseTerm >= 0) this.copyBase(baseTerm);
    if (tailTerm >= 0) this.cursors[tailTerm] = this.used;
    this.used += tailCount;
    if (this.used === this.offsets[this.offsets.length - 1]) return;
    this.terms.push(term);
    this.offsets.push(this.used);
  }

  private copyBase(term: number): void {
    const { offsets, documents, frequencies } = this.base;
    const to = offsets[term + 1] ?? 0;
    let used = this.used;
    for (let at = offsets[term] ?? 0; at < to; at += 1) {
      const number = this.numbers[documents[at] ?? 0] ?? -1;
      if (number < 0) continue;
      this.documents[used] = number;
      this.frequencies[used] = frequencies[at] ?? 0;
      used += 1;
    }
    this.used = used;
  }

  /** Files the tail's postings, in order of arrival: within each term their documents ascend. */
  fillTail(): void {
    const { termOf, documentOf, frequencyOf, postings } = this.tail;
    const first = this.base.keys.length;
    for (let at = 0; at < postings; at += 1) {
      const number = this.numbers[first + (documentOf[at] ?? 0)] ?? -1;
      if (number < 0) continue;
      const term = termOf[at] ?? 0;
      const cursor = this.cursors[term] ?? 0;
      this.cursors[term] = cursor + 1;
      this.documents[cursor] = number;
      this.frequencies[cursor] = frequencyOf[at] ?? 0;
    }
  }

  finish(): Pick<Base, 'terms' | 'offsets' | 'documents' | 'frequencies'> {
    const whole = this.used === this.documents.length;
    return {
      terms: this.terms,
      offsets: Int32Array.from(this.offsets),
      documents: whole ? this.documents : this.documents.slice(0, this.used),
      frequencies: whole ? this.frequencies : this.frequencies.slice(0, this.used),
    };
  }
}

/** How many living documents each of the tail's terms occurs in. */
function tailCounts(tail: Tail, numbers: Int32Array, first: number): Int32Array {
  const counts = new Int32Array(tail.names.length);
  for (let at = 0; at < tail.postings; at += 1) {
    if ((numbers[first + (tail.documentOf[at] ?? 0)] ?? -1) < 0) continue;
    const term = tail.termOf[at] ?? 0;
    counts[term] = (counts[term] ?? 0) + 1;
  }
  return counts;
}

/**
 * One new base from a base, what arrived since, and which documents are dead (`[documents of both]`). Linear in the
 * postings; both inputs stay as they are.
 */
export function mergePostings(base: Base, tail: Tail, dead: Uint8Array): Base {
  const first = base.keys.length;
  const count = first + tail.documents;
  const { numbers, alive } = renumber(dead, count);
  const counts = tailCounts(tail, numbers, first);
  const arrivals = Array.from(tail.names.keys()).sort((a, b) =>
    (tail.names[a] ?? '') < (tail.names[b] ?? '') ? -1 : 1,
  );

  const merge = new Merge(base, tail, numbers);
  let next = 0;
  const addArrivalsBefore = (term: string | undefined): void => {
    for (; next < arrivals.length; next += 1) {
      const arrival = arrivals[next] ?? 0;
      const name = tail.names[arrival] ?? '';
      if (term !== undefined && name >= term) return;
      merge.addTerm(name, -1, arrival, counts[arrival] ?? 0);
    }
  };
  for (const [number, term] of base.terms.entries()) {
    addArrivalsBefore(term);
    const arrival = arrivals[next] ?? -1;
    const same = arrival >= 0 && tail.names[arrival] === term;
    merge.addTerm(term, number, same ? arrival : -1, same ? (counts[arrival] ?? 0) : 0);
    if (same) next += 1;
  }
  addArrivalsBefore(undefined);
  merge.fillTail();

  return { ...merge.finish(), ...mergeDocuments(base, tail, numbers, alive) };
}

/** What is kept of each living document, in the order of their new numbers, which is that of their old ones. */
function mergeDocuments(base: Base, tail: Tail, numbers: Int32Array, alive: number) {
  const keys = new Int32Array(alive);
  const lengths = new Uint16Array(alive);
  const titleLengths = new Uint16Array(alive);
  const words = new Uint16Array(base.words.length + tail.wordCount);
  let used = 0;
  const copy = (from: Omit<Base, 'terms' | 'offsets' | 'documents' | 'frequencies'>, first: number, count: number) => {
    let start = 0;
    for (let document = 0; document < count; document += 1) {
      const number = numbers[first + document] ?? -1;
      const length = from.lengths[document] ?? 0;
      if (number >= 0) {
        keys[number] = from.keys[document] ?? 0;
        lengths[number] = length;
        titleLengths[number] = from.titleLengths[document] ?? 0;
        words.set(from.words.subarray(start, start + length), used);
        used += length;
      }
      start += length;
    }
  };
  copy(base, 0, base.keys.length);
  copy(tail, base.keys.length, tail.documents);
  return { keys, lengths, titleLengths, words: used === words.length ? words : words.slice(0, used) };
}
