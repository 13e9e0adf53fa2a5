import { type FeedItem, linksOf, namedAfter, type PaperJson } from '../domain/mod.ts';
import { cut, plain, webAddress } from './plain.ts';

const MAX_TITLE_CHARS = 300;
const MAX_AUTHORS = 4;

export const titleOf = ({ title, id }: Pick<PaperJson, 'title' | 'id'>): string =>
  cut(plain(title), MAX_TITLE_CHARS) || plain(id);

/** Authors, venue and year on one line; `''` where nothing is known. */
export function bylineOf({ authors, venue, year }: PaperJson): string {
  const names = authors.slice(0, MAX_AUTHORS).map((name) => plain(name));
  const more = authors.length - names.length;
  const people = more > 0 ? `${names.join(', ')} and ${more} more` : names.join(', ');
  return [people, venue === null ? '' : plain(venue), year === null ? '' : String(year)]
    .filter((part) => part !== '')
    .join(' · ');
}

/** Where the paper is read, or else its page on this server. */
export function hrefOf(paper: PaperJson, publicUrl: string): string {
  const elsewhere = linksOf(paper).flatMap(({ href }) => webAddress(href) ?? []);
  return elsewhere[0] ?? `${publicUrl}/papers/${encodeURIComponent(paper.id)}`;
}

/** Why it is there, in a sentence. */
export function becauseOf({
  because,
  interest,
  exploration,
}: Pick<FeedItem, 'because' | 'interest' | 'exploration'>): string {
  const quoted = (text: string): string => `“${cut(plain(text), 120)}”`;
  const reasons = because.map(({ title, weight }) => `${quoted(title)} (${Math.round(100 * weight)}%)`);
  const isSaid = because.some(({ title }) => title === interest?.name || namedAfter(title) === interest?.name);
  const topic = interest === null || isSaid ? '' : ` For ${quoted(interest.name)}.`;
  if (exploration) return `Shown to find out whether you like it.${topic}`;
  return reasons.length === 0 ? topic.trim() : `Because of ${reasons.join(', ')}.${topic}`;
}
