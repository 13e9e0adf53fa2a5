import type { ReadingState, SavedPaper } from '../../domain/mod.ts';
import { inLists, removedOf } from '../api/library-requests.ts';
import { countText } from '../numbers.ts';
import { useServices } from '../services.ts';
import { useChange } from './use-change.ts';

/** What is said of many saved papers at once. */
export interface ManyChange {
  readonly state?: ReadingState;
  readonly tags?: readonly string[];
  readonly dropTags?: readonly string[];
}

export interface LibraryChanges {
  /** Of one paper; its tags are then those given. Resolves with whether it was done. */
  readonly say: (
    id: string,
    said: { state?: ReadingState; tags?: readonly string[]; note?: string },
  ) => Promise<boolean>;
  readonly sayOfAll: (ids: readonly string[], said: ManyChange, done: string) => Promise<boolean>;
  /** Can be taken back for as long as the word of it stays. */
  readonly remove: (ids: readonly string[]) => Promise<boolean>;
  readonly pending: boolean;
}

const papersText = (count: number): string => (count === 1 ? '1 paper' : `${countText(count)} papers`);

export function useLibraryChanges(): LibraryChanges {
  const { toasts } = useServices();
  const { change, pending } = useChange(['/api/library', '/api/marks', '/api/profile']);
  const attempt = async (work: () => Promise<void>): Promise<boolean> => {
    try {
      await work();
      return true;
    } catch {
      // Told as a toast already.
      return false;
    }
  };
  const putBack = (removed: readonly SavedPaper[]): Promise<boolean> =>
    attempt(async () => {
      for (const papers of inLists(removed)) await change({ method: 'PUT', url: '/api/library', body: { papers } });
    });
  return {
    pending,
    say: (id, said) =>
      attempt(async () => {
        await change({ method: 'PUT', url: `/api/library/${encodeURIComponent(id)}`, body: said });
      }),
    sayOfAll: (ids, said, done) =>
      attempt(async () => {
        for (const some of inLists(ids)) {
          await change({ method: 'POST', url: '/api/library', body: { ids: some, ...said } });
        }
        toasts.show({ kind: 'done', text: `${done}: ${papersText(ids.length)}` });
      }),
    remove: (ids) =>
      attempt(async () => {
        const removed: SavedPaper[] = [];
        try {
          for (const some of inLists(ids)) {
            removed.push(...removedOf(await change({ method: 'DELETE', url: '/api/library', body: { ids: some } })));
          }
        } finally {
          // Also of those that went before something failed.
          if (removed.length > 0) {
            const text = `${papersText(removed.length)} taken out of the library`;
            toasts.show({ kind: 'done', text, undo: () => void putBack(removed) });
          }
        }
      }),
  };
}
