import { dot } from '../domain/dot.ts';
import type { PaperKey } from '../domain/mod.ts';

/** A candidate of a feed, by its score and what others may have in common with it. */
export interface Ranked {
  readonly key: PaperKey;
  /** In [0, 1]: of the best candidate 1. */
  readonly score: number;
  /** Unit length; `undefined` for a paper that is not embedded yet, which is then like nothing. */
  readonly vector: Float32Array | undefined;
  /** What it counts for in shares: `{ interest: ['3'], author: ['smith'] }`. */
  readonly groups: Readonly<Record<string, readonly string[]>>;
}

/** At most this share of a page may be of one group of each kind; one paper always may. */
export type Caps = Readonly<Record<string, number>>;

export interface DiversifyOptions {
  readonly pageSize: number;
  /** Papers chosen at most. */
  readonly most: number;
  /** 0: by score alone, whatever is alike. 1: each next paper is the one least like those before it. */
  readonly diversity: number;
  readonly caps: Caps;
}

/** A candidate while it waits to be chosen. */
interface Waiting {
  readonly candidate: Ranked;
  /** Groups of it that have a cap: as names of kind and group, each with how many of it fit on a page. */
  readonly capped: readonly (readonly [group: string, most: number])[];
  /** Cosine with the nearest of those chosen, at least 0. */
  nearest: number;
}

function cappedGroups({ groups }: Ranked, caps: Caps, pageSize: number): Waiting['capped'] {
  return Object.entries(groups).flatMap(([kind, members]) => {
    const cap = caps[kind];
    if (cap === undefined) return [];
    const most = Math.max(1, Math.floor(cap * pageSize));
    return members.map((group) => [`${kind}:${group}`, most] as const);
  });
}

/**
 * Orders candidates so that each page has something of everything: maximal marginal relevance (Carbonell and Goldstein 1998),
 * where a paper loses what it shares with the nearest of those before it, and shares of a page for groups. A page ends short
 * where no candidate fits it any more. With a diversity of 0 neither counts. `ranked`: best first.
 */
export function diversify(
  ranked: readonly Ranked[],
  { pageSize, most, diversity, caps }: DiversifyOptions,
): Ranked[][] {
  const limits = diversity > 0 ? caps : {};
  const left = ranked.map((candidate): Waiting => ({
    candidate,
    capped: cappedGroups(candidate, limits, pageSize),
    nearest: 0,
  }));
  const pages: Ranked[][] = [];
  let chosen = 0;
  while (left.length > 0 && chosen < most) {
    const counts = new Map<string, number>();
    const page: Ranked[] = [];
    while (page.length < pageSize && chosen < most) {
      const at = bestThatFits(left, counts, diversity);
      const [taken] = at < 0 ? [] : left.splice(at, 1);
      if (!taken) break;
      for (const [group] of taken.capped) counts.set(group, (counts.get(group) ?? 0) + 1);
      page.push(taken.candidate);
      chosen += 1;
      if (diversity > 0) shareWith(taken.candidate, left);
    }
    if (page.length === 0) break;
    pages.push(page);
  }
  return pages;
}

function bestThatFits(left: readonly Waiting[], counts: ReadonlyMap<string, number>, diversity: number): number {
  let best = -1;
  let most = -Infinity;
  left.forEach(({ candidate, capped, nearest }, at) => {
    const worth = (1 - diversity) * candidate.score - diversity * nearest;
    if (worth > most && capped.every(([group, limit]) => (counts.get(group) ?? 0) < limit)) [best, most] = [at, worth];
  });
  return best;
}

function shareWith({ vector }: Ranked, left: readonly Waiting[]): void {
  if (!vector) return;
  for (const waiting of left) {
    const other = waiting.candidate.vector;
    if (other) waiting.nearest = Math.max(waiting.nearest, dot(vector, other));
  }
}
