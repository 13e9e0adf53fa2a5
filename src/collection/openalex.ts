import { z } from 'zod';
import { parsePaperId, type Paper } from '../domain/mod.ts';
import * as fields from './fields.ts';
import { jsonFormat } from './json-format.ts';
import { isObject, type JsonObject } from './json-records.ts';
import { fromHtml } from './markup.ts';
import { idsByScheme } from './own-fields.ts';
import { paperOf } from './record.ts';
import { cleanText, describe } from './text.ts';

/** A word and the blank after it take two characters at least. */
const MAX_POSITION = fields.MAX_ABSTRACT_CHARS / 2;

/** The words in their places. Bounded whatever the index says: a place far out, or a long word in many places. */
function readInverted(raw: unknown): fields.Read<string | undefined> {
  if (raw === undefined) return { value: undefined };
  if (!isObject(raw)) return { reason: `abstract_inverted_index must be an object, found ${describe(raw)}` };
  const words: string[] = [];
  let chars = 0;
  for (const [word, positions] of Object.entries(raw)) {
    const places: readonly unknown[] = Array.isArray(positions) ? positions : [positions];
    for (const place of places) {
      if (typeof place !== 'number' || !Number.isInteger(place) || place < 0)
        return { reason: `abstract_inverted_index must hold positions, found ${describe(place)}` };
      chars += word.length + 1;
      if (place > MAX_POSITION || chars > fields.MAX_ABSTRACT_CHARS * 2)
        return { reason: `the abstract is longer than ${fields.MAX_ABSTRACT_CHARS} characters` };
      words[place] = word;
    }
  }
  const text = cleanText(fromHtml(words.filter(Boolean).join(' ')));
  if (text.length > fields.MAX_ABSTRACT_CHARS)
    return { reason: `the abstract is longer than ${fields.MAX_ABSTRACT_CHARS} characters` };
  return { value: text === '' ? undefined : text };
}

/** The value at a path of keys; `undefined` where the path breaks off. */
function at(record: unknown, ...path: readonly string[]): unknown {
  let value = record;
  for (const key of path) value = isObject(value) ? value[key] : undefined;
  return value ?? undefined;
}

const listOf = (value: unknown): readonly unknown[] => (Array.isArray(value) ? value : []);

/** A work lies in a handful of places; each address costs parsing. */
const MAX_LOCATIONS = 100;

/** The arXiv id among the addresses of a work's copies. */
function arxivIn(work: JsonObject): string | undefined {
  const addresses = listOf(work['locations'])
    .slice(0, MAX_LOCATIONS)
    .map((location) => at(location, 'landing_page_url'));
  for (const address of addresses) {
    const id = typeof address === 'string' ? parsePaperId(address) : undefined;
    if (id?.scheme === 'arxiv') return id.value;
  }
  return undefined;
}

/** A work with what we want of it at the top. */
function flat(work: JsonObject): JsonObject {
  const arxiv = arxivIn(work);
  return {
    ...work,
    title: work['title'] ?? work['display_name'],
    ids: { ...(isObject(work['ids']) ? work['ids'] : {}), ...(arxiv === undefined ? {} : { arxiv }) },
    venue: at(work, 'primary_location', 'source', 'display_name'),
    url: at(work, 'primary_location', 'landing_page_url'),
    authorships: listOf(work['authorships'])
      .map((authorship) => at(authorship, 'author', 'display_name') ?? at(authorship, 'raw_author_name'))
      .filter((name) => name !== undefined),
    topics: listOf(work['topics'])
      .map((topic) => at(topic, 'display_name'))
      .filter((name) => name !== undefined),
  };
}

const Work = z.object({
  id: fields.identifier('id'),
  doi: fields.identifier('doi'),
  ids: idsByScheme,
  title: fields.requiredText('title', fields.MAX_TITLE_CHARS, fromHtml),
  abstract_inverted_index: fields.field(readInverted),
  authorships: fields.authors('authorships'),
  publication_year: fields.year('publication_year'),
  publication_date: fields.day('publication_date'),
  venue: fields.text('venue', fields.MAX_TEXT_CHARS, fromHtml),
  topics: fields.labels('topics', /;/),
  cited_by_count: fields.count('cited_by_count'),
  url: fields.text('url'),
  is_retracted: fields.flag('is_retracted'),
});

function paperFrom({ id, doi, ids, ...work }: z.output<typeof Work>): Paper {
  const named = [doi, ids['doi'], ids['pmid'], ids['arxiv']].some((other) => other !== undefined);
  return paperOf({
    // Other collections know the paper by those; OpenAlex's own address names it where there is none.
    id: named ? undefined : id,
    ids: { ...ids, ...(id === undefined ? {} : { url: id }) },
    doi,
    title: work.title,
    abstract: work.abstract_inverted_index ?? '',
    authors: work.authorships,
    year: work.publication_year,
    when: work.publication_date,
    venue: work.venue,
    categories: [],
    keywords: work.topics,
    url: work.url,
    citations: work.cited_by_count,
    withdrawn: work.is_retracted,
  });
}

const read = fields.checkedBy(Work, paperFrom);

/** Works of OpenAlex: answers of its API, and the lines of its snapshot. */
export const openalex = jsonFormat({
  name: 'openalex',
  title: 'OpenAlex',
  paperIn: (work) => read(flat(work)),
});
