import { z } from 'zod';
import type { Paper } from '../domain/mod.ts';
import type { Format } from './contract.ts';
import * as fields from './fields.ts';
import { objectsIn, readJsonLines } from './json-lines.ts';
import { paperOf } from './record.ts';
import { firstSentence } from './text.ts';

const MAX_MADE_TITLE_CHARS = 200;

/** Metadata differs from corpus to corpus, so what does not fit is passed over instead of costing the document. */
const Metadata = z
  .object({
    authors: fields.authors('authors').catch([]),
    year: fields.year('year').catch(undefined),
    date: fields.day('date').catch(undefined),
    venue: fields.text('venue').catch(undefined),
    categories: fields.labels('categories', /[\s;,]+/).catch([]),
    url: fields.text('url').catch(undefined),
  })
  .nullish()
  .catch(undefined);

const Document = z.object({
  _id: fields.identifier('_id'),
  title: fields.text('title', fields.MAX_TITLE_CHARS),
  text: fields.text('text', fields.MAX_ABSTRACT_CHARS),
  metadata: Metadata,
});

function paperFrom({ _id, title, text, metadata }: z.output<typeof Document>): Paper | { readonly reason: string } {
  if (_id === undefined) return { reason: '_id is missing' };
  const named = title ?? (text === undefined ? undefined : firstSentence(text, MAX_MADE_TITLE_CHARS));
  if (named === undefined) return { reason: 'title and text are both empty' };
  const { date, authors = [], categories = [], ...known } = metadata ?? {};
  return paperOf({
    id: _id,
    title: named,
    abstract: text ?? '',
    authors,
    categories,
    keywords: [],
    when: date,
    ...known,
  });
}

/** A BEIR folder's `corpus.jsonl`: `_id, title, text, metadata`. (`queries.jsonl` has no `title` and is not recognised.) */
export const beir: Format = {
  name: 'beir',
  recognises(beginning) {
    const objects = objectsIn(beginning, 20);
    if (objects.length > 0) return objects.some((object) => '_id' in object && 'title' in object && 'text' in object);
    return /^\s*\{/.test(beginning) && /"_id"\s*:/.test(beginning) && /"title"\s*:/.test(beginning);
  },
  read: (lines, file) => readJsonLines(lines, file, Document, paperFrom),
};
