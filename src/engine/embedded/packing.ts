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
