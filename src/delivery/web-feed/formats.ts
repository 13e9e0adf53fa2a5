import { createHash } from 'node:crypto';
import { Feed as XmlFeed, type Item } from 'feed';
import type { Delivered } from '../../domain/mod.ts';
import { cut, escapeHtml, plain } from '../plain.ts';
import { becauseOf, bylineOf, hrefOf, titleOf } from '../words.ts';

export const WEB_FEED_FORMATS = ['atom.xml', 'rss.xml', 'feed.json'] as const;
export type WebFeedFormat = (typeof WEB_FEED_FORMATS)[number];

export const CONTENT_TYPES: { readonly [format in WebFeedFormat]: string } = {
  'atom.xml': 'application/atom+xml; charset=utf-8',
  'rss.xml': 'application/rss+xml; charset=utf-8',
  'feed.json': 'application/feed+json; charset=utf-8',
};

/** What a feed shows, whatever it is written as. */
export interface WebFeedContent {
  readonly title: string;
  /** A text that no other feed has, and that never changes. */
  readonly identity: string;
  /** Where the feed itself is, without the format. */
  readonly self: string;
  readonly publicUrl: string;
  readonly updated: Date;
  readonly delivered: readonly Delivered[];
}

type Write = (content: WebFeedContent, entries: readonly Entry[]) => string;

const WRITERS: { readonly [format in WebFeedFormat]: Write } = {
  'atom.xml': (content, entries) => xmlFeed(content, entries, atomItem).atom1(),
  'rss.xml': (content, entries) => xmlFeed(content, entries, rssItem).rss2(),
  'feed.json': jsonFeed,
};

interface Entry {
  readonly id: string;
  readonly title: string;
  readonly link: string;
  readonly date: Date;
  readonly html: string;
  readonly authors: readonly string[];
}

/** A UUID (version 8, RFC 9562) that follows from a text: entries keep theirs wherever the server moves. */
function uuidOf(text: string): string {
  const bytes = createHash('sha256').update(text).digest().subarray(0, 16);
  bytes[6] = ((bytes[6] ?? 0) & 0x0f) | 0x80;
  bytes[8] = ((bytes[8] ?? 0) & 0x3f) | 0x80;
  const hex = bytes.toString('hex');
  return `urn:uuid:${hex.replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, '$1-$2-$3-$4-$5')}`;
}

/** A feed that shows nothing of when it was asked for: the same content gives the same text. */
export function writeWebFeed(content: WebFeedContent, format: WebFeedFormat): string {
  const entries = content.delivered.map((delivered) => entryOf(delivered, content));
  return WRITERS[format](content, entries);
}

function entryOf({ paper, at, item }: Delivered, { identity, publicUrl }: WebFeedContent): Entry {
  const { abstract, authors } = item.paper;
  const paragraphs = [
    ['p', bylineOf(item.paper)],
    ['blockquote', item.evidence === null ? '' : item.evidence.text],
    ['p', becauseOf(item)],
    ['p', abstract],
  ] as const;
  return {
    id: uuidOf(`${identity} ${paper}`),
    title: titleOf(item.paper),
    link: hrefOf(item.paper, publicUrl),
    date: new Date(at),
    html: paragraphs
      .filter(([, text]) => plain(text) !== '')
      .map(([element, text]) => `<${element} dir="auto">${escapeHtml(text)}</${element}>`)
      .join('\n'),
    authors: authors.map((name) => cut(plain(name), 200)).filter((name) => name !== ''),
  };
}

function xmlFeed(
  { title, identity, self, publicUrl, updated }: WebFeedContent,
  entries: readonly Entry[],
  itemOf: (entry: Entry) => Item,
): XmlFeed {
  const feed = new XmlFeed({
    ...{ title, updated, id: uuidOf(identity), link: publicUrl, description: title },
    // Atom wants an author where an entry has none.
    author: { name: 'Paperkin' },
    generator: 'Paperkin',
    feedLinks: { atom: `${self}/atom.xml`, rss: `${self}/rss.xml` },
  });
  for (const entry of entries) feed.addItem(itemOf(entry));
  return feed;
}

function commonItem({ id, title, link, date, html }: Entry): Item {
  // Both formats take a title for HTML, and programs show what is in it.
  return { id, link, date, title: escapeHtml(title), content: html };
}

const atomItem = (entry: Entry): Item => ({
  ...commonItem(entry),
  published: entry.date,
  author: entry.authors.map((name) => ({ name })),
});

/** RSS has authors as e-mail addresses only; names are Dublin Core's. */
const rssItem = (entry: Entry): Item => ({
  ...commonItem(entry),
  description: entry.html,
  extensions: entry.authors.length === 0 ? [] : [{ name: 'dc:creator', objects: { _text: entry.authors.join(', ') } }],
});

/** JSON Feed 1.1. */
function jsonFeed({ title, self, publicUrl }: WebFeedContent, entries: readonly Entry[]): string {
  const feed = {
    version: 'https://jsonfeed.org/version/1.1',
    title,
    home_page_url: publicUrl,
    feed_url: `${self}/feed.json`,
    items: entries.map(({ id, title, link, date, html, authors }) => ({
      ...{ id, url: link, title, content_html: html },
      date_published: date.toISOString(),
      ...(authors.length === 0 ? {} : { authors: authors.map((name) => ({ name })) }),
    })),
  };
  return JSON.stringify(feed, null, 1);
}

/** Where a feed is read in each format; whoever has one of these can. */
export function feedAddresses(publicUrl: string, secret: string) {
  const self = selfOf(publicUrl, secret);
  return { atom: `${self}/atom.xml`, rss: `${self}/rss.xml`, json: `${self}/feed.json` };
}

export const selfOf = (publicUrl: string, secret: string): string => `${publicUrl}/feeds/${secret}`;
