import type { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { createBrotliDecompress, createGunzip, createInflate } from 'node:zlib';

/** A body past its limit; another attempt would bring the same. */
export class TooLarge extends Error {}

function decoderFor(encoding: string) {
  switch (encoding) {
    case 'gzip':
    case 'x-gzip':
      return createGunzip();
    case 'br':
      return createBrotliDecompress();
    case 'deflate':
      return createInflate();
    default:
      throw new Error(`the answer is encoded as ${encoding}, which was not asked for`);
  }
}

/**
 * A body in memory, decompressed. Throws TooLarge as soon as the decompressed bytes pass the limit, however few the
 * compressed ones were, and what the connection or the decoder throws where the body was cut.
 */
export async function bodyOf(body: Readable, encoding: string | undefined, limitBytes: number): Promise<Buffer> {
  const chunks: Buffer[] = [];
  let bytes = 0;
  const collect = async (source: AsyncIterable<Buffer>): Promise<void> => {
    for await (const chunk of source) {
      bytes += chunk.length;
      if (bytes > limitBytes) return;
      chunks.push(chunk);
    }
  };
  const named = encoding?.trim().toLowerCase() ?? '';
  try {
    if (named === '' || named === 'identity') await pipeline(body, collect);
    else await pipeline(body, decoderFor(named), collect);
  } catch (thrown) {
    // What is left unread fails in its own way.
    if (bytes <= limitBytes) throw thrown;
  }
  if (bytes > limitBytes) throw new TooLarge(`the answer is larger than ${limitBytes} bytes`);
  return Buffer.concat(chunks, bytes);
}
