import { parsePaperId, type Paper } from '../domain/mod.ts';
import type { Content, Format, Reading, Reason } from './contract.ts';
import { columnsOf, headerOf, isOfPapers, isOwn, type ColumnField, type Header } from './csv-columns.ts';
import { readRows } from './csv-records.ts';
import { authorsIn, uninverted } from './inverted-names.ts';
import { fromHtml } from './markup.ts';
import { displayName } from './names.ts';
import { plain, publishedOn, readOwn } from './own-paper.ts';
import { peek } from './peek.ts';

type RowReader = (cells: readonly string[]) => Paper | Reason;

/** Scopus writes the number of each author behind the name. What is left of it is tidied with the name. */
const AUTHOR_NUMBER = /\(\d{5,}\)/g;

/** PubMed writes `Finch O, van der Berg AV.`, with a period behind the last. */
const PUBMED_NAME = /^(.*\p{L}{2}) (\p{Lu}{1,4})$/u;

function namesIn(cell: string): string[] {
  const names = fromHtml(cell).replace(AUTHOR_NUMBER, '');
  const listed = names.endsWith('.') ? names.slice(0, -1).split(', ') : [];
  const [first, ...others] = listed.flatMap((name) => {
    const [, family, given] = PUBMED_NAME.exec(name) ?? [];
    return family === undefined || given === undefined ? [] : [displayName({ family, given })];
  });
  if (first !== undefined && others.length === listed.length - 1) return [first, ...others];
  return names.includes(';') ? names.split(';').map((name) => uninverted(name.trim())) : authorsIn(names);
}

/** A day without its year ("MAY 3") is passed over where the year has a column of its own. */
function publishedIn(date: string, year: string): Readonly<Record<string, unknown>> {
  const read = publishedOn(date);
  if (year === '') return read;
  return { year, date: read.year === undefined ? undefined : read.date };
}

/** Ids that need no table to be known: a table's own numbers would be the ids of other papers in the next table. */
const knownId = (id: string): string | undefined => (parsePaperId(id).scheme === 'local' ? undefined : id);

function foreignReader(columns: ReadonlyMap<ColumnField, number>, said: Content['columns']): RowReader {
  return (cells) => {
    const cell = (field: ColumnField): string => cells[columns.get(field) ?? -1]?.trim() ?? '';
    const text = (field: ColumnField): unknown => plain(cell(field), fromHtml);
    return readOwn({
      id: 'id' in said ? cell('id') : knownId(cell('id')),
      ids: { arxiv: cell('arxiv'), pmid: cell('pmid') },
      doi: cell('doi'),
      title: text('title'),
      abstract: text('abstract'),
      authors: namesIn(cell('authors')),
      ...publishedIn(cell('date'), cell('year')),
      venue: text('venue'),
      keywords: text('keywords'),
      categories: cell('categories').split(';'),
      tldr: text('tldr'),
      url: cell('url'),
      comment: text('comment'),
      citations: cell('citations'),
    });
  };
}

/** Columns of our own export that hold JSON, and those that do where their texts could not be joined by `; `. */
const JSON_COLUMNS = new Set(['ids', 'aliases', 'versions']);
const LIST_COLUMNS = new Set(['authors', 'categories', 'keywords']);

/** The exporter puts an apostrophe before what a spreadsheet would take for a formula, and before an apostrophe. */
function ownCell(name: string, escaped: string): unknown {
  const cell = escaped.startsWith("'") ? escaped.slice(1) : escaped;
  if (cell === '') return undefined;
  if (JSON_COLUMNS.has(name) || (LIST_COLUMNS.has(name) && cell.startsWith('['))) return parsedJson(cell);
  return LIST_COLUMNS.has(name) ? cell.split(';') : cell;
}

/** The text itself where it is no JSON: the check of the field says what it should be. */
function parsedJson(cell: string): unknown {
  try {
    return JSON.parse(cell);
  } catch {
    return cell;
  }
}

function ownReader({ cells: names }: Header): RowReader {
  return (cells) =>
    readOwn(
      Object.fromEntries(names.map((name, at) => [name === names[0] ? 'id' : name, ownCell(name, cells[at] ?? '')])),
    );
}

/** How much of a table its header is read from. */
const BEGINNING_BYTES = 64 * 1024;

function wrongLength(cells: readonly string[], columns: number): string | undefined {
  const extra = cells.slice(columns).some((cell) => cell.trim() !== '');
  return cells.length < columns || extra ? `the row has ${cells.length} cells, the header ${columns}` : undefined;
}

async function* readTable(content: Content): AsyncGenerator<Reading> {
  const { file, columns } = content;
  const { head, chunks, close } = await peek(content.chunks, BEGINNING_BYTES);
  try {
    const header = headerOf(head.toString());
    const read = isOwn(header) ? ownReader(header) : foreignReader(columnsOf(header, columns, file), columns);
    let headerRows = header.rows;
    for await (const row of readRows({ ...content, chunks }, header.delimiter)) {
      const { line } = row;
      const cells = 'cells' in row ? row.cells : [];
      headerRows -= 1;
      if (headerRows >= 0 || ('cells' in row && cells.every((cell) => cell.trim() === ''))) continue;
      const reason = 'reason' in row ? row.reason : wrongLength(cells, header.cells.length);
      const found = reason === undefined ? read(cells) : { reason };
      if ('reason' in found) yield { kind: 'rejected', file, line, ...found };
      else yield { kind: 'paper', paper: found, file, line };
    }
  } finally {
    await close();
  }
}

/** A table with a header, parted by commas, semicolons or tabs; which column is which is told by the names or the user. */
export const csv: Format = {
  name: 'csv',
  title: 'CSV or TSV',
  recognises: (beginning) => isOfPapers(headerOf(beginning)),
  read: readTable,
};
