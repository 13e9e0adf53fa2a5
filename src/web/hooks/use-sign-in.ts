import { useQueryClient } from '@tanstack/react-query';
import { useServices } from '../services.ts';

/** Goes on as whoever has a token, `undefined` for nobody. What was asked, done and half typed before was another's. */
export function useSignIn(): (token: string | undefined) => void {
  const { client, toasts, drafts } = useServices();
  const queries = useQueryClient();
  return (token) => {
    client.signIn(token);
    // Taken back now, it would be taken back from the next reader's library.
    toasts.clear();
    drafts.clear();
    void queries.resetQueries();
  };
}
