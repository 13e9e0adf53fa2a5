import { stemmer } from 'stemmer';

/** Words that name nothing. */
const EMPTY = new Set(
  (
    'a an the of in on for to from by with and or as at is are was were be been being it its this that these those we our us you ' +
    'your they their them he she his her i me my which who whom whose what when where why how can could may might will would shall ' +
    'should must do does did done has have had having not no nor but if then than so such both each either neither every all any ' +
    'some most more many much few less least other another same own very too also only just even still yet over under between ' +
    'among through during before after above below into onto out up down off again further once here there about against using ' +
    'use used uses via based toward towards within without across per while because since although however thus therefore hence ' +
    'new novel paper papers study studies work works approach approaches method methods result results show shows shown propose ' +
    'proposed proposes present presents presented introduce introduces introduced demonstrate demonstrates achieve achieves ' +
    'achieved improve improves improved outperform outperforms state art one two three first second et al e g i eg ie well ' +
    'https http www github com large small high low good better best several various different existing recent previous case cases problem problems ' +
    'became become becomes namely given despite little quickly highly simple single earlier later long short well-known'
  ).split(' '),
);
const WORD = /[\p{L}\p{N}][\p{L}\p{M}\p{N}+#]*(?:[-'’][\p{L}\p{N}]+)*/gu;

/** A word or two, as papers write them, and how telling they are. */
export interface Term {
  readonly term: string;
  readonly weight: number;
}

/** A phrase counts for more than its words: `neural network` says more than `network`. Chosen by eye on the sample library. */
const PHRASE_BONUS = 1.5;
/** What is in a title is what a paper says of itself. */
const TITLE_WEIGHT = 2;
/** Saying it more often in one abstract tells nothing more. */
const MOST_TIMES = 3;

interface Found {
  /** As written first. */
  readonly spelt: string;
  readonly times: number;
}

/** Marks that TeX writes before the letter that bears them. */
const ACCENTS: Readonly<Record<string, string>> = {
  ...{ '"': '\u0308', "'": '\u0301', '`': '\u0300', '^': '\u0302', '~': '\u0303', '=': '\u0304', '.': '\u0307' },
};

/** Without formulae, which name nothing, and the commands of TeX around words. */
function readAloud(text: string): string {
  return text
    .replace(/\$[^$]*\$/g, ' . ')
    .replace(/\\(["'`^~=.])\s*\{?([A-Za-z])\}?/g, (_, mark: string, letter: string) =>
      (letter + (ACCENTS[mark] ?? '')).normalize('NFC'),
    )
    .replace(/\\[A-Za-z]+\*?/g, ' ')
    .replace(/[{}\\]/g, '');
}

/** Models are about what a model is about. What else a stem would join (`general`, `generation`) names different things. */
function singular(word: string): string {
  if (word.length < 4 || !word.endsWith('s') || /(?:ss|us|is)$/.test(word)) return word;
  return word.endsWith('ies') ? `${word.slice(0, -3)}y` : word.slice(0, -1);
}

const namesNothing = (word: string): boolean =>
  EMPTY.has(word.toLowerCase()) || word.length < 2 || /^\p{N}+$/u.test(word);
const keyOf = (words: readonly string[]): string => words.map((word) => singular(word.toLowerCase())).join(' ');

/** Words, and pairs of words that follow each other in a clause, by their small letters and in the singular. */
function candidatesIn(text: string): Map<string, Found> {
  const found = new Map<string, Found>();
  const add = (words: readonly string[]): void => {
    const key = keyOf(words);
    const before = found.get(key);
    found.set(key, { spelt: before?.spelt ?? words.join(' '), times: (before?.times ?? 0) + 1 });
  };
  const prose = readAloud(text);
  for (const clause of prose.split(/[.,;:!?()[\]{}"“”]+(?:\s|$)/u)) {
    const words = clause.match(WORD) ?? [];
    words.forEach((word, i) => {
      if (namesNothing(word)) return;
      add([word]);
      const next = words[i + 1];
      if (next !== undefined && !namesNothing(next)) add([word, next]);
    });
  }
  return found;
}

/** A word as it would be written in a sentence: many titles have each begin with a capital, `LiDAR` and `3D` do not stem from that. */
const asInSentence = (spelt: string): string =>
  spelt.replace(/(?<![\p{L}\p{N}])\p{Lu}(?=[\p{Ll}-]+(?![\p{L}\p{N}]))/gu, (capital) => capital.toLowerCase());
/** What an abstract writes counts before what titles do, however many. */
const SPELT = { inAbstract: 1, inTitle: 0.001 };

/** As most papers write it. */
function spelling(spelt: ReadonlyMap<string, number>): string {
  const [best = ''] = [...spelt].sort((a, b) => b[1] - a[1] || (a[0] < b[0] ? 1 : -1))[0] ?? [];
  return best;
}

interface Counted {
  papers: number;
  weight: number;
  readonly spelt: Map<string, number>;
}

export interface TermsRequest {
  readonly papers: readonly { readonly title: string; readonly abstract: string }[];
  /** How many papers of the library hold each word. */
  readonly papersWith: (words: readonly string[]) => Promise<readonly number[]>;
  readonly documents: number;
  readonly k: number;
}

/** What papers say, and how many of them. What a single paper says but once is only how it says it. */
function counted(papers: TermsRequest['papers']): Map<string, Counted> {
  const found = new Map<string, Counted>();
  for (const { title, abstract } of papers) {
    const [inTitle, inAbstract] = [candidatesIn(title), candidatesIn(abstract)];
    for (const term of new Set([...inTitle.keys(), ...inAbstract.keys()])) {
      const entry = found.get(term) ?? { papers: 0, weight: 0, spelt: new Map<string, number>() };
      const said = inAbstract.get(term);
      const times = Math.min(MOST_TIMES, said?.times ?? 0) + (inTitle.has(term) ? TITLE_WEIGHT : 0);
      if (papers.length === 1 && times < 2) continue;
      const spelt = said?.spelt ?? asInSentence(inTitle.get(term)?.spelt ?? '');
      entry.papers += 1;
      entry.weight += times;
      entry.spelt.set(spelt, (entry.spelt.get(spelt) ?? 0) + (said ? SPELT.inAbstract : SPELT.inTitle));
      found.set(term, entry);
    }
  }
  return found;
}

interface Weighed extends Term {
  readonly key: string;
  readonly papers: number;
}

/** A word that is mostly said within one phrase is said by it, and lends it its weight: `machine translation`, not `translation`. */
function inPhrases(weighed: readonly Weighed[]): Weighed[] {
  const phrases = weighed.filter(({ key }) => key.includes(' '));
  const lent = new Map<Weighed, number>();
  const words = weighed.filter((entry) => {
    if (entry.key.includes(' ')) return false;
    const phrase = phrases.find(({ key, papers }) => key.split(' ').includes(entry.key) && 2 * papers >= entry.papers);
    if (phrase) lent.set(phrase, Math.max(lent.get(phrase) ?? 0, entry.weight));
    return !phrase;
  });
  return [
    ...words,
    ...phrases.map((phrase) => ({ ...phrase, weight: Math.max(phrase.weight, lent.get(phrase) ?? 0) })),
  ];
}

const heaviestFirst = (a: Weighed, b: Weighed): number => b.weight - a.weight || (a.key < b.key ? -1 : 1);

/**
 * The terms that tell some papers from all others: how many of them say it, times its idf in the library (class-based tf-idf;
 * Grootendorst 2022). A word is left out where another form of it, or a phrase with it, says it.
 */
export async function tellingTerms({ papers, papersWith, documents, k }: TermsRequest): Promise<Term[]> {
  // What one paper says is its own business, unless there is only one.
  const least = Math.min(2, papers.length);
  const shared = [...counted(papers)].filter(([, { papers: count }]) => count >= least);
  const words = [...new Set(shared.flatMap(([key]) => key.split(' ')))];
  const counts = await papersWith(words);
  const idf = new Map(words.map((word, i) => [word, Math.log((documents + 1) / ((counts[i] ?? 0) + 0.5))]));
  const weighed = shared.map(([key, { weight, spelt, papers: count }]): Weighed => {
    const parts = key.split(' ').map((word) => Math.max(0, idf.get(word) ?? 0));
    const rarity = parts.reduce((sum, value) => sum + value, 0) / parts.length;
    return {
      ...{ key, papers: count, term: spelling(spelt) },
      weight: (weight / papers.length) * rarity * (parts.length > 1 ? PHRASE_BONUS : 1),
    };
  });
  const chosen: Term[] = [];
  const said = new Set<string>();
  for (const { term, key, weight } of inPhrases(weighed.toSorted(heaviestFirst)).toSorted(heaviestFirst)) {
    const stems = key.split(' ').map((word) => stemmer(word));
    if (chosen.length >= k) break;
    if (weight <= 0 || stems.some((stem) => said.has(stem))) continue;
    for (const stem of stems) said.add(stem);
    chosen.push({ term, weight });
  }
  return chosen;
}
