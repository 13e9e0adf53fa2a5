import type { Evidence, Facet, PaperJson, PaperKey } from '../domain/mod.ts';
import { AppError } from '../errors.ts';
import { noTimes, type RelatedRequest, type StageTimes, type Timed } from './contract.ts';
import { createCounterparts } from './counterparts.ts';
import { createFacetRanking } from './facet-ranking.ts';
import { createWholeRanking, type Given, type KinParts, type RankedKin } from './kin-ranking.ts';
import { collapse } from './near-duplicates.ts';

// Near-duplicates fold into their best: so many more are looked at than are asked for.
const DUPLICATE_SLACK = 3;

/** Papers near others: as a whole, or by one facet. */
export function createKin(parts: KinParts): (request: RelatedRequest) => Promise<Timed> {
  const { engine, store, evidenceFor, hitOf } = parts;
  const rankAsWhole = createWholeRanking(parts);
  const rankByFacet = createFacetRanking(parts);
  const counterparts = createCounterparts({ engine, store });

  function keysOf(ids: readonly string[]): PaperKey[] {
    return ids.map((id) => {
      const key = store.findKey(id);
      if (key === undefined) throw new AppError('PAPER_NOT_FOUND', { id });
      return key;
    });
  }

  function lookUp(request: RelatedRequest): Given {
    const text = request.text?.trim() === '' ? undefined : request.text;
    const positive = keysOf(request.positive);
    const negative = keysOf(request.negative);
    if (positive.length === 0 && text === undefined) {
      throw new AppError('USAGE', { message: 'related papers need at least one paper id or a text to start from' });
    }
    return { positive, negative, text, exclude: new Set([...positive, ...negative]) };
  }

  /** `by`: the facet they are ranked by after all. */
  async function ranked(
    given: Given,
    request: RelatedRequest,
    wanted: number,
    times: StageTimes,
  ): Promise<RankedKin & { readonly by?: Facet }> {
    const { facet, filter } = request;
    if (facet === undefined) return rankAsWhole({ given, filter, wanted }, times);
    const found = await rankByFacet({ given, facet, filter, wanted }, times);
    if (found) return { ...found, by: facet };
    const whole = await rankAsWhole({ given, filter, wanted }, times);
    const reason = `no sentence of what was given tells of a ${facet}, so that papers are compared as a whole`;
    return { ...whole, degraded: [...whole.degraded, { part: 'facet', reason }] };
  }

  /** Embeddings tell near-duplicates. */
  async function withVectors<T extends { paper: PaperJson; fused: { key: PaperKey } }>(entries: readonly T[]) {
    const vectors = await engine.vectors(entries.map(({ fused }) => fused.key));
    return entries.map((entry, i) => ({ ...entry, vector: vectors[i] }));
  }

  /** Evidence that the ranking has not chosen already is the sentence that is nearest to all that is searched for. */
  async function allEvidence(
    page: RankedKin['ranking'],
    { query, embed }: RankedKin,
    times: StageTimes,
  ): Promise<(Evidence | null)[]> {
    const open = page.filter(({ evidence }) => evidence === undefined);
    const chosen = await evidenceFor(
      query,
      embed,
      open.map(({ fused: { key }, paper }) => ({ key, paper })),
      times,
    );
    const found = new Map(open.map((entry, i) => [entry, chosen[i] ?? null]));
    return page.map((entry) => entry.evidence ?? found.get(entry) ?? null);
  }

  return async function related(request) {
    const started = performance.now();
    const times = noTimes();
    const { k, explain } = request;
    const given = lookUp(request);
    const found = await ranked(given, request, k * DUPLICATE_SLACK, times);
    const { total, degraded } = found;
    const seen = await withVectors(
      given.positive.flatMap((key) =>
        store.papers([key]).flatMap((paper) => (paper ? [{ paper, fused: { key } }] : [])),
      ),
    );
    const kept = collapse(await withVectors(found.ranking), seen, k);
    const page = kept.map((entry) => entry.kept);
    const evidence = request.evidence === 'none' ? [] : await allEvidence(page, found, times);
    // A hit that tells nothing of the facet shows some other sentence, which answers to nothing.
    const telling = page.map((entry, i) => ({
      key: entry.fused.key,
      evidence: (found.by ? entry.evidence : evidence[i]) ?? null,
    }));
    const answered = counterparts({ given: given.positive, facet: found.by, page: telling });
    const hits = kept.map(({ kept: entry, duplicates }, i) => {
      const counterpart = answered[i];
      const hit = {
        ...hitOf(entry, i, evidence[i] ?? null, explain),
        ...(counterpart ? { counterpart } : {}),
      };
      return duplicates.length > 0 ? { ...hit, duplicates: duplicates.map(({ paper }) => paper.id) } : hit;
    });
    const query = seen.length > 0 ? request.positive.join(' ') : (given.text ?? '');
    const tookMs = performance.now() - started;
    return { query, understood: null, mode: 'hybrid', tookMs, total, degraded, hits, times };
  };
}
