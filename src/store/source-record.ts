import * as z from 'zod';
import {
  aliasesOf,
  formatPaperId,
  ID_SCHEMES,
  type IdScheme,
  idsOf,
  type Paper,
  type PaperId,
  parsePaperId,
} from '../domain/mod.ts';

/** A paper as one source tells it. A source that speaks again of an id corrects itself; other sources add to it. */
export interface ToldPaper {
  /** What the reader calls where it came from, in any case of letters; papers can be filtered by it. */
  readonly source: string;
  readonly paper: Paper;
}

/** A source takes back the paper with this id, without telling anything else of it. */
export interface Withdrawal {
  readonly source: string;
  readonly withdrawn: string;
}

export type SourceRecord = ToldPaper | Withdrawal;

export const isPaper = (record: SourceRecord): record is ToldPaper => 'paper' in record;

/** An id that a record gives its paper; `source` is empty but for a collection's own ids, which mean nothing elsewhere. */
export interface Claim extends PaperId {
  readonly source: string;
}

/** Schemes whose ids name one paper everywhere. An address does not: many papers may share a page. */
export const IDENTIFYING: ReadonlySet<IdScheme> = new Set(['arxiv', 'doi', 'acl', 'openreview', 'pmid', 's2']);

export const compareTexts = (a: string, b: string): number => (a < b ? -1 : Number(a > b));

export const idOf = (record: SourceRecord): string => (isPaper(record) ? record.paper.id : record.withdrawn);

/** What a record is known by among all: its id, or `source:id` where that is the source's own. */
export function nameOf(record: SourceRecord): string {
  const id = idOf(record);
  return parsePaperId(id).scheme === 'local' ? `${record.source.toLowerCase()}:${id}` : id;
}

function idsIn({ id, ids, aliases = [] }: Paper): PaperId[] {
  const shown = ID_SCHEMES.flatMap((scheme) => {
    const value = ids[scheme];
    return value === undefined ? [] : [{ scheme, value }];
  });
  return [parsePaperId(id), ...shown, ...aliases.map(parsePaperId)];
}

export const claimKey = ({ scheme, value, source }: Claim): string => JSON.stringify([scheme, value, source]);

/** The ids that records give their paper, each once, sorted. */
export function claimsOf(records: readonly SourceRecord[]): Claim[] {
  const claims = new Map<string, Claim>();
  for (const record of records) {
    const ids = isPaper(record) ? idsIn(record.paper) : [parsePaperId(record.withdrawn)];
    for (const { scheme, value } of ids) {
      const source = scheme === 'local' ? record.source : '';
      const name = claimKey({ scheme, value, source: source.toLowerCase() });
      const held = claims.get(name);
      if (held === undefined || source < held.source) claims.set(name, { scheme, value, source });
    }
  }
  return [...claims.entries()].sort(([a], [b]) => compareTexts(a, b)).map(([, claim]) => claim);
}

/** A paper's ids as they are shown: of each scheme its own or the smallest, all others among the aliases. */
export function presentIds(own: PaperId, ids: readonly PaperId[]): Pick<Paper, 'id' | 'ids' | 'aliases'> {
  const shown = idsOf([own, ...ids.toSorted((a, b) => compareTexts(a.value, b.value))]);
  const aliases = aliasesOf(shown, ids);
  return { id: formatPaperId(own), ids: shown, ...(aliases ? { aliases } : {}) };
}

/** The same record with its ids in normal form and order. */
export function normalRecord(record: SourceRecord): SourceRecord {
  const { source } = record;
  if (!isPaper(record)) return { source, withdrawn: formatPaperId(parsePaperId(record.withdrawn)) };
  const { aliases: _, ...paper } = record.paper;
  return { source, paper: { ...paper, ...presentIds(parsePaperId(paper.id), idsIn(record.paper)) } };
}

const paperSchema = z.object({
  id: z.string(),
  ids: z.partialRecord(z.enum(ID_SCHEMES), z.string()),
  aliases: z.array(z.string()).exactOptional(),
  title: z.string(),
  abstract: z.string(),
  authors: z.array(z.string()),
  year: z.number().exactOptional(),
  date: z.string().exactOptional(),
  venue: z.string().exactOptional(),
  categories: z.array(z.string()),
  keywords: z.array(z.string()),
  tldr: z.string().exactOptional(),
  url: z.string().exactOptional(),
  comment: z.string().exactOptional(),
  citations: z.number().exactOptional(),
  upvotes: z.number().exactOptional(),
  version: z.number().exactOptional(),
  versions: z.array(z.object({ number: z.number(), date: z.string().exactOptional() })).exactOptional(),
  withdrawn: z.literal(true).exactOptional(),
});

/** How a withdrawal is written down in place of a paper. */
export const WITHDRAWAL = '{"withdrawn":true}';

export const writeTold = (record: SourceRecord): string =>
  isPaper(record) ? JSON.stringify(record.paper) : WITHDRAWAL;

export function readTold(source: string, id: string, told: string): SourceRecord {
  return told === WITHDRAWAL ? { source, withdrawn: id } : { source, paper: paperSchema.parse(JSON.parse(told)) };
}
