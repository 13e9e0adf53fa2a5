import type { PaperJson } from '../domain/mod.ts';
import { citeKey, publicationKind } from '../domain/publication.ts';
import { segmentsOf } from './text/tex.ts';

const MONTHS = ['jan', 'feb', 'mar', 'apr', 'may', 'jun', 'jul', 'aug', 'sep', 'oct', 'nov', 'dec'];
const TYPES = { preprint: 'misc', conference: 'inproceedings', journal: 'article' } as const;

/** BibTeX counts braces even behind a backslash, so a literal one has to be written as a command. */
const ESCAPES: Readonly<Record<string, string>> = {
  '\\': '\\textbackslash{}',
  '{': '\\textbraceleft{}',
  '}': '\\textbraceright{}',
  '~': '\\textasciitilde{}',
  '^': '\\textasciicircum{}',
  '\u00A0': '~',
};

function escapeText(text: string): string {
  return text
    .replace(/\s*\n\s*/g, ' ')
    .replace(/[\\{}~^\u00A0]/g, (char) => ESCAPES[char] ?? char)
    .replace(/[&%$#_]/g, '\\$&');
}

function bracesBalance(text: string): boolean {
  let depth = 0;
  for (const char of text) {
    if (char === '{') depth += 1;
    if (char === '}') depth -= 1;
    if (depth < 0) return false;
  }
  return depth === 0;
}

/** Styles change the case of titles; words such as BERT or U-Net must keep theirs. */
function guardCapitals(escaped: string): string {
  return escaped.replace(/(?<![\\\p{L}\p{N}])[\p{L}\p{N}][\p{L}\p{N}-]*\p{Lu}[\p{L}\p{N}-]*/gu, '{$&}');
}

function titleField(title: string): string {
  return segmentsOf(title)
    .map((segment) => {
      if (segment.kind !== 'math') return guardCapitals(escapeText(segment.text));
      return bracesBalance(segment.tex) ? `$${segment.tex}$` : escapeText(segment.tex);
    })
    .join('')
    .trim();
}

function authorField(author: string): string {
  if (/^(?:et al\.?|and others|others)$/i.test(author.trim())) return 'others';
  const escaped = escapeText(author.trim());
  // A name of a group, or one with "and" in it, would be taken apart.
  return /\sand\s/i.test(escaped) || (escaped.match(/,/g)?.length ?? 0) > 2 ? `{${escaped}}` : escaped;
}

function addressField(url: string): string {
  return encodeURI(decodeSafely(url)).replace(/[{}\\]/g, (char) => encodeURIComponent(char));
}

function decodeSafely(url: string): string {
  try {
    return decodeURI(url);
  } catch {
    return url;
  }
}

/** A BibTeX entry made from a paper's metadata alone. UTF-8 stays UTF-8; what TeX would take as markup is escaped. */
export function bibtexOf(paper: PaperJson): string {
  const type = TYPES[publicationKind(paper)];
  const fields: [name: string, value: string][] = [['title', `{${titleField(paper.title)}}`]];
  if (paper.authors.length > 0) fields.push(['author', `{${paper.authors.map(authorField).join(' and ')}}`]);
  if (paper.venue && type !== 'misc') {
    fields.push([type === 'article' ? 'journal' : 'booktitle', `{${escapeText(paper.venue)}}`]);
  }
  if (paper.year !== null) fields.push(['year', `{${paper.year}}`]);
  const month = MONTHS[Number(paper.date?.slice(5, 7)) - 1];
  if (month) fields.push(['month', month]);
  if (paper.ids.doi && bracesBalance(paper.ids.doi)) fields.push(['doi', `{${paper.ids.doi}}`]);
  if (paper.ids.arxiv) {
    fields.push(['eprint', `{${paper.ids.arxiv}}`], ['archiveprefix', '{arXiv}']);
    const primary = paper.categories[0];
    if (primary && /^[a-z-]+(?:\.[A-Za-z-]+)?$/.test(primary)) fields.push(['primaryclass', `{${primary}}`]);
  }
  if (paper.url && /^https?:\/\//i.test(paper.url)) fields.push(['url', `{${addressField(paper.url)}}`]);
  const width = Math.max(...fields.map(([name]) => name.length));
  const lines = fields.map(([name, value]) => `  ${name.padEnd(width)} = ${value},`);
  return `@${type}{${citeKey(paper)},\n${lines.join('\n')}\n}\n`;
}
