import { type Filter, isNameParticle, type PaperKey } from '../domain/mod.ts';
import type { Bearers, Candidates, Engine } from '../engine/contract.ts';
import { UNDATED } from '../engine/contract.ts';

/** A name in a query that authors of the collection have. */
export interface NamedAuthor {
  /** As typed. */
  readonly name: string;
  /** Their full names as records write them, lower case, most papers first. */
  readonly persons: readonly string[];
}

export interface ReadAuthors {
  readonly authors: readonly NamedAuthor[];
  /** The query without the names and the words that introduce them; empty where nothing else was asked. */
  readonly rest: string;
  /** The year that follows a name: `Vaswani et al. 2017`. */
  readonly year?: number;
  /** Their papers that the filter lets through, best first. Scores are 2 at least, and 3.9 for one by all of them, of the year named. */
  readonly candidates: Candidates;
}

/** Longer queries are pasted texts; names in them cite. UTF-16 units, and words. */
const MAX_QUERY = 1000;
const MAX_WORDS = 40;
/** Names looked up in one query, at about a millisecond each. */
const MAX_LOOKED_UP = 16;
/** A name has a word that this share of the texts has at most; `Long Chen` has `Chen`. */
const RARE_SHARE = 0.002;
/** In a small collection every word is rare, or none. */
const RARE_PAPERS = 3;
/** A bare surname is a name where it is on so many times more papers than in texts: Hinton 82 : 34, Hopfield 5 : 106. */
const AUTHORED_TO_TEXTS = 2;
/** A bare surname means one person: whoever has this share of the papers. Nobody is looked for as Wang. */
const MAIN_PERSON_SHARE = 0.5;
/**
 * What a paper has for being theirs. Others' papers have 1 at most, and the prior of a paper's age leaves .63 at least of a
 * sum: so theirs come first in every order.
 */
const THEIRS = 2;
/** More for one by all of several authors named, and a share of it by some: `by Bengio or Hinton` asks for either. */
const BY_ALL = 0.4;
/** More for one of the year beside the name: these come before all their others, which lead by 1 and `BY_ALL` at most. */
const OF_YEAR = 1.5;
const LONGEST_NAME = 4;
const DAY_MS = 86_400_000;

/** What stands between names of a list, and before its first. */
const JOINING = new Set(['and', 'or', 'und', '&', 'either', 'both', 'with', 'prof', 'professor', 'dr']);
/** Words that are part of no name when written small; a query of a lower-case typist has its names among the others. */
const FUNCTION_WORDS = new Set(
  (
    'a an the of in on for to from by at as is are was were be been and or not no nor but with without via using into over ' +
    'under between towards toward through about against than that this these those it its we our you your i my me what ' +
    'which who whom whose when where why how can could may might will would do does did has have had such some any all ' +
    'most more less only also both either et al work works paper papers article articles written author authors'
  ).split(' '),
);
/** What is named after people: before these a bare surname names a thing. */
const EPONYMS =
  /^(?:algorithms?|analysis|attention|bounds?|chains?|codes?|coefficients?|conditions?|conjectures?|constants?|decision|decompositions?|descent|diagrams?|differential|dimensions?|discrepancy|distances?|distributions?|divergences?|embeddings?|entropy|equations?|estimat\w+|expansions?|features?|fields?|filters?|flows?|forests?|formulas?|functions?|functionals?|games?|gradients?|graphs?|groups?|inequalit\w+|inference|information|integrals?|kernels?|laws?|lemmas?|logics?|machines?|maps?|matri\w+|measures?|mechanisms?|methods?|metrics?|models?|networks?|noise|norms?|numbers?|operators?|optimi[sz]\w+|polynomials?|principles?|priors?|problems?|process(?:es)?|programs?|projections?|properties|property|regression|rules?|sampl\w+|scores?|sequences?|series|sets?|smoothing|spaces?|spectr\w+|statistics?|sums?|systems?|tests?|theorems?|theory|tilings?|transforms?|transformations?|trees?|tricks?|values?|variables?|weights?)$/i;
