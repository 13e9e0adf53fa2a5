import type { PaperKey } from '../../domain/mod.ts';
import type { Candidates, Document, Matches, NearWord } from '../contract.ts';
import { Accumulator, countLiving, postingsOf } from './accumulator.ts';
import type { Segments, TermPostings } from './accumulator.ts';
import { nearInAny, nearInSorted, oneEditFrom, twoEditsAtMost } from './near-terms.ts';
import { ALIVE, DEAD, emptyBase, findTerm, lowerBound, mergePostings } from './postings-base.ts';
import type { Base } from './postings-base.ts';
import { Likeness } from './likeness.ts';
import { match, type Words } from './matching.ts';
import { Tail } from './postings-tail.ts';
import { QueryTerms } from './query-terms.ts';
import { createTokeniser, formsOf, stem, stemsBehind } from './tokenise.ts';
import type { Tokeniser } from './tokenise.ts';
import { TopK } from './top-k.ts';

export interface PostingsSearch {
  readonly query: string;
  /** `prefix`: the last word may be the beginning of a longer one, unless a blank or punctuation follows it. */
  readonly lastWord: 'whole' | 'prefix';
  /** Candidates wanted. */
  readonly k: number;
  /** `[keys]`: papers that may be found have a non-zero byte at their key; absent: all may. */
  readonly allowed?: Uint8Array | undefined;
}

export interface PostingsOptions {
  readonly tokeniser?: Tokeniser;
  /** What an occurrence in the title counts, one in the abstract being 1. */
  readonly titleWeight?: number;
}

/**
 * Alone, nDCG@10 at 1 / 1.5 / 2 / 3: cacm .491 .486 .472 .468, cranfield .425 .427 .430 .437, tldr of papers20k .878 .881
 * .880 .880, its keywords .558 .561 .560 .563. Fused with the dense side 1 / 1.5 / 2: cacm .578 .573 .564, cranfield .474
 * .480 .481, questions (MRR) .696 .686 .678, keywords (MRR) .618 .622 .618. A little weight is best over all.
 */
const TITLE_WEIGHT = 1.5;
/**
 * A pasted text is searched by its most telling terms. Of 200 abstracts asked for their neighbours among 20,000, this
 * many give .996 of the top 10 that all terms give (64: .883, 32: .749).
 */
const MAX_QUERY_TERMS = 128;
/** Terms that an unfinished word may stand for: the most frequent ones. */
const MAX_CONTINUATIONS = 64;
/** One letter may become anything: looking up its continuations would find most papers and rank none. */
const MIN_BEGINNING = 2;
/** In a collection smaller than this a term of half of the papers still finds them, after all that others find. */
const SMALL_COLLECTION = 100;
/** Weight of a term that tells nothing apart, as in FTS5's bm25(): it finds papers and leaves their order to others. */
const LEAST_IDF = 1e-6;

/** Terms two edits from a misspelt word that are looked at closely. */
const MAX_NEAR_TERMS = 64;
/** Two edits make a rare term of anything: a term of the base is one where one paper in so many has it. */
const MOST_PAPERS_TO_ONE = 5000;
/** Share of the papers that may come or go before frequencies are counted again. Chosen by sense. */
const STALE_SHARE = 0.1;

interface QueryTerm {
  readonly postings: TermPostings;
  /** Inverse document frequency × occurrences in the query. */
  readonly weight: number;
  /** Whether it tells papers apart: fewer than half of them hold it. */
  readonly tells: boolean;
}

/** Robertson and Spärck Jones's weight as in SQLite FTS5's bm25(); not positive for a term of half of the papers or more. */
function inverseDocumentFrequency(papers: number, papersWithTerm: number): number {
  return Math.log((papers - papersWithTerm + 0.5) / (papersWithTerm + 0.5));
}

/**
 * The lexical index: BM25 over titles and abstracts. A large immutable base, and a tail of what arrived since; removed
 * and replaced documents are marked dead and swept out by `compact`. Scores are exact at every moment: the dead count
 * neither in a term's frequency nor in the average length, so compacting changes no result.
 */
