/** A short word about what was done, with a way back where there is one. */
export interface Toast {
  readonly number: number;
  readonly kind: 'done' | 'problem';
  readonly text: string;
  /** Takes back what was done. */
  readonly undo?: () => void;
  /** What it is about. A later word about the same stands in its place: the way back of the earlier one leads nowhere then. */
  readonly about?: string;
}

export interface Toasts {
  readonly show: (toast: Omit<Toast, 'number'>) => void;
  readonly close: (number: number) => void;
  readonly clear: () => void;
  /** Newest last; another array after every change. */
  readonly list: () => readonly Toast[];
  readonly subscribe: (listener: () => void) => () => void;
}

/** More would hide the page; the oldest goes. */
const MOST = 3;

export function createToasts(): Toasts {
  let list: readonly Toast[] = [];
  let last = 0;
  const listeners = new Set<() => void>();
  const set = (next: readonly Toast[]): void => {
    list = next;
    for (const listener of listeners) listener();
  };
  return {
    show(toast) {
      last += 1;
      const others = list.filter(({ about }) => about === undefined || about !== toast.about);
      set([...others, { ...toast, number: last }].slice(-MOST));
    },
    close: (number) => set(list.filter((toast) => toast.number !== number)),
    clear: () => set([]),
    list: () => list,
    subscribe(listener) {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
  };
}
