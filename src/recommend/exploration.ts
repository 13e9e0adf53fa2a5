import { dot } from '../domain/dot.ts';
import { type PaperKey, titleKey } from '../domain/mod.ts';
import type { Engine } from '../engine/mod.ts';
import type { Store } from '../store/mod.ts';
import { type Candidate, cameOutSince, type Conditions, isUnwelcome, nearnesses, WEAK } from './candidates.ts';
import { cover } from './cover.ts';
import { direction, type Learned } from './profile.ts';

/** A candidate on a page. */
export interface Item extends Candidate {
  readonly exploration: boolean;
  /** Near-duplicates that it stands for, by id. */
  readonly duplicates: readonly string[];
}

/** One item in ten is there to find something out; a page of fewer than five has none. */
const EXPLORED = 0.1;
const LEAST_PAGE = 5;
/** Papers that exploration chooses from; another sample each day. */
const SAMPLE = 150;
/** Nearer than a paper by chance (median .11 for 100 readers of papers20k), and too far to be liked for sure. */
const UNSURE = 0.1;

const DAY_MS = 86_400_000;

/** How many items of a page of k are for exploration. */
export const exploredOf = (k: number): number => (k < LEAST_PAGE ? 0 : Math.max(1, Math.floor(EXPLORED * k)));

export interface ExplorationParts {
  readonly engine: Engine;
  readonly store: Pick<Store, 'papers' | 'sample'>;
  readonly now: () => Date;
}

/** Finds papers that tell most about what is not known yet of a person, another choice each day. */
export function createExploration({ engine, store, now }: ExplorationParts) {
  /** `taken`: what the feed has anyway. */
  return async function explore(
    learned: Learned,
    conditions: Conditions,
    taken: ReadonlySet<PaperKey>,
    count: number,
  ): Promise<Item[]> {
    const { voices, directions, common } = learned;
    if (!common || count === 0) return [];
    const drawn = store
      .sample(SAMPLE, Math.floor(now().getTime() / DAY_MS))
      .filter((key) => !taken.has(key) && !conditions.known.has(key) && !conditions.shown.has(key));
    const keys = await cameOutSince(engine, drawn, conditions.since);
    const vectors = await engine.vectors(keys);
    const isLiking = voices.some(({ weight }) => weight > 0);
    const choices = keys.flatMap((key, i) => {
      const vector = vectors[i];
      if (!vector) return [];
      const own = direction(vector, common);
      const cosines = Float32Array.from(directions, (voice) => (voice ? dot(own, voice) : 0));
      const { toLiked } = nearnesses(cosines, voices);
      if (isLiking && (toLiked < UNSURE || toLiked >= WEAK)) return [];
      const [paper] = store.papers([key]);
      if (!paper || paper.withdrawn) return [];
      const item: Item = {
        ...{
          key,
          paper,
          authors: paper.authors.map(titleKey),
          vector,
          cosines,
          score: 0,
          interest: undefined,
          told: undefined,
        },
        ...{ isNew: key > conditions.newAfter, exploration: true, duplicates: [] },
      };
      return isUnwelcome(item, learned) ? [] : [{ item, vector: own, weight: 1 }];
    });
    return cover(choices, count).flatMap(({ at }) => choices[at]?.item ?? []);
  };
}

/** Surprises in the middle and at the end, where they take no place from what fits best. */
export function interspersed(likely: readonly Item[], surprises: readonly Item[]): Item[] {
  const page = [...likely];
  surprises.forEach((item, i) =>
    page.splice(Math.ceil(((i + 1) * (likely.length + surprises.length)) / surprises.length) - 1, 0, item),
  );
  return page;
}
