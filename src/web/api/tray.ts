import type { TabStorage } from './drafts.ts';

/** On which side a paper was collected: more like it, or not like it. */
export type Side = 'more' | 'less';

export interface Collected {
  readonly id: string;
  readonly title: string;
  readonly side: Side;
}

/** Papers that are collected while walking from one to the next; it outlives a reload, and ends with the tab. */
export interface Tray {
  /** In the order in which they were collected; another array after every change. */
  readonly list: () => readonly Collected[];
  /** Puts a paper on a side; false where the tray is full. */
  readonly put: (paper: Collected) => boolean;
  readonly drop: (id: string) => void;
  readonly set: (list: readonly Collected[]) => void;
  readonly subscribe: (listener: () => void) => () => void;
}

const KEY = 'paperkin.tray';
/** All that a list can be read for at once, and an address can carry. */
const MOST = 50;

function isCollected(value: unknown): value is Collected {
  if (typeof value !== 'object' || value === null) return false;
  const { id, title, side }: Partial<Record<keyof Collected, unknown>> = value;
  return typeof id === 'string' && typeof title === 'string' && (side === 'more' || side === 'less');
}

/** Whatever another version, or another program of this site, may have left there. */
function remembered(storage: TabStorage | undefined): readonly Collected[] {
  try {
    const list: unknown = JSON.parse(storage?.getItem(KEY) ?? '[]');
    return Array.isArray(list) ? list.filter(isCollected).slice(0, MOST) : [];
  } catch {
    return [];
  }
}

/** `storage` is absent where the browser forbids it: the tray then lasts as long as the page. */
export function createTray(storage: TabStorage | undefined): Tray {
  let list = remembered(storage);
  const listeners = new Set<() => void>();
  const set = (next: readonly Collected[]): void => {
    list = next;
    try {
      storage?.setItem(KEY, JSON.stringify(list));
    } catch {
      // Full: as above.
    }
    for (const listener of listeners) listener();
  };
  return {
    list: () => list,
    put(paper) {
      const others = list.filter(({ id }) => id !== paper.id);
      if (others.length >= MOST) return false;
      set([...others, paper]);
      return true;
    },
    drop: (id) => set(list.filter((collected) => collected.id !== id)),
    set,
    subscribe(listener) {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
  };
}
