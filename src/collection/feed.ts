import { formatPaperId, idsOf, parsePaperId, type PaperId } from '../domain/mod.ts';
import { arxivAuthors, arxivIdIn, arxivYear, foundOnArxiv } from './arxiv-metadata.ts';
import { ATOM, isArxivApi } from './atom.ts';
import type { Format } from './contract.ts';
import { summaryOf } from './feed-summary.ts';
import { authorsIn } from './inverted-names.ts';
import { fromHtml } from './markup.ts';
import { cleanText } from './text.ts';
import { checkedPaper, readXmlPapers, whenIn, type FoundPaper } from './xml-paper.ts';
import { childrenOf, isMarkedUp, markupIn, rootOf, textIn, textOf, textsIn, type XmlElement } from './xml-records.ts';

const RSS_1 = 'http://purl.org/rss/1.0/';
const DC = 'http://purl.org/dc/elements/1.1/';

/** `arXiv:2503.00001v1 Announce Type: new \nAbstract: …`, how arXiv begins its descriptions. */
const ANNOUNCEMENT = /^\s*arXiv:(\S+)\s+Announce Type:\s*([\w-]+)\s+Abstract:\s*/;

/** Longer than any address that servers take. */
const MAX_ADDRESS_CHARS = 2_000;

function isAddress(text: string): boolean {
  return text !== '' && text.length <= MAX_ADDRESS_CHARS;
}

/** Addresses of the paper's page, in RSS or Atom. */
function linksOf(entry: XmlElement): string[] {
  const links = childrenOf(entry, 'link').filter(({ attributes: { rel } }) => rel === undefined || rel === 'alternate');
  return links.map((link) => (link.attributes['href'] ?? textOf(link)).trim()).filter(isAddress);
}

function foundInAnnouncement(entry: XmlElement, [prefix, id = '', type]: RegExpExecArray, text: string): FoundPaper {
  const published = textIn(entry, 'pubDate') ?? textIn(entry, 'published');
  // What arXiv announces as replaced or cross-listed came out earlier; only its id tells when.
  const date = type === 'new' ? whenIn(published).date : undefined;
  return foundOnArxiv({
    id: `arXiv:${id}`,
    title: textIn(entry, 'title'),
    abstract: text.slice(prefix.length),
    authors: arxivAuthors(textsIn(entry, 'creator', DC).join(', ')),
    date,
    year: date === undefined ? arxivYear(id) : undefined,
    categories: childrenOf(entry, 'category').map((category) => category.attributes['term'] ?? textOf(category)),
    doi: textIn(entry, 'DOI'),
  });
}

