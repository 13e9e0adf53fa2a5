import { citeKey, type Paper, publicationKind } from '../../domain/mod.ts';
import { citedAddress, dayTellsYear, fieldsOf, idsAreTold, plainIds } from './fields.ts';
import { partsOf } from './names.ts';
import { writerOf, type Written } from './writer.ts';

const TYPES = { preprint: 'article', conference: 'paper-conference', journal: 'article-journal' } as const;

function nameOf(author: string) {
  const parts = partsOf(author);
  if (!parts) return { literal: author };
  const { family, given, particle, suffix } = parts;
  return { family, given, 'non-dropping-particle': particle, suffix };
}

function issued({ year, date }: Paper) {
  if (date !== undefined) return { 'date-parts': [date.split('-').map(Number)] };
  return year === undefined ? undefined : { 'date-parts': [[year]] };
}

const some = <Value>(values: readonly Value[]): readonly Value[] | undefined =>
  values.length > 0 ? values : undefined;

/** What a reference list needs. */
function cited(paper: Paper, url: string | undefined) {
  return {
    type: TYPES[publicationKind(paper)],
    title: paper.title,
    author: some(paper.authors.map(nameOf)),
    issued: issued(paper),
    'container-title': paper.venue,
    DOI: paper.ids.doi,
    PMID: paper.ids.pmid,
    URL: url,
  };
}

/** A paper as a reference list needs it. */
export const citeCsl = (paper: Paper): string =>
  `${JSON.stringify([{ id: citeKey(paper), ...cited(paper, citedAddress(paper)) }], null, 2)}\n`;

/** `custom.paperkin` holds what CSL has no variable for, and tells our reader that the texts stand as they are. */
function entryOf(paper: Written) {
  const told = ['title', 'abstract', 'authors', 'date', 'venue', 'url', 'note'] as const;
  const ids = plainIds(paper);
  return {
    id: paper.id,
    ...cited(paper, paper.url),
    abstract: paper.abstract || undefined,
    keyword: paper.keywords.join(', ') || undefined,
    note: paper.note ?? paper.comment,
    custom: {
      paperkin: fieldsOf(paper, [
        ...told,
        ...(paper.note === undefined ? (['comment'] as const) : []),
        ...(idsAreTold(paper, ids) ? (['ids'] as const) : []),
        ...(paper.date === undefined || dayTellsYear(paper) ? (['year'] as const) : []),
      ]),
    },
  };
}

export const cslWriter = writerOf({
  name: 'csl-json',
  title: 'CSL-JSON',
  extension: 'json',
  reads: 'csl',
  mediaType: 'application/vnd.citationstyles.csl+json',
  opening: '[\n',
  paper: (paper) => JSON.stringify(entryOf(paper)),
  between: ',\n',
  closing: '\n]\n',
});
