import type { Content } from './contract.ts';

/** As files and pipes give them: where a body came in one piece, its records would not be told apart by what arrived. */
const CHUNK_BYTES = 64 * 1024;
/** A batch of 256 readings that hold smaller records than this takes 64 MiB at most. */
const LARGE_RECORD_BYTES = 256 * 1024;

/**
 * The readings of a content, none of which keeps a large record in memory. V8 keeps the whole of a text for any part of it,
 * so that a name or a reason cut out of a record may hold the record: where much has arrived for a reading, it is copied.
 */
export async function* detached<Found>(
  content: Content,
  read: (content: Content) => AsyncIterable<Found>,
): AsyncGenerator<Found> {
  let arrived = 0;
  let taken = 0;
  async function* counted(): AsyncGenerator<Uint8Array> {
    for await (const chunk of content.chunks) {
      for (let at = 0; at < chunk.length; at += CHUNK_BYTES) {
        const part = chunk.subarray(at, at + CHUNK_BYTES);
        arrived += part.length;
        yield part;
      }
    }
  }
  for await (const reading of read({ ...content, chunks: counted() })) {
    yield arrived - taken > LARGE_RECORD_BYTES ? structuredClone(reading) : reading;
    taken = arrived;
  }
}
