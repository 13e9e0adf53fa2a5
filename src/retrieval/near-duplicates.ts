import { type PaperJson, titleKey } from '../domain/mod.ts';

// papers20k has 30 pairs at .98 or more, all of them two versions of one paper; below stand parts I and II (.979), and
// follow-ups, which are worth showing. Versions whose text differs more have the same title.
export const SAME_TEXT_COSINE = 0.98;

/** A ranked paper with what is needed to see whether it repeats another. */
export interface Seen {
  readonly paper: PaperJson;
  readonly vector: Float32Array | undefined;
}

export function cosine(a: Float32Array, b: Float32Array): number {
  let sum = 0;
  for (let i = 0; i < a.length; i += 1) sum += (a[i] ?? 0) * (b[i] ?? 0);
  return sum;
}

function repeats(a: Seen, b: Seen): boolean {
  if (titleKey(a.paper.title) === titleKey(b.paper.title)) return true;
  return a.vector !== undefined && b.vector !== undefined && cosine(a.vector, b.vector) >= SAME_TEXT_COSINE;
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
  const kept: Collapsed<T>[] = [];
  for (const candidate of ranked) {
    if (given.some((seen) => repeats(seen, candidate))) continue;
    const twin = kept.find((entry) => repeats(entry.kept, candidate));
    if (twin) twin.duplicates.push(candidate);
    else if (kept.length < k) kept.push({ kept: candidate, duplicates: [] });
  }
  return kept;
}
