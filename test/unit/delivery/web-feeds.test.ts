import { parseAtomFeed, parseJsonFeed, parseRssFeed } from 'feedsmith';
import { SaxesParser } from 'saxes';
import { describe, expect, it } from 'vitest';
import * as z from 'zod';
import { createWebFeeds, WEB_FEED_FORMATS, type WebFeeds } from '../../../src/delivery/mod.ts';
import { paper } from '../../support/library.ts';
import { hostilePaper, type Reader, reader, somePapers } from '../../support/reader.ts';

interface Shelf extends Reader {
  readonly feeds: WebFeeds;
  now: Date;
  papers: string;
}

async function shelf(papers = somePapers()): Promise<Shelf> {
  const held = await reader(papers);
  const { people, feedFor, lastingId, lastKey } = held;
  const clock = { now: new Date('2026-11-27T07:30:00Z'), papers: 'as at first' };
  const feeds = createWebFeeds({
    ...{ people, feedFor, lastingId, lastKey, publicUrl: 'https://papers.example.org' },
    papersState: () => clock.papers,
    clock: () => clock.now,
  });
  return Object.assign(clock, { ...held, feeds });
}

const uuid = z.string().regex(/^urn:uuid:[0-9a-f]{8}-[0-9a-f]{4}-8[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/);
const named = z.array(z.object({ name: z.string().min(1) }));

/** What RFC 4287 (4.1) asks of a feed and its entries. */
const Atom = z.object({
  id: uuid,
  title: z.object({ value: z.string() }).or(z.string()),
  updated: z.iso.datetime(),
  authors: named.min(1),
  links: z
    .array(z.object({ href: z.url(), rel: z.string().optional() }))
    .refine((links) => links.some(({ rel }) => rel === 'self')),
  entries: z.array(
    z.object({
      ...{ id: uuid, updated: z.iso.datetime(), published: z.iso.datetime(), authors: named.optional() },
      title: z.object({ value: z.string(), type: z.literal('html') }).or(z.string()),
      links: z.array(z.object({ href: z.url() })).length(1),
      content: z.object({ type: z.literal('html'), value: z.string() }).or(z.string()),
    }),
  ),
});

/** What the RSS 2.0 specification and its best practices ask of a channel and its items. */
const Rss = z.object({
  ...{ title: z.string(), link: z.url(), description: z.string().min(1) },
  items: z.array(
    z.object({
      ...{ title: z.string(), link: z.url(), description: z.string() },
      pubDate: z.string().regex(/^\w{3}, \d{2} \w{3} \d{4} [\d:]{8} GMT$/),
      guid: z.object({ value: uuid, isPermaLink: z.literal(false) }),
      dc: z
        .object({ creators: z.array(z.string()).length(1) })
        .loose()
        .optional(),
      authors: z.undefined().optional(),
    }),
  ),
});

const Json = z.strictObject({
  version: z.literal('https://jsonfeed.org/version/1.1'),
  ...{ title: z.string(), home_page_url: z.url(), feed_url: z.url() },
  items: z.array(
    z.strictObject({
      ...{ id: uuid, url: z.url(), title: z.string(), content_html: z.string() },
      date_published: z.iso.datetime(),
      authors: named.optional(),
    }),
  ),
});

/** Throws where the text is no XML at all. */
function wellFormed(xml: string): string {
  const parser = new SaxesParser({ xmlns: true });
  parser.on('error', (error) => {
    throw error;
  });
  parser.write(xml).close();
  return xml;
}

async function readAll({ feeds }: Shelf, secret: string) {
  const body = async (format: (typeof WEB_FEED_FORMATS)[number]) =>
    (await feeds.of(secret, format, 'read'))?.body ?? '';
  const json = await body('feed.json');
  return {
    atom: Atom.parse(parseAtomFeed(wellFormed(await body('atom.xml')))),
    rss: Rss.parse(parseRssFeed(wellFormed(await body('rss.xml')))),
    json: Json.parse(JSON.parse(json)),
    parsed: parseJsonFeed(json),
  };
}

describe('a web feed', () => {
  it('is valid in each format, and the same in all', async () => {
    const all = await shelf();
    const { secret } = all.people.feedUrls(all.person).add(null);
    const { atom, rss, json, parsed } = await readAll(all, secret);
    expect(json.items).toHaveLength(3);
    expect(json.items.map(({ url }) => url)).toEqual(
      ['3', '2', '1'].map((last) => `https://arxiv.org/abs/2611.0000${last}`),
    );
    const ids = json.items.map(({ id }) => id);
    expect(new Set(ids).size).toBe(3);
    expect(atom.entries.map(({ id }) => id)).toEqual(ids);
    expect(rss.items.map(({ guid }) => guid.value)).toEqual(ids);
    expect(rss.items[0]?.dc?.creators).toEqual(['Edda Quill, Bo Marsh']);
    expect(parsed.items?.[0]?.authors).toEqual([{ name: 'Edda Quill' }, { name: 'Bo Marsh' }]);
    for (const { content_html: html } of json.items) {
      expect(html).toMatch(
        /Edda Quill, Bo Marsh · J. Finds · 2026[\s\S]*<blockquote dir="auto">It found 2611.*Then more\./s,
      );
    }
    expect(json.items[0]?.content_html).toContain('Because of “Attention &lt;Is&gt; All You Need” (62%).');
    expect(atom.links.map(({ href }) => href)).toContain(`https://papers.example.org/feeds/${secret}/atom.xml`);
  });

  it('lets nothing of a paper become markup', async () => {
    const all = await shelf([hostilePaper()]);
    const { secret } = all.people.feedUrls(all.person).add(null);
    const { atom, rss, json } = await readAll(all, secret);
    const text = (value: string | { readonly value: string } | undefined): string =>
      typeof value === 'string' ? value : (value?.value ?? '');
    for (const html of [
      ...[text(atom.entries[0]?.title), text(atom.entries[0]?.content)],
      ...[rss.items[0]?.title, rss.items[0]?.description, json.items[0]?.content_html],
    ]) {
      expect(html).toMatch(/&lt;/);
      expect(html).not.toMatch(/<(?!\/?(?:p|blockquote)(?: dir="auto")?>)/);
    }
    for (const format of WEB_FEED_FORMATS) {
      const body = (await all.feeds.of(secret, format, 'look'))?.body ?? '';
      expect(body).not.toMatch(/javascript:|[\u202A-\u202E]/);
      expect(body.replace(/[\n\t]/g, '')).not.toMatch(/\p{Cc}/u);
    }
  });

  it('takes in what is new once a day, or an hour after the last time when papers came', async () => {
    const all = await shelf();
    const { secret } = all.people.feedUrls(all.person).add(null);
    const titles = async () =>
      Json.parse(JSON.parse((await all.feeds.of(secret, 'feed.json', 'read'))?.body ?? '')).items.map(
        ({ title }) => title,
      );
    const add = (id: string): void => void all.store.ingest([{ source: 'invented', paper: paper({ id, title: id }) }]);
    const later = (hours: number): Date => new Date(all.now.getTime() + hours * 3_600_000);
    expect(await titles()).toHaveLength(3);
    add('2611.00004');
    all.now = later(23);
    expect(await titles()).toHaveLength(3);
    all.now = later(1);
    expect(await titles()).toEqual(['2611.00004', ...['3', '2', '1'].map((last) => `What 2611.0000${last} found`)]);
    add('2611.00005');
    all.papers = 'and another';
    all.now = later(0.9);
    expect(await titles()).toHaveLength(4);
    all.now = later(0.1);
    expect((await titles())[0]).toBe('2611.00005');
  });

  it('keeps its entries, their ids and dates, and the last 60 of them', async () => {
    const all = await shelf(Array.from({ length: 70 }, (_, index) => paper({ id: `2611.${10_000 + index}` })));
    const { secret } = all.people.feedUrls(all.person).add(null);
    const seen = new Map<string, string>();
    for (let day = 0; day < 5; day += 1) {
      const { items } = Json.parse(JSON.parse((await all.feeds.of(secret, 'feed.json', 'read'))?.body ?? ''));
      expect(items).toHaveLength([20, 40, 60, 60, 60][day] ?? 0);
      for (const { id, date_published: date } of items) {
        expect(seen.get(id) ?? date).toBe(date);
        seen.set(id, date);
      }
      all.now = new Date(all.now.getTime() + 86_400_000);
    }
    expect(seen.size).toBe(70);
  });

  it('counts what it delivers as shown, once, and only when it is read', async () => {
    const all = await shelf();
    const { url, secret } = all.people.feedUrls(all.person).add(null);
    const looked = await all.feeds.of(secret, 'atom.xml', 'look');
    expect(parseAtomFeed(looked?.body ?? '').entries).toBeUndefined();
    const untouched = [all.people.signals(all.person).impressions(), all.people.feedUrls(all.person).list()];
    expect(untouched).toEqual([[], [{ ...url, readAt: null }]]);
    const first = await all.feeds.of(secret, 'atom.xml', 'read');
    await all.feeds.of(secret, 'rss.xml', 'read');
    expect(await all.feeds.of(secret, 'atom.xml', 'read')).toEqual(first);
    expect(
      all.people
        .signals(all.person)
        .impressions()
        .map(({ place, times }) => [place, times]),
    ).toEqual([
      ['web-feed', 1],
      ['web-feed', 1],
      ['web-feed', 1],
    ]);
    expect(all.people.feedUrls(all.person).list()[0]?.readAt).not.toBeNull();
  });

  it('is one of a thousand at most, until one is revoked', async () => {
    const { people, person } = await shelf([]);
    const feedUrls = people.feedUrls(person);
    const [first] = Array.from({ length: 1_000 }, () => feedUrls.add(null).url);
    expect(() => feedUrls.add(null)).toThrow(/^at most 1000 web feeds; nothing was changed/);
    feedUrls.revoke(first?.id ?? -1);
    expect(feedUrls.add(null).url.id).toBeGreaterThan(1_000);
    expect(people.feedUrls(people.add('bo').person).add(null).secret).not.toBe('');
  });

  it('is closed to a secret that is unknown, revoked, or of a topic or a person that is gone', async () => {
    const all = await shelf();
    const signals = all.people.signals(all.person);
    const topic = signals.addInterest('topic', { name: 'burrows & <tunnels>' });
    const mine = all.people.feedUrls(all.person).add(null);
    const about = all.people.feedUrls(all.person).add(topic.id);
    const closed = (secret: string) => all.feeds.of(secret, 'atom.xml', 'read').then((feed) => feed === undefined);
    const titled = await all.feeds.of(about.secret, 'feed.json', 'read');
    expect(JSON.parse(titled?.body ?? '')).toMatchObject({ title: 'Paperkin: burrows & <tunnels> for me' });
    expect([await closed(mine.secret), await closed(''), await closed(`${mine.secret}x`)]).toEqual([false, true, true]);
    signals.changeInterest(topic.id, { deleted: true });
    expect(await closed(about.secret)).toBe(true);
    const other = all.people.add('bo').person;
    expect(all.people.feedUrls(other).revoke(mine.url.id)).toBe(false);
    expect(all.people.feedUrls(all.person).revoke(mine.url.id)).toBe(true);
    expect(await closed(mine.secret)).toBe(true);
    const theirs = all.people.feedUrls(other).add(null);
    expect(await closed(theirs.secret)).toBe(false);
    all.people.erase(other);
    expect(await closed(theirs.secret)).toBe(true);
  });
});
