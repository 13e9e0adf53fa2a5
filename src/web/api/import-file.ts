import type { ImportProgress, ImportSummary } from '../../domain/mod.ts';
import type { Client } from './client.ts';
import type { ImportEvent } from './import-event.ts';
import { isRecord } from './requests.ts';
import { asProblem, problemOf, unreachable } from './problem.ts';

interface Accepted {
  readonly job: string;
  readonly events: string;
}

interface JobState {
  readonly state: 'queued' | 'running' | 'done' | 'failed';
  readonly progress?: ImportProgress;
  readonly summary?: ImportSummary;
  readonly problem?: unknown;
}

const isAccepted = (body: unknown): body is Accepted =>
  isRecord(body) && typeof body['job'] === 'string' && typeof body['events'] === 'string';
const isJobState = (body: unknown): body is JobState => isRecord(body) && typeof body['state'] === 'string';
const isProgress = (body: unknown): body is ImportProgress => isRecord(body) && typeof body['stage'] === 'string';
const isSummary = (body: unknown): body is ImportSummary => isRecord(body) && Array.isArray(body['rejected']);

/** How often the job's state is asked for while its stream of events is broken. */
const POLL_MS = 1_000;

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    // The status says what happened.
    return undefined;
  }
}

/** XMLHttpRequest, since `fetch` reports no progress of an upload. */
function upload(
  file: File,
  headers: Readonly<Record<string, string>>,
  report: (event: ImportEvent) => void,
): Promise<Accepted> {
  return new Promise((resolve, reject) => {
    const request = new XMLHttpRequest();
    request.open('POST', `/api/import?name=${encodeURIComponent(file.name)}`);
    request.setRequestHeader('content-type', 'application/octet-stream');
    for (const [name, value] of Object.entries(headers)) request.setRequestHeader(name, value);
    request.upload.addEventListener('progress', ({ loaded }) =>
      report({ kind: 'uploading', sentBytes: loaded, totalBytes: file.size }),
    );
    request.addEventListener('error', () => reject(unreachable()));
    request.addEventListener('load', () => {
      const body = parseJson(request.responseText);
      if (request.status === 202 && isAccepted(body)) resolve(body);
      else reject(problemOf(body, request.status));
    });
    request.send(file);
  });
}

async function stateOf(job: string): Promise<JobState> {
  const response = await fetch(`/api/import/${encodeURIComponent(job)}`);
  const body: unknown = await response.json();
  if (!response.ok || !isJobState(body)) throw problemOf(body, response.status);
  return body;
}

/** The job's end, if its state is one. */
function ending(state: JobState): ImportEvent | undefined {
  if (state.state === 'done' && state.summary) return { kind: 'done', summary: state.summary };
  if (state.state === 'failed') return { kind: 'failed', problem: problemOf(state.problem, 500) };
  return undefined;
}

/** Follows a job to its end: by its events, and by asking for its state whenever the stream breaks. */
function follow({ job, events }: Accepted, report: (event: ImportEvent) => void): Promise<ImportEvent> {
  return new Promise((resolve, reject) => {
    const source = new EventSource(events);
    let poll: ReturnType<typeof setTimeout> | undefined;
    const finish = (event: ImportEvent): void => {
      clearTimeout(poll);
      source.close();
      resolve(event);
    };
    const askState = async (): Promise<void> => {
      try {
        const state = await stateOf(job);
        const end = ending(state);
        if (end) return finish(end);
        if (state.progress) report({ kind: 'progress', progress: state.progress });
      } catch (error) {
        const problem = asProblem(error);
        // A job nobody knows will not end; a server out of reach may come back.
        if (problem.status === 404) {
          source.close();
          reject(problem);
          return;
        }
      }
      poll = setTimeout(() => void askState(), POLL_MS);
    };
    const read = (event: Event): unknown => (event instanceof MessageEvent ? parseJson(String(event.data)) : undefined);
    source.addEventListener('open', () => clearTimeout(poll));
    source.addEventListener('progress', (event) => {
      clearTimeout(poll);
      const progress = read(event);
      if (isProgress(progress)) report({ kind: 'progress', progress });
    });
    source.addEventListener('done', (event) => {
      const summary = read(event);
      finish(isSummary(summary) ? { kind: 'done', summary } : { kind: 'failed', problem: problemOf(summary, 500) });
    });
    source.addEventListener('failed', (event) => finish({ kind: 'failed', problem: problemOf(read(event), 500) }));
    source.addEventListener('error', () => {
      clearTimeout(poll);
      poll = setTimeout(() => void askState(), POLL_MS / 4);
    });
  });
}

/** Sends one file to the server and reports until it is imported or has failed; never throws. */
export async function importFile(
  client: Pick<Client, 'headers'>,
  file: File,
  report: (event: ImportEvent) => void,
): Promise<void> {
  report({ kind: 'uploading', sentBytes: 0, totalBytes: file.size });
  try {
    report(await follow(await upload(file, await client.headers(), report), report));
  } catch (error) {
    report({ kind: 'failed', problem: asProblem(error) });
  }
}
