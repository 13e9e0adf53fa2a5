import { formatPaperId, type Paper, type PaperId, parsePaperId, webAddress } from '../../domain/mod.ts';
import type { Written } from './writer.ts';

type Field = keyof Written;

/** In the order of Paperkin's JSON. */
const FIELDS: readonly Field[] = [
  ...([
    'id',
    'ids',
    'aliases',
    'title',
    'authors',
    'year',
    'date',
    'venue',
    'categories',
    'keywords',
    'abstract',
  ] as const),
  ...(['tldr', 'comment', 'note', 'citations', 'upvotes', 'url', 'version', 'versions', 'withdrawn'] as const),
];

const saysNothing = (value: Written[Field]): boolean =>
  value === undefined || value === '' || (Array.isArray(value) && value.length === 0);

/** A paper as Paperkin's JSON, without what is unknown and without the fields that are told elsewhere. */
export function fieldsOf(paper: Written, told: readonly Field[] = []): Readonly<Record<string, unknown>> {
  const fields: Record<string, unknown> = {};
  for (const field of FIELDS) {
    if (!told.includes(field) && !saysNothing(paper[field])) fields[field] = paper[field];
  }
  return fields;
}

/**
 * Whether a reader that is told these ids, and nothing else of ids, arrives at the paper's `ids`. Two told ids of one
 * scheme leave open which of them is shown.
 */
export function idsAreTold({ ids }: Paper, told: readonly PaperId[]): boolean {
  const spelt = new Set(told.map(formatPaperId));
  const schemes = new Set(told.map(({ scheme }) => scheme));
  return (
    spelt.size === schemes.size &&
    Object.values(ids).length === schemes.size &&
    told.every(({ scheme, value }) => ids[scheme] === value)
  );
}

/** The ids that a reader gets from a paper's own id, its DOI and its address. */
export function plainIds({ id, ids, url }: Paper): PaperId[] {
  return [
    parsePaperId(id),
    ...(ids.doi === undefined ? [] : [{ scheme: 'doi' as const, value: ids.doi }]),
    ...(url === undefined ? [] : [parsePaperId(url)]),
  ];
}

/** The address that a citation gives: whoever reads it may follow it, so nothing but the web's own schemes. */
export function citedAddress({ ids, url }: Paper): string | undefined {
  return webAddress(url) ?? (ids.arxiv && `https://arxiv.org/abs/${ids.arxiv}`);
}

/** Whether the day alone tells the year too. */
export function dayTellsYear({ year, date }: Paper): boolean {
  return date !== undefined && Number(date.slice(0, 4)) === year;
}
