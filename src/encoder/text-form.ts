import type { ModelDescription, PaperText } from './contract.ts';

/**
 * Version of everything in this room that decides which text a model sees, and in which pieces; part of the fingerprint.
 * Raise it whenever the same paper or query would give another embedding.
 */
export const TEXT_FORM = 3;

/**
 * Longest stretch of text looked at, per token kept. English abstracts run at 5 to 6 characters a token, and a WordPiece
 * word past 100 characters is one unknown token whatever follows, so only text made of such words can feel this cut.
 */
const MAX_CHARS_PER_TOKEN = 64;

/**
 * The text of a paper: `title. abstract`, or the one there is. The full stop is added even after a title that ends in
 * `?` or `.`: that is the form the shipped model was trained and measured with.
 */
export function paperText(
  model: Pick<ModelDescription, 'paperPrefix' | 'maxTokens'>,
  { title, abstract }: PaperText,
): string {
  const limit = maxChars(model.maxTokens);
  const parts = [clean(title, limit), clean(abstract, limit)].filter((part) => part !== '');
  return firstWords(model.paperPrefix + parts.join('. '), model.maxTokens);
}

/** What of a paper's text stands before its abstract; nothing where one of the two is missing. */
export function leadText(
  model: Pick<ModelDescription, 'paperPrefix' | 'maxTokens'>,
  { title, abstract }: PaperText,
): string {
  const lead = clean(title, maxChars(model.maxTokens));
  return lead === '' || abstract.trim() === '' ? '' : `${model.paperPrefix}${lead}.`;
}

/** The text of a sentence of an abstract: it is to be compared with queries, as a paper is. */
export function sentenceText(model: Pick<ModelDescription, 'paperPrefix' | 'maxTokens'>, sentence: string): string {
  return firstWords(model.paperPrefix + clean(sentence, maxChars(model.maxTokens)), model.maxTokens);
}

/** The text of a query: the model's prefix and the query as it is. */
export function queryText(model: Pick<ModelDescription, 'queryPrefix' | 'maxTokens'>, query: string): string {
  return firstWords(model.queryPrefix + clean(query, maxChars(model.maxTokens)), model.maxTokens);
}

function maxChars(maxTokens: number): number {
  return maxTokens * MAX_CHARS_PER_TOKEN;
}

/** Runs of white space become one space; halves of surrogate pairs and U+FFFD, which no tokeniser keeps, go. */
function clean(text: string, maxLength: number): string {
  return text
    .trimStart()
    .slice(0, maxLength)
    .replace(/[\p{Surrogate}\uFFFD]/gu, '')
    .replace(/\s+/gu, ' ')
    .trim();
}

/**
 * The text up to its `count`-th word. A word with a letter, digit or sign in it becomes at least one token and tokens
 * never cross white space, so what is left out could not have reached the first `count` tokens; tokenising half an
 * abstract takes half the time.
 */
function firstWords(text: string, count: number): string {
  const words = /[\p{L}\p{N}\p{P}\p{S}]\S*/gu;
  for (let seen = 0; seen < count; seen += 1) {
    if (words.exec(text) === null) return text;
  }
  return text.slice(0, words.lastIndex);
}
