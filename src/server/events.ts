import type { Request, Response } from 'express';
import type { JobEvent, Jobs } from './jobs.ts';

/** Keeps proxies and browsers from taking a quiet stream for a dead one. */
const HEARTBEAT_MS = 15_000;

/** Tells a job's events as text/event-stream until it has ended or the client leaves. */
export function streamJobEvents(req: Request, res: Response, jobs: Jobs, job: string): void {
  res.status(200).set({ 'Content-Type': 'text/event-stream; charset=utf-8', 'Cache-Control': 'no-store' });
  if (req.method === 'HEAD') {
    res.end();
    return;
  }
  res.flushHeaders();
  // Something at once: a queued job has no event yet, and the client learns that the stream is open.
  res.write(': open\n\n');
  const heartbeat = setInterval(() => res.write(': still here\n\n'), HEARTBEAT_MS);
  const unwatch = jobs.watch(job, (event) => {
    // A slow reader misses steps in between rather than filling memory; the last word is always written.
    if (event.event === 'progress' && res.writableNeedDrain) return;
    res.write(`event: ${event.event}\ndata: ${JSON.stringify(payload(event))}\n\n`);
    if (event.event !== 'progress') res.end();
  });
  res.once('close', () => {
    clearInterval(heartbeat);
    unwatch();
  });
}

function payload(event: JobEvent): unknown {
  if (event.event === 'progress') return event.progress;
  return event.event === 'done' ? event.summary : event.problem;
}
