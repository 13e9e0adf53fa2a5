import { parse } from 'csv-parse/sync';
import { ArrivingBytes } from './arriving.ts';
import type { Content } from './contract.ts';
import { blaming } from './lines.ts';

const NEWLINE = 0x0a;
const CARRIAGE_RETURN = 0x0d;
const QUOTE = 0x22;
/** Tables of papers have a hundred columns at most, and each cell costs memory. */
const MAX_CELLS = 10_000;

export type Delimiter = ',' | ';' | '\t';

/** One row of a table, or why it is none; `line` is where it begins. */
export type CsvRow = { readonly line: number } & ({ readonly cells: readonly string[] } | { readonly reason: string });

/** A row as it stands, its end included, or why it was dropped. */
type CutRow = { readonly line: number } & ({ readonly bytes: Buffer } | { readonly reason: string });

/** What the byte before was part of: `closing` is a quote within quotes, which ends them unless a second one follows. */
type State = 'begin' | 'plain' | 'quoted' | 'closing';

/**
 * Cuts a table into rows: at the line ends that are not within quotes. The parser would find them too, yet knows neither
 * the line at which a row begins nor how to go on after a row that is too long.
 */
class RowCutter {
  line = 1;
  private begun = 1;
  private cells = 1;
  private state: State = 'begin';
  private readonly bytes: ArrivingBytes;
  private readonly delimiter: number;
  private readonly maxBytes: number;

  constructor(delimiter: Delimiter, maxBytes: number) {
    this.bytes = new ArrivingBytes(maxBytes);
    this.delimiter = delimiter.charCodeAt(0);
    this.maxBytes = maxBytes;
  }

  /** The rows that end in a chunk. */
  cut(chunk: Uint8Array): CutRow[] {
    const rows: CutRow[] = [];
    let { state } = this;
    let from = 0;
    for (let at = 0; at < chunk.length; at += 1) {
      const byte = chunk[at];
      if (byte === NEWLINE) this.line += 1;
      if (state === 'quoted') {
        if (byte === QUOTE) state = 'closing';
      } else if (byte === QUOTE && state !== 'plain') state = 'quoted';
      else if (byte === this.delimiter) {
        state = 'begin';
        this.cells += 1;
      } else if (byte === NEWLINE) {
        // A flood of line ends must not cost a buffer each.
        if (at === from && this.bytes.length === 0) this.begun = this.line;
        else {
          this.bytes.add(chunk.subarray(from, at + 1));
          this.end(rows);
        }
        from = at + 1;
        state = 'begin';
      } else state = 'plain';
    }
    this.state = state;
    this.bytes.add(chunk.subarray(from));
    return rows;
  }

  /** The last row, where no line end follows it. */
  finish(): CutRow[] {
    if (this.bytes.length === 0) return [];
    if (this.state === 'quoted') return [{ line: this.begun, reason: 'a quote is opened and never closed' }];
    this.bytes.add(Buffer.from('\n'));
    const rows: CutRow[] = [];
    this.end(rows);
    return rows;
  }

  private end(rows: CutRow[]): void {
    const { begun: line, cells } = this;
    this.begun = this.line;
    this.cells = 1;
    const bytes = this.bytes.take();
    if (!bytes) rows.push({ line, reason: `the row is longer than ${this.maxBytes} bytes` });
    else if (cells > MAX_CELLS) rows.push({ line, reason: `the row has more than ${MAX_CELLS} cells` });
    else if (!isBlank(bytes)) rows.push({ line, bytes });
  }
}

const isBlank = ({ length, 0: first }: Buffer): boolean => length === 1 || (length === 2 && first === CARRIAGE_RETURN);

/** Rows to cells. A quote that is not closed where a cell ends is text, as spreadsheets take it. */
function cellsOf(bytes: Buffer, delimiter: Delimiter): string[][] {
  return parse(bytes, {
    delimiter,
    record_delimiter: ['\r\n', '\n'],
    relax_column_count: true,
    relax_quotes: true,
  });
}

/** Rows are parsed together, for a parser costs far more to set up than a row takes. */
function parsed(rows: readonly CutRow[], delimiter: Delimiter): CsvRow[] {
  const whole = rows.flatMap((row) => ('bytes' in row ? [row.bytes] : []));
  const cells = cellsOf(Buffer.concat(whole), delimiter).values();
  return rows.map((row) => {
    if ('reason' in row) return row;
    return { line: row.line, cells: cells.next().value ?? [] };
  });
}

/**
 * The rows of a table (RFC 4180, line ends within quotes) in bounded memory; blank lines are passed over. A row over
 * `maxRecordBytes` gives a reason. Throws BAD_INPUT when the content is damaged, after the rows before.
 */
export async function* readRows(content: Content, delimiter: Delimiter): AsyncGenerator<CsvRow> {
  const cutter = new RowCutter(delimiter, content.maxRecordBytes);
  for await (const chunk of blaming(content.chunks, content.file, () => cutter.line)) {
    yield* parsed(cutter.cut(chunk), delimiter);
  }
  yield* parsed(cutter.finish(), delimiter);
}

/** The cells of the first row of a beginning; none where it is not complete. */
export function firstRow(beginning: string, delimiter: Delimiter): readonly string[] {
  const text = beginning.replace(/^\uFEFF?(?:\r?\n)*/, '');
  const row = new RowCutter(delimiter, Infinity).cut(Buffer.from(`${text}\n`))[0];
  return row && 'bytes' in row ? (cellsOf(row.bytes, delimiter)[0] ?? []) : [];
}
