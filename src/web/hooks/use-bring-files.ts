import { useState, useSyncExternalStore } from 'react';
import { sourceOfFile } from '../../domain/mod.ts';
import type { ImportEvent } from '../api/import-event.ts';
import type { QueuedImport } from '../api/import-queue.ts';
import { isRecord } from '../api/requests.ts';
import { withValue } from '../filter-expression.ts';
import { countText } from '../numbers.ts';
import { useServices } from '../services.ts';
import { useChange } from './use-change.ts';

export interface Bringing {
  /** Imports a file and saves its papers to the library. Resolves with how the import ended; the rest is told as a toast. */
  readonly bring: (file: File) => Promise<ImportEvent | undefined>;
  readonly bringAll: (files: Iterable<File>) => void;
  /** What was brought from here, and how far each is. */
  readonly entries: readonly QueuedImport[];
  /** Shows none of them any more; they go on. */
  readonly forget: () => void;
}

const savedText = (answer: unknown): string => {
  const count = isRecord(answer) ? Number(answer['saved']) + Number(answer['already']) : 0;
  return `${countText(count)} ${count === 1 ? 'paper is' : 'papers are'} in your library now`;
};

/** Files of papers that are the reader's own. */
export function useBringFiles(): Bringing {
  const { imports, toasts } = useServices();
  const list = useSyncExternalStore(imports.subscribe, imports.list);
  const { change } = useChange(['/api/library', '/api/marks', '/api/profile']);
  const [numbers, setNumbers] = useState<readonly number[]>([]);
  const bring = async (file: File): Promise<ImportEvent | undefined> => {
    const [added] = imports.add([file]);
    if (!added) return undefined;
    setNumbers((before) => [...before, added.number]);
    const end = await added.ended;
    if (end?.kind !== 'done') return end;
    try {
      const filter = withValue('', 'source', sourceOfFile(file.name));
      toasts.show({
        kind: 'done',
        text: savedText(await change({ method: 'POST', url: '/api/library', body: { filter } })),
      });
    } catch {
      // Told as a toast already.
    }
    return end;
  };
  return {
    bring,
    bringAll: (files) => void Promise.all(Array.from(files, bring)),
    entries: list.filter(({ number }) => numbers.includes(number)),
    forget: () => setNumbers([]),
  };
}
