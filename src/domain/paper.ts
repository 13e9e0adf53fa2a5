/** One paper, whatever it was read from. Absent fields are absent, never empty strings (the abstract is `''` when unknown). */
export interface Paper {
  /** Canonical id: the strongest the record carries, e.g. `arXiv:1706.03762`, `DOI:10.1145/…`, or the record's own. */
  readonly id: string;
  readonly ids: PaperIds;
  /** Ids beyond the one of each scheme that `ids` shows, as Paperkin writes them, sorted. Absent where there are none. */
  readonly aliases?: readonly string[];
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
  /** Votes of the readers of a source that has them. */
  readonly upvotes?: number;
  /** Version of the arXiv text, kept aside from the id. */
  readonly version?: number;
  /** Every arXiv version heard of, by rising number; the latest need not be the text's. */
  readonly versions?: readonly PaperVersion[];
  /** Taken back by its authors or its source; it stays, and says so. */
  readonly withdrawn?: true;
}

export interface PaperVersion {
  readonly number: number;
  /** `YYYY-MM-DD`. */
  readonly date?: string;
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
  readonly upvotes: number | null;
  readonly url: string | null;
  readonly version: number | null;
  readonly versions: readonly PaperVersion[];
  readonly withdrawn: boolean;
  readonly aliases: readonly string[];
  /** Every source that told of it, in alphabetical order. */
  readonly sources: readonly string[];
}

export function paperJson(paper: Paper, sources: readonly string[]): PaperJson {
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
    upvotes: paper.upvotes ?? null,
    url: paper.url ?? null,
    version: paper.version ?? null,
    versions: paper.versions ?? [],
    withdrawn: paper.withdrawn ?? false,
    aliases: paper.aliases ?? [],
    sources,
  };
}

/** The paper that is shown so. */
export function paperOf(shown: PaperJson): Paper {
  const { id, ids, title, abstract, authors, categories, keywords, aliases, versions, withdrawn } = shown;
  const { year, date, venue, tldr, url, comment, citations, upvotes, version } = shown;
  return {
    ...{ id, ids, title, abstract, authors, categories, keywords },
    ...(aliases.length > 0 ? { aliases } : {}),
    ...(year === null ? {} : { year }),
    ...(date === null ? {} : { date }),
    ...(venue === null ? {} : { venue }),
    ...(tldr === null ? {} : { tldr }),
    ...(url === null ? {} : { url }),
    ...(comment === null ? {} : { comment }),
    ...(citations === null ? {} : { citations }),
    ...(upvotes === null ? {} : { upvotes }),
    ...(version === null ? {} : { version }),
    ...(versions.length > 0 ? { versions } : {}),
    ...(withdrawn ? { withdrawn } : {}),
  };
}

/** Versions by rising number, each once, with a date where any told it; `undefined` for none at all. */
export function versionsOf(
  version: number | undefined,
  ...told: ReadonlyArray<readonly PaperVersion[] | undefined>
): readonly PaperVersion[] | undefined {
  const dates = new Map<number, string | undefined>();
  if (version !== undefined) dates.set(version, undefined);
  for (const { number, date } of told.flatMap((versions) => versions ?? [])) {
    const held = dates.get(number);
    dates.set(number, held === undefined || (date !== undefined && date < held) ? date : held);
  }
  if (dates.size === 0) return undefined;
  return [...dates]
    .sort(([a], [b]) => a - b)
    .map(([number, date]) => (date === undefined ? { number } : { number, date }));
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
