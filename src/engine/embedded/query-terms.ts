import { otherNumbers, type Tokeniser } from './tokenise.ts';

/**
 * Words that ask and say nothing about what. Left out of a query that has others, nDCG@10 on cacm goes from .482 to .491
 * and on cranfield from .423 to .425, and stays on tldr and questions. Leaving out all function words (Snowball's list)
 * brings cacm .501 but costs .005 on tldr and .006 on questions.
 */
const QUESTION_WORDS = ['what', 'which', 'how', 'who', 'whom', 'whose', 'when', 'where', 'why'];
/**
 * What the other number of a word counts, its own being 1: `matrix` finds `matrices`. With 0 / .2 / .5 / 1, nDCG@10 by words
 * alone: cacm .486 .486 .471 .461, cranfield .427 .428 .428 .427, questions .649 .654 .652 .653, papers20k .837 .837 .836 .835.
 */
const OTHER_NUMBER = 0.2;
/**
 * What two neighbouring words count when they are written as one: `data set` finds `dataset`. With 0 / .15 / .3 / .6 (the
 * above with .2): cacm .486 .488 .489 .486, cranfield .428 .428 .429 .427, papers20k .837 .836 .835 .831; questions the same.
 */
const WRITTEN_AS_ONE = 0.15;

/** What a query asks for. */
export class QueryTerms {
  private readonly tokeniser: Tokeniser;
  private readonly questionTerms: ReadonlySet<string>;
  private readonly otherNumbers = otherNumbers();

  constructor(tokeniser: Tokeniser) {
    this.tokeniser = tokeniser;
    this.questionTerms = new Set(QUESTION_WORDS.flatMap((word) => tokeniser.terms(word)));
  }

  /**
   * Terms of a query and how often each occurs in it, question words left out if others remain; besides, for less, other
   * spellings of them.
   */
  occurrences(query: string): Map<string, number> {
    const counts = new Map<string, number>();
    for (const term of this.tokeniser.terms(query)) counts.set(term, (counts.get(term) ?? 0) + 1);
    const telling = new Map([...counts].filter(([term]) => !this.questionTerms.has(term)));
    const kept = telling.size > 0 ? telling : counts;
    for (const [term, count] of [...kept]) {
      const other = this.otherNumbers.get(term);
      if (other !== undefined && !kept.has(other)) kept.set(other, OTHER_NUMBER * count);
    }
    for (const joined of this.tokeniser.joined(query)) {
      if (!kept.has(joined)) kept.set(joined, WRITTEN_AS_ONE);
    }
    return kept;
  }
}
