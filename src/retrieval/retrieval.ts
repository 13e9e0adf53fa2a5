import type { Evidence, Hit, PaperJson, PaperKey } from '../domain/mod.ts';
import type { Encoder, Reranker } from '../encoder/contract.ts';
import type { Engine } from '../engine/contract.ts';
import type { Store } from '../store/mod.ts';
import { AppError } from '../errors.ts';
import { createBreakdown } from './breakdown.ts';
import { noTimes, type Retrieval, type SearchRequest, type StageTimes, type Timed } from './contract.ts';
import { EmbeddingCache, once, orUndefined } from './embedding-cache.ts';
import { chooseEvidence } from './evidence.ts';
import { lead } from './exact.ts';
import type { Fused } from './fuse.ts';
import { createKin } from './kin.ts';
import type { Fetched } from './kin-ranking.ts';
import { byTrend, newestFirst, relevantOf, withAuthors, withRecency } from './order.ts';
import { createFirstLook, createRank } from './rank.ts';
import { recencyPrior } from './recency.ts';
import { holdBack, judge } from './relevance.ts';
import { type Reranked, rerank } from './rerank.ts';
import { createUnderstanding } from './understanding.ts';

export interface RetrievalParts {
  readonly engine: Engine;
  readonly store: Store;
  /** The encoder, or why there is none: then searches are lexical and say so. */
  readonly encoder: Encoder | { readonly unavailable: string };
  /** Where it is absent a search that asks for it is refused. */
  readonly reranker?: Reranker | undefined;
  /** Words that are no typos even where no paper has them; asked for once, when a query has a word that none has. */
  readonly vocabulary?: () => Promise<ReadonlySet<string>>;
  /** What readers' votes for each paper count for now; absent: nobody has voted. Same order as the keys. */
  readonly trends?: (keys: readonly PaperKey[]) => readonly number[];
}

// 1.5 MB at 384 dimensions: the queries of a long sitting.
const CACHED_EMBEDDINGS = 1000;
const DAY_MS = 86_400_000;
const HYBRID_ONLY =
  'a threshold of relevance (--min-score, minScore) needs words and meaning together: search in mode hybrid';
const TWO_ORDERS =
  'a reranker gives an order of its own, which newest and trending would undo: leave out --rerank (rerank) or --sort (sort)';

/** Where only relevant papers are listed they are all there is. */
function totalOf(sort: SearchRequest['sort'], kept: readonly Fused[], total: number | null, hits: number) {
  if (sort === 'newest' || sort === 'trending') return kept.length;
  return total === null ? null : Math.max(total, hits);
}

