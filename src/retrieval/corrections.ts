import type { Correction } from '../domain/mod.ts';
import type { Engine, NearWord } from '../engine/contract.ts';
import { once } from './embedding-cache.ts';

export interface Corrected {
  /** The query with the words replaced; the query itself where there was nothing to correct. */
  readonly text: string;
  readonly corrections: readonly Correction[];
}

export interface CorrectionParts {
  readonly engine: Pick<Engine, 'counts' | 'papersWith' | 'nearWords' | 'isUsed'>;
  /** Words that are no typos even where no paper has them, in small letters. */
  readonly vocabulary?: () => Promise<ReadonlySet<string>>;
}

/** Words looked up in one query; a text in a language that the collection has not is no list of typos. */
const MAX_LOOKED_UP = 8;
/**
 * A query with more unknown words than this share of all is in another language, or about nothing here, unless each of them is
 * near to a word of the collection: so 179 of 200 pairs of misspelt words are righted in 20,000 papers, else none; of 114
 * queries in other languages 26 are touched instead of 13, mostly by what they mean (`inferencia bayesiana`). Asking for
 * words of one paper in 200 at least would spare 4 of these, and right 27 pairs fewer.
 */
const MAX_UNKNOWN_SHARE = 0.5;
/** Longer texts are pasted, and what is misspelt there is one word of many. UTF-16 units. */
const MAX_QUERY = 1000;
/** Shorter words are abbreviations as often as not, and are near to too much. */
const MIN_LETTERS = 4;
/** From this length on two edits leave a word recognisable. */
const LETTERS_FOR_TWO_EDITS = 8;
/** No longer word is in a dictionary. */
const MAX_LETTERS = 32;
/** Parts of a word written together: shorter ones are found in any word. */
const MIN_PART = 3;
/** Guesses looked up so; the first is nearly always used. */
const MAX_GUESSES = 12;
/** A word that one paper in more than this has is more likely a typo of its own. */
const MOST_PAPERS_TO_ONE = 10_000;

/** A word in a query: letters alone, since numbers, formulae and names like GPT-4 are never guessed at. */
interface Word {
  readonly text: string;
  readonly start: number;
}

const fold = (word: string): string =>
  word
    .normalize('NFKD')
    .replace(/\p{M}+/gu, '')
    .toLowerCase();

