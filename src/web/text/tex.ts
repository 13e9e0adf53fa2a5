import { ACCENTS, CHARACTERS, ESCAPED, LETTERS } from './characters.ts';
import { formulaAt } from './math.ts';
import type { Segment, TextStyle } from './segments.ts';

/** Groups nested deeper are shown as they stand: no abstract needs them, and reading recurses. */
const MAX_DEPTH = 20;

type Reader = (argument: string) => string;

const STYLES: ReadonlyMap<string, TextStyle | 'plain'> = new Map([
  ['emph', 'emphasis'],
  ['textit', 'emphasis'],
  ['textsl', 'emphasis'],
  ['textbf', 'strong'],
  ['texttt', 'code'],
  ['textsc', 'smallcaps'],
  ['textsuperscript', 'superscript'],
  ['textsubscript', 'subscript'],
  ['underline', 'plain'],
  ['textrm', 'plain'],
  ['textsf', 'plain'],
  ['textnormal', 'plain'],
  ['text', 'plain'],
  ['mbox', 'plain'],
  ['url', 'plain'],
]);

/** `{\it …}`: the style lasts to the end of the group. */
const DECLARATIONS: ReadonlyMap<string, TextStyle | 'plain'> = new Map([
  ['it', 'emphasis'],
  ['itshape', 'emphasis'],
  ['em', 'emphasis'],
  ['sl', 'emphasis'],
  ['bf', 'strong'],
  ['bfseries', 'strong'],
  ['tt', 'code'],
  ['ttfamily', 'code'],
  ['sc', 'smallcaps'],
  ['scshape', 'smallcaps'],
  ['rm', 'plain'],
  ['sf', 'plain'],
  ['small', 'plain'],
]);

/** Commands whose argument is shown as something else. */
const REPLACED: ReadonlyMap<string, Reader> = new Map<string, Reader>([
  ['cite', (argument) => `[${argument}]`],
  ['citep', (argument) => `[${argument}]`],
  ['citet', (argument) => `[${argument}]`],
  ['ref', (argument) => argument],
  ['eqref', (argument) => `(${argument})`],
  ['label', () => ''],
  ['footnote', (argument) => ` (${argument})`],
  ['begin', () => ''],
  ['end', () => ''],
]);

/** Where each group ends: offset of its opening brace -> offset after its closing one. One pass, whatever the nesting. */
function groupEnds(source: string): ReadonlyMap<number, number> {
  const ends = new Map<number, number>();
  const open: number[] = [];
  for (let at = 0; at < source.length; at += 1) {
    const char = source.charAt(at);
    if (char === '\\') at += 1;
    else if (char === '{') open.push(at);
    else if (char === '}') {
      const start = open.pop();
      if (start !== undefined) ends.set(start, at + 1);
    }
  }
  return ends;
}

class Parser {
  readonly segments: Segment[] = [];
  private readonly source: string;
  private readonly ends: ReadonlyMap<number, number>;
  private pending: { readonly start: number; readonly styles: readonly TextStyle[] } | undefined;
  private openQuotes = 0;
  private depth = 0;

  constructor(source: string) {
    this.source = source;
    this.ends = groupEnds(source);
  }

  /** Reads from `at` to `end` in the given styles. */
  read(at: number, end: number, styles: readonly TextStyle[]): void {
    let here = at;
    while (here < end) {
      const next = this.special(here, end, styles);
      if (next === undefined) {
        this.pending ??= { start: here, styles };
        here += 1;
      } else {
        here = next;
      }
    }
    this.flush(end);
  }

  /** The offset after whatever TeX begins here, or undefined where the character stands for itself. */
  private special(at: number, end: number, styles: readonly TextStyle[]): number | undefined {
    const { source } = this;
    const char = source.charAt(at);
    if (char === '$' || char === '\\') {
      const formula = formulaAt(source, at);
      if (formula && formula.end <= end) {
        this.flush(at);
        const { tex, layout } = formula;
        this.segments.push({ kind: 'math', start: at, end: formula.end, tex, layout, styles });
        return formula.end;
      }
    }
    switch (char) {
      case '\\':
        return this.command(at, end, styles);
      case '{':
        return this.group(at, end, styles);
      case '-':
        return this.dash(at, styles);
      case '~':
        return this.tie(at, styles);
      case '`':
      case "'":
        return this.quote(at, styles);
      default:
        return undefined;
    }
  }

  private flush(end: number): void {
    const { pending, source } = this;
    this.pending = undefined;
    if (!pending || pending.start >= end) return;
    this.segments.push({ kind: 'verbatim', ...pending, end, text: source.slice(pending.start, end) });
  }

  private glyph(start: number, end: number, text: string, styles: readonly TextStyle[]): number {
    this.flush(start);
    if (text !== '') this.segments.push({ kind: 'glyph', start, end, text, styles });
    return end;
  }

  private command(at: number, end: number, styles: readonly TextStyle[]): number | undefined {
    const { source } = this;
    const char = source.charAt(at + 1);
    if (at + 1 >= end) return undefined;
    if (ESCAPED.includes(char)) return this.glyph(at, at + 2, char, styles);
    if (char === '\\' || char === ' ' || ',;:'.includes(char)) return this.glyph(at, at + 2, ' ', styles);
    if ('!/-'.includes(char)) return this.glyph(at, at + 2, '', styles);
    const accented = this.accent(at, styles);
    if (accented !== undefined) return accented;
    const name = /^[a-zA-Z]+/.exec(source.slice(at + 1, at + 40))?.[0];
    if (!name) return undefined;
    const after = at + 1 + name.length;
    return this.withArgument(name, at, after, end, styles) ?? this.character(name, at, after, styles);
  }

