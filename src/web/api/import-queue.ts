import type { ImportEvent } from './import-event.ts';

/** One file on its way in. `waiting` until those before it have ended. */
export interface QueuedImport {
  readonly number: number;
  readonly name: string;
  readonly state: { readonly kind: 'waiting' } | ImportEvent;
}

/** How an import ended. */
export type ImportEnd = Extract<ImportEvent, { readonly kind: 'done' | 'failed' }>;

export interface ImportQueue {
  readonly add: (files: readonly File[]) => void;
  /** As `add`, and tells how it ended. */
  readonly once: (file: File) => Promise<ImportEnd>;
  /** Newest last. A new array after every change, so that it can be compared by identity. */
  readonly list: () => readonly QueuedImport[];
  readonly subscribe: (listener: () => void) => () => void;
}

type Importer = (file: File, report: (event: ImportEvent) => void) => Promise<void>;

/** Imports files one after the other: the server writes one at a time, and a reader can follow one bar. */
export function createImportQueue(importer: Importer, onDone: () => void): ImportQueue {
  let list: readonly QueuedImport[] = [];
  let last: Promise<void> = Promise.resolve();
  const listeners = new Set<() => void>();
  const set = (number: number, state: QueuedImport['state']): void => {
    list = list.map((entry) => (entry.number === number ? { ...entry, state } : entry));
    for (const listener of listeners) listener();
  };
  const run = async (file: File, number: number, onEnd?: (end: ImportEnd) => void): Promise<void> => {
    await importer(file, (event) => {
      set(number, event);
      if (event.kind === 'done') onDone();
      if (event.kind === 'done' || event.kind === 'failed') onEnd?.(event);
    });
  };
  const enqueue = (file: File, onEnd?: (end: ImportEnd) => void): void => {
    const number = list.length + 1;
    list = [...list, { number, name: file.name, state: { kind: 'waiting' } }];
    last = last.then(() => run(file, number, onEnd));
    for (const listener of listeners) listener();
  };
  return {
    add(files) {
      for (const file of files) enqueue(file);
    },
    once: (file) => new Promise((resolve) => enqueue(file, resolve)),
    list: () => list,
    subscribe(listener) {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
  };
}