/** Words of a text that may be misspelt: outside quotation marks, of letters, not written as abbreviations or code are. */
function wordsOf(query: string): Word[] {
  const words: Word[] = [];
  const unquoted = query.replace(/"[^"]*"/g, (phrase) => ' '.repeat(phrase.length));
  for (const { 0: token, index } of unquoted.matchAll(/\S+/g)) {
    if (/[\p{N}\\$@:_^{}<>=#+*&]|\.(?=\p{L})/u.test(token)) continue;
    for (const { 0: text, index: at } of token.matchAll(/\p{L}[\p{L}\p{M}]*/gu)) {
      // BLEU, LoRA, mRNA.
      if (/\p{Lu}/u.test(text.slice(1)) || text.length > MAX_LETTERS) continue;
      // doesn’t
      if (/^['’]/.test(token.slice(at + text.length)) || /['’]$/.test(token.slice(0, at))) continue;
      words.push({ text, start: index + at });
    }
  }
  return words;
}

/**
 * Corrects the words of a query that no paper has. What has a paper is never touched, however rare: it may be the very
 * word that was looked for. Nor is a word of the vocabulary, or the plural of one: `bread` is no misspelt `broad`. Of 690
 * English words that none of 20,000 papers has, 64 are changed so, and 210 without a vocabulary; of 300 misspelt words 270 are
 * righted so, and 272 without. Without one, corrections to words of at least one paper in 200 change 73 and right 237. In 2,247
 * judged queries the vocabulary spares 29 words, all of them rightly written.
 */
export function createCorrections({ engine, vocabulary = async () => new Set() }: CorrectionParts) {
  const known = once(vocabulary);

  async function withoutKnown(words: readonly Word[]): Promise<readonly Word[]> {
    if (words.length === 0) return words;
    const all = await known();
    const isKnown = (word: string): boolean =>
      all.has(word) || (word.length > MIN_LETTERS && all.has(word.replace(/s$/, '')));
    return words.filter(({ text }) => !isKnown(fold(text)));
  }

  /** How telling a word is that so many papers hold: rare ones are typos themselves, the commonest are asked by nobody. */
  function likelihood(papers: number): number {
    return papers * Math.log((engine.counts().documents + 1) / papers);
  }

  /** The likeliest of some words that a paper has as they are. */
  async function likeliest(typed: string, words: readonly NearWord[]): Promise<string | undefined> {
    const least = engine.counts().documents / MOST_PAPERS_TO_ONE;
    const telling = words.filter(({ papers }) => papers >= least);
    // Forms of one term weigh the same: then the one as long as what was typed.
    const longer = (word: string): number => Math.abs(word.length - typed.length);
    telling.sort(
      (a, b) =>
        likelihood(b.papers) - likelihood(a.papers) || longer(a.word) - longer(b.word) || (a.word < b.word ? -1 : 1),
    );
    for (const { word } of telling.slice(0, MAX_GUESSES)) {
      if (await engine.isUsed(word)) return word;
    }
    return undefined;
  }

  /** `reinforcementlearning` → `reinforcement learning`: two words that follow each other in some paper. */
  async function apart(typed: string): Promise<string | undefined> {
    const splits: (readonly [string, string])[] = [];
    for (let at = MIN_PART; at <= typed.length - MIN_PART; at += 1) splits.push([typed.slice(0, at), typed.slice(at)]);
    const papers = await engine.papersWith(splits.flat());
    const known = splits
      .map(([first, second], i) => ({ first, second, papers: Math.min(papers[2 * i] ?? 0, papers[2 * i + 1] ?? 0) }))
      .filter((split) => split.papers > 0)
      .sort((a, b) => b.papers - a.papers);
    const best = known[0];
    if (!best) return undefined;
    const pair = `${best.first} ${best.second}`;
    return (await engine.isUsed(pair)) ? pair : undefined;
  }

  async function correctionOf(word: string): Promise<string | undefined> {
    const typed = fold(word);
    if (!/^[a-z]+$/.test(typed) || typed.length < MIN_LETTERS) return undefined;
    const near = await engine.nearWords(typed, 1);
    const keepsFirst = ({ word: other }: NearWord): boolean => other.charAt(0) === typed.charAt(0);
    // A first letter is rarely mistaken.
    const one =
      (await likeliest(typed, near.filter(keepsFirst))) ??
      (await apart(typed)) ??
      (await likeliest(
        typed,
        near.filter((other) => !keepsFirst(other)),
      ));
    if (one !== undefined || typed.length < LETTERS_FOR_TWO_EDITS) return one;
    return likeliest(typed, await engine.nearWords(typed, 2));
  }

  /**
   * Replaces the words of a query that no paper has by the nearest words of the collection: one edit away, two from eight
   * letters on, or two words written as one. Quoted phrases, numbers, names in capitals and long texts stay as they are.
   * `keep` holds words, in lower case, that are known otherwise, such as names of authors; with `lastWord` `prefix` the
   * last word is still being typed.
   */
  async function correct(
    query: string,
    { keep, lastWord }: { readonly keep: ReadonlySet<string>; readonly lastWord: 'whole' | 'prefix' },
  ): Promise<Corrected> {
    const untouched = { text: query, corrections: [] };
    if (query.length > MAX_QUERY) return untouched;
    const words = wordsOf(query);
    const papers = await engine.papersWith(words.map(({ text }) => text));
    const isUnfinished = ({ text, start }: Word): boolean =>
      lastWord === 'prefix' && start + text.length === query.length;
    const unknown = await withoutKnown(
      words.filter((word, i) => papers[i] === 0 && !keep.has(word.text.toLowerCase()) && !isUnfinished(word)),
    );
    const areMost = unknown.length > Math.max(1, MAX_UNKNOWN_SHARE * words.length);
    if (areMost && unknown.length > MAX_LOOKED_UP) return untouched;
    const corrections: Correction[] = [];
    let text = '';
    let done = 0;
    for (const { text: typed, start } of unknown.slice(0, MAX_LOOKED_UP)) {
      const taken = await correctionOf(typed);
      if (taken === undefined) {
        if (areMost) return untouched;
        continue;
      }
      corrections.push({ typed, taken });
      text += query.slice(done, start) + taken;
      done = start + typed.length;
    }
    return { text: text + query.slice(done), corrections };
  }

  return { correct };
}