  private withArgument(
    name: string,
    at: number,
    after: number,
    end: number,
    styles: readonly TextStyle[],
  ): number | undefined {
    const { source } = this;
    if (source.charAt(after) !== '{') return undefined;
    const close = this.ends.get(after);
    if (close === undefined || close > end) return undefined;
    if ((name === 'href' || name === 'textcolor') && source.charAt(close) === '{') {
      const shown = this.ends.get(close);
      if (shown !== undefined && shown <= end) return this.inside(at, close + 1, shown, styles);
    }
    const style = STYLES.get(name);
    if (style) return this.inside(at, after + 1, close, style === 'plain' ? styles : [...styles, style]);
    const reader = REPLACED.get(name);
    return reader && this.glyph(at, close, reader(source.slice(after + 1, close - 1)), styles);
  }

  /** Reads what lies between braces; `close` is the offset after the closing one. */
  private inside(at: number, open: number, close: number, styles: readonly TextStyle[]): number | undefined {
    if (this.depth >= MAX_DEPTH) return undefined;
    this.flush(at);
    this.depth += 1;
    this.read(open, close - 1, styles);
    this.depth -= 1;
    return close;
  }

  private character(name: string, at: number, after: number, styles: readonly TextStyle[]): number | undefined {
    const text = CHARACTERS.get(name);
    if (text === undefined) return undefined;
    const { source } = this;
    const ending = /^(?:\{\}|\s)/.exec(source.slice(after, after + 2))?.[0] ?? '';
    // TeX swallows the blank after any command; outside formulas authors mean it (`10 \times 5`), save within a word.
    const swallowed = ending === '{}' || LETTERS.has(name) ? ending.length : 0;
    return this.glyph(at, after + swallowed, text, styles);
  }

  private accent(at: number, styles: readonly TextStyle[]): number | undefined {
    const { source } = this;
    const name = source.charAt(at + 1);
    const mark = ACCENTS.get(name);
    if (!mark) return undefined;
    const argument = /^\s*(?:\{\s*\\?([\p{L}])\s*\}|\\?(\p{L})(?!\p{L}*\{))/u.exec(source.slice(at + 2, at + 12));
    const letter = argument?.[1] ?? argument?.[2];
    // `\vec`, `\cat`: a command's name, not an accent with its letter; only a brace or a blank tells them apart.
    if (!argument || !letter || (/[a-zA-Z]/.test(name) && !/^[\s{\\]/.test(argument[0]))) return undefined;
    return this.glyph(at, at + 2 + argument[0].length, (letter + mark).normalize('NFC'), styles);
  }

  private group(at: number, end: number, styles: readonly TextStyle[]): number | undefined {
    const { source } = this;
    const close = this.ends.get(at);
    if (close === undefined || close > end) return undefined;
    const inner = source.slice(at + 1, close - 1);
    const declared = /^\\([a-zA-Z]+)\s*/.exec(inner);
    const style = declared?.[1] ? DECLARATIONS.get(declared[1]) : undefined;
    if (declared && style) {
      return this.inside(at, at + 1 + declared[0].length, close, style === 'plain' ? styles : [...styles, style]);
    }
    // {BERT} guards capitals and {\mu} a command; {0, 1} is a set and keeps its braces.
    if (!inner.startsWith('\\') && !/^[\p{L}\p{N}-]+$/u.test(inner)) return undefined;
    return this.inside(at, at + 1, close, styles);
  }

  private dash(at: number, styles: readonly TextStyle[]): number | undefined {
    const { source } = this;
    const run = /^-+/.exec(source.slice(at, at + 8))?.[0].length ?? 0;
    if (source.charAt(at - 1) === '-' || run < 2 || run > 3) return undefined;
    // " --flag" is an option of a program.
    if (run === 2 && /(?:^|\s)$/.test(source.slice(Math.max(0, at - 1), at)) && /^[a-z]/i.test(source.slice(at + 2)))
      return undefined;
    return this.glyph(at, at + run, run === 2 ? '–' : '—', styles);
  }

  private tie(at: number, styles: readonly TextStyle[]): number | undefined {
    const { source } = this;
    // "~50 %" means about; only between two words is a tilde TeX's unbreakable space.
    if (!/[^\s(~]$/.test(source.slice(Math.max(0, at - 1), at)) || !/^[^\s~]/.test(source.slice(at + 1)))
      return undefined;
    return this.glyph(at, at + 1, '\u00A0', styles);
  }

  private quote(at: number, styles: readonly TextStyle[]): number | undefined {
    const { source } = this;
    if (source.startsWith('``', at)) {
      this.openQuotes += 1;
      return this.glyph(at, at + 2, '“', styles);
    }
    if (source.startsWith("''", at) && this.openQuotes > 0) {
      this.openQuotes -= 1;
      return this.glyph(at, at + 2, '”', styles);
    }
    if (/^`[^`'\s][^`'\n]{0,80}'/.test(source.slice(at, at + 90))) return this.glyph(at, at + 1, '‘', styles);
    return undefined;
  }
}

/**
 * Reads a title or abstract as its author meant it: formulas apart, text-mode TeX (`\emph{…}`, `\"o`, `\%`, `---`) as
 * the characters it stands for, everything else, markup of any other kind included, as plain text. Offsets are kept.
 */
export function segmentsOf(source: string): readonly Segment[] {
  const parser = new Parser(source);
  parser.read(0, source.length, []);
  return parser.segments;
}

/** The text without its TeX, for places that show plain text only (window titles, labels). */
export function plainText(source: string): string {
  return segmentsOf(source)
    .map((segment) => (segment.kind === 'math' ? segment.tex : segment.text))
    .join('');
}
