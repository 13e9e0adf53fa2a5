import { type Degradation, type Evidence, type Explanation, type Facet, type PaperKey, STAGES } from '../domain/mod.ts';
import type { Engine, TermCounts } from '../engine/contract.ts';
import type { StageTimes } from './contract.ts';
import { facetSentences } from './facets.ts';
import {
  type Fetched,
  type KinParts,
  type KinRequest,
  NEGATIVE_WEIGHT,
  type RankedKin,
  RELATED_WEIGHTS,
  rocchio,
} from './kin-ranking.ts';

export interface FacetRequest extends KinRequest {
  readonly facet: Facet;
}

/** How near the sentences of a facet are to what is wanted, 0 or more, and which of them is nearest. */
type Compare = (sentences: readonly Evidence[]) => {
  readonly nearness: number;
  readonly nearest: Evidence | undefined;
};

/** What the facet itself counts for in a score; the rest is what finds candidates by the same sentences. */
const FACET_WEIGHT = 0.4;
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

/** BM25 of sentences, as if all that was given were the query, among texts as long as the query. */
async function compareByWords(engine: Engine, given: string): Promise<Compare> {
  const terms = await engine.termWeights(given);
  const count = engine.termCounter(terms.keys());
  const usual = count(given).length || 1;
  const overlap = ({ counts, length }: TermCounts): number => {
    const norm = SATURATION * (1 - LENGTH_DAMPING + (LENGTH_DAMPING * length) / usual);
    let score = 0;
    for (const [term, times] of counts) score += ((terms.get(term) ?? 0) * times) / (times + norm);
    return score;
  };
  return (sentences) => {
    const scores = sentences.map(({ text }) => overlap(count(text)));
    const nearest = sentences[scores.indexOf(Math.max(...scores))];
    return { nearness: overlap(count(sentences.map(({ text }) => text).join(' '))), nearest };
  };
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

interface Told {
  readonly entry: Fetched;
  readonly nearness: number;
  readonly evidence: Evidence;
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

  async function comparison(wanted: readonly string[], unwanted: readonly string[]): Promise<Compare> {
    const near = await compareByWords(engine, wanted.join(' '));
    if (unwanted.length === 0) return near;
    const far = await compareByWords(engine, unwanted.join(' '));
    return (sentences) => {
      const { nearness, nearest } = near(sentences);
      return { nearness: Math.max(0, nearness - NEGATIVE_WEIGHT * far(sentences).nearness), nearest };
    };
  }

  return async function rankByFacet({ given, facet, filter, wanted }, times) {
    const { positive, negative, text, exclude } = given;
    const near = [...wordsOf(positive, facet), ...(text === undefined ? [] : [wordsOfText(text, facet)])];
    if (near.length === 0) return undefined;
    const far = wordsOf(negative, facet);
    const query = near.join(' ');
    const embed = async (): Promise<Float32Array> => rocchio(await encodeAll(near), await encodeAll(far));
    const { fused, total, degraded } = await rank(
      {
        ...{ text: query, embed, mode: 'hybrid', weights: RELATED_WEIGHTS, lastWord: 'whole', filter },
        ...{ k: wanted + exclude.size, exclude, without: [] },
      },
      times,
    );
    const compare = await comparison(near, far);
    const ranking: RankedKin['ranking'][number][] = [];
    const silent: Fetched[] = [];
    let best = 0;
    for (let at = 0; at < fused.length && ranking.length < wanted; at += DEPTH) {
      const told: Told[] = [];
      for (const entry of fetchPage(fused.slice(at, at + DEPTH), DEPTH, times)) {
        const { nearness, nearest } = compare(facetSentences(entry.paper.abstract, facet));
        if (nearest) told.push({ entry, nearness, evidence: nearest });
        else silent.push(rescored(entry, undefined));
      }
      // The first block has the nearest; what comes after it is not to look nearer.
      if (at === 0) best = Math.max(0, ...told.map(({ nearness }) => nearness));
      const scored = told.map(({ entry, nearness, evidence }) => ({
        ...rescored(entry, best > 0 ? Math.min(1, nearness / best) : 0),
        evidence,
      }));
      ranking.push(...scored.sort((a, b) => b.fused.score - a.fused.score || a.fused.key - b.fused.key));
    }
    const left = Math.max(positive.length, negative.length) - MOST_GIVEN;
    const unread: Degradation[] =
      left > 0
        ? [{ part: 'facet', reason: `of the papers given only the first ${MOST_GIVEN} are read for their ${facet}` }]
        : [];
    return { ranking: [...ranking, ...silent].slice(0, wanted), query, total, degraded: [...degraded, ...unread] };
  };
}
