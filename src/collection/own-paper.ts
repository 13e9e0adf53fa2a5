import { z } from 'zod';
import type { Paper } from '../domain/mod.ts';
import { readLooseDay } from './dates.ts';
import * as fields from './fields.ts';
import { idsByScheme, OWN_FIELDS } from './own-fields.ts';
import { paperOf } from './record.ts';

/** A paper in the names of Paperkin's JSON. Keys it does not know are ignored. */
const OwnPaper = z.object({
  id: fields.identifier('id'),
  ids: idsByScheme,
  doi: fields.identifier('doi'),
  title: fields.requiredText('title', fields.MAX_TITLE_CHARS),
  abstract: fields.text('abstract', fields.MAX_ABSTRACT_CHARS),
  authors: fields.authors('authors'),
  year: fields.year('year'),
  date: fields.day('date'),
  announced: fields.day('announced'),
  venue: fields.text('venue'),
  categories: fields.labels('categories', /[\s;,]+/),
  keywords: fields.labels('keywords', /[;,]/),
  tldr: fields.text('tldr'),
  url: fields.text('url'),
  comment: fields.text('comment'),
  note: fields.text('note'),
  citations: fields.count('citations'),
  ...OWN_FIELDS,
});

/** What Scopus and PubMed write in place of an abstract. */
const NO_ABSTRACT = /^\[?no abstract (?:is )?available\.?\]?$/i;

function paperFromOwn({ abstract = '', date, announced, comment, note, ...record }: z.output<typeof OwnPaper>): Paper {
  // What a reader noted of a paper that has no remark of its own comes back as such: there is one field for both.
  const remark = comment ?? note;
  return paperOf({
    ...record,
    comment: remark,
    abstract: NO_ABSTRACT.test(abstract) ? '' : abstract,
    when: date ?? announced,
  });
}

/** The paper of a record whose fields have been brought into the names of Paperkin's JSON. */
export const readOwn = fields.checkedBy(OwnPaper, paperFromOwn);

/** A text that a source marks up, as it is meant. What is no text, or far too long for one, is left to its check. */
export function plain(raw: unknown, decode: fields.Decode): unknown {
  return typeof raw === 'string' && raw.length <= fields.MAX_ABSTRACT_CHARS * 4 ? decode(raw) : raw;
}

/** `date` and `year` of a date as people write it; one that tells nothing sensible is left to its check. */
export function publishedOn(raw: unknown): { readonly date?: unknown; readonly year?: number | undefined } {
  const read = readLooseDay('date', raw ?? undefined);
  return 'reason' in read ? { date: raw } : { date: read.value?.date, year: read.value?.year };
}

/** Ids that reference managers keep in a note, each as `DOI: 10.1000/x`, `arXiv:1706.03762 [cs]` or `PMID: 12`. */
export function idsInNote(note: unknown): Record<string, string> {
  const ids: Record<string, string> = {};
  if (typeof note !== 'string') return ids;
  for (const [, scheme = '', id = ''] of note.matchAll(/\b(arxiv|doi|pmid):\s*([^\s;,]+)/gi))
    ids[scheme.toLowerCase()] ??= id;
  return ids;
}
