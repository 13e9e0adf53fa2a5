import { type IdScheme, type Paper, type PaperIds, parsePaperId } from '../domain/mod.ts';

export interface PaperRow {
  key: number;
  revision: number;
  id: string;
  source: string;
  title: string;
  abstract: string;
  authors: string;
  year: number | null;
  date: string | null;
  venue: string | null;
  categories: string;
  keywords: string;
  tldr: string | null;
  url: string | null;
  comment: string | null;
  citations: number | null;
  version: number | null;
}

export interface IdRow {
  scheme: IdScheme;
  value: string;
}

function strings(json: string): string[] {
  const parsed: unknown = JSON.parse(json);
  return Array.isArray(parsed) ? parsed.filter((value) => typeof value === 'string') : [];
}

function idsFrom(id: string, rows: readonly IdRow[]): PaperIds {
  const ids: { [scheme in IdScheme]?: string } = {};
  for (const { scheme, value } of rows) ids[scheme] ??= value;
  // A merged paper may hold two ids of one scheme; the one it is filed under is the one to show.
  const own = parsePaperId(id);
  ids[own.scheme] = own.value;
  return ids;
}

export function paperFrom(row: PaperRow, ids: readonly IdRow[]): Paper {
  return {
    id: row.id,
    ids: idsFrom(row.id, ids),
    title: row.title,
    abstract: row.abstract,
    authors: strings(row.authors),
    categories: strings(row.categories),
    keywords: strings(row.keywords),
    ...(row.year === null ? {} : { year: row.year }),
    ...(row.date === null ? {} : { date: row.date }),
    ...(row.venue === null ? {} : { venue: row.venue }),
    ...(row.tldr === null ? {} : { tldr: row.tldr }),
    ...(row.url === null ? {} : { url: row.url }),
    ...(row.comment === null ? {} : { comment: row.comment }),
    ...(row.citations === null ? {} : { citations: row.citations }),
    ...(row.version === null ? {} : { version: row.version }),
  };
}

/**
 * Little-endian float32, as embeddings are stored. Copies, since a blob's memory need not be aligned. A blob cut within
 * a number gives the numbers before it: too short an embedding, which whoever uses it sees.
 */
export function vectorFrom(blob: Uint8Array): Float32Array {
  const bytes = new Uint8Array(blob.byteLength);
  bytes.set(blob);
  return new Float32Array(bytes.buffer, 0, blob.byteLength >> 2);
}

export function blobOf(vector: Float32Array): Uint8Array {
  return new Uint8Array(vector.buffer, vector.byteOffset, vector.byteLength);
}
