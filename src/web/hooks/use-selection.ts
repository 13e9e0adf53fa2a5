import { useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { idsRequest } from '../api/library-requests.ts';
import { keyOf } from '../api/requests.ts';
import type { LibraryState } from '../routes.ts';
import { useServices } from '../services.ts';

export interface Selection {
  readonly ids: ReadonlySet<string>;
  /** Adds a row or takes it away; ranges begin at it. */
  readonly toggle: (id: string, index: number) => void;
  /** Everything from the row that was chosen last to this one. */
  readonly extend: (index: number) => void;
  readonly all: () => void;
  readonly clear: () => void;
}

/** Which rows are chosen, by their ids: rows that are not loaded can be, too. */
export function useSelection(library: LibraryState): Selection {
  const { client } = useServices();
  const queries = useQueryClient();
  const [ids, setIds] = useState<ReadonlySet<string>>(new Set());
  const [anchor, setAnchor] = useState(0);
  const everyId = async (): Promise<readonly string[]> => {
    const request = idsRequest(library);
    const { papers } = await queries.fetchQuery({ queryKey: keyOf(request), queryFn: () => client.ask(request) });
    return papers;
  };
  const add = (more: Promise<readonly string[]>): void => {
    more.then(
      (found) => setIds((before) => new Set([...before, ...found])),
      // The table itself says that the server is out of reach.
      () => undefined,
    );
  };
  return {
    ids,
    toggle(id, index) {
      setAnchor(index);
      setIds((before) => {
        const after = new Set(before);
        if (!after.delete(id)) after.add(id);
        return after;
      });
    },
    extend: (index) =>
      add(everyId().then((every) => every.slice(Math.min(anchor, index), Math.max(anchor, index) + 1))),
    all: () => add(everyId()),
    clear: () => setIds(new Set()),
  };
}
