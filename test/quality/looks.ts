import type { Search } from '../../src/app/mod.ts';
import { loadConfig } from '../../src/config.ts';
import { DEFAULT_MODEL, type Encoder, openEncoder } from '../../src/encoder/mod.ts';
import type { QueryEmbedding } from '../../src/encoder/contract.ts';
import type { JudgedSet, Metrics } from '../../src/evaluation/mod.ts';
import { measureRun, type ScoredDocument } from '../../src/evaluation/run.ts';
import { noTimes } from '../../src/retrieval/contract.ts';
import type { Fused } from '../../src/retrieval/fuse.ts';
import { readQuery } from '../../src/retrieval/query.ts';
import { createRank } from '../../src/retrieval/rank.ts';
import {
  compareBest,
  examine,
  type Part,
  type Parts,
  type Pool,
  POOL,
  refine,
  type RefineRequest,
  weighed,
  WEIGHTS,
} from '../../src/retrieval/stages.ts';
import { measuring } from '../support/judged.ts';
import { readVisibleSet, type VisibleSet } from './sets.ts';

/** What has weights of its own. */
export type Form = keyof typeof WEIGHTS;
export const FORMS = Object.keys(WEIGHTS).filter((name): name is Form => name in WEIGHTS);
export type ByForm<T> = Readonly<Record<Form, T>>;

/** Weights by part, of as many parts as there are. */
export type PartWeights = ReadonlyMap<Part, number>;

/** The values of parts in standard deviations, but for what all papers share; `[papers]` each. */
type Columns = ReadonlyMap<Part, Float64Array>;

export interface Compared {
  /** The best of the pool, as places in it. */
  readonly places: readonly number[];
  /** What they gain from each other; `[places]` each. */
  readonly columns: Columns;
}

/** A topic and its candidates. */
export interface Look {
  readonly set: string;
  readonly form: Form;
  /** The sum of the two sides, before anything is looked at more closely. */
  readonly sides: readonly Fused[];
  /** Of the pool, `[papers]`. */
  readonly relevant: readonly boolean[];
  /** What each paper of the pool is worth by itself; `[papers]` each. */
  readonly columns: Columns;
  compare(weights: PartWeights): Promise<Compared>;
  /** The ranking as it serves, under these weights or those of the code. */
  rank(weights?: PartWeights): Promise<readonly Fused[]>;
  isRelevant(hit: Fused): boolean;
  /** Cosine with the query, and share of its terms, of some hits. */
  inspect(hits: readonly Fused[]): Promise<{ readonly cosines: Float32Array; readonly coverage: Float32Array }>;
  /** What a ranking is worth, as `paperkin evaluate` measures it. */
  measure(ranking: readonly Fused[]): Metrics;
}

/** A set whose topics are looked at, over the documents of itself or of another. */
interface Opened {
  readonly visible: VisibleSet;
  readonly set: JudgedSet;
  readonly search: Search;
  readonly encoder: Encoder;
  /** Judged documents by the key of the paper that each has become, as papers may have been merged. */
  readonly byKey: ReadonlyMap<number, readonly string[]>;
}

function documentsByKey({ store }: Search, { judgements }: JudgedSet): ReadonlyMap<number, readonly string[]> {
  const byKey = new Map<number, string[]>();
  for (const document of new Set([...judgements.values()].flatMap((grades) => [...grades.keys()]))) {
    const key = store.findKey(document);
    if (key !== undefined) byKey.set(key, [...(byKey.get(key) ?? []), document]);
  }
  return byKey;
}

const inDeviations = (parts: Parts): Columns =>
  new Map([...parts].map(([part, { values, spread }]) => [part, values.map((value) => value * spread)]));

/** What the ranking would look at more closely. */
async function asked({ encoder, search: { engine, store }, visible: { k } }: Opened, typed: string) {
  const asked: { readonly request: RefineRequest; readonly papers: Pool }[] = [];
  const rank = createRank(engine, store, (request, papers) => {
    asked.push({ request, papers });
    return Promise.resolve([...request.fused]);
  });
  const { text, form, filter } = readQuery(typed);
  const embed = (): Promise<QueryEmbedding> => encoder.encodeQuery(text);
  const always = { mode: 'hybrid', lastWord: 'whole', exclude: new Set<number>(), without: [] } as const;
  await rank({ ...always, text, form, filter, embed, k }, noTimes());
  const [found] = asked;
  if (!found) throw new Error(`the model did not answer: ${typed}`);
  const weighed = FORMS.find((name) => WEIGHTS[name] === found.request.weights);
  if (!weighed) throw new Error(`the ranking has other weights than those it knows: ${typed}`);
  return { ...found, form: weighed };
}

