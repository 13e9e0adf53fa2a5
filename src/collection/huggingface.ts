import { z } from 'zod';
import type { Paper } from '../domain/mod.ts';
import * as fields from './fields.ts';
import { jsonFormat } from './json-format.ts';
import { isObject, type JsonObject } from './json-records.ts';
import { fromTex } from './markup.ts';
import { paperOf } from './record.ts';

function shown(authors: unknown): unknown {
  if (!Array.isArray(authors)) return authors;
  return authors.filter((author: unknown) => !isObject(author) || author['hidden'] !== true);
}

/** An entry of the daily list holds its paper; what stands beside it counts where the paper does not say it. */
function unwrapped(entry: JsonObject): JsonObject {
  const paper = isObject(entry['paper']) ? { ...entry, ...entry['paper'] } : entry;
  return { ...paper, authors: shown(paper['authors']) };
}

const DailyPaper = z.object({
  id: fields.identifier('id'),
  title: fields.requiredText('title', fields.MAX_TITLE_CHARS, fromTex),
  summary: fields.text('summary', fields.MAX_ABSTRACT_CHARS, fromTex),
  authors: fields.authors('authors'),
  publishedAt: fields.day('publishedAt'),
  upvotes: fields.count('upvotes'),
  ai_summary: fields.text('ai_summary'),
  ai_keywords: fields.labels('ai_keywords', /[;,]/),
});

function paperFrom(record: z.output<typeof DailyPaper>): Paper {
  return paperOf({
    id: record.id,
    title: record.title,
    abstract: record.summary ?? '',
    authors: record.authors,
    when: record.publishedAt,
    categories: [],
    keywords: record.ai_keywords,
    tldr: record.ai_summary,
    upvotes: record.upvotes,
  });
}

const read = fields.checkedBy(DailyPaper, paperFrom);

/** Hugging Face's daily papers, as its API lists them. */
export const huggingface = jsonFormat({
  name: 'huggingface',
  title: 'Hugging Face daily papers',
  paperIn: (entry) => read(unwrapped(entry)),
});
