import { type IdScheme, type Paper, type PaperVersion, parsePaperId } from '../domain/mod.ts';
import type { PackedVector } from '../domain/packed-vector.ts';
import { textHash } from './hashes.ts';
import { presentIds } from './source-record.ts';

export interface PaperRow {
  key: number;
  revision: number;
  id: string;
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
  upvotes: number | null;
  version: number | null;
  versions: string | null;
  withdrawn: number | null;
}

export interface IdRow {
  scheme: IdScheme;
  value: string;
  /** Whose own id it is; empty where the id means the same everywhere. */
  source: string;
  /** 1: an own id that another paper has from another source. */
  clash: number;
}

type Bound = string | number | Uint8Array | null;

/** The columns of a paper's row, but for its key and revision. */
export function columnsOf(paper: Paper) {
  return {
    id: paper.id,
    title: paper.title,
    abstract: paper.abstract,
    text_hash: textHash(paper.title, paper.abstract),
    authors: JSON.stringify(paper.authors),
    year: paper.year ?? null,
    date: paper.date ?? null,
    venue: paper.venue ?? null,
    categories: JSON.stringify(paper.categories),
    keywords: JSON.stringify(paper.keywords),
    tldr: paper.tldr ?? null,
    url: paper.url ?? null,
    comment: paper.comment ?? null,
    citations: paper.citations ?? null,
    upvotes: paper.upvotes ?? null,
    version: paper.version ?? null,
    versions: paper.versions ? JSON.stringify(paper.versions) : null,
    withdrawn: paper.withdrawn ? 1 : null,
  } satisfies Record<string, Bound>;
}

function strings(json: string): string[] {
  const parsed: unknown = JSON.parse(json);
  return Array.isArray(parsed) ? parsed.filter((value) => typeof value === 'string') : [];
}

function versionsFrom(json: string): PaperVersion[] {
  const parsed: unknown = JSON.parse(json);
  const isVersion = (value: unknown): value is PaperVersion =>
    typeof value === 'object' && value !== null && 'number' in value && typeof value.number === 'number';
  return Array.isArray(parsed) ? parsed.filter(isVersion) : [];
}

/**
 * The ids of a paper. A collection's own id that another collection has for another paper names neither: both are called
 * after their sources then.
 */
export function idsFrom(id: string, rows: readonly IdRow[]): Pick<Paper, 'id' | 'ids' | 'aliases'> {
  const shown = rows.map(({ scheme, value, source, clash }) => ({
    scheme,
    value: clash === 0 ? value : `${source}:${value}`,
  }));
  const own = parsePaperId(id);
  const at = own.scheme === 'local' ? rows.findIndex((row) => row.scheme === 'local' && row.value === own.value) : -1;
  return presentIds(shown[at] ?? own, shown);
}

export function paperFrom(row: PaperRow, ids: readonly IdRow[]): Paper {
  return {
    ...idsFrom(row.id, ids),
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
    ...(row.upvotes === null ? {} : { upvotes: row.upvotes }),
    ...(row.version === null ? {} : { version: row.version }),
    ...(row.versions === null ? {} : { versions: versionsFrom(row.versions) }),
    ...(row.withdrawn === null ? {} : { withdrawn: true as const }),
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

/** Its memory is the blob's: a byte needs no alignment. */
export function packedFrom(blob: Uint8Array | null): PackedVector | undefined {
  return blob === null ? undefined : new Int8Array(blob.buffer, blob.byteOffset, blob.byteLength);
}
