import { keepPreviousData, useQueries } from '@tanstack/react-query';
import type { SavedRow } from '../../domain/mod.ts';
import { ROWS_AT_ONCE, rowsRequest } from '../api/library-requests.ts';
import { keyOf } from '../api/requests.ts';
import type { LibraryState } from '../routes.ts';
import { useServices } from '../services.ts';

/** Rows by their place in the whole table; those of pages that are not there yet are undefined. */
export function useLibraryRows(
  library: LibraryState,
  first: number,
  last: number,
): (index: number) => SavedRow | undefined {
  const { client } = useServices();
  const from = Math.floor(Math.max(0, first) / ROWS_AT_ONCE);
  const to = Math.floor(Math.max(0, last) / ROWS_AT_ONCE);
  const pages = Array.from({ length: to - from + 1 }, (_, at) => from + at);
  const answers = useQueries({
    queries: pages.map((page) => {
      const request = rowsRequest(library, page);
      return {
        queryKey: keyOf(request),
        queryFn: ({ signal }: { readonly signal: AbortSignal }) => client.ask(request, signal),
        // Rows before stay until those asked for are there: a table that flashes cannot be read.
        placeholderData: keepPreviousData,
      };
    }),
  });
  const byPage = new Map(answers.map(({ data }, at) => [pages[at], data]));
  return (index) => byPage.get(Math.floor(index / ROWS_AT_ONCE))?.papers[index % ROWS_AT_ONCE];
}
