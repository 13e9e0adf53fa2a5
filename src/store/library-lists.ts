import {
  type LibrarySort,
  type PaperKey,
  type Person,
  type ReadingState,
  READING_STATES,
  type SavedRow,
  type SortOrder,
  type TagCount,
  titleKey,
} from '../domain/mod.ts';
import type { People } from './people.ts';
import type { Store } from './store.ts';

/** Which saved papers are wanted, and in which order. */
export interface LibraryQuery {
  readonly state?: ReadingState | undefined;
  /** In any case of letters. */
  readonly tag?: string | undefined;
  /** Each of its words is to begin a word of the title, an author, the venue, a tag, the note, the year or the id. */
  readonly text?: string | undefined;
  readonly sort: LibrarySort;
  readonly order: SortOrder;
}

export interface LibraryList {
  readonly rows: readonly SavedRow[];
  readonly all: number;
  readonly tags: readonly TagCount[];
}

interface Kept {
  readonly row: SavedRow;
  /** All that is looked through, its words parted by single blanks. */
  readonly words: string;
}

type Shown = Pick<SavedRow, 'title' | 'authors' | 'year' | 'venue'>;

interface Held {
  readonly revision: number;
  readonly papersState: number;
  readonly kept: readonly Kept[];
  readonly tags: readonly TagCount[];
}

// A library of 10,000 takes some 10 MB; a shared server has few readers at once.
const HELD_LIBRARIES = 4;
const GONE: Shown = { title: null, authors: [], year: null, venue: null };

const byText = (text: (row: SavedRow) => string) => {
  const { compare } = new Intl.Collator('en', { sensitivity: 'base', numeric: true });
  return (a: SavedRow, b: SavedRow): number => compare(text(a), text(b));
};

/** Rising; what is equal stays in the order of `saved`, the latest first. */
const COMPARE: { readonly [sort in LibrarySort]: (a: SavedRow, b: SavedRow) => number } = {
  saved: (a, b) => (a.savedAt < b.savedAt ? -1 : Number(a.savedAt > b.savedAt)),
  title: byText(({ title, id }) => title ?? id),
  author: byText(({ authors: [first = ''] }) => first.split(' ').at(-1) ?? first),
  year: (a, b) => (a.year ?? 0) - (b.year ?? 0),
  state: (a, b) => READING_STATES.indexOf(a.state) - READING_STATES.indexOf(b.state),
};

/**
 * Libraries as tables, kept in memory for as long as nothing is changed: a page of a table is asked for at each turn of a
 * wheel, and reading 10,000 papers takes half a second.
 */
export class LibraryLists {
  readonly #store: Store;
  readonly #people: People;
  /** By person, the one used last at the end. */
  readonly #held = new Map<number, Held>();
  /** What is shown of a paper, by the id it is kept under. */
  #papers = new Map<string, Shown>();
  #papersState = -1;

  constructor(store: Store, people: People) {
    this.#store = store;
    this.#people = people;
  }

  list(person: Person, { state, tag, text = '', sort, order }: LibraryQuery): LibraryList {
    const { kept, tags } = this.#library(person);
    const wanted = tag?.trim().toLowerCase();
    const words = titleKey(text).split(' ').filter(Boolean);
    const rows = kept
      .filter(({ row }) => state === undefined || row.state === state)
      .filter(({ row }) => wanted === undefined || row.tags.some((held) => held.toLowerCase() === wanted))
      .filter((one) => words.every((word) => one.words.includes(` ${word}`)))
      .map(({ row }) => row);
    const compare = COMPARE[sort];
    // The library comes the latest first already.
    if (sort !== 'saved' || order === 'asc') {
      rows.sort(order === 'asc' ? compare : (a, b) => compare(b, a));
    }
    return { rows, all: kept.length, tags };
  }

  #library(person: Person): Held {
    const signals = this.#people.signals(person);
    const revision = signals.revision();
    const papersState = this.#store.lastRevision();
    const before = this.#held.get(person.id);
    const fresh = before?.revision === revision && before.papersState === papersState;
    const held = fresh ? before : { ...this.#read(person, papersState), revision, papersState };
    this.#held.delete(person.id);
    this.#held.set(person.id, held);
    const oldest = this.#held.keys().next().value;
    if (this.#held.size > HELD_LIBRARIES && oldest !== undefined) this.#held.delete(oldest);
    return held;
  }

  #read(person: Person, papersState: number): Pick<Held, 'kept' | 'tags'> {
    if (this.#papersState !== papersState) this.#papers = new Map();
    this.#papersState = papersState;
    const counts = new Map<string, { tag: string; papers: number }>();
    const kept = this.#people
      .signals(person)
      .library()
      .map(({ paper: id, ...said }): Kept => {
        const row: SavedRow = { id, ...this.#shown(id), ...said };
        for (const tag of row.tags) {
          const count = counts.get(tag.toLowerCase()) ?? { tag, papers: 0 };
          count.papers += 1;
          counts.set(tag.toLowerCase(), count);
        }
        return { row, words: wordsOf(row) };
      });
    const tags = [...counts.values()].sort((a, b) => b.papers - a.papers || (a.tag < b.tag ? -1 : 1));
    return { kept, tags };
  }

  #shown(id: string): Shown {
    const known = this.#papers.get(id);
    if (known) return known;
    const key: PaperKey | undefined = this.#store.findKey(id);
    const paper = key === undefined ? undefined : this.#store.paper(key);
    const shown = paper
      ? { title: paper.title, authors: paper.authors, year: paper.year ?? null, venue: paper.venue ?? null }
      : GONE;
    this.#papers.set(id, shown);
    return shown;
  }
}

function wordsOf({ id, title, authors, year, venue, tags, note }: SavedRow): string {
  const texts = [id, title ?? '', ...authors, String(year ?? ''), venue ?? '', ...tags, note];
  return ` ${titleKey(texts.join(' '))}`;
}
