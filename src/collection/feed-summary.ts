import { titleKey } from '../domain/mod.ts';
import { authorsIn } from './inverted-names.ts';
import { fromHtml } from './markup.ts';
import { cleanText } from './text.ts';

/** What journals put into the description of a paper, told apart. */
export interface Summary {
  readonly abstract?: string | undefined;
  readonly authors?: readonly string[] | undefined;
  readonly venue?: string | undefined;
}

/** A shorter text is a teaser or a remark. */
const MIN_CHARS = 60;
/** A longer text is the paper itself or a page about it. */
const MAX_CHARS = 10_000;
/** Paragraphs about the publication are short; an abstract may begin like one. */
const MAX_REMARK_CHARS = 600;

/** A tag ends before the next one begins: so a flood of tags that never end is looked at once, not once for each. */
const BREAK = /<\/?(?:p|div|br|li|ul|tr|td|h\d|cite|section)\b[^<>]*>|\n[ \t\r]*\n/i;

const REMARKS = [
  /^(?:publication date|published|available online|source|doi|issn|keywords?|highlights|graphical abstract|abstract)\s*:?\s*$/i,
  /^(?:publication date|published|available online|source|doi|issn|keywords?|date)\s*:/i,
  /^[^.]{0,150}\b(?:published online|ahead of print|online first|accepted manuscript)\b/i,
  /^(?:[^.:;]{1,150},\s*)?vol(?:ume|\.)\s*\d/i,
  /^[^.]{0,150}\bdoi:\s*(?:https?:\S+\/)?10\.\S+\s*$/i,
  /^by\s+\p{Lu}/u,
  /^the post\b.*\bappeared first on\b/i,
  /^(?:read more|continue reading|full text|view abstract)\b/i,
];
const AUTHORS = /^authors?(?:\(s\))?:\s*(.+)$/i;
const SOURCE = /^source:\s*([^,;]+)/i;

/**
 * The abstract in the description of a feed's entry, without what journals put around it: `Publication date: …`,
 * `Author(s): …`, volume and DOI. There is none where the rest is short, or is the title again.
 */
export function summaryOf(html: string, title: string): Summary {
  const kept: string[] = [];
  let authors: string[] | undefined;
  let venue: string | undefined;
  const titleAgain = titleKey(title);
  for (const part of html.split(BREAK)) {
    const paragraph = cleanText(fromHtml(part));
    const remark = paragraph.length <= MAX_REMARK_CHARS;
    const byline = AUTHORS.exec(paragraph)?.[1];
    if (byline !== undefined) authors = authorsIn(byline);
    else if (remark) venue ??= SOURCE.exec(paragraph)?.[1]?.trim();
    if (paragraph === '' || byline !== undefined) continue;
    if (remark && (REMARKS.some((pattern) => pattern.test(paragraph)) || titleKey(paragraph) === titleAgain)) continue;
    kept.push(paragraph);
  }
  const abstract = kept.join(' ').replace(/^abstract\b[\s.:—–-]*(?=\p{Lu})/iu, '');
  return {
    abstract: abstract.length >= MIN_CHARS && abstract.length <= MAX_CHARS ? abstract : undefined,
    authors,
    venue,
  };
}
