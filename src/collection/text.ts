/** White space and control characters other than a single blank between words. */
const UNTIDY = /(?: (?=[\s\p{Cc}])|[^\S ]|\p{Cc})[\s\p{Cc}]*/gu;
const SURROGATE = /[\ud800-\udfff]/;
/** Nothing below combines with anything, or is composed. */
const COMPOSABLE = /[\u0300-\uffff]/;

/**
 * Text of a record in its stored form: NFC, control characters and runs of white space to single spaces, trimmed, lone
 * surrogates replaced by U+FFFD. Entities and markup are left as they are.
 */
export function cleanText(raw: string): string {
  // Every text of every record comes by here: each step is taken only where a cheap test says that it changes something.
  const whole = SURROGATE.test(raw) ? raw.replace(/\p{Cs}/gu, '\uFFFD') : raw;
  const tidy = whole.replace(UNTIDY, ' ').trim();
  return COMPOSABLE.test(tidy) ? tidy.normalize('NFC') : tidy;
}

/** The first sentence of a clean text, cut at a word where it is longer than `maxChars`. */
export function firstSentence(text: string, maxChars: number): string {
  const sentence = /^.*?[.?!](?=\s)/su.exec(text.slice(0, maxChars + 1))?.[0] ?? text;
  if (sentence.length <= maxChars) return sentence;
  const cut = sentence.slice(0, maxChars - 1);
  const atWord = cut.lastIndexOf(' ');
  return `${cut.slice(0, atWord > maxChars / 2 ? atWord : cut.length).replace(/[\uD800-\uDBFF]$/, '')}…`;
}

/** A value named for a message: `the text "soon"`, `a list`, `the number 3`. */
export function describe(value: unknown): string {
  if (value === null || value === undefined) return 'nothing';
  if (Array.isArray(value)) return 'a list';
  if (typeof value === 'string') return `the text "${excerpt(value, 40)}"`;
  if (typeof value === 'object') return 'an object';
  return typeof value === 'number' ? `the number ${value}` : `the value ${JSON.stringify(value)}`;
}

/** At most `maxChars` of a text on one line, for messages. */
export function excerpt(text: string, maxChars: number): string {
  const clean = cleanText(text.slice(0, maxChars * 2));
  return clean.length > maxChars ? `${clean.slice(0, maxChars - 1)}…` : clean;
}
