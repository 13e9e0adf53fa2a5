import { z } from 'zod';
import type { Paper, PaperVersion } from '../domain/mod.ts';
import { isWithdrawn } from './arxiv-metadata.ts';
import { readLooseDay } from './dates.ts';
import * as fields from './fields.ts';
import { jsonFormat } from './json-format.ts';
import { isObject, type JsonObject } from './json-records.ts';
import { fromTex } from './markup.ts';
import { displayName } from './names.ts';
import { paperOf } from './record.ts';
import { describe } from './text.ts';

const isText = (value: unknown): value is string => typeof value === 'string';

/** `[last, first, suffix, affiliation…]`; anything else is left to the field's own check. */
function nameOf(parts: unknown): unknown {
  if (!Array.isArray(parts)) return parts;
  const [family, given, suffix] = parts.filter(isText);
  // The snapshot parts initials that a hyphen joins: `C. -P.`
  return family === undefined ? parts : displayName({ family, given: given?.replaceAll('. -', '.-'), suffix });
}

/** The names in their parts, and the one text of them only where those are missing. */
function withNames(record: JsonObject): JsonObject {
  const parsed = record['authors_parsed'];
  if (!Array.isArray(parsed) || parsed.length === 0) return record;
  return { ...record, authors: parsed.map(nameOf) };
}

function readVersion(entry: unknown): fields.Read<PaperVersion> {
  const { version, created } = isObject(entry) ? entry : {};
  const number = isText(version) ? /^v([1-9]\d{0,3})$/.exec(version)?.[1] : undefined;
  if (number === undefined) return { reason: `versions must be named as v1, found ${describe(version)}` };
  const when = readLooseDay('versions', created ?? undefined);
  if ('reason' in when) return when;
  const date = when.value?.date;
  return { value: { number: Number(number), ...(date === undefined ? {} : { date }) } };
}

/** `[{version: "v1", created: "Mon, 2 Apr 2007 19:18:42 GMT"}]`, by rising number. */
const versions = fields.field<PaperVersion[]>((raw) => {
  if (raw === undefined) return { value: [] };
  if (!Array.isArray(raw)) return { reason: `versions must be a list, found ${describe(raw)}` };
  const read: PaperVersion[] = [];
  for (const entry of raw) {
    const version = readVersion(entry);
    if ('reason' in version) return version;
    read.push(version.value);
  }
  return { value: read.sort((a, b) => a.number - b.number) };
});

const Snapshot = z.object({
  id: fields.identifier('id'),
  title: fields.requiredText('title', fields.MAX_TITLE_CHARS, fromTex),
  abstract: fields.text('abstract', fields.MAX_ABSTRACT_CHARS, fromTex),
  authors: fields.authors('authors', fromTex),
  comments: fields.text('comments', fields.MAX_ABSTRACT_CHARS, fromTex),
  'journal-ref': fields.text('journal-ref', fields.MAX_ABSTRACT_CHARS, fromTex),
  doi: fields.labels('doi', /[\s;,]+/),
  categories: fields.labels('categories', /\s+/),
  versions,
});

function paperFrom(record: z.output<typeof Snapshot>): Paper {
  const { id, title, authors, abstract = '', comments, categories, versions } = record;
  const [doi, ...moreDois] = record.doi;
  const [first] = versions;
  return paperOf({
    id,
    doi,
    aliases: moreDois,
    title,
    abstract,
    authors,
    when: first?.date === undefined ? undefined : { year: Number(first.date.slice(0, 4)), date: first.date },
    venue: record['journal-ref'],
    categories,
    keywords: [],
    comment: comments,
    version: versions.at(-1)?.number,
    versions,
    withdrawn: isWithdrawn(comments, abstract),
  });
}

const read = fields.checkedBy(Snapshot, paperFrom);

/** arXiv's metadata snapshot on Kaggle, a JSON object for each of its 3 million papers. */
export const kaggle = jsonFormat({
  name: 'kaggle',
  title: 'arXiv snapshot',
  paperIn: (record) => read(withNames(record)),
});
