import { type Degradation, type Evidence, type Explanation, type Facet, type PaperKey, STAGES } from '../domain/mod.ts';
import type { Engine } from '../engine/contract.ts';
import type { StoredSentence } from '../store/mod.ts';
import type { StageTimes } from './contract.ts';
import { dot } from '../domain/dot.ts';
import { once, orUndefined } from './embedding-cache.ts';
import { facetSentences } from './facets.ts';
import type { Fused } from './fuse.ts';
import {
  type Fetched,
  type KinParts,
  type KinRequest,
  NEGATIVE_WEIGHT,
  type RankedKin,
  rocchio,
} from './kin-ranking.ts';

export interface FacetRequest extends KinRequest {
  readonly facet: Facet;
}

/*
 * Measured by 41 terms that name tasks and 42 that name methods, listed beforehand: over 300 papers among 3,000, the share of
 * their kin that have the task, and the method. As a whole .35 and .28. By method, without the facet's value .29 and .29; with
 * it by words .27 and .31, by meaning .31 and .29: embeddings tell the task even where a method is told, and methods go by
 * their names. By problem .30 and .20 by words, .33 and .20 by meaning: problems are said in many ways.
 */
/** What the facet itself counts for in a score; the rest is what finds candidates by the same sentences. */
const FACET_WEIGHT = 0.4;
/** Of the facet's value, what the nearest sentence's cosine counts for; the rest is for the words of all of them. */
const MEANING_SHARE: Readonly<Record<Facet, number>> = { problem: 0.75, method: 0.25, result: 0.5 };
/** So many candidates at a time are read, classified and ranked anew: 20 ms. A long page begins like a short one. */
const DEPTH = 100;
/** Each paper given costs the encoding of its sentences, some 5 ms. */
const MOST_GIVEN = 20;
/** Of a text without a sentence of the facet, so much stands for it: more than the encoder reads. UTF-16 units. */
const MOST_TEXT = 2000;
/** As in the choice of evidence: see there. */
const SATURATION = 0.5;
const LENGTH_DAMPING = 0.75;

/** A title tells what a paper is about and often how, hardly ever what came out. */
function wordsOfPaper(
  { title, abstract }: { readonly title: string; readonly abstract: string },
  facet: Facet,
): string {
  const told = facetSentences(abstract, facet);
  return told.length > 0 || facet === 'result' ? told.map(({ text }) => text).join(' ') : title.trim();
}

/** A text given for a facet is that facet, unless some of its sentences say so plainly. */
function wordsOfText(text: string, facet: Facet): string {
  const told = facetSentences(text, facet);
  return told.length > 0 ? told.map((each) => each.text).join(' ') : text.trim().slice(0, MOST_TEXT);
}

/** BM25 of a text, as if what was given were the query and texts were usually as long. */
async function wordsNearness(engine: Engine, given: string): Promise<(text: string) => number> {
  const terms = await engine.termWeights(given);
  const count = engine.termCounter(terms.keys());
  const usual = count(given).length || 1;
  return (text) => {
    const { counts, length } = count(text);
    const norm = SATURATION * (1 - LENGTH_DAMPING + (LENGTH_DAMPING * length) / usual);
    let score = 0;
    for (const [term, times] of counts) score += ((terms.get(term) ?? 0) * times) / (times + norm);
    return score;
  };
}

/** A candidate that tells something of the facet: how near that is by words, and by meaning where that is known. */
interface Told {
  readonly entry: Fetched;
  readonly words: number;
  readonly cosine: number | undefined;
  readonly evidence: Evidence;
}

/** The most that a list of numbers has, and where; the first of equals. */
function most(values: readonly number[]): { readonly value: number; readonly at: number } {
  const value = Math.max(...values);
  return { value, at: values.indexOf(value) };
}

/** Between the least and the most of the first block: what comes after it is not to look nearer. */
type Scale = (value: number) => number;

function scaleOf(values: readonly number[]): Scale {
  const [least, top] = [Math.min(...values), Math.max(...values)];
  return (value) => (top > least ? Math.max(0, Math.min(1, (value - least) / (top - least))) : 1);
}

/** How near each is, in [0, 1]: by meaning and words alike, or by words alone where the sentences are not embedded. */
function valuesBy(first: readonly Told[], facet: Facet): (told: Told) => number {
  const share = MEANING_SHARE[facet];
  const words = scaleOf(first.map((told) => told.words));
  const meaning = scaleOf(first.flatMap(({ cosine }) => cosine ?? []));
  return (told) =>
    told.cosine === undefined ? words(told.words) : share * meaning(told.cosine) + (1 - share) * words(told.words);
}

/** Explains a score of which `facet` is a part: all others count for so much less. */
function withFacet(explanation: Explanation, value: number | undefined): Explanation {
  const lighter = <T extends { readonly weight: number }>(part: T): T => ({
    ...part,
    weight: part.weight * (1 - FACET_WEIGHT),
  });
  const { lexical, dense } = explanation;
  const stages = STAGES.flatMap((stage) => {
    const addition = explanation[stage];
    return addition ? [[stage, lighter(addition)] as const] : [];
  });
  return {
    ...{ ...explanation, ...Object.fromEntries(stages) },
    ...{ lexical: lexical && lighter(lexical), dense: dense && lighter(dense) },
    ...(value === undefined ? {} : { facet: { value, weight: FACET_WEIGHT } }),
  };
}

