/** A half-open range of UTF-16 offsets into a text. */
export interface Range {
  readonly start: number;
  readonly end: number;
}

export type TextStyle = 'emphasis' | 'strong' | 'code' | 'smallcaps' | 'superscript' | 'subscript';

interface Placed extends Range {
  readonly styles: readonly TextStyle[];
}

/** `verbatim`: the source as it stands, may be cut anywhere. `glyph`: stands for source such as `\%` as a whole. */
export interface TextSegment extends Placed {
  readonly kind: 'verbatim' | 'glyph';
  readonly text: string;
}

export interface MathSegment extends Placed {
  readonly kind: 'math';
  readonly tex: string;
  readonly layout: 'inline' | 'display';
}

/** What a title or abstract consists of once its TeX is read. Markup without output of its own lies between segments. */
export type Segment = TextSegment | MathSegment;

export interface Piece {
  readonly segment: Segment;
  readonly role: 'plain' | 'evidence';
}

const overlaps = (a: Range, b: Range): boolean => a.start < b.end && b.start < a.end;

export function clamp(range: Range, length: number): Range {
  const start = Math.min(Math.max(range.start, 0), length);
  return { start, end: Math.min(Math.max(range.end, start), length) };
}

/** The smallest range that holds the given one and cuts through no formula and no glyph. */
export function widen(range: Range, segments: readonly Segment[]): Range {
  let { start, end } = range;
  for (const segment of segments) {
    if (segment.kind === 'verbatim' || !overlaps(segment, range)) continue;
    start = Math.min(start, segment.start);
    end = Math.max(end, segment.end);
  }
  return { start, end };
}

function slice(segment: Segment, range: Range): Segment | undefined {
  const start = Math.max(segment.start, range.start);
  const end = Math.min(segment.end, range.end);
  if (start >= end) return undefined;
  if (segment.kind !== 'verbatim') return segment;
  return { ...segment, start, end, text: segment.text.slice(start - segment.start, end - segment.start) };
}

/** The part of a text to show, divided where the evidence begins and ends. Both ranges are widened to whole formulas. */
export function piecesOf(segments: readonly Segment[], shown: Range, evidence?: Range): Piece[] {
  const window = widen(shown, segments);
  const marked = evidence ? widen(evidence, segments) : { start: window.end, end: window.end };
  const pieces: Piece[] = [];
  for (const segment of segments) {
    const whole = slice(segment, window);
    if (!whole) continue;
    const parts: ReadonlyArray<readonly [Range, Piece['role']]> = [
      [{ start: whole.start, end: marked.start }, 'plain'],
      [marked, 'evidence'],
      [{ start: Math.max(marked.end, marked.start), end: whole.end }, 'plain'],
    ];
    if (whole.kind !== 'verbatim') {
      pieces.push({ segment: whole, role: overlaps(whole, marked) ? 'evidence' : 'plain' });
      continue;
    }
    for (const [range, role] of parts) {
      const part = slice(whole, range);
      if (part) pieces.push({ segment: part, role });
    }
  }
  return pieces;
}
