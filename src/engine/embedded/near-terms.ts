import { lowerBound } from './postings-base.ts';

/** Edits that leave a long word recognisable. */
const MOST_EDITS = 2;
/** `ations` is gone from a stem, and so is `ization`. */
const LONGEST_ENDING = 7;
/** Less than this of a word is no stem to know it by. */
const SHORTEST_BEGINNING = 4;
const LETTERS = 'abcdefghijklmnopqrstuvwxyz'.split('');

/** A word that may be misspelt, and how far off it may be. */
interface Misspelling {
  /** In lower case, a `y` at its end written as stems end in it. */
  readonly word: string;
  /** Most edits between the word and a term. */
  readonly edits: number;
  /** Terms are stems: so many letters at the end of the word may be an ending that the stem has not. */
  readonly ending: number;
}

function misspelt(word: string): Misspelling {
  const ending = Math.min(LONGEST_ENDING, Math.max(0, word.length - SHORTEST_BEGINNING));
  return { word: word.replace(/y$/, 'i'), edits: MOST_EDITS, ending };
}

/** Every word that one edit makes of a word: a letter left out, added or changed, or two neighbours swapped. */
export function oneEditFrom(word: string): Set<string> {
  const edited = new Set<string>();
  for (let at = 0; at <= word.length; at += 1) {
    const [before, after, beyond] = [word.slice(0, at), word.slice(at), word.slice(at + 1)];
    for (const letter of LETTERS) edited.add(before + letter + after);
    if (after === '') continue;
    edited.add(before + beyond);
    for (const letter of LETTERS) edited.add(before + letter + beyond);
    if (beyond !== '') edited.add(`${before}${beyond.charAt(0)}${after.charAt(0)}${beyond.slice(1)}`);
  }
  edited.delete(word);
  return edited;
}

/** A shorter stem is within reach of too much. */
const MIN_STEM = 3;

function shortest({ word, edits, ending }: Misspelling): number {
  return Math.max(MIN_STEM, word.length - ending - edits);
}

/**
 * Rows of the optimal string alignment distance (Levenshtein's with swaps of neighbours) between a word and the terms
 * that are given one after the other. Terms that begin alike share the rows of what they have in common.
 */
class Alignment {
  private readonly word: string;
  private readonly edits: number;
  private readonly ending: number;
  /** `[letters of the term + 1][letters of the word + 1]` */
  private readonly rows: Uint8Array[] = [];
  private term = '';
  /** Rows that belong to `term`. */
  private valid = 0;

  constructor({ word, edits, ending }: Misspelling) {
    this.word = word;
    this.edits = edits;
    this.ending = ending;
    const far = edits + 1;
    for (let i = 0; i <= word.length + edits + 1; i += 1) this.rows.push(new Uint8Array(word.length + 1).fill(far));
    for (let j = 0; j <= word.length; j += 1) this.row(0)[j] = Math.min(j, far);
  }

  /**
   * Edits between the term and that beginning of the word which is nearest to it; more than `edits` where it is not
   * near. `deadEnd`: no term with these first letters is near.
   */
  distance(term: string): { readonly edits: number; readonly deadEnd: number } {
    let shared = 0;
    const most = Math.min(this.valid, term.length);
    while (shared < most && term.charCodeAt(shared) === this.term.charCodeAt(shared)) shared += 1;
    this.term = term;
    this.valid = shared;
    const longest = this.word.length + this.edits;
    for (let i = shared + 1; i <= term.length; i += 1) {
      if (i > longest || this.fill(i) > this.edits) return { edits: this.edits + 1, deadEnd: i };
      this.valid = i;
    }
    const row = this.row(term.length);
    let least = this.edits + 1;
    for (let j = Math.max(0, this.word.length - this.ending); j <= this.word.length; j += 1) {
      least = Math.min(least, row[j] ?? least);
    }
    return { edits: least, deadEnd: 0 };
  }

  private row(i: number): Uint8Array {
    return this.rows[i] ?? new Uint8Array(0);
  }

  /** Makes the row of the term's first i letters, within reach of the diagonal, and gives its least distance. */
  private fill(i: number): number {
    const { word, term, edits } = this;
    const far = edits + 1;
    const [row, above, second] = [this.row(i), this.row(i - 1), this.row(i - 2)];
    const letter = term.charCodeAt(i - 1);
    const from = Math.max(1, i - edits);
    const to = Math.min(word.length, i + edits);
    row[from - 1] = from === 1 ? Math.min(i, far) : far;
    let least = row[from - 1] ?? far;
    for (let j = from; j <= to; j += 1) {
      const same = word.charCodeAt(j - 1) === letter;
      // Beyond the diagonal's reach a row holds what an earlier term left there.
      const up = j < i + edits ? (above[j] ?? far) : far;
      let value = Math.min((above[j - 1] ?? far) + (same ? 0 : 1), (row[j - 1] ?? far) + 1, up + 1);
      const swapped =
        i > 1 && j > 1 && word.charCodeAt(j - 2) === letter && term.charCodeAt(i - 2) === word.charCodeAt(j - 1);
      if (swapped) value = Math.min(value, (second[j - 2] ?? far) + 1);
      row[j] = Math.min(value, far);
      least = Math.min(least, value);
    }
    if (to < word.length) row[to + 1] = far;
    return least;
  }
}

/**
 * Numbers of the terms, out of sorted ones, that may be behind words two edits from a word, with the same first letter.
 * Walks the list as the tree it is: where no term with these first letters can be near, all of them are passed over at
 * once.
 */
export function nearInSorted(terms: readonly string[], word: string): number[] {
  const misspelling = misspelt(word);
  const alignment = new Alignment(misspelling);
  const near: number[] = [];
  const end = lowerBound(terms, `${word.charAt(0)}\uffff`);
  let number = lowerBound(terms, word.charAt(0));
  while (number < end) {
    const term = terms[number] ?? '';
    const { edits, deadEnd } = alignment.distance(term);
    if (edits <= MOST_EDITS && term.length >= shortest(misspelling)) near.push(number);
    number = deadEnd > 0 ? lowerBound(terms, `${term.slice(0, deadEnd)}\uffff`, number + 1) : number + 1;
  }
  return near;
}

/** The same for terms in any order. */
export function nearInAny(terms: readonly string[], word: string): number[] {
  const misspelling = misspelt(word);
  const alignment = new Alignment(misspelling);
  const near: number[] = [];
  for (const [number, term] of terms.entries()) {
    if (term.length < shortest(misspelling) || term.length > word.length + MOST_EDITS) continue;
    if (term.startsWith(word.charAt(0)) && alignment.distance(term).edits <= MOST_EDITS) near.push(number);
  }
  return near;
}

/** Those of some words that are two edits at most from a word. */
export function twoEditsAtMost(word: string, candidates: readonly string[]): string[] {
  const alignment = new Alignment({ word, edits: MOST_EDITS, ending: 0 });
  const isNear = (candidate: string): boolean => Math.abs(candidate.length - word.length) <= MOST_EDITS;
  return candidates.filter((candidate) => isNear(candidate) && alignment.distance(candidate).edits <= MOST_EDITS);
}
