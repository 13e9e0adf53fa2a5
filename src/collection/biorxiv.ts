import { z } from 'zod';
import { formatPaperId, parsePaperId, type Paper } from '../domain/mod.ts';
import { isWithdrawn } from './arxiv-metadata.ts';
import * as fields from './fields.ts';
import { uninverted } from './inverted-names.ts';
import { jsonFormat } from './json-format.ts';
import { fromHtml } from './markup.ts';
import { paperOf } from './record.ts';

/** What the servers write where they have nothing. */
const NOTHING = new Set(['NA', 'N/A', 'n/a', '']);
const orNothing = (raw: unknown): unknown => (typeof raw === 'string' && NOTHING.has(raw.trim()) ? undefined : raw);

const SERVERS: Readonly<Record<string, string>> = { biorxiv: 'bioRxiv', medrxiv: 'medRxiv' };

const Preprint = z.object({
  doi: fields.identifier('doi'),
  title: fields.requiredText('title', fields.MAX_TITLE_CHARS, fromHtml),
  abstract: z.preprocess(orNothing, fields.text('abstract', fields.MAX_ABSTRACT_CHARS, fromHtml)),
  authors: z.preprocess(orNothing, fields.authors('authors', fromHtml)),
  date: fields.day('date'),
  version: fields.count('version'),
  category: fields.labels('category', /;/),
  server: fields.text('server'),
  type: fields.text('type'),
  published: z.preprocess(orNothing, fields.identifier('published')),
});

function paperFrom({
  abstract = '',
  title,
  type,
  server = '',
  version,
  date,
  ...preprint
}: z.output<typeof Preprint>): Paper {
  const withdrawn = /^withdrawn\b/i.test(type ?? '') || /^WITHDRAWN\b/.test(title) || isWithdrawn(undefined, abstract);
  const day = date?.date;
  const article = preprint.published === undefined ? undefined : parsePaperId(preprint.published);
  return paperOf({
    doi: preprint.doi,
    // The article that the preprint became.
    aliases: article?.scheme === 'doi' ? [formatPaperId(article)] : [],
    title,
    abstract,
    authors: preprint.authors.map(uninverted),
    when: date,
    venue: SERVERS[server.toLowerCase()] ?? (server || undefined),
    categories: preprint.category,
    keywords: [],
    // Versions of bioRxiv are its own, yet a later one replaces the text as arXiv's does.
    version,
    versions: version === undefined ? [] : [{ number: version, ...(day === undefined ? {} : { date: day }) }],
    withdrawn,
  });
}

/** Answers of `api.biorxiv.org/details`, of bioRxiv and medRxiv alike. */
export const biorxiv = jsonFormat({
  name: 'biorxiv',
  title: 'bioRxiv and medRxiv',
  paperIn: fields.checkedBy(Preprint, paperFrom),
});