export class Postings {
  private segments: Segments;
  private deadCount = 0;
  /** Terms in all living documents together. */
  private totalLength = 0;
  /** `[keys]`: place of the living document with that key plus 1, 0 where there is none. Keys are small (PaperKey). */
  private places: Int32Array = new Int32Array(0);
  /** `[documents of the base]`: where each one's words begin. */
  private starts: Int32Array = new Int32Array(0);
  /** Living documents of terms of the base, by the start of their postings; forgotten at every change. */
  private readonly living = new Map<number, number>();
  /** Terms of the base that misspelt words are looked up in, once they were. */
  private frequent: string[] | undefined;
  /** Made when first asked for; `changed`: papers that came or went since. */
  private likenessOf: Likeness | undefined;
  private changed = 0;
  private readonly accumulator: Accumulator;
  private readonly tokeniser: Tokeniser;
  private readonly queryTerms: QueryTerms;

  constructor(options: PostingsOptions = {}, base: Base = emptyBase()) {
    this.tokeniser = options.tokeniser ?? createTokeniser();
    this.queryTerms = new QueryTerms(this.tokeniser);
    this.accumulator = new Accumulator(options.titleWeight ?? TITLE_WEIGHT);
    this.segments = { base, tail: new Tail(), dead: new Uint8Array(base.keys.length) };
    this.adopt(base);
  }

  /** Documents that can be found. */
  get size(): number {
    return this.segments.base.keys.length + this.segments.tail.documents - this.deadCount;
  }

  /** Documents that arrived or died since the last `compact`; a few thousand cost a search nothing that matters. */
  get loose(): number {
    return this.segments.tail.documents + this.deadCount;
  }

  /** Adds documents; one with the key of an earlier one takes its place. */
  upsert(documents: readonly Document[]): void {
    this.living.clear();
    for (const { key, title, abstract } of documents) {
      this.bury(key);
      this.changed += 1;
      const { base, tail } = this.segments;
      const place = base.keys.length + tail.documents;
      this.totalLength += tail.append(key, this.tokeniser.terms(title), this.tokeniser.terms(abstract));
      if (key >= this.places.length) this.places = enlarged(this.places, new Int32Array(roomFor(key)));
      this.places[key] = place + 1;
      const { dead } = this.segments;
      if (place >= dead.length) this.segments = { base, tail, dead: enlarged(dead, new Uint8Array(roomFor(place))) };
    }
  }

  /** Keys without a document are passed over. */
  remove(keys: readonly PaperKey[]): void {
    this.living.clear();
    for (const key of keys) this.bury(key);
  }

  /** Merges the tail into the base and sweeps out the dead. Linear in the whole index: 245,239 papers take about a second. */
  compact(): void {
    if (this.loose === 0) return;
    const { base, tail, dead } = this.segments;
    this.adopt(mergePostings(base, tail, dead));
  }

  /** The whole index as one immutable base, after a `compact`. */
  snapshot(): Base {
    this.compact();
    return this.segments.base;
  }

  /**
   * Inverse document frequency of each term, as the tokeniser makes them; never negative. 0: half of the papers or more
   * hold it. A term that no paper holds weighs most.
   */
  idf(terms: readonly string[]): Float32Array {
    return Float32Array.from(terms, (term) =>
      Math.max(0, inverseDocumentFrequency(this.size, this.papersWith(this.find(term)))),
    );
  }

  /** How many papers hold a term. */
  papersOf(term: string): number {
    return this.papersWith(this.find(term));
  }

  /** Words one edit from a word, with a term that papers have (contract.ts). */
  oneEditAway(word: string): NearWord[] {
    return this.used(oneEditFrom(word));
  }

  /** The same for two edits: of the terms that may be behind such words, those that most papers have. */
  twoEditsAway(word: string): NearWord[] {
    const { names } = this.segments.tail;
    const least = this.size / MOST_PAPERS_TO_ONE;
    this.frequent ??= this.segments.base.terms.filter((_, number) => this.inBase(number) >= least);
    const best = new TopK(MAX_NEAR_TERMS);
    const near = [
      ...nearInSorted(this.frequent, word).map((at) => this.frequent?.[at] ?? ''),
      ...nearInAny(names, word).map((at) => names[at] ?? ''),
    ];
    for (const [at, term] of near.entries()) best.offer(at, this.papersOf(term));
    const terms = Array.from(best.finish().keys, (at) => near[at] ?? '');
    return this.used(new Set(terms.flatMap((term) => twoEditsAtMost(word, formsOf(term)))));
  }

  private inBase(number: number): number {
    const { offsets } = this.segments.base;
    return (offsets[number + 1] ?? 0) - (offsets[number] ?? 0);
  }

