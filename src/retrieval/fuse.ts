import type { Explanation, PaperKey, SideScore } from '../domain/mod.ts';
import type { Candidates } from '../engine/contract.ts';

/** One side's candidates and what they count for. */
export interface Side {
  readonly candidates: Candidates;
  readonly weight: number;
  /** The scores of so many are scaled; further ones, where a long page asks for them, only come after all of these. */
  readonly depth: number;
}

export interface Sides {
  readonly lexical?: Side;
  readonly dense?: Side;
}

/** A candidate with its fused score, which is what its explanation adds up to. */
export interface Fused {
  readonly key: PaperKey;
  readonly score: number;
  readonly explanation: Explanation;
  /** Probability that it answers the query, where it is known. */
  readonly relevance?: number;
}

interface Scaled {
  readonly of: (key: PaperKey) => SideScore | null;
  readonly keys: Iterable<PaperKey>;
}

/**
 * Min-max scaling over the side's own candidates: 1 for the best, 0 for the last and for all papers beyond them. Where
 * there are none beyond, as when few papers have a word of the query, `zero` gives 0 to the score of having none (the
 * sample library's nDCG@10, by this sum alone, is .817 so, else .807); a cosine of 0 means nothing of the kind. Candidates beyond the depth
 * get what they are below 0.
 */
function scale({ candidates: { keys, scores, total }, weight, depth }: Side, floor: 'zero' | 'last'): Scaled {
  const within = Math.min(depth, keys.length);
  const best = scores[0] ?? 0;
  const last = floor === 'zero' && total <= within ? 0 : (scores[within - 1] ?? 0);
  const span = best - last;
  const ranks = new Map<PaperKey, number>();
  keys.forEach((key, i) => ranks.set(key, i));
  return {
    keys,
    of: (key) => {
      const at = ranks.get(key);
      if (at === undefined) return null;
      const score = scores[at] ?? 0;
      return { rank: at + 1, score, scaled: span > 0 ? (score - last) / span : at < depth ? 1 : score - last, weight };
    },
  };
}

const NOTHING: Scaled = { of: () => null, keys: [] };
const part = (side: SideScore | null): number => (side ? side.weight * side.scaled : 0);

/**
 * What is below 0 ranks only papers that no side has within its depth, by the side that has them highest. So a page of a
 * thousand begins with the page of ten, whatever further candidates were asked for.
 */
function settled(side: SideScore | null, best: number): SideScore | null {
  return side && part(side) < Math.min(0, best) ? { ...side, scaled: 0 } : side;
}

function explain(lexical: SideScore | null, dense: SideScore | null): Explanation {
  const best = Math.max(lexical ? part(lexical) : -Infinity, dense ? part(dense) : -Infinity);
  return { lexical: settled(lexical, best), dense: settled(dense, best) };
}

/**
 * Weighted sum of the sides' scaled scores, best first; ties go to the smaller key. Summing scaled scores beats adding
 * reciprocal ranks (RRF, k 60) on every set measured, by up to 6 points of MRR (questions, by the sum alone: .688 against .631).
 */
export function fuse({ lexical, dense }: Sides): Fused[] {
  const lexicalScores = lexical ? scale(lexical, 'zero') : NOTHING;
  const denseScores = dense ? scale(dense, 'last') : NOTHING;
  const fused: Fused[] = [];
  for (const key of new Set([...lexicalScores.keys, ...denseScores.keys])) {
    const explanation = explain(lexicalScores.of(key), denseScores.of(key));
    fused.push({ key, score: part(explanation.lexical) + part(explanation.dense), explanation });
  }
  return fused.sort((a, b) => b.score - a.score || a.key - b.key);
}
