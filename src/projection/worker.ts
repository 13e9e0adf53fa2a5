import { MAP_STAGES } from '../domain/mod.ts';
import { Store } from '../store/mod.ts';
import { type Layout, layOut } from './layout.ts';

export interface LayoutTask {
  readonly workspace: string;
  readonly fingerprint: number;
  /** Shared: how far it is, in thousandths over all stages before the names. */
  readonly done: Int32Array;
}

export const PER_STAGE = 1000;

/** Lays out a workspace in a thread of its own, with a connection of its own to the database. */
export default function layOutWorkspace({ workspace, fingerprint, done }: LayoutTask): Layout {
  const store = Store.open(workspace, { create: false });
  try {
    const layout = layOut(store, fingerprint, (stage, share) => {
      Atomics.store(done, 0, Math.floor(PER_STAGE * (MAP_STAGES.indexOf(stage) + Math.min(0.999, share))));
    });
    return layout;
  } finally {
    store.close();
  }
}