  private used(words: Iterable<string>): NearWord[] {
    return Array.from(words, (word) => ({ word, papers: this.papersOf(stem(word)) })).filter(
      ({ papers }) => papers > 0,
    );
  }

  /** The best k documents by BM25; `total` counts all that hold a term of the query that tells papers apart. */
  search({ query, lastWord, k, allowed }: PostingsSearch): Candidates {
    const { base, tail } = this.segments;
    this.accumulator.start(base.keys.length + tail.documents, this.totalLength / Math.max(1, this.size) || 1);
    for (const { postings, weight } of this.weigh(query)) this.accumulator.add(this.segments, postings, weight);
    const group = lastWord === 'prefix' ? this.continuations(query).map((term) => this.find(term)) : [];
    if (group.length > 0) {
      const weightOf = (living: number): number => Math.max(LEAST_IDF, inverseDocumentFrequency(this.size, living));
      this.accumulator.addGroup(this.segments, group, weightOf);
    }
    return this.collect(k, allowed);
  }

  /** How much of a query the given documents hold; see matching.ts. Question words count for nothing if others remain. */
  match(query: string, keys: ArrayLike<PaperKey>): Matches {
    const asked = this.queryTerms.occurrences(query);
    const idfOf = (term: string): number => {
      if (!asked.has(term)) return 0;
      const papers = this.papersWith(this.find(term));
      return papers === 0 ? 0 : Math.max(0, inverseDocumentFrequency(this.size, papers));
    };
    return match(this.tokeniser.terms(query), idfOf, keys, (key) => this.wordsOf(key));
  }

  /** Compares texts by terms and pairs of terms; see likeness.ts. */
  likeness(): Likeness {
    if (this.likenessOf && this.changed <= STALE_SHARE * this.size) return this.likenessOf;
    const { base, tail, dead } = this.segments;
    const keys = [...base.keys, ...tail.keys.subarray(0, tail.documents)].filter((_, at) => dead[at] === ALIVE);
    this.likenessOf = new Likeness(keys, (key) => this.wordsOf(key));
    this.changed = 0;
    return this.likenessOf;
  }

  /** By falling key. */
  newest(after: PaperKey, limit: number): Int32Array {
    const keys: PaperKey[] = [];
    for (let key = this.places.length - 1; key > after && keys.length < limit; key -= 1) {
      if ((this.places[key] ?? 0) > 0) keys.push(key);
    }
    return Int32Array.from(keys);
  }

  private wordsOf(key: PaperKey): Words | undefined {
    const place = (this.places[key] ?? 0) - 1;
    if (place < 0) return undefined;
    const { base, tail } = this.segments;
    const document = place - base.keys.length;
    const [of, at, from] = document < 0 ? [base, place, this.starts[place]] : [tail, document, tail.starts[document]];
    const start = from ?? 0;
    const to = start + (of.lengths[at] ?? 0);
    return { codes: of.words, from: start, to, titleLength: of.titleLengths[at] ?? 0 };
  }

  private adopt(base: Base): void {
    this.segments = { base, tail: new Tail(), dead: new Uint8Array(base.keys.length) };
    this.living.clear();
    this.frequent = undefined;
    this.deadCount = 0;
    this.totalLength = 0;
    this.places = new Int32Array(roomFor(base.keys.reduce((largest, key) => Math.max(largest, key), 0)));
    this.starts = new Int32Array(base.keys.length);
    for (let place = 0; place < base.keys.length; place += 1) {
      this.places[base.keys[place] ?? 0] = place + 1;
      this.starts[place] = this.totalLength;
      this.totalLength += base.lengths[place] ?? 0;
    }
  }

  private bury(key: PaperKey): void {
    const place = (this.places[key] ?? 0) - 1;
    if (place < 0) return;
    this.likenessOf?.forget(key);
    this.changed += 1;
    const { base, tail, dead } = this.segments;
    const first = base.keys.length;
    this.places[key] = 0;
    dead[place] = DEAD;
    this.deadCount += 1;
    this.totalLength -= (place < first ? base.lengths[place] : tail.lengths[place - first]) ?? 0;
  }

  private find(term: string): TermPostings {
    const { base, tail } = this.segments;
    return postingsOf(this.segments, findTerm(base.terms, term), tail.find(term));
  }

