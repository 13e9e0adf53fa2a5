import { stemmer } from 'stemmer';
import type { TermCounts } from '../contract.ts';
import { IRREGULAR_PLURALS, oneSpelling } from './spelling.ts';

/** Counts up whenever a text may give other terms than before: postings made by another version are made anew. */
export const TOKENISER_VERSION = 2;

/** Turns text into terms. Documents and queries go through the same one, so that equal words meet. */
export interface Tokeniser {
  /** The terms of a text in reading order, with repeats. */
  readonly terms: (text: string) => string[];
  /** Terms of two words that stand side by side, written as one: of `data set` that of `dataset`. */
  readonly joined: (text: string) => string[];
  /**
   * The last word of a text that is still being typed, folded but not stemmed: the last part of a compound and the
   * compound written as one word. Empty when the text ends in a blank or a punctuation mark: that word is finished.
   */
  readonly unfinished: (text: string) => string[];
  /** Counts given terms in texts as `terms` would find them, many times faster: most words need not be stemmed for it. */
  readonly counter: (wanted: Iterable<string>) => TermCounter;
}

export type TermCounter = (text: string) => TermCounts;

/** A longer term is cut: nobody types it, and the stemmer and the vocabulary stay bounded. UTF-16 units. */
const MAX_TERM_LENGTH = 64;
/** Longer words are not kept in the memo: URLs and the like never come twice. UTF-16 units. */
const MAX_MEMO_WORD = 32;
/** Words kept with their terms; 92 % of the words of 20,000 abstracts are found in it. */
const MEMO_WORDS = 50_000;
/** Characters folded in one piece; words are shorter. UTF-16 units. */
const FOLD_LENGTH = 256;
/** In longer texts two words that are written as one elsewhere are among many that say the same. UTF-16 units. */
const MAX_JOINED_TEXT = 1000;
/** Parts of a compound that is also indexed as one word: `pre-training`, `gpt-3.5-turbo`, not `state-of-the-art`. */
const MAX_JOINED_PARTS = 3;

export const GREEK: ReadonlyMap<string, string> = new Map(
  Object.entries({
    α: 'alpha',
    β: 'beta',
    γ: 'gamma',
    δ: 'delta',
    ε: 'epsilon',
    ζ: 'zeta',
    η: 'eta',
    θ: 'theta',
    ι: 'iota',
    κ: 'kappa',
    λ: 'lambda',
    μ: 'mu',
    ν: 'nu',
    ξ: 'xi',
    ο: 'omicron',
    π: 'pi',
    ρ: 'rho',
    σ: 'sigma',
    τ: 'tau',
    υ: 'upsilon',
    φ: 'phi',
    χ: 'chi',
    ψ: 'psi',
    ω: 'omega',
  }),
);

/** Letters that Unicode does not decompose although a keyboard without them writes others. */
const LETTERS: ReadonlyMap<string, string> = new Map(
  Object.entries({ ß: 'ss', æ: 'ae', œ: 'oe', ø: 'o', ł: 'l', đ: 'd', ð: 'd', þ: 'th', ı: 'i', ς: 'σ' }),
);

/** TeX commands that say how to set a text, not what it says. All others are read as words: `\alpha`, `\log`. */
const TEX_LAYOUT = new Set(
  (
    'mathbb mathbf mathcal mathfrak mathit mathrm mathscr mathsf boldsymbol bm bf it rm em tt sc text textbf textit ' +
    'textrm textsc textsf textsl texttt emph underline overline bar hat tilde vec widehat widetilde operatorname frac ' +
    'tfrac dfrac left right big bigl bigr cite citep citet ref url href footnote label begin end quad qquad mbox'
  ).split(' '),
);
/** `\ell` is set as a script l: `$\ell_1$`, `ℓ1`, `L_1` and `L1` are one norm. */
const TEX_LETTERS: ReadonlyMap<string, string> = new Map(
  Object.entries({
    ell: 'l',
    varepsilon: 'epsilon',
    vartheta: 'theta',
    varphi: 'phi',
    varrho: 'rho',
    varsigma: 'sigma',
  }),
);

/** Scripts written without blanks between words (Hangul: with endings glued on). */
const UNSPACED =
  '\\p{Script=Han}\\p{Script=Hiragana}\\p{Script=Katakana}\\p{Script=Hangul}\\p{Script=Thai}\\p{Script=Lao}\\p{Script=Khmer}\\p{Script=Myanmar}ー';
