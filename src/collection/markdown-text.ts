import { piecesOf } from './tex.ts';

/** First line of a Markdown file of papers. */
export const MARKER = '<!-- Paperkin: papers, to be read and to be imported again -->';

const OPENING = '<!-- paperkin ';
const CLOSING = ' -->';

/** The comment of a paper: JSON of what the text does not say exactly. Two dashes in it would end the comment. */
export function commentOf(carried: unknown): string {
  return OPENING + JSON.stringify(carried).replace(/-(?=-)/g, '\\u002d') + CLOSING;
}

/** What a line that is such a comment holds, be it JSON or not. */
export function carriedIn(line: string): string | undefined {
  if (!line.startsWith(OPENING)) return undefined;
  const inner = line.slice(OPENING.length).trimEnd();
  return inner.endsWith(CLOSING) ? inner.slice(0, -CLOSING.length) : inner;
}

const escapeMarkdown = (text: string): string => text.replace(/[\\`*_[\]<#~$|]|&(?=#?\w)/g, '\\$&');

/** Of all formulas Markdown knows those between dollars; a viewer that knows none may take one for a tag or for code. */
const isFormula = (text: string): boolean => text.startsWith('$') && !/<[a-z/!?]|`/i.test(text);

/** A text as one paragraph of Markdown: formulas between dollars stay, whatever else means something is escaped. */
export function toMarkdown(text: string): string {
  let markdown = '';
  for (const piece of piecesOf(text)) {
    markdown += piece.math && isFormula(piece.text) ? piece.text : escapeMarkdown(piece.text);
  }
  // What would make a quotation, a list or an underlined heading of the paragraph.
  return markdown.replace(/^[>+=-]/, '\\$&').replace(/^(\d+)([.)])/, '$1\\$2');
}

/** The text of a paragraph that `toMarkdown` or a person wrote: escapes taken away, except in formulas. */
export function fromMarkdown(markdown: string): string {
  let text = '';
  for (const piece of piecesOf(markdown)) {
    const isVerbatim = piece.math && piece.text.startsWith('$');
    text += isVerbatim ? piece.text : piece.text.replace(/\\([!-/:-@[-`{-~])/g, '$1');
  }
  return text;
}
