import { type Interest, PERSON_LIMITS, type SavedPaper } from '../domain/mod.ts';
import { AppError } from '../errors.ts';

const LIMITS = PERSON_LIMITS;

/** Throws LIMIT_REACHED where there are more than `limit` of what `what` says. */
export function atMost(limit: number, found: number, what: string): void {
  if (found > limit) throw new AppError('LIMIT_REACHED', { limit, what });
}

function checkTexts(texts: readonly string[], limit: number, what: string, characters: number): void {
  atMost(limit, texts.length, what);
  for (const text of texts) atMost(characters, text.length, `characters in one of the ${what}`);
}

export function checkSaved({ note = '', tags = [] }: Partial<Pick<SavedPaper, 'note' | 'tags'>>): void {
  atMost(LIMITS.noteCharacters, note.length, 'characters in a note');
  checkTexts(tags, LIMITS.tags, 'tags of a paper', LIMITS.tagCharacters);
}

/** What a person tells of an interest. Throws LIMIT_REACHED. */
export function checkInterest(interest: Omit<Interest, 'id'>): void {
  const { origin, name, text, require, exclude, authors, categories, papers } = interest;
  atMost(LIMITS.nameCharacters, name.length, "characters in an interest's name");
  atMost(LIMITS.textCharacters, text.length, "characters in an interest's text");
  checkTexts(require, LIMITS.terms, 'words that a topic requires', LIMITS.termCharacters);
  checkTexts(exclude, LIMITS.terms, 'words that a topic excludes', LIMITS.termCharacters);
  checkTexts(authors, LIMITS.terms, 'authors of a topic', LIMITS.termCharacters);
  checkTexts(categories, LIMITS.terms, 'categories of a topic', LIMITS.termCharacters);
  // One that is found may be a whole library.
  if (origin === 'found') return;
  atMost(LIMITS.topicPapers, papers.length, 'papers in a topic');
}

export function checkHidden(value: string): void {
  if (value.trim() === '') throw new AppError('USAGE', { message: 'say what is to be hidden' });
  atMost(LIMITS.termCharacters, value.length, 'characters in what is hidden');
}
