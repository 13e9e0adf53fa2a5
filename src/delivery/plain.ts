import { escapeUTF8 } from 'entities';

/** Controls, and what turns the direction of text or hides in it: a title may not rearrange the mail around it. */
const UNSEEN =
  /[\p{Cc}\u00AD\u061C\u180E\u200B\u200E\u200F\u2028-\u202E\u2060-\u206F\uFEFF\uFFF9-\uFFFB\u{E0000}-\u{E007F}]/gu;
/** Half a pair of UTF-16 is no character, and no XML. */
const NO_CHARACTER = /[\p{Cs}\uFFFE\uFFFF]/gu;

/** A text from outside on one line, with nothing in it but what can be seen. */
export function plain(text: string): string {
  return text.replace(/\s+/gu, ' ').replace(UNSEEN, '').replace(NO_CHARACTER, '\uFFFD').trim();
}

/** At most so many characters, cut between words where it can be. */
export function cut(text: string, maxChars: number): string {
  const characters = Array.from(text);
  if (characters.length <= maxChars) return text;
  const kept = characters.slice(0, maxChars - 1).join('');
  return `${kept.replace(/\s+\S{0,20}$/u, '')}…`;
}

/** For the text of an element and for an attribute in double quotes. */
export const escapeHtml = (text: string): string => escapeUTF8(plain(text));

/** An address of the web in its normal form, which holds no blank, quote or control; `undefined` for anything else. */
export function webAddress(text: string | null | undefined): string | undefined {
  if (!text || !URL.canParse(text)) return undefined;
  const { protocol, href } = new URL(text);
  return protocol === 'https:' || protocol === 'http:' ? href : undefined;
}

/** Lines of at most so many characters where words allow it. */
export function wrap(text: string, indent = '', maxChars = 76): string {
  const lines: string[] = [];
  let line = '';
  for (const word of text.split(' ')) {
    const longer = line === '' ? indent + word : `${line} ${word}`;
    if (longer.length > maxChars && line !== '') {
      lines.push(line);
      line = indent + word;
    } else line = longer;
  }
  return [...lines, line].join('\n');
}
