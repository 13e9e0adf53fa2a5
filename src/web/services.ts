import { QueryClient } from '@tanstack/react-query';
import { createContext, useContext } from 'react';
import { type Client, createClient } from './api/client.ts';
import { createDrafts, type Drafts } from './api/drafts.ts';
import { importFile } from './api/import-file.ts';
import { createImportQueue, type ImportQueue } from './api/import-queue.ts';
import { createToasts, type Toasts } from './api/toasts.ts';
import { createTray, type Tray } from './api/tray.ts';

/** What the pages need from outside themselves; made once, in main.tsx. */
export interface Services {
  readonly client: Client;
  readonly queries: QueryClient;
  readonly imports: ImportQueue;
  readonly toasts: Toasts;
  readonly tray: Tray;
  readonly drafts: Drafts;
}

/** Going back shows a page at once, scrolled where it was, if it was left so lately; on a shared server others write, too. */
const FRESH_FOR_MS = 5 * 60_000;

export function createServices(): Services {
  const client = createClient();
  const queries = new QueryClient({
    defaultOptions: {
      queries: {
        staleTime: FRESH_FOR_MS,
        // The reader sees what went wrong and retries; nothing moves because a window got the focus.
        retry: false,
        refetchOnWindowFocus: false,
        // The server is on this machine or nearby; whether there is an internet says nothing about it.
        networkMode: 'always',
      },
      mutations: { networkMode: 'always' },
    },
  });
  const imports = createImportQueue(
    (file, report) => importFile(client, file, report),
    () => void queries.invalidateQueries(),
  );
  const storage = ownStorage();
  const [tray, drafts] = [createTray(storage), createDrafts(storage)];
  return { client, queries, imports, toasts: createToasts(), tray, drafts };
}

/** What the tab remembers; merely asking for it throws where storage is forbidden. */
function ownStorage(): Storage | undefined {
  try {
    return sessionStorage;
  } catch {
    return undefined;
  }
}

export const ServicesContext = createContext<Services | undefined>(undefined);

export function useServices(): Services {
  const services = useContext(ServicesContext);
  if (!services) throw new Error('a component is rendered outside ServicesContext');
  return services;
}
