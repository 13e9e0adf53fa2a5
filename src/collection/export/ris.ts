import { type Paper, publicationKind } from '../../domain/mod.ts';
import { citedAddress, dayTellsYear, fieldsOf, idsAreTold, plainIds } from './fields.ts';
import { partsOf } from './names.ts';
import { writerOf, type Written } from './writer.ts';

const TYPES = { preprint: 'UNPB', conference: 'CPAPER', journal: 'JOUR' } as const;

/** `van Beethoven, Ludwig`, `King, Martin Luther, Jr.`; a name that has no two parts stands as it is. */
function turned(author: string): string {
  const parts = partsOf(author);
  if (!parts) return author;
  const { family, given, particle, suffix } = parts;
  return [[particle, family].filter(Boolean).join(' '), given, suffix].filter(Boolean).join(', ');
}

/** Whether the readers of names and keywords give back what was written. */
const namesAreTold = (authors: readonly string[]): boolean =>
  authors.every((author) => !author.includes(',') && !author.includes(';'));
const keywordsAreTold = (keywords: readonly string[]): boolean => keywords.every((keyword) => !/[;,]/.test(keyword));

/** What RIS has no tag for, or no way to say exactly. */
function restOf(paper: Written): string {
  const rest = fieldsOf(paper, [
    ...(['title', 'abstract', 'date', 'venue', 'url', 'note'] as const),
    ...(idsAreTold(paper, plainIds(paper)) ? (['id', 'ids'] as const) : (['id'] as const)),
    ...(paper.date === undefined || dayTellsYear(paper) ? (['year'] as const) : []),
    ...(namesAreTold(paper.authors) ? (['authors'] as const) : []),
    ...(keywordsAreTold(paper.keywords) ? (['keywords'] as const) : []),
  ]);
  return Object.keys(rest).length > 0 ? `paperkin: ${JSON.stringify(rest)}` : '';
}

type Line = readonly [tag: string, value: string | number | undefined];

const typeOf = (paper: Paper): Line => ['TY', TYPES[publicationKind(paper)]];

/** What a reference list needs. */
function citedLines({ ids, title, authors, year, date, venue }: Paper, url: string | undefined): Line[] {
  return [
    ['TI', title],
    ...authors.map((author): Line => ['AU', turned(author)]),
    ['PY', year],
    ['DA', date?.replaceAll('-', '/')],
    ['T2', venue],
    ['DO', ids.doi],
    ['AN', ids.pmid],
    ['UR', url],
  ];
}

/** Texts of papers are of one line, so none of them can look like a tag. */
function written(lines: readonly Line[]): string {
  const told = lines.filter(([, value]) => value !== undefined && value !== '');
  return `${told.map(([tag, value]) => `${tag}  - ${value}\n`).join('')}ER  - \n`;
}

function recordOf(paper: Written): string {
  const { id, abstract, url, keywords, note } = paper;
  const record = written([
    typeOf(paper),
    ['ID', id],
    ...citedLines(paper, url),
    ['AB', abstract],
    ...keywords.map((keyword): Line => ['KW', keyword]),
    // The one text that may have lines; one of them could look like a tag.
    ['N1', note?.replace(/\s+/g, ' ')],
    // Tells our reader that every text stands as it is.
    ['DB', 'Paperkin'],
    ['M3', restOf(paper)],
  ]);
  return `${record}\n`;
}

/** A paper as a reference list needs it. */
export const citeRis = (paper: Paper): string => written([typeOf(paper), ...citedLines(paper, citedAddress(paper))]);

export const risWriter = writerOf({
  name: 'ris',
  title: 'RIS',
  extension: 'ris',
  reads: 'ris',
  mediaType: 'application/x-research-info-systems',
  paper: recordOf,
});
