import type {
  Answer,
  Evidence,
  ExactMatch,
  Filter,
  Hit,
  PaperJson,
  PaperKey,
  RerankScore,
  Understood,
} from '../domain/mod.ts';
import type { Encoder, Reranker } from '../encoder/contract.ts';
import type { Engine } from '../engine/contract.ts';
import type { Store } from '../store/mod.ts';
import { AppError } from '../errors.ts';
import { createAuthors, type ReadAuthors } from './authors.ts';
import type { RelatedRequest, Retrieval, SearchRequest, StageTimes } from './contract.ts';
import { createCorrections, type Corrected } from './corrections.ts';
import { EmbeddingCache } from './embedding-cache.ts';
import { chooseEvidence } from './evidence.ts';
import { findExact, lead, readStored, understoodAs } from './exact.ts';
import type { Fused } from './fuse.ts';
import { collapse } from './near-duplicates.ts';
import { withAuthors, withRecency } from './order.ts';
import type { ReadQuery } from './query.ts';
import { createRank } from './rank.ts';
import { recencyPrior } from './recency.ts';
import { type Reranked, rerank } from './rerank.ts';
import type { Weights } from './stages.ts';

export interface RetrievalParts {
  readonly engine: Engine;
  readonly store: Store;
  /** The encoder, or why there is none: then searches are lexical and say so. */
  readonly encoder: Encoder | { readonly unavailable: string };
  /** Where it is absent a search that asks for it is refused. */
  readonly reranker?: Reranker | undefined;
}

/** A ranked paper as it was fetched. */
interface Fetched {
  readonly fused: Fused;
  readonly paper: PaperJson;
  readonly rerank?: RerankScore;
}

// A whole paper says more than a query does, which serves both sides alike. The stages were measured for queries only.
const RELATED_WEIGHTS: Weights = {
  ...{ lexical: 0.5, dense: 0.5 },
  ...{ rest: 0, coverage: 0, nearness: 0, feedback: 0, neighbours: 0 },
};
// What is not wanted steers away less than what is wanted steers to, as Rocchio's formula is commonly set.
const NEGATIVE_WEIGHT = 0.5;
// 1.5 MB at 384 dimensions: the queries of a long sitting.
const CACHED_EMBEDDINGS = 1000;
// The lexical side keeps the weightiest 128 terms of a query: the texts of more papers would only be read to be dropped.
const LEXICAL_SEEDS = 20;
// Near-duplicates fold into their best: so many more are looked at than are asked for.
const DUPLICATE_SLACK = 3;

const DAY_MS = 86_400_000;

type Timed = Answer & { readonly times: StageTimes };

function unit(vector: Float32Array): Float32Array {
  const norm = Math.hypot(...vector);
  return norm > 0 ? vector.map((x) => x / norm) : vector;
}

function addScaled(into: Float32Array, vectors: readonly Float32Array[], weight: number): void {
  for (const vector of vectors) {
    for (let i = 0; i < into.length; i += 1) into[i] = (into[i] ?? 0) + ((vector[i] ?? 0) * weight) / vectors.length;
  }
}

