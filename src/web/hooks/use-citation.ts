import { useQueryClient } from '@tanstack/react-query';
import { useCallback, useState } from 'react';
import type { CitationFormat, PaperJson } from '../../domain/mod.ts';
import { asProblem } from '../api/problem.ts';
import { citationRequest, keyOf } from '../api/requests.ts';
import { useServices } from '../services.ts';

export const FORMAT_NAMES: { readonly [format in CitationFormat]: string } = {
  bibtex: 'BibTeX',
  ris: 'RIS',
  'csl-json': 'CSL-JSON',
};

/** A citation that could not be copied by itself: it is shown, to be copied by hand. */
export interface ShownCitation {
  readonly format: CitationFormat;
  readonly text: string;
}

export interface Citing {
  readonly copy: (format: CitationFormat) => Promise<void>;
  readonly shown: ShownCitation | undefined;
}

/**
 * Copies citations of a paper. The text is promised to the clipboard before it is there, since some browsers let only what
 * a key or a click began write to it.
 */
export function useCitation({ id }: PaperJson): Citing {
  const { client, toasts } = useServices();
  const queries = useQueryClient();
  const [shown, setShown] = useState<ShownCitation>();
  const copy = useCallback(
    async (format: CitationFormat): Promise<void> => {
      const request = citationRequest(id, format);
      const asked = queries.fetchQuery({
        queryKey: keyOf(request),
        queryFn: ({ signal }) => client.ask(request, signal),
      });
      try {
        const blob = asked.then((text) => new Blob([text], { type: 'text/plain' }));
        await navigator.clipboard.write([new ClipboardItem({ 'text/plain': blob })]);
        setShown(undefined);
        toasts.show({ kind: 'done', text: `${FORMAT_NAMES[format]} copied` });
      } catch {
        // The clipboard is closed to pages of plain HTTP on another machine; or there is no citation.
        try {
          setShown({ format, text: await asked });
        } catch (thrown) {
          const { title, message } = asProblem(thrown);
          toasts.show({ kind: 'problem', text: `${title}. ${message}` });
        }
      }
    },
    [id, client, queries, toasts],
  );
  return { copy, shown };
}
