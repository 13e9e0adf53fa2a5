import { AppError } from '../errors.ts';
import { firstRow, type Delimiter } from './csv-records.ts';
import { excerpt } from './text.ts';

/**
 * What people and programs call the columns (Scopus, Web of Science with its two-letter tags, IEEE Xplore, PubMed, Zotero,
 * Publish or Perish), without case and punctuation; the better one first where a table has several.
 */
const NAMES = {
  id: ['id', 'paperid'],
  title: ['title', 'articletitle', 'documenttitle', 'papertitle', 'ti'],
  abstract: ['abstract', 'abstractnote', 'summary', 'ab'],
  authors: ['authorfullnames', 'authorsfullnames', 'af', 'authors', 'author', 'authornames', 'au'],
  year: ['year', 'publicationyear', 'pubyear', 'py'],
  date: ['date', 'publicationdate', 'pubdate', 'publisheddate', 'coverdate', 'onlinedate', 'published'],
  venue: [
    ...['venue', 'sourcetitle', 'publicationtitle', 'journal', 'journaltitle', 'journalbook', 'conference'],
    ...['conferencename', 'conferencetitle', 'proceedingstitle', 'booktitle', 'publication', 'so', 'source'],
  ],
  doi: ['doi', 'digitalobjectidentifier', 'di'],
  arxiv: ['arxiv', 'arxivid'],
  pmid: ['pmid', 'pubmedid', 'pm'],
  url: ['url', 'link', 'articleurl', 'paperurl', 'pdflink'],
  keywords: [
    'keywords',
    'authorkeywords',
    'keyword',
    'manualtags',
    'tags',
    'indexterms',
    'indexkeywords',
    'ieeeterms',
    'de',
  ],
  categories: ['categories', 'category', 'fieldsofstudy', 'wosresearchareas', 'researchareas', 'wc'],
  citations: [
    'citations',
    'citationcount',
    'citedby',
    'cites',
    'articlecitationcount',
    'timescitedwoscore',
    'timescited',
    'timescitedalldatabases',
    'tc',
  ],
  tldr: ['tldr'],
  comment: ['comment', 'comments'],
} as const satisfies Record<string, readonly string[]>;

export type ColumnField = keyof typeof NAMES;
const FIELDS: readonly string[] = Object.keys(NAMES);
const isField = (name: string): name is ColumnField => FIELDS.includes(name);

/** The first column of our own export marks the table as such. */
const OWN_MARK = 'paperkin_id';

/** A table made to be a nuisance has a header that fills screens. */
const MAX_SHOWN_COLUMNS = 100;
const MAX_SHOWN_CHARS = 1_000;

export interface Header {
  readonly delimiter: Delimiter;
  readonly cells: readonly string[];
  /** Rows up to and with it. */
  readonly rows: number;
}

/** What Excel wants before the header where the delimiter is not its country's. */
const DELIMITER_LINE = /^\uFEFF?"?sep=[,;\t]"?\r?\n/i;

/** A name without what spellings of it differ in. Signs that no name holds betray another format: `"title": ""`. */
const bare = (name: string): string =>
  /["{}[\]<>=:@\\]/.test(name) ? '' : name.toLowerCase().replace(/[^\p{L}\p{N}]+/gu, '');

function guessed(cells: readonly string[]): Map<ColumnField, number> {
  const names = cells.map(bare);
  const places = new Map<ColumnField, number>();
  for (const [field, spellings] of Object.entries(NAMES)) {
    const place = spellings.map((spelling) => names.indexOf(spelling)).find((at) => at >= 0);
    if (place !== undefined && isField(field)) places.set(field, place);
  }
  return places;
}

export const isOwn = ({ cells }: Header): boolean => cells[0] === OWN_MARK;

/** Whether a header is one of papers: it has a title among at least two columns. */
export const isOfPapers = (header: Header): boolean =>
  header.cells.length >= 2 && (isOwn(header) || guessed(header.cells).has('title'));

/** The header of a table, parted where that gives most columns whose meaning is known, else most columns. */
export function headerOf(beginning: string): Header {
  const table = beginning.replace(DELIMITER_LINE, '');
  const rows = table === beginning ? 1 : 2;
  const [best] = ([',', ';', '\t'] as const)
    .map((delimiter) => ({ delimiter, cells: firstRow(table, delimiter), rows }))
    .sort((a, b) => guessed(b.cells).size - guessed(a.cells).size || b.cells.length - a.cells.length);
  return best ?? { delimiter: ',', cells: [], rows };
}

/**
 * Which column holds which field: as the user said, else by its name. Throws USAGE where the user names what is not there,
 * or nothing tells which column holds the title.
 */
export function columnsOf(
  { cells }: Header,
  said: Readonly<Record<string, string>>,
  file: string,
): ReadonlyMap<ColumnField, number> {
  const places = guessed(cells);
  const columns = excerpt(cells.slice(0, MAX_SHOWN_COLUMNS).join(', '), MAX_SHOWN_CHARS);
  for (const [field, column] of Object.entries(said)) {
    if (!isField(field))
      throw new AppError('USAGE', { message: `papers have no field "${field}"; fields are ${FIELDS.join(', ')}` });
    const exact = cells.indexOf(column);
    const place = exact >= 0 ? exact : cells.findIndex((cell) => bare(cell) === bare(column));
    if (place < 0)
      throw new AppError('USAGE', { message: `${file} has no column "${column}"; its columns are ${columns}` });
    places.set(field, place);
  }
  if (places.has('title')) return places;
  const message = `${file} does not say which column holds the title; say it with --map title=COLUMN, its columns are ${columns}`;
  throw new AppError('USAGE', { message });
}
