import type { Content, Format, Line, Reading } from './contract.ts';
import { MAX_ABSTRACT_CHARS, MAX_TITLE_CHARS } from './fields.ts';
import { isFurniture } from './furniture.ts';
import { readLines, tooLong } from './lines.ts';
import { paperOf } from './record.ts';
import { cleanText, describe } from './text.ts';

/** A sentence's end, quotes and brackets after it allowed. */
const SENTENCE_END = /[.!?。]["'”’)\]}»*]*$/u;
/** Many abstracts close with a web address instead. */
const ADDRESS_END = /(?:https?:\/\/|www\.)\S+$/;
const CUT = /(?:…|\.\.\.)$/;

/** Titles reach about 250 characters; a longer text is an abstract however it ends. */
const PROSE_CHARS = 300;
/** A shorter text is an abstract when it is a sentence of at least this many words. */
const SENTENCE_WORDS = 12;
/** A sentence as short as this, right before an abstract, is a title that ends in a full stop. */
const SENTENCE_TITLE_CHARS = 160;
/** Of an endless block no more is kept than shows that it is over the limits. */
const MAX_BLOCK_CHARS = MAX_ABSTRACT_CHARS + MAX_TITLE_CHARS;

/** What a text may be by its looks: `sentence` may be a short abstract or a title with a full stop. */
type Look = 'short' | 'sentence' | 'prose';

/** Lines with no blank one between them, joined. `line` is the number of the first. */
interface Block {
  readonly text: string;
  readonly line: number;
  readonly look: Look | 'furniture';
}

const wordCount = (text: string): number => text.split(' ').length;

function lookOf(text: string): Look {
  if (text.length >= PROSE_CHARS) return 'prose';
  const isSentence = /[.…。]["'”’)\]}]*$/u.test(text) || ADDRESS_END.test(text);
  if (!isSentence || wordCount(text) < SENTENCE_WORDS) return 'short';
  return text.length <= SENTENCE_TITLE_CHARS ? 'sentence' : 'prose';
}

interface NumberedText {
  readonly text: string;
  readonly number: number;
}

/**
 * A block of its lines, furniture left out. The last line of a wrapped abstract can read like furniture ("results."), so
 * that within prose only lines before it, or after a complete sentence, are taken for furniture.
 */
function blockOf(lines: readonly NumberedText[]): Block {
  const plain = lines.filter((line) => !isFurniture(line.text));
  const first = plain[0];
  if (!first) return { text: '', line: lines[0]?.number ?? 0, look: 'furniture' };
  const from = lines.indexOf(first);
  let to = lines.length;
  while (isFurniture(lines[to - 1]?.text ?? '') && SENTENCE_END.test(lines[to - 2]?.text ?? '')) to -= 1;
  const whole = cleanText(
    lines
      .slice(from, to)
      .map((line) => line.text)
      .join(' '),
  );
  const short = cleanText(plain.map((line) => line.text).join(' '));
  const text = lookOf(whole) === 'short' ? short : whole;
  return { text, line: first.number, look: lookOf(text) };
}

async function* blocksOf(lines: AsyncIterable<Line>, file: string): AsyncGenerator<Block | Reading> {
  let gathered: NumberedText[] = [];
  let chars = 0;
  for await (const line of lines) {
    const text = 'text' in line ? cleanText(line.text) : '';
    if (text !== '') {
      if (chars <= MAX_BLOCK_CHARS) gathered.push({ text, number: line.number });
      chars += text.length;
      continue;
    }
    if (gathered.length > 0) yield blockOf(gathered);
    gathered = [];
    chars = 0;
    if ('tooLong' in line) yield { kind: 'rejected', file, line: line.number, reason: tooLong(line.limitBytes) };
  }
  if (gathered.length > 0) yield blockOf(gathered);
}

/** A title with its abstract so far; complete once the next title comes. */
interface Entry {
  readonly title: Block;
  readonly abstract: string;
}

/**
 * Puts blocks together: an abstract is prose, and its title the nearest short block before it. One short block is held
 * until the block after it shows what it is.
 */
class Assembly {
  private held: Block | undefined;
  private entry: Entry | undefined;
  private anyEntry = false;
  private abstractWasLast = false;
  private readonly file: string;

  constructor(file: string) {
    this.file = file;
  }

  *add(block: Block): Generator<Reading> {
    this.abstractWasLast = false;
    if (block.look === 'furniture') return;
    const heldShort = this.held?.look === 'short';
    if (block.look === 'prose' || (block.look === 'sentence' && heldShort)) {
      yield* this.addAbstract(block);
    } else {
      yield* this.dropHeld();
      // Prose after a short block belongs to that block, so the entry before it is complete.
      if (block.look === 'short') yield* this.completeEntry();
      this.held = block;
    }
  }

  private *addAbstract(block: Block): Generator<Reading> {
    if (this.held) {
      const title = this.held;
      this.held = undefined;
      yield* this.completeEntry();
      this.entry = { title, abstract: block.text };
      this.anyEntry = true;
    } else if (this.entry) {
      this.appendToEntry(block);
    } else {
      yield this.rejected(block, `an abstract without a title: ${describe(block.text)}`);
    }
    this.abstractWasLast = true;
  }

  /** A further paragraph. Past the limit the abstract is rejected anyway, so that more of it need not be kept. */
  private appendToEntry(block: Block): void {
    if (!this.entry || this.entry.abstract.length > MAX_ABSTRACT_CHARS) return;
    this.entry = { ...this.entry, abstract: `${this.entry.abstract} ${block.text}` };
  }

  /** The held block turned out to be no title: a short paragraph of the abstract before it, or a title left alone. */
  private *dropHeld(): Generator<Reading> {
    const held = this.held;
    this.held = undefined;
    if (!held) return;
    if (held.look === 'sentence') this.appendToEntry(held);
    // Ahead of the first paper, and in one or two words, it is the page's own heading.
    else if (this.anyEntry && wordCount(held.text) >= 3) {
      yield this.rejected(held, `a title without an abstract: ${describe(held.text)}`);
    }
  }

  private *completeEntry(): Generator<Reading> {
    if (!this.entry) return;
    const { title, abstract } = this.entry;
    this.entry = undefined;
    if (abstract.length > MAX_ABSTRACT_CHARS) {
      yield this.rejected(title, `abstract is longer than ${MAX_ABSTRACT_CHARS} characters`);
      return;
    }
    const paper = paperOf({ title: title.text, abstract, authors: [], categories: [], keywords: [] });
    yield { kind: 'paper', paper, file: this.file, line: title.line };
  }

  /** The end of the page, where a saved listing is often cut: what is cut is rejected. */
  *finish(): Generator<Reading> {
    if (this.held?.look === 'sentence') yield* this.dropHeld();
    const entry = this.entry;
    if (entry && (CUT.test(entry.abstract) || (this.abstractWasLast && !endsWhole(entry.abstract)))) {
      this.entry = undefined;
      yield this.rejected(entry.title, `the abstract is cut off: ${describe(entry.title.text)}`);
    }
    yield* this.completeEntry();
    // Without a single paper before it even the last line of a heading may be the title that counts.
    this.anyEntry = true;
    yield* this.dropHeld();
  }

  private rejected(block: Block, reason: string): Reading {
    return { kind: 'rejected', file: this.file, line: block.line, reason };
  }
}

function endsWhole(abstract: string): boolean {
  return SENTENCE_END.test(abstract) || ADDRESS_END.test(abstract);
}

async function* readListing(content: Content): AsyncGenerator<Reading> {
  const { file } = content;
  const assembly = new Assembly(file);
  for await (const block of blocksOf(readLines(content), file)) {
    if ('kind' in block) yield block;
    else yield* assembly.add(block);
  }
  yield* assembly.finish();
}

/** Beginnings of other formats (JSON, HTML, BibTeX, TeX, Markdown), and signs of no text at all. */
const OTHER_FORMAT = /^\s*[{[<@\\%]|^#{1,6} |^```|^TY {2}- |[\0\uFFFD]/m;

function recognisesListing(beginning: string): boolean {
  // The last character may be cut in two.
  if (OTHER_FORMAT.test(beginning.replace(/\uFFFD$/, ''))) return false;
  const blocks = beginning
    .split(/\r?\n[^\S\n]*(?:\r?\n[^\S\n]*)+/)
    .map((text) => blockOf(text.split('\n').map((line, number) => ({ text: cleanText(line), number }))))
    .filter((block) => block.look !== 'furniture');
  let titled = 0;
  let untitled = 0;
  blocks.forEach((block, at) => {
    if (block.look === 'short') return;
    if (blocks[at - 1]?.look === 'short') titled += 1;
    else untitled += 1;
  });
  // An essay has headings too, but most of its paragraphs have none.
  return titled > untitled;
}

/** A saved page of papers as plain text: title, blank line, abstract, blank line, and the page's furniture around them. */
export const listing: Format = {
  name: 'listing',
  title: 'plain listing',
  recognises: recognisesListing,
  read: readListing,
};
