import { type Degradation, type SearchMode, STAGES } from '../domain/mod.ts';
import type { SearchRequest } from './contract.ts';
import type { Fused } from './fuse.ts';

/**
 * Log-odds that a paper answers the query: a constant, and what a score and a cosine of 1 add to it. The score says how far
 * a paper stands out among the candidates, the cosine how near it is at all: the best of a bad lot has a score of 1 too.
 */
const LOG_ODDS = { constant: -7.2, score: 6.5, cosine: 3.8 };

/**
 * Probability that a paper answers the query, in (0, 1), by its score before authors and dates are added. Not known, and then
 * absent, for papers that are not embedded yet, that are too far down to be looked at closely, or that nothing tells apart.
 * Holds for rankings by words and meaning together only.
 */
function relevanceOf({ score, explanation }: Fused): number | undefined {
  const cosine = explanation.dense?.score ?? undefined;
  const isLookedAt = STAGES.some((stage) => explanation[stage]);
  if (cosine === undefined || !isLookedAt) return undefined;
  return 1 / (1 + Math.exp(-(LOG_ODDS.constant + LOG_ODDS.score * score + LOG_ODDS.cosine * cosine)));
}

/** Says of each paper how likely it answers the query, where that is known. `by`: what it was ranked by. */
export function withRelevance(fused: readonly Fused[], by: SearchMode): readonly Fused[] {
  if (by !== 'hybrid') return fused;
  return fused.map((entry) => {
    const relevance = relevanceOf(entry);
    return relevance === undefined ? entry : { ...entry, relevance };
  });
}

/** What a threshold leaves of a ranking. */
export interface Held {
  readonly ranking: readonly Fused[];
  /** How many of the first `k` it took; absent where there is no threshold. */
  readonly heldBack?: number;
  /** Why the threshold took none, if it could not. */
  readonly degraded: readonly Degradation[];
}

/** Keeps only papers whose relevance is known and at least `minScore`. `by`: what they were ranked by. */
export function holdBack(
  ranking: readonly Fused[],
  { k, minScore }: Pick<SearchRequest, 'k' | 'minScore'>,
  by: SearchMode,
): Held {
  if (minScore === undefined) return { ranking, degraded: [] };
  if (by !== 'hybrid') {
    const reason = 'how likely a paper is relevant is known only from words and meaning together';
    return { ranking, heldBack: 0, degraded: [{ part: 'relevance', reason }] };
  }
  const stays = ({ relevance }: Fused): boolean => relevance !== undefined && relevance >= minScore;
  const first = ranking.slice(0, k);
  return { ranking: ranking.filter(stays), heldBack: first.length - first.filter(stays).length, degraded: [] };
}
