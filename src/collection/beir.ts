import { z } from 'zod';
import type { Paper } from '../domain/mod.ts';
import type { Reason } from './contract.ts';
import * as fields from './fields.ts';
import { jsonFormat } from './json-format.ts';
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

function paperFrom({ _id, title, text, metadata }: z.output<typeof Document>): Paper | Reason {
  if (_id === undefined) return { field: '_id', reason: '_id is missing' };
  const named = title ?? (text === undefined ? undefined : firstSentence(text, MAX_MADE_TITLE_CHARS));
  if (named === undefined) return { field: 'title', reason: 'title and text are both empty' };
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
export const beir = jsonFormat({ name: 'beir', title: 'BEIR corpus', paperIn: fields.checkedBy(Document, paperFrom) });
