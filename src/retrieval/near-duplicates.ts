import { type PaperJson, titleKey } from '../domain/mod.ts';
import { dot } from '../domain/dot.ts';

// papers20k has 30 pairs at .98 or more, all of them two versions of one paper; below stand parts I and II (.979), and
// follow-ups, which are worth showing. Versions whose text differs more have the same title.
export const SAME_TEXT_COSINE = 0.98;

/** A ranked paper with what is needed to see whether it repeats another. */
export interface Seen {
  readonly paper: PaperJson;
  readonly vector: Float32Array | undefined;
}

/** With its title reduced once: a page of 1,000 compares millions of pairs. */
interface Comparable<T extends Seen> {
  readonly seen: T;
  readonly title: string;
}

const comparable = <T extends Seen>(seen: T): Comparable<T> => ({ seen, title: titleKey(seen.paper.title) });

function repeats(a: Comparable<Seen>, b: Comparable<Seen>): boolean {
  if (a.title === b.title) return true;
  const [one, other] = [a.seen.vector, b.seen.vector];
  return one !== undefined && other !== undefined && dot(one, other) >= SAME_TEXT_COSINE;
}

/** One kept paper and those it stands for. */
export interface Collapsed<T extends Seen> {
  readonly kept: T;
  readonly duplicates: T[];
}

/**
 * Walks a ranking and folds near-duplicates into the best-ranked of them; what repeats one of `given` is left out.
 * Stops once k are kept and the ranking is through.
 */
export function collapse<T extends Seen>(ranked: readonly T[], given: readonly Seen[], k: number): Collapsed<T>[] {
  const kept: (Comparable<T> & Collapsed<T>)[] = [];
  const known = given.map(comparable);
  for (const seen of ranked) {
    const candidate = comparable(seen);
    if (known.some((other) => repeats(other, candidate))) continue;
    const twin = kept.find((entry) => repeats(entry, candidate));
    if (twin) twin.duplicates.push(seen);
    else if (kept.length < k) kept.push({ ...candidate, kept: seen, duplicates: [] });
  }
  return kept;
}