const UNSPACED_RUN = new RegExp(`[${UNSPACED}]+`, 'gu');
export const HAS_UNSPACED = new RegExp(`[${UNSPACED}]`, 'u');

const WORD = '[\\p{L}\\p{N}\\p{M}]';
/** A word, with decimals inside (`3.5`, `gpt3.5`), perhaps with what makes `c++`, `c#` and `a*` names. */
const PART = `${WORD}+(?:(?<=\\p{N})\\.(?=\\p{N})${WORD}+)*(?:(?:\\+\\+|[#*])(?!${WORD}|\\*))?`;
const COMPOUND = new RegExp(`${PART}(?:[-_^&]+${PART})*`, 'gu');
export const INITIALS = new RegExp(`(?<!${WORD})\\p{L}(?:\\.\\p{L})+(?!${WORD})\\.?`, 'gu');
const APOSTROPHE = new RegExp(`(?<=${WORD})['’ʼ](?=${WORD})`, 'gu');
export const POSSESSIVE = new RegExp(`(?<=${WORD})['’ʼ]s(?!${WORD})`, 'gu');

/** Letters and a number: at least three, or it is a name like `T5`, `H2O`, `3D`. */
const NUMBERED = /^(?:([a-z]{3,}?)(v?\d+(?:\.\d+)*)|(\d+)([a-z]{3,}))$/;

const PLAIN_WORD = /^[a-z]+$/;
const ENDS_IN_WORD = new RegExp(`${WORD}$`, 'u');

function cut(term: string): string {
  if (term.length <= MAX_TERM_LENGTH) return term;
  const code = term.charCodeAt(MAX_TERM_LENGTH - 1);
  return term.slice(0, code >= 0xd800 && code < 0xdc00 ? MAX_TERM_LENGTH - 1 : MAX_TERM_LENGTH);
}

/** Case, accents, ligatures, full-width and mathematical alphabets folded away. Marks of other scripts stay: they are vowels. */
function fold(word: string): string {
  // Normalising sorts runs of marks in quadratic time: a megabyte of accents would take minutes in one piece.
  let folded = '';
  for (let at = 0; at < word.length; at += FOLD_LENGTH) folded += foldPiece(word.slice(at, at + FOLD_LENGTH));
  return folded;
}

function foldPiece(piece: string): string {
  return piece
    .normalize('NFKD')
    .replace(/[\u0300-\u036f\u00ad\u200b-\u200d\u2060\ufeff]/g, '')
    .normalize('NFC')
    .toLowerCase()
    .replace(/[ßæœøłđðþıς]/g, (letter) => LETTERS.get(letter) ?? letter);
}

