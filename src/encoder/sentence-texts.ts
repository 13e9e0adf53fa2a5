import { sentences } from '../domain/sentences.ts';
import type { ModelDescription } from './contract.ts';
import { sentenceText } from './text-form.ts';

/**
 * Sentences of an abstract that get an embedding: no abstract of papers20k has more than 16, and one that is no prose must
 * not keep a worker busy for ever (each takes 13 ms at most).
 */
export const MOST_SENTENCES = 24;

/** Much longer than so many sentences of prose; what lies beyond is not even looked at. UTF-16 units. */
const MOST_CHARS = 16_384;

/** A sentence as the model sees it, with its offsets in the abstract. */
interface SentenceText {
  readonly start: number;
  readonly end: number;
  readonly text: string;
}

/** The sentences of an abstract that there is something to read in. */
export function sentenceTexts(
  model: Pick<ModelDescription, 'paperPrefix' | 'maxTokens'>,
  abstract: string,
): SentenceText[] {
  return sentences(abstract.slice(0, MOST_CHARS))
    .filter(({ start, end }) => /[\p{L}\p{N}]/u.test(abstract.slice(start, end)))
    .slice(0, MOST_SENTENCES)
    .map(({ start, end }) => ({ start, end, text: sentenceText(model, abstract.slice(start, end)) }));
}
