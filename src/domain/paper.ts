/** One paper, whatever it was read from. Absent fields are absent, never empty strings (the abstract is `''` when unknown). */
export interface Paper {
  /** Canonical id: the strongest the record carries, e.g. `arXiv:1706.03762`, `DOI:10.1145/…`, or the record's own. */
  readonly id: string;
  readonly ids: PaperIds;
  readonly title: string;
  readonly abstract: string;
  readonly authors: readonly string[];
  readonly year?: number;
  /** Day of publication, `YYYY-MM-DD`. */
  readonly date?: string;
  readonly venue?: string;
  readonly categories: readonly string[];
  readonly keywords: readonly string[];
  readonly tldr?: string;
  readonly url?: string;
  readonly comment?: string;
  readonly citations?: number;
  /** Version of the arXiv text, kept aside from the id. */
  readonly version?: number;
}

export const ID_SCHEMES = ['arxiv', 'doi', 'acl', 'openreview', 'pmid', 's2', 'url', 'local'] as const;
export type IdScheme = (typeof ID_SCHEMES)[number];

/** At most one id per scheme and paper; values are in the scheme's normal form (see paper-id.ts). */
export type PaperIds = { readonly [scheme in IdScheme]?: string };

/** What the command line and the HTTP API show of a paper: every key always there, `null` where unknown. */
export interface PaperJson {
  readonly id: string;
  readonly ids: PaperIds;
  readonly title: string;
  readonly authors: readonly string[];
  readonly year: number | null;
  readonly date: string | null;
  readonly venue: string | null;
  readonly categories: readonly string[];
  readonly keywords: readonly string[];
  readonly abstract: string;
  readonly tldr: string | null;
  readonly comment: string | null;
  readonly citations: number | null;
  readonly url: string | null;
  readonly source: string;
}

export function paperJson(paper: Paper, source: string): PaperJson {
  return {
    id: paper.id,
    ids: paper.ids,
    title: paper.title,
    authors: paper.authors,
    year: paper.year ?? null,
    date: paper.date ?? null,
    venue: paper.venue ?? null,
    categories: paper.categories,
    keywords: paper.keywords,
    abstract: paper.abstract,
    tldr: paper.tldr ?? null,
    comment: paper.comment ?? null,
    citations: paper.citations ?? null,
    url: paper.url ?? null,
    source,
  };
}

/** Row number of a paper in the store: stable for the paper's life, small, and what the engine files it under. */
export type PaperKey = number;

/** A title reduced to what two spellings of it share: letters and digits, accents and case folded. */
export function titleKey(title: string): string {
  return title
    .normalize('NFKD')
    .replace(/\p{M}+/gu, '')
    .toLowerCase()
    .replace(/[^\p{L}\p{N}]+/gu, ' ')
    .trim();
}
