import { createContext, useContext, useSyncExternalStore } from 'react';
import { createApi, type Api } from './api/api.ts';
import { importFile } from './api/import-file.ts';
import { createImportQueue, type ImportQueue } from './api/import-queue.ts';

/** What the pages need from outside themselves; made once, in main.tsx. */
export interface Services {
  readonly api: Api;
  readonly imports: ImportQueue;
  /** Counts imports that ended: a page that shows the library asks anew when it changes. */
  readonly generation: { readonly current: () => number; readonly subscribe: (listener: () => void) => () => void };
}

export function createServices(): Services {
  const api = createApi();
  const listeners = new Set<() => void>();
  let generation = 0;
  const imports = createImportQueue(importFile, () => {
    generation += 1;
    api.forget();
    for (const listener of listeners) listener();
  });
  return {
    api,
    imports,
    generation: {
      current: () => generation,
      subscribe(listener) {
        listeners.add(listener);
        return () => listeners.delete(listener);
      },
    },
  };
}

export const ServicesContext = createContext<Services | undefined>(undefined);

export function useServices(): Services {
  const services = useContext(ServicesContext);
  if (!services) throw new Error('a component is rendered outside ServicesContext');
  return services;
}

export function useGeneration(): number {
  const { generation } = useServices();
  return useSyncExternalStore(generation.subscribe, generation.current);
}
