import { clamp, widen, type Range, type Segment } from './segments.ts';

/** About four lines of the reading column: enough to place the evidence, short enough to compare hits. */
export const SNIPPET_LENGTH = 420;
/** Share of the room around the evidence that goes to what stands before it. */
const BEFORE = 0.35;
/** Leaving out less than this would cost the reader a click for a few words. */
const WORTH_LEAVING_OUT = 60;
/** How far a cut may move to fall between two words. */
const REACH = 30;

function startOfWord(text: string, at: number): number {
  if (at <= 0) return 0;
  for (let here = at; here < Math.min(text.length, at + REACH); here += 1) {
    if (/\s/.test(text.charAt(here - 1))) return here;
  }
  return splitsPair(text, at) ? at - 1 : at;
}

function endOfWord(text: string, at: number): number {
  if (at >= text.length) return text.length;
  for (let here = at; here > Math.max(0, at - REACH); here -= 1) {
    if (/\s/.test(text.charAt(here))) return here;
  }
  return splitsPair(text, at) ? at + 1 : at;
}

/** Whether a cut here would divide a character of two UTF-16 units. */
function splitsPair(text: string, at: number): boolean {
  return /[\uD800-\uDBFF]/.test(text.charAt(at - 1)) && /[\uDC00-\uDFFF]/.test(text.charAt(at));
}

/** Start of the sentence that `at` lies in, if it begins no earlier than `earliest`. */
function sentenceStart(text: string, earliest: number, at: number): number | undefined {
  const match = /[.!?]\s+(?=[\p{Lu}\d$\\])/u.exec(text.slice(earliest, at));
  return match ? earliest + match.index + match[0].length : undefined;
}

/**
 * The part of an abstract to show: the evidence with some context on both sides, cut between words and never through a
 * formula. Without evidence it is the beginning. A whole abstract that is hardly longer is left whole.
 */
export function snippetOf(
  text: string,
  segments: readonly Segment[],
  evidence: Range | undefined,
  length: number = SNIPPET_LENGTH,
): Range {
  if (text.length <= length + WORTH_LEAVING_OUT) return { start: 0, end: text.length };
  const kept = evidence ? widen(clamp(evidence, text.length), segments) : { start: 0, end: 0 };
  const room = Math.max(0, length - (kept.end - kept.start));
  let start = Math.max(0, kept.start - Math.round(room * BEFORE));
  if (start < WORTH_LEAVING_OUT) start = 0;
  else start = sentenceStart(text, start, kept.start) ?? Math.min(startOfWord(text, start), kept.start);
  let end = Math.max(kept.end, start + length);
  if (text.length - end < WORTH_LEAVING_OUT) end = text.length;
  else end = Math.max(endOfWord(text, end), kept.end);
  return widen({ start, end }, segments);
}