export function createRetrieval({ engine, store, encoder, reranker }: RetrievalParts): Retrieval {
  const rank = createRank(engine);
  const authors = createAuthors({ engine });
  const corrections = createCorrections({ engine });
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
    const hit = { rank: i + 1, score: fused.score, paper, evidence };
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
    const by = request.rerank === true ? requireReranker() : undefined;
    const read = readStored(query, store);
    const filter = { clauses: [...request.filter.clauses, ...read.filter.clauses] };
    const lastWord = read.isFinished ? 'whole' : request.lastWord;
    const exact = await exactHits(query, read, filter);
    const { text, named, corrected } = await searchedText(read, exact, { filter, lastWord });
    const embed = once(() => queryEmbeddings.get(text));
    const { without = [] } = request;
    const weights = read.form;
    const ranked = await rank({ text, embed, mode, weights, lastWord, filter, k, exclude: new Set(), without }, times);
    // All that is reranked is fetched, so that a page of five begins like a page of ten. What the query names stays first.
    const ordered = await inOrder(named ? withAuthors(ranked.fused, named.candidates) : ranked.fused, request.sort);
    const fetched = fetchPage(lead(ordered, exact), Math.max(k, exact.size + (by?.depth ?? 0)), times);
    const isNamed = ({ fused: { key } }: { fused: Fused }): boolean => exact.has(key);
    const others = fetched.filter((entry) => !isNamed(entry));
    const { ranking, degraded: unranked } = await reranked(by, text, others, times);
    const page = [...fetched.filter(isNamed), ...ranking].slice(0, k);
    const evidence = await evidenceFor(
      text,
      mode === 'lexical' ? undefined : embed,
      page.map(({ fused: { key }, paper }) => ({ key, paper })),
      times,
    );
    const hits = page.map((entry, i) => hitOf(entry, i, evidence[i] ?? null, explain));
    const total = ranked.total === null ? null : Math.max(ranked.total, hits.length);
    const degraded = [...ranked.degraded, ...unranked];
    const understood: Understood = {
      ...understoodAs({ ...read, text }),
      corrections: corrected?.corrections ?? [],
      authors: named?.authors.map(({ name }) => name) ?? [],
    };
    return { query, understood, mode, tookMs: performance.now() - started, total, degraded, hits, times };
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

  function keysOf(ids: readonly string[]): PaperKey[] {
    return ids.map((id) => {
      const key = store.findKey(id);
      if (key === undefined) throw new AppError('PAPER_NOT_FOUND', { id });
      return key;
    });
  }

  /** Rocchio: the mean of what is wanted less half the mean of what is not (Rocchio 1971). */
  async function kinEmbedding(
    positive: readonly PaperKey[],
    negative: readonly PaperKey[],
    text: string | undefined,
  ): Promise<Float32Array> {
    const present = (vectors: (Float32Array | undefined)[]): Float32Array[] => vectors.filter((v) => v !== undefined);
    const wanted = present(await engine.vectors(positive));
    if (text !== undefined) wanted.push((await loaded().encodePaper({ title: text, abstract: '' })).embedding);
    const first = wanted[0];
    if (!first) throw new AppError('SEARCH_UNAVAILABLE', { reasons: 'the given papers are not embedded yet' });
    const sum = new Float32Array(first.length);
    addScaled(sum, wanted, 1);
    addScaled(sum, present(await engine.vectors(negative)), -NEGATIVE_WEIGHT);
    return unit(sum);
  }

  async function related(request: RelatedRequest): Promise<Timed> {
    const started = performance.now();
    const times = noTimes();
    const { k, filter, explain } = request;
    const text = request.text?.trim() === '' ? undefined : request.text;
    const positive = keysOf(request.positive);
    const negative = keysOf(request.negative);
    if (positive.length === 0 && text === undefined) {
      throw new AppError('USAGE', { message: 'related papers need at least one paper id or a text to start from' });
    }
    const exclude = new Set([...positive, ...negative]);
    const seeds = store.papers(positive).filter((paper) => paper !== undefined);
    const words = [...seeds.slice(0, LEXICAL_SEEDS).map(({ title, abstract }) => `${title}. ${abstract}`), text ?? ''];
    const query = words.join(' ').trim();
    const wanted = k * DUPLICATE_SLACK;
    const embed = once(() => kinEmbedding(positive, negative, text));
    const ranked = await rank(
      {
        ...{ text: query, embed, mode: 'hybrid', weights: RELATED_WEIGHTS, lastWord: 'whole', filter },
        ...{ k: wanted + exclude.size, exclude, without: [] },
      },
      times,
    );
    const page = await withVectors(fetchPage(ranked.fused, wanted, times));
    const seen = await withVectors(
      positive.flatMap((key) => store.papers([key]).flatMap((paper) => (paper ? [{ paper, fused: { key } }] : []))),
    );
    const kept = collapse(page, seen, k);
    const evidence = await evidenceFor(
      query,
      embed,
      kept.map(({ kept: { fused, paper } }) => ({ key: fused.key, paper })),
      times,
    );
    const hits = kept.map(({ kept: entry, duplicates }, i) => {
      const hit = hitOf(entry, i, evidence[i] ?? null, explain);
      return duplicates.length > 0 ? { ...hit, duplicates: duplicates.map(({ paper }) => paper.id) } : hit;
    });
    const shown = seeds.length > 0 ? request.positive.join(' ') : (text ?? '');
    const { total, degraded } = ranked;
    const tookMs = performance.now() - started;
    return { query: shown, understood: null, mode: 'hybrid', tookMs, total, degraded, hits, times };
  }

  async function withVectors<T extends { paper: PaperJson; fused: { key: PaperKey } }>(entries: readonly T[]) {
    const vectors = await engine.vectors(entries.map(({ fused }) => fused.key));
    return entries.map((entry, i) => ({ ...entry, vector: vectors[i] }));
  }

  return { search, related };
}

/** Ranking and evidence use one embedding: what failed for the one is not tried again for the other. */
function once<T>(make: () => T): () => T {
  let made: { readonly value: T } | undefined;
  return () => (made ??= { value: make() }).value;
}

/** What the dense side says of a failure is said once, by `rank`; what is no AppError is a bug. */
function orUndefined(error: unknown): undefined {
  if (!(error instanceof AppError)) throw error;
  return undefined;
}

function noTimes(): StageTimes {
  return { encode: 0, lexical: 0, dense: 0, fuse: 0, refine: 0, rerank: 0, evidence: 0, fetch: 0 };
}
