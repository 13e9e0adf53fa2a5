import { type IdScheme, ID_SCHEMES, type Paper, type PaperVersion, parsePaperId, versionsOf } from '../domain/mod.ts';
import { claimsOf, compareTexts, isPaper, presentIds, type SourceRecord } from './source-record.ts';

/** The key with its value, or nothing where there is no value, as exactOptionalPropertyTypes wants it. */
function known<Key extends string, Value>(key: Key, value: Value | undefined): { readonly [key in Key]?: Value } {
  const entries: { [key in Key]?: Value } = {};
  if (value !== undefined) entries[key] = value;
  return entries;
}

/** The one that comes first by each order in turn. */
function first<T>(values: readonly T[], ...orders: readonly ((a: T, b: T) => number)[]): T | undefined {
  const [best] = values.toSorted((a, b) => orders.reduce((order, next) => order || next(a, b), 0));
  return best;
}

const told = <Value>(values: readonly (Value | undefined)[]): Value[] => values.filter((value) => value !== undefined);

const byLength = (a: string, b: string): number => b.length - a.length;
const longest = (texts: readonly (string | undefined)[]): string | undefined =>
  first(told(texts), byLength, compareTexts);

function largest(numbers: readonly (number | undefined)[]): number | undefined {
  const known = told(numbers);
  return known.length > 0 ? Math.max(...known) : undefined;
}

const schemeOf = (paper: Paper): IdScheme => parsePaperId(paper.id).scheme;

/** A record of arXiv that names no version is of the first. */
const arxivVersion = (paper: Paper): number | undefined =>
  schemeOf(paper) === 'arxiv' ? (paper.version ?? 1) : undefined;

/** Without the records of arXiv versions older than the newest among them. */
function newest(papers: readonly Paper[]): readonly Paper[] {
  const latest = largest(papers.map(arxivVersion));
  return papers.filter((paper) => (arxivVersion(paper) ?? latest) === latest);
}

/** `some`, or all where there is none. */
const orAll = <T>(some: readonly T[], all: readonly T[]): readonly T[] => (some.length > 0 ? some : all);

/** The record whose title and abstract are the paper's. */
function textOf(papers: readonly Paper[]): Paper | undefined {
  const withAbstract = orAll(
    papers.filter(({ abstract }) => abstract !== ''),
    papers,
  );
  // The withdrawn first: the notice in a last version must not take the place of the text before it.
  const standing = orAll(
    withAbstract.filter(({ withdrawn }) => !withdrawn),
    withAbstract,
  );
  return first(
    newest(standing),
    (a, b) => byLength(a.abstract, b.abstract),
    (a, b) => byLength(a.title, b.title),
    (a, b) => compareTexts(a.title, b.title) || compareTexts(a.abstract, b.abstract),
  );
}

// A title made up by the reader is the last to be called by, an address the last but one.
const STRENGTH: readonly (IdScheme | 'made up')[] = [
  ...ID_SCHEMES.filter((s) => s !== 'url' && s !== 'local'),
  'local',
  'url',
  'made up',
];

function strength(id: string): number {
  const { scheme } = parsePaperId(id);
  return STRENGTH.indexOf(scheme === 'local' && id.startsWith('title:') ? 'made up' : scheme);
}

function authorsOf(papers: readonly Paper[], text: Paper): readonly string[] {
  const joined = ({ authors }: Paper): string => authors.join('\n');
  const best = first(
    papers,
    (a, b) => b.authors.length - a.authors.length,
    (a, b) => byLength(joined(a), joined(b)),
    (a, b) => Number(b === text) - Number(a === text),
    (a, b) => compareTexts(joined(a), joined(b)),
  );
  return best?.authors ?? [];
}

function whenOf(papers: readonly Paper[]): Pick<Paper, 'year' | 'date'> {
  const years = told(papers.map(({ year }) => year));
  const earliest = first(
    papers.filter(({ date }) => date !== undefined),
    (a, b) => compareTexts(a.date ?? '', b.date ?? ''),
    (a, b) => (a.year ?? Infinity) - (b.year ?? Infinity) || 0,
  );
  const year = earliest?.year ?? (years.length > 0 ? Math.min(...years) : undefined);
  return { ...known('year', year), ...known('date', earliest?.date) };
}

/** Names of archives, as records give them for a venue. */
const ARCHIVE = /^(?:arxiv|corr|biorxiv|medrxiv)\b/i;

