import { keepPreviousData, useQuery } from '@tanstack/react-query';
import { asProblem, type Problem } from '../api/problem.ts';
import { keyOf, type Request } from '../api/requests.ts';
import { useServices } from '../services.ts';

/** State of a question. `value` while loading is the answer to the question before, to be shown until the new one is in. */
export type Asked<T> = { readonly retry: () => void } & (
  | { readonly state: 'idle'; readonly value: undefined }
  | { readonly state: 'loading'; readonly value: T | undefined }
  | { readonly state: 'ready'; readonly value: T }
  | { readonly state: 'failed'; readonly value: T | undefined; readonly problem: Problem }
);

/** A server that is starting is asked again by itself. */
const STARTING_RETRY_MS = 1_500;

const isStarting = (problem: unknown): boolean => asProblem(problem).code === 'NOT_READY';

/** Asks the server whenever the question changes; the request before is cancelled. */
export function useAnswer<T>(request: Request<T> | undefined): Asked<T> {
  const { client } = useServices();
  const { data, error, isPlaceholderData, refetch } = useQuery({
    queryKey: request ? keyOf(request) : [],
    queryFn: ({ signal }) => {
      if (!request) throw new Error('asked without a question');
      return client.ask(request, signal);
    },
    enabled: request !== undefined,
    placeholderData: keepPreviousData,
    refetchInterval: ({ state }) => (isStarting(state.error) ? STARTING_RETRY_MS : false),
  });
  const retry = (): void => void refetch();
  if (!request) return { state: 'idle', value: undefined, retry };
  if (error !== null) return { state: 'failed', value: data, problem: asProblem(error), retry };
  if (data === undefined || isPlaceholderData) return { state: 'loading', value: data, retry };
  return { state: 'ready', value: data, retry };
}