/** Before `by`: `papers by`, `work done by`, `written by`. */
const WRITTEN =
  /^(?:papers?|articles?|works?|publications?|preprints?|written|authored|coauthored|co-authored|published)$/i;
const YEAR = /^\(?((?:19|20)\d\d)\)?$/;

interface Word {
  /** As typed, without punctuation around it. */
  readonly text: string;
  readonly start: number;
  readonly end: number;
  /** A comma or the like follows. */
  readonly isLast: boolean;
  readonly isCapitalised: boolean;
  readonly isInitial: boolean;
}

/** Why a word may be a name: `told` by `papers by` or `et al.`, `listed` after a name, `by` alone, or nothing but itself. */
type Cue = 'told' | 'listed' | 'by' | 'none';

interface Name {
  readonly from: number;
  readonly to: number;
  readonly text: string;
  readonly bearers: Bearers;
}

function wordsOf(query: string): Word[] {
  const unquoted = query.replace(/"[^"]*"/g, (phrase) => ' '.repeat(phrase.length));
  return Array.from(unquoted.matchAll(/\S+/g), ({ 0: token, index }) => {
    const bare = token.replace(/^[("'“‘[]+/, '').replace(/(?:['’]s)?[)"'”’\],;:.?!]*$/, '');
    const start = index + token.indexOf(bare);
    const end = start + bare.length;
    const isInitial = /^\p{L}\.?$|^(?:\p{L}\.-?)+\p{L}?\.?$/u.test(bare) && /^\p{Lu}/u.test(bare);
    const closing = query.slice(end, index + token.length);
    const isLast = /[,;:?!)]|['’]s/.test(closing) || (closing.includes('.') && !isInitial);
    return { text: bare, start, end, isLast, isCapitalised: /^\p{Lu}/u.test(bare), isInitial };
  });
}

/** Letters, perhaps with hyphens and apostrophes, as names are written: no numbers, no formulae, no GPT. */
function mayBeOfName({ text, isInitial, isCapitalised }: Word): boolean {
  if (isInitial) return true;
  if (!/^\p{L}[\p{L}\p{M}'’-]*$/u.test(text)) return false;
  if (!isCapitalised) return text.length > 1 && !FUNCTION_WORDS.has(text.toLowerCase());
  return !/\p{Lu}{2}/u.test(text) || text.includes('-');
}

function personsOf({ persons }: Bearers): string[] {
  return [...persons].sort((a, b) => b[1] - a[1] || (a[0] < b[0] ? -1 : 1)).map(([person]) => person);
}

/** Whether most papers under a surname are one person's. */
function isOnePerson({ persons }: Bearers): boolean {
  const papers = [...persons.values()];
  const all = papers.reduce((sum, count) => sum + count, 0);
  return Math.max(0, ...papers) >= MAIN_PERSON_SHARE * all;
}

/** Finds the words of a query that are names of authors of the collection, and these authors' papers. */
export function createAuthors({ engine }: { readonly engine: Engine }) {
  async function bearersOf(name: string, filter: Filter): Promise<Bearers> {
    return engine.bearers({ name, filter });
  }

  /** For each word the papers with it in their texts are few enough for a name. */
  async function rareWords(words: readonly Word[]): Promise<boolean[]> {
    const most = Math.max(RARE_PAPERS, RARE_SHARE * engine.counts().documents);
    const papers = await engine.papersWith(words.map(({ text }) => text));
    return words.map((word, i) => !word.isInitial && mayBeOfName(word) && (papers[i] ?? 0) <= most);
  }

  function cueAt(words: readonly Word[], at: number, isNameBefore: (at: number) => Cue | undefined): Cue {
    const next = words.slice(at + 1, at + 3).map(({ text }) => text.toLowerCase());
    if (next[0] === 'et' && next[1] === 'al') return 'told';
    let before = at - 1;
    while (before >= 0 && JOINING.has((words[before]?.text ?? '').toLowerCase().replace(/\.$/, ''))) before -= 1;
    const listed = isNameBefore(before);
    if (listed !== undefined && (before < at - 1 || words[before]?.isLast))
      return listed === 'told' ? 'told' : 'listed';
    const word = words[before]?.text.toLowerCase() ?? '';
    if (word === 'author' || word === 'authors') return 'told';
    if (word === 'of' || word === 'from') return WRITTEN.test(words[before - 1]?.text ?? '') ? 'by' : 'none';
    if (word !== 'by') return 'none';
    const written = words.slice(Math.max(0, before - 3), before).some(({ text }) => WRITTEN.test(text));
    return written ? 'told' : 'by';
  }

  /** Several words: some author has exactly these, and texts have them less often than author lists do. */
  async function nameAt(
    words: readonly Word[],
    rare: readonly boolean[],
    at: number,
    filter: Filter,
  ): Promise<Name | undefined> {
    for (let length = LONGEST_NAME; length >= 2; length -= 1) {
      const run = words.slice(at, at + length);
      if (run.length < length || !run.every(mayBeOfName) || !run.some((_, i) => rare[at + i])) continue;
      const proper = run.filter((word) => !isNameParticle(word.text));
      const isOneCase = proper.every(({ isCapitalised }) => isCapitalised === proper[0]?.isCapitalised);
      // A comma parts a surname from initials only: `Bengio, Y.`
      const isOnePiece = run.every((word, i) => i === length - 1 || !word.isLast || (i === 0 && run[1]?.isInitial));
      if (!isOneCase || !isOnePiece) continue;
      const text = run.map((word) => word.text).join(' ');
      const bearers = await bearersOf(text, filter);
      const papers = Math.max(0, ...bearers.persons.values());
      if (papers > 0 && papers >= bearers.inTexts) return { from: at, to: at + length, text, bearers };
    }
    return undefined;
  }

  async function surnameAt(
    words: readonly Word[],
    rare: readonly boolean[],
    at: number,
    cue: Cue,
    filter: Filter,
  ): Promise<Name | undefined> {
    const word = words[at];
    if (!word || word.isInitial || !mayBeOfName(word)) return undefined;
    const isTold = cue === 'told' || cue === 'listed';
    if (!isTold && (!rare[at] || EPONYMS.test(words[at + 1]?.text ?? ''))) return undefined;
    const bearers = await bearersOf(word.text, filter);
    const papers = [...bearers.persons.values()].reduce((sum, count) => sum + count, 0);
    const name = { from: at, to: at + 1, text: word.text, bearers };
    if (papers === 0) return undefined;
    // Most type names small. Such a word may be misspelt, so it is a name alone, or where no text has it.
    if (!word.isCapitalised && cue === 'none' && words.length > 1 && bearers.inTexts > 0) return undefined;
    if (cue === 'told') return word.isCapitalised || papers > bearers.inTexts ? name : undefined;
    // What it is in texts says nothing of a surname that shares its stem with a word: Welling, Manning.
    const isRare =
      cue === 'listed' ? word.isCapitalised : papers >= AUTHORED_TO_TEXTS * bearers.inTexts && !bearers.isWord;
    return isRare && isOnePerson(bearers) ? name : undefined;
  }

  async function namesIn(words: readonly Word[], filter: Filter): Promise<Name[]> {
    const rare = await rareWords(words);
    const names: Name[] = [];
    const cues = new Map<number, Cue>();
    let lookedUp = 0;
    for (let at = 0; at < words.length && lookedUp < MAX_LOOKED_UP; at += 1) {
      const cue = cueAt(words, at, (before) => cues.get(before));
      const word = words[at];
      const mayBegin =
        word !== undefined &&
        mayBeOfName(word) &&
        (rare.slice(at, at + LONGEST_NAME).some(Boolean) || cue === 'told' || cue === 'listed');
      if (!mayBegin) continue;
      lookedUp += 1;
      const name = (await nameAt(words, rare, at, filter)) ?? (await surnameAt(words, rare, at, cue, filter));
      if (!name) continue;
      // `Gerard Salton`, who is not among the authors, is no Gerard either.
      const before = names.at(-1);
      if (before && before.to === name.from && before.to - before.from === 1 && !words[before.from]?.isLast)
        names.pop();
      names.push(name);
      at = name.to - 1;
      cues.set(at, cue);
    }
    return names;
  }

  /** Scores: what a paper has for its authors, more by more of those named, and of the year named. */
  async function score(names: readonly Name[], year: number | undefined): Promise<Candidates> {
    const authorsOf = new Map<PaperKey, number>();
    for (const { bearers } of names) {
      for (const key of bearers.keys) authorsOf.set(key, (authorsOf.get(key) ?? 0) + 1);
    }
    const keys = Int32Array.from(authorsOf.keys());
    const days = year === undefined ? undefined : await engine.days(keys);
    const scored = Array.from(keys, (key, i) => {
      const byMore = names.length === 1 ? 0 : ((authorsOf.get(key) ?? 1) - 1) / (names.length - 1);
      const day = days?.[i] ?? UNDATED;
      const isOfYear = day !== UNDATED && new Date(day * DAY_MS).getUTCFullYear() === year;
      return { key, score: THEIRS + BY_ALL * byMore + (isOfYear ? OF_YEAR : 0) };
    }).sort((a, b) => b.score - a.score || a.key - b.key);
    return {
      keys: Int32Array.from(scored, ({ key }) => key),
      scores: Float32Array.from(scored, ({ score: value }) => value),
      total: scored.length,
    };
  }

  /**
   * The authors that a query names: two to four words that are an author's name (`Yoshua Bengio`, `Bengio, Y.`), or a
   * surname that is told by `papers by` or `et al.`, or that stands for one person and is rare in texts: capitalised, or all
   * of the query, or in no text at all.
   * `undefined` where it names none.
   */
  async function read(query: string, filter: Filter): Promise<ReadAuthors | undefined> {
    if (query.length > MAX_QUERY) return undefined;
    const words = wordsOf(query);
    if (words.length > MAX_WORDS) return undefined;
    const names = await namesIn(words, filter);
    if (names.length === 0) return undefined;
    const { rest, year } = remainder(query, words, names);
    return {
      authors: names.map(({ text, bearers }) => ({ name: text, persons: personsOf(bearers) })),
      rest,
      ...(year === undefined ? {} : { year }),
      candidates: await score(names, year),
    };
  }

  return { read };
}

/** What the query says besides the names: they go with their cues, joining words, `et al.` and the year after them. */
function remainder(query: string, words: readonly Word[], names: readonly Name[]): { rest: string; year?: number } {
  const gone = new Set<number>();
  let year: number | undefined;
  const lower = (at: number): string => (words[at]?.text ?? '').toLowerCase().replace(/\.$/, '');
  for (const { from, to } of names) {
    for (let at = from; at < to; at += 1) gone.add(at);
    let after = to;
    if (lower(after) === 'et' && lower(after + 1) === 'al') {
      gone.add(after).add(after + 1);
      after += 2;
    }
    const told = YEAR.exec(words[after]?.text ?? '')?.[1];
    if (told !== undefined) {
      year = Number(told);
      gone.add(after);
    }
    let before = from - 1;
    while (before >= 0 && JOINING.has(lower(before)) && lower(before) !== 'with') gone.add(before--);
    const isOf = ['of', 'from'].includes(lower(before)) && WRITTEN.test(lower(before - 1));
    if (!isOf && !['by', 'author', 'authors'].includes(lower(before))) continue;
    gone.add(before--);
    while (before >= 0 && (WRITTEN.test(lower(before)) || ['done', 'all', 'any'].includes(lower(before))))
      gone.add(before--);
  }
  let rest = '';
  let kept = 0;
  for (const [at, { start }] of words.entries()) {
    if (!gone.has(at)) continue;
    rest += query.slice(kept, Math.max(kept, start));
    kept = words[at + 1]?.start ?? query.length;
  }
  rest = (rest + query.slice(kept)).replace(/[([“‘]+(?=\s|$)/g, '').replace(/^[\s,;:]+|[\s,;:]+$/g, '');
  // What remains of `papers by X about` says nothing.
  const says = /[\p{L}\p{N}]/u.test(rest) && rest.split(' ').some((word) => !FUNCTION_WORDS.has(word.toLowerCase()));
  return { rest: says ? rest : '', ...(year === undefined ? {} : { year }) };
}
