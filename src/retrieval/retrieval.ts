import type { Evidence, ExactMatch, Filter, Hit, PaperJson, PaperKey, Understood } from '../domain/mod.ts';
import type { Encoder, Reranker } from '../encoder/contract.ts';
import type { Engine } from '../engine/contract.ts';
import type { Store } from '../store/mod.ts';
import { AppError } from '../errors.ts';
import { createAuthors, type ReadAuthors } from './authors.ts';
import { noTimes, type Retrieval, type SearchRequest, type StageTimes, type Timed } from './contract.ts';
import { createCorrections, type Corrected } from './corrections.ts';
import { EmbeddingCache, once, orUndefined } from './embedding-cache.ts';
import { chooseEvidence } from './evidence.ts';
import { findExact, lead, readStored, understoodAs } from './exact.ts';
import type { Fused } from './fuse.ts';
import { createKin } from './kin.ts';
import type { Fetched } from './kin-ranking.ts';
import { withAuthors, withRecency } from './order.ts';
import type { ReadQuery } from './query.ts';
import { createRank } from './rank.ts';
import { recencyPrior } from './recency.ts';
import { holdBack, judge } from './relevance.ts';
import { type Reranked, rerank } from './rerank.ts';

export interface RetrievalParts {
  readonly engine: Engine;
  readonly store: Store;
  /** The encoder, or why there is none: then searches are lexical and say so. */
  readonly encoder: Encoder | { readonly unavailable: string };
  /** Where it is absent a search that asks for it is refused. */
  readonly reranker?: Reranker | undefined;
  /** Words that are no typos even where no paper has them; asked for once, when a query has a word that none has. */
  readonly vocabulary?: () => Promise<ReadonlySet<string>>;
}

// 1.5 MB at 384 dimensions: the queries of a long sitting.
const CACHED_EMBEDDINGS = 1000;
const DAY_MS = 86_400_000;
const HYBRID_ONLY =
  'a threshold of relevance (--min-score, minScore) needs words and meaning together: search in mode hybrid';

export function createRetrieval({ engine, store, encoder, reranker, vocabulary }: RetrievalParts): Retrieval {
  const rank = createRank(engine, store);
  const authors = createAuthors({ engine });
  const corrections = createCorrections({ engine, ...(vocabulary ? { vocabulary } : {}) });
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

  function requireReranker(): Reranker {
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
    const by = request.rerank === true ? requireReranker() : undefined;
    const read = readStored(query, store, request.signs);
    const filter = { clauses: [...request.filter.clauses, ...read.filter.clauses] };
    const lastWord = read.isFinished ? 'whole' : request.lastWord;
    const exact = await exactHits(query, read, filter);
    const { text, named, corrected } = await searchedText(read, exact, { filter, lastWord });
    const embed = once(() => queryEmbeddings.get(text));
    const { without = [] } = request;
    const asked = {
      ...{ text, embed, mode, form: read.form, lastWord },
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
    const total = ranked.total === null ? null : Math.max(ranked.total, hits.length);
    const degraded = [...ranked.degraded, ...unheld, ...unranked];
    const understood: Understood = {
      ...understoodAs({ ...read, text }),
      corrections: corrected?.corrections ?? [],
      authors: named?.authors.map(({ name }) => name) ?? [],
    };
    return { query, understood, mode, tookMs: performance.now() - started, total, ...held, degraded, hits, times };
  }

  async function exactHits(typed: string, read: ReadQuery, filter: Filter): Promise<ReadonlyMap<PaperKey, ExactMatch>> {
    const found = findExact(typed, read, store);
    const passing = new Set(await engine.passing(filter, [...found.keys()]));
    return new Map([...found].filter(([key]) => passing.has(key)));
  }

  /**
   * An id says nothing of what its paper is about: papers like the one it names are found by the title. Of other queries
   * the authors they name are taken out, and words that no paper has are corrected; a title is as it should be.
   */
  async function searchedText(
    { exactId, text, phrases }: ReadQuery,
    exact: ReadonlyMap<PaperKey, ExactMatch>,
    { filter, lastWord }: Pick<SearchRequest, 'filter' | 'lastWord'>,
  ): Promise<{ readonly text: string; readonly named?: ReadAuthors; readonly corrected?: Corrected }> {
    const byId = exactId === undefined ? undefined : [...exact].find(([, by]) => by === 'id')?.[0];
    if (byId !== undefined) return { text: store.paper(byId)?.title || text };
    if (exactId !== undefined || exact.size > 0) return { text };
    const named = await authors.read(text, filter);
    const known = [...phrases, ...(named?.authors.map(({ name }) => name) ?? [])];
    const keep = new Set(known.flatMap((words) => words.toLowerCase().split(/[^\p{L}\p{M}]+/u)));
    const corrected = await corrections.correct(named?.rest || text, { keep, lastWord });
    return { text: corrected.text, ...(named ? { named } : {}), corrected };
  }

  async function inOrder(fused: readonly Fused[], sort: SearchRequest['sort']): Promise<readonly Fused[]> {
    if (sort !== 'recent') return fused;
    const days = await engine.days(Int32Array.from(fused, ({ key }) => key));
    return withRecency(fused, recencyPrior(days, Math.floor(Date.now() / DAY_MS)));
  }

  const related = createKin({
    ...{ engine, store, rank, fetchPage, evidenceFor, hitOf },
    encodePaper: async (text) => (await loaded().encodePaper({ title: text, abstract: '' })).embedding,
    encodeQuery: async (text) => (await queryEmbeddings.get(text)).embedding,
  });

  const evidence: Retrieval['evidence'] = (text, embedding, papers) =>
    evidenceFor(text, embedding && (() => Promise.resolve(embedding)), papers, noTimes());

  return { search, related, evidence };
}