/** A DOI within the address of a publisher's page, without what the page adds to it. */
function doiIn(address: string): string | undefined {
  const found = /(?:\/|=|%2F)(10\.\d{4,9}(?:\/|%2F)[^\s?#&"<>]+)/i.exec(address)?.[1];
  if (found === undefined) return undefined;
  const doi = found
    .replaceAll(/%2F/gi, '/')
    .replace(/(?:\/(?:full|abstract|meta|pdf|epdf|html|text)|\.pdf|\.html?|\/)+$/i, '');
  return /^10\.(?:1101|64898)\//.test(doi) ? doi.replace(/v\d+(?:\.\w+)*$/, '') : doi;
}

function idsOfEntry(entry: XmlElement, links: readonly string[]): PaperId[] {
  const told = [
    ...textsIn(entry, 'doi'),
    ...textsIn(entry, 'DOI'),
    ...textsIn(entry, 'identifier', DC),
    ...textsIn(entry, 'guid'),
    ...textsIn(entry, 'id', ATOM),
  ].map((text) => text.trim());
  const ids = [...told.filter(isAddress), ...links].flatMap((text) => {
    const id = parsePaperId(arxivIdIn(text) ?? text);
    if (id.scheme !== 'url' && id.scheme !== 'local') return [id];
    const doi = doiIn(text);
    return doi === undefined ? [] : [parsePaperId(`doi:${doi}`)];
  });
  return ids.filter(({ scheme }) => scheme !== 'url' && scheme !== 'local');
}

/** Where feeds tell when, the publication first. */
const DATES = ['published', 'issued', 'publicationDate', 'date', 'coverDate', 'pubDate', 'updated'];

function authorsOf(entry: XmlElement): string[] {
  const creators = textsIn(entry, 'creator', DC);
  if (creators.length > 0) return creators.flatMap((creator) => authorsIn(fromHtml(creator)));
  return childrenOf(entry, 'author').flatMap((author) => {
    const name = textIn(author, 'name');
    // RSS writes `address@host (Name)`.
    return name === undefined
      ? authorsIn(/\(([^()]+)\)\s*$/.exec(textOf(author))?.[1] ?? textOf(author))
      : [fromHtml(name)];
  });
}

const WITHDRAWN = /^\W*(?:retracted|withdrawn)(?:\s+article)?\s*[:\]]/i;

/** bioRxiv and medRxiv tell preprint and version only by the address. */
function preprintIn(links: readonly string[]): { readonly venue?: string; readonly version?: number } {
  for (const link of links) {
    const server = /^https?:\/\/(?:www\.)?(bio|med)rxiv\.org\//i.exec(link)?.[1];
    if (server === undefined) continue;
    const version = /v(\d{1,3})(?:\.\w+)*(?:[?#]|$)/.exec(link)?.[1];
    return { venue: `${server.toLowerCase()}Rxiv`, ...(version ? { version: Number(version) } : {}) };
  }
  return {};
}

function foundInEntry(entry: XmlElement): FoundPaper {
  const summaries = ['encoded', 'content', 'description', 'summary']
    .flatMap((name) => childrenOf(entry, name))
    // Atom's `type="xhtml"` holds elements, all else holds HTML as text.
    .map((summary) => (isMarkedUp(summary) ? markupIn(summary) : textOf(summary)));
  for (const summary of summaries) {
    const announcement = ANNOUNCEMENT.exec(summary);
    if (announcement) return foundInAnnouncement(entry, announcement, summary);
  }
  const title = cleanText(fromHtml(textIn(entry, 'title') ?? ''));
  const told = summaries.map((summary) => summaryOf(summary, title));
  const abstracts = told.flatMap(({ abstract }) => abstract ?? []).sort((a, b) => b.length - a.length);
  const authors = authorsOf(entry);
  const links = linksOf(entry);
  const ids = idsOfEntry(entry, links);
  const preprint = preprintIn(links);
  const labels = [...childrenOf(entry, 'category'), ...childrenOf(entry, 'subject', DC)];
  const link = links[0];
  return {
    id: ids.length === 0 ? link : undefined,
    ids: idsOf(ids),
    aliases: ids.map(formatPaperId),
    title,
    abstract: abstracts[0],
    authors: authors.length > 0 ? authors : (told.find((summary) => summary.authors)?.authors ?? []),
    ...DATES.map((name) => whenIn(textIn(entry, name))).find(({ year }) => year !== undefined),
    venue: textIn(entry, 'publicationName') ?? preprint.venue ?? told.find((summary) => summary.venue)?.venue,
    keywords: labels.map((label) => fromHtml(label.attributes['label'] ?? label.attributes['term'] ?? textOf(label))),
    url: link,
    version: preprint.version,
    withdrawn: WITHDRAWN.test(title),
  };
}

/** RSS 2.0, RSS 1.0 and Atom of anyone: arXiv's announcements, journals, preprint servers. */
export const feed: Format = {
  name: 'feed',
  title: 'RSS or Atom feed',
  recognises(beginning) {
    const root = rootOf(beginning);
    if (root?.name === 'rss') return true;
    if (root?.name === 'RDF') return beginning.includes(RSS_1);
    return root?.name === 'feed' && root.namespace === ATOM && !isArxivApi(beginning);
  },
  read: (content) => readXmlPapers(content, new Set(['item', 'entry']), (entry) => [checkedPaper(foundInEntry(entry))]),
};
