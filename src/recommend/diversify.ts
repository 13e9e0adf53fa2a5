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

/** Those of a page, as counts by kind and group. */
class Page {
  readonly #counts = new Map<string, number>();
  size = 0;

  fits({ groups }: Ranked, caps: Caps, pageSize: number): boolean {
    return Object.entries(groups).every(([kind, members]) => {
      const most = Math.max(1, Math.floor((caps[kind] ?? 1) * pageSize));
      return members.every((group) => (this.#counts.get(`${kind}:${group}`) ?? 0) < most);
    });
  }

  add({ groups }: Ranked): void {
    this.size += 1;
    for (const [kind, members] of Object.entries(groups)) {
      for (const group of members)
        this.#counts.set(`${kind}:${group}`, (this.#counts.get(`${kind}:${group}`) ?? 0) + 1);
    }
  }
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
  const left = [...ranked];
  const nearest = new Float64Array(ranked.length);
  const places = new Map(ranked.map(({ key }, i) => [key, i]));
  const limits = diversity > 0 ? caps : {};
  const pages: Ranked[][] = [];
  let chosen = 0;
  while (left.length > 0 && chosen < most) {
    const page = new Page();
    const members: Ranked[] = [];
    while (page.size < pageSize && chosen < most) {
      let best = -1;
      let bestWorth = -Infinity;
      left.forEach((candidate, at) => {
        if (!page.fits(candidate, limits, pageSize)) return;
        const worth = (1 - diversity) * candidate.score - diversity * (nearest[places.get(candidate.key) ?? -1] ?? 0);
        if (worth > bestWorth) [best, bestWorth] = [at, worth];
      });
      const [taken] = best < 0 ? [] : left.splice(best, 1);
      if (!taken) break;
      page.add(taken);
      members.push(taken);
      chosen += 1;
      const { vector } = taken;
      if (!vector || diversity === 0) continue;
      for (const other of left) {
        if (!other.vector) continue;
        const at = places.get(other.key) ?? -1;
        nearest[at] = Math.max(nearest[at] ?? 0, dot(vector, other.vector));
      }
    }
    if (members.length === 0) break;
    pages.push(members);
  }
  return pages;
}