  private papersWith(postings: TermPostings): number {
    if (this.deadCount === 0) return countLiving(this.segments, postings, false);
    // Counting reads the postings once more; frequent terms come again before the next change of the collection.
    const known = this.living.get(postings.from);
    if (known !== undefined && postings.from < postings.to) return known;
    const papers = countLiving(this.segments, postings, true);
    if (postings.from < postings.to) this.living.set(postings.from, papers);
    return papers;
  }

  /**
   * The terms to search for, the weightiest first, at most `MAX_QUERY_TERMS`. A term counts as often as the query has
   * it (once only: cacm nDCG@10 falls from .482 to .419). Terms of more than half of the papers are passed over, as they
   * have the longest postings and tell nothing, unless nothing else is left or the collection is small.
   */
  private weigh(query: string): QueryTerm[] {
    const known: QueryTerm[] = [];
    for (const [term, occurrences] of this.queryTerms.occurrences(query)) {
      const postings = this.find(term);
      const papers = this.papersWith(postings);
      if (papers === 0) continue;
      const idf = inverseDocumentFrequency(this.size, papers);
      known.push({ postings, weight: Math.max(idf, LEAST_IDF) * occurrences, tells: idf > 0 });
    }
    const telling = known.filter(({ tells }) => tells);
    const used = telling.length === 0 || this.size < SMALL_COLLECTION ? known : telling;
    return used.sort((a, b) => b.weight - a.weight).slice(0, MAX_QUERY_TERMS);
  }

  /** Terms that the last word of a query may become, those it has already left out; the most frequent ones. */
  private continuations(query: string): string[] {
    const beginnings = this.tokeniser.unfinished(query).filter(({ length }) => length >= MIN_BEGINNING);
    if (beginnings.length === 0) return [];
    const { base, tail } = this.segments;
    const own = new Set(this.tokeniser.terms(query));
    // A term of the base is offered under its number there, one of the tail alone under its own after those.
    const best = new TopK(MAX_CONTINUATIONS);
    const offer = (term: string, baseTerm: number, tailTerm: number): void => {
      if (own.has(term) || (baseTerm < 0 && tailTerm < 0)) return;
      const { from, to } = postingsOf(this.segments, baseTerm, -1);
      best.offer(baseTerm >= 0 ? baseTerm : base.terms.length + tailTerm, to - from + tail.countOf(tailTerm));
    };
    const seen = new Set<string>();
    for (const beginning of beginnings) {
      const end = lowerBound(base.terms, `${beginning}\uffff`);
      for (let number = lowerBound(base.terms, beginning); number < end; number += 1) {
        const term = base.terms[number] ?? '';
        offer(term, number, tail.find(term));
      }
      for (const [number, term] of tail.names.entries()) {
        if (term.startsWith(beginning) && findTerm(base.terms, term) < 0) offer(term, -1, number);
      }
      for (const stem of stemsBehind(beginning)) {
        if (!seen.has(stem)) offer(stem, findTerm(base.terms, stem), tail.find(stem));
        seen.add(stem);
      }
    }
    return Array.from(
      best.finish().keys,
      (number) => base.terms[number] ?? tail.names[number - base.terms.length] ?? '',
    );
  }

  private collect(k: number, allowed: Uint8Array | undefined): Candidates {
    const { base, tail } = this.segments;
    const best = new TopK(Math.min(k, this.size));
    const total =
      this.collectFrom(best, base.keys, base.keys.length, 0, allowed) +
      this.collectFrom(best, tail.keys, tail.documents, base.keys.length, allowed);
    return { ...best.finish(), total };
  }

  private collectFrom(best: TopK, keys: Int32Array, count: number, first: number, allowed?: Uint8Array): number {
    const { scores } = this.accumulator;
    const { dead } = this.segments;
    let total = 0;
    for (let document = 0; document < count; document += 1) {
      const score = scores[first + document] ?? 0;
      if (score === 0 || dead[first + document] !== ALIVE) continue;
      const key = keys[document] ?? 0;
      if (allowed && !allowed[key]) continue;
      total += 1;
      best.offer(key, score);
    }
    return total;
  }
}

/** Room for a place or key and as much again by half, so that growing one by one stays cheap. */
function roomFor(last: number): number {
  return Math.ceil((last + 1) * 1.5);
}

function enlarged<A extends Int32Array | Uint8Array>(array: A, larger: A): A {
  larger.set(array);
  return larger;
}
