import { writerOf, type Written } from './writer.ts';

const json = (value: unknown): string => (value === undefined ? '' : JSON.stringify(value));

/** Names or labels as people list them, `A; B`; as a JSON array where a reader would part them elsewhere. */
function list(texts: readonly string[], parting: RegExp): string {
  return texts.some((text) => parting.test(text)) || texts[0]?.startsWith('[') ? json(texts) : texts.join('; ');
}

/** `King, Martin` would be turned round, and `A and B` parted. */
const NAME_PARTING = /[;,&]|\band\b/i;
const KEYWORD_PARTING = /[;,]/;
const CATEGORY_PARTING = /[\s;,]/;

/** The first column marks the table as ours: its reader takes every text as it stands. */
const COLUMNS: ReadonlyArray<readonly [name: string, cell: (paper: Written) => string | number | undefined]> = [
  ['paperkin_id', ({ id }) => id],
  ['title', ({ title }) => title],
  ['abstract', ({ abstract }) => abstract],
  ['authors', ({ authors }) => list(authors, NAME_PARTING)],
  ['year', ({ year }) => year],
  ['date', ({ date }) => date],
  ['venue', ({ venue }) => venue],
  ['categories', ({ categories }) => list(categories, CATEGORY_PARTING)],
  ['keywords', ({ keywords }) => list(keywords, KEYWORD_PARTING)],
  ['tldr', ({ tldr }) => tldr],
  ['url', ({ url }) => url],
  ['comment', ({ comment }) => comment],
  ['note', ({ note }) => note],
  ['citations', ({ citations }) => citations],
  ['upvotes', ({ upvotes }) => upvotes],
  ['ids', ({ ids }) => json(ids)],
  ['aliases', ({ aliases }) => json(aliases)],
  ['version', ({ version }) => version],
  ['versions', ({ versions }) => json(versions)],
  ['withdrawn', ({ withdrawn }) => (withdrawn ? 'true' : undefined)],
];

/**
 * Spreadsheets run a cell that begins like a formula (OWASP, "CSV injection"); they show one after an apostrophe as text.
 * The full-width signs count as the plain ones in East Asian settings. A text's own apostrophe is doubled, so that the
 * reader can always take one away.
 */
const FORMULA = /^[=+\-@'＝＋－＠]/;

function cell(value: string | number | undefined): string {
  if (typeof value !== 'string') return value === undefined ? '' : String(value);
  const safe = FORMULA.test(value) ? `'${value}` : value;
  return /[",\r\n]|^\s|\s$/.test(safe) ? `"${safe.replaceAll('"', '""')}"` : safe;
}

/** RFC 4180 ends its records with CR LF. Three lines of rules need no library. */
const record = (cells: readonly string[]): string => `${cells.join(',')}\r\n`;

export const csvWriter = writerOf({
  name: 'csv',
  title: 'CSV',
  extension: 'csv',
  reads: 'csv',
  mediaType: 'text/csv',
  opening: record(COLUMNS.map(([name]) => name)),
  paper: (paper) => record(COLUMNS.map(([, of]) => cell(of(paper)))),
});