async function look(opened: Opened, id: string, typed: string): Promise<Look> {
  const { visible, set, byKey } = opened;
  const { request, papers, form } = await asked(opened, typed);
  const grades = set.judgements.get(id) ?? new Map<string, number>();
  const documentsOf = ({ key, score }: Fused): ScoredDocument[] =>
    (byKey.get(key) ?? [`#${key}`]).map((document) => ({ document, score }));
  const isRelevant = (hit: Fused): boolean => documentsOf(hit).some(({ document }) => (grades.get(document) ?? 0) > 0);
  const pool = request.fused.slice(0, POOL);
  const parts = await examine(request, pool, papers);
  return {
    ...{ set: visible.name, form, sides: request.fused, relevant: pool.map(isRelevant), columns: inDeviations(parts) },
    async compare(weights) {
      const sums = weighed(parts, (part) => weights.get(part) ?? 0, pool.length);
      const { places, compared } = await compareBest(request, sums, papers);
      return { places, columns: inDeviations(compared) };
    },
    rank: (weights = new Map()) =>
      refine({ ...request, weights: { ...request.weights, ...Object.fromEntries(weights) } }, papers),
    isRelevant,
    async inspect(hits) {
      const keys = hits.map(({ key }) => key);
      const { whole } = await papers.cosines(request.query.embedding, keys);
      return { cosines: whole, coverage: (await papers.match(request.text, keys)).coverage };
    },
    measure(ranking) {
      const documents = ranking.slice(0, visible.k).flatMap(documentsOf).slice(0, visible.k);
      const [measured] = measureRun(new Map([[id, documents]]), new Map([[id, grades]]));
      if (!measured) throw new Error(`the topic ${id} has no judgements`);
      return measured.metrics;
    },
  };
}

export interface Looks {
  /** Every judged topic of a set. */
  of(visible: VisibleSet): Promise<Look[]>;
  /** The same topics asked of another set's documents, of which none is relevant. */
  elsewhere(visible: VisibleSet, documents: VisibleSet): Promise<Look[]>;
  close(): Promise<void>;
}

/**
 * Looks at topics through the ranking that serves, the model and the index included. What comes before it and after it has no
 * weights and is left out: exact titles and ids, authors' names, corrections of misspelt words.
 */
export async function openLooks(): Promise<Looks> {
  const { config } = loadConfig({});
  const { modelsDir, threads } = config;
  const model = config.model || DEFAULT_MODEL;
  const encoder = await openEncoder({ model, modelsDir, threads, allowDownload: false });
  const corpora = new Map<string, Awaited<ReturnType<typeof measuring>>>();

  async function searchOver(set: JudgedSet): Promise<Search> {
    const name = set.corpus.join('\n');
    const corpus = corpora.get(name) ?? (await measuring(set, config));
    corpora.set(name, corpus);
    return corpus.search;
  }

  async function lookAtAll({ set, ...opened }: Opened, ids: Iterable<string>): Promise<Look[]> {
    const looks: Look[] = [];
    for (const id of ids) {
      const topic = set.topics.get(id);
      if (topic) looks.push(await look({ ...opened, set }, id, topic.text));
    }
    return looks;
  }

  return {
    async of(visible) {
      const set = await readVisibleSet(visible);
      const search = await searchOver(set);
      const byKey = documentsByKey(search, set);
      return lookAtAll({ visible, set, search, encoder, byKey }, set.judgements.keys());
    },
    async elsewhere(visible, documents) {
      const { topics, judgements, ...set } = await readVisibleSet(visible);
      const search = await searchOver(await readVisibleSet(documents));
      const unjudged = { ...set, topics, judgements: new Map() };
      const opened = { visible: documents, set: unjudged, search, encoder, byKey: new Map() };
      return lookAtAll(opened, judgements.keys());
    },
    async close() {
      for (const corpus of corpora.values()) await corpus.close();
      await encoder.close();
    },
  };
}
