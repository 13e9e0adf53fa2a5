import type { PaperIds } from './paper.ts';

/** Formats that reference managers and word processors take a citation in. */
export const CITATION_FORMATS = ['bibtex', 'ris', 'csl-json'] as const;
export type CitationFormat = (typeof CITATION_FORMATS)[number];

export type PublicationKind = 'preprint' | 'conference' | 'journal';

const PREPRINT = /^(?:arxiv|corr|biorxiv|medrxiv)\b/i;
const CONFERENCE =
  /\b(?:proceedings|proc\.|conference|workshop|symposium|advances in neural|NeurIPS|NIPS|ICML|ICLR|AAAI|IJCAI|ACL|NAACL|EMNLP|EACL|COLING|CVPR|ICCV|ECCV|SIGIR|CIKM|WSDM|KDD|WWW|SIGMOD|VLDB|SOSP|OSDI|NSDI|STOC|FOCS|SODA|CHI|INTERSPEECH|ICASSP)\b/i;

interface Published {
  readonly ids: PaperIds;
  readonly venue?: string | null;
}

/** How a paper came out, as far as its venue tells: reference managers file each kind under a type of its own. */
export function publicationKind({ ids, venue }: Published): PublicationKind {
  if (ids.acl) return 'conference';
  if (!venue || PREPRINT.test(venue)) return 'preprint';
  return CONFERENCE.test(venue) ? 'conference' : 'journal';
}

interface Cited {
  readonly title: string;
  readonly authors: readonly string[];
  readonly year?: number | null;
}

const INSIGNIFICANT = new Set(['a', 'an', 'the', 'on', 'of', 'in', 'for', 'to', 'and', 'with', 'from', 'how', 'is']);

const folded = (text: string): string =>
  text
    .normalize('NFKD')
    .replace(/[^A-Za-z0-9]+/g, '')
    .toLowerCase();

/** `vaswani2017attention`: surname of the first author, year, first word of weight in the title; `paper` if all fail. */
export function citeKey({ title, authors, year }: Cited): string {
  const author = authors[0] ?? '';
  const surname = author.includes(',') ? author.split(',')[0] : author.trim().split(/\s+/).at(-1);
  const word = title
    .split(/[^\p{L}\p{N}]+/u)
    .map(folded)
    .find((candidate) => candidate.length > 1 && !INSIGNIFICANT.has(candidate));
  return `${folded(surname ?? '')}${year ?? ''}${word ?? ''}` || 'paper';
}
