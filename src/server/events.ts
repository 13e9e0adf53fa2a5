import type { Request, Response } from 'express';
import type { JobJson } from '../domain/mod.ts';
import type { JobEvent, Jobs } from './jobs.ts';

/** Keeps proxies and browsers from taking a quiet stream for a dead one. */
const HEARTBEAT_MS = 15_000;

/** Opens a stream of events; `undefined` for a request that wants only its headers. */
function openStream(req: Request, res: Response): { readonly onClose: (end: () => void) => void } | undefined {
  res.status(200).set({ 'Content-Type': 'text/event-stream; charset=utf-8', 'Cache-Control': 'no-store' });
  if (req.method === 'HEAD') {
    res.end();
    return undefined;
  }
  res.flushHeaders();
  // Something at once: a queued job has no event yet, and the client learns that the stream is open.
  res.write(': open\n\n');
  const heartbeat = setInterval(() => res.write(': still here\n\n'), HEARTBEAT_MS);
  return {
    onClose: (end) =>
      void res.once('close', () => {
        clearInterval(heartbeat);
        end();
      }),
  };
}

const eventText = (event: string, data: unknown): string => `event: ${event}\ndata: ${JSON.stringify(data)}\n\n`;

/** Tells a job's events as text/event-stream until it has ended or the client leaves. */
export function streamJobEvents(req: Request, res: Response, jobs: Jobs, job: string): void {
  const stream = openStream(req, res);
  if (!stream) return;
  const unwatch = jobs.watch(job, (event) => {
    // A slow reader misses steps in between rather than filling memory; the last word is always written.
    if (event.event === 'progress' && res.writableNeedDrain) return;
    res.write(eventText(event.event, payload(event)));
    if (event.event !== 'progress') res.end();
  });
  stream.onClose(unwatch);
}

/** Tells of all jobs until the client leaves: first those there are, as `jobs`, then each that has changed, as `job`. */
export function streamAllJobs(
  req: Request,
  res: Response,
  jobs: Pick<Jobs, 'watchAll'>,
  list: () => readonly JobJson[],
  shown: (job: JobJson) => JobJson,
): void {
  const stream = openStream(req, res);
  if (!stream) return;
  res.write(eventText('jobs', list()));
  const unwatch = jobs.watchAll({
    changed: (job) => {
      // As above: steps in between may be missed, beginnings and ends are not.
      if (job.state === 'running' && job.progress && res.writableNeedDrain) return;
      res.write(eventText('job', shown(job)));
    },
    closed: () => res.end(),
  });
  stream.onClose(unwatch);
}

function payload(event: JobEvent): unknown {
  if (event.event === 'progress') return event.progress;
  return event.event === 'done' ? event.summary : event.problem;
}
