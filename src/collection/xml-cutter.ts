/** What is cut out of an XML document as it arrives. The bytes are a view: to be read before the next cut is asked for. */
export type Cut =
  /** A wanted element, from `<` to the `>` of its end tag. */
  | { readonly kind: 'element'; readonly bytes: Buffer; readonly line: number }
  /** A tag around the wanted elements. */
  | { readonly kind: 'tag'; readonly bytes: Buffer; readonly line: number }
  /** A wanted element that gave nothing. */
  | { readonly kind: 'lost'; readonly line: number; readonly reason: string };

interface OpenElement {
  readonly name: string;
  readonly line: number;
  /** Where it begins in the window. */
  from: number;
  /** Elements of the same name that are open, itself included. */
  depth: number;
  /** Whether it became too large, so that only its end is awaited. */
  dropped: boolean;
}

type Mode = 'text' | 'tag' | 'comment' | 'cdata' | 'instruction' | 'declaration';

const NEWLINE = 0x0a;
const BANG = 0x21;
const DOUBLE_QUOTE = 0x22;
const SINGLE_QUOTE = 0x27;
const SLASH = 0x2f;
const LESS = 0x3c;
const GREATER = 0x3e;
const QUESTION = 0x3f;
const OPEN_BRACKET = 0x5b;
const CLOSE_BRACKET = 0x5d;

const COMMENT = '<!--';
const CDATA = '<![CDATA[';
const ENDS = {
  comment: Buffer.from('-->'),
  cdata: Buffer.from(']]>'),
  instruction: Buffer.from('?>'),
} as const;

function startsName(byte: number): boolean {
  return (byte >= 0x41 && byte <= 0x5a) || (byte >= 0x61 && byte <= 0x7a) || byte === 0x5f || byte >= 0x80;
}

function endsName(byte: number | undefined): boolean {
  return byte === undefined || byte <= 0x20 || byte === SLASH || byte === GREATER;
}

/**
 * Cuts the elements with the wanted local names out of XML, in memory bounded by `maxBytes` plus a chunk, whatever the XML
 * is. A streaming parser alone cannot do that: it collects each text, comment and attribute to its end, and after one
 * ill-formed record it no longer knows where the next one begins. So the cutter knows of XML only where tags begin and end,
 * and what it cuts is parsed on its own. Document types are passed over, with every entity that they declare.
 */
export class Cutter {
  private window: Buffer = Buffer.alloc(0);
  /** How far the window is scanned. */
  private at = 0;
  private mode: Mode = 'text';
  /** What surrounds a comment or an instruction. */
  private around: 'text' | 'declaration' = 'text';
  /** Where the tag at hand begins. */
  private tagFrom = 0;
  /** Whether the tag at hand was too long to be kept. */
  private tagDropped = false;
  private quote = 0;
  private brackets = 0;
  private open: OpenElement | undefined;
  private line = 1;
  private countedTo = 0;

  private readonly wanted: ReadonlySet<string>;
  private readonly maxBytes: number;

  constructor(wanted: ReadonlySet<string>, maxBytes: number) {
    this.wanted = wanted;
    this.maxBytes = maxBytes;
  }

  /** The line that is reached. */
  get lineReached(): number {
    return this.lineOf(this.at);
  }

  /** What is kept of the chunks so far. */
  get heldBytes(): number {
    return this.window.length;
  }

  *feed(chunk: Uint8Array): Generator<Cut> {
    const bytes = Buffer.from(chunk.buffer, chunk.byteOffset, chunk.byteLength);
    this.window = this.window.length === 0 ? bytes : Buffer.concat([this.window, bytes]);
    while (this.toTagEnd()) {
      if (this.tagDropped) this.tagDropped = false;
      else yield* this.cutsAt(this.tagFrom, this.at);
    }
    const kept = !this.tagDropped;
    this.trim();
    if (kept && this.tagDropped && !this.open)
      yield { kind: 'lost', line: this.lineReached, reason: `a tag is longer than ${this.maxBytes} bytes` };
  }

  /** Why the document cannot end here, as far as the cutter sees. */
  unfinished(): string | undefined {
    if (this.open) return `<${this.open.name}> of line ${this.open.line} is not closed`;
    return this.mode === 'text' && this.at === this.window.length ? undefined : 'it ends inside of markup';
  }

  private lineOf(position: number): number {
    for (let at = this.window.indexOf(NEWLINE, this.countedTo); at >= 0 && at < position;) {
      this.line += 1;
      at = this.window.indexOf(NEWLINE, at + 1);
    }
    this.countedTo = Math.max(this.countedTo, position);
    return this.line;
  }

  /** Scans to the end of the next tag; false where that has not arrived yet. */
  private toTagEnd(): boolean {
    for (;;) {
      switch (this.mode) {
        case 'text':
          if (!this.toMarkup()) return false;
          break;
        case 'declaration':
          if (!this.pastDeclaration()) return false;
          break;
        case 'tag': {
          const reached = this.pastTag();
          if (reached !== 'another') return reached === 'end';
          break;
        }
        default:
          if (!this.past(ENDS[this.mode])) return false;
      }
    }
  }

  /** Whether the markup at `at` is told by its first characters; `undefined` where they have not all arrived. */
  private startsWith(markup: string): boolean | undefined {
    const start = this.window.toString('latin1', this.at, this.at + markup.length);
    if (start === markup) return true;
    return markup.startsWith(start) ? undefined : false;
  }

