import { combining, latex2unicode } from 'unicode2latex';

// unicode2latex's tables are the ones that @retorquere/bibtex-parser decodes with. That parser itself is not used on running
// text: it makes Unicode of mathematics, which has to stay TeX, and takes 4 ms for an abstract; this takes a few µs.

/** `\alpha` without its backslash → α. A Map, so that `\constructor` is looked up as any other name. */
const SYMBOLS: ReadonlyMap<string, string> = new Map([
  ...Object.entries(latex2unicode).flatMap(([tex, symbol]): [string, string][] => {
    const name = /^\\([a-zA-Z]+|[^a-zA-Z])$/.exec(tex)?.[1];
    return name === undefined ? [] : [[name, typeof symbol === 'string' ? symbol : symbol.text]];
  }),
  // Letters set in mathematical italics would be found by nobody who types them.
  ...Object.entries(latex2unicode).flatMap(([tex, symbol]): [string, string][] => {
    const name = /^\\((?:var)?[a-zA-Z]+)$/.exec(tex)?.[1];
    const plain = typeof symbol === 'string' ? symbol.normalize('NFKC') : '';
    return name !== undefined && /^\p{Script=Greek}$/u.test(plain) ? [[name, plain]] : [];
  }),
  ['TeX', 'TeX'],
  ['LaTeX', 'LaTeX'],
  ['slash', '/'],
  ['textquotesingle', "'"],
  ['glqq', '„'],
  ['grqq', '“'],
  ['space', ' '],
  [' ', ' '],
  ['\n', ' '],
  ['\r', ' '],
  ['\t', ' '],
  ['\\', ' '],
  [',', ' '],
  [';', ' '],
  [':', ' '],
  ['!', ''],
  ['/', ''],
  ['-', ''],
  ['@', ''],
]);

/** Accents by the macro that sets them on the letter after it. The table has mathematical operators for `\hat`. */
const ACCENTS: ReadonlyMap<string, string> = new Map([
  ...Object.entries(combining.tounicode),
  ['hat', '\u0302'],
  ['widehat', '\u0302'],
  ['t', '\u0361'],
  ['b', '\u0331'],
]);

/** Macros that set type or space and say nothing; `\rm`, `\small` and the like stand before the text they change. */
const SILENT = new Set(
  (
    'rm it bf em sc sl tt sf cal mathcal tiny scriptsize footnotesize small normalsize large Large LARGE huge Huge bfseries itshape ' +
    'mdseries upshape slshape scshape rmfamily sffamily ttfamily normalfont selectfont protect relax noindent indent centering ' +
    'raggedright ignorespaces unskip xspace string left right displaystyle textstyle scriptstyle limits nolimits boldmath'
  ).split(' '),
);
/** Macros that part words. */
const SPACES = new Set([
  'par',
  'item',
  'newline',
  'linebreak',
  'newpage',
  'bigskip',
  'medskip',
  'smallskip',
  'hfill',
  'hskip',
  'and',
]);
/** Macros whose argument is for the typesetter and no text. */
const DROPPED =
  /^(?:[A-Za-z]*cite[A-Za-z]*|(?:eq|page|auto|c|C)?ref|label|vspace|hspace|vphantom|phantom|hphantom|noopsort|bibliography|color|input|usepackage|href)$/;
/** No citation or label is longer; beyond it braces are taken for unbalanced ones. */
const MAX_DROPPED_CHARS = 500;

const MATH_ENVIRONMENT =
  /\\begin\s?\{((?:equation|align|aligned|alignat|gather|gathered|multline|cases|[pbvBV]?matrix|smallmatrix|array|split|eqnarray|displaymath|math)\*?)\}/y;

/** Where formulas end, found in one pass over a text: a closing mark that was looked for in vain is not looked for again. */
class Formulas {
  private readonly text: string;
  private readonly absent = new Set<string>();

  constructor(text: string) {
    this.text = text;
  }

  /** The offset after the formula that begins at `at`, or -1 where none does. */
  endAt(at: number): number {
    const { text } = this;
    if (text.startsWith('$$', at)) return this.after('$$', at + 2);
    if (text.startsWith('$', at)) return this.after('$', at + 1);
    if (text.startsWith('\\(', at)) return this.after('\\)', at + 2);
    if (text.startsWith('\\[', at)) return this.after('\\]', at + 2);
    if (!text.startsWith('\\begin', at)) return -1;
    MATH_ENVIRONMENT.lastIndex = at;
    const name = MATH_ENVIRONMENT.exec(text)?.[1];
    return name === undefined ? -1 : this.after(`\\end{${name}}`, at);
  }

  private after(closing: string, from: number): number {
    if (this.absent.has(closing)) return -1;
    let found = this.text.indexOf(closing, from);
    while (found >= 0 && this.escaped(found, from)) found = this.text.indexOf(closing, found + 1);
    if (found < 0) this.absent.add(closing);
    // `$$` with nothing in it is no formula.
    return found < 0 || found === from ? -1 : found + closing.length;
  }

  /** Whether an odd number of backslashes stands before. */
  private escaped(at: number, from: number): boolean {
    let start = at;
    while (start > from && this.text.charAt(start - 1) === '\\') start -= 1;
    return (at - start) % 2 === 1;
  }
}

/**
 * The text in pieces, formulas (`$…$`, `$$…$$`, `\(…\)`, `\[…\]`, `\begin{equation}…`) apart. Joined they are the text again.
 * Linear in its length.
 */
