import { formatPaperId, parsePaperId } from '../domain/mod.ts';
import { fromTex } from './markup.ts';
import { cleanText } from './text.ts';
import type { FoundPaper } from './xml-paper.ts';

const PAPER = String.raw`(?:paper|article|manuscript|submission|preprint|work|e-?print|document|note|report)`;
/** "Withdrawn from ICML" tells of a conference; the text itself is still there. */
const TAKEN_BACK = String.raw`(?:withdrawn|retracted)\b(?!\s+from\s+(?!(?:the\s+)?arxiv))`;
/** "The first version of the paper was withdrawn" tells of another text. */
const STATED = String.raw`(?<!\bof\s+)\b(?:this|the|our|my)\s+${PAPER}\s+(?:has\s+been|is|was)\s+(?:\w+\s+)?${TAKEN_BACK}`;

/** A comment is short and says it anywhere: `9 pages This paper has been withdrawn by the author`. */
const IN_COMMENT = new RegExp(
  [
    STATED,
    String.raw`^\W*(?:${PAPER}\s+|administratively\s+)?${TAKEN_BACK}`,
    String.raw`\b${PAPER}\s+(?:has\s+been\s+)?(?:withdrawn|retracted)(?:\s*[.!;]|\s*$|\s+(?:due|because|by\s+(?:the\s+)?(?:authors?|arxiv)))`,
  ].join('|'),
  'i',
);
/** An abstract may speak of other papers, so there it must be a sentence's beginning. */
const IN_ABSTRACT = new RegExp(String.raw`(?:^|[.;:!?*([])\s*${STATED}`, 'i');

/** Nearly no text has either word, and looking for them alone is quick. */
const MENTIONED = /withdrawn|retracted/i;

/** Whether arXiv's comment or abstract says that the paper was taken back, by its authors or by arXiv's administrators. */
export function isWithdrawn(comment: string | undefined, abstract: string | undefined): boolean {
  const says = (text: string | undefined, pattern: RegExp): boolean =>
    text !== undefined && MENTIONED.test(text) && pattern.test(text);
  return says(comment, IN_COMMENT) || says(abstract, IN_ABSTRACT);
}

/** The id of arXiv's paper that an OAI identifier names (`oai:arXiv.org:hep-th/9901001`), as Paperkin writes it. */
export function arxivIdIn(oaiIdentifier: string): string | undefined {
  const id = /^oai:arXiv\.org:(\S+)$/i.exec(oaiIdentifier.trim())?.[1];
  const parsed = id === undefined ? undefined : parsePaperId(`arXiv:${id}`);
  return parsed?.scheme === 'arxiv' ? formatPaperId(parsed) : undefined;
}

/** The year in which arXiv gave out an id; for feeds that say only when they announce it. */
export function arxivYear(id: string): number | undefined {
  const { scheme, value } = parsePaperId(id);
  const digits = scheme === 'arxiv' ? /(?:^|\/)(\d{2})\d{2}/.exec(value)?.[1] : undefined;
  if (digits === undefined) return undefined;
  // arXiv began in 1991, and ids of two-digit years last until 2090.
  const year = Number(digits);
  return year >= 91 ? 1900 + year : 2000 + year;
}

/** Text without what stands in parentheses; one that is never closed costs only itself. */
function withoutParentheses(text: string): string {
  if (!/[()]/.test(text)) return text;
  const opened: number[] = [];
  const kept: string[] = [];
  for (const character of text) {
    if (character === '(') opened.push(kept.length);
    if (character === ')') kept.length = opened.pop() ?? kept.length;
    kept.push(character === '(' || character === ')' ? ' ' : character);
  }
  return kept.join('');
}

const SUFFIX = /^(?:jr|sr|ii|iii|iv)\.?$/i;

/**
 * Names from arXiv's one text of authors, `A. Author, B. Other (1 and 2) and C. Third ((1) Univ. of X, (2) Y)`:
 * affiliations are dropped, and so is `et al.`
 */
export function arxivAuthors(joined: string): string[] {
  const names: string[] = [];
  for (const piece of cleanText(withoutParentheses(fromTex(joined))).split(/[,;:]|\s(?:and|&)(?=\s)/)) {
    const name = cleanText(piece.trim().replace(/^(?:and|&)(?:\s|$)|\bet\.? al\b\.?|\s\.$/gi, ' '));
    if (SUFFIX.test(name) && names.length > 0) names.push(`${names.pop()} ${name}`);
    else if (/\p{L}/u.test(name)) names.push(name);
  }
  return names;
}

/** What arXiv says of a paper, wherever it says it; texts in TeX. */
export interface ArxivMetadata {
  /** In any spelling; its version counts where there is one. */
  readonly id: string | undefined;
  readonly title: string | undefined;
  readonly abstract: string | undefined;
  readonly authors: readonly string[];
  readonly date?: string | undefined;
  readonly year?: number | undefined;
  readonly categories: readonly string[];
  readonly comment?: string | undefined;
  readonly journalRef?: string | undefined;
  /** Two of them are separated by a blank. */
  readonly doi?: string | undefined;
  readonly version?: number | undefined;
  readonly versions?: ReadonlyArray<{ readonly number: number; readonly date?: string | undefined }>;
  /** Where something else than comment and abstract says so. */
  readonly withdrawn?: boolean;
}

export function foundOnArxiv({ comment, journalRef, abstract, title, doi, ...metadata }: ArxivMetadata): FoundPaper {
  const text = (tex: string | undefined) => tex && cleanText(fromTex(tex));
  const [firstDoi, ...moreDois] = doi?.trim().split(/[\s,;]+/) ?? [];
  const found = { ...metadata, title: text(title), abstract: text(abstract), comment: text(comment) };
  return {
    ...found,
    venue: text(journalRef),
    doi: firstDoi,
    aliases: moreDois.map((more) => `doi:${more}`),
    withdrawn: metadata.withdrawn === true || isWithdrawn(found.comment, found.abstract),
  };
}
