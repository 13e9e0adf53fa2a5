import { ArrivingBytes } from './arriving.ts';

const NEWLINE = 0x0a;
const QUOTE = 0x22;
const BACKSLASH = 0x5c;
const COMMA = 0x2c;
const COLON = 0x3a;
const OPEN_BRACE = 0x7b;
const CLOSE_BRACE = 0x7d;
const OPEN_BRACKET = 0x5b;
const CLOSE_BRACKET = 0x5d;
/** Everything up to the blank is white space or a control character, which JSON knows nowhere outside texts. */
const SPACE = 0x20;

/**
 * Keys under which answers of APIs and exports hold their papers, each an array. A record of any format that we read has
 * no array under one of them.
 */
const WRAPPING_KEYS: ReadonlySet<string> = new Set([
  'collection', // bioRxiv
  'data', // Semantic Scholar
  'recommendedPapers', // Semantic Scholar
  'results', // OpenAlex
  'items', // Zotero, CSL
  'papers',
  'hits', // `paperkin search --json`
]);

/** The key under which Crossref's API answers, with the record itself or with an object that wraps records. */
const ENVELOPE_KEY = 'message';

/** Whether an object is not a record itself but wraps one, or an array of records. */
export function wrapsRecords(object: Readonly<Record<string, unknown>>): boolean {
  const enveloped = object[ENVELOPE_KEY];
  if (typeof enveloped === 'object' && enveloped !== null && !Array.isArray(enveloped)) return true;
  return [...WRAPPING_KEYS].some((key) => Array.isArray(object[key]));
}

/** No wrapping key is longer. */
const MAX_KEY_BYTES = 32;
/** Real records nest less than ten deep, and a parser needs memory for each level. */
const MAX_DEPTH = 100;

/** One record as it stands in the document, or why its bytes were dropped. */
export type ScannedRecord = { readonly line: number } & (
  { readonly bytes: Buffer } | { readonly dropped: 'too long' | 'too deep' }
);

/**
 * Cuts a JSON document into its records without parsing it: the elements of a top-level array, or of an array in a
 * top-level object under a key of `WRAPPING_KEYS`; else each of the values that follow one another. An object under the key
 * `message` of a top-level one counts as the top-level one. No library does it in bounded memory and with lines: streaming parsers assemble each value, and each text, without a limit.
 * What is no JSON is cut somewhere; parsing each record shows it. Keeps at most `maxBytes` and a chunk.
 */
export class JsonScanner {
  /** The line reached. */
  line = 1;
  /** How many brackets are open, and how many of them lie around a record: 0, 1 or 2. */
  private depth = 0;
  private base = 0;
  /** Of the object around a `message`, whose brackets `depth` does not count: whether that is still to be read. */
  private envelope: 'none' | 'open' | 'emptied' = 'none';
  private inText = false;
  private escaped = false;
  /** At top level something that is no JSON runs to the end of its line. */
  private inJunk = false;
  /** Of a top-level object: the key read last, and whether its value has begun. */
  private key: ArrivingBytes | undefined;
  private lastKey = '';
  private inValue = false;
  /** The line at which the record being read begins; absent between records. */
  private begun: number | undefined;
  private tooDeep = false;
  private readonly bytes: ArrivingBytes;
  /** Length of the record up to the last comma or colon between its members. */
  private wholeBytes = 0;
  private chunk: Uint8Array = new Uint8Array(0);
  /** Where in the chunk the record begins, or goes on. */
  private from = 0;
  private ended: ScannedRecord[] = [];

  constructor(maxBytes: number) {
    this.bytes = new ArrivingBytes(maxBytes);
  }

  /** Whether the document may end here: no bracket is open. */
  get complete(): boolean {
    return this.depth === 0 && this.envelope === 'none';
  }

  /** The records that end in a chunk. */
  scan(chunk: Uint8Array): ScannedRecord[] {
    this.chunk = chunk;
    this.from = 0;
    this.ended = [];
    for (let at = 0; at < chunk.length; at += 1) {
      if (this.inText) at = this.skipText(at);
      else if (this.inJunk) at = this.skipJunk(at);
      if (at < chunk.length) this.take(chunk[at] ?? SPACE, at);
    }
    if (this.begun !== undefined) this.bytes.add(chunk.subarray(this.from));
    this.from = 0;
    return this.ended;
  }

  /** After the last chunk: what stands at top level without a line end, and nothing where the document is cut off. */
  finish(): ScannedRecord[] {
    this.chunk = new Uint8Array(0);
    this.ended = [];
    if (this.inJunk) this.end(0);
    return this.ended;
  }

  /**
   * The record that has not ended, closed behind its last whole member; the value of one cut off is `null`. For the
   * beginning of a document whose first record is longer than it.
   */
  cutOff(): string | undefined {
    const whole = this.wholeBytes;
    const bytes = this.begun === undefined ? undefined : this.bytes.take();
    if (!bytes || whole === 0) return undefined;
    const ending = bytes[whole - 1] === COLON ? ':null}' : '}';
    return bytes.toString('utf8', 0, whole - 1) + ending;
  }

