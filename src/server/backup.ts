import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import type { RequestHandler } from 'express';
import type { ServerServices } from './contract.ts';
import type { PersonOf } from './person.ts';
import { noParameters } from './request.ts';

/**
 * A route that sends a backup as it is made. It begins to answer with the first bytes, so that what keeps a backup from being
 * made is told as a problem; a failure under way cuts the connection.
 */
export function backingUp(backUp: ServerServices['backUp'], keeperOf: PersonOf): RequestHandler {
  return async (req, res) => {
    keeperOf(req);
    noParameters(req);
    const left = new AbortController();
    res.once('close', () => left.abort());
    const day = new Date().toISOString().slice(0, 10);
    const headers = {
      'Content-Type': 'application/zip',
      'Content-Disposition': `attachment; filename="paperkin-${day}.zip"`,
    };
    if (req.method === 'HEAD') {
      res.set(headers).end();
      return;
    }
    const bytes = backUp(left.signal)[Symbol.asyncIterator]();
    const first = await bytes.next();
    res.set(headers);
    async function* whole(): AsyncGenerator<Uint8Array> {
      try {
        if (first.done !== true) yield first.value;
        yield* { [Symbol.asyncIterator]: () => bytes };
      } catch (thrown) {
        // For the log: by now no problem document can tell of it.
        res.err = thrown instanceof Error ? thrown : new Error(String(thrown));
        throw thrown;
      } finally {
        await bytes.return?.();
      }
    }
    await pipeline(Readable.from(whole()), res);
  };
}
