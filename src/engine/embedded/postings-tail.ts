import { codeOf, MAX_IN_ABSTRACT, MAX_IN_TITLE, MAX_LENGTH, TITLE_UNIT } from './packing.ts';

/** Rooms for this many postings and documents at first; each grows by half when it is full. */
const FIRST_POSTINGS = 4096;
const FIRST_DOCUMENTS = 64;

function grown<A extends Int32Array | Uint16Array | Uint8Array>(array: A, make: (length: number) => A): A {
  const larger = make(Math.ceil(array.length * 1.5));
  larger.set(array);
  return larger;
}

const int32 = (length: number): Int32Array<ArrayBuffer> => new Int32Array(length);
const uint16 = (length: number): Uint16Array<ArrayBuffer> => new Uint16Array(length);
const uint8 = (length: number): Uint8Array<ArrayBuffer> => new Uint8Array(length);

/**
 * Documents that arrived since the base was made: a log of postings in order of arrival, each pointing to the one
 * before it of the same term. Appending costs nothing but the document's own terms; a search follows the pointers.
 * 13 bytes a posting and 2 a word, so it is merged into the base from time to time. Document numbers count from 0 here.
 */
export class Tail {
  readonly names: string[] = [];
  documents = 0;
  postings = 0;
  /** `[documents]` */
  keys = int32(FIRST_DOCUMENTS);
  lengths = uint16(FIRST_DOCUMENTS);
  titleLengths = uint16(FIRST_DOCUMENTS);
  /** `[documents]`: where a document's words begin. */
  starts = int32(FIRST_DOCUMENTS);
  /** `[wordCount]`, and room for more: terms in reading order, by their codes. */
  words = uint16(FIRST_POSTINGS);
  wordCount = 0;
  /** `[postings]` */
  termOf = int32(FIRST_POSTINGS);
  documentOf = int32(FIRST_POSTINGS);
  frequencyOf = uint8(FIRST_POSTINGS);
  /** `[postings]`: the posting before this one of the same term, -1 at the first. */
  previous = int32(FIRST_POSTINGS);
  /** `[terms]`: the newest posting, and how many there are. */
  private newest = int32(FIRST_POSTINGS);
  private counts = int32(FIRST_POSTINGS);
  private readonly numbers = new Map<string, number>();

  /** Number of a term in this tail, -1 when it is not there. */
  find(term: string): number {
    return this.numbers.get(term) ?? -1;
  }

  newestOf(term: number): number {
    return term < 0 ? -1 : (this.newest[term] ?? -1);
  }

  countOf(term: number): number {
    return term < 0 ? 0 : (this.counts[term] ?? 0);
  }

  /** Files a document and gives its length in terms. */
  append(key: number, title: readonly string[], abstract: readonly string[]): number {
    if (this.documents === this.keys.length) {
      this.keys = grown(this.keys, int32);
      this.lengths = grown(this.lengths, uint16);
      this.titleLengths = grown(this.titleLengths, uint16);
      this.starts = grown(this.starts, int32);
    }
    const document = this.documents;
    this.documents += 1;
    const length = Math.min(MAX_LENGTH, title.length + abstract.length);
    this.keys[document] = key;
    this.lengths[document] = length;
    this.titleLengths[document] = Math.min(length, title.length);
    this.starts[document] = this.wordCount;
    this.appendWords(title);
    this.appendWords(abstract.slice(0, length - Math.min(length, title.length)));
    for (const term of title) {
      const at = this.postingOf(term, document);
      const frequency = this.frequencyOf[at] ?? 0;
      if (frequency < MAX_IN_TITLE * TITLE_UNIT) this.frequencyOf[at] = frequency + TITLE_UNIT;
    }
    for (const term of abstract) {
      const at = this.postingOf(term, document);
      const frequency = this.frequencyOf[at] ?? 0;
      if (frequency % TITLE_UNIT < MAX_IN_ABSTRACT) this.frequencyOf[at] = frequency + 1;
    }
    return length;
  }

  private appendWords(terms: readonly string[]): void {
    while (this.wordCount + terms.length > this.words.length) this.words = grown(this.words, uint16);
    for (const term of terms.slice(0, MAX_LENGTH)) this.words[this.wordCount++] = codeOf(term);
  }

  /** The posting of a term in the newest document, made if it is the term's first occurrence there. */
  private postingOf(term: string, document: number): number {
    const number = this.numberOf(term);
    const newest = this.newest[number] ?? -1;
    if (newest >= 0 && this.documentOf[newest] === document) return newest;
    if (this.postings === this.termOf.length) this.growPostings();
    const at = this.postings;
    this.postings += 1;
    this.termOf[at] = number;
    this.documentOf[at] = document;
    this.frequencyOf[at] = 0;
    this.previous[at] = newest;
    this.newest[number] = at;
    this.counts[number] = (this.counts[number] ?? 0) + 1;
    return at;
  }

  private numberOf(term: string): number {
    const known = this.numbers.get(term);
    if (known !== undefined) return known;
    const number = this.names.length;
    if (number === this.newest.length) {
      this.newest = grown(this.newest, int32);
      this.counts = grown(this.counts, int32);
    }
    this.newest[number] = -1;
    this.names.push(term);
    this.numbers.set(term, number);
    return number;
  }

  private growPostings(): void {
    this.termOf = grown(this.termOf, int32);
    this.documentOf = grown(this.documentOf, int32);
    this.frequencyOf = grown(this.frequencyOf, uint8);
    this.previous = grown(this.previous, int32);
  }
}