  private take(byte: number, at: number): void {
    switch (byte) {
      case QUOTE:
        this.openText(at);
        break;
      case OPEN_BRACE:
      case OPEN_BRACKET:
        this.open(byte, at);
        break;
      case CLOSE_BRACE:
      case CLOSE_BRACKET:
        this.close(at);
        break;
      case COMMA:
      case COLON:
        this.separate(byte, at);
        break;
      case NEWLINE:
        this.line += 1;
        break;
      default:
        if (byte > SPACE && this.depth === this.base) this.begin(at);
    }
  }

  /** From within a text to its end: the place behind the closing quote, or behind the chunk. */
  private skipText(from: number): number {
    const { chunk } = this;
    let { escaped } = this;
    let at = from;
    for (; at < chunk.length; at += 1) {
      const byte = chunk[at];
      if (escaped) escaped = false;
      else if (byte === BACKSLASH) escaped = true;
      else if (byte === QUOTE) {
        this.inText = false;
        break;
      }
      if (byte === NEWLINE) this.line += 1;
    }
    this.escaped = escaped;
    if (this.key) this.takeKey(this.key, chunk.subarray(from, at));
    return at + 1;
  }

  private takeKey(key: ArrivingBytes, part: Uint8Array): void {
    key.add(part);
    if (this.inText) return;
    this.lastKey = key.take()?.toString('latin1') ?? '';
    this.key = undefined;
  }

  private skipJunk(from: number): number {
    const at = this.chunk.indexOf(NEWLINE, from);
    if (at < 0) return this.chunk.length;
    this.end(at);
    this.inJunk = false;
    return at;
  }

  private begin(at: number): void {
    if (this.begun !== undefined || this.envelope === 'emptied') return;
    this.begun = this.line;
    this.from = at;
    this.wholeBytes = 0;
    this.tooDeep = false;
    const byte = this.chunk[at];
    this.inJunk = this.base === 0 && byte !== OPEN_BRACE;
  }

  private end(to: number): void {
    if (this.begun === undefined) return;
    this.bytes.add(this.chunk.subarray(this.from, to));
    const bytes = this.bytes.take();
    const line = this.begun;
    if (!bytes) this.ended.push({ line, dropped: 'too long' });
    else this.ended.push(this.tooDeep ? { line, dropped: 'too deep' } : { line, bytes });
    this.begun = undefined;
  }

  private openText(at: number): void {
    if (this.depth === this.base) this.begin(at);
    if (this.inJunk) return;
    this.inText = true;
    if (this.depth === 1 && this.base === 0 && !this.inValue) this.key = new ArrivingBytes(MAX_KEY_BYTES);
  }

  private open(byte: number, at: number): void {
    if (byte === OPEN_BRACKET && this.wraps()) {
      this.drop();
      this.depth += 1;
      this.base = this.depth;
      return;
    }
    if (byte === OPEN_BRACE && this.opensEnvelope()) {
      this.drop();
      this.envelope = 'open';
      this.depth = 0;
    }
    if (this.depth === this.base) this.begin(at);
    this.depth += 1;
    if (this.depth - this.base > MAX_DEPTH) this.tooDeep = true;
    if (this.depth === 1) this.inValue = false;
  }

  /** What was taken for a record is what lies around the records. */
  private drop(): void {
    this.begun = undefined;
    this.bytes.take();
  }

  private opensEnvelope(): boolean {
    const isTop = this.depth === 1 && this.base === 0 && this.envelope === 'none';
    return isTop && this.inValue && this.lastKey === ENVELOPE_KEY;
  }

  /** Whether the array that opens here holds the records: at top level, or under a wrapping key. */
  private wraps(): boolean {
    if (this.base > 0 || this.envelope === 'emptied') return false;
    return this.depth === 0 || (this.depth === 1 && this.inValue && WRAPPING_KEYS.has(this.lastKey));
  }

  private close(at: number): void {
    if (this.depth === 0) {
      if (this.envelope === 'none') this.begin(at);
      this.envelope = 'none';
      return;
    }
    if (this.depth === this.base) {
      this.end(at);
      this.base = 0;
    }
    this.depth -= 1;
    if (this.depth === this.base) this.end(at + 1);
    if (this.depth === 0 && this.envelope === 'open') this.envelope = 'emptied';
  }

  private separate(byte: number, at: number): void {
    if (this.depth === this.base + 1) this.wholeBytes = this.bytes.length + at + 1 - this.from;
    if (this.depth === 1 && this.base === 0) this.inValue = byte === COLON;
    if (this.depth === this.base && this.depth > 0 && byte === COMMA) this.end(at);
  }
}
