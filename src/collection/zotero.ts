import { jsonFormat } from './json-format.ts';
import { isObject, type JsonObject } from './json-records.ts';
import { fromHtml } from './markup.ts';
import { displayName } from './names.ts';
import { idsInNote, plain, publishedOn, readOwn } from './own-paper.ts';

/** What hangs on a paper in Zotero and is none. */
const NO_PAPERS = new Set(['attachment', 'note', 'annotation']);
const VENUES = ['publicationTitle', 'proceedingsTitle', 'conferenceName', 'bookTitle', 'repository', 'university'];

const textOf = (raw: unknown): string | undefined => (typeof raw === 'string' && raw !== '' ? raw : undefined);

function authorOf(creator: JsonObject): unknown {
  const family = textOf(creator['lastName']);
  const name = family ? displayName({ family, given: textOf(creator['firstName']) }) : creator['name'];
  return plain(name, fromHtml);
}

/** Authors; a work of editors only has none. */
function authorsOf(creators: unknown): unknown {
  if (!Array.isArray(creators)) return creators;
  return creators
    .filter(isObject)
    .flatMap((creator) => (creator['creatorType'] === 'author' ? [authorOf(creator)] : []));
}

function tagsOf(tags: unknown): unknown {
  if (!Array.isArray(tags)) return tags;
  return tags.map((tag: unknown) => plain(isObject(tag) ? tag['tag'] : tag, fromHtml));
}

function inOwnNames(fields: JsonObject, meta: unknown): JsonObject {
  const archive = textOf(fields['archiveID']) ?? textOf(fields['archiveLocation']);
  const parsed = isObject(meta) ? textOf(meta['parsedDate']) : undefined;
  return {
    ids: { ...idsInNote(fields['extra']), ...idsInNote(archive) },
    doi: fields['DOI'],
    title: plain(fields['title'], fromHtml),
    abstract: plain(fields['abstractNote'], fromHtml),
    authors: authorsOf(fields['creators']),
    ...publishedOn(parsed ?? fields['date']),
    venue: plain(VENUES.map((name) => textOf(fields[name])).find(Boolean), fromHtml),
    keywords: tagsOf(fields['tags']),
    url: fields['url'],
  };
}

/** The list that Zotero's API answers with. Attachments, notes and annotations are passed over: they are no papers. */
export const zotero = jsonFormat({
  name: 'zotero',
  title: 'Zotero',
  paperIn(entry) {
    const fields = isObject(entry['data']) ? entry['data'] : entry;
    const type = textOf(fields['itemType']);
    return type !== undefined && NO_PAPERS.has(type) ? undefined : readOwn(inOwnNames(fields, entry['meta']));
  },
});