export function createRetrieval(parts: RetrievalParts): Retrieval {
  const { engine, store, encoder, reranker, vocabulary, trends = (keys) => keys.map(() => 0) } = parts;
  const rank = createRank(engine, store);
  const understand = createUnderstanding({ engine, store, ...(vocabulary ? { vocabulary } : {}) });
  const queryEmbeddings = new EmbeddingCache(CACHED_EMBEDDINGS, async (text) => loaded().encodeQuery(text));

  function loaded(): Encoder {
    if ('unavailable' in encoder) throw new AppError('SEARCH_UNAVAILABLE', { reasons: encoder.unavailable });
    return encoder;
  }

  /** Papers of the page only are fetched; one that has gone since it was indexed is passed over. */
  function fetchPage(fused: readonly Fused[], k: number, times: StageTimes): Fetched[] {
    const started = performance.now();
    const page: Fetched[] = [];
    for (const entry of fused) {
      if (page.length >= k) break;
      const [paper] = store.papers([entry.key]);
      if (paper) page.push({ fused: entry, paper });
    }
    times.fetch = performance.now() - started;
    return page;
  }

  /** `embed`: gives what the sentences are compared with; without it, or where it fails, they are chosen by words. */
  async function evidenceFor(
    query: string,
    embed: (() => Promise<Float32Array>) | undefined,
    page: readonly { readonly key: PaperKey; readonly paper: PaperJson }[],
    times: StageTimes,
  ): Promise<(Evidence | null)[]> {
    const embedding = await embed?.().catch(orUndefined);
    const started = performance.now();
    const terms = await engine.termWeights(query);
    const count = engine.termCounter(terms.keys());
    const keys = page.map(({ key }) => key);
    const sentences = embedding ? store.sentences(keys, engine.fingerprint) : [];
    const found = page.map(({ paper: { abstract } }, i) => {
      const known = sentences[i];
      const meaning = embedding && known ? { embedding, sentences: known } : undefined;
      return chooseEvidence({ terms, abstract, count, meaning });
    });
    times.evidence = performance.now() - started;
    return found;
  }

  function hitOf(entry: Fetched, i: number, evidence: Evidence | null, explain: boolean): Hit {
    const { fused, paper, rerank: reranked } = entry;
    const { score, relevance } = fused;
    const hit = { rank: i + 1, score, ...(relevance === undefined ? {} : { relevance }), paper, evidence };
    const explanation = reranked ? { ...fused.explanation, rerank: reranked } : fused.explanation;
    return explain ? { ...hit, explanation } : hit;
  }

  function requireReranker(sort: SearchRequest['sort']): Reranker {
    if (sort === 'newest' || sort === 'trending') throw new AppError('USAGE', { message: TWO_ORDERS });
    if (!reranker) throw new AppError('NO_RERANKER');
    return reranker;
  }

  async function reranked(
    by: Reranker | undefined,
    query: string,
    ranking: readonly Fetched[],
    times: StageTimes,
  ): Promise<Reranked<Fetched>> {
    if (!by) return { ranking, degraded: [] };
    const started = performance.now();
    const found = await rerank(by, query, ranking);
    times.rerank = performance.now() - started;
    return found;
  }

  async function search(request: SearchRequest): Promise<Timed> {
    const started = performance.now();
    const times = noTimes();
    const { query, mode, k, explain } = request;
    if (request.minScore !== undefined && mode !== 'hybrid') throw new AppError('USAGE', { message: HYBRID_ONLY });
    const by = request.rerank === true ? requireReranker(request.sort) : undefined;
    const { form, text, filter, lastWord, exact, named, understood } = await understand(request);
    const embed = once(() => queryEmbeddings.get(text));
    const { without = [], signal } = request;
    const asked = {
      ...{ text, embed, mode, form, lastWord, signal },
      ...{ filter, k, exclude: new Set<PaperKey>(), without },
    };
    const ranked = await rank(asked, times);
    // All that is reranked is fetched, so that a page of five begins like a page of ten. What the query names stays first.
    const judged = await judge(ranked, filter, () => rank({ ...asked, filter: { clauses: [] } }, noTimes()));
    const ordered = await inOrder(named ? withAuthors(judged, named.candidates) : judged, request.sort);
    const { ranking: kept, degraded: unheld, ...held } = holdBack(lead(ordered, exact), request, ranked.by);
    const fetched = fetchPage(kept, Math.max(k, exact.size + (by?.depth ?? 0)), times);
    const isNamed = ({ fused: { key } }: { fused: Fused }): boolean => exact.has(key);
    const others = fetched.filter((entry) => !isNamed(entry));
    const { ranking, degraded: unranked } = await reranked(by, text, others, times);
    const page = [...fetched.filter(isNamed), ...ranking].slice(0, k);
    const shown = page.map(({ fused: { key }, paper }) => ({ key, paper }));
    const compared = mode === 'lexical' ? undefined : async () => (await embed()).embedding;
    const evidence = request.evidence === 'none' ? [] : await evidenceFor(text, compared, shown, times);
    const hits = page.map((entry, i) => hitOf(entry, i, evidence[i] ?? null, explain));
    const total = totalOf(request.sort, kept, ranked.total, hits.length);
    const degraded = [...ranked.degraded, ...unheld, ...unranked];
    return { query, understood, mode, tookMs: performance.now() - started, total, ...held, degraded, hits, times };
  }

  async function inOrder(fused: readonly Fused[], sort: SearchRequest['sort']): Promise<readonly Fused[]> {
    if (sort === undefined || sort === 'relevance') return fused;
    if (sort === 'trending') {
      const relevant = relevantOf(fused);
      return byTrend(relevant, trends(relevant.map(({ key }) => key)));
    }
    const asked = sort === 'newest' ? relevantOf(fused) : fused;
    const days = await engine.days(Int32Array.from(asked, ({ key }) => key));
    if (sort === 'newest') return newestFirst(asked, days);
    return withRecency(asked, recencyPrior(days, Math.floor(Date.now() / DAY_MS)));
  }

  const related = createKin({
    ...{ engine, store, rank, fetchPage, evidenceFor, hitOf },
    encodePaper: async (text) => (await loaded().encodePaper({ title: text, abstract: '' })).embedding,
    encodeQuery: async (text) => (await queryEmbeddings.get(text)).embedding,
  });

  const breakdown = createBreakdown({
    ...{ store, understand, firstLook: createFirstLook(engine) },
    embedQuery: (text) => queryEmbeddings.get(text),
  });

  const evidence: Retrieval['evidence'] = (text, embedding, papers) =>
    evidenceFor(text, embedding && (() => Promise.resolve(embedding)), papers, noTimes());

  return { search, related, breakdown, evidence };
}
