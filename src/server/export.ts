import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import type { RequestHandler, Response } from 'express';
import type { ServerServices } from './contract.ts';
import { exportRequest } from './request.ts';

/** The same text; a failure under way is noted for the log, since by then no problem document can tell of it. */
export async function* noting(text: AsyncIterable<string>, res: Response): AsyncGenerator<string> {
  try {
    yield* text;
  } catch (thrown) {
    res.err = thrown instanceof Error ? thrown : new Error(String(thrown));
    throw thrown;
  }
}

/**
 * A route that sends papers as they are read: memory does not grow with their number, nor while a client is slow. A failure
 * on the way cuts the connection, so that half a library does not look like a whole one.
 */
export function exporting(services: Pick<ServerServices, 'papersThrough'>): RequestHandler {
  return async (req, res) => {
    const { writer, filter } = exportRequest(req);
    const papers = services.papersThrough(filter);
    res.set({
      'Content-Type': `${writer.mediaType}; charset=utf-8`,
      'Content-Disposition': `attachment; filename="papers.${writer.extension}"`,
    });
    if (req.method === 'HEAD') res.end();
    else await pipeline(Readable.from(noting(writer.write(papers), res)), res);
  };
}
