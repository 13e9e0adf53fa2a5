import type { PaperKey } from '../domain/mod.ts';
import { type Candidates, UNDATED } from '../engine/contract.ts';
import type { Fused } from './fuse.ts';

function bestFirst(entries: Fused[]): readonly Fused[] {
  return entries.sort((a, b) => b.score - a.score || a.key - b.key);
}

/** Adds what papers have for their authors: more than any other paper's score, so those of the authors named come first. */
export function withAuthors(fused: readonly Fused[], { keys, scores }: Candidates): readonly Fused[] {
  const byAuthor = new Map<PaperKey, number>();
  keys.forEach((key, i) => byAuthor.set(key, scores[i] ?? 0));
  const ranked = new Set(fused.map(({ key }) => key));
  const unranked = [...byAuthor.keys()].filter((key) => !ranked.has(key));
  const others = unranked.map((key): Fused => ({ key, score: 0, explanation: { lexical: null, dense: null } }));
  const all = [...fused, ...others].map((entry): Fused => {
    const author = byAuthor.get(entry.key);
    if (author === undefined) return entry;
    return { ...entry, score: entry.score + author, explanation: { ...entry.explanation, author } };
  });
  return bestFirst(all);
}

/** Multiplies each score with its paper's prior. */
export function withRecency(fused: readonly Fused[], priors: Float32Array): readonly Fused[] {
  const all = fused.map((entry, i): Fused => {
    const prior = priors[i] ?? 1;
    // Below 0 are papers that only a long page reaches, by how far they fall short: the older ones fall further.
    const recency = entry.score < 0 ? 1 / prior : prior;
    return { ...entry, score: entry.score * recency, explanation: { ...entry.explanation, recency } };
  });
  return bestFirst(all);
}

/**
 * What a paper's score is to be of the best one's to count as relevant where scores do not give the order. Of 100 requests and
 * questions on papers20k, each for one paper, it leaves 14 papers at the median and 48 in one of ten; .4 leaves 28 and 100, of which
 * the last are hardly relevant (.014, here .035).
 */
const RELEVANT_SHARE = 0.5;
/** But so many there are at least, a page of them: a clear first hit is no reason to list nothing else. */
const AT_LEAST = 20;

/** The papers of a ranking that may stand in another order without misleading: those about as good as the best. */
export function relevantOf(fused: readonly Fused[]): readonly Fused[] {
  const least = RELEVANT_SHARE * (fused[0]?.score ?? 0);
  return fused.filter(({ score }, i) => i < AT_LEAST || score >= least);
}

/** By falling date, those of unknown date last; the better one first where the dates are the same. */
export function newestFirst(fused: readonly Fused[], days: Int32Array): readonly Fused[] {
  const dated = fused.map((entry, i) => ({ entry, day: days[i] ?? UNDATED }));
  return dated.sort((a, b) => b.day - a.day).map(({ entry }) => entry);
}

/** By what votes count for, `trends`, those without any last; the better one first among those. */
export function byTrend(fused: readonly Fused[], trends: readonly number[]): readonly Fused[] {
  const voted = fused.map((entry, i): { readonly entry: Fused; readonly trend: number } => {
    const trend = trends[i] ?? 0;
    return { entry: { ...entry, explanation: { ...entry.explanation, trend } }, trend };
  });
  return voted.sort((a, b) => b.trend - a.trend).map(({ entry }) => entry);
}
