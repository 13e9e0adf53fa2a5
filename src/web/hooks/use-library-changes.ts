import type { ReadingState, SavedPair, SavedPaper } from '../../domain/mod.ts';
import type { Change } from '../api/client.ts';
import { inLists, keptIn } from '../api/library-requests.ts';
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
  /** Can be taken back for as long as the word of it stays, as all below. */
  readonly sayOfAll: (ids: readonly string[], said: ManyChange, done: string) => Promise<boolean>;
  readonly remove: (ids: readonly string[]) => Promise<boolean>;
  /** Of the same, the first stays with what was said of both. */
  readonly settle: (pair: Pick<SavedPair, 'a' | 'b'>, verdict: 'same' | 'different') => Promise<boolean>;
  readonly pending: boolean;
}

const DUPLICATES = '/api/library/duplicates';

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
  const putBack = (kept: readonly SavedPaper[]): Promise<boolean> =>
    attempt(async () => {
      for (const papers of inLists(kept)) await change({ method: 'PUT', url: '/api/library', body: { papers } });
    });
  const inSteps = (
    ids: readonly string[],
    step: (some: readonly string[]) => Change,
    told: { readonly was: 'was' | 'removed'; readonly text: (count: number) => string },
  ): Promise<boolean> =>
    attempt(async () => {
      const before: SavedPaper[] = [];
      try {
        for (const some of inLists(ids)) before.push(...keptIn(await change(step(some)), told.was));
      } finally {
        // Also of those that were changed before something failed.
        if (before.length > 0) {
          toasts.show({ kind: 'done', text: told.text(before.length), undo: () => void putBack(before) });
        }
      }
    });
  return {
    pending,
    say: (id, said) =>
      attempt(async () => {
        await change({ method: 'PUT', url: `/api/library/${encodeURIComponent(id)}`, body: said });
      }),
    sayOfAll: (ids, said, done) =>
      inSteps(ids, (some) => ({ method: 'POST', url: '/api/library', body: { ids: some, ...said } }), {
        was: 'was',
        text: (count) => `${done}: ${papersText(count)}`,
      }),
    remove: (ids) =>
      inSteps(ids, (some) => ({ method: 'DELETE', url: '/api/library', body: { ids: some } }), {
        was: 'removed',
        text: (count) => `${papersText(count)} taken out of the library`,
      }),
    settle: (pair, verdict) =>
      attempt(async () => {
        const papers = [pair.a.id, pair.b.id];
        const was = keptIn(await change({ method: 'POST', url: DUPLICATES, body: { papers, verdict } }), 'was');
        const reopen = (): Promise<boolean> =>
          attempt(async () => {
            await change({ method: 'POST', url: DUPLICATES, body: { papers, verdict: 'open' } });
            if (was.length > 0) await change({ method: 'PUT', url: '/api/library', body: { papers: was } });
          });
        const text = verdict === 'same' ? 'They are one paper now' : 'They stay two papers';
        toasts.show({ kind: 'done', text, undo: () => void reopen() });
      }),
  };
}
