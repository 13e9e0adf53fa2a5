import { createHash } from 'node:crypto';
import {
  aliasesOf,
  formatPaperId,
  ID_SCHEMES,
  idsOf,
  parsePaperId,
  titleKey,
  versionsOf,
  type Paper,
  type PaperId,
  type PaperVersion,
} from '../domain/mod.ts';
import type { When } from './fields.ts';

/** What a format found, field by field in stored form (see fields.ts), before its ids are sorted out. */
export interface PaperRecord {
  readonly id?: string | undefined;
  /** Further ids by scheme, e.g. `{ doi: '10.…' }`; names of Semantic Scholar's `externalIds` work too. */
  readonly ids?: Readonly<Record<string, string>> | undefined;
  readonly doi?: string | undefined;
  readonly title: string;
  readonly abstract: string;
  readonly authors: readonly string[];
  readonly year?: number | undefined;
  readonly when?: When | undefined;
  readonly venue?: string | undefined;
  readonly categories: readonly string[];
  readonly keywords: readonly string[];
  readonly tldr?: string | undefined;
  readonly url?: string | undefined;
  readonly comment?: string | undefined;
  readonly citations?: number | undefined;
  /** Votes of the readers of a source that has them. */
  readonly upvotes?: number | undefined;
  /** Where the id does not tell it: which arXiv version the text is. */
  readonly version?: number | undefined;
  readonly versions?: readonly PaperVersion[] | undefined;
  readonly withdrawn?: boolean | undefined;
  /** Further ids, where a scheme has more than one. */
  readonly aliases?: readonly string[] | undefined;
}

/** An id whose scheme is said beside it; undefined where the value is none of that scheme, or the scheme unknown. */
function namedId(name: string, value: string): PaperId | undefined {
  const scheme = name.toLowerCase();
  // What is written like an id of another scheme is read as one, whatever it is filed under.
  if (scheme === 'local') return parsePaperId(value);
  if (!ID_SCHEMES.some((known) => known === scheme) && !['pubmed', 'corpusid'].includes(scheme)) return undefined;
  const labelled = parsePaperId(`${scheme}:${value}`);
  const found = labelled.scheme === 'local' ? parsePaperId(value) : labelled;
  return found.scheme === 'local' ? undefined : found;
}

/**
 * Id of a paper that came without one: the same title and year give the same id, so reading it again finds it again.
 * 64 bits of SHA-256 keep a collection of ten million papers free of collisions (chance 3 in a million).
 */
export function titleId(title: string, year: number | undefined): string {
  const key = titleKey(title) || title;
  const digest = createHash('sha256').update(`${key}\n${year ?? ''}`);
  return `title:${digest.digest('hex').slice(0, 16)}`;
}

/** Schemes that name a paper by themselves, strongest first; a page's address may show many papers. */
const NAMING = ['arxiv', 'doi', 'acl', 'openreview', 'pmid', 's2'] as const;

function strongest(ids: readonly PaperId[]): PaperId | undefined {
  for (const scheme of NAMING) {
    const found = ids.find((id) => id.scheme === scheme);
    if (found) return found;
  }
  return undefined;
}

/** Only what a browser may follow as a link is kept as a paper's address. */
function webAddress(raw: string | undefined): string | undefined {
  if (!raw || !/^https?:\/\//i.test(raw)) return undefined;
  return URL.canParse(raw) ? raw : undefined;
}

function known<Key extends string, Value>(key: Key, value: Value | undefined): { readonly [key in Key]?: Value } {
  const entries: { [key in Key]?: Value } = {};
  if (value !== undefined) entries[key] = value;
  return entries;
}

/**
 * The paper of a record. Its id is the record's own (in normal spelling where it is of a known scheme), else the strongest
 * of its other ids, else derived from the title. A year that is absent is taken from the date.
 */
export function paperOf(record: PaperRecord): Paper {
  const own = record.id ? parsePaperId(record.id) : undefined;
  const url = webAddress(record.url);
  const others = [
    ...Object.entries(record.ids ?? {}).map(([name, value]) => namedId(name, value)),
    record.doi ? namedId('doi', record.doi) : undefined,
    url ? parsePaperId(url) : undefined,
  ].filter((id) => id !== undefined);
  const year = record.year ?? record.when?.year;
  const naming = own ?? strongest(others) ?? { scheme: 'local' as const, value: titleId(record.title, year) };
  const ids = [naming, ...others];
  const shown = idsOf(ids);
  const version = record.version ?? ids.find((id) => id.scheme === 'arxiv')?.version;
  const more = [...ids, ...(record.aliases ?? []).map(parsePaperId)];
  return {
    id: formatPaperId(naming),
    ids: shown,
    ...known('aliases', aliasesOf(shown, more)),
    title: record.title,
    abstract: record.abstract,
    authors: record.authors,
    categories: record.categories,
    keywords: record.keywords,
    ...known('year', year),
    ...known('date', record.when?.date),
    ...known('venue', record.venue),
    ...known('tldr', record.tldr),
    ...known('url', url),
    ...known('comment', record.comment),
    ...known('citations', record.citations),
    ...known('upvotes', record.upvotes),
    ...known('version', version),
    ...known('versions', versionsOf(version, record.versions)),
    ...known('withdrawn', record.withdrawn === true ? true : undefined),
  };
}