/** TeX as it would be read aloud: `Schr{\"o}dinger` → `schrodinger`, `\mathbb{r}^n` → `r^n`, `\sigma-algebra` → `sigma-algebra`. */
function readTex(word: string): string {
  return word
    .replaceAll('\\&', '&')
    .replace(/(?<=_\{?\d{1,3}\}?)\\math(?:rm|bf|sf)(?=\{)/g, '')
    .replace(/\{?\\["'`^~=.]\{?\\?([a-z])\}{0,2}/g, '$1')
    .replace(/\{?\\(ss|ae|oe|[lo])(?:\{\}|\}|(?![a-z]))/g, '$1')
    .replace(/\\[hcuvkr]\{([a-z])\}/g, '$1')
    .replace(/\\([a-z]+)/g, (_, name: string) => (TEX_LAYOUT.has(name) ? ' ' : ` ${TEX_LETTERS.get(name) ?? name}`))
    .replaceAll('}{', ' ');
}

/** Spells out Greek letters that stand alone or within another alphabet: `σ` → `sigma`, `tgfβ` → `tgfbeta`. */
function spellGreek(part: string): string {
  if (!/[α-ω]/.test(part)) return part;
  if (part.length > 1 && !/[^α-ω]/.test(part)) return part;
  return part.replace(/[α-ω]/g, (letter) => GREEK.get(letter) ?? letter);
}

/** Single characters and pairs: a query of one character finds something, longer ones mostly what they mean. */
function unspacedForms(run: string): string[] {
  const characters = Array.from(run);
  const pairs = characters.slice(1).map((character, at) => `${characters[at] ?? ''}${character}`);
  return [...characters, ...pairs];
}

function partForms(part: string): string[] {
  const base = spellGreek(part.replace(/(?:\+\+|[#*])$/, ''));
  if (HAS_UNSPACED.test(base)) {
    const runs = base.match(UNSPACED_RUN) ?? [];
    const others = base.split(UNSPACED_RUN).filter((other) => other !== '');
    return [...others.map(cut), ...runs.flatMap(unspacedForms)];
  }
  const sign = /(?:\+\+|[#*])$/.exec(part)?.[0] ?? '';
  // A star or sharp after a long word is a footnote mark; after a short one it is a name: A*, RRT*, C#.
  const named = sign === '++' || (sign !== '' && base.length <= 3);
  return named ? [cut(base), cut(base) + sign] : [cut(base)];
}

/** A name and its number, whether written as one or as two: `GPT4`, `COVID19`, `YOLOv3` (`YOLO v3`), `3SAT`. */
function apart(part: string): readonly string[] {
  const pieces = NUMBERED.exec(part)
    ?.slice(1)
    .filter((piece) => piece !== undefined);
  return pieces ?? [part];
}

/**
 * A compound gives its parts, then itself written as one word, so that `pre-training` and `pretraining`, `GPT-4` and
 * `GPT4`, `L_2` and `ℓ2` find one another.
 */
function compoundForms(compound: string): string[] {
  const parts = compound.split(/[-_^&]+/).flatMap(apart);
  if (parts.length === 1) return partForms(compound);
  const forms = parts.flatMap(partForms);
  const joined = parts.length <= MAX_JOINED_PARTS && !HAS_UNSPACED.test(compound);
  if (joined) forms.push(cut(parts.map((part) => spellGreek(part.replace(/(?:\+\+|[#*])$/, ''))).join('')));
  return forms;
}

/** Terms of one word (a text without blanks) before stemming. */
function wordForms(word: string): string[] {
  let text = fold(word).replace(/[\u2010-\u2013\u2212]/g, '-');
  if (PLAIN_WORD.test(text)) return [cut(text)];
  text = text.replace(/^\W?https?:\/\/(?:www\.)?/, '');
  if (text.includes('\\')) text = readTex(text);
  const plain = text
    .replace(/[${}]/g, '')
    .replaceAll('^*', '*')
    .replace(POSSESSIVE, '')
    .replace(APOSTROPHE, '')
    .replace(/(?<=\d),(?=\d{3}(?!\d))/g, '')
    .replace(INITIALS, (initials) => initials.replaceAll('.', ''));
  return (plain.match(COMPOUND) ?? []).flatMap(compoundForms);
}

/** Term of an English word in lower case; anything else stays as it is. */
export function stem(form: string): string {
  return form.length > 2 && PLAIN_WORD.test(form) ? stemmer(oneSpelling(form)) : form;
}

/**
 * A tokeniser with its own memo. Unicode-aware; English words are stemmed (Porter, 1980), everything else is kept as
 * written. Time is linear in the length of the text, whatever the text is.
 */
export function createTokeniser(): Tokeniser {
  const memo = new Map<string, readonly string[]>();

  function termsOfWord(word: string): readonly string[] {
    const known = memo.get(word);
    if (known) return known;
    const terms = wordForms(word).map(stem);
    if (word.length <= MAX_MEMO_WORD) {
      // Frequent words are back at once after a clearing; keeping an order of use would cost more than it saves.
      if (memo.size >= MEMO_WORDS) memo.clear();
      memo.set(word, terms);
    }
    return terms;
  }

  return {
    terms(text) {
      const terms: string[] = [];
      for (const word of text.split(/\s+/)) {
        if (word === '') continue;
        for (const term of termsOfWord(word)) terms.push(term);
      }
      return terms;
    },

    joined(text) {
      if (text.length > MAX_JOINED_TEXT) return [];
      const words = fold(text).split(/\s+/);
      const plain = words.map((word) => /^([a-z]{1,24})([.,;:?!)]*)$/.exec(word));
      return plain.slice(1).flatMap((word, at) => {
        const before = plain[at];
        return word?.[1] !== undefined && before?.[2] === '' ? [stem(`${before[1] ?? ''}${word[1]}`)] : [];
      });
    },

    unfinished(text) {
      const word = /\S{1,64}$/u.exec(text.slice(-MAX_TERM_LENGTH))?.[0] ?? '';
      if (!ENDS_IN_WORD.test(word)) return [];
      const forms = wordForms(word);
      return forms.length > 1 && /[-_^&]/.test(word) ? forms.slice(-2) : forms.slice(-1);
    },

    counter: (wanted) => createCounter(wanted, termsOfWord),
  };
}

const LETTER_A = 97;
const ALPHABET = 26;
const BLANK = /\s/;

/** 0 to 25 for an ASCII letter of either case, else -1. */
function letterAt(text: string, at: number): number {
  const letter = (text.charCodeAt(at) | 0x20) - LETTER_A;
  return letter >= 0 && letter < ALPHABET ? letter : -1;
}

/** Which pairs of first letters the terms have: a word that begins otherwise is none of them, for no stem changes these. */
function beginningsOf(terms: Iterable<string>): Uint8Array {
  const beginnings = new Uint8Array(ALPHABET * ALPHABET);
  for (const term of terms) {
    const first = letterAt(term, 0);
    const second = letterAt(term, 1);
    if (first < 0) continue;
    if (second >= 0) beginnings[first * ALPHABET + second] = 1;
    else beginnings.fill(1, first * ALPHABET, (first + 1) * ALPHABET);
  }
  return beginnings;
}

/** Whether a word is ASCII letters, at least two, with nothing but closing punctuation after them: it has one term. */
function isPlain(text: string, from: number, to: number): boolean {
  let at = from;
  while (at < to && letterAt(text, at) >= 0) at += 1;
  if (at - from < 2) return false;
  while (at < to && '.,;:)?!'.includes(text.charAt(at))) at += 1;
  return at === to;
}

/** The term of the singular or of the plural of a term, where the stemmer makes two terms of them: `matrix`, `matric`. */
export function otherNumbers(): ReadonlyMap<string, string> {
  return new Map(
    [...IRREGULAR_PLURALS].flatMap(([plural, singular]) => [
      [stem(plural), stem(singular)],
      [stem(singular), stem(plural)],
    ]),
  );
}

function createCounter(wanted: Iterable<string>, termsOfWord: (word: string) => readonly string[]): TermCounter {
  const terms = new Set(wanted);
  const beginnings = beginningsOf(terms);
  return (text) => {
    const counts = new Map<string, number>();
    let length = 0;
    let from = 0;
    while (from < text.length) {
      let to = from;
      while (to < text.length && !isBlank(text, to)) to += 1;
      const pair = letterAt(text, from) * ALPHABET + letterAt(text, from + 1);
      if (to > from && isPlain(text, from, to) && beginnings[pair] === 0) {
        length += 1;
      } else if (to > from) {
        for (const term of termsOfWord(text.slice(from, to))) {
          length += 1;
          if (terms.has(term)) counts.set(term, (counts.get(term) ?? 0) + 1);
        }
      }
      from = to + 1;
    }
    return { counts, length };
  };
}

/** As `\s` says, told at once for nearly every character. */
function isBlank(text: string, at: number): boolean {
  const code = text.charCodeAt(at);
  return code === 32 || (code <= 13 && code >= 9) || (code >= 160 && BLANK.test(text.charAt(at)));
}

/** Endings, and their beginnings, that Porter's stemmer takes off. */
const ENDINGS = (
  'g ng ing d ed s es l al n on ion tion ation y ly ty ity t nt ent ment ss ess ness e le ble able ve ive ze ize r er or ' +
  'c ic ce nce ance m sm ism ful us ous'
).split(' ');

/**
 * Stems of the words that an unfinished word may become although the stem is shorter than what is typed: `retrieva` →
 * `retriev`, `learnin` → `learn`. Looking for terms that begin with the typed letters misses exactly these.
 */
export function stemsBehind(unfinished: string): string[] {
  if (unfinished.length < 4 || !PLAIN_WORD.test(unfinished)) return [];
  const stems = new Set(ENDINGS.map((ending) => stem(unfinished + ending)));
  return [...stems].filter((candidate) => !candidate.startsWith(unfinished));
}

/** Endings of the words behind a stem. */
const WORD_ENDINGS = (
  'e s es ed ing er ers or ors ion ions ation ations ize izes ized izing izer ization izations ise ised ising isation ment ' +
  'ments ement ements al als ally ly ity ities ness able ably ability ive ives ively ic ics ical ically ous ance ence ant ent ful ism ist ' +
  'ists ication ications ying eous eously ious iously y ies ied ate ates ated ating ator ators'
).split(' ');

/** Words that have a term, as far as its ending tells them: `classif` → `classify`, `classified`, `classification`. */
export function formsOf(term: string): string[] {
  if (!PLAIN_WORD.test(term)) return [];
  const doubled = term + term.slice(-1);
  const beginnings = term.endsWith('i') ? [term, term.slice(0, -1)] : [term, doubled, term.replace(/bl$/, 'bil')];
  const words = beginnings.flatMap((beginning) => WORD_ENDINGS.map((ending) => beginning + ending));
  return [term, ...words].filter((word) => stem(word) === term);
}