function venueOf(papers: readonly Paper[]): string | undefined {
  const isArchive = (venue: string): number => Number(ARCHIVE.test(venue));
  return first(told(papers.map(({ venue }) => venue)), (a, b) => isArchive(a) - isArchive(b), byLength, compareTexts);
}

const versionsIn = ({ version, versions = [] }: Paper): readonly PaperVersion[] =>
  version === undefined ? versions : [{ number: version }, ...versions];

/**
 * The paper that records of it make: every id, the best of each field. It depends on the records alone, not on the order
 * they are given or came in; one record makes itself. Throws where none of them tells of a paper.
 */
export function composePaper(records: readonly SourceRecord[]): Paper {
  const inOrder = records
    .filter(isPaper)
    .sort(
      (a, b) =>
        compareTexts(a.paper.id, b.paper.id) ||
        compareTexts(a.source.toLowerCase(), b.source.toLowerCase()) ||
        compareTexts(a.source, b.source),
    );
  const papers = inOrder.map(({ paper }) => paper);
  const text = textOf(papers);
  const canonical = first(
    papers,
    (a, b) => strength(a.id) - strength(b.id),
    (a, b) => compareTexts(a.id, b.id),
  );
  if (!text || !canonical) throw new Error('a paper is made of at least one record that tells of it');
  if (records.length === 1) return text;
  const fromText = [text, ...papers];
  const versions = versionsOf(undefined, ...papers.map(versionsIn));
  const withdrawn = !records.every(isPaper) || newest(papers).some((paper) => paper.withdrawn);
  const url =
    papers.find((paper) => paper.id === canonical.id && paper.url !== undefined) ??
    papers.find((paper) => paper.url !== undefined);
  return {
    ...presentIds(parsePaperId(canonical.id), claimsOf(records)),
    title: text.title,
    abstract: text.abstract,
    authors: authorsOf(papers, text),
    ...whenOf(papers),
    ...known('venue', venueOf(papers)),
    categories: [...new Set(fromText.flatMap(({ categories }) => categories))],
    keywords: [...new Set(fromText.flatMap(({ keywords }) => keywords))],
    ...known('tldr', longest(papers.map(({ tldr }) => tldr))),
    ...known('url', url?.url),
    ...known('comment', longest(papers.map(({ comment }) => comment))),
    ...known('citations', largest(papers.map(({ citations }) => citations))),
    ...known('upvotes', largest(papers.map(({ upvotes }) => upvotes))),
    ...known('version', largest(papers.map(({ version }) => version))),
    ...known('versions', versions),
    ...known('withdrawn', withdrawn ? true : undefined),
  };
}

// The sentence that stands for a withdrawn abstract, with its reason; a text that goes on for longer has more to say.
const NOTICE = /^\W*(?:this|the) (?:\w+ ){0,4}(?:has|have|had|is|was) (?:\w+ ){0,2}withdrawn\b/i;
const MAX_NOTICE_CHARS = 500;

const isNotice = (abstract: string): boolean =>
  abstract === '' || (abstract.length <= MAX_NOTICE_CHARS && NOTICE.test(abstract));

/** Whether a record tells of an earlier version than another; one that names none is neither earlier nor later. */
export function isOlder(a: SourceRecord, b: SourceRecord): boolean {
  if (!isPaper(a) || !isPaper(b)) return false;
  return a.paper.version !== undefined && b.paper.version !== undefined && a.paper.version < b.paper.version;
}

/**
 * What a source says of an id after it has spoken of it again: the new record in place of the held one. An older version
 * than the held one adds to the history of versions only; a withdrawal leaves the text that was there.
 */
export function correctRecord(held: SourceRecord, again: SourceRecord): SourceRecord {
  const { source } = again;
  if (!isPaper(held)) return again;
  if (!isPaper(again)) return { source, paper: { ...held.paper, withdrawn: true } };
  const versions = versionsOf(undefined, versionsIn(held.paper), versionsIn(again.paper));
  if (isOlder(again, held)) return { source, paper: { ...held.paper, ...known('versions', versions) } };
  const silent = again.paper.withdrawn && held.paper.abstract !== '' && isNotice(again.paper.abstract);
  const { title, abstract } = silent ? held.paper : again.paper;
  return { source, paper: { ...again.paper, title, abstract, ...known('versions', versions) } };
}
