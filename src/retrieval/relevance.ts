import { type Degradation, type Filter, type SearchMode, STAGES } from '../domain/mod.ts';
import type { SearchRequest } from './contract.ts';
import type { Fused } from './fuse.ts';
import type { Ranked } from './rank.ts';
import { POOL } from './stages.ts';

interface LogOdds {
  readonly bias: number;
  readonly cosine: number;
  readonly score: number;
}

/**
 * Log-odds that a paper answers the query: a bias, and what a cosine and a score of 1 add to it. The score says how far a paper
 * stands out among the candidates, the cosine how near it is at all: the best of a bad lot has a high score too. Fitted by
 * `npm run tune`; docs/relevance.md says how well they hold.
 */
const LOG_ODDS: LogOdds = { bias: -9.02, cosine: 2.94, score: 8.98 };
/** To stand out among a few papers means nothing: in a library of no more, only the cosine tells. */
const AMONG_FEW: LogOdds = { bias: -5.45, cosine: 7.82, score: 0 };
const FEW = 20;

const isLookedAt = ({ explanation }: Fused): boolean => STAGES.some((stage) => explanation[stage]);

function relevanceOf({ score, explanation }: Fused, odds: LogOdds): number | undefined {
  const cosine = explanation.dense?.score ?? undefined;
  if (cosine === undefined) return undefined;
  return 1 / (1 + Math.exp(-(odds.bias + odds.score * score + odds.cosine * cosine)));
}

/**
 * Says of each paper how likely it answers the query, in (0, 1), by its score before authors and dates are added. Not known, and
 * then absent, for papers that are not embedded yet or too far down to be looked at closely, and for rankings by words or by
 * meaning alone.
 */
function withRelevance({ fused, by }: Pick<Ranked, 'fused' | 'by'>): readonly Fused[] {
  if (by !== 'hybrid') return fused;
  const areFew = fused.length < FEW;
  return fused.map((entry) => {
    const relevance = areFew || isLookedAt(entry) ? relevanceOf(entry, areFew ? AMONG_FEW : LOG_ODDS) : undefined;
    return relevance === undefined ? entry : { ...entry, relevance };
  });
}

/**
 * The ranking with the relevance of its papers. Where a filter leaves fewer than are looked at more closely, to stand out among
 * them tells little, and the same paper would be less relevant for others being gone: there `rankAll` ranks without the filter, and
 * a paper that it looks at has the relevance that it has among all.
 */
export async function judge(
  ranked: Pick<Ranked, 'fused' | 'by'>,
  filter: Filter,
  rankAll: () => Promise<Pick<Ranked, 'fused' | 'by'>>,
): Promise<readonly Fused[]> {
  const judged = withRelevance(ranked);
  if (ranked.by !== 'hybrid' || filter.clauses.length === 0 || judged.length >= POOL) return judged;
  const among = new Map(withRelevance(await rankAll()).map(({ key, relevance }) => [key, relevance]));
  return judged.map((entry) => {
    const relevance = among.get(entry.key);
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
