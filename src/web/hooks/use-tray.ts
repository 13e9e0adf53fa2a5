import { useMemo, useSyncExternalStore } from 'react';
import type { PaperJson } from '../../domain/mod.ts';
import type { Collected, Side } from '../api/tray.ts';
import { useServices } from '../services.ts';

export interface TrayInUse {
  readonly list: readonly Collected[];
  readonly sideOf: (id: string) => Side | undefined;
  /** Collects a paper on a side, moves it there from the other, or takes it back from there. */
  readonly toggle: (paper: Pick<PaperJson, 'id' | 'title'>, side: Side) => void;
  readonly drop: (id: string) => void;
  /** Told, and to be taken back. */
  readonly empty: () => void;
}

export function useTray(): TrayInUse {
  const { tray, toasts } = useServices();
  const list = useSyncExternalStore(tray.subscribe, tray.list);
  return useMemo(() => {
    const sideOf = (wanted: string): Side | undefined => list.find(({ id }) => id === wanted)?.side;
    return {
      list,
      sideOf,
      toggle({ id, title }, side) {
        if (sideOf(id) === side) tray.drop(id);
        else if (!tray.put({ id, title: title || id, side })) {
          toasts.show({
            kind: 'problem',
            text: `The tray is full: it holds ${list.length} papers. Take one out first.`,
          });
        }
      },
      drop: tray.drop,
      empty() {
        tray.set([]);
        toasts.show({ kind: 'done', text: 'Tray emptied', undo: () => tray.set(list) });
      },
    };
  }, [list, tray, toasts]);
}