/** The same entry with what the facet adds; without a value it says nothing of the facet. */
function rescored(entry: Fetched, value: number | undefined): Fetched {
  const { key, score, explanation } = entry.fused;
  const whole = score * (1 - FACET_WEIGHT) + (value ?? 0) * FACET_WEIGHT;
  return { ...entry, fused: { key, score: whole, explanation: withFacet(explanation, value) } };
}

/** Cosines of the sentences with an embedding; `undefined` where not all of them are embedded. */
function cosinesOf(
  told: readonly Evidence[],
  stored: readonly StoredSentence[] | undefined,
  embedding: Float32Array,
): number[] | undefined {
  const found = told.flatMap(({ start }) => {
    const sentence = stored?.find((each) => each.start === start);
    return sentence ? [dot(embedding, sentence.vector)] : [];
  });
  return found.length === told.length ? found : undefined;
}

interface Blocks {
  readonly facet: Facet;
  readonly fused: readonly Fused[];
  readonly wanted: number;
  readonly fetch: (some: readonly Fused[]) => Fetched[];
  readonly read: (block: readonly Fetched[]) => (Told | undefined)[];
}

/** Ranks candidates block by block, until enough are found that tell something of the facet; all others come after them. */
function rankBlocks({ facet, fused, wanted, fetch, read }: Blocks): RankedKin['ranking'] {
  const ranking: RankedKin['ranking'][number][] = [];
  const silent: Fetched[] = [];
  let valueOf: ((told: Told) => number) | undefined;
  for (let at = 0; at < fused.length && ranking.length < wanted; at += DEPTH) {
    const block = fetch(fused.slice(at, at + DEPTH));
    const found = read(block);
    silent.push(...block.filter((_, i) => !found[i]).map((entry) => rescored(entry, undefined)));
    const told = found.filter((each) => each !== undefined);
    if (told.length === 0) continue;
    valueOf ??= valuesBy(told, facet);
    const value = valueOf;
    const scored = told.map((each) => ({ ...rescored(each.entry, value(each)), evidence: each.evidence }));
    ranking.push(...scored.sort((a, b) => b.fused.score - a.fused.score || a.fused.key - b.fused.key));
  }
  return [...ranking, ...silent].slice(0, wanted);
}

/**
 * Ranks papers by one facet: candidates are found by the sentences that tell it of what is given, and ranked by how near their
 * own sentences of the facet are to these. Papers that tell nothing of it come last. `undefined` where nothing given tells it.
 */
export function createFacetRanking({
  engine,
  store,
  rank,
  encodeQuery,
  fetchPage,
}: KinParts): (request: FacetRequest, times: StageTimes) => Promise<RankedKin | undefined> {
  function wordsOf(keys: readonly PaperKey[], facet: Facet): string[] {
    return store
      .papers(keys.slice(0, MOST_GIVEN))
      .flatMap((paper) => (paper ? [wordsOfPaper(paper, facet)] : []))
      .filter((words) => words !== '');
  }

  const encodeAll = (texts: readonly string[]): Promise<Float32Array[]> => Promise.all(texts.map(encodeQuery));

  /** Reads what candidates tell of the facet and how near it is; `undefined` for those that tell nothing. */
  async function reader(
    { facet }: FacetRequest,
    near: readonly string[],
    far: readonly string[],
    embedding: Float32Array | undefined,
  ): Promise<(block: readonly Fetched[]) => (Told | undefined)[]> {
    const wanted = await wordsNearness(engine, near.join(' '));
    const unwanted = far.length > 0 ? await wordsNearness(engine, far.join(' ')) : undefined;
    const nearness = (text: string): number =>
      Math.max(0, wanted(text) - (unwanted ? NEGATIVE_WEIGHT * unwanted(text) : 0));
    return (block) => {
      const keys = block.map(({ fused }) => fused.key);
      const stored = embedding ? store.sentences(keys, engine.fingerprint) : [];
      return block.map((entry, i) => {
        const told = facetSentences(entry.paper.abstract, facet);
        if (told.length === 0) return undefined;
        const cosines = embedding && cosinesOf(told, stored[i], embedding);
        const texts = told.map(({ text }) => text);
        const nearest = most(cosines ?? texts.map(nearness));
        const evidence = told[nearest.at];
        return evidence && { entry, words: nearness(texts.join(' ')), cosine: cosines && nearest.value, evidence };
      });
    };
  }

  return async function rankByFacet(request, times) {
    const { given, facet, filter, wanted } = request;
    const { positive, negative, text, exclude } = given;
    const near = [...wordsOf(positive, facet), ...(text === undefined ? [] : [wordsOfText(text, facet)])];
    if (near.length === 0) return undefined;
    const far = wordsOf(negative, facet);
    const query = near.join(' ');
    const embed = once(async () => rocchio(await encodeAll(near), await encodeAll(far)));
    const { fused, total, degraded } = await rank(
      {
        ...{
          text: query,
          embed: async () => ({ embedding: await embed(), tokens: undefined }),
          mode: 'hybrid',
          form: 'paper',
          lastWord: 'whole',
          filter,
        },
        ...{ k: wanted + exclude.size, exclude, without: [] },
      },
      times,
    );
    const read = await reader(request, near, far, await embed().catch(orUndefined));
    const ranking = rankBlocks({ facet, fused, wanted, fetch: (some) => fetchPage(some, DEPTH, times), read });
    const left = Math.max(positive.length, negative.length) - MOST_GIVEN;
    const unread: Degradation[] =
      left > 0
        ? [{ part: 'facet', reason: `of the papers given only the first ${MOST_GIVEN} are read for their ${facet}` }]
        : [];
    return { ranking, query, embed, total, degraded: [...degraded, ...unread] };
  };
}
