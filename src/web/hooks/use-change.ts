import { useMutation, useQueryClient } from '@tanstack/react-query';
import type { Change } from '../api/client.ts';
import { asProblem, type Problem } from '../api/problem.ts';
import { useServices } from '../services.ts';

export interface Changing {
  /** Resolves with the server's answer; rejects with a Problem, which is also told to the reader as a toast. */
  readonly change: (change: Change) => Promise<unknown>;
  readonly pending: boolean;
  readonly problem: Problem | undefined;
}

/**
 * Changes something on the server. Afterwards everything asked under the given paths is asked anew where it is shown:
 * `/api/library` stands for `/api/library?tag=x` as well.
 */
export function useChange(touches: readonly string[]): Changing {
  const { client, toasts } = useServices();
  const queries = useQueryClient();
  const { mutateAsync, isPending, error } = useMutation({
    mutationKey: touches,
    // One after the other: saying something and taking it back at once must not overtake each other.
    scope: { id: touches.join(' ') },
    mutationFn: (change: Change) => client.change(change),
    onError: (thrown) => {
      const { code, title, message } = asProblem(thrown);
      const text = code === 'TOKEN_REFUSED' ? 'Sign in first, on the page Settings.' : `${title}. ${message}`;
      toasts.show({ kind: 'problem', text });
    },
    onSettled: async () => {
      // Of several changes in a row the last asks: an answer in between would undo what is shown of those on their way.
      if (queries.isMutating({ mutationKey: touches }) > 1) return;
      await queries.invalidateQueries({
        predicate: ({ queryKey: [url] }) =>
          typeof url === 'string' &&
          touches.some((path) => url === path || (/^[/?]/.test(url.slice(path.length)) && url.startsWith(path))),
      });
    },
  });
  return { change: mutateAsync, pending: isPending, problem: error === null ? undefined : asProblem(error) };
}
