import type { Config } from '../config.ts';
import { importPapers } from '../indexing/mod.ts';
import { type SuspectedPair, suspectedPairs } from '../retrieval/mod.ts';
import type { ServerServices } from '../server/mod.ts';
import type { Verdict } from '../store/mod.ts';
import type { Search } from './search.ts';
import { withWriting, type Writing } from './writing.ts';

/** Carries out what was decided of papers; what they are merged to may be a text that was never embedded. */
export async function settling(
  { store, parts, workspace }: Writing,
  decide: (store: Writing['store']) => void,
  signal: AbortSignal,
): Promise<void> {
  decide(store);
  const options = { onRejection: 'skip' as const, embed: 'all' as const, signal, onProgress: () => undefined };
  const { indexed } = await importPapers([], parts, options);
  if (indexed) await workspace.update({ generation: workspace.state.generation + 1 });
}

/** Every paper with every other. */
export function decideAll(store: Writing['store'], ids: readonly string[], verdict: Verdict | 'open'): void {
  for (const [at, id] of ids.entries()) {
    for (const other of ids.slice(at + 1)) {
      if (verdict === 'open') store.undecide(id, other);
      else store.decide(id, other, verdict);
    }
  }
}

// A reader waits for the answer: an import that takes longer is to be waited for by them.
const LOCK_WAIT_MS = 3_000;
// More than anybody settles at a sitting.
const MOST_PAIRS = 200;

interface Known {
  readonly state: string;
  readonly pairs: Promise<readonly SuspectedPair[]>;
}

/** Duplicates of a server's readers: found among what they saved, and settled for everybody. */
export function duplicatesOver(
  { store, engine }: Search,
  config: Config,
  closing: AbortSignal,
): Pick<ServerServices, 'duplicatesAmong' | 'settleDuplicates'> {
  // A library of 10,000 takes about a second to go through, and is asked about each time the page is opened.
  let known: Known | undefined;
  const pairsAmong = (keys: ReadonlySet<number>): Promise<readonly SuspectedPair[]> => {
    const state = `${store.dataVersion()} ${engine.revision} ${[...keys].sort((a, b) => a - b).join(' ')}`;
    if (known?.state !== state) {
      const pairs = suspectedPairs({ store, engine }, { k: MOST_PAIRS, among: keys, signal: closing });
      known = { state, pairs };
      const held = known;
      pairs.catch(() => {
        if (known === held) known = undefined;
      });
    }
    return known.pairs;
  };
  return {
    duplicatesAmong: async (ids) => {
      const keys = new Map(
        ids.flatMap((id) => {
          const key = store.findKey(id);
          return key === undefined ? [] : [[key, id] as const];
        }),
      );
      const pairs = await pairsAmong(new Set(keys.keys()));
      return pairs.flatMap(({ keys: [one, other], cosine, title }) => {
        const [a, b] = [keys.get(one), keys.get(other)];
        return a === undefined || b === undefined ? [] : [{ a, b, cosine, title }];
      });
    },
    settleDuplicates: (a, b, verdict) =>
      withWriting(config, { waitMs: LOCK_WAIT_MS, signal: closing }, (writing) =>
        settling(writing, (held) => decideAll(held, [a, b], verdict), closing),
      ),
  };
}
