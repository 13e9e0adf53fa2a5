import { z } from 'zod';
import type { Paper } from '../domain/mod.ts';
import type { Format } from './contract.ts';
import * as fields from './fields.ts';
import { objectsIn, readJsonLines } from './json-lines.ts';
import { paperOf } from './record.ts';

/** Other schemes of other collections are of no use here, so a value that is not text is passed over. */
const otherIds = z
  .record(z.string(), z.unknown())
  .nullish()
  .catch(undefined)
  .transform((given) => {
    const ids: Record<string, string> = {};
    for (const [name, value] of Object.entries(given ?? {})) {
      if (typeof value === 'string' || typeof value === 'number') ids[name] = String(value);
    }
    return ids;
  });

const JsonlPaper = z.object({
  id: fields.identifier('id'),
  ids: otherIds,
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
  citations: fields.count('citations'),
});

function paperFrom({ abstract, date, announced, ...record }: z.output<typeof JsonlPaper>): Paper {
  return paperOf({ ...record, abstract: abstract ?? '', when: date ?? announced });
}

/** Whether the beginning is a JSON array or one spread-out object of papers: recognised so that the reader can say so. */
function isWholeJson(beginning: string): boolean {
  return /^\s*\[?\s*\{\s*("|$)/.test(beginning) && /"(?:title|abstract)"\s*:/.test(beginning);
}

/** Paperkin's own format: one JSON object a line with at least a `title`. Keys it does not know are ignored. */
export const jsonl: Format = {
  name: 'jsonl',
  recognises(beginning) {
    const objects = objectsIn(beginning, 20);
    if (objects.length > 0) return objects.some((object) => 'title' in object || 'abstract' in object);
    return isWholeJson(beginning);
  },
  read: (lines, file) => readJsonLines(lines, file, JsonlPaper, paperFrom),
};
