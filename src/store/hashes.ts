import { createHash } from 'node:crypto';
import type { Paper } from '../domain/mod.ts';

// 16 bytes of SHA-256: collisions need 2^64 texts, and the hash is stored once a paper and once an embedding.
const HASH_BYTES = 16;

function sha256(text: string): Buffer {
  return createHash('sha256').update(text, 'utf8').digest().subarray(0, HASH_BYTES);
}

/** Names the text that is embedded: papers with equal hashes share one embedding. */
export function textHash(title: string, abstract: string): Buffer {
  return sha256(`${title}\u0000${abstract}`);
}

/** Names everything that is said of a paper: records with equal hashes say the same. */
export function paperHash(paper: Paper): Buffer {
  const ids = Object.entries(paper.ids).sort(([a], [b]) => (a < b ? -1 : 1));
  const { id, aliases, title, abstract, authors, year, date, venue, categories, keywords, tldr, url, comment } = paper;
  const { citations, upvotes, version, versions, withdrawn } = paper;
  const words = [id, ids, aliases, title, abstract, authors, year, date, venue, categories, keywords];
  const rest = [tldr, url, comment, citations, upvotes, version, withdrawn];
  return sha256(JSON.stringify([...words, ...rest, versions?.map(({ number, date }) => [number, date])]));
}

/** What names a source's withdrawal of a paper among the hashes of its records. */
export const WITHDRAWAL_HASH = sha256('withdrawn');
