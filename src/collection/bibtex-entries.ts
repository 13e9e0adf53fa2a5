import type { Content, Line } from './contract.ts';
import { readLines, tooLong } from './lines.ts';

/** The text of one `@…{…}`, and the line it begins at; or why there is none. */
export type CutEntry = { readonly line: number } & (
  { readonly text: string; readonly escapes: boolean } | { readonly reason: string }
);

/**
 * The text by itself. A part of a text keeps the whole of it in memory, be it ever so small (V8's sliced strings), and macros
 * and papers outlive their entry.
 */
export const copyOf = (text: string): string => Buffer.from(text).toString();
/** An entry is looked for at the beginning of a line only: an `@` in a text begins none. */
const START = /^\s*@\s*[a-zA-Z]+\s*([{(])/;
/** After a whole entry, the sign that one brace too many ended it early, so that fields of it would be lost. */
const LEFTOVER = /^[\s,}]*(?:,|[a-zA-Z][\w-]*\s*=\s*["{\d])/;
const LEFTOVER_CHARS = 200;

const UNBALANCED = 'the braces are not balanced: the entry has no end';

/**
 * Follows the braces of an entry. `escapes`: whether a backslash takes the brace after it out of the count, as programs
 * write `\{`; BibTeX itself counts every brace.
 */
class Nesting {
  private depth = 0;
  private quoted = false;
  private readonly closing: string;
  private readonly escapes: boolean;

  constructor(opening: string, escapes: boolean) {
    this.closing = opening === '(' ? ')' : '}';
    this.escapes = escapes;
  }

  /** The offset of the sign that ends the entry, or -1. `from` is the offset after the opening one. */
  endIn(line: string, from: number): number {
    for (let at = from; at < line.length; at += 1) {
      const sign = line.charAt(at);
      if (sign === '\\' && this.escapes) at += 1;
      else if (sign === '{') this.depth += 1;
      else if (this.depth > 0) {
        if (sign === '}') this.depth -= 1;
      } else if (sign === '"') this.quoted = !this.quoted;
      else if (sign === this.closing && !(this.quoted && sign === ')')) return at;
      // Between fields a comment may hold any brace.
      else if (sign === '%' && !this.quoted) return -1;
    }
    return -1;
  }
}

/** Cuts lines into entries, one of them in memory. */
class Cutter {
  private readonly maxChars: number;
  private entry: { readonly line: number; readonly opening: string; lines: string[]; chars: number } | undefined;
  private nesting = new Nesting('{', true);
  private whole: CutEntry | undefined;
  private leftover = '';

  constructor(maxChars: number) {
    this.maxChars = maxChars;
  }

  *add(line: Line): Generator<CutEntry> {
    if ('tooLong' in line) {
      // Where an entry with such a line ends cannot be told: it ends with the next one's beginning.
      if (this.entry) this.entry.chars = Infinity;
      else yield { line: line.number, reason: tooLong(line.limitBytes) };
      return;
    }
    let { text } = line;
    for (let start = START.exec(text); start; start = START.exec(text)) {
      yield* this.finish();
      this.entry = { line: line.number, opening: start[1] ?? '{', lines: [], chars: 0 };
      this.nesting = new Nesting(this.entry.opening, true);
      text = this.continue(text, start[0].length);
    }
    if (this.entry) text = this.continue(text, 0);
    if (this.whole && this.leftover.length < LEFTOVER_CHARS) this.leftover += `${text}\n`.slice(0, LEFTOVER_CHARS);
  }

  /** Adds to the entry under way; what is left of the line after its end. */
  private continue(text: string, from: number): string {
    const { entry } = this;
    if (!entry) return text;
    const end = this.nesting.endIn(text, from);
    entry.chars += text.length + 1;
    if (entry.chars > this.maxChars) entry.lines = [];
    else entry.lines.push(end < 0 ? text : text.slice(0, end + 1));
    if (end < 0) return '';
    this.complete(entry.lines.join('\n'), true);
    return text.slice(end + 1);
  }

  private complete(text: string, escapes: boolean): void {
    const { line = 0, chars = 0 } = this.entry ?? {};
    this.entry = undefined;
    this.leftover = '';
    if (chars <= this.maxChars) this.whole = { line, text, escapes };
    else this.whole = { line, reason: `the entry is longer than ${this.maxChars} bytes` };
  }

  /** What is known to be over: the next entry begins, or the file ends. */
  *finish(): Generator<CutEntry> {
    if (this.entry) this.completeAsBibtex(this.entry.lines.join('\n'), this.entry.opening);
    const { whole } = this;
    this.whole = undefined;
    if (!whole) return;
    const spilt = 'text' in whole && !/^\s*@\s*comment/i.test(whole.text) && LEFTOVER.test(this.leftover);
    yield spilt
      ? { line: whole.line, reason: 'the braces are not balanced: fields follow the end of the entry' }
      : whole;
  }

  /** An entry that does not end may do so where every brace counts. */
  private completeAsBibtex(text: string, opening: string): void {
    const { line = 0, chars = 0 } = this.entry ?? {};
    const end = new Nesting(opening, false).endIn(text, START.exec(text)?.[0].length ?? 0);
    if (end >= 0 || chars > this.maxChars) this.complete(text.slice(0, end + 1), false);
    else {
      this.entry = undefined;
      this.leftover = '';
      this.whole = { line, reason: UNBALANCED };
    }
  }

  /** The entry that was whole before the input failed. */
  *finishWhole(): Generator<CutEntry> {
    this.entry = undefined;
    yield* this.finish();
  }
}

/**
 * The entries of a file, each as soon as the next begins; memory is bounded by `maxRecordBytes`. One whose braces are not
 * balanced costs no other. Throws BAD_INPUT where the input is damaged, after the entries before.
 */
export async function* cutEntries(content: Content): AsyncGenerator<CutEntry> {
  const cutter = new Cutter(content.maxRecordBytes);
  try {
    for await (const line of readLines(content)) yield* cutter.add(line);
  } catch (thrown) {
    yield* cutter.finishWhole();
    throw thrown;
  }
  yield* cutter.finish();
}
