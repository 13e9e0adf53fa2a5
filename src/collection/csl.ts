import { jsonFormat } from './json-format.ts';
import { isObject, type JsonObject } from './json-records.ts';
import { fromHtml } from './markup.ts';
import { displayName } from './names.ts';
import { idsInNote, plain, publishedOn, readOwn } from './own-paper.ts';

const textOf = (raw: unknown): string | undefined => (typeof raw === 'string' && raw !== '' ? raw : undefined);

function nameOf(name: unknown): unknown {
  if (!isObject(name)) return name;
  const given = textOf(name['given']);
  const family = textOf(name['family']);
  if (!family) return name['literal'] ?? name['name'] ?? given;
  const particle = [name['dropping-particle'], name['non-dropping-particle']].filter(textOf).join(' ');
  return displayName({ family, given, particle, suffix: textOf(name['suffix']) });
}

/** `{"date-parts": [["2020", 5, 3]]}`, or a text under `raw` or `literal`. */
function issuedOn(issued: unknown): ReturnType<typeof publishedOn> {
  if (!isObject(issued)) return publishedOn(issued);
  const dates: unknown = issued['date-parts'];
  const [first]: readonly unknown[] = Array.isArray(dates) ? dates : [];
  const parts: readonly unknown[] = Array.isArray(first) ? first : [];
  const [year, month, day] = parts.map((part) => (typeof part === 'number' ? String(part) : textOf(part)));
  if (!year) return publishedOn(issued['raw'] ?? issued['literal']);
  return publishedOn(month && day ? `${year}-${month}-${day}` : year);
}

/** Answers of registries hold some texts in lists. */
const first = (raw: unknown): unknown => (Array.isArray(raw) ? raw[0] : raw);

/** What our own export adds; with it every text stands as it is. */
function ownPart({ custom }: JsonObject): JsonObject | undefined {
  return isObject(custom) && isObject(custom['paperkin']) ? custom['paperkin'] : undefined;
}

function inOwnNames(entry: JsonObject): JsonObject {
  const own = ownPart(entry);
  const meant = (raw: unknown): unknown => (own ? raw : plain(first(raw), fromHtml));
  const { author, note, keyword, PMID: pmid } = entry;
  const told = idsInNote(`${textOf(entry['number']) ?? ''} ${textOf(note) ?? ''}`);
  return {
    ids: own ? {} : { ...told, ...(pmid === undefined ? {} : { pmid }) },
    doi: entry['DOI'],
    title: meant(entry['title']),
    abstract: meant(entry['abstract']),
    authors: Array.isArray(author) ? author.map(nameOf).map(meant) : author,
    ...issuedOn(entry['issued']),
    venue: meant(entry['container-title']) ?? meant(entry['event-title']),
    keywords: meant(keyword),
    url: entry['URL'],
    comment: meant(note),
    // How Crossref counts.
    citations: entry['is-referenced-by-count'],
    ...own,
  };
}

/** CSL-JSON, of reference managers and registries. An entry's `id` is a name within its file, so it names no paper. */
export const csl = jsonFormat({
  name: 'csl',
  title: 'CSL-JSON',
  paperIn: (entry) => readOwn(inOwnNames(entry)),
});
