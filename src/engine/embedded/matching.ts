import type { PaperKey } from '../../domain/mod.ts';
import type { Matches } from '../contract.ts';
import { codeOf } from './packing.ts';

/** The words of a document in reading order, by their codes; the first `titleLength` of them are the title's. */
export interface Words {
  readonly codes: Uint16Array;
  readonly from: number;
  readonly to: number;
  readonly titleLength: number;
}

/**
 * How far behind the first word of a pair the second may stand, and how far before it: `retrieval of dense documents` and
 * `dense document retrieval` are near. Chosen by sense; other distances were not measured.
 */
const BEHIND = 4;
const BEFORE = 2;
/** A pair does not reach from the title into the abstract. */
const FIELD_GAP = BEHIND + 1;
/** Numbers of terms fit a byte; a longer query is judged by its first so many. */
const MAX_TERMS = 255;

interface Pair {
  readonly other: number;
  readonly pair: number;
}

/** A query, laid out so that a document's words are looked at once each. */
interface Plan {
  /** `[65536]`: number of the query's term with that code plus 1, 0 for none. */
  readonly termOf: Uint8Array;
  readonly weights: readonly number[];
  readonly pairWeights: readonly number[];
  /** By term: pairs in which it is the second, and in which it is the first. */
  readonly asSecond: readonly Pair[][];
  readonly asFirst: readonly Pair[][];
}

function planOf(terms: readonly string[], idfOf: (term: string) => number): Plan {
  const numbers = new Map<string, number>();
  const termOf = new Uint8Array(0x10000);
  const weights: number[] = [];
  for (const term of terms) {
    if (numbers.has(term) || numbers.size >= MAX_TERMS) continue;
    weights.push(idfOf(term));
    numbers.set(term, numbers.size);
    termOf[codeOf(term)] = numbers.size;
  }
  const asSecond: Pair[][] = weights.map(() => []);
  const asFirst: Pair[][] = weights.map(() => []);
  const pairWeights: number[] = [];
  const known = new Set<number>();
  for (let at = 1; at < terms.length; at += 1) {
    const first = numbers.get(terms[at - 1] ?? '');
    const second = numbers.get(terms[at] ?? '');
    if (first === undefined || second === undefined || first === second) continue;
    const weight = Math.min(weights[first] ?? 0, weights[second] ?? 0);
    if (weight <= 0 || known.has(first * MAX_TERMS + second)) continue;
    known.add(first * MAX_TERMS + second);
    asSecond[second]?.push({ other: first, pair: pairWeights.length });
    asFirst[first]?.push({ other: second, pair: pairWeights.length });
    pairWeights.push(weight);
  }
  return { termOf, weights, pairWeights, asSecond, asFirst };
}

const sum = (numbers: readonly number[]): number => numbers.reduce((total, each) => total + each, 0);
const NOWHERE = -1000;

/**
 * How much of a query given documents hold, and how much of its wording. `coverage` is the share of the query's distinct terms
 * that occur in the document, each weighing the root of its idf: BM25 pays for rare terms already, this for having them all
 * (found alike with the idf itself and with 1 for every term). `nearness` is the share of its pairs of neighbouring terms that stand
 * near each other there, a pair weighing what its more frequent term does; the coverage where the query has no pair. Both in
 * [0, 1]; 0 for a key without a document.
 */
export function match(
  terms: readonly string[],
  idfOf: (term: string) => number,
  keys: ArrayLike<PaperKey>,
  wordsOf: (key: PaperKey) => Words | undefined,
): Matches {
  const plan = planOf(terms, idfOf);
  const coverage = new Float32Array(keys.length);
  const nearness = new Float32Array(keys.length);
  const roots = plan.weights.map(Math.sqrt);
  const weight = sum(roots);
  const pairWeight = sum(plan.pairWeights);
  if (weight <= 0) return { coverage, nearness };
  const lastAt = new Int32Array(plan.weights.length);
  const found = new Uint8Array(plan.pairWeights.length);
  for (let i = 0; i < keys.length; i += 1) {
    const words = wordsOf(keys[i] ?? -1);
    if (!words) continue;
    lastAt.fill(NOWHERE);
    found.fill(0);
    look(plan, words, lastAt, found);
    coverage[i] = roots.reduce((held, each, term) => held + ((lastAt[term] ?? 0) > NOWHERE ? each : 0), 0) / weight;
    const near = plan.pairWeights.reduce((held, each, pair) => held + (found[pair] ? each : 0), 0);
    nearness[i] = pairWeight > 0 ? near / pairWeight : (coverage[i] ?? 0);
  }
  return { coverage, nearness };
}

/** Goes through a document: `lastAt` has each term's last place after that, `found` the pairs that were near. */
function look({ termOf, asSecond, asFirst }: Plan, words: Words, lastAt: Int32Array, found: Uint8Array): void {
  const { codes, from, to, titleLength } = words;
  for (let at = from; at < to; at += 1) {
    const term = (termOf[codes[at] ?? 0] ?? 0) - 1;
    if (term < 0) continue;
    const place = at - from + (at - from < titleLength ? 0 : FIELD_GAP);
    for (const { other, pair } of asSecond[term] ?? []) if (place - (lastAt[other] ?? 0) <= BEHIND) found[pair] = 1;
    for (const { other, pair } of asFirst[term] ?? []) if (place - (lastAt[other] ?? 0) <= BEFORE) found[pair] = 1;
    lastAt[term] = place;
  }
}
