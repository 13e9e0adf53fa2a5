/** Terms of a document, title and abstract together; a longer one counts as this long. */
export const MAX_LENGTH = 0xffff;

/*
 * How often a term occurs in a document, in one byte: occurrences in the title × TITLE_UNIT + those in the abstract, so
 * that the weight of a title is chosen when searching.
 */

/** Highest counts that fit. BM25 saturates far below: at 31 a term has 96 % of its full weight. */
export const MAX_IN_TITLE = 7;
export const MAX_IN_ABSTRACT = 31;
export const TITLE_UNIT = MAX_IN_ABSTRACT + 1;

/**
 * A term in two bytes (FNV-1a, folded), for the words of a document in reading order. Two of a vocabulary may share one:
 * one word in 65,536 is then taken for another, and hardly ever two in a row.
 */
export function codeOf(term: string): number {
  let hash = 0x811c9dc5;
  for (let i = 0; i < term.length; i += 1) hash = Math.imul(hash ^ term.charCodeAt(i), 0x01000193);
  return (hash ^ (hash >>> 16)) & 0xffff;
}
