import { z } from 'zod';
import type { Paper } from '../domain/mod.ts';
import * as fields from './fields.ts';
import { jsonFormat } from './json-format.ts';
import { isObject, type JsonObject } from './json-records.ts';
import { fromHtml } from './markup.ts';
import { idsByScheme } from './own-fields.ts';
import { paperOf } from './record.ts';

/** How the bulk data sets spell the keys of the API. */
const BULK_KEYS: Readonly<Record<string, string>> = {
  corpusid: 'corpusId',
  externalids: 'externalIds',
  publicationdate: 'publicationDate',
  citationcount: 'citationCount',
  s2fieldsofstudy: 's2FieldsOfStudy',
};

/** The paper of an entry of a list of citations or references. */
function unwrapped(entry: JsonObject): JsonObject {
  const paper = entry['citingPaper'] ?? entry['citedPaper'];
  return isObject(paper) ? paper : entry;
}

function inApiSpelling(record: JsonObject): JsonObject {
  if (!('corpusid' in record)) return record;
  return Object.fromEntries(Object.entries(record).map(([key, value]) => [BULK_KEYS[key] ?? key, value]));
}

/** `{model, text}`, `{name, pages}`, `{category, source}`: only the one text counts. */
function only(key: string) {
  return (raw: unknown): unknown => (isObject(raw) ? (raw[key] ?? undefined) : raw);
}

const ApiPaper = z.object({
  paperId: fields.identifier('paperId'),
  corpusId: fields.identifier('corpusId'),
  externalIds: idsByScheme,
  title: fields.requiredText('title', fields.MAX_TITLE_CHARS, fromHtml),
  abstract: fields.text('abstract', fields.MAX_ABSTRACT_CHARS, fromHtml),
  authors: fields.authors('authors', fromHtml),
  year: fields.year('year'),
  publicationDate: fields.day('publicationDate'),
  venue: fields.text('venue', fields.MAX_TEXT_CHARS, fromHtml),
  journal: z.preprocess(only('name'), fields.text('journal', fields.MAX_TEXT_CHARS, fromHtml)),
  fieldsOfStudy: fields.labels('fieldsOfStudy', /\s*,\s*/),
  s2FieldsOfStudy: z.preprocess(
    (raw) => (Array.isArray(raw) ? raw.map(only('category')) : raw),
    fields.labels('s2FieldsOfStudy', /\s*,\s*/),
  ),
  citationCount: fields.count('citationCount'),
  tldr: z.preprocess(only('text'), fields.text('tldr')),
  url: fields.text('url'),
});

const id = (scheme: string, value: string | undefined) => (value === undefined ? {} : { [scheme]: value });

function paperFrom(record: z.output<typeof ApiPaper>): Paper {
  const { paperId, corpusId, externalIds, fieldsOfStudy, s2FieldsOfStudy } = record;
  return paperOf({
    // Of its two ids for a paper the first is the one that is shown.
    ids: { ...id('s2', paperId), ...externalIds, ...id('corpusid', corpusId) },
    title: record.title,
    abstract: record.abstract ?? '',
    authors: record.authors,
    year: record.year,
    when: record.publicationDate,
    venue: record.venue ?? record.journal,
    categories: fieldsOfStudy.length > 0 ? fieldsOfStudy : s2FieldsOfStudy,
    keywords: [],
    tldr: record.tldr,
    url: record.url,
    citations: record.citationCount,
  });
}

const read = fields.checkedBy(ApiPaper, paperFrom);

/** Papers of Semantic Scholar: answers of its API, and the lines of its data sets. */
export const semanticScholar = jsonFormat({
  name: 'semantic-scholar',
  title: 'Semantic Scholar',
  paperIn: (record) => read(inApiSpelling(unwrapped(record))),
});