export function* piecesOf(text: string): Generator<{ readonly text: string; readonly math: boolean }> {
  const formulas = new Formulas(text);
  let start = 0;
  for (const { index } of text.matchAll(/\$|\\[^]?/g)) {
    if (index < start) continue;
    const end = formulas.endAt(index);
    if (end < 0) continue;
    if (index > start) yield { text: text.slice(start, index), math: false };
    yield { text: text.slice(index, end), math: true };
    start = end;
  }
  if (start < text.length) yield { text: text.slice(start), math: false };
}

/** The offset after the `{…}` or `[…]` that begins at `at` (blanks before it allowed); `at` itself where none does. */
function afterArgument(text: string, at: number, open: string, close: string): number {
  let here = at;
  while (text.charAt(here) === ' ') here += 1;
  if (text.charAt(here) !== open) return at;
  let depth = 0;
  for (const limit = Math.min(text.length, here + MAX_DROPPED_CHARS); here < limit; here += 1) {
    if (text.charAt(here) === open) depth += 1;
    else if (text.charAt(here) === close && (depth -= 1) === 0) return here + 1;
  }
  return at;
}

/** Decodes text outside formulas from left to right; accents wait for the letter they belong to. */
class Decoder {
  private out = '';
  private marks = '';
  private readonly curly: boolean;

  /** `curly`: whether ''…'' are quotes here; without an opening `` they may be anything. */
  constructor(curly: boolean) {
    this.curly = curly;
  }

  get text(): string {
    return this.out;
  }

  /** Text as it stands. */
  plain(text: string): void {
    if (this.marks === '') this.out += text;
    else {
      const [, letter = '', rest = ''] = /^\s*(\p{L}\p{M}*)?([^]*)$/u.exec(text) ?? [];
      if (letter === '' && rest === '') return;
      if (letter !== '') this.out += accented(letter, this.marks);
      this.out += letter === '' ? text : rest;
      this.marks = '';
    }
  }

  decode(text: string): void {
    // An instance of its own, as it is moved past what a macro takes with it.
    const tokens = /\\(?:[a-zA-Z]+\*?|[^]?)|[{}~]|-{2,3}(?!-)|``|''/g;
    let start = 0;
    for (let match = tokens.exec(text); match; match = tokens.exec(text)) {
      if (match.index > start) this.plain(text.slice(start, match.index));
      start = this.token(match[0], text, tokens.lastIndex);
      tokens.lastIndex = start;
    }
    if (start < text.length) this.plain(text.slice(start));
  }

  /** Takes one token; the offset to go on from. */
  private token(token: string, text: string, end: number): number {
    if (token.startsWith('\\')) return this.macro(token.slice(1), text, end);
    if (token === '}') this.endAccent();
    else if (token === '~') this.plain(this.out.endsWith('/') ? '~' : ' ');
    else if (token === '--') this.plain('–');
    else if (token === '---') this.plain('—');
    else if (token === '``') this.plain('“');
    else if (token === "''") this.plain(this.curly ? '”' : token);
    return end;
  }

  /** `\^{}` and `\~{}` are how the bare characters are written. */
  private endAccent(): void {
    if (this.marks === '\u0302') this.out += '^';
    else if (this.marks === '\u0303') this.out += '~';
    this.marks = '';
  }

  private macro(starred: string, text: string, end: number): number {
    const name = starred.replace(/\*$/, '');
    const mark = ACCENTS.get(name);
    if (mark !== undefined && /^\s*[\p{L}\\{]/u.test(text.slice(end, end + 3))) {
      this.marks = mark + this.marks;
      return end;
    }
    const isWord = /^[a-zA-Z]/.test(name);
    const symbol = mark === undefined ? SYMBOLS.get(name) : undefined;
    if (symbol !== undefined) {
      this.plain(symbol);
      return isWord ? afterBlanks(text, end) : end;
    }
    if (!isWord) this.plain(name);
    else if (SPACES.has(name)) this.plain(' ');
    else if (SILENT.has(name)) return afterBlanks(text, end);
    else if (name === 'url' || name === 'path') return this.verbatim(text, end);
    else if (name === 'begin' || name === 'end') {
      this.plain(' ');
      return afterArgument(text, end, '{', '}');
    } else if (DROPPED.test(name)) return afterArgument(text, afterArgument(text, end, '[', ']'), '{', '}');
    else if (name === 'footnote') this.plain(' ');
    // Of an unknown macro the argument is text; one without argument, often the name of a system, is all there is.
    else if (!/^\s?[[{]/.test(text.slice(end, end + 2))) this.plain(name);
    return end;
  }

  private verbatim(text: string, end: number): number {
    const after = afterArgument(text, end, '{', '}');
    if (after > end)
      this.plain(
        text
          .slice(end, after)
          .trim()
          .slice(1, -1)
          .replace(/\\([_%&#~])/g, '$1'),
      );
    return after;
  }
}

/** TeX takes the blanks after the name of a macro for its end. */
function afterBlanks(text: string, at: number): number {
  let here = at;
  while (/\s/.test(text.charAt(here))) here += 1;
  return here;
}

function accented(letter: string, marks: string): string {
  const dotted = letter === 'ı' ? 'i' : letter === 'ȷ' ? 'j' : letter;
  return (dotted + marks).normalize('NFC');
}

/**
 * Text of a source that writes TeX: accents, dashes, quotes and symbols as Unicode, braces and markup gone, unknown macros
 * reduced to their text. Formulas stay TeX. Linear in the text's length, whatever the text.
 */
export function fromTex(text: string): string {
  if (!/[\\{}~]|--|``|''/.test(text)) return text;
  const decoder = new Decoder(text.includes('``'));
  for (const piece of piecesOf(text)) {
    if (piece.math) decoder.plain(piece.text);
    else decoder.decode(piece.text);
  }
  return decoder.text;
}
