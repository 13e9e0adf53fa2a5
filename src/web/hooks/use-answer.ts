import { useEffect, useEffectEvent, useState } from 'react';
import { keyOf } from '../api/api.ts';
import { asProblem, type Problem } from '../api/problem.ts';
import type { Request } from '../api/requests.ts';
import { useGeneration, useServices } from '../services.ts';

/** State of a question. `value` while loading is the answer to the question before, to be shown until the new one is in. */
export type Asked<T> = { readonly retry: () => void } & (
  | { readonly state: 'idle'; readonly value: undefined }
  | { readonly state: 'loading'; readonly value: T | undefined }
  | { readonly state: 'ready'; readonly value: T }
  | { readonly state: 'failed'; readonly value: T | undefined; readonly problem: Problem }
);

interface Settled<T> {
  readonly key: string;
  readonly value?: T;
  readonly problem?: Problem;
}

/** A server that is starting is asked again by itself. */
const STARTING_RETRY_MS = 1_500;

/**
 * Asks the server whenever the question changes. The request before is aborted, and an answer is only ever shown for the
 * question it was given to, so an older one cannot replace a newer one.
 */
export function useAnswer<T>(request: Request<T> | undefined): Asked<T> {
  const { api } = useServices();
  const generation = useGeneration();
  const [attempt, setAttempt] = useState(0);
  const [settled, setSettled] = useState<Settled<T>>({ key: '' });
  const key = request ? `${keyOf(request)} ${generation} ${attempt}` : '';
  const ask = useEffectEvent(async (signal: AbortSignal) => (request ? await api.ask(request, signal) : undefined));

  useEffect(() => {
    const controller = new AbortController();
    let again: ReturnType<typeof setTimeout> | undefined;
    const settle = async (): Promise<void> => {
      try {
        const value = await ask(controller.signal);
        if (!controller.signal.aborted && value !== undefined) setSettled({ key, value });
      } catch (error) {
        if (controller.signal.aborted) return;
        const problem = asProblem(error);
        setSettled((before) => ({ ...before, key, problem }));
        if (problem.code === 'NOT_READY') again = setTimeout(() => void settle(), STARTING_RETRY_MS);
      }
    };
    void settle();
    return () => {
      controller.abort();
      clearTimeout(again);
    };
  }, [key]);

  const retry = (): void => setAttempt((count) => count + 1);
  if (!request) return { state: 'idle', value: undefined, retry };
  if (settled.key === key && settled.problem) {
    return { state: 'failed', value: settled.value, problem: settled.problem, retry };
  }
  // What is remembered is shown in the same breath: the page must have its height when it is scrolled back.
  const value = settled.key === key ? settled.value : api.known(request);
  if (value !== undefined) return { state: 'ready', value, retry };
  return { state: 'loading', value: settled.value, retry };
}
