import { bunzipped, isBzip2 } from './bunzip.ts';
import { inflated, isGzip } from './inflate.ts';
import type { Peeked } from './peek.ts';
import { isZstd, unzstd } from './unzstd.ts';

/** As many first bytes as tell each compression, and a zip. */
export const MAGIC_BYTES = 6;

/**
 * gzip, bzip2 and zstd are recognised by their first bytes and decompressed (once: what is packed twice stays so), anything
 * else is passed on. Memory is bounded whatever the input. Damaged or truncated input throws a plain Error that says what
 * is wrong, after the bytes before the damage as far as each decoder gets (see there).
 */
export function decompressed({ head, chunks }: Pick<Peeked, 'head' | 'chunks'>): AsyncIterable<Uint8Array> {
  if (isGzip(head)) return inflated(chunks, 'gzip');
  if (isBzip2(head)) return bunzipped(chunks);
  if (isZstd(head)) return unzstd(chunks);
  return chunks;
}
