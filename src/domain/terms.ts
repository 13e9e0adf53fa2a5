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
    'https http www github com large small high low good better best several various different existing recent previous case cases problem problems'
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

/** Words, and pairs of words that follow each other in a clause, by their small letters. */
function candidatesIn(text: string): Map<string, Found> {
  const found = new Map<string, Found>();
  const add = (term: string, spelt: string): void => {
    const before = found.get(term);
    found.set(term, { spelt: before?.spelt ?? spelt, times: (before?.times ?? 0) + 1 });
  };
  const prose = readAloud(text);
  for (const clause of prose.split(/[.,;:!?()[\]{}"“”]+(?:\s|$)/u)) {
    const words = clause.match(WORD) ?? [];
    words.forEach((word, i) => {
      const lower = word.toLowerCase();
      if (EMPTY.has(lower) || word.length < 2 || /^\p{N}+$/u.test(word)) return;
      add(lower, word);
      const next = words[i + 1];
      if (next === undefined || EMPTY.has(next.toLowerCase()) || /^\p{N}+$/u.test(next) || next.length < 2) return;
      add(`${lower} ${next.toLowerCase()}`, `${word} ${next}`);
    });
  }
  return found;
}

/** As most papers write it; a title's capitals are no reason to shout. */
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

/**
 * The terms that tell some papers from all others: how many of them say it, times its idf in the library (class-based tf-idf;
 * Grootendorst 2022). A word is left out where a phrase before it says it.
 */
export async function tellingTerms({ papers, papersWith, documents, k }: TermsRequest): Promise<Term[]> {
  const counted = new Map<string, Counted>();
  for (const { title, abstract } of papers) {
    const [inTitle, inAbstract] = [candidatesIn(title), candidatesIn(abstract)];
    for (const [term, { spelt }] of new Map([...inTitle, ...inAbstract])) {
      const entry = counted.get(term) ?? { papers: 0, weight: 0, spelt: new Map<string, number>() };
      const times = Math.min(MOST_TIMES, inAbstract.get(term)?.times ?? 0) + (inTitle.has(term) ? TITLE_WEIGHT : 0);
      // What a single paper says but once is only how it says it.
      if (papers.length === 1 && times < 2) continue;
      entry.papers += 1;
      entry.weight += times;
      entry.spelt.set(spelt, (entry.spelt.get(spelt) ?? 0) + 1);
      counted.set(term, entry);
    }
  }
  // What one paper says is its own business, unless there is only one.
  const least = Math.min(2, papers.length);
  const shared = [...counted].filter(([, { papers: count }]) => count >= least);
  const words = [...new Set(shared.flatMap(([term]) => term.split(' ')))];
  const counts = await papersWith(words);
  const idf = new Map(words.map((word, i) => [word, Math.log((documents + 1) / ((counts[i] ?? 0) + 0.5))]));
  const weighed = shared.map(([term, { weight, spelt }]) => {
    const parts = term.split(' ').map((word) => Math.max(0, idf.get(word) ?? 0));
    const rarity = parts.reduce((sum, value) => sum + value, 0) / parts.length;
    return {
      term: spelling(spelt),
      key: term,
      weight: (weight / papers.length) * rarity * (parts.length > 1 ? PHRASE_BONUS : 1),
    };
  });
  weighed.sort((a, b) => b.weight - a.weight || (a.key < b.key ? -1 : 1));
  const chosen: { readonly term: string; readonly key: string; readonly weight: number }[] = [];
  for (const entry of weighed) {
    if (chosen.length >= k) break;
    const said = new Set(chosen.flatMap(({ key }) => key.split(' ')));
    if (entry.weight > 0 && !entry.key.split(' ').some((word) => said.has(word) || said.has(`${word}s`)))
      chosen.push(entry);
  }
  return chosen.map(({ term, weight }) => ({ term, weight }));
}
