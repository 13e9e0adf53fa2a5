import { formatPaperId, ID_SCHEMES, type Paper } from '../../domain/mod.ts';
import { commentOf, MARKER, toMarkdown } from '../markdown-text.ts';
import { fieldsOf } from './fields.ts';
import { writerOf, type Written } from './writer.ts';

const ADDRESSES: { readonly [scheme in (typeof ID_SCHEMES)[number]]?: (value: string) => string } = {
  arxiv: (value) => `https://arxiv.org/abs/${value}`,
  doi: (value) => `https://doi.org/${value}`,
  acl: (value) => `https://aclanthology.org/${value}`,
  openreview: (value) => `https://openreview.net/forum?id=${encodeURIComponent(value)}`,
  pmid: (value) => `https://pubmed.ncbi.nlm.nih.gov/${value}`,
};

/** What would end a link's address before its end. */
const link = (text: string, address: string): string =>
  `[${toMarkdown(text)}](${encodeURI(address).replace(/[()]/g, (sign) => (sign === '(' ? '%28' : '%29'))})`;

function linksOf({ ids, url }: Paper): string[] {
  const links = ID_SCHEMES.flatMap((scheme) => {
    const value = ids[scheme];
    const address = ADDRESSES[scheme];
    return value === undefined || !address ? [] : [link(formatPaperId({ scheme, value }), address(value))];
  });
  return links.length > 0 || url === undefined ? links : [link('link', decodedSafely(url))];
}

/** Not escaped twice. */
function decodedSafely(url: string): string {
  try {
    return decodeURI(url);
  } catch {
    return url;
  }
}

function bylineOf(paper: Paper): string {
  const published = [paper.venue, paper.year].filter((part) => part !== undefined).join(' ');
  const parts = [paper.authors.join(', '), published].filter((part) => part !== '').map(toMarkdown);
  return [...parts, ...linksOf(paper)].join(' · ');
}

/** A note is of lines, each a line of a quotation. */
const quoted = (note: string): string =>
  note === ''
    ? ''
    : note
        .split(/\r?\n/)
        .map((line) => `> ${toMarkdown(line)}`.trimEnd())
        .join('\n');

/**
 * Title and abstract are read back from what is seen, so that corrections made in an editor count. All else is read from
 * the comment between them: a byline does not tell where a name ends or whose number a number is.
 */
function sectionOf(paper: Written): string {
  const paragraphs = [
    `## ${toMarkdown(paper.title)}`,
    bylineOf(paper),
    paper.keywords.length > 0 ? `*${toMarkdown(paper.keywords.join(', '))}*` : '',
    quoted(paper.note ?? ''),
    commentOf(fieldsOf(paper, ['title', 'abstract'])),
    toMarkdown(paper.abstract),
  ];
  return `\n${paragraphs.filter((paragraph) => paragraph !== '').join('\n\n')}\n`;
}

export const markdownWriter = writerOf({
  name: 'markdown',
  title: 'Markdown',
  extension: 'md',
  reads: 'markdown',
  mediaType: 'text/markdown',
  opening: `${MARKER}\n`,
  paper: sectionOf,
});
