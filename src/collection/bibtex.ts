import { copyOf, cutEntries } from './bibtex-entries.ts';
import type { BibtexEntry } from './bibtex-fields.ts';
import { paperOfEntry } from './bibtex-record.ts';
import type { Content, Format, Position, Reading } from './contract.ts';

/** Steering of programs, and fields for other entries to take; no papers. */
const NO_PAPERS = new Set(['control', 'xdata', 'set', 'ieeetranbstctl']);
/** What `crossref` may name. */
const PARENT = /^(?:mv)?(?:book|proceedings|collection|reference)$|^periodical$/;
/** A parent's title is where its children appeared. */
const INHERITED = ['booktitle', 'journal', 'journaltitle', 'eventtitle', 'date', 'year'];
/** Parents kept for children to come; a file of proceedings has one for a hundred children. */
const MAX_PARENTS = 10_000;
const MAX_INHERITED_CHARS = 500;
/** BibTeX wants parents behind their children. So far readings wait for one: a library of a thousand entries is read whole. */
const MAX_WAITING = 1_000;
const MAX_WAITING_CHARS = 16 * 1024 * 1024;

/** An entry whose parent has not been read yet, or what waits behind it. */
type Waiting =
  | { readonly entry: BibtexEntry; readonly parent: string; readonly position: Position; readonly chars: number }
  | { readonly reading: Reading; readonly chars: number };

function readingOf(entry: BibtexEntry, position: Position): Reading {
  const paper = paperOfEntry(entry);
  return 'reason' in paper ? { kind: 'rejected', ...position, ...paper } : { kind: 'paper', ...position, paper };
}

const folded = (key: string): string => key.trim().toLowerCase();

/** What an entry may leave to its parents. */
function heritageOf({ fields }: BibtexEntry): ReadonlyMap<string, string> {
  const booktitle = fields.get('booktitle') ?? fields.get('title');
  const inherited = INHERITED.flatMap((name): [string, string][] => {
    const value = name === 'booktitle' ? booktitle : fields.get(name);
    return value === undefined || value.length > MAX_INHERITED_CHARS ? [] : [[name, copyOf(value)]];
  });
  return new Map(inherited);
}

/** Brings entries together with the ones they name as `crossref`, in the order of the file. */
class Families {
  private readonly heritages = new Map<string, ReadonlyMap<string, string>>();
  private waiting: Waiting[] = [];
  private waitingChars = 0;

  /** Readings that are complete now. */
  *add(entry: BibtexEntry, position: Position, chars: number): Generator<Reading> {
    const parent = folded(entry.fields.get('crossref') ?? '');
    const isChild = parent !== '' && INHERITED.some((name) => !entry.fields.has(name));
    if (isChild && !this.heritages.has(parent)) this.wait({ entry, parent, position, chars });
    else yield* this.pass(readingOf(this.grown(entry, parent), position), chars);
    if (PARENT.test(entry.type) && entry.key.length <= MAX_INHERITED_CHARS && this.heritages.size < MAX_PARENTS) {
      this.heritages.set(copyOf(folded(entry.key)), heritageOf(entry));
      yield* this.release();
    }
    if (this.waiting.length > MAX_WAITING || this.waitingChars > MAX_WAITING_CHARS) yield* this.finish();
  }

  /** A reading that needs nothing, behind what waits. */
  *pass(reading: Reading, chars: number): Generator<Reading> {
    if (this.waiting.length === 0) yield reading;
    else this.wait({ reading, chars });
  }

  /** Everything that waits, with or without its parent. */
  *finish(): Generator<Reading> {
    const { waiting } = this;
    this.waiting = [];
    this.waitingChars = 0;
    for (const one of waiting) yield this.complete(one);
  }

  private wait(one: Waiting): void {
    this.waiting.push(one);
    this.waitingChars += one.chars;
  }

  private complete(one: Waiting): Reading {
    return 'reading' in one ? one.reading : readingOf(this.grown(one.entry, one.parent), one.position);
  }

  /** Those at the front that wait for nothing any more. */
  private *release(): Generator<Reading> {
    const held = this.waiting.findIndex((one) => 'parent' in one && !this.heritages.has(one.parent));
    const free = this.waiting.splice(0, held < 0 ? this.waiting.length : held);
    for (const one of free) {
      this.waitingChars -= one.chars;
      yield this.complete(one);
    }
  }

  private grown(entry: BibtexEntry, parent: string): BibtexEntry {
    const heritage = this.heritages.get(parent);
    return heritage ? { ...entry, fields: new Map([...heritage, ...entry.fields]) } : entry;
  }
}

async function* readBibtex(content: Content): AsyncGenerator<Reading> {
  const { file } = content;
  // The parser takes 45 ms and 10 MB to load, which other formats and other commands need not pay.
  const { BibtexReader } = await import('./bibtex-fields.ts');
  const reader = new BibtexReader();
  const families = new Families();
  try {
    for await (const cut of cutEntries(content)) {
      const position = { file, line: cut.line };
      const chars = 'text' in cut ? cut.text.length : 0;
      const entry = 'text' in cut ? reader.read(cut.text, cut.escapes) : cut;
      if (entry === undefined) continue;
      if ('reason' in entry) yield* families.pass({ kind: 'rejected', ...position, ...entry }, chars);
      else if (!NO_PAPERS.has(entry.type)) yield* families.add(entry, position, chars);
    }
  } catch (thrown) {
    yield* families.finish();
    throw thrown;
  }
  yield* families.finish();
}

/** The first entry with its key, or one of BibTeX's commands. */
const BEGINNING = /^\s*@\s*(?:(?:string|comment|preamble)\s*[{(]|[a-z]+\s*[{(]\s*[^\s,(){}=@]+\s*,)/im;

/** BibTeX and BibLaTeX, of reference managers, publishers and the ACL Anthology. A cite key names no paper. */
export const bibtex: Format = {
  name: 'bibtex',
  title: 'BibTeX',
  recognises: (beginning) => !/^\s*[[{<]/.test(beginning) && BEGINNING.test(beginning),
  read: readBibtex,
};
