import type { QueryForm } from '../domain/mod.ts';

/** Longer texts are pasted: of 1,358 one-sentence summaries 3 are longer, of 489 questions 6; of 20,000 abstracts 249 are not. */
export const MAX_TYPED_WORDS = 45;
/** Two sentences of fewer words are still typed: 33 of the 63 summaries of several sentences have no more, of abstracts 8. */
const MIN_ABSTRACT_WORDS = 30;
/** The same in characters: a text without blanks is no single word. */
export const MAX_TYPED_LENGTH = 600;
/** What is longer and has no comma is a phrase, not a few words. */
const MAX_KEYWORDS = 6;
/** Words a part of a list has on average; parts of sentences between commas have more. */
const MAX_WORDS_OF_PART = 3.5;
/** Sentences have these, lists of keywords nearly none. `of` and `and` are in the names of fields. */
const FUNCTION_WORDS = new Set(
  (
    'a an the in on at to from by with without for as into onto over under between through via using is are was were be been ' +
    'being has have had do does did can could may might will would should must that which who whose where when why how what ' +
    'this these those it its they their them we our us i my you your not no than then there if or but so such while during'
  ).split(' '),
);
const ASKS =
  /^(?:what|which|how|who|whom|whose|when|where|why|is|are|was|were|do|does|did|can|could|may|might|should|would|will|has|have|had|am)\b/i;
/** A person who asks for papers, in words that hardly a title begins with. */
const REQUESTS = new RegExp(
  '^(?:(?:please|currently|also)\\s+)?(?:' +
    [
      "i(?:'m|’m|'d|’d|'ve| am| was| want| need| would| have| seek| wish| look| read| remember)\\b",
      "(?:we(?:'re| are) )?(?:interested in|looking for|searching for|in search of)\\b",
      '(?:find|list|show|give|recommend|suggest|get) (?:me |us |all |any |some |papers|articles|works?\\b|every)',
      '(?:need|want|wanted)\\b',
      '(?:any|anything|something|information|references|papers?|articles|abstracts|works?)\\s+(?:on|about|of|by|that|which|where|in|using|dealing|describing|relating|relation|to)\\b',
      "(?:any|what's|whats|the one|that one|(?:a |the )?ways? (?:to|of|that))\\b",
      'that (?:\\S+ ){0,6}(?:paper|survey|benchmark|dataset|review|study|work|article|thesis)\\b',
      '(?:the |that |a |an |some |all |recent |new )?(?:\\w+[ -]){0,2}(?:papers?|articles?|abstracts|dissertations|literature)\\s+(?:on|about|by|from|of|that|which|where|with|in|using|for|showing|describing|dealing|relati\\w+|applying|\\w+ing)\\b',
    ].join('|') +
    ')',
  'i',
);
const SPEAKS_OF_ONESELF = /\bI(?:['’](?:m|d|ve)| am| want| need| would| do| have)\b/;
const STATES =
  /^(?:we|our|this (?:paper|work|article|study|thesis)|they|it)\b|\b(?:we|our|this (?:paper|work|article)) (?:\w+ )?\w/i;
const SENTENCE_END = /[.!?]["')\]”]?\s+(?=["'(“]?[\p{Lu}\p{N}])/u;
/** Ends that are none: `e.g. Smith`, `vs. U-Net`, `J. Backus`. */
const ABBREVIATIONS = /\b(?:e\.g|i\.e|al|vs|cf|etc|fig|eq|resp|approx|no|vol|dr|prof|\p{Lu})\./giu;

export const wordsOf = (text: string): string[] => text.match(/[\p{L}\p{N}][^\s,;/]*/gu) ?? [];

/** At most three are counted: more tell nothing else. */
export function countSentences(text: string): number {
  return text.replace(ABBREVIATIONS, ' ').split(SENTENCE_END, 3).length;
}

/** Whether the words that a title writes with a capital have one. */
function isTitleCase(words: readonly string[]): boolean {
  const telling = words.filter((word) => !FUNCTION_WORDS.has(word.toLowerCase()) && !/^(?:of|and)$/i.test(word));
  const capitals = telling.filter((word) => /^[^\p{Ll}]*[\p{Lu}\p{N}]/u.test(word));
  return telling.length >= 3 && capitals.length >= 0.7 * telling.length;
}

function isList(text: string, words: readonly string[]): boolean {
  const parts = text.split(/[,;|\n]/).filter((part) => /[\p{L}\p{N}]/u.test(part));
  // Lists of subject headings: `Computer Vision: Segmentation, Machine Learning: Online Learning`.
  const ends = parts.map((part) => wordsOf(part.slice(part.lastIndexOf(':') + 1)).length);
  const functions = words.filter((word) => FUNCTION_WORDS.has(word.toLowerCase())).length;
  if (parts.length >= 2) {
    const length = ends.reduce((sum, count) => sum + count, 0);
    return length <= MAX_WORDS_OF_PART * parts.length && functions <= words.length / 8 && !/[,;]\s+and\b/i.test(text);
  }
  return words.length <= MAX_KEYWORDS && functions === 0 && !isTitleCase(words) && !/[.:?!]/.test(text);
}

/** What a text that is no id looks like, by its words and punctuation alone. */
export function formOf(text: string): Exclude<QueryForm, 'id'> {
  const start = text.slice(0, 2000).trim();
  const words = wordsOf(start);
  const sentences = countSentences(start);
  const requests = REQUESTS.test(start);
  const isPasted = words.length > MAX_TYPED_WORDS || start.length > MAX_TYPED_LENGTH;
  const isLong = isPasted || (sentences > 1 && words.length > MIN_ABSTRACT_WORDS);
  if (isLong) return requests || SPEAKS_OF_ONESELF.test(start) ? 'question' : 'abstract';
  const enumerates = /[,;].*[,;]|:[^,]*,[^:]*:/s.test(start);
  if (isTitleCase(words) && !enumerates && words.length > 3) return 'title';
  if (requests || ASKS.test(start) || start.endsWith('?')) return 'question';
  if (isList(start, words)) return 'keywords';
  const saysSo = STATES.test(start) || /\.\s*$/.test(start) || sentences > 1;
  return saysSo ? 'statement' : 'title';
}
