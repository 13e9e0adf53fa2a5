import type { ImportEvent } from './import-event.ts';

/** One file on its way in. `waiting` until those before it have ended. */
export interface QueuedImport {
  readonly number: number;
  readonly name: string;
  readonly state: { readonly kind: 'waiting' } | ImportEvent;
}

/** A file that was added; `ended` resolves with the last that its import tells. */
interface AddedImport {
  readonly number: number;
  readonly ended: Promise<ImportEvent | undefined>;
}

export interface ImportQueue {
  readonly add: (files: readonly File[]) => readonly AddedImport[];
  /** Newest last. A new array after every change, so that it can be compared by identity. */
  readonly list: () => readonly QueuedImport[];
  readonly subscribe: (listener: () => void) => () => void;
}

type Importer = (file: File, report: (event: ImportEvent) => void) => Promise<void>;

/** Imports files one after the other: the server writes one at a time, and a reader can follow one bar. */
export function createImportQueue(importer: Importer, onDone: () => void): ImportQueue {
  let list: readonly QueuedImport[] = [];
  let last: Promise<unknown> = Promise.resolve();
  const listeners = new Set<() => void>();
  const set = (number: number, state: QueuedImport['state']): void => {
    list = list.map((entry) => (entry.number === number ? { ...entry, state } : entry));
    for (const listener of listeners) listener();
  };
  const run = async (file: File, number: number): Promise<ImportEvent | undefined> => {
    let latest: ImportEvent | undefined;
    await importer(file, (event) => {
      latest = event;
      set(number, event);
      if (event.kind === 'done') onDone();
    });
    return latest;
  };
  return {
    add(files) {
      const added = files.map((file) => {
        const number = list.length + 1;
        list = [...list, { number, name: file.name, state: { kind: 'waiting' } }];
        const ended = last.then(() => run(file, number));
        last = ended;
        return { number, ended };
      });
      for (const listener of listeners) listener();
      return added;
    },
    list: () => list,
    subscribe(listener) {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
  };
}
