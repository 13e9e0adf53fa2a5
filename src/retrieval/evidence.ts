import type { Evidence } from '../domain/mod.ts';
import { sentences } from '../domain/sentences.ts';
import type { TermCounts } from '../engine/contract.ts';
import type { StoredSentence } from '../store/mod.ts';
import { dot } from '../domain/dot.ts';

export interface EvidenceRequest {
  /** Distinct terms of the query with what each weighs (idf). */
  readonly terms: ReadonlyMap<string, number>;
  readonly abstract: string;
  /** Counts those terms in a text. */
  readonly count: (text: string) => TermCounts;
  /** The query's embedding, and the sentences of the abstract with theirs, where there are any. */
  readonly meaning?: { readonly embedding: Float32Array; readonly sentences: readonly StoredSentence[] } | undefined;
}

/*
 * Words alone, measured as agreement with the sentence whose own embedding is nearest to the query's (paperkin-minilm, 300 tldr queries
 * of papers20k, 6.9 sentences each; chance .15, first sentence .26): weighed by idf .65 to .67, by its root .69. A bonus
 * for adjacent words or for stating a contribution gains nothing; static token embeddings distilled from the model gain
 * .02 at best, for ten times the time.
 */
/** How soon repeating a term in a sentence stops to matter, as BM25's k1; .5 to 1.2 differ by less than .02. */
const SATURATION = 0.5;
/** How much of its length a sentence pays for, as BM25's b; .5 to 1 differ by less than .01. */
const LENGTH_DAMPING = 0.75;
/**
 * What the words that a sentence shares, as a share of the query's, count beside its cosine: they decide between sentences
 * that mean nearly the same, in favour of the one where a reader sees why. Agreement over 500 tldr queries: without .998
 * (the vectors are stored a byte a component), with a weight of .1 .970, of .2 .942, of .3 .910.
 */
const WORDS_WEIGHT = 0.1;
/** A term's weight within an abstract is its idf to this power: that it is rare in the collection says less there. */
const IDF_POWER = 0.5;

/** Where abstracts say what they are about, in the order of how plainly they do. */
const CONTRIBUTIONS = [
  /\b(?:we|this (?:paper|work|article|study|thesis|letter)|our (?:paper|work))\s+(?:\w+\s+){0,2}(?:propos|present|introduc|develop|describ|investigat|stud(?:y|ies)|address|prove|consider|report|examin|analy[sz]|explor|review|survey|demonstrat)/i,
  /\b(?:we|this (?:paper|work|article|study)|our (?:method|approach|results?|model))\s+(?:\w+\s+){0,2}(?:show|find|found|provide|give|establish|argue|discuss|aim)/i,
  /\b(?:propose|present|introduce|describe)[sd]?\b/i,
];

/** BM25 of each sentence of an abstract among themselves; 0 where it shares no term with the query. */
function overlaps(terms: ReadonlyMap<string, number>, texts: readonly TermCounts[]): number[] {
  const average = texts.reduce((sum, { length }) => sum + length, 0) / texts.length || 1;
  return texts.map(({ counts, length }) => {
    const norm = SATURATION * (1 - LENGTH_DAMPING + (LENGTH_DAMPING * length) / average);
    let score = 0;
    for (const [term, count] of counts) score += ((terms.get(term) ?? 0) ** IDF_POWER * count) / (count + norm);
    return score;
  });
}

/** Place of the sentence that states the contribution; the first one if none says so. */
function contribution(texts: readonly string[]): number {
  for (const pattern of CONTRIBUTIONS) {
    const at = texts.findIndex((text) => pattern.test(text));
    if (at >= 0) return at;
  }
  return 0;
}

/**
 * The sentence of the whole abstract that answers the query best, the earlier of two equals: by meaning, and a little by
 * words; by the weightiest terms they share where meaning is not known. An abstract that shares nothing then shows the
 * sentence that states its contribution. `null` only for an abstract without text.
 */
export function chooseEvidence({ terms, abstract, count, meaning }: EvidenceRequest): Evidence | null {
  const known = meaning && meaning.sentences.length > 0 ? meaning : undefined;
  const found = known?.sentences ?? sentences(abstract);
  if (found.length === 0) return null;
  const texts = found.map(({ start, end }) => abstract.slice(start, end));
  const words = overlaps(terms, texts.map(count));
  const scores = known ? byMeaning(known.embedding, known.sentences, words, terms) : words;
  const best = Math.max(...scores);
  const at = known || best > 0 ? scores.indexOf(best) : contribution(texts);
  const { start, end } = found[at] ?? { start: 0, end: 0 };
  return { text: abstract.slice(start, end), start, end };
}

/** Cosines, and the share that the words have of the query's weight. */
function byMeaning(
  embedding: Float32Array,
  found: readonly StoredSentence[],
  words: readonly number[],
  terms: ReadonlyMap<string, number>,
): number[] {
  const weight = [...terms.values()].reduce((sum, idf) => sum + idf ** IDF_POWER, 0) || 1;
  return found.map(({ vector }, i) => dot(embedding, vector) + (WORDS_WEIGHT * (words[i] ?? 0)) / weight);
}
