import { z } from 'zod';
import type { Paper } from '../domain/mod.ts';
import type { Content, Position, Reading, Reason } from './contract.ts';
import { readLooseDay } from './dates.ts';
import * as fields from './fields.ts';
import { idsByScheme, OWN_FIELDS } from './own-fields.ts';
import { paperOf } from './record.ts';
import { readElements, type XmlElement } from './xml-records.ts';

const XmlPaper = z.object({
  id: fields.identifier('id'),
  ids: idsByScheme,
  doi: fields.identifier('doi'),
  title: fields.requiredText('title', fields.MAX_TITLE_CHARS),
  abstract: fields.text('abstract', fields.MAX_ABSTRACT_CHARS),
  authors: fields.authors('authors'),
  year: fields.year('year'),
  date: fields.day('date'),
  venue: fields.text('venue'),
  categories: fields.labels('categories', /\s+/),
  keywords: fields.labels('keywords', /[;,]/),
  url: fields.text('url'),
  comment: fields.text('comment'),
  ...OWN_FIELDS,
});

/** What an XML format found in a record, before it is checked and tidied. */
export type FoundPaper = { readonly [Field in keyof z.input<typeof XmlPaper>]?: unknown };

/** What a record gave: a paper, a reason why not, or the id of a paper that is taken back. */
export type Outcome = { readonly paper: Paper } | { readonly withdrawn: string } | Reason;

/** A day as whoever wrote it; one that cannot be read costs the day, not the paper. */
export function whenIn(text: string | undefined): Partial<fields.When> {
  const read = readLooseDay('date', text);
  return ('value' in read && read.value) || {};
}

/** The paper of a record, or the fields that are wrong. */
export function checkedPaper(found: FoundPaper): { readonly paper: Paper } | Reason {
  const record = XmlPaper.safeParse(found);
  if (!record.success) return fields.reasonFrom(record.error);
  const { abstract, date, ...rest } = record.data;
  return { paper: paperOf({ ...rest, abstract: abstract ?? '', when: date }) };
}

export function readingOf(outcome: Outcome, { file, line }: Position): Reading {
  if ('paper' in outcome) return { kind: 'paper', paper: outcome.paper, file, line };
  if ('withdrawn' in outcome) return { kind: 'withdrawn', id: outcome.withdrawn, file, line };
  return { kind: 'rejected', file, line, ...outcome };
}

/** Readings of a format whose records are the elements of these local names; `read` passes over others by giving nothing. */
export async function* readXmlPapers(
  content: Content,
  names: ReadonlySet<string>,
  read: (element: XmlElement) => readonly Outcome[],
): AsyncGenerator<Reading> {
  const { file } = content;
  for await (const record of readElements(content, names)) {
    const { line } = record;
    const outcomes = record.kind === 'element' ? read(record.element) : [{ reason: record.reason }];
    for (const outcome of outcomes) yield readingOf(outcome, { file, line });
  }
}
