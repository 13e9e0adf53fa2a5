import type { Database } from 'better-sqlite3';
import { isNameParticle, type PaperKey } from '../../domain/mod.ts';
import type { Bearers, NameRequest } from '../contract.ts';
import type { AllowedKeys } from './filter.ts';

/** Papers whose authors are read to see who they are; more have only a surname like Wang or a name like Wei Wang. */
const MAX_READ = 512;

/** Texts with a name that are read to see whether it is a word too: `fox`, `song`. */
const TEXTS_READ = 16;

/** A name as it is compared: lower case, accents off, words and initials apart. */
function nameWords(name: string): string[] {
  const folded = name
    .normalize('NFKD')
    .replace(/\p{M}+/gu, '')
    .toLowerCase();
  return folded.split(/[^\p{L}\p{N}]+/u).filter((word) => word !== '');
}

/** Words of an author's name in the order given name, surname; records write it both ways. */
function inOrder(name: string): string[] {
  const comma = name.indexOf(',');
  return comma < 0 ? nameWords(name) : [...nameWords(name.slice(comma + 1)), ...nameWords(name.slice(0, comma))];
}

/** Whether one may stand for the other: the same word, or its initial. */
function standsFor(a: string, b: string): boolean {
  return a === b || (a.length === 1 && b.startsWith(a)) || (b.length === 1 && a.startsWith(b));
}

/** Whether the first words stand, in order, for some of the second: middle names may be left out. */
function runsThrough(words: readonly string[], name: readonly string[]): boolean {
  let at = 0;
  for (const word of words) {
    while (at < name.length && !standsFor(word, name[at] ?? '')) at += 1;
    if (at === name.length) return false;
    at += 1;
  }
  return true;
}

/**
 * Whether an author goes by what was typed. A single word must be the whole surname (`van den Berg`: its last word);
 * several must begin with the first name or its initial and end with the surname, or the other way round, or be the
 * whole of a surname that begins with a particle.
 */
function bears(author: string, words: readonly string[]): boolean {
  const name = inOrder(author);
  const surname = name.at(-1);
  if (words.length === 1) return name.length > 0 && surname === words[0];
  if (isNameParticle(words[0] ?? '')) return words.every((word, i) => word === name[name.length - words.length + i]);
  const isNamed = (given: readonly string[]): boolean =>
    given.at(-1) === surname && standsFor(given[0] ?? '', name[0] ?? '') && runsThrough(given, name);
  return isNamed(words) || isNamed([...words.slice(1), ...words.slice(0, 1)]);
}

/** Whether a text has words as they are written, no letter before or after them. */
export function hasWords(text: string, words: string): boolean {
  const isLetter = (letter: string | undefined): boolean => /\p{L}/u.test(letter ?? '');
  for (let at = text.indexOf(words); at >= 0; at = text.indexOf(words, at + 1)) {
    if (!isLetter(text[at - 1]) && !isLetter(text[at + words.length])) return true;
  }
  return false;
}

/** Authors by name, from the full-text table. */
export class People {
  readonly #byAuthor;
  readonly #countTexts;
  readonly #texts;
  readonly #authors;

  constructor(db: Database) {
    // The newest papers, where there are too many to read.
    this.#byAuthor = db
      .prepare<[string, number], PaperKey>(
        'SELECT rowid FROM papers_fts WHERE papers_fts MATCH ? ORDER BY rowid DESC LIMIT ?',
      )
      .pluck();
    this.#countTexts = db.prepare<[string], number>('SELECT count(*) FROM papers_fts WHERE papers_fts MATCH ?').pluck();
    this.#texts = db
      .prepare<[string, number], string>(
        `SELECT title || char(10) || abstract FROM papers WHERE key IN
           (SELECT rowid FROM papers_fts WHERE papers_fts MATCH ? ORDER BY rowid DESC LIMIT ?)`,
      )
      .pluck();
    this.#authors = db
      .prepare<[PaperKey], string>('SELECT a.value FROM papers p, json_each(p.authors) a WHERE p.key = ?')
      .pluck();
  }

  bearers({ name }: NameRequest, allowed: AllowedKeys | undefined): Bearers {
    const words = nameWords(name);
    const full = words.filter((word) => word.length > 1);
    if (full.length === 0) return { persons: new Map(), keys: [], inTexts: 0, isWord: false };
    const quoted = full.map((word) => `"${word}"`).join(' ');
    // Among the words of a name there may be two more, and the surname may come first.
    const near = full.length > 1 ? `NEAR(${quoted}, ${full.length})` : quoted;
    const persons = new Map<string, number>();
    const keys: PaperKey[] = [];
    for (const key of this.#byAuthor.all(`authors : ${near}`, MAX_READ)) {
      const bearers = this.#authors.all(key).filter((author) => bears(author, words));
      if (bearers.length === 0) continue;
      if (!allowed || allowed.bitmap[key]) keys.push(key);
      for (const person of bearers) {
        const known = inOrder(person).join(' ');
        persons.set(known, (persons.get(known) ?? 0) + 1);
      }
    }
    if (persons.size === 0) return { persons, keys, inTexts: 0, isWord: false };
    const phrase = `{title abstract} : "${words.join(' ')}"`;
    const inTexts = this.#countTexts.get(phrase) ?? 0;
    return { persons, keys, inTexts, isWord: inTexts > 0 && this.#isWord(name, phrase) };
  }

  /** Whether texts that have the name write it small, as no name is written. */
  #isWord(name: string, phrase: string): boolean {
    return this.#texts.all(phrase, TEXTS_READ).some((text) => hasWords(text, name.toLowerCase()));
  }
}
