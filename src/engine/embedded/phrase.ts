import type { Database } from 'better-sqlite3';
import type { Words } from '../../domain/mod.ts';
import { GREEK, HAS_UNSPACED, INITIALS, POSSESSIVE, type TermCounter, type Tokeniser } from './tokenise.ts';

/** A condition on a row of `papers`. */
export interface Condition {
  readonly sql: string;
  readonly parameters: readonly (string | number)[];
}

/** A run of letters and digits, as FTS5 cuts texts too. */
const RUN = /[\p{L}\p{M}\p{N}]+/gu;
const HAS_LETTER = /[\p{L}\p{N}]/u;
/** A term that ends in a sign (C++, C#, A*): FTS5 passes over signs, so that such a term is looked for in the text itself. */
const SIGNED = /[+#*]$/;
const COMPOUND =
  /(?<![\p{L}\p{M}\p{N}\-‐‑‒–])[\p{L}\p{M}\p{N}]+(?:[-‐‑‒–][\p{L}\p{M}\p{N}]+){1,2}(?![\p{L}\p{M}\p{N}\-‐‑‒–])/gu;
const NOTHING: Condition = { sql: '0', parameters: [] };
/** Longer words are not written apart anywhere: each place to part them is one more phrase to look for. */
const MAX_PARTED = 24;
/** Abbreviations that may stand with a dot after each letter: `U.S.`, `i.i.d.`, `a.k.a.` */
const MAX_INITIALS = 4;
/** As many conditions as a filter may have, and more. */
const MAX_ASKED = 64;
/** Letters in a phrase whose words are all looked for written apart. */
const MAX_PARTED_LETTERS = 80;

/** The runs of a text between quotation marks, which FTS5 takes word for word: no sign in a text is ever an operator. */
export function ftsPhrase(text: string): string {
  return `"${(text.match(RUN) ?? []).join(' ')}"`;
}

const greekNames = (): RegExp => {
  const names = [...GREEK.values()].sort((a, b) => b.length - a.length);
  return new RegExp(names.join('|'), 'gi');
};

function inGreek(text: string): string {
  const letters = new Map([...GREEK].map(([letter, name]) => [name, letter]));
  return text.replace(greekNames(), (name) => letters.get(name.toLowerCase()) ?? name);
}

/** Ways to write a text that the tokeniser reads as one: `Bayes's` and `Bayes`, `GPT-4` and `GPT4`, `i.i.d.` and `iid`, `σ-algebra` and `sigma-algebra`. */
function spellings(text: string): string[] {
  const joined = text
    .replace(POSSESSIVE, '')
    .replace(COMPOUND, (compound) => compound.replace(/[-‐‑‒–]/g, ''))
    .replace(INITIALS, (initials) => initials.replaceAll('.', ''));
  const greek = (each: string): string[] => [
    each,
    each.replace(/[α-ωΑ-Ω]/g, (letter) => GREEK.get(letter.toLowerCase()) ?? letter),
    inGreek(each),
  ];
  return [text, text.replace(POSSESSIVE, ''), joined].flatMap(greek);
}

/** A text with one of its words written apart at each place: `pretraining` may stand in a paper as `pre-training`. */
function* partings(text: string): Generator<string> {
  if ((text.match(RUN) ?? []).join('').length > MAX_PARTED_LETTERS) return;
  for (const match of text.matchAll(RUN)) {
    const [word] = match;
    const [before, after] = [text.slice(0, match.index), text.slice(match.index + word.length)];
    if (word.length > MAX_PARTED) continue;
    for (let at = 1; at < word.length; at += 1) yield `${before}${word.slice(0, at)} ${word.slice(at)}${after}`;
    if (word.length <= MAX_INITIALS) yield `${before}${Array.from(word).join(' ')}${after}`;
  }
}

/**
 * The papers that say words side by side and in this order. FTS5 finds them by every way to write them; where that says too
 * little (it knows no signs, and `to gether` may be anything), the paper's text is asked for the very terms that the
 * lexical side would. Scripts without blanks between words, which FTS5 does not cut, are compared as written.
 */
export function phraseCondition({ kind, value }: Words, tokeniser: Tokeniser): Condition {
  const text = value.normalize('NFC');
  if (!HAS_LETTER.test(text)) return NOTHING;
  const abstract = kind === 'title' ? "''" : 'abstract';
  if (HAS_UNSPACED.test(text)) {
    const written = text.replace(/[A-Z]/g, (letter) => letter.toLowerCase());
    const columns = kind === 'title' ? ['title'] : ['title', 'abstract'];
    // Folding every paper's text costs as much again as looking through it.
    const folded = /[a-z]/.test(written) ? columns.map((column) => `lower(${column})`) : columns;
    return {
      sql: folded.map((column) => `instr(${column}, ?) > 0`).join(' OR '),
      parameters: folded.map(() => written),
    };
  }
  const found = 'key IN (SELECT rowid FROM papers_fts WHERE papers_fts MATCH ?)';
  const match = (texts: Iterable<string>): string =>
    `${kind === 'title' ? 'title' : '{title abstract}'} : (${[...new Set([...texts].map(ftsPhrase))].join(' OR ')})`;
  // Always in a CASE: SQLite works out both sides of an AND or OR whose value it needs, in every paper.
  const says = (terms: readonly string[]): Condition => ({
    sql: `paper_says(?, title, ${abstract})`,
    parameters: [[...new Set(terms)].join(' ')],
  });
  const terms = tokeniser.terms(text);
  const signed = terms.filter((term) => SIGNED.test(term));
  const ways = spellings(text);
  if (signed.length > 0) {
    const holds = says(signed);
    return { sql: `CASE WHEN ${found} THEN ${holds.sql} ELSE 0 END`, parameters: [match(ways), ...holds.parameters] };
  }
  const apart = [...partings(text)];
  if (apart.length === 0) return { sql: found, parameters: [match(ways)] };
  const holds = says(terms);
  return {
    sql: `CASE WHEN ${found} THEN 1 WHEN ${found} THEN ${holds.sql} ELSE 0 END`,
    parameters: [match(ways), match(apart), ...holds.parameters],
  };
}

/** Lets conditions ask whether a title or abstract has terms as the lexical side reads them. */
export function teachTerms(db: Database, tokeniser: Tokeniser): void {
  // The conditions of a filter ask one paper after the other, each for its own terms.
  const asked = new Map<string, { readonly count: TermCounter; readonly wanted: number }>();
  const askFor = (terms: string) => {
    const wanted = terms.split(' ');
    const made = { count: tokeniser.counter(wanted), wanted: wanted.length };
    if (asked.size >= MAX_ASKED) asked.clear();
    asked.set(terms, made);
    return made;
  };
  db.function('paper_says', { deterministic: true }, (terms: string, title: string, abstract: string) => {
    const { count, wanted } = asked.get(terms) ?? askFor(terms);
    return count(`${title}\n${abstract}`).counts.size === wanted ? 1 : 0;
  });
}