  private toMarkup(): boolean {
    const { window } = this;
    const from = window.indexOf(LESS, this.at);
    this.at = from < 0 ? window.length : from;
    const next = window[this.at + 1];
    if (next === undefined) return false;
    if (next === BANG) {
      const comment = this.startsWith(COMMENT);
      const cdata = comment === true ? false : this.startsWith(CDATA);
      if (comment === undefined || cdata === undefined) return false;
      this.enter(comment ? 'comment' : cdata ? 'cdata' : 'declaration', comment ? COMMENT : cdata ? CDATA : '<!');
    } else if (next === QUESTION) this.enter('instruction', '<?');
    else if (next === SLASH || startsName(next)) {
      this.tagFrom = this.at;
      this.enter('tag', '<');
    } else this.at += 1;
    return true;
  }

  private enter(mode: Mode, markup: string): void {
    this.around = this.mode === 'declaration' ? 'declaration' : 'text';
    this.mode = mode;
    this.at += markup.length;
  }

  private past(end: Buffer): boolean {
    const found = this.window.indexOf(end, this.at);
    if (found < 0) {
      this.at = Math.max(this.at, this.window.length - end.length + 1);
      return false;
    }
    this.at = found + end.length;
    this.mode = this.around;
    return true;
  }

  /** To the end of the tag; a `<` within it shows that its end or a quotation mark is missing, and begins another. */
  private pastTag(): 'end' | 'another' | 'more' {
    const { window } = this;
    for (; this.at < window.length; this.at += 1) {
      const byte = window[this.at];
      if (byte === LESS) {
        this.quote = 0;
        this.mode = 'text';
        this.tagDropped = false;
        return 'another';
      }
      if (byte === GREATER && this.quote === 0) {
        this.at += 1;
        this.mode = 'text';
        return 'end';
      }
      if (byte === this.quote) this.quote = 0;
      else if (this.quote === 0 && (byte === DOUBLE_QUOTE || byte === SINGLE_QUOTE)) this.quote = byte;
    }
    return 'more';
  }

  private pastDeclaration(): boolean {
    const { window } = this;
    for (; this.at < window.length; this.at += 1) {
      const byte = window[this.at];
      if (this.quote !== 0) {
        if (byte === this.quote) this.quote = 0;
      } else if (byte === DOUBLE_QUOTE || byte === SINGLE_QUOTE) this.quote = byte;
      else if (byte === OPEN_BRACKET) this.brackets += 1;
      else if (byte === CLOSE_BRACKET) this.brackets -= 1;
      else if (byte === LESS) {
        const comment = this.startsWith(COMMENT);
        const instruction = this.startsWith('<?');
        if (comment === undefined || instruction === undefined) return false;
        if (comment || instruction) {
          this.enter(comment ? 'comment' : 'instruction', comment ? COMMENT : '<?');
          return true;
        }
      } else if (byte === GREATER && this.brackets <= 0) {
        this.at += 1;
        this.brackets = 0;
        this.mode = 'text';
        return true;
      }
    }
    return false;
  }

  private *cutsAt(from: number, end: number): Generator<Cut> {
    const { window, open } = this;
    const closing = window[from + 1] === SLASH;
    const selfClosing = window[end - 2] === SLASH;
    const nameFrom = from + (closing ? 2 : 1);
    if (open) {
      if (selfClosing || !this.isNamed(open.name, nameFrom)) return;
      if (closing) open.depth -= 1;
      // A record in a record is another vocabulary's, which says so, or the sign that an end tag is missing.
      else if (window.toString('latin1', from, end).includes('xmlns')) open.depth += 1;
      else {
        yield { kind: 'lost', line: open.line, reason: `<${open.name}> is not closed before the next one` };
        this.begin(open.name, from);
      }
      if (open.depth === 0) yield this.closed(open, end);
      return;
    }
    let nameEnd = nameFrom;
    while (!endsName(window[nameEnd])) nameEnd += 1;
    const name = window.toString('utf8', nameFrom, nameEnd);
    if (!this.wanted.has(name.slice(name.indexOf(':') + 1))) {
      yield { kind: 'tag', bytes: window.subarray(from, end), line: this.lineOf(from) };
    } else if (!closing) {
      const begun = this.begin(name, from);
      if (selfClosing) yield this.closed(begun, end);
    }
  }

  private isNamed(name: string, from: number): boolean {
    const { window } = this;
    if (window[from] !== name.charCodeAt(0) && name.charCodeAt(0) < 0x80) return false;
    const end = from + Buffer.byteLength(name);
    return endsName(window[end]) && window.toString('utf8', from, end) === name;
  }

  private begin(name: string, from: number): OpenElement {
    this.open = { name, line: this.lineOf(from), from, depth: 1, dropped: false };
    return this.open;
  }

  private closed({ from, line, dropped }: OpenElement, end: number): Cut {
    this.open = undefined;
    if (!dropped && end - from <= this.maxBytes)
      return { kind: 'element', bytes: this.window.subarray(from, end), line };
    return { kind: 'lost', line, reason: `the record is longer than ${this.maxBytes} bytes` };
  }

  /** Lets go of what is no longer needed. */
  private trim(): void {
    const { window, open } = this;
    if (open && window.length - open.from > this.maxBytes) open.dropped = true;
    if (this.mode === 'tag' && window.length - this.tagFrom > this.maxBytes) this.tagDropped = true;
    const tagFrom = this.mode === 'tag' && !this.tagDropped ? this.tagFrom : this.at;
    const from = open && !open.dropped ? open.from : tagFrom;
    this.lineOf(from);
    this.window = window.subarray(from);
    this.at -= from;
    this.tagFrom -= from;
    this.countedTo -= from;
    if (open) open.from -= from;
  }
}
