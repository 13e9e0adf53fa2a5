import { useQueryClient, type QueryClient } from '@tanstack/react-query';
import { EventSourceParserStream } from 'eventsource-parser/stream';
import { useEffect, useState } from 'react';
import type { JobJson } from '../../domain/mod.ts';
import type { Client } from '../api/client.ts';
import { asProblem, type Problem, problemOf } from '../api/problem.ts';
import { isJob, isJobs } from '../api/settings-requests.ts';
import { useServices } from '../services.ts';

export type Jobs =
  | { readonly state: 'loading' }
  | { readonly state: 'ready'; readonly jobs: readonly JobJson[] }
  | { readonly state: 'failed'; readonly problem: Problem };

/** After a stream that broke: a server that is restarted is back in a few of these. */
const RECONNECT_MS = 2_000;

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    // Cut off by a server that went: the next connection begins with the whole list.
    return undefined;
  }
}

/** What comes of a job that has ended is asked for anew where it is shown. */
function ended(queries: QueryClient): void {
  void queries.invalidateQueries({
    predicate: ({ queryKey: [url] }) => typeof url === 'string' && !url.startsWith('/api/person'),
  });
}

/** Follows the stream until it ends. `EventSource` would do, but for the token of a person, which it cannot send. */
async function follow(
  client: Pick<Client, 'headers'>,
  signal: AbortSignal,
  heard: (event: string | undefined, data: unknown) => void,
): Promise<void> {
  const response = await fetch('/api/jobs/events', { headers: await client.headers(), signal });
  if (!response.ok) throw problemOf(parsed(await response.text()), response.status);
  const events = response.body?.pipeThrough(new TextDecoderStream()).pipeThrough(new EventSourceParserStream());
  const reader = events?.getReader();
  for (let next = await reader?.read(); next && !next.done; next = await reader?.read()) {
    heard(next.value.event, parsed(next.value.data));
  }
}

/** All jobs of the server, as they go on, for as long as they are shown. */
export function useJobs(): Jobs {
  const { client } = useServices();
  const queries = useQueryClient();
  const [jobs, setJobs] = useState<Jobs>({ state: 'loading' });
  useEffect(() => {
    const left = new AbortController();
    const { signal } = left;
    let timer: ReturnType<typeof setTimeout> | undefined;
    const heard = (event: string | undefined, data: unknown): void => {
      if (event === 'jobs' && isJobs(data)) setJobs({ state: 'ready', jobs: data });
      if (event !== 'job' || !isJob(data)) return;
      setJobs((now) => ({ state: 'ready', jobs: withJob(now.state === 'ready' ? now.jobs : [], data) }));
      if (data.endedAt !== undefined) ended(queries);
    };
    const run = async (): Promise<void> => {
      try {
        await follow(client, signal, heard);
      } catch (thrown) {
        if (signal.aborted) return;
        setJobs({ state: 'failed', problem: asProblem(thrown) });
      }
      if (!signal.aborted) timer = setTimeout(() => void run(), RECONNECT_MS);
    };
    void run();
    return () => {
      left.abort();
      clearTimeout(timer);
    };
  }, [client, queries]);
  return jobs;
}

function withJob(jobs: readonly JobJson[], changed: JobJson): readonly JobJson[] {
  const known = jobs.some(({ job }) => job === changed.job);
  return known ? jobs.map((job) => (job.job === changed.job ? changed : job)) : [changed, ...jobs];
}
