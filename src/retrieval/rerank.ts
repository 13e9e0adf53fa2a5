import type { Degradation, PaperJson, RerankScore } from '../domain/mod.ts';
import type { Reranker } from '../encoder/contract.ts';
import { AppError } from '../errors.ts';

/** A ranking in its new order; `rerank` stands with those that were scored. */
export interface Reranked<T> {
  readonly ranking: readonly (T & { readonly rerank?: RerankScore })[];
  /** Why the order is the old one, if it is. */
  readonly degraded: readonly Degradation[];
}

/**
 * The first `depth` of a ranking ordered by what the reranker makes of query and paper, equal scores as they were; the rest
 * comes after them as it was. Where the reranker fails the ranking stays as it is, and says so.
 */
export async function rerank<T extends { readonly paper: PaperJson }>(
  reranker: Reranker,
  query: string,
  ranking: readonly T[],
): Promise<Reranked<T>> {
  const first = ranking.slice(0, reranker.depth);
  try {
    const scores = await reranker.score(
      query,
      first.map(({ paper }) => paper),
    );
    const ordered = first
      .map((entry, i) => ({ entry, score: scores[i] ?? 0 }))
      .toSorted((a, b) => b.score - a.score)
      .map(({ entry, score }, i) => ({ ...entry, rerank: { rank: i + 1, score } }));
    return { ranking: [...ordered, ...ranking.slice(first.length)], degraded: [] };
  } catch (error) {
    // What is no AppError is a bug, and is not to be lived with.
    if (!(error instanceof AppError)) throw error;
    return { ranking, degraded: [{ part: 'rerank', reason: error.message }] };
  }
}
