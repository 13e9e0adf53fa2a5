import type { DigestSchedule, Feed, FeedItem, Person } from '../../domain/mod.ts';
import type { LastingId, Letter } from '../contract.ts';
import type { Links } from '../links.ts';
import { cut, escapeHtml, plain, wrap } from '../plain.ts';
import { becauseOf, bylineOf, hrefOf, titleOf } from '../words.ts';
import { dayInWords, scheduleInWords } from './schedule.ts';
import { SKELETON } from './skeleton.ts';

/** Mail programs show about so much of a subject. */
const SUBJECT_TITLE_CHARS = 60;

export interface Composition {
  readonly person: Person;
  readonly schedule: DigestSchedule;
  readonly period: string;
  readonly feed: Feed;
  readonly now: Date;
}

export interface ComposeParts {
  readonly links: Links;
  readonly lastingId: LastingId;
  readonly publicUrl: string;
  readonly mailFrom: string;
}

interface Entry {
  readonly title: string;
  readonly href: string;
  readonly byline: string;
  readonly evidence: string | undefined;
  readonly because: string;
  readonly save: string;
  readonly dismiss: string;
}

/** Puts escaped texts into a template; what stands between `[[?name]]` and `[[/name]]` goes where `name` has none. */
function fill(template: string, texts: Readonly<Record<string, string | undefined>>): string {
  return template
    .replace(/\[\[\?(\w+)\]\]([\s\S]*?)\[\[\/\1\]\]/g, (_, name: string, part: string) => (texts[name] ? part : ''))
    .replace(/\[\[(\w+)\]\]/g, (_, name: string) => escapeHtml(texts[name] ?? ''));
}

/** The mail of one feed, which has items. The same feed, period and moment give the same mail. */
export function composeDigest(composition: Composition, parts: ComposeParts): Letter {
  const { person, schedule, period, feed, now } = composition;
  const { links, mailFrom } = parts;
  const unsubscribe = links.to({ purpose: 'unsubscribe', person: person.id, paper: '' }, now);
  const entries = feed.items.map((item) => entryOf(item, composition, parts));
  const [first] = entries;
  const more = entries.length - 1;
  const firstTitle = cut(first?.title ?? '', SUBJECT_TITLE_CHARS);
  const texts = {
    subject: more > 0 ? `${firstTitle} – and ${more} more` : firstTitle,
    preview: first?.evidence ?? '',
    heading: entries.length === 1 ? '1 paper for you' : `${entries.length} papers for you`,
    day: dayInWords(now, schedule.zone),
    why: feed.why === null ? undefined : plain(feed.why),
    reason: `You get this mail because a digest for ${person.name} is sent to ${schedule.to} ${scheduleInWords(schedule)}.`,
    unsubscribe,
  };
  const domain = mailFrom.match(/@([\w.-]+)/)?.[1] ?? 'paperkin.invalid';
  return {
    from: mailFrom,
    to: schedule.to,
    subject: texts.subject,
    html: [
      fill(SKELETON.before, texts),
      ...entries.map((entry) => fill(SKELETON.paper, { ...entry })),
      fill(SKELETON.after, texts),
    ].join('\n'),
    text: textOf(texts, entries),
    messageId: `<digest.${period}.${links.alias(person, `message ${period}`)}@${domain}>`,
    date: now,
    headers: {
      'List-Id': `Paperkin digest <${links.alias(person, 'list')}.digest.${domain}>`,
      'List-Unsubscribe': `<${unsubscribe}>`,
      // RFC 8058 knows one click over https only.
      ...(unsubscribe.startsWith('https:') ? { 'List-Unsubscribe-Post': 'List-Unsubscribe=One-Click' } : {}),
      'Auto-Submitted': 'auto-generated',
    },
  };
}

function entryOf(item: FeedItem, { person, now }: Composition, { links, lastingId, publicUrl }: ComposeParts): Entry {
  const paper = lastingId(item.paper.id);
  return {
    title: titleOf(item.paper),
    href: hrefOf(item.paper, publicUrl),
    byline: bylineOf(item.paper),
    evidence: item.evidence === null ? undefined : plain(item.evidence.text),
    because: becauseOf(item),
    save: links.to({ purpose: 'save', person: person.id, paper }, now),
    dismiss: links.to({ purpose: 'dismiss', person: person.id, paper }, now),
  };
}

interface Frame {
  readonly heading: string;
  readonly day: string;
  readonly why: string | undefined;
  readonly reason: string;
  readonly unsubscribe: string;
}

function textOf({ heading, day, why, reason, unsubscribe }: Frame, entries: readonly Entry[]): string {
  const blocks = entries.map(({ title, href, byline, evidence, because, save, dismiss }, index) =>
    [
      wrap(`${index + 1}. ${title}`),
      `   ${href}`,
      ...(byline === '' ? [] : [wrap(byline, '   ')]),
      ...(evidence === undefined ? [] : [wrap(evidence, '   > ')]),
      ...(because === '' ? [] : [wrap(because, '   ')]),
      `   Save: ${save}`,
      `   Not for me: ${dismiss}`,
    ].join('\n'),
  );
  const end = [...(why === undefined ? [] : [wrap(why), '']), wrap(reason), `Unsubscribe: ${unsubscribe}`].join('\n');
  // "-- " and what follows is a signature, which mail programs leave out of replies.
  return [`${heading}, ${day}`, ...blocks, `-- \n${end}`].join('\n\n');
}
